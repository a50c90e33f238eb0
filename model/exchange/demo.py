"""The demo casebook: a synthetic cohort, marked as such, which its user may change at will."""

from importlib.resources import as_file, files
from pathlib import Path

from model.store.settings import SYNTHETIC

FILE_NAME = "demo.theralog"


def make_demo(folder: Path) -> Path:
    """The demo casebook in a folder of the user's; made there unless it is there already.

    What was changed in it is kept; deleting the file gives a fresh one. Takes about a second.
    Raises KnownError when it cannot be written.
    """
    path = folder / FILE_NAME
    if not path.exists():
        # Whoever only opens the demo need not wait for what reads folders.
        from model.exchange.new_casebook import new_casebook

        folder.mkdir(parents=True, exist_ok=True)
        with as_file(files("resources") / "demo") as source:
            new_casebook(path, folder=source, settings={SYNTHETIC: "yes"})
    return path
