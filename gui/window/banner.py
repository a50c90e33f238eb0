"""The banner above the page: what is special about the open casebook, and what can be done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QPushButton, QToolButton, QWidget

from gui.style import icons, theme
from gui.widgets.layout import label, row
from model.language import _


class Banner(QFrame):
    """A line that stays until its cause is gone or it is closed; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_kind(self, "banner")
        self._text = label(wrap=True, plain=True)
        self.button = QPushButton(_("Edit here"))
        self.button.clicked.connect(self._act)
        self._close = QToolButton()
        self._close.setAccessibleName(_("Close this notice"))
        icons.keep(self._close, "close")
        self._close.clicked.connect(self.hide)
        row((self._text, 1), self.button, self._close, margins=(16, 6, 10, 6), of=self)
        self._action: Callable[[], object] | None = None
        self.hide()

    def show_text(
        self, text: str, action_text: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """Show a text, with a button if there is an action; without one it can be closed."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self._action = action
        self.button.setText(action_text)
        self.button.setVisible(action is not None)
        self._close.setVisible(action is None)
        self.show()

    def text(self) -> str:
        """Return the text, or an empty one while hidden."""
        return "" if self.isHidden() else self._text.text()

    def _act(self) -> None:
        if self._action is not None:
            self._action()
