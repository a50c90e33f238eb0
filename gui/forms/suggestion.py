"""A value that a form suggests, until somebody chooses one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Slot

from gui.fields.base import Field


class Suggestion(QObject):
    """Sets a field as long as nobody else has, and says under it that it did."""

    def __init__(self, field: Field[Any], words: str, *, chosen: bool) -> None:
        """`words` say where the value comes from; `chosen`: the field's value is not ours."""
        super().__init__(field)
        self._field = field
        self._words = words
        self._chosen = chosen
        self._setting = False
        field.changed.connect(self._changed)

    def show(self, value: Any) -> None:
        """Suggest another value, or none; nothing happens once one was chosen."""
        if self._chosen:
            return
        self._setting = True
        self._field.set_value(value)
        self._setting = False
        self._field.show_hint("" if value is None else self._words)

    @Slot()
    def _changed(self) -> None:
        if not self._setting and not self._chosen:
            self._chosen = True
            self._field.show_hint("")
