"""Small pieces of work, one per turn of the event loop, so that the window stays responsive."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer

Piece = Callable[[], object]


class Turns(QObject):
    """Runs pieces of work in their order, one per turn."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pieces: deque[Piece] = deque()
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._do)

    @property
    def is_done(self) -> bool:
        """Whether no work is left."""
        return not self._pieces

    def add(self, *pieces: Piece) -> None:
        """Add work after what is pending."""
        self._pieces.extend(pieces)
        self._next.start(0)

    def replace(self, pieces: Iterable[Piece]) -> None:
        """Do this instead of what is pending."""
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
            # An error in one piece must not stop the rest.
            if self._pieces:
                self._next.start(0)
