"""The log of the program's own errors, which contains nothing that a person typed or a file holds.

The text of an error may contain a name or a result, so the log has its type and the places in the
program alone.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model.user_folder import user_folder

log = logging.getLogger("theralog")
LOG_NAME = "theralog.log"
MAX_LOG_BYTES = 1_000_000


def log_file() -> Path:
    """Return the path of the log, in the user's folder."""
    return user_folder() / LOG_NAME


def describe(error: BaseException) -> str:
    """Return the types of an error and its causes, and where they were raised, without any text."""
    lines: list[str] = []
    for link in _chain(error):
        if lines:
            lines.append("which came after")
        lines.append(_type_name(link))
        lines.extend(
            f"  {short_path(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(link.__traceback__)
        )
    return "\n".join(lines)


def origin(error: BaseException) -> str:
    """Return the types of an error and its causes, and the one place where each was raised.

    It is the same whatever called that place, and however far the error has risen.
    """
    lines: list[str] = []
    for link in _chain(error):
        lines.append(_type_name(link))
        lines.extend(
            f"{frame.filename}:{frame.lineno}"
            for frame in traceback.extract_tb(link.__traceback__)[-1:]
        )
    return "\n".join(lines)


@contextmanager
def logging_to_file() -> Iterator[None]:
    """Write the log to its file meanwhile; without a log where the folder cannot be written to."""
    try:
        handler = _open(log_file())
    except OSError:
        yield
        return
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(handler)
        handler.close()


def short_path(filename: str) -> str:
    """Return the last two parts of a path, because the folders above may name a person."""
    return "/".join(Path(filename).parts[-2:])


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, then what caused it, and so on."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _type_name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _open(file: Path) -> logging.Handler:
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.stat().st_size > MAX_LOG_BYTES:
        file.replace(file.with_suffix(".old.log"))
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    return handler
