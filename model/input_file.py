"""Reading a file that somebody else may have made: a regular file, and not without end."""

import os
import stat
from pathlib import Path

from model.errors import KnownError
from model.language import _

MOST_BYTES = 4_000_000_000
"""Bytes of a table at most; ten million laboratory results take about one quarter of that."""
MOST_COLUMNS = 2_000
"""Columns of a table; an export of a hospital's laboratory may have some hundred."""
LONGEST_CELL = 1_000_000
"""Characters of a cell; the longest note is a few pages, some 10,000."""


def read_bytes(path: Path, at_most: int = MOST_BYTES) -> bytes:
    """Return the content of a regular file.

    Raises KnownError for a named pipe, a device, a socket and a file of more than `at_most` bytes,
    without waiting for any of them; OSError like `open`.
    """
    # Without O_NONBLOCK, opening a pipe waits until somebody writes to it.
    descriptor = os.open(
        path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(21, "Is a directory", str(path))
        if not stat.S_ISREG(status.st_mode):
            raise KnownError(
                _("“{name}” is not a file but a pipe or a device, and was not read.").format(
                    name=path.name
                )
            )
        if status.st_size > at_most:
            raise KnownError(
                _("“{name}” is too large to be read: it has more than {size} MB.").format(
                    name=path.name, size=at_most // 1_000_000
                )
            )
        return file.read(status.st_size)


def refuse_special(path: Path) -> None:
    """Raise KnownError if there is a pipe, a device or a socket at a path."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise KnownError(
            _("“{name}” is not a file but a pipe or a device, and was not read.").format(
                name=path.name
            )
        )
