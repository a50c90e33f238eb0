"""The ways by which data leaves the window: files, the clipboard and paper. Each is journalled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from gui.session.session import Session
from model.errors import KnownError
from model.language import _


def session_of(widget: QWidget) -> Session | None:
    """Return the session of the page, form or window that a widget is in, if any."""
    each: QWidget | None = widget
    while each is not None:
        for name in ("session", "_session"):
            session = getattr(each, name, None)
            if isinstance(session, Session):
                return session
        each = each.parentWidget()
    return None


def log(widget: QWidget, action: str, details: dict[str, Any]) -> None:
    """Journal that data leaves; raises KnownError where that is impossible.

    `action` is the entry's label in English.
    """
    session = session_of(widget)
    if session is not None:
        session.casebook.log(action, details)


def copy(
    widget: QWidget, action: str, content: str | QMimeData, details: dict[str, Any] | None = None
) -> None:
    """Put a text or other data on the clipboard, and journal it.

    Raises KnownError, and copies nothing, when that cannot be journalled.
    """
    log(widget, action, details or {})
    clipboard = QGuiApplication.clipboard()
    if isinstance(content, QMimeData):
        clipboard.setMimeData(content)
    else:
        clipboard.setText(content)


@contextmanager
def saving(
    widget: QWidget, action: str, path: Path, details: dict[str, Any] | None = None
) -> Iterator[None]:
    """Journal the file that the block writes.

    Raises KnownError when that is impossible; a new file is not left behind then.
    """
    was_there = path.exists()
    yield
    try:
        log(widget, action, {"file": path.name} | (details or {}))
    except KnownError as error:
        if not was_there:
            path.unlink(missing_ok=True)
            raise
        sentence = _("“{file}” was written, but could not be journalled. {reason}")
        raise KnownError(sentence.format(file=path.name, reason=error)) from error
