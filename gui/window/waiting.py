"""Waiting for work on another thread while the window is painted but takes no input."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer

T = TypeVar("T")
POLL_MS = 5
_INPUT = frozenset(
    (
        *(QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride),
        *(QEvent.Type.Shortcut, QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease),
        *(QEvent.Type.MouseButtonDblClick, QEvent.Type.Wheel, QEvent.Type.ContextMenu),
    )
)


def wait_for(work: Callable[[], T]) -> T:
    """Run work on a thread and return its result, or raise its error.

    The event loop runs meanwhile; what the user types or clicks is discarded.
    """
    loop, discarding = QEventLoop(), _Discarding()
    with ThreadPoolExecutor(1, "waiting") as pool:
        future = pool.submit(work)
        polling = QTimer()
        polling.timeout.connect(lambda: loop.quit() if future.done() else None)
        polling.start(POLL_MS)
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(discarding)
        try:
            loop.exec()
        finally:
            polling.stop()
            if application is not None:
                application.removeEventFilter(discarding)
        return future.result()


class _Discarding(QObject):
    """Discards input."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Return True for input, which is then not delivered."""
        return event.type() in _INPUT
