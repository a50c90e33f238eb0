"""The grid of the Labs tab: what a cell shows about a result."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt

from gui.pages.patient.labs.grid import LabGridModel
from gui.style import theme
from model.records.labs import LabResult
from model.records.unit_system import UnitSystem

DAY = date(2025, 3, 7)


def hb(value: str, day: int = 0, **more: Any) -> LabResult:
    return LabResult(
        patient_id=1,
        taken_on=DAY + timedelta(days=day),
        analyte="hb",
        value=Decimal(value),
        unit="g/dL",
        lln=Decimal(12),
        uln=Decimal(16),
        **more,
    )


@pytest.fixture
def cells(light):
    """The cells of the only analyte of these results, newest first, in a role."""

    def read(*results: LabResult, role: int = Qt.ItemDataRole.DisplayRole, **more: Any) -> list:
        model = LabGridModel()
        model.show(results, **more)
        return [model.data(model.index(row, 1), role) for row in range(model.rowCount())]

    return read


def test_a_questioned_result_is_marked_with_its_reason(cells):
    results = (hb("128", 1), hb("11"))
    assert cells(*results) == ["128 ?", "11 ↓"]
    colours = cells(*results, role=Qt.ItemDataRole.ForegroundRole)
    assert colours[0].name() == theme.current().tone("warn").lower()
    tip = cells(*results, role=Qt.ItemDataRole.ToolTipRole)[0]
    assert "128 is implausible in this unit. Check the unit (g/dL)." in tip.splitlines()
    assert "Above" not in tip


def test_a_questioned_result_is_not_converted(cells):
    assert cells(hb("128", 1), hb("11"), system=UnitSystem.SI) == ["128 g/dL ?", "110 ↓"]


def test_a_confirmed_result_shows_why_it_is_right(cells):
    right = hb("128", confirmed="measured twice")
    assert cells(right) == ["128 ↑"]
    [tip] = cells(right, role=Qt.ItemDataRole.ToolTipRole)
    assert "Confirmed as right: measured twice" in tip.splitlines()
    assert "implausible" not in tip
