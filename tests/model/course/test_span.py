"""The ranges of a course: the treatment at first, for paper all observed, and everything."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from model.course import course
from model.course.span import Span
from model.dates import PartialDate
from model.records.assessments import Assessment
from model.records.cycles import Cycle, Treatment
from model.records.followups import FollowUp
from model.records.labs import LabResult, with_canonical
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity
from tests.patient_records import make_records

C1, C2 = date(2023, 7, 31), date(2023, 9, 25)
SIX_WEEKS, SIX_MONTHS = timedelta(days=42), timedelta(days=183)
FIRST_DAY = date(2010, 1, 1)


def span_of(**records: Any) -> Span | None:
    """The ranges of these records."""
    return course.build_course(make_records(**records)).span


def known(**records: Any) -> Span:
    span = span_of(**records)
    assert span is not None
    return span


def cycles(*days: date) -> list[Treatment]:
    return [
        Treatment(Cycle(patient_id=1, number=number, given_on=day), ())
        for number, day in enumerate(days, start=1)
    ]


def result(on: date) -> LabResult:
    return with_canonical(
        LabResult(patient_id=1, taken_on=on, analyte="plt", value=Decimal(200), unit="10*9/L")
    )


def therapy(began: PartialDate | None, ended: PartialDate | None, **more: Any) -> Therapy:
    return Therapy(patient_id=1, number=1, category="ssa", started_on=began, ended_on=ended, **more)


def test_at_first_the_treatment_is_shown_with_six_weeks_before_and_six_months_after() -> None:
    results = [result(C1 - timedelta(days=900)), result(C2 + timedelta(days=900))]
    span = known(treatments=cycles(C1, C2), results=results)
    assert (span.first, span.last) == (C1 - SIX_WEEKS, C2 + SIX_MONTHS)
    assert span.whole_first < results[0].taken_on < results[1].taken_on < span.whole_last


def test_no_empty_months_are_shown_where_the_records_end_earlier() -> None:
    results = [result(C1 - timedelta(days=3)), result(C2 + timedelta(days=30))]
    span = known(treatments=cycles(C1, C2), results=results)
    assert (span.first, span.last) == (span.whole_first, span.whole_last)
    assert C1 - timedelta(days=14) < span.first < results[0].taken_on
    assert results[1].taken_on < span.last < C2 + timedelta(days=45)


def test_the_range_follows_as_cycles_and_results_are_entered() -> None:
    """As a patient is entered from start to end, each new record is in the range or after it."""
    entered = [result(C1 + timedelta(days=day)) for day in (-3, 14, 28, 120)]
    last = [
        known(treatments=cycles(C1), results=entered[:count]).last
        for count in range(1, len(entered) + 1)
    ]
    assert last == sorted(last)
    assert all(
        day > each.taken_on or day == C1 + SIX_MONTHS
        for day, each in zip(last, entered, strict=True)
    )
    assert known(treatments=cycles(C1, C2), results=entered).last > entered[-1].taken_on


def test_cycles_alone_are_shown_with_room_around_them() -> None:
    span = known(treatments=cycles(C1))
    assert span.first < C1 < span.last
    assert span.last - span.first >= timedelta(days=42)


def test_without_a_cycle_everything_is_shown() -> None:
    span = known(
        results=[result(C1)],
        therapies=[therapy(PartialDate(2015), PartialDate(2019))],
        follow_ups=[FollowUp(patient_id=1, seen_on=date(2025, 1, 1), status="alive")],
    )
    assert (span.first, span.last) == (span.whole_first, span.whole_last)
    assert span.first < date(2015, 1, 1)
    assert span.last > date(2025, 1, 1)


def test_one_therapy_alone_is_shown_from_its_first_to_its_last_possible_day() -> None:
    span = known(therapies=[therapy(PartialDate(2015), PartialDate(2019, 3))])
    assert span.first < date(2015, 1, 1)
    assert span.last > date(2019, 3, 31)
    assert (span.observed_first, span.observed_last) == (span.whole_first, span.whole_last)


def test_paper_has_all_but_earlier_therapies_and_a_late_contact() -> None:
    late = C2 + timedelta(days=900)
    records: dict[str, Any] = {
        "treatments": cycles(C1, C2),
        "results": [result(C1 - timedelta(days=200)), result(C2 + timedelta(days=400))],
        "therapies": [therapy(PartialDate(2015), PartialDate(2019))],
    }
    span = known(**records, follow_ups=[FollowUp(patient_id=1, seen_on=late, status="alive")])
    assert date(2020, 1, 1) < span.observed_first < C1 - timedelta(days=200)
    assert C2 + timedelta(days=400) < span.observed_last < late
    near = C2 + timedelta(days=430)
    span = known(**records, follow_ups=[FollowUp(patient_id=1, seen_on=near, status="alive")])
    assert span.observed_last > near


def test_nothing_with_a_date_has_no_range() -> None:
    assert span_of(therapies=[therapy(None, None, description="Lanreotide")]) is None


days = st.integers(0, 5500).map(lambda day: FIRST_DAY + timedelta(days=day))


@given(
    cycle_days=st.lists(days, max_size=6, unique=True),
    result_days=st.lists(days, max_size=4),
    image_days=st.lists(days, max_size=3),
    onset=st.none() | days,
)
def test_each_range_lies_within_the_next_and_the_whole_holds_all(
    cycle_days: list[date], result_days: list[date], image_days: list[date], onset: date | None
) -> None:
    records: dict[str, Any] = {
        "treatments": cycles(*sorted(cycle_days)),
        "results": [result(day) for day in sorted(result_days)],
        "assessments": [Assessment(patient_id=1, assessed_on=day) for day in sorted(image_days)],
        "toxicities": [
            Toxicity(
                patient_id=1,
                term="Anemia",
                ctcae_version="5.0",
                grade=2,
                onset_on=PartialDate.of(onset) if onset else None,
            )
        ],
    }
    span = span_of(**records)
    all_days = [*cycle_days, *result_days, *image_days, *([onset] if onset else [])]
    if span is None:
        assert not all_days
        return
    assert span.whole_first <= span.first < span.last <= span.whole_last
    assert span.whole_first <= span.observed_first < span.observed_last <= span.whole_last
    assert span.observed_first < min(all_days) <= max(all_days) < span.observed_last
    assert all(span.first < day < span.last for day in cycle_days)


@pytest.mark.parametrize("count", [1, 2, 6])
def test_all_cycles_are_in_the_first_range(count: int) -> None:
    given_on = [C1 + timedelta(days=70 * number) for number in range(count)]
    span = known(treatments=cycles(*given_on), results=[result(C1 + timedelta(days=2000))])
    assert span.first < given_on[0]
    assert span.last == given_on[-1] + SIX_MONTHS
