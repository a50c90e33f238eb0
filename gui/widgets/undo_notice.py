"""The notice that says what was done and offers to take it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from gui.session.session import Session
from gui.widgets import messages
from model.errors import KnownError
from model.language import _


def notice_with_undo(widget: QWidget, session: Session, said: str) -> None:
    """Say what was done in the window that a widget is in, with a button that undoes it.

    Why it cannot be undone is shown as an error. The latest step is the one that was done.
    """

    def undo() -> None:
        try:
            session.undo()
        except KnownError as error:
            messages.error(widget, error)

    text = _("Undo")
    messages.notice(widget, said, text, if_latest(widget, session, undo))


def if_latest(widget: QWidget, session: Session, act: Callable[[], object]) -> Callable[[], None]:
    """What acts as long as no step has come since; then it says so instead."""
    latest = session.casebook.undo_number

    def acting() -> None:
        if session.casebook.undo_number == latest:
            act()
        else:
            words = "Something was done since. Undo (Ctrl+Z) takes back the latest first."
            messages.notice(widget, _(words))

    return acting
