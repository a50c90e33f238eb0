"""The dialog that shows what was saved meanwhile next to what the user typed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QWidget,
)

from gui.forms.conflicts.versions import Versions
from gui.forms.form import FRAME
from gui.style import theme
from gui.widgets.layout import column, label, row
from model.language import _

_WIDTH, _HEIGHT = 860, 600
"""Fits, with its frame, on a screen of 1100 by 700."""
_NARROW = 560
_LABEL_WIDTH = 150


class Answer(Enum):
    """What the user decided."""

    SAVE = auto()
    DISCARD = auto()
    GO_BACK = auto()


class ConflictDialog(QDialog):
    """One line for each field that differs, with a choice between what is saved and what is typed.

    A field that only one side has changed starts with that choice. Up and Down move between the
    fields, Left and Right choose; Ctrl+Enter saves, Escape goes back to the form.
    """

    def __init__(
        self,
        parent: QWidget | None,
        heading: str,
        detail: str,
        fields: Sequence[Versions],
        *,
        was_deleted: bool = False,
    ) -> None:
        """A dialog under a heading; `detail` says who saved what was saved, and when."""
        super().__init__(parent)
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setAccessibleName(heading)
        self.setAccessibleDescription(detail)
        self._answer = Answer.GO_BACK
        self.lines = [_FieldLine(each) for each in fields]
        self._problem = label(kind="problem", wrap=True, plain=True)
        self._problem.hide()
        self.save_button = _button(
            _("&Restore and save") if was_deleted else _("&Save"), "primary", self.save
        )
        self.save_button.setToolTip(_("Ctrl+Enter"))
        self.discard_button = _button(_("&Discard my changes"), "danger", self._discard)
        self.back_button = _button(_("&Back to the form"), "", self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)
        texts = [label(heading, "title", wrap=True, plain=True)]
        if detail:
            texts.append(label(detail, "soft", wrap=True, plain=True))
        head = column(*texts, spacing=6, margins=(24, 20, 24, 12))
        buttons = row(self.discard_button, 1, self.back_button, self.save_button, spacing=10)
        foot = column(self._problem, buttons, spacing=10, margins=(24, 12, 24, 16))
        self._table = _table(self.lines)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._table)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVisible(bool(fields))
        self._around = (head, foot)
        column(head, (self._scroll, 1), foot, spacing=0, of=self)
        self._set_tab_order()
        undecided = next((line for line in self.lines if line.takes_present() is None), None)
        (undecided.present if undecided else self.save_button).setFocus()

    def ask(self) -> Answer:
        """Show the dialog, wait, and return the answer; the dialog is deleted."""
        try:
            self.exec()
            return self._answer
        finally:
            self.deleteLater()

    def names_taken(self) -> set[str]:
        """Return the names of the fields of which the saved value is taken."""
        return {name for line in self.lines if line.takes_present() for name in line.versions.names}

    @Slot()
    def save(self) -> None:
        """Close with the choices made, or show which ones are missing."""
        undecided = [line for line in self.lines if line.takes_present() is None]
        if not undecided:
            self._answer = Answer.SAVE
            self.accept()
            return
        names = ", ".join(line.versions.label for line in undecided)
        self._problem.setText(
            _("Both have changed this, choose one: {fields}.").format(fields=names)
        )
        self._problem.show()
        undecided[0].present.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(undecided[0].present)

    def problem(self) -> str:
        """Return the sentence about missing choices, or an empty text."""
        return self._problem.text() if self._problem.isVisible() else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between the fields by Up and Down; press the focused button on Enter."""
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._move(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(focused, QPushButton):
                focused.click()
            elif isinstance(focused, QRadioButton):
                focused.setChecked(True)
                self._move(1)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Make room for all fields, as far as the screen has it."""
        for text in self._table.findChildren(QLabel):
            text.ensurePolished()  # its final font decides how many lines it has
        room = self.screen().availableGeometry().size() - QSize(FRAME, FRAME)
        self.resize(self.sizeHint().boundedTo(room))
        super().showEvent(event)

    def sizeHint(self) -> QSize:
        """Return the height of all fields, at most what fits on a small screen."""
        width = _WIDTH if self.lines else _NARROW
        around = sum(
            each.totalHeightForWidth(width)
            if each.hasHeightForWidth()
            else each.sizeHint().height()
            for each in self._around
        )
        table = self._table.heightForWidth(width) + 2 if self.lines else 0
        return QSize(width, min(around + table, _HEIGHT))

    @Slot()
    def _discard(self) -> None:
        self._answer = Answer.DISCARD
        self.accept()

    def _move(self, by: int) -> None:
        """Focus the choice of the next field, or the buttons after the last one."""
        focused = self.focusWidget()
        choices = [(line.present, line.wanted) for line in self.lines]
        at = next((index for index, pair in enumerate(choices) if focused in pair), None)
        if at is None:
            if by < 0 and self.lines:
                self.lines[-1].focus()
            return
        if at + by >= len(self.lines):
            self.save_button.setFocus(Qt.FocusReason.TabFocusReason)
        elif at + by >= 0:
            self.lines[at + by].focus()
            self._scroll.ensureWidgetVisible(self.lines[at + by].present)

    def _set_tab_order(self) -> None:
        """Go through the choices, then to Save, which is what most often follows."""
        buttons = (self.save_button, self.back_button, self.discard_button)
        order = [*(b for line in self.lines for b in (line.present, line.wanted)), *buttons]
        for above, below in pairwise(order):
            QWidget.setTabOrder(above, below)


class _FieldLine:
    """The three versions of a field, with a button for each of the two to choose from."""

    def __init__(self, versions: Versions) -> None:
        self.versions = versions
        self.present, self.wanted = _Choice(), _Choice()
        self._group = QButtonGroup(self.present)
        saved = _("{field}, saved meanwhile: {value}")
        typed = _("{field}, yours: {value}")
        for choice, name, value in (
            (self.present, saved, versions.present),
            (self.wanted, typed, versions.wanted),
        ):
            self._group.addButton(choice)
            choice.setAccessibleName(name.format(field=versions.label, value=value or _("empty")))
        if versions.takes_present is not None:
            (self.present if versions.takes_present else self.wanted).setChecked(True)

    def takes_present(self) -> bool | None:
        """Return whether the saved value is chosen; None while nothing is."""
        if self._group.checkedButton() is None:
            return None
        return self.present.isChecked()

    def focus(self) -> None:
        """Focus the button that is chosen, or the first."""
        chosen = self.wanted if self.wanted.isChecked() else self.present
        chosen.setFocus(Qt.FocusReason.TabFocusReason)


class _Choice(QRadioButton):
    """A button that Left and Right move between, and Up and Down leave to the dialog."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by Left and Right."""
        group = self.group()
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                at = 0 if event.key() == Qt.Key.Key_Left else -1
                other = group.buttons()[at]
                other.setChecked(True)
                other.setFocus(Qt.FocusReason.TabFocusReason)
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                event.ignore()
            case _:
                super().keyPressEvent(event)


class _Value(QLabel):
    """A value next to its button, which a click on the value presses."""

    def __init__(self, text: str, choice: QRadioButton | None, *, changed: bool) -> None:
        super().__init__(text or "–")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_kind(self, "strong" if changed else "soft")
        self._choice = choice

    def mousePressEvent(self, event: object) -> None:
        """Choose this value."""
        if self._choice is not None:
            self._choice.setChecked(True)
            self._choice.setFocus(Qt.FocusReason.MouseFocusReason)


def _table(lines: Sequence[_FieldLine]) -> QWidget:
    """Return a card with one row for each field."""
    card = QFrame()
    theme.set_kind(card, "card")
    grid = QGridLayout(card)
    grid.setContentsMargins(16, 12, 16, 14)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(10)
    headings = ("", _("When you opened it"), _("Saved meanwhile"), _("Yours"))
    for at, heading in enumerate(headings):
        grid.addWidget(label(heading, "hint"), 0, 2 * at)
        if at:
            grid.setColumnStretch(2 * at, 1)
    top = Qt.AlignmentFlag.AlignTop
    for number, line in enumerate(lines, start=1):
        each = line.versions
        name = label(each.label, wrap=True, plain=True)
        name.setFixedWidth(_LABEL_WIDTH)
        grid.addWidget(name, number, 0, top)
        grid.addWidget(_Value(each.opened, None, changed=False), number, 2, top)
        grid.addWidget(line.present, number, 3, top)
        grid.addWidget(_Value(each.present, line.present, changed=each.saved), number, 4, top)
        grid.addWidget(line.wanted, number, 5, top)
        grid.addWidget(_Value(each.wanted, line.wanted, changed=each.typed), number, 6, top)
    grid.setRowStretch(len(lines) + 1, 1)
    outer = QWidget()
    theme.set_kind(outer, "plain")
    column(card, margins=(24, 0, 24, 4), of=outer)
    return outer


def _button(text: str, kind: str, act: object) -> QPushButton:
    made = QPushButton(text)
    made.setAutoDefault(False)
    if kind:
        theme.set_kind(made, kind)
    made.clicked.connect(act)
    return made
