"""The Qt model of a table of numbers: the text, look, tool tip and patients of each cell."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from gui.style import theme
from model.cohort.messages import translate
from model.cohort.sheet import Sheet, SheetCell, SheetRow
from model.language import _

INDENT = 14
"""Pixels by which the label of a row is indented below that of its measure."""

_ICON_GAP = 6  # pixels that Qt leaves between an icon and text
_VERTICAL = Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class GridModel(QAbstractTableModel):
    """The first rows of a grid, or all of them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sheet = Sheet(rows=())
        self.limit = 0
        # An invisible icon indents all lines of a wrapped label; spaces would only indent the
        # first one.
        self._indent = QPixmap(INDENT - _ICON_GAP, 1)
        self._indent.fill(Qt.GlobalColor.transparent)

    def show(self, sheet: Sheet, limit: int) -> None:
        """Show the first `limit` rows of another sheet."""
        self.beginResetModel()
        self.sheet, self.limit = sheet, limit
        self.endResetModel()

    def cell(self, index: Index) -> SheetCell | None:
        """Return the cell at an index, or None for the label of a row and for a heading."""
        if not index.isValid() or index.column() == 0:
            return None
        cells = self.row(index).cells
        return cells[index.column() - 1] if index.column() <= len(cells) else None

    def row(self, index: Index) -> SheetRow:
        """Return the row at an index."""
        return self.sheet.rows[index.row()]

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many rows are shown."""
        return 0 if parent.isValid() else min(len(self.sheet.rows), self.limit)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return the number of columns, which includes the column of labels."""
        return 0 if parent.isValid() else 1 + self.sheet.width

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that every cell but those of headings can be selected."""
        if not index.isValid() or not self.row(index).cells:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the title of a column, or how it is aligned."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        titles = (self.sheet.first_title, *self.sheet.titles)
        if role == Qt.ItemDataRole.DisplayRole and section < len(titles):
            return titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return (
                Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            ) | _VERTICAL
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, or how it looks."""
        if not index.isValid():
            return None
        row, cell = self.row(index), self.cell(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                if index.column() == 0:
                    return row.label
                return cell.text if cell else ""
            case Qt.ItemDataRole.DecorationRole if index.column() == 0 and row.is_indented:
                return self._indent
            case Qt.ItemDataRole.TextAlignmentRole:
                is_number = index.column() > 0
                horizontal = (
                    Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
                )
                return horizontal | _VERTICAL
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(theme.current().tone(self._tone(row, cell)))
            case Qt.ItemDataRole.FontRole if cell is not None:
                return self.number_font()
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(row, cell)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._accessible_text(row, cell, index.column())
        return None

    def number_font(self) -> QFont:
        """Return the font of numbers, which is bold in a table with one number per row."""
        weight = QFont.Weight.Normal if self.sheet.titles else QFont.Weight.DemiBold
        return theme.figures(theme.sized(QApplication.font(), theme.BASE_PIXELS, weight))

    def _tone(self, row: SheetRow, cell: SheetCell | None) -> str:
        if cell is None:
            return "soft" if row.is_indented or not row.cells else ""
        if cell.has_patients:
            return "accent"
        return "soft" if cell.line is None or not cell.line.n else ""

    def _tip(self, row: SheetRow, cell: SheetCell | None) -> str:
        if cell is None:
            return "\n".join(filter(None, (row.label, row.tip)))
        text = translate(cell.line.definition) if cell.line is not None else row.tip
        if not cell.has_patients:
            return text
        return _("{definition}\nClick or press Enter for the patients.").format(definition=text)

    def _accessible_text(self, row: SheetRow, cell: SheetCell | None, column: int) -> str:
        if cell is None:
            return row.label
        title = self.sheet.titles[column - 1] if self.sheet.titles else ""
        text = ", ".join(filter(None, (row.label, title, cell.text)))
        return _("{number}, opens its patients").format(number=text) if cell.has_patients else text
