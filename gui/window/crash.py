"""Handle uncaught errors: show the text of a known one; log any other, and show it once."""

from __future__ import annotations

import logging
import math
import re
import sys
import threading
import time
from contextlib import ExitStack
from types import TracebackType
from typing import Any

from PySide6.QtCore import (
    QCoreApplication,
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QWidget

from gui.widgets import messages
from gui.window.report_box import show_report
from model.error_log import describe, log, logging_to_file, origin
from model.errors import KnownError
from model.language import _

_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_QT_FUNCTION = re.compile(r"Q[A-Z]\w*(?:::\w+)*")
QUIET_SECONDS = 1.0
"""How long a known error that was closed is not shown again."""

_HANDLED = "handled_by_theralog"


class CrashHandler(QObject):
    """Handles every uncaught error of the program, from `install` to `close`.

    An error may come from any thread, and more than once: from the override that raised it, and
    again from whatever called Qt. It is shown when the event loop runs next, because a dialog
    cannot be opened while a widget is painting.
    """

    _raised = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reported: set[str] = set()
        self._is_showing = False
        self._quiet_until: dict[str, float] = {}
        self._installed = ExitStack()
        self._raised.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Start handling errors and Qt's messages, and writing the log."""
        self._installed.enter_context(logging_to_file())
        self._installed.callback(qInstallMessageHandler, None)
        self._installed.callback(_set_hooks, *_hooks())
        _set_hooks(self._handle_python_error, self._handle_thread_error, self._log_unraisable)
        qInstallMessageHandler(_log_qt_message)

    def close(self) -> None:
        """Restore the hooks and close the log."""
        self._installed.close()

    def handle(self, error: BaseException) -> None:
        """Show a known error; log and show any other, the first time that it is raised there."""
        if vars(error).get(_HANDLED):
            return
        vars(error)[_HANDLED] = True
        if isinstance(error, KnownError):
            # The text as it is now: PySide adds a prefix to an error that leaves an override.
            self._raised.emit(KnownError(str(error)))
        elif (place := origin(error)) not in self._reported:
            self._reported.add(place)
            report = describe(error)
            log.error("%s", report)
            self._raised.emit(report)

    @Slot(object)
    def _show(self, problem: KnownError | str) -> None:
        if isinstance(problem, KnownError):
            self._show_known(problem)
            return
        # While an error is shown, another one, perhaps caused by showing it, is only logged.
        if self._is_showing:
            return
        self._is_showing = True
        try:
            show_report(
                _window(),
                _("Theralog ran into an error."),
                _(
                    "Everything saved before is safe in the casebook. You can continue working. If"
                    " it happens again, please send the report below: it names places in the"
                    " program and nothing about your patients."
                ),
                problem,
            )
        finally:
            self._is_showing = False

    def _show_known(self, problem: KnownError) -> None:
        """Show a known error unless it is shown, or was just now: Qt paints again and again."""
        text, now = str(problem), time.monotonic()
        if now < self._quiet_until.get(text, 0):
            return
        self._quiet_until[text] = math.inf
        try:
            messages.error(_window(), problem)
        finally:
            self._quiet_until[text] = time.monotonic() + QUIET_SECONDS

    def _handle_python_error(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        self.handle(error.with_traceback(trace))

    def _handle_thread_error(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self.handle(arguments.exc_value)

    def _log_unraisable(self, arguments: sys.UnraisableHookArgs) -> None:
        """Log an error that Python cannot raise, such as one in a finaliser."""
        if arguments.exc_value is not None:
            log.error("%s", describe(arguments.exc_value))


def _hooks() -> tuple[Any, Any, Any]:
    return sys.excepthook, threading.excepthook, sys.unraisablehook


def _set_hooks(python: Any, thread: Any, unraisable: Any) -> None:
    sys.excepthook, threading.excepthook, sys.unraisablehook = python, thread, unraisable


def _window() -> QWidget | None:
    return QApplication.activeModalWidget() or QApplication.activeWindow()


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    # A message may name a file, so only the function of Qt at its start is logged.
    function = _QT_FUNCTION.match(message)
    level = _QT_LEVELS.get(kind, logging.WARNING)
    log.log(level, "Qt %s %s", context.category, function[0] if function else "")
