"""When Python looks for what only refers to itself: all of it only while nobody is at the window.

Left alone, Python goes through all objects at any time, in whichever thread makes new ones. With a
large cohort in memory that takes a quarter of a second, in which no other thread can do anything.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from gui.session.background import Background

LOOKS = 60_000
"""Milliseconds between two looks at how much there may be to collect."""

MANY = 300
"""Collections of the middle generation after which all is collected even beside the user."""

_NEVER = 1_000_000


class Collector(QObject):
    """Holds the full collection back until the program is left for another; until `stop`.

    What was made a moment ago is collected as ever, in turns too short to notice.
    """

    def __init__(self, app: QGuiApplication, background: Background) -> None:
        super().__init__(app)
        self._app = app
        self._background = background
        self._before = gc.get_threshold()
        young, middle, _old = self._before
        gc.set_threshold(young, middle, _NEVER)
        # What was imported up to here stays until the end: nobody need go through it again.
        gc.collect()
        gc.freeze()
        self._looks = QTimer(self)
        self._looks.timeout.connect(self._look)
        self._looks.start(LOOKS)
        app.applicationStateChanged.connect(self._follow)

    def stop(self) -> None:
        """Leave collecting to Python again."""
        self._looks.stop()
        self._app.applicationStateChanged.disconnect(self._follow)
        gc.unfreeze()
        gc.set_threshold(*self._before)

    def _follow(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive:
            self._collect()

    def _look(self) -> None:
        if gc.get_count()[2] >= MANY:
            self._collect()

    def _collect(self) -> None:
        """Collect everything, unless work is under way: it would have to wait."""
        if not self._background.busy():
            gc.collect()
