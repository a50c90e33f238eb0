"""Handle uncaught errors: show the text of a known one; log any other, and show it once."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

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
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QWidget

from gui.style import theme
from gui.widgets import messages
from model.errors import KnownError
from model.language import _
from model.user_folder import user_folder

log = logging.getLogger("theralog")
LOG_NAME = "theralog.log"
MAX_LOG_BYTES = 1_000_000
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def describe(error: BaseException) -> str:
    """Return the types of an error and its causes, and where they were raised, without any text.

    The text of an error may contain what a person typed, so it is in neither log nor report.
    """
    lines: list[str] = []
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        if lines:
            lines.append("which came after")
        lines.append(type(link).__module__ + "." + type(link).__qualname__)
        lines.extend(
            f"  {_short_path(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(link.__traceback__)
        )
        link = link.__cause__ or link.__context__
    return "\n".join(lines)


def log_file() -> Path:
    """Return the path of the log, in the user's folder."""
    return user_folder() / LOG_NAME


class CrashHandler(QObject):
    """Handles every uncaught error of the program, from `install` to `close`."""

    _thread_failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reported: set[str] = set()
        self._is_showing = False
        self._file: logging.Handler | None = None
        self._hooks = (sys.excepthook, threading.excepthook)
        self._thread_failed.connect(self.handle, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Start handling errors and Qt's messages, and writing the log."""
        self._file = _open_log(log_file())
        log.addHandler(self._file)
        log.setLevel(logging.INFO)
        sys.excepthook = self._handle_python_error
        threading.excepthook = self._handle_thread_error
        qInstallMessageHandler(_log_qt_message)

    def close(self) -> None:
        """Restore the hooks and close the log."""
        sys.excepthook, threading.excepthook = self._hooks
        qInstallMessageHandler(None)
        if self._file is not None:
            log.removeHandler(self._file)
            self._file.close()
            self._file = None

    @Slot(object)
    def handle(self, error: BaseException) -> None:
        """Show a known error; log any other, and show it the first time it is raised."""
        if isinstance(error, KnownError):
            messages.error(_window(), error)
            return
        report = describe(error)
        log.error("%s", report)
        # While an error is shown, another one, perhaps caused by showing it, is only logged.
        if report in self._reported or self._is_showing:
            return
        self._reported.add(report)
        self._is_showing = True
        try:
            _show(report)
        finally:
            self._is_showing = False

    def _handle_python_error(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        self.handle(error.with_traceback(trace))

    def _handle_thread_error(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._thread_failed.emit(arguments.exc_value)


def _show(report: str) -> None:
    box = messages.MessageBox(
        _window(),
        _("Theralog ran into an error."),
        _(
            "Everything saved before is safe in the casebook. You can continue working. If it"
            " happens again, please send the report below: it names places in the program and"
            " nothing about your patients."
        ),
    )
    text = QPlainTextEdit(report)
    text.setReadOnly(True)
    text.setTabChangesFocus(True)
    text.setAccessibleName(_("Report"))
    text.setFixedHeight(130)
    theme.set_kind(text, "report")
    box.add(text)
    copy = QPushButton(_("Copy report"))
    copy.setAutoDefault(False)
    copy.clicked.connect(lambda: QApplication.clipboard().setText(report))
    box.add_beside(copy)
    box.add_button(_("Continue"), "primary", answer=False).setFocus()
    box.ask()


def _window() -> QWidget | None:
    return QApplication.activeModalWidget() or QApplication.activeWindow()


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    # The part before the colon names a function of Qt; the rest may name a file and is left out.
    function = message.partition(":")[0][:80]
    log.log(_QT_LEVELS.get(kind, logging.WARNING), "Qt %s %s", context.category, function)


def _open_log(file: Path) -> logging.Handler:
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.stat().st_size > MAX_LOG_BYTES:
        file.replace(file.with_suffix(".old.log"))
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    return handler


def _short_path(filename: str) -> str:
    """Return the last two parts of a path, because the folders above may name a person."""
    return "/".join(Path(filename).parts[-2:])
