"""Today's date, and a signal when the day changes while the window is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal

CHECK_EVERY_MS = 60_000


class DayWatch(QObject):
    """Checks the date every minute: a timer until midnight would sleep with the computer."""

    changed = Signal()
    """The date has changed."""

    def __init__(self, today: Callable[[], date], parent: QObject) -> None:
        super().__init__(parent)
        self._today = today
        self.day = today()
        self._timer = QTimer(self)
        self._timer.setInterval(CHECK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Check the date now."""
        if self._today() != self.day:
            self.day = self._today()
            self.changed.emit()
