"""A list of what a search found: a label and a quieter second text in each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.style import theme

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 32
SUBLABEL_ROLE = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found: its words, quieter words beside them, and what it stands for."""

    label: str
    sublabel: str
    value: Any


class _Model(QAbstractListModel):
    """What was found, row by row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items: list[Found] = []

    def show(self, items: Sequence[Found]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.label
        if role == SUBLABEL_ROLE:
            return item.sublabel
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.label}, {item.sublabel}" if item.sublabel else item.label
        return None


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


class ResultList(QListView):
    """What was found; `taken` gives the value of the row that was clicked or entered."""

    taken = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """An empty list, called `name` for screen readers."""
        super().__init__(parent)
        self._found = _Model(self)
        self.setModel(self._found)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._take)

    def show_found(self, items: Sequence[Found]) -> None:
        """Show these, the first one chosen."""
        self._found.show(items)
        if items:
            self.setCurrentIndex(self._found.index(0, 0))
        self.scrollToTop()

    def count(self) -> int:
        """How many there are."""
        return len(self._found.items)

    def step(self, rows: int) -> None:
        """Choose the row that many rows further down, staying inside the list."""
        row = min(max(self.currentIndex().row() + rows, 0), self.count() - 1)
        self.setCurrentIndex(self._found.index(row, 0))

    def current(self) -> Found | None:
        """The chosen row."""
        row = self.currentIndex().row()
        return self._found.items[row] if 0 <= row < self.count() else None

    def take_current(self) -> None:
        """Take the chosen row, as a click on it does."""
        if found := self.current():
            self.taken.emit(found.value)

    def _take(self, index: QModelIndex) -> None:
        self.taken.emit(self._found.items[index.row()].value)
