"""The demo casebook: a synthetic cohort, marked as such, which the user may change."""

from importlib.resources import as_file, files
from pathlib import Path

from model.store.settings import SYNTHETIC

FILE_NAME = "demo.theralog"


def make_demo(folder: Path) -> Path:
    """Return the demo casebook in a folder of the user's, which is created if it is missing.

    Changes in it are kept; after the file is deleted, a new one is created. Takes about a second.
    Raises KnownError if it cannot be written.
    """
    path = folder / FILE_NAME
    if not path.exists():
        # Slow to import, and not needed to open an existing demo.
        from model.exchange.new_casebook import new_casebook

        folder.mkdir(parents=True, exist_ok=True)
        with as_file(files("resources") / "demo") as source:
            new_casebook(path, folder=source, settings={SYNTHETIC: "yes"}, undoable=False)
    return path
