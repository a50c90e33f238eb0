"""Messages to the user: passing notices, questions, errors."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QPushButton, QToolButton, QWidget

from gui.style import icons, theme
from gui.widgets.layout import column, label, row
from model.errors import KnownError
from model.language import _

SECONDS = 8
MARGIN = 20
TEXT_WIDTH = 360


class NoticeBar(QFrame):
    """A line over the bottom of a window that shows what was done and offers one action.

    It takes no focus, disappears after some seconds, and stays while the pointer is on it.
    """

    def __init__(self, window: QWidget) -> None:
        """A bar over `window`, hidden until a notice is shown."""
        super().__init__(window)
        self._over = window
        theme.set_kind(self, "notice")
        self._words = label(plain=True)
        self._button = QPushButton()
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.set_kind(self._button, "onNotice")
        self._close = QToolButton()
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._close.setAccessibleName(_("Close this notice"))
        icons.keep(self._close, "close", lambda colours: colours.tip_ink)
        items = ((self._words, 1), self._button, self._close)
        self._layout = row(*items, spacing=14, margins=(16, 8, 8, 8), of=self)
        self._action: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._button.clicked.connect(self._act)
        self._close.clicked.connect(self.hide)
        window.installEventFilter(self)
        self.hide()

    def show_notice(
        self,
        text: str,
        action_text: str = "",
        action: Callable[[], object] | None = None,
        seconds: int = SECONDS,
    ) -> None:
        """Replace the notice, with a button if there is an action."""
        self._words.setText(text)
        self.setAccessibleName(text)
        self._action = action
        self._button.setText(action_text)
        self._button.setVisible(bool(action_text))
        self._place()
        self.show()
        self.raise_()
        self._timer.start(seconds * 1000)

    def text(self) -> str:
        """Return the notice, or an empty text while hidden."""
        return "" if self.isHidden() else self._words.text()

    def action_button(self) -> QPushButton:
        """Return the button of the action."""
        return self._button

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom of the window."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay while the pointer is here."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Start waiting again."""
        self._timer.start(SECONDS * 1000)
        super().leaveEvent(event)

    def _act(self) -> None:
        action = self._action
        self.hide()
        if action is not None:
            action()

    def _place(self) -> None:
        window = self._over
        self._words.setWordWrap(False)
        wanted = self.sizeHint()
        width = min(max(wanted.width(), 280), window.width() - 2 * MARGIN)
        self._words.setWordWrap(width < wanted.width())
        height = max(self._layout.totalHeightForWidth(width), wanted.height())
        left = (window.width() - width) // 2
        self.setGeometry(left, window.height() - height - MARGIN - 16, width, height)


class MessageBox(QDialog):
    """A dialog with a short text and buttons; Escape is the last button."""

    def __init__(self, parent: QWidget | None, text: str, detail: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle("Theralog")
        self.setModal(True)
        self.setAccessibleName(text)
        self.setAccessibleDescription(detail)
        self._layout = column(_paragraph(text, "heading"), margins=(24, 22, 24, 18), of=self)
        if detail:
            self._layout.addWidget(_paragraph(detail))
        self._buttons = row(1, spacing=10, margins=(0, 12, 0, 0))
        self._layout.addLayout(self._buttons)
        self._answer = False

    def add(self, widget: QWidget) -> None:
        """Add a widget between the text and the buttons."""
        self._layout.insertWidget(self._layout.count() - 1, widget)

    def add_beside(self, button: QPushButton) -> None:
        """Add a button at the left that leaves the box open."""
        self._buttons.insertWidget(0, button)

    def add_button(self, text: str, kind: str = "", *, answer: bool) -> QPushButton:
        """Add a button that closes the box with an answer."""
        button = QPushButton(text)
        # Enter presses the focused button.
        button.setAutoDefault(True)
        theme.set_kind(button, kind)
        button.clicked.connect(lambda: self._close(answer))
        self._buttons.addWidget(button)
        return button

    def ask(self) -> bool:
        """Show the box, wait, and return the answer of the button; the box is deleted."""
        try:
            self.exec()
            return self._answer
        finally:
            self.deleteLater()

    def _close(self, answer: bool) -> None:
        self._answer = answer
        self.accept()


def _paragraph(text: str, kind: str = "") -> QLabel:
    paragraph = label(text, kind, wrap=True, plain=True)
    paragraph.setMinimumWidth(TEXT_WIDTH)
    return paragraph


def notice(
    widget: QWidget,
    text: str,
    action_text: str = "",
    action: Callable[[], object] | None = None,
) -> None:
    """Show a notice at the bottom of the window of a widget."""
    window = widget.window()
    bar = window.findChild(NoticeBar) or NoticeBar(window)
    bar.show_notice(text, action_text, action)


def hide_notice(widget: QWidget) -> None:
    """Hide the notice of the window of a widget."""
    bar = widget.window().findChild(NoticeBar)
    if bar is not None:
        bar.hide()


def ask(
    parent: QWidget | None,
    question: str,
    yes: str,
    no: str,
    *,
    detail: str = "",
    danger: bool = False,
) -> bool:
    """Ask a question with two answers; Escape and Enter are the harmless `no`.

    `danger` marks a `yes` that loses data.
    """
    box = MessageBox(parent, question, detail)
    box.add_button(yes, "danger" if danger else "primary", answer=True)
    box.add_button(no, answer=False).setFocus()
    return box.ask()


def ask_discard(parent: QWidget | None) -> bool:
    """Ask whether to discard the input."""
    return ask(
        parent,
        _("Discard what you typed?"),
        _("Discard"),
        _("Keep editing"),
        detail=_("It has not been saved."),
        danger=True,
    )


def error(parent: QWidget | None, problem: KnownError) -> None:
    """Show a KnownError, with its first sentence as the heading."""
    first, rest = split_sentence(str(problem))
    box = MessageBox(parent, first, rest)
    box.add_button(_("Close"), "primary", answer=False).setFocus()
    box.ask()


def split_sentence(text: str) -> tuple[str, str]:
    """Return the first sentence or line of a text, and the rest."""
    match = re.match(r"(.+?(?:[.!?](?=\s+[A-Z“])|(?=\n)|$))\s*(.*)", text, re.DOTALL)
    return (match[1], match[2]) if match else (text, "")
