from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.dates import (
    PartialDate,
    date_text,
    first_day,
    interval_columns,
    is_before,
    last_day,
    on_every_day,
    parse_date,
    parse_partial_date,
    time_since,
    weekday_date_text,
)
from model.errors import KnownError

TODAY = date(2024, 7, 20)
CYCLES = (date(2024, 3, 7), date(2024, 5, 2))
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2024-03-07", date(2024, 3, 7)),
        ("2024-3-7", date(2024, 3, 7)),
        ("7.3.2024", date(2024, 3, 7)),
        ("07.03.2024", date(2024, 3, 7)),
        ("7/3/2024", date(2024, 3, 7)),
        ("7 Mar 2024", date(2024, 3, 7)),
        ("7 march 2024", date(2024, 3, 7)),
        ("18/7/23", date(2023, 7, 18)),
        ("7.3.24", date(2024, 3, 7)),
        ("7 Mar 24", date(2024, 3, 7)),
        ("1.1.25", date(2025, 1, 1)),
        ("1.1.26", date(1926, 1, 1)),
        ("9/4/67", date(1967, 4, 9)),
        ("1/1/00", date(2000, 1, 1)),
        ("7. Sept 2023", date(2023, 9, 7)),
        ("3/7", date(2024, 7, 3)),
        ("3.7.", date(2024, 7, 3)),
        ("20/7", TODAY),
        ("21/7", date(2023, 7, 21)),
        ("29/2", date(2024, 2, 29)),
        ("today", TODAY),
        ("Yesterday", date(2024, 7, 19)),
        ("-14d", date(2024, 7, 6)),
        ("−14d", date(2024, 7, 6)),
        ("+2w", date(2024, 8, 3)),
        ("c2", date(2024, 5, 2)),
        ("C2+21", date(2024, 5, 23)),
        ("c1 - 1", date(2024, 3, 6)),
        ("  2024-03-07 ", date(2024, 3, 7)),
    ],
)
def test_a_date_is_read_as_clinics_write_it(typed, meant):
    assert parse_date(typed, today=TODAY, cycle_dates=CYCLES) == meant


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "is not a date"),
        ("soon", "is not a date"),
        ("31.2.2024", "Feb 2024 has no day 31."),
        ("29.2.2023", "Feb 2023 has no day 29."),
        ("2024-13-01", "There is no month 13."),
        ("7/31", "the day comes first"),
        ("31/4", "Apr has no day 31."),
        ("0/4", "Apr has no day 0."),
        ("24-03-07", "four digits"),
        ("0024-03-07", "between 1900 and 2100"),
        ("-99999d", "between 1900 and 2100"),
        ("c3", "the patient has 2 cycles"),
        ("c0", "There is no cycle 0"),
        ("5", "is not a date"),
        ("-14", "is not a date"),
        ("20240307", "is not a date"),
    ],
)
def test_other_text_is_refused_with_a_sentence(typed, said):
    with pytest.raises(KnownError, match=said):
        parse_date(typed, today=TODAY, cycle_dates=CYCLES)


def test_a_cycle_cannot_be_counted_from_before_there_is_one():
    with pytest.raises(KnownError, match="no cycle yet"):
        parse_date("c1+7", today=TODAY)


def test_a_leap_day_without_a_year_is_found_across_a_century():
    assert parse_date("29/2", today=date(2100, 3, 1)) == date(2096, 2, 29)
    assert parse_date("29/2", today=date(1904, 3, 1)) == date(1904, 2, 29)


@given(DAYS)
def test_every_way_a_date_is_shown_can_be_typed(day):
    for typed in (day.isoformat(), date_text(day), f"{day.day}.{day.month}.{day.year}"):
        assert parse_date(typed, today=TODAY) == day


@given(DAYS)
def test_a_day_without_its_year_is_never_in_the_future_and_never_skips_one(today):
    day = today - timedelta(days=200)
    if day.year >= 1900 and (day.month, day.day) != (2, 29):
        assert parse_date(f"{day.day}/{day.month}", today=today) == day


@given(st.text(max_size=12))
def test_any_text_gives_a_date_or_a_sentence(text):
    for parse in (parse_date, parse_partial_date):
        said = "."
        try:
            parse(text, today=TODAY)
        except KnownError as error:
            said = str(error)
        assert said.endswith(".")


@pytest.mark.parametrize("text", ["2021", "2021-03", "2021-03-05", "1900", "2100-12-31"])
def test_a_partial_date_is_stored_as_its_text(text):
    assert str(PartialDate.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "21", "2021-3", "2021-13", "2021-02-30", "1899", "2021-03-05x"]
)
def test_a_stored_partial_date_is_read_strictly(text):
    with pytest.raises(KnownError):
        PartialDate.parse(text)


def test_a_partial_date_spans_what_is_not_known():
    year, month = PartialDate.parse("2024"), PartialDate.parse("2024-02")
    assert (year.earliest, year.latest) == (date(2024, 1, 1), date(2024, 12, 31))
    assert (month.earliest, month.latest) == (date(2024, 2, 1), date(2024, 2, 29))


def test_partial_dates_are_sorted_by_their_first_day():
    texts = ["2020-12-31", "2021-01-01", "2021-01", "2021", "2021-02", "2022"]
    assert [str(known) for known in sorted(map(PartialDate.parse, reversed(texts)))] == texts
    assert PartialDate.parse("2021") >= PartialDate.parse("2021-01")


def test_a_day_needs_a_month():
    with pytest.raises(KnownError):
        PartialDate(2021, None, 5)


@given(DAYS)
def test_a_whole_date_as_a_partial_one_is_that_day(day):
    known = PartialDate.of(day)
    assert known.earliest == known.latest == day
    assert PartialDate.parse(str(known)) == known


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2021", "2021"),
        ("2021-3", "2021-03"),
        ("3/2021", "2021-03"),
        ("03.2021", "2021-03"),
        ("Mar 2021", "2021-03"),
        ("5.3.2021", "2021-03-05"),
        ("5 Mar 2021", "2021-03-05"),
        ("2021-03-05", "2021-03-05"),
        ("today", "2024-07-20"),
        ("-14d", "2024-07-06"),
        ("c2+21", "2024-05-23"),
    ],
)
def test_a_partial_date_may_be_typed_in_several_ways(typed, kept):
    assert str(parse_partial_date(typed, today=TODAY, cycle_dates=CYCLES)) == kept


@pytest.mark.parametrize("typed", ["", "about 2021", "2021?", "Mai 2021", "c1"])
def test_other_text_than_a_partial_date_is_refused(typed):
    with pytest.raises(KnownError):
        parse_partial_date(typed, today=TODAY)


def test_dates_are_shown_in_one_way():
    assert date_text(date(2023, 11, 27)) == "27 Nov 2023"
    assert date_text(PartialDate.parse("2021-03")) == "Mar 2021"
    assert date_text(PartialDate.parse("2021")) == "2021"
    assert date_text(None) == "–"
    assert weekday_date_text(date(2024, 7, 3)) == "Wed 3 July 2024"


PARTIAL = st.one_of(
    DAYS,
    DAYS.map(PartialDate.of),
    DAYS.map(lambda day: PartialDate(day.year, day.month)),
    DAYS.map(lambda day: PartialDate(day.year)),
)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2024-03", "2024-04-01", True),
        ("2024-03", "2024-03-31", None),
        ("2024-03", "2024-03-01", False),
        ("2024", "2024-03", None),
        ("2024", "2025", True),
        ("2024-03-05", "2024-03-05", False),
        ("2024-03", "2024-03", None),
    ],
)
def test_a_partial_date_is_before_another_only_where_every_day_of_it_is(one, other, expected):
    assert is_before(PartialDate.parse(one), PartialDate.parse(other)) is expected


@given(PARTIAL, PARTIAL, st.data())
def test_the_order_of_two_dates_holds_for_every_day_that_they_may_be(one, other, data):
    known = is_before(one, other)
    first = data.draw(st.dates(first_day(one), last_day(one)))
    second = data.draw(st.dates(first_day(other), last_day(other)))
    assert known is None or known is (first < second)
    assert is_before(one, None) is is_before(None, other) is None


@given(st.lists(st.one_of(st.none(), PARTIAL.filter(lambda day: isinstance(day, PartialDate)))))
def test_columns_and_single_dates_have_the_same_interval(dates):
    texts = pd.Series([str(day) if day else None for day in dates], dtype="str")
    columns = interval_columns(texts)
    for column, end in zip(columns, (first_day, last_day), strict=True):
        assert [None if pd.isna(day) else day.date() for day in column] == [
            day and end(day) for day in dates
        ]


def test_a_value_is_that_of_every_day_or_none():
    march = PartialDate(2024, 3)
    assert on_every_day(march, lambda day: day.month) == 3
    assert on_every_day(march, lambda day: day.day < 31) is None
    assert on_every_day(TODAY, lambda day: day.day) == 20


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (PartialDate(2024, 5, 10), (0, "days")),
        (PartialDate(2024, 5, 11), (1, "days")),
        (PartialDate(2024, 5), (0, "months")),
        (PartialDate(2022, 11), (-18, "months")),
        (PartialDate(2024), (0, "years")),
        (PartialDate(2014), (-10, "years")),
    ],
)
def test_time_since_day_zero(when, expected):
    assert time_since(when, date(2024, 5, 10)) == expected
