"""What is got ready ahead: everything that is named is there, in turns of its own."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from PySide6.QtCore import QObject

from gui.window import ahead
from gui.window.ahead import MODULES, Ahead


@pytest.mark.parametrize("name", MODULES)
def test_every_module_that_is_named_is_there(name):
    assert find_spec(name) is not None


def test_modules_come_one_a_turn_and_the_rest_after_them(qtbot, monkeypatch):
    done: list[str] = []
    monkeypatch.setattr(ahead, "import_module", done.append)
    monkeypatch.setattr(ahead, "RESTS", 0)
    parent = QObject()
    made = Ahead(parent, lambda: done.append("a page"))
    made.begin()
    assert done == []
    qtbot.waitUntil(lambda: "a page" in done)
    assert done == [*MODULES, "a page"]
