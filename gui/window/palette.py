"""The command palette, which finds actions and patients by parts of their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QLineEdit, QWidget

from gui.actions import keys_text
from gui.fields.results import ResultList, SearchResult
from gui.style import theme
from gui.widgets.layout import column, label
from model.language import _

WIDTH, HEIGHT = 560, 420


def find_actions(actions: Iterable[QAction], text: str) -> list[SearchResult]:
    """Return the actions whose names contain every typed word, names that start with it first."""
    words = text.casefold().split()
    matches = []
    for action in actions:
        name = action.text().replace("&", "").rstrip("…")
        if all(word in name.casefold() for word in words):
            matches.append(SearchResult(name, keys_text(action), action))
    matches.sort(key=lambda item: not item.label.casefold().startswith(text.casefold()))
    return matches


class Palette(QDialog):
    """A search line and a list of matches: actions, and whatever else `find` returns.

    `find` returns `(label, sublabel, run)` for each match; `run` is called if it is chosen.
    """

    def __init__(
        self,
        parent: QWidget,
        actions: Iterable[QAction],
        find: Callable[[str], Sequence[tuple[str, str, Callable[[], object]]]] = lambda _text: (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Search actions and patients"))
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        theme.set_kind(self, "sheet")
        self._actions = list(actions)
        self._find = find
        self._chosen: Any = None
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(_("Search actions and patients…"))
        self.edit.setAccessibleName(_("Search actions and patients"))
        self.edit.setFont(theme.sized(self.edit.font(), 15))
        theme.set_kind(self.edit, "bare")
        self.edit.installEventFilter(self)
        self.results = ResultList(_("Actions and patients"))
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.taken.connect(self._choose)
        self._empty = label(_("No matching action or patient."), "empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line = QFrame()
        line.setFixedHeight(1)
        theme.set_kind(line, "line")
        top = column(self.edit, margins=(10, 2, 10, 0))
        parts = (top, line, (self.results, 1), (self._empty, 1))
        column(*parts, spacing=4, margins=(1, 6, 1, 6), of=self)
        self.edit.textChanged.connect(self._show)
        self._show("")
        self.resize(WIDTH, HEIGHT)

    @classmethod
    def ask(
        cls,
        parent: QWidget,
        actions: Iterable[QAction],
        find: Callable[[str], Sequence[tuple[str, str, Callable[[], object]]]] = lambda _text: (),
    ) -> None:
        """Open the palette over a window; once it has closed, run the chosen match."""
        palette = cls(parent, actions, find)
        window = parent.window()
        left = max((window.width() - WIDTH) // 2, 0)
        palette.move(window.mapToGlobal(QPoint(left, min(90, window.height() // 8))))
        try:
            palette.exec()
            chosen = palette._chosen
        finally:
            palette.deleteLater()
        if isinstance(chosen, QAction):
            chosen.trigger()
        elif chosen is not None:
            chosen()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move through the list and choose by keys that are pressed in the search line."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            moves = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: 8,
                Qt.Key.Key_PageUp: -8,
            }
            key = Qt.Key(event.key())
            if key in moves:
                self.results.step(moves[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.results.take_current()
                return True
        return super().eventFilter(watched, event)

    def _show(self, text: str) -> None:
        text = text.strip()
        others = [SearchResult(*match) for match in self._find(text)] if text else []
        self.results.show_results(find_actions(self._actions, text) + others)
        self.results.setVisible(self.results.count() > 0)
        self._empty.setVisible(self.results.count() == 0)

    def _choose(self, value: Any) -> None:
        self._chosen = value
        self.accept()
