"""A file that exists while the program runs; one that is left over means that a run ended badly.

If the program crashes, Python writes the stack of each thread to it: places in the program, and
nothing else.
"""

from __future__ import annotations

import faulthandler
import os
import re
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from model.error_log import short_path

_PATTERN = "run-*.txt"
_CODE_FILE = re.compile(r'File "(.+?)"')


class RunFile:
    """The file of this run, in the user's folder, from the start of the program to `close`.

    A lock beside it is held as long as the program runs, so that another window of the same user
    knows that this one is still open.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"run-{os.getpid()}.txt"
        self._lock = _lock_of(self._path)
        self._lock.acquire()
        self._file = self._path.open("w", encoding="utf-8")
        faulthandler.enable(self._file)

    def close(self) -> None:
        """Remove the file: this run ended well."""
        faulthandler.disable()
        self._file.close()
        self._path.unlink(missing_ok=True)
        _release(self._lock)


def take_leftover_reports(folder: Path) -> list[str]:
    """Return the report of each run that ended badly, and remove its file.

    A report is empty if Python had no time to write it, as when the computer was switched off.
    """
    reports = []
    for path in sorted(folder.glob(_PATTERN)):
        lock = _lock_of(path)
        with suppress(Timeout, OSError):
            lock.acquire()
            text = path.read_text(encoding="utf-8", errors="replace")
            path.unlink()
            reports.append(_CODE_FILE.sub(lambda file: f'File "{short_path(file[1])}"', text))
            _release(lock)
    return reports


def _lock_of(path: Path) -> FileLock:
    return FileLock(path.with_suffix(".lock"), timeout=0)


def _release(lock: FileLock) -> None:
    lock.release()
    Path(lock.lock_file).unlink(missing_ok=True)
