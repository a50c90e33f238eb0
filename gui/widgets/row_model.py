"""The model of every table: records as rows, and columns that read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from gui.style import theme
from gui.widgets.chip_delegate import GRADE_ROLE

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
LEFT = Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignRight
CENTRE = Qt.AlignmentFlag.AlignHCenter


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column: its title and how it reads a record.

    `sort_by` returns the sort key (by default the text; None is last in both orders). `tone`
    returns a text colour of the theme (`soft`, `good`, `warn`, `alert`, `accent`); `grade` draws
    the text as a chip in the colours of a CTCAE grade. `tip` returns the tool tip, by default a
    text that does not fit. The first column with `stretch`, or else the last, takes the remaining
    width. An `optional` column is shown only if any record has a text in it.
    """

    title: str
    text: Callable[[R], str]
    sort_by: Callable[[R], Any] | None = None
    align: Qt.AlignmentFlag = LEFT
    tone: Callable[[R], str] | None = None
    tip: Callable[[R], str] | None = None
    grade: Callable[[R], int | None] | None = None
    stretch: bool = False
    optional: bool = False


class RowModel(QAbstractTableModel, Generic[R]):
    """Records as a read-only table."""

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.records: list[R] = []
        self._unsorted: list[R] = []
        self._sorted: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)

    def show(self, records: Sequence[R]) -> None:
        """Replace all records; the sort order stays."""
        self.beginResetModel()
        self._unsorted = list(records)
        self._sort()
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Return the number of records."""
        return 0 if parent.isValid() else len(self.records)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the title or alignment of a column."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._title(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.columns[section].align | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if not index.isValid():
            return None
        record, column = self.records[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(record)
            case Qt.ItemDataRole.TextAlignmentRole:
                return column.align | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ForegroundRole if column.tone:
                return QColor(theme.current().tone(column.tone(record)))
            case Qt.ItemDataRole.ToolTipRole if column.tip:
                return column.tip(record)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{column.title}: {column.text(record)}"
        if role == GRADE_ROLE and column.grade:
            return column.grade(record)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort the rows by a column; -1 restores the original order."""
        self.layoutAboutToBeChanged.emit()
        before = [(index, self.records[index.row()]) for index in self.persistentIndexList()]
        self._sorted = (column, order)
        self._sort()
        rows = {id(record): row for row, record in enumerate(self.records)}
        for index, record in before:
            self.changePersistentIndex(index, self.index(rows[id(record)], index.column()))
        self.layoutChanged.emit()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def _title(self, section: int) -> str:
        """Return the title, with an arrow if the rows are sorted by it.

        The header's own arrow would be drawn over the end of a right-aligned title.
        """
        column, (number, order) = self.columns[section], self._sorted
        if section != number:
            return column.title
        arrow = "↑" if order is Qt.SortOrder.AscendingOrder else "↓"
        return f"{arrow} {column.title}" if column.align == RIGHT else f"{column.title} {arrow}"

    def _sort(self) -> None:
        number, order = self._sorted
        if not 0 <= number < len(self.columns):
            self.records = list(self._unsorted)
            return
        column = self.columns[number]
        by = column.sort_by or (lambda record: column.text(record).casefold())
        known = [record for record in self._unsorted if by(record) is not None]
        unknown = [record for record in self._unsorted if by(record) is None]
        known.sort(key=by, reverse=order is Qt.SortOrder.DescendingOrder)
        self.records = known + unknown
