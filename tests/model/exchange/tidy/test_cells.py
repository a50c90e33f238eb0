"""Cells come back as they were written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.ctcae.terms import VERSIONS
from model.exchange.tidy import cells as tidy_cells
from model.exchange.tidy.columns import Column, Kind

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def column(kind: Kind, *codes: str) -> Column:
    return Column("a", kind, "A", field=None, codes=codes)


def test_a_formula_that_was_not_neutralised_is_kept_as_text() -> None:
    assert tidy_cells.read(column(Kind.TEXT), "=1+1") == "=1+1"


@given(NUMBERS)
def test_a_number_comes_back_to_the_last_digit(number: float) -> None:
    cell = tidy_cells.written(column(Kind.NUMBER), number)
    assert "e" not in cell.lower()
    assert tidy_cells.read(column(Kind.NUMBER), cell) == number


@given(st.floats(0, 1e9), st.sampled_from(["MBq", "GBq"]))
def test_an_activity_comes_back_to_the_last_digit(mbq: float, unit: str) -> None:
    cell = tidy_cells.written(column(Kind.ACTIVITY), tidy_cells.from_mbq(mbq, unit))
    assert tidy_cells.in_mbq(tidy_cells.read(column(Kind.ACTIVITY), cell), unit) == mbq


def test_an_activity_in_gbq_is_kept_in_mbq() -> None:
    assert tidy_cells.in_mbq(Decimal("7.4"), "GBq") == 7400.0


def test_a_negative_number_is_not_neutralised() -> None:
    assert tidy_cells.written(column(Kind.NUMBER), -0.5) == "-0.5"


@pytest.mark.parametrize("written", ["12.0", "0.80", "<0.3", ">1000", "-1.50"])
def test_a_result_keeps_its_digits_and_comparator(written: str) -> None:
    value = tidy_cells.read(column(Kind.RESULT), written)
    assert tidy_cells.written(column(Kind.RESULT), value) == written


@pytest.mark.parametrize(
    ("kind", "cell", "said"),
    [
        (Kind.NUMBER, "12,8", "decimal point"),
        (Kind.NUMBER, "1,234", "can mean 1.234 or 1234"),
        (Kind.RESULT, "1,234", "can mean 1.234 or 1234"),
        (Kind.RESULT, "<4,000", "can mean 4.000 or 4000"),
        (Kind.AS_WRITTEN, "11,000", "can mean 11.000 or 11000"),
        (Kind.ACTIVITY, "8,116", "can mean 8.116 or 8116"),
        (Kind.NUMBER, "1_000", "not a number"),
        (Kind.NUMBER, "nan", "not a number"),
        (Kind.NUMBER, "١٢", "not a number"),
        (Kind.NUMBER, "1e999", "not a number"),
        (Kind.INTEGER, "2.0", "not a whole number"),
        (Kind.INTEGER, "99999999999999999999", "not a whole number"),
        (Kind.DATE, "2023-02-30", "Feb 2023 has no day 30"),
        (Kind.DATE, "31.12.2023", "write it like 2023-12-31"),
        (Kind.DATE, "2023-12", "write it like 2023-12-31"),
        (Kind.DATE, "0999-01-01", "between 1900 and 2100"),
        (Kind.PARTIAL_DATE, "3/2021", "2021-03"),
        (Kind.TIME, "25:00", "09:30"),
        (Kind.DATE_TIME, "2023-12-31", "2023-12-31T09:30"),
        (Kind.DATE_TIME, "2023-12-31T09:30:15", "2023-12-31T09:30"),
        (Kind.YES_NO, "maybe", "one of Y, N"),
        (Kind.RESULT, "≤3", "not a number"),
        (Kind.RESULT, "<", "not a number"),
    ],
)
def test_what_cannot_be_read_says_why(kind: Kind, cell: str, said: str) -> None:
    with pytest.raises(tidy_cells.UnreadableError) as error:
        tidy_cells.read(column(kind), cell)
    assert said in str(error.value)
    assert cell.lstrip("<") in str(error.value) or kind is Kind.DATE_TIME


def test_a_cell_of_a_million_figures_is_refused_at_once() -> None:
    with pytest.raises(tidy_cells.UnreadableError, match="not a number") as error:
        tidy_cells.read(column(Kind.RESULT), "1" * 1_000_000)
    assert len(str(error.value)) < 200


def test_a_ctcae_version_may_lack_its_zero() -> None:
    versions = Column("a", Kind.CODE, "A", field=None, codes=VERSIONS)
    assert tidy_cells.read(versions, "6") == "6.0"


@pytest.mark.parametrize(
    ("cell", "value"),
    [("Y", True), ("yes", True), ("TRUE", True), ("1", True), ("n", False), ("False", False)],
)
def test_yes_and_no_are_read_as_they_are_written(cell: str, value: bool) -> None:
    assert tidy_cells.read(column(Kind.YES_NO), cell) is value


def test_an_analyte_is_found_by_any_of_its_names() -> None:
    assert tidy_cells.read(column(Kind.ANALYTE), "Hemoglobin") == "hb"
    assert tidy_cells.written(column(Kind.ANALYTE), "hb") == "HB"
    assert tidy_cells.read(column(Kind.ANALYTE), " Zonulin ") == "Zonulin"
