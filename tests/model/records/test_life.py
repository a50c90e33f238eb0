"""The dates of a life: each rule in its forms for one patient and for many, held equal."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.dates import PartialDate
from model.records.followups import FollowUp
from model.records.life import (
    DEATHS,
    ON_TREATMENT_DAYS,
    Age,
    age_at_t0,
    age_of,
    age_on,
    is_on_treatment,
    t0,
    t0_column,
    vital,
    vital_columns,
)
from model.store import rows as records
from model.store.casebook import Casebook

DAYS = st.dates(date(2020, 1, 1), date(2020, 1, 9))
SEEN = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(("alive", "dead", "unknown")), DAYS))
TODAY = date(2024, 7, 1)


def frame(seen: list[tuple[int, str, date]]) -> pd.DataFrame:
    found = pd.DataFrame(seen, columns=["patient_id", "status", "seen_on"])
    return found.assign(seen_on=pd.to_datetime(found["seen_on"]))


@given(SEEN)
def test_vital_status_of_one_patient_and_of_columns_is_the_same(
    seen: list[tuple[int, str, date]],
) -> None:
    status, last_on = vital_columns(frame(seen), pd.RangeIndex(1, 6))
    for patient in range(1, 6):
        one = vital(
            FollowUp(patient_id=patient, status=status, seen_on=day)
            for whose, status, day in seen
            if whose == patient
        )
        assert status[patient] == one.status
        assert (None if pd.isna(last_on[patient]) else last_on[patient].date()) == one.last_on


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(seen=SEEN, data=st.data())
def test_deaths_in_sql_are_those_of_vital(
    seen: list[tuple[int, str, date]], data: Any, casebook: Casebook
) -> None:
    with casebook.step("Add") as step:
        step._db.execute("pragma defer_foreign_keys = on")
        step._db.execute("delete from follow_up")
        step._db.execute("drop index if exists follow_up_day")
        ids = [step.put("patient", {"code": f"P {step.number} {n}"}) for n in range(5)]
        for whose, status, day in seen:
            seen_on = FollowUp(patient_id=ids[whose], status=status, seen_on=day)
            records.put(step, seen_on)
    dead = {row["patient_id"]: row["died_on"] for row in casebook.rows(DEATHS)}
    for n, key in enumerate(ids):
        one = vital(FollowUp(patient_id=key, status=s, seen_on=d) for w, s, d in seen if w == n)
        assert dead.get(key) == (str(one.last_on) if one.status == "dead" else None)


@given(st.lists(st.tuples(st.none() | DAYS, st.none() | DAYS)))
def test_t0_of_one_patient_and_of_columns_is_the_same(
    pairs: list[tuple[date | None, date | None]],
) -> None:
    chosen, first = (
        pd.to_datetime(pd.Series([pair[n] for pair in pairs], dtype="object")) for n in (0, 1)
    )
    made = [None if pd.isna(day) else day.date() for day in t0_column(chosen, first)]
    assert made == [t0(*pair) for pair in pairs]


def test_age_is_by_the_date_of_birth_where_that_is_known() -> None:
    born = PartialDate(1960, 5, 8)
    assert age_on(born, date(2024, 5, 7)) == 63
    assert age_on(PartialDate(1960), date(2024, 1, 1)) == 64
    assert age_at_t0(50, born, date(2024, 5, 8)) == 64
    assert age_at_t0(50, born, None) == age_at_t0(50, None, TODAY) == 50


@pytest.mark.parametrize(
    ("last", "ended", "expected"),
    [
        (None, None, False),
        (TODAY - timedelta(days=ON_TREATMENT_DAYS), None, True),
        (TODAY - timedelta(days=ON_TREATMENT_DAYS + 1), None, False),
        (TODAY, TODAY - timedelta(days=1), True),
        (TODAY, TODAY, False),
    ],
)
def test_on_treatment_is_up_to_182_days_after_a_cycle_that_nothing_ended(
    last: date | None, ended: date | None, expected: bool
) -> None:
    assert is_on_treatment(last, ended, TODAY) is expected


@pytest.mark.parametrize(
    ("born_on", "at_index", "died_on", "text", "long_text", "short_text"),
    [
        (PartialDate(1968, 3, 9), None, None, "58 y", "58 y (51 y at T0)", "58"),
        # The day of birth is not known: it may be a year less.
        (PartialDate(1968), None, None, "about 58 y", "about 58 y (51 y at T0)", "58"),
        # Of a woman of 51 at T0, in 2019: 58 or 59 today.
        (None, 51, None, "about 58 y", "about 58 y (51 y at T0)", "58"),
        (None, 51, date(2020, 3, 8), "about 51 y at death", "about 51 y at death", "51"),
        (None, 51, date(2020, 3, 9), "about 52 y at death", None, "52"),
        (PartialDate(1968, 3, 9), 40, date(2025, 3, 9), "57 y at death", None, "57"),
    ],
)
def test_an_age_is_todays_or_at_death_and_that_at_t0_says_so(
    born_on: PartialDate | None,
    at_index: int | None,
    died_on: date | None,
    text: str,
    long_text: str | None,
    short_text: str,
) -> None:
    age = age_of(born_on, at_index, date(2019, 3, 9), died_on=died_on, today=date(2026, 6, 1))
    assert (age.text, age.short_text) == (text, short_text)
    assert age.long_text == (long_text or f"{text} (51 y at T0)")


def test_an_unknown_age_is_no_text() -> None:
    assert age_of(None, None, TODAY, died_on=None, today=TODAY).long_text == ""


def test_an_age_at_t0_without_a_t0_is_no_age_of_today() -> None:
    age = age_of(None, 51, None, died_on=None, today=TODAY)
    assert age == Age(at_t0=51)
    assert (age.text, age.long_text, age.short_text) == ("51 y at T0", "51 y at T0", "51 at T0")


def test_a_death_after_the_day_does_not_count_on_it() -> None:
    born_on = PartialDate(1968, 3, 9)
    age = age_of(born_on, None, None, died_on=date(2026, 6, 2), today=date(2026, 6, 1))
    assert age.text == "58 y"
