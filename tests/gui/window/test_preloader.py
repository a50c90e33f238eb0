"""The preloader: every module exists, and each step has a turn of its own."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer

from gui.window import preloader
from gui.window.preloader import Preloader, imports


def test_every_preloaded_module_exists(qapp):
    assert len(list(imports())) > 10


def test_steps_have_turns_of_their_own_and_the_rest_comes_after_them(qtbot, monkeypatch):
    done: list[str] = []

    def steps() -> Iterator[None]:
        for number in range(3):
            done.append(f"step {number}")
            QTimer.singleShot(0, lambda number=number: done.append(f"between {number}"))
            yield

    monkeypatch.setattr(preloader, "imports", steps)
    monkeypatch.setattr(preloader, "DELAY", 60_000)
    parent = QObject()
    preloading = Preloader(parent, lambda: done.append("a page"))
    preloading.begin()
    assert done == []
    qtbot.waitUntil(lambda: "a page" in done)
    assert done == [
        *("step 0", "between 0", "step 1", "between 1", "step 2", "between 2"),
        "a page",
    ]
