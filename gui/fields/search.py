"""A field that searches while typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout

from gui.fields.base import Field
from gui.fields.results import ROW_HEIGHT, ResultList, SearchResult
from gui.style import icons, theme
from model.errors import KnownError
from model.language import _

ROWS_SHOWN = 9


class SearchField(Field[Any]):
    """One of the results that `find` returns for the text; Up, Down and Enter choose.

    `find` is called at each key and returns `(label, sublabel, value)`, the best first. The value
    is None until one is chosen, and again after the text changes.
    """

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
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(placeholder)
        self.edit.setClearButtonEnabled(True)
        picture = self.edit.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        icons.keep(picture, "search")
        self.edit.installEventFilter(self)
        self.edit.textEdited.connect(self._typed)
        self._take(self.edit)
        self.popup = QFrame(self)
        self.popup.hide()
        self.destroyed.connect(self.popup.deleteLater)
        theme.set_kind(self.popup, "popup")
        self.results = ResultList(_("Results"))
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.taken.connect(self._taken)
        layout = QVBoxLayout(self.popup)
        layout.setContentsMargins(1, 4, 1, 4)
        layout.addWidget(self.results)

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
        self._value = value
        self.edit.setText(label)
        self.popup.hide()
        self.changed.emit()

    def chosen(self) -> Any:
        """Return the chosen value or None, whatever the text."""
        return self._value

    def raw(self) -> object:
        """Return the text and the chosen value."""
        return (self.edit.text(), self._value)

    def takes_enter(self) -> bool:
        """Return whether the list is open: then Enter takes the chosen row."""
        return self.popup.isVisible()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list by keys typed in the line."""
        if watched is not self.edit:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.FocusOut:
            self.popup.hide()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        # Escape first closes the list: it must not reach the dialog's own.
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
            and self.popup.isVisible()
        ):
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        moves = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: ROWS_SHOWN,
            Qt.Key.Key_PageUp: -ROWS_SHOWN,
        }
        key = Qt.Key(event.key())
        if not self.popup.isVisible():
            if key == Qt.Key.Key_Down:
                self._show_results()
                return True
            return False
        if key in moves:
            self.results.step(moves[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.results.take_current()
        elif key == Qt.Key.Key_Escape:
            self.popup.hide()
        elif key == Qt.Key.Key_Tab and self._value is None:
            self.results.take_current()
            return False
        else:
            return False
        return True

    def _typed(self) -> None:
        self._value = None
        self._show_results()
        self.changed.emit()

    def _show_results(self) -> None:
        results = [SearchResult(*item) for item in self._find(self.edit.text().strip())]
        self.results.show_results(results)
        if not results:
            self.popup.hide()
            return
        # A child of the window, not a window: it neither takes the keyboard nor outlives the form.
        window = self.window()
        if self.popup.parent() is not window:
            self.popup.setParent(window)
        below = self.edit.mapTo(window, QPoint(0, self.edit.height() + 2))
        above = self.edit.mapTo(window, QPoint(0, -2))
        wanted = min(len(results), ROWS_SHOWN) * ROW_HEIGHT + 10
        upward = window.height() - below.y() < wanted and above.y() > window.height() - below.y()
        room = above.y() if upward else window.height() - below.y() - 4
        height = min(wanted, max(room, ROW_HEIGHT + 10))
        top = above.y() - height if upward else below.y()
        self.popup.setGeometry(below.x(), top, self.edit.width(), height)
        self.popup.show()
        self.popup.raise_()

    def _taken(self, value: Any) -> None:
        result = self.results.current()
        self.set_found(result.label if result else str(value), value)
