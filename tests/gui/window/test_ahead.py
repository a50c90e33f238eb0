"""What is imported ahead: every module exists, and each step has a turn of its own."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer

from gui.window import ahead
from gui.window.ahead import Ahead, imports


def test_every_module_that_is_imported_ahead_exists(qapp):
    assert len(list(imports())) > 10


def test_steps_have_turns_of_their_own_and_the_rest_comes_after_them(qtbot, monkeypatch):
    done: list[str] = []

    def steps() -> Iterator[None]:
        for number in range(3):
            done.append(f"step {number}")
            QTimer.singleShot(0, lambda number=number: done.append(f"between {number}"))
            yield

    monkeypatch.setattr(ahead, "imports", steps)
    monkeypatch.setattr(ahead, "DELAY", 60_000)
    parent = QObject()
    ahead_of_visit = Ahead(parent, lambda: done.append("a page"))
    ahead_of_visit.begin()
    assert done == []
    qtbot.waitUntil(lambda: "a page" in done)
    assert done == [
        *("step 0", "between 0", "step 1", "between 1", "step 2", "between 2"),
        "a page",
    ]
