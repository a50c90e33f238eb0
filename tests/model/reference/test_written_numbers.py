"""Numbers are read exactly; what can be read in two ways is asked about."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.errors import KnownError
from model.reference.written_numbers import MAX_LENGTH, ambiguity, parse_number, remark_on


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("", None),
        ("6.2", "6.2"),
        ("6,2", "6.2"),
        (" 6.20 ", "6.20"),
        ("-0,5", "-0.5"),
        (".5", "0.5"),
        ("7.", "7"),
        ("0,234", "0.234"),
        ("12,34", "12.34"),
        ("1234,567", "1234.567"),
        ("1.234", "1.234"),
        ("150000", "150000"),
    ],
)
def test_a_number_is_read_exactly_with_point_or_comma(typed: str, number: str | None) -> None:
    assert parse_number(typed) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    "typed",
    ["1,234.5", "1.234,5", "1 234", "1.234.567", "1'234", "1\u202f234", "1,234,567"],
)
def test_figures_grouped_in_thousands_are_not_guessed_at(typed: str) -> None:
    with pytest.raises(KnownError, match="thousands"):
        parse_number(typed)


@pytest.mark.parametrize("typed", ["six", "1e3", "<5", "6 MBq", "--1", ",", "NaN", "∞"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(KnownError, match="is not a number"):
        parse_number(typed)


@given(st.decimals(-(10**30), 10**30, places=3))
@example(Decimal("-1000000000000000000000000000000.000"))
def test_a_number_shown_is_read_back(number: Decimal) -> None:
    assert parse_number(f"{number:f}") == number


@pytest.mark.parametrize(
    ("typed", "decimal", "whole"),
    [
        ("1,234", "1.234", "1234"),
        ("11,000", "11.000", "11000"),
        ("-100,500", "-100.500", "-100500"),
        (" 4,000 ", "4.000", "4000"),
    ],
)
def test_a_comma_before_three_figures_is_never_guessed_at(
    typed: str, decimal: str, whole: str
) -> None:
    with pytest.raises(KnownError) as error:
        parse_number(typed)
    assert f"can mean {decimal} or {whole}:" in str(error.value)
    assert remark_on(typed) == str(error.value)
    for reading in (decimal, whole):
        assert parse_number(reading) == Decimal(reading)


def test_a_result_is_asked_about_with_its_sign() -> None:
    assert ambiguity("<1,234") == "“<1,234” can mean <1.234 or <1234: write one of these."


def test_a_point_before_three_figures_is_remarked_on() -> None:
    assert remark_on("1.200") == "Read as 1.200, with three decimals."
    assert remark_on("<1.200") == "Read as <1.200, with three decimals."
    for plain in ("", "0.200", "12", "1.20", "1234.567", "abc"):
        assert remark_on(plain) == ""


def test_a_number_beyond_all_measures_is_refused_at_once() -> None:
    assert parse_number("1" * MAX_LENGTH) == Decimal("1" * MAX_LENGTH)
    with pytest.raises(KnownError, match="is not a number"):
        parse_number("1" * 200_000)


def test_a_number_of_more_than_forty_characters_is_refused() -> None:
    assert parse_number("1" * 40) == Decimal("1" * 40)
    with pytest.raises(KnownError, match="is not a number"):
        parse_number("-" + "1" * 40)
