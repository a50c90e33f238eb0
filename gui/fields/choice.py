"""A choice from a closed list or from suggestions, and the yes or no of a check box."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QPushButton

from gui.fields.base import Field
from gui.fields.choice_line import ChoiceLine
from gui.fields.results import SearchResult
from gui.style import theme
from model.language import _
from model.reference.synonyms import find

C = TypeVar("C")
Synonyms = Mapping[str, tuple[str, ...]]
"""Other words for the codes of a list, beside those in `model.reference.synonyms`."""


class _ListField(Field[C], Generic[C]):
    """A field whose list is searched while typing: any word of a label, its code or a synonym."""

    def __init__(self, *, required: bool, synonyms: Synonyms | None) -> None:
        super().__init__(required=required)
        self._entries: list[tuple[C, str]] = []
        self._synonyms = synonyms
        self.edit = ChoiceLine(self, self._results_for)
        self.edit.taken.connect(self._taken)
        self.edit.left.connect(self._left)
        self.edit.restored.connect(self._restore)
        self._take(self.edit)

    def raw(self) -> object:
        """Return the text."""
        return self.edit.text()

    def settle(self) -> None:
        """Take the first match of what is typed."""
        self.edit.settle()

    def labels(self) -> list[str]:
        """Return the labels of all entries."""
        return [label for _value, label in self._entries]

    @abstractmethod
    def _all(self) -> list[SearchResult]:
        """Return the whole list."""

    @abstractmethod
    def _completed(self, text: str, matches: list[SearchResult]) -> list[SearchResult]:
        """Return the list for a typed text, of which some entries are matches."""

    @abstractmethod
    def _taken(self, value: C | None) -> None:
        """Take a value of the list."""

    @abstractmethod
    def _left(self) -> None:
        """Take a text that is no entry, or say that there is none."""

    @abstractmethod
    def _restore(self) -> None:
        """Show the last value again."""

    def _results_for(self, text: str) -> list[SearchResult]:
        text = text.strip()
        if not text:
            return self._all()
        results: list[SearchResult] = []
        for match in find(text, self._entries, self._synonyms):
            value, label = self._entries[match.index]
            results.append(SearchResult(label, match.synonym, value))
        return self._completed(text, results)

    def _no_such(self) -> str:
        """Return that the text is no entry, by the name of the field."""
        if not self.label:
            return _("There is no such entry.")
        is_word = self.label[1:2].islower()
        name = self.label[:1].lower() + self.label[1:] if is_word else self.label
        return _("No such {field}.").format(field=name)


class ChoiceField(_ListField[C], Generic[C]):
    """A closed list; None is the blank entry.

    A text that means none of the entries stays as typed and is a fault; until it is corrected the
    value is the one from before.
    """

    def __init__(
        self,
        choices: Sequence[tuple[C, str]],
        *,
        required: bool = False,
        blank: str = "",
        synonyms: Synonyms | None = None,
    ) -> None:
        """A list of values with their labels; `blank` is the label of no choice."""
        super().__init__(required=required, synonyms=synonyms)
        self._value: C | None = None
        self._blank = blank
        self.set_choices(choices)

    def set_choices(self, choices: Sequence[tuple[C, str]]) -> None:
        """Offer other choices; the chosen one stays if it is among them."""
        self._entries = list(choices)
        is_there = any(value == self._value for value, _label in choices)
        self._choose(self._value if is_there else None)

    def value(self) -> C | None:
        """Return the chosen value."""
        return self._value

    def set_value(self, value: C | None) -> None:
        """Choose a value; one not offered is added, so that none is lost."""
        if value is not None and all(value != known for known, _label in self._entries):
            self._entries.append((value, str(value)))
        self._choose(value)

    def fault(self) -> str:
        """Return that a text means none of the entries, or that one is needed."""
        return self._no_such() if self.edit.text() != self._label() else super().fault()

    def _all(self) -> list[SearchResult]:
        entries = [SearchResult(label, value=value) for value, label in self._entries]
        needs_one = self.required and not self._blank
        return entries if needs_one else [SearchResult(self._blank or "–"), *entries]

    def _completed(self, _text: str, matches: list[SearchResult]) -> list[SearchResult]:
        return matches or [SearchResult(self._no_such(), is_note=True)]

    def _taken(self, value: C | None) -> None:
        self._choose(value)

    def _left(self) -> None:
        if self.edit.text().strip():
            self.show_problem(self._no_such())
        else:
            self._choose(None)

    def _restore(self) -> None:
        self.edit.show_text(self._label())
        self.show_problem("")

    def _choose(self, value: C | None) -> None:
        is_other = value != self._value
        self._value = value
        self._restore()
        if is_other:
            self.changed.emit()

    def _label(self) -> str:
        known = (label for value, label in self._entries if value == self._value)
        return next(known, self._blank)


class OpenChoiceField(_ListField[str]):
    """Suggestions to choose from; another word is kept once the user has said so.

    Of a suggestion `(value, label)`, the label is shown and the value returned. A new word is asked
    about under the field when it is left: Shift+Enter, a click or saving the form again keeps it.
    """

    def __init__(
        self,
        suggestions: Sequence[str | tuple[str, str]] = (),
        *,
        required: bool = False,
        placeholder: str = "",
        accepts: Callable[[str], bool] = lambda _text: False,
        synonyms: Synonyms | None = None,
    ) -> None:
        """A line with suggestions; other words that it `accepts` are not asked about."""
        super().__init__(required=required, synonyms=synonyms)
        self._accepts = accepts
        self._settled = ""
        self._kept: set[str] = set()
        self._asked = ""
        self.edit.setPlaceholderText(placeholder)
        self.edit.textChanged.connect(self._text_changed)
        self.edit.kept.connect(self.keep)
        self.keep_button = QPushButton(_("Keep as a new word"))
        self.keep_button.setToolTip(_("Shift+Enter"))
        self.keep_button.setAutoDefault(False)
        self.keep_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.set_kind(self.keep_button, "link")
        self.keep_button.clicked.connect(self.keep)
        self.keep_button.hide()
        self._lines.addWidget(self.keep_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.set_suggestions(suggestions)

    def set_suggestions(self, suggestions: Sequence[str | tuple[str, str]]) -> None:
        """Offer other suggestions; the text stays."""
        self._entries = [(each, each) if isinstance(each, str) else each for each in suggestions]

    def value(self) -> str | None:
        """Return the value of a suggestion, in any spelling, or the typed text."""
        text = self.edit.text().strip()
        known = self._exact(text)
        return known[0] if known else text or None

    def set_value(self, value: str | None) -> None:
        """Show a value by its label, or as it is; it counts as kept."""
        label = next((label for known, label in self._entries if known == value), value or "")
        self._kept.add(label)
        self._show(label)

    def fault(self) -> str:
        """Return the question about a new word, or that a value is needed."""
        text = self.edit.text().strip()
        return self._question(text) if self._is_new(text) else super().fault()

    def before_saving(self) -> None:
        """Ask about a new word once; saving again keeps it."""
        super().before_saving()
        text = self.edit.text().strip()
        if self._is_new(text) and text == self._asked:
            self.keep()
        self._asked = text

    def keep(self) -> None:
        """Keep the typed text as a new word."""
        text = self.edit.text().strip()
        if text:
            self._kept.add(text)
            self._show(text)
            self.show_problem("")

    def _all(self) -> list[SearchResult]:
        return [SearchResult(label, value=value) for value, label in self._entries]

    def _completed(self, text: str, matches: list[SearchResult]) -> list[SearchResult]:
        if self._exact(text):
            return matches
        if self._is_new(text):
            keep = _("Keep “{word}” as a new word").format(word=text)
            return [*matches, SearchResult(keep, _("Shift+Enter"), is_note=True)]
        return [SearchResult(text, value=text), *matches]

    def _taken(self, value: str | None) -> None:
        self._show(next((label for known, label in self._entries if known == value), value or ""))

    def _left(self) -> None:
        text = self.edit.text().strip()
        known = self._exact(text)
        if not self._is_new(text):
            self._show(known[1] if known else text)
            return
        self.show_problem(self._question(text))
        self.keep_button.show()

    def _restore(self) -> None:
        self._show(self._settled)

    def _show(self, text: str) -> None:
        self._settled = text
        self.edit.show_text(text)

    def _text_changed(self) -> None:
        self.keep_button.hide()
        self.changed.emit()

    def _exact(self, text: str) -> tuple[str, str] | None:
        """Return the suggestion that a text is, in whatever spelling."""
        match = next(iter(find(text, self._entries, self._synonyms)), None)
        return self._entries[match.index] if match and match.is_exact else None

    def _is_new(self, text: str) -> bool:
        return bool(
            text
            and text not in self._kept
            and self._exact(text) is None
            and not self._accepts(text)
        )

    def _question(self, text: str) -> str:
        question = _("Keep “{word}” as a new word?").format(word=text)
        return f"{self._no_such()} {question}"


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
