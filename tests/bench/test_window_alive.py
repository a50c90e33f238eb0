"""How long the window is kept from answering while a registry's cohort is shown and exported."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from gui.pages.cohort.page import CohortPage
from gui.pages.dialogs.export import ExportDialog
from gui.window.app import SWITCH_INTERVAL, name_program
from gui.window.collector import Collector
from gui.window.main_window import MainWindow
from gui.window.preloader import DELAY
from tests.bench import large_cohort
from tests.gui.pulse import LONGEST, Pulse

pytestmark = pytest.mark.slow

ROUNDS = 3
PATIENCE = 120.0


@pytest.fixture
def open_window(light: QApplication) -> Iterator[Callable[[Path], MainWindow]]:
    """Opens a window as the program does."""
    name_program()
    QSettings().clear()
    held: list[tuple[MainWindow, Collector]] = []
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)

    def leave() -> None:
        for window, collector in held:
            window.close()
            window.leave()
            collector.stop()
            window.deleteLater()
        held.clear()
        QApplication.processEvents()

    def show(path: Path) -> MainWindow:
        leave()
        window = MainWindow()
        window.resize(1440, 900)
        window.show()
        held.append((window, Collector(light, window.background)))
        window.begin(path)
        until(lambda: window.places is not None and not window.background.busy())
        return window

    yield show
    leave()
    sys.setswitchinterval(usual)


def until(so: Callable[[], object]) -> None:
    """Let the event loop turn until something is so; `QTest` would keep Python from the workers."""
    loop, begun = QEventLoop(), time.monotonic()
    timer = QTimer()
    timer.timeout.connect(
        lambda: loop.quit() if so() or time.monotonic() - begun > PATIENCE else None
    )
    timer.start(20)
    loop.exec()
    timer.stop()
    assert so()


def rest(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def counted_and_filled(window: MainWindow) -> tuple[Pulse, Pulse]:
    """The cohort when its place is opened for the first time: while it is counted, and filled."""
    rest(2 * DELAY)
    counting = Pulse()
    window.actions_table["place.cohort"].trigger()
    page = window.stack.currentWidget()
    assert isinstance(page, CohortPage)
    until(lambda: page.counts is not None)
    counting.stop()
    filling = Pulse()
    until(lambda: page.is_filled and not window.background.busy())
    rest(500)
    return counting, filling.stop()


def exported(window: MainWindow, folder: Path) -> Pulse:
    """The export of everything, in its dialog."""
    assert window.session is not None
    dialog = ExportDialog(window, window.session, window.background)
    dialog.folder.setText(str(folder))
    dialog.show()
    rest(300)
    pulse = Pulse()
    dialog.begin()
    until(lambda: dialog.done_into is not None)
    pulse.stop()
    dialog.deleteLater()
    return pulse


def test_the_window_answers_while_a_large_cohort_is_shown_and_exported(
    open_window: Callable[[Path], MainWindow], tmp_path: Path
) -> None:
    path = tmp_path / "large.theralog"
    large_cohort.make(path, passphrase=None)
    pulses: dict[str, list[Pulse]] = {"counted": [], "filled": [], "exported": []}
    for turn in range(ROUNDS):
        window = open_window(path)
        counting, filling = counted_and_filled(window)
        pulses["counted"].append(counting)
        pulses["filled"].append(filling)
        pulses["exported"].append(exported(window, tmp_path / f"out {turn}"))
    work = {name: min(max(each.work) for each in of) for name, of in pulses.items()}
    clock = {name: min(max(each.clock) for each in of) for name, of in pulses.items()}
    told = "; ".join(
        f"{name}: {1000 * work[name]:.0f} ms of work, {1000 * clock[name]:.0f} ms on the clock"
        for name in pulses
    )
    sys.stdout.write(f"\nThe longest turn, 10,000 patients {told}\n")
    # Ten thousand patients in one figure take longer than that to be drawn at first.
    assert max(work["counted"], work["exported"]) <= LONGEST, told
