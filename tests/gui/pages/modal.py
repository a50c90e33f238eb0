"""Acts in a form that is opened by what a test does next."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication


def in_form(kind, act):
    """Call `act` with the next open form of a kind."""

    def look():
        form = QApplication.activeModalWidget()
        if isinstance(form, kind):
            act(form)
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(20, look)
