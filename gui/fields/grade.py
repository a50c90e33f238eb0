"""A CTCAE grade: five buttons, enabled for the grades that the term has."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QGridLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from gui.fields.base import Field
from gui.style import theme
from model.language import _

GRADES = (1, 2, 3, 4, 5)


class GradeField(Field[int]):
    """Grades 1 to 5 in their colours; keys 1 to 5 choose, Backspace clears.

    The description of each existing grade is shown under them; a click on it chooses the grade.
    """

    def __init__(
        self,
        *,
        grades: Collection[int] = GRADES,
        describe: Callable[[int], str] = lambda _grade: "",
        required: bool = False,
    ) -> None:
        super().__init__(required=required)
        self._describe = describe
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[int, QPushButton] = {}
        for grade in GRADES:
            button = QPushButton(str(grade))
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setAccessibleName(_("Grade {grade}").format(grade=grade))
            self._group.addButton(button, grade)
            self._row.addWidget(button)
            self._buttons[grade] = button
        self._row.addStretch(1)
        self._texts: dict[int, _GradeText] = {}
        self._list = QWidget()
        self._fill_list()
        self._group.idToggled.connect(self._toggled)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self._buttons[1])
        self.set_grades(grades)
        self._colour()
        theme.changes().changed.connect(self._colour)

    def value(self) -> int | None:
        """Return the chosen grade."""
        chosen = self._group.checkedId()
        return chosen if chosen > 0 else None

    def set_value(self, value: int | None) -> None:
        """Choose a grade, even one that no longer exists, or none."""
        if value is None:
            self._clear()
        else:
            self._buttons[value].setEnabled(True)
            self._buttons[value].setChecked(True)

    def set_grades(
        self, grades: Collection[int], describe: Callable[[int], str] | None = None
    ) -> None:
        """Offer only these grades; clear a chosen one that is not among them."""
        if describe is not None:
            self._describe = describe
        for grade, button in self._buttons.items():
            button.setEnabled(grade in grades)
            button.setToolTip("" if grade in grades else _("This grade does not exist here."))
        chosen = self.value()
        if chosen is not None and chosen not in grades:
            self._clear()
        first = next((self._buttons[grade] for grade in GRADES if grade in grades), None)
        if first is not None:
            self.setFocusProxy(first)
        self._describe_each(grades)

    def set_label(self, label: str) -> None:
        """Name the field; each button keeps its own name."""
        self.label = label
        self.setAccessibleName(label)

    def input(self) -> QWidget:
        """Return the field itself: a mnemonic that led to a button would press it."""
        return self

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a grade by its figure."""
        figure = event.text()
        if figure in {"1", "2", "3", "4", "5"}:
            button = self._buttons[int(figure)]
            if button.isEnabled():
                button.setChecked(True)
                button.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._clear()
            return
        super().keyPressEvent(event)

    def _clear(self) -> None:
        button: QAbstractButton | None = self._group.checkedButton()
        if button is None:
            return
        # An exclusive group cannot be unchecked.
        self._group.setExclusive(False)
        button.setChecked(False)
        self._group.setExclusive(True)

    def description(self, grade: int) -> str:
        """Return the description of a grade; empty for one that does not exist."""
        return self._texts[grade].text()

    def _fill_list(self) -> None:
        rows = QGridLayout(self._list)
        rows.setContentsMargins(2, 3, 0, 0)
        rows.setHorizontalSpacing(10)
        rows.setVerticalSpacing(3)
        rows.setColumnStretch(1, 1)
        for row, (grade, button) in enumerate(self._buttons.items()):
            text = self._texts[grade] = _GradeText(str(grade), button)
            rows.addWidget(text.figure, row, 0, Qt.AlignmentFlag.AlignTop)
            rows.addWidget(text, row, 1)
        self.add_below(self._list)

    def _describe_each(self, grades: Collection[int]) -> None:
        for grade, text in self._texts.items():
            text.show_text(self._describe(grade) if grade in grades else "")
        self._list.setVisible(any(text.text() for text in self._texts.values()))
        self._mark_chosen()

    def _mark_chosen(self) -> None:
        chosen = self.value()
        for grade, text in self._texts.items():
            text.mark(grade == chosen)

    def _toggled(self, _grade: int, chosen: bool) -> None:
        if chosen or self.value() is None:
            self._mark_chosen()
            self.changed.emit()

    def _colour(self) -> None:
        colours = theme.current()
        for grade, button in self._buttons.items():
            fill, text = colours.grade(grade)
            button.setStyleSheet(
                f"QPushButton {{ padding: 0; font-weight: 600; min-width: 42px; max-width: 42px;"
                f" min-height: 24px; max-height: 24px;"
                f" background: {fill}; color: {text}; border: 2px solid {fill}; }}"
                f"QPushButton:hover, QPushButton:focus {{ border: 2px solid {colours.accent}; }}"
                f"QPushButton:checked {{ border: 2px solid {colours.ink}; }}"
                f"QPushButton:disabled {{ background: {colours.paper};"
                f" color: {colours.edge}; border: 2px solid {colours.line}; }}"
            )


class _GradeText(QLabel):
    """The description of one grade, after its figure; both are highlighted when chosen."""

    def __init__(self, figure: str, button: QPushButton) -> None:
        super().__init__()
        self._button = button
        self.figure = QLabel(figure)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def show_text(self, text: str) -> None:
        """Show a description; hide the whole line if it is empty."""
        self.setText(text)
        self.setVisible(bool(text))
        self.figure.setVisible(bool(text))
        self._button.setAccessibleDescription(text)

    def mark(self, chosen: bool) -> None:
        """Highlight a chosen grade, or remove the highlight."""
        for label in (self, self.figure):
            theme.set_kind(label, "chosenText" if chosen else "hint")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the grade."""
        self._button.click()
        super().mousePressEvent(event)
