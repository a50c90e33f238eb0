"""Find the folder for the user's files outside any casebook: the demo, NCI's wording, the log.

It is Qt's `AppLocalDataLocation` for the names that `gui.window.app` sets, computed without Qt so
that the window and the command line see the same files.
"""

import os
import sys
from pathlib import Path

_NAMES = ("Theralog", "Theralog")  # organisation, program


def user_folder() -> Path:
    """Return the folder of the user's program data, which may not exist yet."""
    return _program_data_folder().joinpath(*_NAMES)


def _program_data_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    # A relative path is to be ignored (XDG Base Directory Specification).
    data_home = Path(os.environ.get("XDG_DATA_HOME", ""))
    return data_home if data_home.is_absolute() else Path.home() / ".local" / "share"
