"""How numbers are printed: decimal, half up, the same everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.cohort import numbers


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_a_percentage_is_that_of_the_fraction(n: int, of: int) -> None:
    # To one decimal half up, in whole numbers: floor(1000 n / of + 1/2) tenths.
    assert numbers.percent(n, of) == (2000 * n + of) // (2 * of) / 10


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.95, "mg/dL", "0.95"),
        (0.0312, "GBq", "0.0312"),
        (182.5, "×10⁹/L", "183"),
        (1240.4, "MBq", "1240"),
        (99.96, "MBq", "100"),
        (60.5, "years", "60.5"),
        (8.0, "MBq", "8"),
        (7.0, "months", "7.0"),
        (0.25, "months", "0.3"),
        (5.45, "%", "5.5"),
        (55.0, "%", "55"),
        (100.0, "%", "100"),
        (0.0, "%", "0"),
        (-0.0, "MBq", "0"),
        (-12.34, "%", "-12.3"),
        (-0.04, "months", "0.0"),
        (1e-7, "GBq", "0.0000001"),
        (1e30, "%", f"1{'0' * 30}"),
    ],
)
def test_an_estimate_is_printed_by_its_unit(value: float, unit: str, text: str) -> None:
    assert numbers.estimate(value, unit) == text


def test_an_interval_that_is_not_reached_is_nr() -> None:
    assert numbers.interval(13.0, None, "months") == "13.0–NR"
    assert numbers.interval(None, None) == ""
    assert numbers.interval(31.52, 76.94, "%") == "31.5–76.9"


def test_counts_name_what_they_are_out_of() -> None:
    assert numbers.share(1, 16) == "1 (6.3 %)"
    assert numbers.share(3, 0) == "3"
    assert numbers.share(1234, 2468) == "1 234 (50 %)"
    assert numbers.count_of(1000, 12345) == "1 000 of 12 345"
    assert numbers.count_of(0, 0) == "0 of 0"
    assert numbers.count_of(41, None) == "41"


@pytest.mark.parametrize(("p", "text"), [(0.03125, "0.0313"), (1.0, "1"), (1.234e-7, "1.23e-7")])
def test_a_small_p_keeps_its_figures(p: float, text: str) -> None:
    assert numbers.p_value(p) == text
