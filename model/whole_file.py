"""Files that are written whole or not at all: next to their place first, then moved there."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model.errors import KnownError
from model.language import _


def free_name(path: Path) -> Path:
    """Return a hidden name next to `path` that nothing has yet."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


@contextmanager
def temporary_path(path: Path) -> Iterator[Path]:
    """Yield a free name next to `path`; a file or folder left there is removed at the end."""
    making = free_name(path)
    try:
        yield making
    finally:
        if making.is_dir():
            shutil.rmtree(making, ignore_errors=True)
        else:
            making.unlink(missing_ok=True)


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """Yield a name to write a file to that takes the place of `path` when the block ends.

    A file that was there passes its permissions on, and a link still leads to the file. Raises
    KnownError when the disk or the folder refuses; then what was there is unchanged.
    """
    target = path.resolve()
    try:
        with temporary_path(target) as making:
            yield making
            with making.open("rb+") as file:
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, making)
            making.replace(target)
    except OSError as error:
        raise write_error(path, error) from error


def write(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Write a file, in place of one that may be there; `mode` sets the permissions of a new one.

    In a folder that allows no new file, an existing one that is writable is overwritten where it
    is. Raises KnownError like `replace_file`.
    """
    try:
        with replace_file(path) as making:
            making.write_bytes(content)
            if mode is not None:
                making.chmod(mode)
    except KnownError as known:
        if not isinstance(known.__cause__, PermissionError) or not path.is_file():
            raise
        try:
            path.write_bytes(content)
        except OSError as error:
            raise write_error(path, error) from error


def write_error(path: Path, error: OSError) -> KnownError:
    """Return what to raise when the disk or the folder refuses a file."""
    sentence = _("“{path}” cannot be written: {reason}. What was there is unchanged.")
    return KnownError(sentence.format(path=path, reason=error.strerror or error))
