"""Today, and word of when it has become another day under an open window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal

LOOK_EVERY_MS = 60_000


class DayWatch(QObject):
    """Looks at the calendar every minute: a timer to midnight would sleep with the computer."""

    changed = Signal()
    """It is another day than before."""

    def __init__(self, today: Callable[[], date], parent: QObject) -> None:
        super().__init__(parent)
        self._today = today
        self.day = today()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Look at the calendar now."""
        if self._today() != self.day:
            self.day = self._today()
            self.changed.emit()
