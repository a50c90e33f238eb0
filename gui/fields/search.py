"""A field that searches while typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLineEdit

from gui.fields.base import Field
from gui.fields.choice_line import ChoiceLine
from gui.fields.results import SearchResult
from gui.style import icons
from model.errors import KnownError
from model.language import _


class SearchField(Field[Any]):
    """One of the results that `find` returns for the text.

    `find` is called at each key and returns `(label, sublabel, value)`, the best first. The value
    is None until one is chosen, and again after the text changes; `taken` follows a choice.
    """

    taken = Signal()

    def __init__(
        self,
        find: Callable[[str], Sequence[tuple[str, str, Any]]],
        *,
        placeholder: str = "",
        required: bool = False,
    ) -> None:
        super().__init__(required=required)
        self._find = find
        self._value: Any = None
        self._settled: tuple[str, Any] = ("", None)
        self.edit = ChoiceLine(self, self._results_for, has_arrow=False)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setClearButtonEnabled(True)
        picture = self.edit.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        icons.keep(picture, "search")
        self.popup, self.results = self.edit.popup, self.edit.results
        self.edit.textEdited.connect(self._typed)
        self.edit.taken.connect(self._taken)
        self.edit.left.connect(self._left)
        self.edit.restored.connect(lambda: self.set_found(*self._settled))
        self._take(self.edit)

    def value(self) -> Any:
        """Return the chosen value; raises KnownError while a text has none."""
        if self._value is None and self.edit.text().strip():
            raise KnownError(_("Choose one from the list."))
        return self._value

    def set_value(self, value: Any) -> None:
        """Show a value by its own text; `set_found` shows one with a label."""
        self.set_found(str(value) if value is not None else "", value)

    def set_found(self, label: str, value: Any) -> None:
        """Show a value with a label."""
        self._value, self._settled = value, (label, value)
        self.edit.show_text(label)
        self.changed.emit()

    def chosen(self) -> Any:
        """Return the chosen value or None, whatever the text."""
        return self._value

    def raw(self) -> object:
        """Return the text and the chosen value."""
        return (self.edit.text(), self._value)

    def settle(self) -> None:
        """Take what is chosen in the list."""
        self.edit.settle()

    def _results_for(self, text: str) -> list[SearchResult]:
        return [SearchResult(*item) for item in self._find(text.strip())]

    def _typed(self) -> None:
        self._value = None
        self.changed.emit()

    def _taken(self, value: Any) -> None:
        result = self.results.current()
        self.set_found(result.label if result else str(value), value)
        self.taken.emit()

    def _left(self) -> None:
        self.show_problem(self.fault() if self.edit.text().strip() else "")
