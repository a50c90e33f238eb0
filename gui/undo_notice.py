"""The notice that says what was done and offers to take it back."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from gui import messages
from gui.session import Session
from model.errors import KnownError


def notice_with_undo(widget: QWidget, session: Session, said: str) -> None:
    """Say what was done in the window that a widget is in, with a button that undoes it.

    The button takes back the latest step; why it cannot is shown as an error.
    """

    def undo() -> None:
        try:
            session.undo()
        except KnownError as error:
            messages.error(widget, error)

    messages.notice(widget, said, QCoreApplication.translate("messages", "Undo"), undo)
