"""Runs full garbage collections only while the window is inactive.

By default, Python may run a full collection at any time, in whichever thread allocates. With a
large cohort in memory it takes a quarter of a second, during which no other thread runs.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from gui.session.background import Background

INTERVAL = 60_000
"""Milliseconds between two checks of whether a full collection is overdue."""

MAX_COLLECTIONS = 300
"""Collections of the middle generation after which a full one runs even in an active window."""

_NEVER = 1_000_000


class Collector(QObject):
    """Postpones full collections until another program is active; `stop` ends this.

    The young generations are collected as usual, in pauses too short to notice.
    """

    def __init__(self, app: QGuiApplication, background: Background) -> None:
        super().__init__(app)
        self._app = app
        self._background = background
        self._thresholds = gc.get_threshold()
        young, middle, _old = self._thresholds
        gc.set_threshold(young, middle, _NEVER)
        # Objects that exist now live until the end, so later collections need not traverse them.
        gc.collect()
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._check)
        self._timer.start(INTERVAL)
        app.applicationStateChanged.connect(self._on_state_change)

    def stop(self) -> None:
        """Restore Python's default collections."""
        self._timer.stop()
        self._app.applicationStateChanged.disconnect(self._on_state_change)
        gc.unfreeze()
        gc.set_threshold(*self._thresholds)

    def _on_state_change(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive:
            self._collect()

    def _check(self) -> None:
        if gc.get_count()[2] >= MAX_COLLECTIONS:
            self._collect()

    def _collect(self) -> None:
        """Run a full collection unless background work is running, which it would interrupt."""
        if not self._background.busy():
            gc.collect()
