"""The base of all input fields: a value, a hint while typing, and room for a problem."""

from __future__ import annotations

from abc import abstractmethod
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from gui.style import theme
from model.errors import KnownError
from model.language import _

V = TypeVar("V")


class Field(QWidget, Generic[V]):
    """An input for one value, None when empty.

    `changed` follows every change, typed or set. `value()` raises KnownError while the input
    cannot be read; `fault()` returns the same as a sentence.
    """

    changed = Signal()

    def __init__(self, *, required: bool = False) -> None:
        super().__init__()
        self.required = required
        self.label = ""
        self._marked: list[QWidget] = []
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._hint = _small_label("hint")
        self._problem = _small_label("problem")
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(3)
        self._lines.addLayout(self._row)
        self._lines.addWidget(self._hint)
        self._lines.addWidget(self._problem)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.changed.connect(self._clear_problem)

    @abstractmethod
    def value(self) -> V | None:
        """Return the value, or None; raises KnownError if it cannot be read."""

    @abstractmethod
    def set_value(self, value: V | None) -> None:
        """Show a value, or nothing."""

    def readable(self) -> V | None:
        """Return the value, or None while it cannot be read."""
        try:
            return self.value()
        except KnownError:
            return None

    def raw(self) -> object:
        """Return the input exactly as entered, to detect changes."""
        return self.value()

    def fault(self) -> str:
        """Return why the input cannot be used, or an empty text."""
        try:
            value = self.value()
        except KnownError as error:
            return str(error)
        if self.required and value is None:
            if not self.label:
                return _("Required.")
            return _("{field} is needed.").format(field=self.label)
        return ""

    def input(self) -> QWidget:
        """Return the widget that takes the keyboard."""
        proxy = self.focusProxy()
        return proxy if proxy is not None else self

    def settle(self) -> None:
        """Accept text that is typed but not chosen from a list yet, as leaving the field does."""

    def before_saving(self) -> None:
        """Accept what is typed; `fault` then returns why the input cannot be saved."""
        self.settle()

    def set_label(self, label: str) -> None:
        """Name the field, for screen readers and in its problems."""
        self.label = label
        self.setAccessibleName(label)
        self.input().setAccessibleName(label)

    def show_problem(self, sentence: str) -> None:
        """Show a problem under the field, or none; the next change clears it."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self.input().setAccessibleDescription(sentence)
        for widget in self._marked:
            theme.set_kind(widget, "wrong" if sentence else "")

    def problem(self) -> str:
        """Return the problem shown under the field."""
        return self._problem.text()

    def show_hint(self, text: str) -> None:
        """Show a hint under the field, or none."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))

    def hint(self) -> str:
        """Return the hint shown with the field."""
        return self._hint.text()

    def add_right(self, widget: QWidget, stretch: int = 0) -> None:
        """Add a widget right of the input."""
        self._row.addWidget(widget, stretch)

    def add_below(self, widget: QWidget) -> None:
        """Add a widget under the input, above the hint."""
        self._lines.insertWidget(self._lines.indexOf(self._hint), widget)

    def _take(self, widget: QWidget, *, marked: bool = True) -> None:
        self._row.addWidget(widget)
        self.setFocusProxy(widget)
        if marked:
            self._marked.append(widget)

    def _clear_problem(self) -> None:
        if self._problem.text():
            self.show_problem("")


class LineField(Field[V]):
    """A value typed in a line of a fixed width, in equally wide figures."""

    def __init__(
        self, placeholder: str = "", tip: str = "", *, width: int = 132, required: bool = False
    ) -> None:
        super().__init__(required=required)
        self.edit = QLineEdit()
        self.edit.setFixedWidth(width)
        self.edit.setFont(theme.figures(self.edit.font()))
        self.edit.setPlaceholderText(placeholder)
        self.edit.setToolTip(tip)
        self.edit.textChanged.connect(self._typed)
        self.edit.editingFinished.connect(self._check)
        self._take(self.edit)

    def raw(self) -> str:
        """Return the text as typed."""
        return self.edit.text().strip()

    def _typed(self) -> None:
        self.changed.emit()

    def _check(self) -> None:
        """Show what is wrong when the field is left, not while typing."""
        if self.raw():
            self.show_problem(self.fault())


def _small_label(kind: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setVisible(False)
    theme.set_kind(label, kind)
    return label
