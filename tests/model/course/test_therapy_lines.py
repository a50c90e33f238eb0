"""Therapies as lines of a timeline: their order, what is said of them, how far they reach."""

from __future__ import annotations

from datetime import date

from model.course.therapy_lines import TherapyTimeline, build_timeline
from model.dates import PartialDate
from model.records import cycles, therapies, whole_patient
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.patient_records import load
from model.records.therapies import Therapy
from tests.patient_records import make_records


def therapy(number: int, began: str | None, ended: str | None = None, **other) -> Therapy:
    return Therapy(
        patient_id=1,
        number=number,
        category=other.pop("category", "targeted"),
        started_on=PartialDate.parse(began) if began else None,
        ended_on=PartialDate.parse(ended) if ended else None,
        **other,
    )


def timeline_of(given: list[Therapy]) -> TherapyTimeline:
    return build_timeline(make_records(therapies=given))


def test_dated_lines_stand_by_their_beginning_and_others_apart():
    found = timeline_of(
        [
            therapy(1, "2022-03", "2022-05"),
            therapy(2, None),
            therapy(3, "2021", "2021-06"),
            therapy(4, None, "2020"),
        ]
    )
    assert [line.number for line in found.dated] == [4, 3, 1]
    assert [line.number for line in found.undated] == [2]
    assert found.span == (date(2020, 1, 1), date(2022, 5, 31))


def test_a_line_says_all_that_is_known():
    stopped = therapy(
        1, "2021", "2022-03", description="Everolimus", best_response="PD", reason_stopped="rash"
    )
    beside = therapy(2, None, category="ssa", concomitant=True)
    found = timeline_of([stopped, beside])
    assert found.dated[0].sentence == (
        "1 Everolimus, 2021 – Mar 2022, best response PD, stopped: rash"
    )
    assert found.undated[0].sentence == "2 SSA, no dates, concomitant"


def test_without_anything_there_is_no_span():
    assert timeline_of([]) == TherapyTimeline()
    assert TherapyTimeline().is_empty


def test_what_goes_on_reaches_to_the_last_contact(casebook, patient):
    seen = FollowUp(patient_id=patient.id, seen_on=date(2024, 5, 2), status="alive")
    unknown = FollowUp(patient_id=patient.id, seen_on=date(2025, 1, 1), status="unknown")
    given = Therapy(
        patient_id=patient.id, number=1, category="ssa", started_on=PartialDate(2021), ongoing=True
    )
    with casebook.step("Add records") as step:
        cycles.save(step, Cycle(patient_id=patient.id, number=1, given_on=date(2023, 7, 31)), [])
        for each in (seen, unknown):
            whole_patient.save_follow_up(step, each)
        therapies.save(step, given)
    found = build_timeline(load(casebook, patient.id))
    assert found.span == (date(2021, 1, 1), date(2024, 5, 2))
    assert found.dated[0].bar.when == "2021 – ongoing"
    assert [cycle.number for cycle in found.cycles] == [1]
