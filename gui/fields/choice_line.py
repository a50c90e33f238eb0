"""A line with a list below it: typing searches, Tab and Enter take the first match and go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QIcon, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from shiboken6 import isValid

from gui.fields.popup import MOVES, Popup
from gui.fields.results import SearchResult
from gui.style import icons

_STILL_TYPING = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
_PLAIN = Qt.KeyboardModifier.NoModifier


class ChoiceLine(QLineEdit):
    """The line of a field with a list; the field decides what is listed and what a text means.

    While something is typed, the list shows what it may mean, and the first match is chosen. Up and
    Down choose another. Leaving the line in any way takes what is chosen, and so does Enter; a
    click takes its row. Escape takes everything back. Down, Alt+Down, F4, a click and a space
    before anything is typed open the whole list.
    """

    taken = Signal(object)
    """The value of the row that was clicked, or that was chosen when the line was left."""
    left = Signal()
    """The line was left with a text that nothing was chosen for."""
    restored = Signal()
    """Escape was pressed."""
    kept = Signal()
    """Shift+Enter was pressed, or the note of the list was clicked: the text is meant as it is."""

    def __init__(
        self,
        owner: QWidget,
        list_for: Callable[[str], Sequence[SearchResult]],
        *,
        has_arrow: bool = True,
    ) -> None:
        """A line whose list is `list_for` the typed text, where an empty text lists everything.

        Without an arrow it looks like a search, and a click does not open the list.
        """
        super().__init__()
        self._list_for = list_for
        self._has_arrow = has_arrow
        self._is_pending = False
        self.popup = Popup(self, owner)
        self.results = self.popup.results
        self.results.taken.connect(self._take)
        self.results.note_clicked.connect(self.kept)
        self.textEdited.connect(self._search)
        if has_arrow:
            arrow = self.addAction(QIcon(), QLineEdit.ActionPosition.TrailingPosition)
            icons.keep(arrow, "arrow-down")
            arrow.triggered.connect(self._toggle)

    def settle(self) -> None:
        """Take what is chosen, as leaving the line does; nothing where nothing was typed."""
        was_pending = self._is_pending
        self._close()
        if not was_pending or not isValid(self.popup):
            return
        if (chosen := self.results.current()) is not None:
            self.taken.emit(chosen.value)
        else:
            self.left.emit()

    def show_text(self, text: str) -> None:
        """Show the text of an entry."""
        self._close()
        self.setText(text)
        if not self.hasFocus():
            # A text that does not fit is shown from its beginning.
            self.setCursorPosition(0)

    def event(self, event: QEvent) -> bool:
        """Keep Escape from the dialog while there is something to take back here."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
            and self._has_open_question()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose in the list, take from it, or take everything back; other keys are typed."""
        key = Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if key == Qt.Key.Key_Escape and self._has_open_question():
            self._close()
            self.restored.emit()
        elif is_enter and modifiers == Qt.KeyboardModifier.ShiftModifier:
            self.kept.emit()
        elif is_enter and modifiers == _PLAIN and self._has_open_question():
            self.settle()
        elif key == Qt.Key.Key_F4 or (
            key == Qt.Key.Key_Down and modifiers == Qt.KeyboardModifier.AltModifier
        ):
            self._toggle()
        elif key in MOVES and modifiers == _PLAIN:
            self._move(MOVES[key])
        elif key == Qt.Key.Key_Space and not self._is_pending and self._has_arrow:
            self._open()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Take what is chosen before the next field is looked for: it may appear only then."""
        self.settle()
        # What was taken may have led elsewhere already.
        is_here = self.window().focusWidget() is self
        return super().focusNextPrevChild(forward) if is_here else True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the text however the keyboard came here, so that typing replaces it."""
        super().focusInEvent(event)
        by_hand = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason)
        if not self._is_pending and event.reason() not in by_hand:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take what is chosen, unless the keyboard comes back to this line."""
        if event.reason() in _STILL_TYPING:
            self._hide_list()
        else:
            self.settle()
        super().focusOutEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the list; typing then replaces the text."""
        super().mousePressEvent(event)
        if self._has_arrow and event.button() == Qt.MouseButton.LeftButton:
            self._toggle()

    def _has_open_question(self) -> bool:
        return self._is_pending or self.popup.isVisible()

    def _close(self) -> None:
        self._is_pending = False
        self._hide_list()

    def _hide_list(self) -> None:
        # The list belongs to the window, which may be on its way out and take it along first.
        if isValid(self.popup):
            self.popup.hide()

    def _toggle(self) -> None:
        if self.popup.isVisible():
            self.popup.hide()
        elif self._is_pending:
            self._search(self.text())
        else:
            self._open()

    def _open(self) -> None:
        """Open the whole list at the present entry."""
        results, text = self._list_for(""), self.text()
        present = (
            index
            for index, result in enumerate(results)
            if (result.label == text if text else result.value is None)
        )
        self.popup.show_results(results, next(present, -1))
        self.selectAll()

    def _search(self, text: str) -> None:
        """List what the text may mean, with the first match chosen."""
        self._is_pending = True
        self.popup.show_results(self._list_for(text) if text.strip() else ())

    def _move(self, rows: int) -> None:
        if not self.popup.isVisible():
            self._toggle()
        self.results.step(rows)
        self._is_pending |= self.popup.isVisible()

    def _take(self, value: object) -> None:
        self._close()
        self.taken.emit(value)
