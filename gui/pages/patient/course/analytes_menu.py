"""The button whose menu selects analytes and their order. The menu stays open while ticking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from gui.session.preferences import USUAL_ANALYTES
from gui.style import theme
from gui.widgets.card import button
from gui.widgets.layout import column, label, row
from model.language import _

_KEY = Qt.ItemDataRole.UserRole
_MAX_ROWS = 14
_CHECKED, _UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class AnalytesList(QWidget):
    """A list of analytes: first those that are drawn, ticked and in the order of the panels.

    Space or a click ticks an analyte; Alt+Up, Alt+Down, the arrow buttons and dragging move it.
    """

    chosen_changed = Signal(tuple)
    """The keys of the ticked analytes, in their order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Analytes in the order they are drawn"))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.installEventFilter(self)
        self.list.itemClicked.connect(self._tick)
        self.list.model().rowsMoved.connect(self._notify)
        self.up = self._arrow(Qt.ArrowType.UpArrow, _("Move up (Alt+↑)"), -1)
        self.down = self._arrow(Qt.ArrowType.DownArrow, _("Move down (Alt+↓)"), 1)
        self.usual = button(_("The usual five"), "link")
        self.usual.clicked.connect(self._choose_usual)
        buttons = row(self.up, self.down, self.usual, 1, spacing=4)
        hint = label(_("Space to tick, Alt+↑ ↓ to move"), "hint")
        column(self.list, buttons, hint, spacing=6, margins=(8, 8, 8, 8), of=self)
        self.setFocusProxy(self.list)

    def offer(self, names: Mapping[str, str], chosen: Sequence[str]) -> None:
        """List the analytes in `names`, by key; those in `chosen` are ticked and come first."""
        self.list.clear()
        for key in (*chosen, *(key for key in names if key not in chosen)):
            item = QListWidgetItem(names[key])
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(_CHECKED if key in chosen else _UNCHECKED)
            item.setData(_KEY, key)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        rows = min(max(self.list.count(), 3), _MAX_ROWS)
        self.list.setFixedHeight(rows * self.list.sizeHintForRow(0) + 8)
        self.list.setMinimumWidth(max(self.list.sizeHintForColumn(0) + 28, 240))

    def chosen(self) -> tuple[str, ...]:
        """Return the ticked keys, in their order."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return tuple(str(item.data(_KEY)) for item in items if item.checkState() == _CHECKED)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tick on Space, and move on Alt with an arrow; the list handles all other keys."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() == Qt.Key.Key_Space:
            self._tick(self.list.currentItem())
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self._move(steps[Qt.Key(event.key())])
        else:
            return super().eventFilter(watched, event)
        return True

    def _arrow(self, arrow: Qt.ArrowType, name: str, step: int) -> QToolButton:
        arrow_button = QToolButton()
        arrow_button.setArrowType(arrow)
        arrow_button.setToolTip(name)
        arrow_button.setAccessibleName(name)
        arrow_button.clicked.connect(lambda: self._move(step))
        return arrow_button

    def _tick(self, item: QListWidgetItem | None) -> None:
        """Toggle a tick; a newly ticked analyte goes to the end of the ticked ones."""
        if item is None:
            return
        is_new = item.checkState() != _CHECKED
        item.setCheckState(_CHECKED if is_new else _UNCHECKED)
        ticked = len(self.chosen())
        row = self.list.row(item)
        self._move_row(row, ticked - 1 if is_new else max(ticked, row))
        self._notify()

    def _move(self, step: int) -> None:
        row = self.list.currentRow()
        if 0 <= row + step < self.list.count():
            self._move_row(row, row + step)
            self._notify()

    def _move_row(self, row: int, new_row: int) -> None:
        item = self.list.takeItem(row)
        self.list.insertItem(new_row, item)
        self.list.setCurrentItem(item)

    def _notify(self) -> None:
        self.chosen_changed.emit(self.chosen())

    def _choose_usual(self) -> None:
        items = [self.list.item(row) for row in range(self.list.count())]
        names = {str(item.data(_KEY)): item.text() for item in items}
        self.offer(names, [key for key in USUAL_ANALYTES if key in names])
        self._notify()


class AnalytesButton(QPushButton):
    """A button that opens the list of analytes."""

    chosen_changed = Signal(tuple)
    """The keys of the chosen analytes, in the order in which they are drawn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(_("&Analytes"))
        self.setAutoDefault(False)
        theme.set_kind(self, "quiet")
        self.setToolTip(_("Choose which analytes are drawn, and in which order"))
        self._names: Mapping[str, str] = {}
        self._chosen: tuple[str, ...] = ()
        self.analytes = AnalytesList()
        self.analytes.chosen_changed.connect(self._choose)
        menu = QMenu(self)
        action = QWidgetAction(menu)
        action.setDefaultWidget(self.analytes)
        menu.addAction(action)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)

    def offer(self, names: Mapping[str, str], chosen: Sequence[str]) -> None:
        """Set what the menu lists: the chosen analytes, then the others of `names`, by key."""
        self._names, self._chosen = names, tuple(chosen)

    def _fill(self) -> None:
        self.analytes.offer(self._names, self._chosen)
        self.analytes.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def _choose(self, chosen: tuple[str, ...]) -> None:
        self._chosen = chosen
        self.chosen_changed.emit(chosen)
