"""A pulse in the event loop: how long the window could not answer, and how much of it was work."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer

LONGEST = 0.05
"""Seconds that a turn of the window's thread may take."""

_BEAT = 2


class Pulse:
    """Beats from when it is made until `stop`.

    Of the time between two beats, `clock` has the seconds on the clock and `work` those in which
    this thread itself was at work: on a busy machine only the latter tell of the program.
    """

    def __init__(self) -> None:
        self.clock: list[float] = []
        self.work: list[float] = []
        self._last = (time.perf_counter(), time.thread_time())
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(_BEAT)

    def _beat(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        self.clock.append(now[0] - self._last[0])
        self.work.append(now[1] - self._last[1])
        self._last = now

    def stop(self) -> Pulse:
        """Beat no more; what was found stays."""
        self._timer.stop()
        return self
