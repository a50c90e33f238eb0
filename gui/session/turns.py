"""Small pieces of work, one at each turn of the event loop: the window answers in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer

Piece = Callable[[], object]


class Turns(QObject):
    """Does what it is given in that order, one piece a turn."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pieces: deque[Piece] = deque()
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._do)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return not self._pieces

    def add(self, *pieces: Piece) -> None:
        """Do something more after what is still to be done."""
        self._pieces.extend(pieces)
        self._next.start(0)

    def replace(self, pieces: Iterable[Piece]) -> None:
        """Do this, and nothing more of what was to be done."""
        self._pieces = deque(pieces)
        if self._pieces:
            self._next.start(0)

    def _do(self) -> None:
        if not self._pieces:
            return
        piece = self._pieces.popleft()
        try:
            piece()
        finally:
            # What goes wrong with one is no reason to leave the rest undone.
            if self._pieces:
                self._next.start(0)
