"""A message with a report for the makers of the program, and a button that copies it."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QWidget

from gui.style import theme
from gui.widgets.messages import MessageBox
from model.language import _

_REPORT_HEIGHT = 130


def show_report(parent: QWidget | None, text: str, detail: str, report: str) -> None:
    """Show a message until it is closed, with the report below unless that is empty."""
    box = MessageBox(parent, text, detail)
    if report:
        report_view = QPlainTextEdit(report)
        report_view.setReadOnly(True)
        report_view.setTabChangesFocus(True)
        report_view.setAccessibleName(_("Report"))
        report_view.setFixedHeight(_REPORT_HEIGHT)
        theme.set_kind(report_view, "report")
        box.add(report_view)
        copy = QPushButton(_("Copy report"))
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QApplication.clipboard().setText(report))
        box.add_beside(copy)
    box.add_button(_("Continue"), "primary", answer=False).setFocus()
    box.ask()
