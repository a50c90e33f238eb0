"""A single statement that holds or not."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QWidget

from gui.fields.base import Field


class CheckField(Field[bool]):
    """A check box; never empty."""

    def __init__(self, text: str, *, parent: QWidget | None = None) -> None:
        """A box beside the statement `text`."""
        super().__init__(parent=parent)
        self.box = QCheckBox(text)
        self.box.toggled.connect(self.changed)
        self._take(self.box, marked=False)

    def value(self) -> bool:
        """Whether it is ticked."""
        return self.box.isChecked()

    def set_value(self, value: bool | None) -> None:
        """Tick it or not."""
        self.box.setChecked(bool(value))
