"""Several values of a list, ticked one by one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from gui.fields.base import Field
from gui.style import theme

ROWS = 7
LINE = 29


class ValuesField(Field[tuple[str, ...]]):
    """A list of values with their words; Space or a click ticks one; None when none is ticked."""

    def __init__(self, *, required: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(required=required, parent=parent)
        self.list = _List()
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.itemChanged.connect(self._ticked)
        theme.set_kind(self.list, "list")
        self._values: list[str] = []
        self._take(self.list, marked=False)

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer other values with their words; ticked ones stay so if they are among them."""
        kept = self.value() or ()
        blocked = self.list.blockSignals(True)
        self.list.clear()
        self._values = [value for value, _words in choices]
        for _value, words in choices:
            item = QListWidgetItem(words)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(blocked)
        self.list.setFixedHeight(LINE * min(max(len(choices), 2), ROWS) + 4)
        self.set_value(tuple(value for value in kept if value in self._values))
        if choices:
            self.list.setCurrentRow(0)

    def value(self) -> tuple[str, ...] | None:
        """The ticked values, in the order of the list."""
        ticked = tuple(
            value
            for row, value in enumerate(self._values)
            if self.list.item(row).checkState() is Qt.CheckState.Checked
        )
        return ticked or None

    def set_value(self, value: tuple[str, ...] | None) -> None:
        """Tick these; those that are not offered are added, so that none is lost."""
        blocked = self.list.blockSignals(True)
        for one in value or ():
            if one not in self._values:
                self._values.append(one)
                self.list.addItem(one)
        for row, known in enumerate(self._values):
            state = Qt.CheckState.Checked if known in (value or ()) else Qt.CheckState.Unchecked
            self.list.item(row).setCheckState(state)
        self.list.blockSignals(blocked)
        self.changed.emit()

    def _ticked(self, _item: QListWidgetItem) -> None:
        self.changed.emit()


class _List(QListWidget):
    """Its lines are ticked by a click anywhere on them."""

    def __init__(self) -> None:
        super().__init__()
        self.itemClicked.connect(self._turn)
        self._before: tuple[int, Qt.CheckState] | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember how the line was before Qt may turn its box."""
        item = self.itemAt(event.position().toPoint())
        self._before = (self.row(item), item.checkState()) if item else None
        super().mousePressEvent(event)

    def _turn(self, item: QListWidgetItem) -> None:
        """Tick what was clicked beside its box; the box has been turned by Qt already."""
        if self._before == (self.row(item), item.checkState()):
            is_on = item.checkState() is Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked)
