"""A dialog that edits one record: it stays open until what it holds is saved or given up."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.fields.base import Field
from gui.style import theme
from gui.widgets import messages
from model.errors import InvalidRecord, KnownError
from model.language import _

T = TypeVar("T")
F = TypeVar("F", bound=Field[Any])
WIDTH = 560
LABEL_WIDTH = 140
LINE_HEIGHT = 30
# What fits, with the window's frame, on a screen of 1100 by 700.
HEIGHT = 640
# What a window's frame takes of a screen.
FRAME = 40


class Form(QDialog, Generic[T]):
    """The base of all forms. A form adds its rows in `__init__` and answers `save`.

    `Form.ask(parent, …)` opens one, waits, and gives what `save` gave, or None when it was given
    up. Ctrl+Enter and Ctrl+S save; Enter goes to the next field; Escape asks before anything that
    was typed is lost.
    """

    def __init__(self, parent: QWidget | None, title: str, *, save_text: str = "") -> None:
        """An empty form called `title`, whose button reads `save_text`, or else "Save"."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.fields: dict[str, Field[Any]] = {}
        self._saved: T | None = None
        self._untouched: object = None
        title_label = QLabel(title)
        theme.set_kind(title_label, "title")
        self._content = QWidget()
        theme.set_kind(self._content, "plain")
        self._sections = QVBoxLayout(self._content)
        self._sections.setContentsMargins(24, 4, 24, 16)
        self._sections.setSpacing(14)
        self._sections.addStretch(1)
        self._rows: QFormLayout | None = None
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._keep_margins)
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._fault = QFrame()
        theme.set_kind(self._fault, "fault")
        fault_layout = QVBoxLayout(self._fault)
        fault_layout.setContentsMargins(12, 8, 12, 8)
        fault_layout.addWidget(self._problem)
        self._fault.hide()
        # The keyboard meets them in the order that they are made in, not as they stand.
        self.save_button = QPushButton(save_text or _("&Save"), self)
        theme.set_kind(self.save_button, "primary")
        self.save_button.setToolTip(_("Ctrl+Enter"))
        self.cancel_button = QPushButton(_("Cancel"), self)
        self._lay_out(title_label)
        for button in (self.save_button, self.cancel_button):
            # A default button would close the form at an Enter meant for a field.
            button.setAutoDefault(False)
        self.save_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.accept)

    @classmethod
    def ask(cls, parent: QWidget | None, /, *arguments: Any, **named: Any) -> T | None:
        """Open the form, wait, and give what was saved, or None; nothing of it is left."""
        form = cls(parent, *arguments, **named)
        try:
            form.exec()
            return form._saved
        finally:
            form.deleteLater()

    def save(self) -> T:
        """Keep what is entered and give it; `KnownError` leaves the form open and says why."""
        raise NotImplementedError

    def state(self) -> object:
        """Everything that was entered, to be compared: a form with more than fields adds to it."""
        return {name: field.raw() for name, field in self.fields.items()}

    def add_section(self, title: str = "") -> QFormLayout:
        """Begin a card of rows under a title."""
        card = QFrame()
        theme.set_kind(card, "card")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(16, 14, 16, 16)
        layout.setSpacing(12)
        if title:
            heading = QLabel(title)
            theme.set_kind(heading, "heading")
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

    def add_row(self, label: str, field: F, name: str = "") -> F:
        """Add a field with its label (`&Code`); `name` is the record's field its problems name."""
        rows = self._rows or self.add_section()
        plain = label.replace("&&", "\0").replace("&", "").replace("\0", "&")
        field.set_label(plain)
        words = QLabel(label)
        words.setBuddy(field.input())
        words.setMinimumWidth(LABEL_WIDTH)
        words.setWordWrap(True)
        # Level with the first line of the field, whatever stands under that.
        words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        line = min(field.input().sizeHint().height(), LINE_HEIGHT)
        spare = line - words.fontMetrics().height()
        words.setContentsMargins(0, max(spare // 2, 0), 0, 0)
        rows.addRow(words, field)
        self.fields[name or plain.lower().replace(" ", "_").replace("-", "_")] = field
        field.input().installEventFilter(self)
        return field

    def add_wide(self, widget: QWidget) -> None:
        """Add something that takes a row's whole width."""
        (self._rows or self.add_section()).addRow(widget)

    def show_row(self, field: Field[Any], visible: bool = True) -> None:
        """Show or hide a field with its label."""
        for rows in self.findChildren(QFormLayout):
            if rows.indexOf(field) >= 0:
                rows.setRowVisible(field, visible)

    def remember(self) -> None:
        """Take what stands in the form now as what nobody has touched yet."""
        self._untouched = self.state()

    def is_touched(self) -> bool:
        """Whether closing the form would lose something."""
        return self.state() != self._untouched

    def show_problems(self, problems: dict[str, str]) -> None:
        """Show each sentence under its field, those of no field at the bottom; go to the first."""
        for name, field in self.fields.items():
            field.show_problem(problems.get(name, ""))
        rest = [sentence for name, sentence in problems.items() if name not in self.fields]
        self.show_problem(" ".join(rest))
        first = next((field for name, field in self.fields.items() if name in problems), None)
        if first is not None:
            first.input().setFocus(Qt.FocusReason.OtherFocusReason)
            QTimer.singleShot(0, first, lambda: self._scroll.ensureWidgetVisible(first))

    def show_problem(self, sentence: str) -> None:
        """Show a sentence that concerns the whole form, or none."""
        self._problem.setText(sentence)
        self._fault.setVisible(bool(sentence))

    def problem(self) -> str:
        """The sentence that concerns the whole form."""
        return self._problem.text()

    def saved(self) -> T | None:
        """What was saved, or None."""
        return self._saved

    def accept(self) -> None:
        """Save and close; say why not, if not."""
        faults = {
            name: sentence
            for name, field in self.fields.items()
            if not field.isHidden() and (sentence := field.fault())
        }
        self.show_problems(faults)
        if faults:
            return
        try:
            self._saved = self.save()
        except InvalidRecord as error:
            self.show_problems(error.problems)
        except KnownError as error:
            self.show_problem(str(error))
        else:
            super().accept()

    def reject(self) -> None:
        """Close without saving, asking first if something was typed."""
        if not self.is_touched() or messages.ask_discard(self):
            super().reject()

    def showEvent(self, event: QShowEvent) -> None:
        """Remember how the form was when it was opened."""
        if self._untouched is None:
            self.remember()
            self.resize(self._bounded())
            first = next(iter(self.fields.values()), None)
            if first is not None and self.focusWidget() is None:
                first.input().setFocus(Qt.FocusReason.TabFocusReason)
        super().showEvent(event)

    def sizeHint(self) -> QSize:
        """As high as its rows, but no higher than fits on a small screen."""
        around = self._frame_height()
        rows = self._sections.totalHeightForWidth(WIDTH)
        content = max(rows, self._content.sizeHint().height())
        return QSize(WIDTH, min(content + around + 2, HEIGHT))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter in a field go on to the next one, and bring the field into sight."""
        if (
            isinstance(event, QFocusEvent)
            and event.type() == QEvent.Type.FocusIn
            # What was clicked is in sight; it shall not move away under the pointer.
            and event.reason() != Qt.FocusReason.MouseFocusReason
            and isinstance(watched, QWidget)
        ):
            self._scroll.ensureWidgetVisible(watched)
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() in (_PLAIN, Qt.KeyboardModifier.KeypadModifier)
            and not isinstance(watched, QPlainTextEdit)
            and not any(field.takes_enter() for field in self.fields.values())
        ):
            self.focusNextChild()
            if focused := self.focusWidget():
                self._scroll.ensureWidgetVisible(focused)
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the button that has the focus at an Enter; leave Escape to the dialog."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, QPushButton) and focused.isEnabled():
                focused.click()
            return
        super().keyPressEvent(event)

    def _keep_margins(self, _least: int, most: int) -> None:
        """Keep the cards in line with the buttons whether or not there is a scroll bar."""
        bar = self._scroll.verticalScrollBar().sizeHint().width() if most > 0 else 0
        self._sections.setContentsMargins(24, 4, 24 - bar, 16)
        if most > 0:
            self._grow()

    def _grow(self) -> None:
        """Make room for a row or a sentence that has come; a form never shrinks by itself."""
        wanted = self._bounded().height()
        if self.isVisible() and wanted > self.height():
            self.resize(self.width(), wanted)

    def _bounded(self) -> QSize:
        """The size that is wanted, as far as the screen has room: Save is always in sight."""
        room = self.screen().availableGeometry().size()
        return self.sizeHint().boundedTo(room - QSize(FRAME, FRAME))

    def _frame_height(self) -> int:
        return self._head.sizeHint().height() + self._foot.sizeHint().height()

    def _lay_out(self, title: QLabel) -> None:
        head = self._head = QVBoxLayout()
        head.setContentsMargins(24, 20, 24, 12)
        head.addWidget(title)
        foot = self._foot = QVBoxLayout()
        foot.setContentsMargins(24, 12, 24, 16)
        foot.setSpacing(12)
        foot.addWidget(self._fault)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        self._extra_buttons = QHBoxLayout()
        buttons.addLayout(self._extra_buttons)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.save_button)
        foot.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(foot)

    def add_button(self, button: QPushButton) -> None:
        """Add a further button left of Cancel and Save, such as Delete."""
        button.setAutoDefault(False)
        self._extra_buttons.addWidget(button)


_PLAIN = Qt.KeyboardModifier.NoModifier
