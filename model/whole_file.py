"""Write files whole or not at all: under a temporary name first, which is then renamed."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model import unfinished
from model.errors import KnownError
from model.language import _

_OWN = 0o600


def free_name(path: Path) -> Path:
    """Return an unused hidden name in the folder of `path`."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


@contextmanager
def temporary_path(path: Path) -> Iterator[Path]:
    """Yield an unused name in the folder of `path`, and remove what is left there at the end."""
    temporary = free_name(path)
    entry = unfinished.note(temporary)
    try:
        yield temporary
    finally:
        unfinished.remove(temporary)
        if not temporary.exists():
            unfinished.forget(entry)


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path; the file written there replaces `path` when the block ends.

    The new file keeps the permissions of the old one, or else the user alone can read it, and a
    symbolic link still leads to it. Raises KnownError when the disk or the folder refuses; then the
    old file is unchanged.
    """
    target = path.resolve()
    try:
        with temporary_path(target) as temporary:
            yield temporary
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, temporary)
            else:
                temporary.chmod(_OWN)
            temporary.replace(target)
    except OSError as error:
        raise write_error(path, error) from error


def write(path: Path, content: bytes) -> None:
    """Write a file or replace it; a new one can be read by the user alone.

    If the folder allows no new file, an existing writable file is overwritten in place instead.
    Raises KnownError like `replace_file`.
    """
    try:
        with replace_file(path) as temporary:
            temporary.write_bytes(content)
    except KnownError as known:
        if not isinstance(known.__cause__, PermissionError) or not path.is_file():
            raise
        try:
            path.write_bytes(content)
        except OSError as error:
            raise write_error(path, error) from error


def write_error(path: Path, error: OSError) -> KnownError:
    """Return the error to raise when the disk or the folder refuses a file."""
    sentence = _("“{path}” cannot be written: {reason}. What was there is unchanged.")
    return KnownError(sentence.format(path=path, reason=error.strerror or error))
