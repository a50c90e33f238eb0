"""A list of search results: a label and a quieter second text in each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from gui.style import theme

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 32
SUBLABEL_ROLE = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One search result: label, quieter second text, and the value they represent.

    A `note` only says something: it is no choice, and the keys pass it over.
    """

    label: str
    sublabel: str = ""
    value: Any = None
    is_note: bool = False


class _Delegate(QStyledItemDelegate):
    """Draws the label left and the second text right of it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        colours = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(colours.chosen))
            painter.drawRoundedRect(option.rect.adjusted(4, 1, -4, -1), 5, 5)
        room = option.rect.adjusted(12, 0, -12, 0)
        metrics = QFontMetrics(option.font)
        label = str(index.data())
        sublabel = str(index.data(SUBLABEL_ROLE) or "")
        # The label comes first: the second text gets what it leaves, but at least a third.
        second = min(metrics.horizontalAdvance(sublabel), room.width() // 3)
        first = min(metrics.horizontalAdvance(label) + 2, room.width() - second - 12)
        second = room.width() - first - 12
        painter.setPen(QColor(colours.ink))
        where = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(
            QRect(room.left(), room.top(), first, room.height()),
            where,
            metrics.elidedText(label, elide, first),
        )
        painter.setPen(QColor(colours.ink_soft))
        painter.drawText(
            QRect(room.left() + first + 12, room.top(), second, room.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            metrics.elidedText(sublabel, elide, second),
        )
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All rows are equally high."""
        return QSize(option.rect.width(), ROW_HEIGHT)


class ResultList(QListWidget):
    """Search results, notes at their end; one of the results is chosen, or none.

    `taken` emits the value of the clicked or entered row, `note_clicked` follows a click on a note.
    """

    taken = Signal(object)
    note_clicked = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._results: list[SearchResult] = []
        self._choices = 0
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._take)

    def show_results(self, items: Sequence[SearchResult], current: int = 0) -> None:
        """Show these results with one of them chosen, by default the first; none for -1."""
        self.clear()
        self._results = list(items)
        for item in items:
            row = QListWidgetItem(item.label, self)
            row.setData(SUBLABEL_ROLE, item.sublabel)
            spoken = ", ".join(filter(None, (item.label, item.sublabel)))
            row.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        self._choices = sum(not item.is_note for item in items)
        self.setCurrentRow(current if current < self._choices else -1)
        self.show_current()

    def show_current(self) -> None:
        """Scroll to the chosen row."""
        if chosen := self.currentItem():
            self.scrollToItem(chosen)
        else:
            self.scrollToTop()

    def step(self, rows: int) -> None:
        """Move the choice by a number of rows, within the results."""
        if self._choices:
            self.setCurrentRow(min(max(self.currentRow() + rows, 0), self._choices - 1))

    def current(self) -> SearchResult | None:
        """Return the chosen result."""
        row = self.currentRow()
        return self._results[row] if 0 <= row < self.count() else None

    def take_current(self) -> None:
        """Take the chosen row, as a click does."""
        if chosen := self.current():
            self.taken.emit(chosen.value)

    def _take(self, index: QModelIndex) -> None:
        result = self._results[index.row()]
        if result.is_note:
            self.note_clicked.emit()
        else:
            self.taken.emit(result.value)
