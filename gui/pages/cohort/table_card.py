"""A card with one of the cohort's tables, and the notes that say what is counted."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from gui.pages.cohort.number_table import NumberTable
from gui.style import theme
from gui.widgets.card import Card, button
from model.cohort.sheet import Sheet
from model.language import _

_HEAD = 30
"""Pixels of the head, as high as that of a figure with its buttons: the two stand side by side."""


class TableCard(Card):
    """A grid with its notes. `opened` tells the line whose patients are asked for."""

    opened = Signal(object)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.head.addStrut(_HEAD)
        self.table = NumberTable(title)
        self.table.opened.connect(self.opened)
        self.more_button = button("", "link")
        self.more_button.clicked.connect(self._show_whole)
        self.more_button.hide()
        self.notes = QLabel()
        self.notes.setWordWrap(True)
        self.notes.setContentsMargins(10, 0, 10, 0)
        theme.set_kind(self.notes, "hint")
        self._sheet = Sheet(rows=())
        self._is_whole = False
        self.body.setContentsMargins(4, 2, 4, 10)
        self.body.setSpacing(6)
        self.add(self.table)
        self.add(self.more_button)
        self.add(self.notes)
        self.body.addStretch(1)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show a sheet and its notes in place of those before."""
        self._sheet = sheet
        self.heading.setText(sheet.title)
        self.notes.setText(" ".join(sheet.notes))
        self.notes.setVisible(bool(sheet.notes))
        self._show()

    def _show_whole(self) -> None:
        self._is_whole = not self._is_whole
        self._show()
        self.table.setFocus()

    def _show(self) -> None:
        self.table.show_sheet(self._sheet, whole=self._is_whole)
        rows = len(self._sheet.rows)
        self.more_button.setVisible(self._is_whole or self.table.is_shortened)
        words = _("Show fewer rows") if self._is_whole else _("Show all %d rows") % rows
        self.more_button.setText(words)
