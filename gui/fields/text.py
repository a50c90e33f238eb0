"""Text in one line or in several."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from gui.fields.base import Field


class TextField(Field[str]):
    """One line of text, stripped; None when empty."""

    def __init__(
        self, *, required: bool = False, placeholder: str = "", secret: bool = False
    ) -> None:
        """A line for text, or with `secret` for a passphrase that is not shown."""
        super().__init__(required=required)
        self._secret = secret
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(placeholder)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.textChanged.connect(self.changed)
        self._take(self.edit)

    def value(self) -> str | None:
        """Return the text or None; a secret is not stripped."""
        text = self.edit.text()
        return (text if self._secret else text.strip()) or None

    def set_value(self, value: str | None) -> None:
        """Show a text."""
        self.edit.setText(value or "")

    def raw(self) -> object:
        """Return the text with its spaces."""
        return self.edit.text()


class MultilineField(Field[str]):
    """Text of several lines; Tab leaves the field; None when empty."""

    def __init__(self, *, required: bool = False, placeholder: str = "", lines: int = 3) -> None:
        super().__init__(required=required)
        self.edit = QPlainTextEdit()
        self.edit.setPlaceholderText(placeholder)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(QFontMetrics(self.edit.font()).lineSpacing() * lines + 16)
        self.edit.textChanged.connect(self.changed)
        self._take(self.edit)

    def value(self) -> str | None:
        """Return the stripped text, or None."""
        return self.edit.toPlainText().strip() or None

    def set_value(self, value: str | None) -> None:
        """Show a text."""
        self.edit.setPlainText(value or "")

    def raw(self) -> object:
        """Return the text with its spaces."""
        return self.edit.toPlainText()
