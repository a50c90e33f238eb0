"""The grid of one day's laboratory results, and how the keyboard moves in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from gui.forms.labs.row import LLN, ULN, UNIT, VALUE, FindLimits, LabLine, LabRow
from gui.widgets.layout import label
from model.language import _

_LAST = ULN + 2
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class LabGrid(QWidget):
    """Rows of analytes. Tab, Enter and Down move down the values; Right and Left to the limits.

    `left_below` is emitted when the keyboard leaves the last row downwards, `entered_cell` with
    each cell that it moves to.
    """

    left_below = Signal()
    entered_cell = Signal(QWidget)

    def __init__(self, find_limits: FindLimits) -> None:
        """An empty grid; `find_limits` returns the laboratory's limits for an analyte in a unit."""
        super().__init__()
        self._find_limits = find_limits
        self.rows: list[LabRow] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(_LAST, 1)
        self._grid.setColumnMinimumWidth(0, 150)
        names = (_("Analyte"), _("Value"), _("Unit"), _("LLN"), _("ULN"), _("Last result"))
        for column, heading in enumerate(names):
            self._grid.addWidget(label(heading, "hint"), 0, column)

    def show_lines(self, lines: Sequence[LabLine]) -> None:
        """Replace all rows; the typed values of the lines are entered again."""
        for row in self.rows:
            for widget in (row.label, *row.cells, row.last, row.remark):
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
            row.deleteLater()
        self.rows = []
        for line in lines:
            self.add(line)

    def add(self, line: LabLine) -> LabRow:
        """Add a row at the bottom."""
        row = LabRow(line, self, self._find_limits)
        # Each row has a second line in the grid, for its remark.
        top = 2 * len(self.rows) + 1
        self._grid.addWidget(row.label, top, 0)
        for column, cell in enumerate(row.cells, start=1):
            self._grid.addWidget(cell, top, column)
            cell.installEventFilter(self)
        self._grid.addWidget(row.last, top, _LAST)
        self._grid.addWidget(row.remark, top + 1, 1, 1, _LAST)
        for widget in (row.label, *row.cells, row.last):
            widget.show()
        self.rows.append(row)
        return row

    def go_to(self, row: LabRow, column: int = VALUE) -> None:
        """Focus a cell."""
        cell = row.cells[column]
        cell.setFocus(Qt.FocusReason.OtherFocusReason)
        cell.selectAll()
        self.entered_cell.emit(cell)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move from cell to cell."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.modifiers() in (*_PLAIN, Qt.KeyboardModifier.ShiftModifier)
            and isinstance(watched, QLineEdit)
        ):
            for index, row in enumerate(self.rows):
                if watched in row.cells:
                    return self._move(event, index, row.cells.index(watched))
        return super().eventFilter(watched, event)

    def _move(self, event: QKeyEvent, index: int, column: int) -> bool:
        key = event.key()
        cell = self.rows[index].cells[column]
        at_start = cell.cursorPosition() == 0 or cell.hasSelectedText()
        at_end = cell.cursorPosition() == len(cell.text()) or cell.hasSelectedText()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._go(index + 1, VALUE)
        if key == Qt.Key.Key_Down:
            return self._go(index + 1, column)
        if key == Qt.Key.Key_Up:
            return self._go(index - 1, column)
        if event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            is_back = key == Qt.Key.Key_Backtab
            if is_back and column != VALUE:
                return self._go(index, column - 1)
            return is_back and index > 0 and self._go(index - 1, VALUE)
        if key == Qt.Key.Key_Tab:
            if column in (UNIT, LLN):
                return self._go(index, column + 1)
            return self._go(index + 1, VALUE)
        if key == Qt.Key.Key_Right and at_end and column < ULN:
            return self._go(index, column + 1)
        if key == Qt.Key.Key_Left and at_start and column > VALUE:
            return self._go(index, column - 1)
        return False

    def _go(self, index: int, column: int) -> bool:
        if index >= len(self.rows):
            self.left_below.emit()
        elif index >= 0:
            self.go_to(self.rows[index], column)
        return True
