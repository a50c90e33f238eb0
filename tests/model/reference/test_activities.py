"""Activities as they are typed, converted and shown."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import KnownError
from model.reference import activities


@pytest.mark.parametrize(
    ("typed", "number", "unit"),
    [
        ("7.4", "7.4", None),
        ("7,4 GBq", "7,4", "GBq"),
        ("200mCi", "200", "mCi"),
        ("200 MCI", "200", "mCi"),
        ("160 uCi", "160", "µCi"),
        ("160 µCi", "160", "µCi"),
        ("160 \u03bcCi", "160", "µCi"),
        ("0.2 Ci", "0.2", "Ci"),
        ("6000 kbq", "6000", "kBq"),
        ("", "", None),
        ("GBq", "", "GBq"),
    ],
)
def test_a_unit_is_split_from_its_number(typed: str, number: str, unit: str | None) -> None:
    assert activities.split_unit(typed) == (number, unit)


@pytest.mark.parametrize("typed", ["8 mg", "8 Gy", "8 Sv", "8 GBqs", "8 cCi"])
def test_other_letters_than_units_of_activity_are_refused(typed: str) -> None:
    with pytest.raises(KnownError, match="is not a unit of activity"):
        activities.split_unit(typed)


@pytest.mark.parametrize(
    ("value", "unit", "into", "expected"),
    [
        ("1", "mCi", "MBq", "37"),
        ("200", "mCi", "GBq", "7.4"),
        ("160", "µCi", "MBq", "5.92"),
        ("0.2", "Ci", "GBq", "7.4"),
        ("7.4", "GBq", "MBq", "7400"),
        ("0.1", "mCi", "MBq", "3.7"),
    ],
)
def test_curies_are_converted_exactly(value: str, unit: str, into: str, expected: str) -> None:
    assert activities.convert(Decimal(value), unit, into) == Decimal(expected)


@given(st.decimals("0.001", 10**6, places=3), st.sampled_from(sorted(activities.UNITS_IN_MBQ)))
def test_to_megabecquerels_and_back_changes_nothing(value: Decimal, unit: str) -> None:
    assert activities.convert(activities.convert(value, unit, "MBq"), "MBq", unit) == value


def test_an_activity_is_named_by_its_size() -> None:
    assert activities.usual_unit_text(8000.0) == "8 GBq"
    assert activities.usual_unit_text(4.0) == "4 MBq"
    assert activities.activity_text(6496.04, "GBq", digits=4) == "6.496 GBq"
