"""Where the program keeps what belongs to its user and to no casebook; found without Qt.

The same folder as Qt's `AppLocalDataLocation` for the names that `gui.app` gives the program, so
that the window and the command line see the same files.
"""

import os
import sys
from pathlib import Path

_NAMES = ("Theralog", "Theralog")  # organisation, program


def user_folder() -> Path:
    """The folder of the user's program data; it may not be there yet."""
    return _of_all_programs().joinpath(*_NAMES)


def _of_all_programs() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    # A relative path there is to be ignored (XDG Base Directory Specification).
    given = Path(os.environ.get("XDG_DATA_HOME", ""))
    return given if given.is_absolute() else Path.home() / ".local" / "share"
