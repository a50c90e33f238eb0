from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from model.course.outside_limits import outside_limit
from model.records.labs import LabResult


def result(value, *, comparator=None, lln="12.0", uln="16.0", analyte="hb", unit="g/dL"):
    return LabResult(
        patient_id=1,
        taken_on=date(2025, 3, 7),
        analyte=analyte,
        comparator=comparator,
        value=Decimal(value),
        unit=unit,
        lln=Decimal(lln) if lln else None,
        uln=Decimal(uln) if uln else None,
    )


def mark(*about, sex=None, **named):
    found = outside_limit(result(*about, **named), sex)
    return found.mark if found else ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [("11.9", "↓"), ("12.0", ""), ("12", ""), ("16.0", ""), ("16.1", "↑")],
)
def test_the_limits_themselves_are_normal(value, expected):
    assert mark(value) == expected


@pytest.mark.parametrize(
    ("comparator", "value", "expected"),
    [
        ("<", "12.0", "↓"),
        ("<", "12.1", ""),
        ("<", "17", ""),
        (">", "16.0", "↑"),
        (">", "15.9", ""),
        (">", "11", ""),
    ],
)
def test_a_bound_is_marked_only_when_every_value_it_allows_is_outside(comparator, value, expected):
    assert mark(value, comparator=comparator) == expected


def test_one_limit_alone_is_enough():
    assert mark("11", uln=None) == "↓"
    assert mark("17", lln=None) == "↑"
    assert mark("17", uln=None) == ""


def test_customary_limits_serve_only_where_there_are_none_and_say_so():
    found = outside_limit(result("11.9", lln=None, uln=None), "F")
    assert (found.below, found.is_default, found.limit) == (True, True, Decimal("12.0"))
    assert "default limit" in found.sentence
    assert "default limit" not in outside_limit(result("11.9"), "F").sentence


def test_customary_limits_are_converted_into_the_written_unit():
    assert mark("119", lln=None, uln=None, unit="g/L", sex="F") == "↓"
    assert mark("121", lln=None, uln=None, unit="g/L", sex="F") == ""


@pytest.mark.parametrize(
    "named",
    [
        {"sex": None},
        {"sex": "X"},
        {"sex": "F", "unit": "furlong"},
        {"sex": "F", "unit": None},
        {"sex": "F", "analyte": "zonulin"},
    ],
)
def test_without_limits_nothing_is_said(named):
    assert mark("1", lln=None, uln=None, **named) == ""


def test_the_unit_is_written_as_it_is_printed():
    found = outside_limit(result("44", analyte="plt", unit="10*9/L", lln="150", uln="400"), None)
    assert found.sentence == "Below the lower limit of 150 ×10⁹/L."
