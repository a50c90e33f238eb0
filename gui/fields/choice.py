"""A choice from a closed list or from suggestions, and the yes or no of a check box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
)

from gui.fields.base import Field
from gui.style import theme

C = TypeVar("C")


class ChoiceField(Field[C], Generic[C]):
    """A closed list; typing the first letters of an entry finds it; None is the blank entry."""

    def __init__(
        self, choices: Sequence[tuple[C, str]], *, required: bool = False, blank: str = ""
    ) -> None:
        """A list of values with their labels; `blank` is the label of no choice."""
        super().__init__(required=required)
        self._values: list[C | None] = []
        self._blank = blank
        self.box = QuietCombo()
        self.set_choices(choices)
        self.box.currentIndexChanged.connect(self.changed)
        self._take(self.box)

    def set_choices(self, choices: Sequence[tuple[C, str]]) -> None:
        """Offer other choices; the chosen one stays if it is among them."""
        kept = self.value() if self._values else None
        blocked = self.box.blockSignals(True)
        self.box.clear()
        # Item data would return a plain string for a StrEnum.
        self._values = [None, *(value for value, _words in choices)]
        self.box.addItem(self._blank)
        self.box.addItems([words for _value, words in choices])
        self.box.setCurrentIndex(self._values.index(kept) if kept in self._values else 0)
        self.box.blockSignals(blocked)
        if kept is not None and self.value() is None:
            self.changed.emit()

    def value(self) -> C | None:
        """Return the chosen value."""
        return self._values[max(self.box.currentIndex(), 0)]

    def set_value(self, value: C | None) -> None:
        """Choose a value; one not offered is added, so that none is lost."""
        if value not in self._values:
            self._values.append(value)
            self.box.addItem(str(value))
        self.box.setCurrentIndex(self._values.index(value))


class OpenChoiceField(Field[str]):
    """Suggestions to choose from; any other text is kept as typed.

    Of a suggestion `(value, label)`, the label is shown and the value returned.
    """

    def __init__(
        self,
        suggestions: Sequence[str | tuple[str, str]] = (),
        *,
        required: bool = False,
        placeholder: str = "",
    ) -> None:
        """A line with suggestions, found by any part of them."""
        super().__init__(required=required)
        self._values: dict[str, str] = {}
        self.box = QuietCombo()
        line = QLineEdit()
        line.setPlaceholderText(placeholder)
        self.box.setLineEdit(line)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self.box.model(), self.box)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = QListView()
        completer.setPopup(popup)
        popup.setItemDelegate(QStyledItemDelegate(popup))
        theme.set_kind(popup, "list")
        self.box.setCompleter(completer)
        self.set_suggestions(suggestions)
        self.box.currentTextChanged.connect(self.changed)
        self._take(self.box)

    def set_suggestions(self, suggestions: Sequence[str | tuple[str, str]]) -> None:
        """Offer other suggestions; the text stays."""
        text = self.box.currentText()
        pairs = [(item, item) if isinstance(item, str) else item for item in suggestions]
        self._values = {words: value for value, words in pairs}
        blocked = self.box.blockSignals(True)
        self.box.clear()
        self.box.addItems(list(self._values))
        self.box.setCurrentIndex(-1)
        self.box.setEditText(text)
        self.box.blockSignals(blocked)

    def value(self) -> str | None:
        """Return the value of a suggestion, in upper or lower case, or the typed text."""
        text = self.box.currentText().strip()
        for words, value in self._values.items():
            if text.casefold() in {words.casefold(), value.casefold()}:
                return value
        return text or None

    def set_value(self, value: str | None) -> None:
        """Show a value by its label, or as it is."""
        known = {kept: words for words, kept in self._values.items()}
        self.box.setEditText(known.get(value or "", value or ""))

    def raw(self) -> object:
        """Return the text."""
        return self.box.currentText()


class CheckField(Field[bool]):
    """A check box; never empty."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.box = QCheckBox(text)
        self.box.toggled.connect(self.changed)
        self._take(self.box, marked=False)

    def value(self) -> bool:
        """Return whether it is ticked."""
        return self.box.isChecked()

    def set_value(self, value: bool | None) -> None:
        """Tick it or not."""
        self.box.setChecked(bool(value))


class QuietCombo(QComboBox):
    """A combo box that the wheel does not change when scrolling past it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(14)
        # Its default delegate draws a menu and ignores the style sheet.
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(16)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()
