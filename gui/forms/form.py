"""The base of all forms: a dialog that stays open until its values are saved or discarded."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QFrame,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from gui.fields.base import Field
from gui.session.session import Session
from gui.style import theme
from gui.widgets import messages
from gui.widgets.layout import column, label, row
from model.errors import EditConflict, InvalidRecord, KnownError
from model.language import _

T = TypeVar("T")
F = TypeVar("F", bound=Field[Any])
WIDTH = 560
LABEL_WIDTH = 140
SECOND_LABEL_WIDTH = 46
LINE_HEIGHT = 30
HEIGHT = 640
"""Fits, with the window's frame, on a screen of 1100 by 700."""
FRAME = 40
"""The pixels that a window's frame takes of a screen."""
_PLAIN = Qt.KeyboardModifier.NoModifier


def busy_bar(name: str, parent: QWidget) -> QProgressBar:
    """Return a hidden bar that keeps its room, called `name` for screen readers."""
    bar = QProgressBar(parent)
    bar.setRange(0, 0)
    bar.setTextVisible(False)
    bar.setAccessibleName(name)
    policy = bar.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    bar.setSizePolicy(policy)
    bar.hide()
    return bar


class Form(QDialog, Generic[T]):
    """A form adds its rows in `__init__` and implements `save`.

    `Form.ask(parent, …)` opens one, waits, and returns what `save` returned, or None when it was
    cancelled. Ctrl+Enter and Ctrl+S save; Enter goes to the next field; Escape asks before
    anything typed is lost.
    """

    def __init__(self, parent: QWidget | None, title: str, *, save_text: str = "") -> None:
        """An empty form called `title`, with `save_text` (by default "Save") on its button."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.fields: dict[str, Field[Any]] = {}
        self._saved: T | None = None
        self._untouched: object = None
        title_label = label(title, "title")
        self._content = QWidget()
        theme.set_kind(self._content, "plain")
        self._sections = column(1, spacing=14, margins=(24, 4, 24, 16), of=self._content)
        self._rows: QFormLayout | None = None
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._keep_margins)
        self._problem = label(wrap=True, plain=True)
        self._fault = QFrame()
        theme.set_kind(self._fault, "fault")
        column(self._problem, margins=(12, 8, 12, 8), of=self._fault)
        self._fault.hide()
        # Tab follows the order of creation, not of the layout.
        self.save_button = QPushButton(save_text or _("&Save"), self)
        theme.set_kind(self.save_button, "primary")
        self.save_button.setToolTip(_("Ctrl+Enter"))
        self.cancel_button = QPushButton(_("Cancel"), self)
        self._lay_out(title_label)
        for button in (self.save_button, self.cancel_button):
            # A default button would close the form on an Enter meant for a field.
            button.setAutoDefault(False)
        self.save_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.accept)

    @classmethod
    def ask(cls, parent: QWidget | None, /, *arguments: Any, **named: Any) -> T | None:
        """Open the form, wait, and return what was saved, or None; the form is deleted.

        A form of a session whose casebook can only be read is not opened: the reason is shown.
        """
        session = next((each for each in arguments if isinstance(each, Session)), None)
        if session is not None and session.read_only is not None:
            messages.error(parent, session.read_only)
            return None
        form = cls(parent, *arguments, **named)
        try:
            form.exec()
            return form._saved
        finally:
            form.deleteLater()

    @abstractmethod
    def save(self) -> T:
        """Save the input and return it; a `KnownError` is shown and keeps the form open."""

    def state(self) -> object:
        """Return all input, to be compared; a form with more than fields extends it."""
        return {name: field.raw() for name, field in self.fields.items()}

    def add_section(self, title: str = "") -> QFormLayout:
        """Start a card of rows under a title."""
        card = QFrame()
        theme.set_kind(card, "card")
        layout = column(spacing=12, margins=(16, 14, 16, 16), of=card)
        if title:
            heading = label(title, "heading")
            heading.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            layout.addWidget(heading)
        rows = QFormLayout()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(16)
        rows.setVerticalSpacing(10)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(rows)
        self._sections.insertWidget(self._sections.count() - 1, card)
        self._rows = rows
        return rows

    def add_row(self, name: str, label: str, field: F) -> F:
        """Add a field with a label such as `&Code`; `name` is also that of the record's field."""
        words = self._register(name, label, field)
        words.setMinimumWidth(LABEL_WIDTH)
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        (self._rows or self.add_section()).addRow(words, field)
        return field

    def add_beside(self, first: Field[Any], name: str, label: str, second: Field[Any]) -> None:
        """Add a second field with a label of its own to the row of `first`.

        It is as wide as its input, which has a fixed width.
        """
        words = self._register(name, label, second)
        theme.set_kind(words, "soft")
        # One width, so that the second fields of several rows line up.
        words.setFixedWidth(SECOND_LABEL_WIDTH)
        words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        second.setFixedWidth(second.input().minimumWidth())
        first.add_right(words)
        first.add_right(second)

    def _register(self, name: str, label: str, field: Field[Any]) -> QLabel:
        """Register a field with the form, and return its label, level with its first line."""
        field.set_label(label.replace("&&", "\0").replace("&", "").replace("\0", "&"))
        self.fields[name] = field
        field.input().installEventFilter(self)
        words = QLabel(label)
        words.setBuddy(field.input())
        line = min(field.input().sizeHint().height(), LINE_HEIGHT)
        spare = line - words.fontMetrics().height()
        words.setContentsMargins(0, max(spare // 2, 0), 0, 0)
        return words

    def add_wide(self, widget: QWidget) -> None:
        """Add a widget that takes the whole width of a row."""
        (self._rows or self.add_section()).addRow(widget)

    def add_text(self, text: str = "", kind: str = "hint") -> QLabel:
        """Add a paragraph of plain text, styled by `kind`, and return its label."""
        paragraph = label(text, kind, wrap=True, plain=True)
        self.add_wide(paragraph)
        return paragraph

    def show_row(self, field: Field[Any], visible: bool = True) -> None:
        """Show or hide a field with its label."""
        for rows in self.findChildren(QFormLayout):
            if rows.indexOf(field) >= 0:
                rows.setRowVisible(field, visible)

    def remember(self) -> None:
        """Remember the present input as the one without changes."""
        self._untouched = self.state()

    def forget_untouched(self) -> None:
        """Take the present input for changes, whatever it is."""
        self._untouched = object()

    def is_touched(self) -> bool:
        """Return whether closing the form would lose input."""
        return self.state() != self._untouched

    def show_problems(self, problems: dict[str, str]) -> None:
        """Show each sentence under its field, the others at the bottom; focus the first field."""
        for name, field in self.fields.items():
            field.show_problem(problems.get(name, ""))
        rest = [sentence for name, sentence in problems.items() if name not in self.fields]
        self.show_problem(" ".join(rest))
        first = next((field for name, field in self.fields.items() if name in problems), None)
        if first is not None:
            first.input().setFocus(Qt.FocusReason.OtherFocusReason)
            QTimer.singleShot(0, first, lambda: self._scroll.ensureWidgetVisible(first))

    def show_problem(self, sentence: str) -> None:
        """Show a problem of the whole form, or hide it if empty."""
        self._problem.setText(sentence)
        self._fault.setVisible(bool(sentence))

    def problem(self) -> str:
        """Return the problem shown for the whole form."""
        return self._problem.text()

    def saved(self) -> T | None:
        """Return what was saved, or None."""
        return self._saved

    def has_faults(self) -> bool:
        """Show what is wrong with the visible fields, and return whether anything is."""
        for field in self.fields.values():
            field.before_saving()
        faults = {
            name: sentence
            for name, field in self.fields.items()
            if not field.isHidden() and (sentence := field.fault())
        }
        self.show_problems(faults)
        return bool(faults)

    def accept(self) -> None:
        """Save and close, or show why not."""
        if self.has_faults():
            return
        try:
            self._saved = self.save()
        except InvalidRecord as error:
            self.show_problems(error.problems)
        except EditConflict as conflict:
            self.resolve(conflict)
        except KnownError as error:
            self.show_problem(str(error))
        else:
            super().accept()

    def resolve(self, conflict: EditConflict) -> None:
        """Show that a record was changed meanwhile; forms that edit records let the user decide."""
        self.show_problem(str(conflict))

    def confirm(self, questions: dict[str, str]) -> None:
        """Ask whether to save what is unlikely; raises InvalidRecord if not."""
        if not questions:
            return
        confirmed = messages.ask(
            self,
            _("Save these unusual values?"),
            _("Save"),
            _("Change"),
            detail="\n".join(dict.fromkeys(questions.values())),
        )
        if not confirmed:
            raise InvalidRecord(questions)

    def reject(self) -> None:
        """Close without saving; ask first if there is unsaved input."""
        if not self.is_touched() or messages.ask_discard(self):
            super().reject()

    def showEvent(self, event: QShowEvent) -> None:
        """Size the form and remember its state when it is opened."""
        if self._untouched is None:
            self.remember()
            self.resize(self._bounded())
            first = next(iter(self.fields.values()), None)
            if first is not None and self.focusWidget() is None:
                first.input().setFocus(Qt.FocusReason.TabFocusReason)
        super().showEvent(event)

    def sizeHint(self) -> QSize:
        """Return the height of all rows, at most what fits on a small screen."""
        around = self._frame_height()
        rows = self._sections.totalHeightForWidth(WIDTH)
        content = max(rows, self._content.sizeHint().height())
        return QSize(WIDTH, min(content + around + 2, HEIGHT))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move to the next field on Enter, and scroll the focused field into view."""
        if (
            isinstance(event, QFocusEvent)
            and event.type() == QEvent.Type.FocusIn
            # What was clicked is in view and must not move away under the pointer.
            and event.reason() != Qt.FocusReason.MouseFocusReason
            and isinstance(watched, QWidget)
        ):
            self._scroll.ensureWidgetVisible(watched)
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() in (_PLAIN, Qt.KeyboardModifier.KeypadModifier)
            and isinstance(watched, QWidget)
            and not isinstance(watched, QPlainTextEdit)
        ):
            for field in self.fields.values():
                if field.input() is watched:
                    field.settle()
            # Accepting the value may already have moved the focus.
            if self.focusWidget() is watched:
                self.focusNextChild()
            if focused := self.focusWidget():
                self._scroll.ensureWidgetVisible(focused)
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the focused button on Enter; leave Escape to the dialog."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, QPushButton) and focused.isEnabled():
                focused.click()
            return
        super().keyPressEvent(event)

    def _keep_margins(self, _least: int, most: int) -> None:
        """Keep the cards aligned with the buttons, with or without a scroll bar."""
        bar = self._scroll.verticalScrollBar().sizeHint().width() if most > 0 else 0
        self._sections.setContentsMargins(24, 4, 24 - bar, 16)
        if most > 0:
            self._grow()

    def _grow(self) -> None:
        """Make room for a new row or sentence; a form never shrinks by itself."""
        height = self._bounded().height()
        if self.isVisible() and height > self.height():
            self.resize(self.width(), height)

    def _bounded(self) -> QSize:
        """Return the size hint, limited by the screen: Save is always in view."""
        room = self.screen().availableGeometry().size()
        return self.sizeHint().boundedTo(room - QSize(FRAME, FRAME))

    def _frame_height(self) -> int:
        return self._head.sizeHint().height() + self._foot.sizeHint().height()

    def _lay_out(self, title: QLabel) -> None:
        self._head = column(title, margins=(24, 20, 24, 12))
        self._extra_buttons = row(spacing=10)
        buttons = row(self._extra_buttons, 1, self.cancel_button, self.save_button, spacing=10)
        self._foot = column(self._fault, buttons, spacing=12, margins=(24, 12, 24, 16))
        column(self._head, (self._scroll, 1), self._foot, spacing=0, of=self)

    def add_button(self, button: QPushButton) -> None:
        """Add another button, left of Cancel and Save."""
        button.setAutoDefault(False)
        self._extra_buttons.addWidget(button)
