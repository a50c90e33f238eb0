"""Rounding for print: decimal, half up, whatever the number is held in."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import rounding

REALS = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)
SHORT = st.decimals(min_value=-(10**6), max_value=10**6, places=5, allow_nan=False)


@given(SHORT, st.integers(0, 6))
def test_rounding_is_decimal_and_half_up(value: Decimal, decimals: int) -> None:
    exact = value.quantize(Decimal(10) ** -decimals, ROUND_HALF_UP)
    assert rounding.rounded(float(value), decimals) == exact
    assert rounding.rounded(value, decimals) == exact
    assert rounding.rounded(Fraction(value), decimals) == exact


@given(REALS, st.integers(0, 6))
def test_what_is_rounded_is_within_half_of_the_last_decimal(value: float, decimals: int) -> None:
    half = Decimal(5).scaleb(-decimals - 1) + abs(Decimal(value)) * Decimal("1e-14")
    assert abs(rounding.rounded(value, decimals) - Decimal(value)) <= half


@given(REALS, st.integers(1, 9))
def test_significant_figures_are_within_half_of_the_last(value: float, count: int) -> None:
    exact, found = Decimal(str(value)), rounding.round_to_figures(value, count)
    if not exact:
        assert found == 0
        return
    last = Decimal(1).scaleb(exact.adjusted() - count + 1)
    assert abs(found - exact) * 2 <= last + abs(exact) * Decimal("1e-13")
    assert found % last == 0


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (6.25, 1, "6.3"),
        (-6.25, 1, "-6.3"),
        (0.285, 2, "0.29"),
        (1.005, 2, "1.01"),
        (2.675, 2, "2.68"),
        (0.95, 1, "1.0"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-0.04, 1, "0.0"),
        (0.8124999999999999, 3, "0.813"),
        (0.1 + 0.2, 1, "0.3"),
        ((2.3 + 2.4) / 2, 1, "2.4"),
        (0.4499999999, 1, "0.4"),
        (100000000.4375, 3, "100000000.438"),
    ],
)
def test_a_number_is_rounded_as_the_decimal_that_it_stands_for(
    value: float, decimals: int, text: str
) -> None:
    assert rounding.decimals(value, decimals) == text


def test_a_share_of_counts_is_rounded_exactly() -> None:
    assert rounding.rounded(Fraction(100, 16), 1) == Decimal("6.3")
    assert rounding.rounded(Fraction(100 * 3, 8), 0) == 38


def test_counts_have_spaces_between_thousands() -> None:
    assert [rounding.group_thousands(n) for n in (0, 999, 1000, 1234567)] == [
        "0",
        "999",
        "1 000",
        "1 234 567",
    ]


ROUNDED_OTHERWISE = {
    "model/exchange/tidy/derived.py",  # names a cell that does not fit, not a statistic
    "gui/plots/images/image_panel.py",  # the window of a picture
    "gui/plots/cohort/spaghetti_drawing.py",  # whole days
    "gui/reports/worksheet_html.py",  # the width of a column
}


def test_nothing_else_rounds_for_print() -> None:
    """Python's own formats round in binary, and halves to the even digit."""
    root = Path(__file__).parents[2]
    format_spec = re.compile(r"\{[^{}]*:[+,]?\.\d[fg%]\}|ROUND_HALF_EVEN|\bround\(.*\).*\}")
    found = {
        str(file.relative_to(root))
        for folder in ("model", "gui", "commands")
        for file in (root / folder).rglob("*.py")
        if format_spec.search(file.read_text("utf-8"))
    }
    assert found == ROUNDED_OTHERWISE
