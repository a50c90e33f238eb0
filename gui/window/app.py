"""The program with its window: starts it, runs it, and leaves nothing behind."""

from __future__ import annotations

import sys
from pathlib import Path

from gui.window.display import has_display

NO_DISPLAY = "There is no display to open a window on. The commands work without: theralog --help."

SWITCH = 0.0002
"""Seconds for which a thread keeps Python from the others; by default it is 0.005."""


def run(path: Path | None, *, demo: bool = False) -> int:
    """Open the window, on a casebook where one is named; gives the program's exit code.

    Without a display it says so on standard error and gives 2. The window is painted first; the
    store and the pages are imported once it is there.
    """
    if not has_display():
        sys.stderr.write(NO_DISPLAY + "\n")
        return 2
    from PySide6.QtWidgets import QApplication

    from gui.style import icons, theme
    from gui.style.schemes import scheme
    from gui.window.collector import Collector
    from gui.window.crash import CrashDesk
    from gui.window.main_window import MainWindow

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    name_program()
    theme.apply(app, scheme())
    app.setWindowIcon(icons.app_icon())
    desk = CrashDesk()
    desk.install()
    window = MainWindow()
    window.show()
    # A worker that reckons lets the window go on that soon: it needs Python many times a frame.
    sys.setswitchinterval(SWITCH)
    collector = Collector(app, window.background)
    window.begin(path, demo=demo)
    try:
        return app.exec()
    finally:
        window.leave()
        collector.stop()
        desk.close()


def name_program() -> None:
    """Tell Qt the program's name, which settings and data folders are named by."""
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtGui import QGuiApplication

    QCoreApplication.setOrganizationName("Theralog")
    QCoreApplication.setApplicationName("Theralog")
    QGuiApplication.setDesktopFileName("theralog")
