"""The line under a plot that says what the cursor stands on, and else what hands can do."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.widgets.one_line import OneLine


class ReadOut(OneLine):
    """One line of words, shortened at its end where it has no room; all of it as a tool tip."""

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        """A line that shows `hint` while there is nothing to read."""
        super().__init__(parent)
        self._hint = hint
        self.show_text("")

    def show_text(self, text: str) -> None:
        """Read a text out; the hint again with an empty one."""
        super().show_text(text or self._hint)
