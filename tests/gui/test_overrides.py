import importlib
import json
import os
import pkgutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import MethodDescriptorType

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import Shiboken

import gui
from gui.overrides import is_guarded, overrides
from tests.gui.failing_overrides import ERRORS, SECRET, TRIGGERS

ROOT = Path(__file__).parents[2]


def subclasses(cls: type) -> Iterator[type]:
    for subclass in cls.__subclasses__():
        yield subclass
        yield from subclasses(subclass)


@pytest.fixture(scope="module")
def our_classes() -> list[type]:
    """Every subclass of a Qt class in the program, and those of pyqtgraph."""
    for module in pkgutil.walk_packages(gui.__path__, "gui."):
        importlib.import_module(module.name)
    found = dict.fromkeys(subclasses(Shiboken.Object))
    return [cls for cls in found if cls.__module__.split(".")[0] in ("gui", "pyqtgraph")]


def test_every_override_of_qt_is_guarded(our_classes):
    unguarded = [
        f"{cls.__module__}.{cls.__qualname__}.{name}"
        for cls in our_classes
        for name, function in overrides(cls).items()
        if not is_guarded(vars(cls)[name])
    ]
    assert len(our_classes) > 200
    assert unguarded == []


def test_an_override_from_a_mixin_is_guarded_too():
    class Mixin:
        def sizeHint(self):
            return None

        def helper(self):
            return None

    class Widget(Mixin, QWidget):
        def heightForWidth(self, width):
            return width

    assert is_guarded(Widget.sizeHint)
    assert is_guarded(Widget.heightForWidth)
    assert not is_guarded(Widget.helper)
    assert not is_guarded(Mixin.sizeHint)


def test_an_error_leaves_a_guarded_override_as_it_was_raised(monkeypatch):
    hooked = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: hooked.append(error))

    class Target(QObject):
        def event(self, event):
            raise LookupError(event)

    with pytest.raises(LookupError) as raised:
        Target().event("event")
    assert hooked == [raised.value]


def kinds_of_override(classes: list[type]) -> dict[tuple[str, str], str]:
    """Each override by the Qt class that declares it, and its name; with a class that has it."""
    kinds = {}
    for cls in classes:
        for name in overrides(cls):
            declared_by = [
                base
                for base in cls.__mro__
                if isinstance(vars(base).get(name), MethodDescriptorType)
            ][-1]
            kinds[declared_by.__name__, name] = f"{cls.__module__}.{cls.__qualname__}"
    return kinds


def test_every_kind_of_override_is_tried_below(our_classes):
    ours = [cls for cls in our_classes if cls.__module__.startswith("gui.")]
    kinds = kinds_of_override(ours)
    assert {kind: cls for kind, cls in kinds.items() if kind not in TRIGGERS} == {}


def test_an_error_in_an_override_is_logged_and_shown_once_and_the_program_goes_on(tmp_path):
    outcome = subprocess.run(
        [sys.executable, "-m", "tests.gui.failing_overrides"],
        cwd=ROOT,
        env=os.environ | {"XDG_DATA_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    *lines, last = outcome.stdout.splitlines() or [""]
    assert (last, outcome.returncode) == ("end", 0), f"The program ended at: {last}"
    assert len(lines) == len(TRIGGERS) * len(ERRORS)
    faults: dict[str, list[tuple]] = defaultdict(list)
    for line in lines:
        override, error, result = line.split(" ", 2)
        seen = json.loads(result)
        known = error == "known"
        if not seen["raised"]:
            faults["Qt did not call it"].append((override, error))
        if seen["shown"] != ["The disk is full." if known else "Theralog ran into an error."]:
            faults["not shown once"].append((override, error, seen["shown"]))
        if len(seen["logged"]) != (0 if known else 1):
            faults["not logged once"].append((override, error, seen["logged"]))
    assert faults == {}
    log = (tmp_path / "Theralog" / "Theralog" / "theralog.log").read_text(encoding="utf-8")
    assert [word for word in SECRET.split() if word in log] == []
