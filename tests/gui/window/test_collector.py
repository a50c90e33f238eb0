"""Full collections wait until the window is inactive; young objects are collected as usual."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt

from gui.window import collector as collecting
from gui.window.collector import Collector


@pytest.fixture
def collected(monkeypatch) -> list[bool]:
    """One entry for each full collection."""
    found: list[bool] = []
    monkeypatch.setattr(gc, "collect", lambda: found.append(True))
    return found


@pytest.fixture
def collector(light, background, collected) -> Iterator[Collector]:
    made = Collector(light, background)
    collected.clear()
    yield made
    made.stop()
    made.deleteLater()


def test_python_runs_no_full_collection_until_the_collector_stops(light, background, collected):
    before = gc.get_threshold()
    made = Collector(light, background)
    young, middle, old = gc.get_threshold()
    assert (young, middle) == before[:2]
    assert old > 1000 * before[2]
    made.stop()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
    made.deleteLater()


def test_a_full_collection_runs_when_another_program_becomes_active(collector, light, collected):
    light.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert collected == []
    light.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert collected == [True]


def test_running_work_is_not_interrupted(collector, light, background, collected, qtbot):
    go_on = threading.Event()
    background.run(collector, lambda _job: go_on.wait(20), lambda _value: None)
    light.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert collected == []
    go_on.set()
    qtbot.waitUntil(lambda: not background.busy())


def test_a_large_backlog_is_collected_even_in_an_active_window(collector, collected, monkeypatch):
    collector._check()
    assert collected == []
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, collecting.MAX_COLLECTIONS))
    collector._check()
    assert collected == [True]
