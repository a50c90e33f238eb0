"""Runs full garbage collections only while the window is inactive.

By itself, Python may collect all generations at any time, in whichever thread allocates. With a
large cohort in memory that takes a quarter of a second, during which no other thread runs.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from gui.session.background import Background

INTERVAL = 60_000
"""Milliseconds between two checks of how much may be waiting for collection."""

MANY = 300
"""Collections of the middle generation after which a full one runs even in an active window."""

_NEVER = 1_000_000


class Collector(QObject):
    """Postpones full collections until another program is active; ended by `stop`.

    The young generations are collected as usual, in pauses too short to notice.
    """

    def __init__(self, app: QGuiApplication, background: Background) -> None:
        super().__init__(app)
        self._app = app
        self._background = background
        self._before = gc.get_threshold()
        young, middle, _old = self._before
        gc.set_threshold(young, middle, _NEVER)
        # What is imported by now lives until the end: no need to traverse it again.
        gc.collect()
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._check)
        self._timer.start(INTERVAL)
        app.applicationStateChanged.connect(self._follow)

    def stop(self) -> None:
        """Restore Python's own schedule."""
        self._timer.stop()
        self._app.applicationStateChanged.disconnect(self._follow)
        gc.unfreeze()
        gc.set_threshold(*self._before)

    def _follow(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive:
            self._collect()

    def _check(self) -> None:
        if gc.get_count()[2] >= MANY:
            self._collect()

    def _collect(self) -> None:
        """Run a full collection, unless background work is running, which would have to wait."""
        if not self._background.busy():
            gc.collect()
