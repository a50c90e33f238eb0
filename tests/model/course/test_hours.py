"""A patient whose samples have a time: potassium after the amino acids of each infusion.

`tests/files/hours`: potassium 4.2 at 08:00, infusion from 10:00, 6.2 at 14:00 and 5.8 nine days
later; before the second cycle 4.4 at 08:30, infusions from 10:00 and 11:00, 6.4 at 15:00.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from model.cohort import frames as cohort_frames
from model.cohort.figures.spaghetti import spaghetti
from model.cohort.labs.nadirs import nadirs
from model.cohort.labs.shift import shifts
from model.course.course import Course, build_course
from model.course.other_patients import Alignment, load_curves
from model.course.overlay import align_by_cycle
from model.exchange.new_casebook import new_casebook
from model.grading.proposals import cycle_id_of, propose_grades
from model.grading.regrade import compare_versions
from model.readiness.facts import facts_of, measured_sample
from model.records.patient_records import PatientRecords, load
from model.store.casebook import Casebook

ROOT = Path(__file__).parents[3]
C1, C2 = date(2024, 3, 1), date(2024, 5, 1)


@pytest.fixture(scope="module")
def casebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    path = tmp_path_factory.mktemp("hours") / "hours.theralog"
    new_casebook(path, folder=ROOT / "tests" / "files" / "hours")
    with Casebook.open(path) as casebook:
        yield casebook


@pytest.fixture(scope="module")
def records(casebook: Casebook) -> PatientRecords:
    [row] = casebook.rows("select id from patient")
    loaded = load(casebook, row["id"])
    assert loaded is not None
    return loaded


@pytest.fixture(scope="module")
def potassium(records: PatientRecords) -> Course:
    return build_course(records)


def test_the_baseline_is_the_last_sample_before_the_infusion(
    records: PatientRecords, potassium: Course
) -> None:
    baseline = potassium.trend("k").baseline
    assert baseline is not None
    assert (baseline.on, baseline.value) == (C1, 4.2)
    facts = facts_of(records, date(2024, 6, 1))
    newest = facts.newest("k", date.min)
    assert newest is not None
    base = facts.baseline("k", of=newest)
    assert base == measured_sample(records.results[0])


def test_each_sample_counts_its_days_from_the_cycle_that_had_begun(potassium: Course) -> None:
    assert [str(point.since) for point in potassium.trend("k").points] == [
        "day of C1",
        "day of C1",
        "9 days since C1",
        "61 days since C1",
        "day of C2",
    ]


def test_hyperkalaemia_after_the_first_infusion_is_proposed_as_grade_3(
    records: PatientRecords,
) -> None:
    found = [
        (one.term, one.grade, one.result.taken_on, one.result.taken_at)
        for one in propose_grades(records)
    ]
    assert found == [
        ("Hyperkalemia", 3, C2, time(15)),
        ("Hyperkalemia", 3, C1, time(14)),
    ]
    [line] = [line for line in compare_versions(records) if line.direction == "H"]
    worst = line.worst[0]
    assert worst is not None
    assert (worst.grade, worst.result.taken_at) == (3, time(14))


@pytest.mark.parametrize(
    ("taken_on", "taken_at", "number"),
    [
        (C2, time(8, 30), 1),
        (C2, time(15), 2),
        (C2, None, 2),
        (C1, time(14), 1),
    ],
)
def test_a_proposed_toxicity_belongs_to_the_cycle_that_had_begun(
    casebook: Casebook,
    records: PatientRecords,
    taken_on: date,
    taken_at: time | None,
    number: int,
) -> None:
    proposal = propose_grades(records)[0]
    drawn = replace(proposal, result=replace(proposal.result, taken_on=taken_on, taken_at=taken_at))
    cycle_id = cycle_id_of(casebook, drawn, records.life)
    [cycle] = [each.cycle for each in records.treatments if each.cycle.id == cycle_id]
    assert cycle.number == number


def test_a_cohort_counts_the_same(casebook: Casebook, potassium: Course) -> None:
    frames = cohort_frames.load(casebook)
    high = shifts(frames).query("direction == 'H'").iloc[0]
    assert (high["baseline"], high["worst"]) == (0, 3)
    assert high["worst_on"].date() == C1
    lowest = [
        (row["cycle"], row["taken_on"].date(), row["value"])
        for _index, row in nadirs(frames).iterrows()
    ]
    assert lowest == [(1, C2, 4.4), (2, C2, 6.4)]
    own = [(one.cycle, one.point.on, one.point.value) for one in potassium.trend("k").nadirs]
    assert own == lowest


def test_a_sample_after_the_start_of_a_cycle_is_not_on_the_line_of_the_one_before(
    casebook: Casebook, potassium: Course
) -> None:
    of_cycles = [
        (line.cycle, line.values.tolist()) for line in align_by_cycle(potassium, "k").lines
    ]
    assert of_cycles == [(1, [4.2, 6.2, 5.8, 4.4]), (2, [4.4, 6.4])]
    of_cohort = spaghetti(cohort_frames.load(casebook), "k")
    strands = [
        (strand.cycle, of_cohort.values[strand.start : strand.end].tolist())
        for strand in of_cohort.strands
    ]
    assert strands == of_cycles
    behind = load_curves(casebook, "k", "mmol/L", 0, Alignment.EACH_CYCLE)
    assert behind.values[:4].tolist() == [4.2, 6.2, 5.8, 4.4]
    assert behind.values[5:].tolist() == [4.4, 6.4]
