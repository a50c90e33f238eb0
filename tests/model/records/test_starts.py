"""Which samples were drawn before a cycle: by the hour where it is known, otherwise by the day."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.records import cycles, patients
from model.records.administrations import Administration
from model.records.cycles import Cycle, Treatment
from model.records.labs import LabResult
from model.records.patients import Patient
from model.records.starts import (
    LAST_BEFORE,
    STARTED_AT,
    CycleStart,
    begins_column,
    moment_of,
    moments_column,
    starts_of,
)
from model.store.casebook import Casebook

DAY = date(2024, 3, 1)
NEXT = DAY + timedelta(days=1)


def sample(at: time | None = None, on: date = DAY) -> LabResult:
    return LabResult(patient_id=1, taken_on=on, taken_at=at, analyte="k", value=Decimal(4))


def start(*given: tuple[date | None, datetime | None]) -> CycleStart:
    """The start of a cycle of `DAY` from the day and the start of its administrations."""
    administrations = tuple(
        Administration(number=number, nuclide="177Lu", given_on=on, started_at=started_at)
        for number, (on, started_at) in enumerate(given, start=1)
    )
    cycle = Cycle(patient_id=1, number=1, given_on=DAY)
    return starts_of([Treatment(cycle, administrations)])[0]


def at(hour: int, on: date = DAY) -> datetime:
    return datetime.combine(on, time(hour))


@pytest.mark.parametrize(
    ("taken", "is_before"),
    [
        (sample(time(9)), True),
        (sample(time(10)), True),
        (sample(time(10, 1)), False),
        (sample(), True),
        (sample(time(23, 59), DAY - timedelta(days=1)), True),
        (sample(None, NEXT), False),
        (sample(time(0), NEXT), False),
    ],
)
def test_a_sample_drawn_after_the_start_belongs_to_the_cycle(
    taken: LabResult, is_before: bool
) -> None:
    assert start((None, at(10))).is_before(taken) is is_before


def test_without_the_start_the_day_of_a_cycle_belongs_to_what_came_before() -> None:
    for by_day in (start(), start((None, None))):
        assert by_day.started_at is None
        assert by_day.is_before(sample(time(23, 59)))
        assert not by_day.is_before(sample(time(0), NEXT))


@pytest.mark.parametrize(
    ("given", "started_at"),
    [
        ([(None, at(12)), (None, at(10))], at(10)),
        ([(None, None), (None, at(10))], at(10)),
        ([(DAY, at(10)), (NEXT, at(9, NEXT))], at(10)),
        # What was given first has a day only: the day decides.
        ([(None, None), (NEXT, at(9, NEXT))], None),
        ([(NEXT, at(9, NEXT))], at(9, NEXT)),
        # A start on another day than that of its administration contradicts it.
        ([(None, at(10, NEXT))], None),
        ([(None, at(10).replace(year=2023))], None),
    ],
)
def test_the_first_administration_decides_when_a_cycle_began(
    given: list[tuple[date | None, datetime | None]], started_at: datetime | None
) -> None:
    assert start(*given).started_at == started_at


STARTS = st.none() | st.builds(at, st.integers(0, 23), st.sampled_from((DAY, NEXT)))
GIVEN = st.lists(st.tuples(st.sampled_from((None, DAY, NEXT)), STARTS), max_size=3)
SAMPLES = st.lists(
    st.builds(
        sample,
        st.none() | st.builds(time, st.integers(0, 23), st.sampled_from((0, 1))),
        st.sampled_from((DAY - timedelta(days=1), DAY, NEXT, NEXT + timedelta(days=1))),
    ),
    min_size=1,
    max_size=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(given=GIVEN, samples=SAMPLES)
def test_the_start_of_one_cycle_is_that_of_many(
    given: list[tuple[date | None, datetime | None]],
    samples: list[LabResult],
    casebook: Casebook,
) -> None:
    administrations = [
        Administration(number=1, nuclide="177Lu", given_on=on, started_at=started_at)
        for on, started_at in given
    ]
    with casebook.step("Add") as step:
        patient = patients.save(step, Patient(code=f"P {step.number}"))
        cycle = Cycle(patient_id=patient.id or 0, number=1, given_on=DAY)
        saved = cycles.save(step, cycle, administrations)
    [one] = starts_of([saved])
    rows = casebook.rows(
        f"select given_on, {STARTED_AT} as started_at, {LAST_BEFORE} as last_before from cycle"
        " where id = :id",
        id=saved.cycle.id,
    )
    frame = pd.DataFrame(rows).astype({"given_on": "datetime64[s]", "started_at": "str"})
    [begins] = begins_column(frame["given_on"], frame["started_at"])
    assert begins == one.begins
    minutes = pd.Series(
        [-1 if each.taken_at is None else _minute(each.taken_at) for each in samples]
    )
    days = pd.Series(np.array([each.taken_on for each in samples], dtype="datetime64[s]"))
    moments = moments_column(days, minutes)
    assert moments.tolist() == [moment_of(each.taken_on, each.taken_at) for each in samples]
    for each, moment in zip(samples, moments, strict=True):
        at = each.taken_at.strftime("%H:%M") if each.taken_at else ""
        assert one.is_before(each) == (moment < begins)
        assert one.is_before(each) == (f"{each.taken_on}T{at}" <= rows[0]["last_before"])


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
