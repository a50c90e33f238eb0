"""What the journeys share: a window of the program's own, and hands at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings

from gui.window.app import name_program
from gui.window.main_window import MainWindow


@pytest.fixture
def open_window(light, qtbot) -> Iterator[Callable[..., MainWindow]]:
    """Opens the main window as the program does; what is left of it goes afterwards."""
    name_program()
    QSettings().clear()
    held: list[MainWindow] = []

    def show(path=None, *, demo: bool = False) -> MainWindow:
        window = MainWindow()
        held.append(window)
        window.resize(1440, 900)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        window.begin(path, demo=demo)
        return window

    yield show
    for window in held:
        window.close()
        window.leave()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
