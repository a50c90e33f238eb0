"""The albumin of a sample, and anticoagulation on its day: for one result, and for a cohort."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.dates import PartialDate
from model.grading.samples import (
    NO,
    NOT_KNOWN,
    NOT_RECORDED,
    YES,
    TherapyPeriod,
    albumin_rows,
    anticoagulation_column,
    anticoagulation_on,
    samples_of,
)
from model.records.labs import LabResult
from model.records.therapies import Therapy

DAY = date(2024, 3, 4)
UNITS = {"ca": "mg/dL", "alb": "g/dL", "inr": None, "plt": "10*9/L"}
ENTRIES = st.tuples(
    st.integers(1, 2),
    st.sampled_from([*UNITS]),
    st.integers(0, 2),
    st.sampled_from([None, time(8), time(16)]),
    st.sampled_from([None, None, "<"]),
)
PARTIAL = st.none() | st.sampled_from(["2024", "2024-03", "2024-03-04", "2024-03-05", "2023-12"])
THERAPIES = st.lists(
    st.tuples(
        st.integers(1, 2),
        st.sampled_from(["anticoagulation", "Anticoagulation", "ssa"]),
        PARTIAL,
        PARTIAL,
        st.booleans(),
    ),
    max_size=4,
)


@pytest.mark.parametrize(
    ("started", "ended", "ongoing", "state"),
    [
        ("2024-03-01", None, True, YES),
        ("2024-03-04", "2024-03-04", False, YES),
        ("2024-03", None, True, NOT_KNOWN),
        ("2024-02", None, True, YES),
        ("2023", "2025", False, YES),
        ("2023", "2024", False, NOT_KNOWN),
        ("2023", "2024-03", False, NOT_KNOWN),
        ("2023", "2024-04", False, YES),
        ("2023", None, False, NOT_KNOWN),
        (None, "2024-04", False, NOT_KNOWN),
        (None, None, True, NOT_KNOWN),
        (None, None, False, NOT_KNOWN),
        ("2024-03-05", None, True, NO),
        ("2024-04", None, True, NO),
        (None, "2024-03-03", False, NO),
        ("2023", "2024-02", False, NO),
    ],
)
def test_partial_and_open_dates_are_intervals(
    started: str | None, ended: str | None, ongoing: bool, state: str
) -> None:
    start, end = (PartialDate.parse(each) if each else None for each in (started, ended))
    assert anticoagulation_on([TherapyPeriod(start, end, ongoing)], DAY) == state


def test_of_several_spans_one_that_covers_the_day_decides() -> None:
    before = TherapyPeriod(PartialDate(2020), PartialDate(2021), False)
    unknown = TherapyPeriod(None, None, False)
    now = TherapyPeriod(PartialDate(2024, 2), None, True)
    assert anticoagulation_on([], DAY) == NOT_RECORDED
    assert anticoagulation_on([before], DAY) == NO
    assert anticoagulation_on([before, unknown], DAY) == NOT_KNOWN
    assert anticoagulation_on([before, unknown, now], DAY) == YES


def test_only_the_albumin_of_the_same_sample_that_can_be_used_counts() -> None:
    def result(analyte: str, value: str, **fields: object) -> LabResult:
        known = {"patient_id": 1, "taken_on": DAY, "unit": UNITS[analyte]}
        return LabResult(analyte=analyte, value=Decimal(value), **(known | fields))  # type: ignore[arg-type]

    usable = result("alb", "2.4")
    others = [
        result("alb", "2", comparator="<"),
        result("alb", "24", unit="furlong"),
        result("alb", "4.0", taken_on=DAY + timedelta(days=1)),
    ]
    calcium = result("ca", "7.8")
    assert samples_of([*others, calcium], ()).albumin_of(calcium) is None
    assert samples_of([usable, *others, calcium], ()).albumin_of(calcium) is usable
    assert samples_of([usable], ()).albumin_of(result("plt", "44")) is None
    timed = result("alb", "2.4", taken_at=time(16))
    morning = result("ca", "7.8", taken_at=time(8))
    assert samples_of([timed], ()).albumin_of(morning) is None
    assert samples_of([timed], ()).albumin_of(calcium) is timed


@given(st.lists(ENTRIES, max_size=12), THERAPIES)
def test_a_cohort_has_the_albumin_and_anticoagulation_of_its_patients(
    entries: list[tuple[int, str, int, time | None, str | None]],
    given_therapies: list[tuple[int, str, str | None, str | None, bool]],
) -> None:
    ordered = sorted(entries, key=lambda e: (e[0], e[1], e[2], e[3] is not None, e[3] or time()))
    results = [
        LabResult(
            id=row,
            patient_id=patient,
            taken_on=DAY + timedelta(days=day),
            taken_at=at,
            analyte=analyte,
            comparator=sign,
            value=Decimal(3),
            unit=UNITS[analyte],
        )
        for row, (patient, analyte, day, at, sign) in enumerate(ordered)
    ]
    therapies = [
        Therapy(
            patient_id=patient,
            number=1,
            category=category,
            started_on=PartialDate.parse(started) if started else None,
            ended_on=PartialDate.parse(ended) if ended else None,
            ongoing=ongoing,
        )
        for patient, category, started, ended, ongoing in given_therapies
    ]
    labs = pd.DataFrame(
        {
            "patient_id": pd.Series([each.patient_id for each in results], dtype="int64"),
            "taken_on": pd.to_datetime(pd.Series([each.taken_on for each in results])),
            "minute": pd.Series(
                [each.taken_at.hour * 60 if each.taken_at else -1 for each in results],
                dtype="int64",
            ),
            "analyte": pd.Categorical([each.analyte for each in results], categories=[*UNITS]),
            "comparator": pd.Categorical([each.comparator for each in results], categories=["<"]),
        }
    )
    frame = pd.DataFrame(
        given_therapies, columns=["patient_id", "category", "started_on", "ended_on", "ongoing"]
    ).astype({"category": "str"})
    of_patient = {
        patient: samples_of(
            [each for each in results if each.patient_id == patient],
            [each for each in therapies if each.patient_id == patient],
        )
        for patient in (1, 2)
    }
    albumin = [of_patient[each.patient_id].albumin_of(each) for each in results]
    assert albumin_rows(labs).tolist() == [-1 if each is None else each.id for each in albumin]
    assert anticoagulation_column(labs, frame) == [
        of_patient[each.patient_id].anticoagulated(each) for each in results
    ]
