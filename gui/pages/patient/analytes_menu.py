"""The button whose menu chooses analytes; the menu stays open while they are ticked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from gui import theme
from gui.pages.patient.chosen_analytes import DEFAULT


class AnalytesButton(QPushButton):
    """Shows a menu of analytes with a tick at each chosen one."""

    chosen_changed = Signal(tuple)
    """The keys that are chosen now, in the order in which they are drawn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(self.tr("&Analytes"))
        self.setAutoDefault(False)
        theme.set_kind(self, "quiet")
        self.setToolTip(self.tr("Choose what is drawn"))
        self._chosen: tuple[str, ...] = ()
        self._names: Mapping[str, str] = {}
        self._menu = QMenu(self)
        self._menu.installEventFilter(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)

    def offer(self, names: Mapping[str, str], chosen: Sequence[str]) -> None:
        """Offer analytes, by key, in this order; tick the chosen ones."""
        self._names, self._chosen = names, tuple(chosen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tick without closing the menu, by click and by Space."""
        ticks = event.type() == QEvent.Type.MouseButtonRelease or (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
        )
        action = self._menu.activeAction() if ticks and watched is self._menu else None
        if action is None or not action.isCheckable():
            return super().eventFilter(watched, event)
        action.toggle()
        return True

    def _fill(self) -> None:
        self._menu.clear()
        for key, name in self._names.items():
            action = QAction(name.replace("&", "&&"), self._menu)
            action.setCheckable(True)
            action.setChecked(key in self._chosen)
            action.setData(key)
            action.toggled.connect(self._ticked)
            self._menu.addAction(action)
        self._menu.addSeparator()
        self._menu.addAction(self.tr("The usual five"), self._choose_usual)

    def _ticked(self) -> None:
        ticked = [action.data() for action in self._menu.actions() if action.isChecked()]
        kept = [key for key in self._chosen if key in ticked]
        self._chosen = (*kept, *(key for key in ticked if key not in kept))
        self.chosen_changed.emit(self._chosen)

    def _choose_usual(self) -> None:
        for action in self._menu.actions():
            action.blockSignals(True)
            action.setChecked(action.isCheckable() and action.data() in DEFAULT)
            action.blockSignals(False)
        self._chosen = DEFAULT
        self.chosen_changed.emit(self._chosen)
