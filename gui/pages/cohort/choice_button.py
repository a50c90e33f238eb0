"""A quiet button that says what is chosen of several, and lets it be changed in a menu."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from gui.style import theme


class ChoiceButton(QPushButton):
    """`Sort: follow-up`, with the other choices in its menu. `chosen` tells the new one's key."""

    chosen = Signal(str)

    def __init__(
        self,
        label: str,
        choices: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        """A button for keys with their words, of which the first is chosen."""
        super().__init__(parent)
        self._label = label
        self._choices: tuple[tuple[str, str], ...] = ()
        self._group = QActionGroup(self)
        self.key = ""
        self.setAutoDefault(False)
        theme.set_kind(self, "quiet")
        self.setMenu(QMenu(self))
        self.offer(choices)

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer other choices; what was chosen stays so if it is among them."""
        if tuple(choices) == self._choices:
            return
        self._choices = tuple(choices)
        menu = self.menu()
        menu.clear()
        self._group.deleteLater()
        self._group = QActionGroup(self)
        keys = [key for key, _words in choices]
        if self.key not in keys:
            self.key = keys[0] if keys else ""
        for key, words in choices:
            action = menu.addAction(words.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(key == self.key)
            action.setData(key)
            self._group.addAction(action)
            action.triggered.connect(self._take)
        self.setVisible(len(choices) > 1)
        self._say()

    def choose(self, key: str) -> None:
        """Choose as a hand does."""
        for action in self._group.actions():
            if action.data() == key:
                action.trigger()

    def _take(self) -> None:
        action = self._group.checkedAction()
        if action is not None and action.data() != self.key:
            self.key = str(action.data())
            self._say()
            self.chosen.emit(self.key)

    def _say(self) -> None:
        words = dict(self._choices).get(self.key, "")
        said = f"{self._label}: {words}" if self._label else words
        self.setText(said.replace("&", "&&"))
        self.setAccessibleName(said)
