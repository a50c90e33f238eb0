"""Treatment-emergent toxicities of a patient, and that cohort and course count them alike."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.cohort import frames
from model.course import course
from model.dates import PartialDate, interval_columns
from model.exchange.new_casebook import new_casebook
from model.grading.emergent import are_emergent, emergent_column, emergent_toxicities, worst_grades
from model.records import patients
from model.records.life import Life
from model.records.patient_records import load
from model.records.toxicities import Toxicity, same_as_column
from model.store.casebook import Casebook

OTHER = "Hepatobiliary disorders - Other, specify"
C1, C2 = date(2024, 3, 4), date(2024, 4, 29)
CYCLES = Life(cycles=((1, C1), (2, C2)))
BEFORE, AFTER = date(2024, 1, 1), date(2024, 5, 10)


def event(grade: int = 2, onset: date | str | None = AFTER, **more: Any) -> Toxicity:
    return Toxicity(
        patient_id=1,
        **({"term": "Anemia", "ctcae_version": "5.0"} | more),
        grade=grade,
        onset_on=PartialDate.parse(str(onset)) if onset else None,
    )


def test_the_worst_grade_of_each_term_stands_first() -> None:
    worst = worst_grades(
        [event(1, C1), event(3), event(3, date(2024, 6, 1)), event(3, term="Nausea"), event(2)],
        CYCLES,
    )
    assert [
        (one.toxicity.term, one.toxicity.grade, str(one.toxicity.onset_on), one.cycle)
        for one in worst
    ] == [
        ("Anemia", 3, str(AFTER), 2),
        ("Nausea", 3, str(AFTER), 2),
    ]


def test_the_onset_may_be_the_day_of_the_first_cycle() -> None:
    assert emergent_toxicities([event(1, C1)], C1)
    assert not emergent_toxicities([event(1, date(2024, 3, 3))], C1)


def test_another_event_of_other_specify_is_not_the_one_before() -> None:
    biloma = event(2, BEFORE, term=OTHER, verbatim="biloma")
    impaired = event(2, term=OTHER, verbatim="liver impairment")
    assert emergent_toxicities([biloma, impaired], C1) == [impaired]
    assert emergent_toxicities([biloma, event(2, term=OTHER, verbatim="Biloma")], C1) == []
    worst = worst_grades([event(3, term=OTHER, verbatim="biloma"), impaired], CYCLES)
    assert [one.toxicity.label for one in worst] == ["Biloma", "Liver impairment"]


def test_what_is_no_worse_than_before_is_not_emergent() -> None:
    was_there = event(2, BEFORE)
    assert not emergent_toxicities([was_there, event(2)], C1)
    assert emergent_toxicities([was_there, event(3)], C1) == [event(3)]


def test_what_had_ended_before_the_first_cycle_does_not_count_as_baseline() -> None:
    over = event(2, BEFORE, resolved_on=date(2024, 3, 3), outcome="recovered")
    assert emergent_toxicities([over, event(1)], C1) == [event(1)]


def test_the_judgement_of_the_clinician_wins() -> None:
    assert emergent_toxicities([event(2, BEFORE, treatment_emergent=True)], C1)
    assert not emergent_toxicities([event(4, treatment_emergent=False)], C1)


def test_an_onset_that_is_not_known_counts_and_belongs_to_no_cycle() -> None:
    (worst,) = worst_grades([event(2, None)], CYCLES)
    assert (worst.toxicity.onset_on, worst.cycle) == (None, None)


def test_without_a_cycle_nothing_is_treatment_emergent() -> None:
    assert worst_grades([event(4)], Life()) == ()


def column_of(events: list[Toxicity], first_cycle_on: dict[int, date]) -> list[bool | None]:
    """Whether each event is treatment-emergent, by the form for columns."""
    names = ("patient_id", "term", "verbatim", "grade", "resolved_on", "treatment_emergent")
    rows = pd.DataFrame([[getattr(one, name) for name in names] for one in events], columns=names)
    onsets = [str(one.onset_on) if one.onset_on else None for one in events]
    rows["onset_from"], rows["onset_to"] = interval_columns(pd.Series(onsets, dtype="str"))
    rows["resolved_on"] = pd.to_datetime(rows["resolved_on"])
    words = rows[["term", "verbatim"]].astype("str").where(rows[["term", "verbatim"]].notna())
    rows["same_as"] = same_as_column(words["term"], words["verbatim"])
    rows["treatment_emergent"] = rows["treatment_emergent"].astype("float64")
    first_on = pd.Series(
        pd.to_datetime([*first_cycle_on.values()]), [*first_cycle_on], dtype="M8[s]"
    )
    column = emergent_column(rows.astype({"grade": "int64"}), first_on)
    return [None if pd.isna(each) else bool(each) for each in column]


@pytest.mark.parametrize(
    ("onset", "resolved_on", "expected"),
    [
        ("2024-02", None, False),  # all of it before the first cycle, on 4 March
        ("2024-04", None, True),
        ("2024-03", None, None),
        ("2024", None, None),
        (None, None, None),
        ("2024-03-04", None, True),
        ("2024-03", date(2024, 3, 3), False),  # over before the first cycle
        (None, date(2024, 3, 3), False),
        (None, date(2024, 3, 4), None),
    ],
)
def test_an_onset_that_does_not_decide_is_not_known(
    onset: str | None, resolved_on: date | None, expected: bool | None
) -> None:
    one = event(2, onset, resolved_on=resolved_on)
    assert are_emergent([one], C1) == [expected]
    assert column_of([one], {1: C1}) == [expected]


def test_an_event_that_may_have_been_there_before_leaves_a_later_one_open() -> None:
    assert are_emergent([event(3, "2024-03"), event(2)], C1) == [None, None]
    assert are_emergent([event(1, "2024-03"), event(2)], C1) == [None, True]
    assert are_emergent([event(2, BEFORE), event(2, "2024-03")], C1) == [False, False]


PARTIAL_DAYS = st.one_of(
    st.none(),
    st.dates(date(2024, 2, 25), date(2024, 3, 12)).map(PartialDate.of),
    st.sampled_from(["2023", "2024", "2024-02", "2024-03", "2024-04"]).map(PartialDate.parse),
)
EVENTS = st.lists(
    st.builds(
        Toxicity,
        patient_id=st.integers(1, 3),
        term=st.sampled_from(["Anemia", "Nausea", OTHER]),
        verbatim=st.sampled_from([None, "biloma", "Biloma", "liver impairment"]),
        ctcae_version=st.just("5.0"),
        grade=st.integers(1, 5),
        onset_on=PARTIAL_DAYS,
        resolved_on=st.one_of(st.none(), st.dates(date(2024, 2, 25), date(2024, 3, 12))),
        treatment_emergent=st.sampled_from([None, True, False]),
    ),
    max_size=12,
)


@given(EVENTS, st.dictionaries(st.integers(1, 3), st.dates(C1, date(2024, 3, 8))))
def test_records_and_rows_are_emergent_alike(
    events: list[Toxicity], first_cycle_on: dict[int, date]
) -> None:
    found = column_of(events, first_cycle_on)
    expected: list[bool | None] = [None] * len(events)
    for patient_id in {one.patient_id for one in events}:
        own = [place for place, one in enumerate(events) if one.patient_id == patient_id]
        answers = are_emergent([events[n] for n in own], first_cycle_on.get(patient_id))
        for place, answer in zip(own, answers, strict=True):
            expected[place] = answer
    assert found == expected


@given(EVENTS, st.dates(C1, date(2024, 3, 8)), st.data())
def test_what_is_known_holds_for_every_day_that_the_onsets_may_be(
    events: list[Toxicity], first_cycle_on: date, data: st.DataObject
) -> None:
    known = are_emergent(events, first_cycle_on)
    exact = []
    for one in events:
        end = one.resolved_on or date(2024, 12, 31)
        first = one.onset_on.earliest if one.onset_on else date(2023, 1, 1)
        last = min(one.onset_on.latest, end) if one.onset_on else end
        day = data.draw(st.dates(first, max(first, last)))
        exact.append(replace(one, onset_on=PartialDate.of(day)))
    for answer, other in zip(known, are_emergent(exact, first_cycle_on), strict=True):
        assert answer is None or answer is other


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Casebook]:
    path = tmp_path / "demo.theralog"
    new_casebook(path, folder=Path(__file__).parents[2] / "files" / "demo_v1")
    with Casebook.open(path) as casebook:
        yield casebook


def test_course_and_cohort_count_the_same_worst_grades(demo: Casebook) -> None:
    counted = frames.load(demo).emergent.groupby(["patient_id", "term"])["grade"].max()
    found = {
        (patient.id, worst.toxicity.term): worst.toxicity.grade
        for patient in patients.all_patients(demo)
        for worst in course.build_course(load(demo, patient.id or 0)).worst
    }
    assert found
    assert found == {key: int(grade) for key, grade in counted.items()}


def test_the_demo_has_its_nadirs_where_its_visits_say(demo: Casebook) -> None:
    patient = patients.with_code(demo, "SYN-001")
    assert patient is not None
    assert patient.id is not None
    platelets = course.build_course(load(demo, patient.id)).trend("plt")
    visits = [nadir.point.result.visit for nadir in platelets.nadirs if nadir.point.result]
    assert visits == ["cycle1_nadir", "cycle2_nadir"]
    assert [nadir.point.value for nadir in platelets.nadirs] == [68, 38]
    assert [nadir.grade for nadir in platelets.nadirs] == [2, 3]
