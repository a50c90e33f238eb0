"""Small buttons of the cohort page: one for each filter, and one to choose among several."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QActionGroup, QKeyEvent
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QToolButton, QWidget

from gui.style import icons, theme
from gui.widgets.layout import row
from model.language import _

MAX_TEXT_WIDTH = 320
"""Pixels that the text of a chip may be wide; a longer one is elided."""

_STYLE = """
QFrame#pill {{ background: {chosen}; border: 1px solid {accent}; border-radius: 11px; }}
QPushButton {{
    background: transparent; border: none; color: {accent_text}; padding: 0 1px 0 9px;
    font-size: 12px; font-weight: 500; min-height: 20px;
}}
QPushButton:focus {{ border: none; text-decoration: underline; padding: 0 1px 0 9px; }}
QToolButton {{ background: transparent; border: none; padding: 0 6px 0 2px; }}
QToolButton:hover, QToolButton:focus {{ background: {card}; border-radius: 10px; }}
"""


class FilterChip(QFrame):
    """A filter as a chip: a click or Enter edits it; the cross, Delete or Backspace removes it."""

    edit_requested = Signal()
    remove_requested = Signal()

    def __init__(self, filter_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pill")
        self.text_button = _TextButton()
        elided = self.text_button.fontMetrics().elidedText(
            filter_text, Qt.TextElideMode.ElideRight, MAX_TEXT_WIDTH
        )
        self.text_button.setText(elided.replace("&", "&&"))
        tip = _("{filter}\nEnter: edit; Delete: remove")
        self.text_button.setToolTip(tip.format(filter=filter_text))
        self.text_button.setAccessibleName(_("Edit filter {filter}").format(filter=filter_text))
        self.remove_button = QToolButton()
        self.remove_button.setToolTip(_("Remove this filter"))
        self.remove_button.setAccessibleName(_("Remove filter {filter}").format(filter=filter_text))
        self.remove_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        icons.keep(self.remove_button, "close", lambda colours: colours.accent_text)
        row(self.text_button, self.remove_button, spacing=0, of=self)
        self.text_button.clicked.connect(self.edit_requested)
        self.text_button.remove_requested.connect(self.remove_requested)
        self.remove_button.clicked.connect(self.remove_requested)
        theme.changes().changed.connect(self._apply_colours)
        self._apply_colours()

    def _apply_colours(self) -> None:
        colours = theme.current()
        self.setStyleSheet(
            _STYLE.format(
                chosen=colours.chosen,
                accent=colours.accent,
                accent_text=colours.accent_text,
                card=colours.card,
            )
        )


_REMOVE_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_EDIT_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _TextButton(QPushButton):
    """The text of a chip, as a button."""

    remove_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAutoDefault(False)

    def event(self, event: QEvent) -> bool:
        """Accept the keys of a chip before a shortcut of the window takes them."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in (*_REMOVE_KEYS, *_EDIT_KEYS)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _REMOVE_KEYS:
            self.remove_requested.emit()
        elif event.key() in _EDIT_KEYS:
            self.click()
        else:
            super().keyPressEvent(event)


class ChoiceButton(QPushButton):
    """A button such as `Sort: follow-up` with a menu of choices; `chosen` carries the new key.

    It is hidden unless there is something to choose from.
    """

    chosen = Signal(str)

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        """Make a button without choices; `label` precedes the chosen text, and may be empty."""
        super().__init__(parent)
        self._label = label
        self._items: Sequence[tuple[str, str]] = ()
        self._group = QActionGroup(self)
        self.key = ""
        self.setAutoDefault(False)
        theme.set_kind(self, "quiet")
        self.setMenu(QMenu(self))
        self.hide()

    def offer(self, items: Sequence[tuple[str, str]]) -> None:
        """Offer keys with their labels; the first is chosen, unless the present one is offered."""
        if tuple(items) == self._items:
            return
        self._items = tuple(items)
        menu = self.menu()
        menu.clear()
        self._group.deleteLater()
        self._group = QActionGroup(self)
        keys = [key for key, _text in items]
        if self.key not in keys:
            self.key = keys[0] if keys else ""
        for key, text in items:
            action = menu.addAction(text.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(key == self.key)
            action.setData(key)
            self._group.addAction(action)
            action.triggered.connect(self._take_checked)
        self.setVisible(len(items) > 1)
        self._show_chosen()

    def choose(self, key: str) -> None:
        """Choose a key as a click in the menu does; one that is not offered changes nothing."""
        for action in self._group.actions():
            if action.data() == key:
                action.trigger()

    def _take_checked(self) -> None:
        action = self._group.checkedAction()
        if action is not None and action.data() != self.key:
            self.key = str(action.data())
            self._show_chosen()
            self.chosen.emit(self.key)

    def _show_chosen(self) -> None:
        chosen_text = dict(self._items).get(self.key, "")
        text = f"{self._label}: {chosen_text}" if self._label else chosen_text
        self.setText(text.replace("&", "&&"))
