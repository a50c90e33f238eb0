"""Told at once when the Qt binding is one that loses references."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject


def test_a_setter_leaves_the_count_of_references_to_none_as_it_was():
    """PySide6 6.12.0 on Python 3.11 loses one at each call, and aborts after some thousands."""
    target = QObject()
    before = sys.getrefcount(None)
    for _ in range(1_000):
        target.setObjectName("canary")
    assert abs(sys.getrefcount(None) - before) < 100
