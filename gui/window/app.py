"""Start and run the program with its window. Qt is not imported before `run` is called."""

from __future__ import annotations

import os
import re
import socket
import sys
from contextlib import ExitStack, closing, suppress
from pathlib import Path

from model.language import _
from model.user_folder import user_folder

NO_DISPLAY = _("There is no display to open a window on. Commands need none: theralog --help.")

SWITCH_INTERVAL = 0.0002
"""How long in seconds a thread may run Python before others get a turn; the default is 0.005."""

_LOCAL_DISPLAY = re.compile(r"(?:unix)?:(\d+)(?:\.\d+)?")
_DISPLAYLESS_PLATFORMS = ("offscreen", "minimal", "vnc")


def run(path: Path | None, *, demo: bool = False) -> int:
    """Open the window, with a casebook if one is named, and return the program's exit code.

    Without a display, print a sentence to standard error and return 2. The window is painted first;
    the store and the pages are imported once it is visible.
    """
    if not has_display():
        sys.stderr.write(NO_DISPLAY + "\n")
        return 2
    from PySide6.QtWidgets import QApplication

    from gui.style import icons, theme
    from gui.style.schemes import scheme
    from gui.window.collector import Collector
    from gui.window.crash import CrashHandler
    from gui.window.main_window import MainWindow
    from gui.window.run_file import RunFile, take_leftover_reports

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    name_program()
    theme.apply(app, scheme())
    app.setWindowIcon(icons.app_icon())
    crash_handler = CrashHandler()
    crash_handler.install()
    with ExitStack() as ending:
        ending.callback(crash_handler.close)
        reports = take_leftover_reports(user_folder())
        # Where the user's folder cannot be written to, the program runs without this file.
        with suppress(OSError):
            ending.callback(RunFile(user_folder()).close)
        window = MainWindow()
        window.show()
        # The window runs Python many times a frame, so a busy worker thread must yield often.
        sys.setswitchinterval(SWITCH_INTERVAL)
        collector = Collector(app, window.background)
        ending.callback(collector.stop)
        ending.callback(window.leave)
        if reports:
            window.note_bad_end("\n".join(reports).strip())
        window.begin(path, demo=demo)
        return app.exec()


def name_program() -> None:
    """Set the names of organisation and program, from which Qt derives its settings' paths."""
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtGui import QGuiApplication

    QCoreApplication.setOrganizationName("Theralog")
    QCoreApplication.setApplicationName("Theralog")
    QGuiApplication.setDesktopFileName("theralog")


def has_display() -> bool:
    """Return whether Qt will find a display. Without one, Qt would end the program silently.

    Systems other than Linux always have one.
    """
    if not sys.platform.startswith("linux"):
        return True
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in _DISPLAYLESS_PLATFORMS:
        return True
    return _has_wayland(os.environ.get("WAYLAND_DISPLAY")) or _has_x(os.environ.get("DISPLAY"))


def _has_wayland(display: str | None) -> bool:
    if not display:
        return False
    return (Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere")) / display).exists()


def _has_x(display: str | None) -> bool:
    """Return whether the X server answers; a display on another computer is assumed to."""
    match = _LOCAL_DISPLAY.fullmatch(display or "")
    if not match:
        return bool(display)
    address = f"/tmp/.X11-unix/X{match[1]}"
    # The abstract socket of the same name works where the folder is not shared, as in containers.
    return any(map(_accepts_connection, (address, "\0" + address)))


def _accepts_connection(address: str) -> bool:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as client:
        client.settimeout(2)
        try:
            client.connect(address)
        except OSError:
            return False
    return True
