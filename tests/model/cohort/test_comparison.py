"""What has changed in the numbers of a frozen cohort."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from model.cohort import frames, selecting
from model.cohort.comparison import ChangeKind, Comparison, compare, difference_rows
from model.cohort.freeze import Frozen
from model.cohort.lines import CohortTable
from model.cohort.options import DEFAULT_OPTIONS
from model.cohort.selection import EVERYONE
from model.cohort.tables import count_tables
from model.dates import PartialDate
from model.records import cycles, patients, toxicities
from model.records.administrations import Administration
from model.records.cycles import Cycle
from model.records.patients import Patient
from model.records.toxicities import Toxicity
from model.store.casebook import Casebook
from tests.model.cohort.frozen_cohorts import frozen, line, table

FIRST = date(2024, 3, 4)


def compared(kept: Frozen, *made: CohortTable, version: str = "1.0") -> Comparison:
    return compare(kept, made, version)


def test_numbers_that_are_the_same_still_hold() -> None:
    kept = frozen(table(line(1, 7)))
    told = compared(kept, table(line(1, 7)))
    assert told.is_unchanged
    assert told.sentence() == "The numbers still hold: all 1 are as they were."


def test_a_number_that_has_changed_says_who_came() -> None:
    told = compared(frozen(table(line(1, 7))), table(line(2, 7, 9)))
    (difference,) = told.differences
    assert difference.kind is ChangeKind.VALUE
    assert difference.was
    assert difference.now
    assert (difference.was.text, difference.now.text) == ("1 of 20", "2 of 20")
    assert (difference.added, difference.removed) == ((9,), ())
    assert told.sentence() == "1 of 1 numbers has changed."


def test_the_same_number_of_other_patients_is_a_change() -> None:
    (difference,) = compared(frozen(table(line(1, 7))), table(line(1, 9))).differences
    assert difference.kind is ChangeKind.PATIENTS
    assert (difference.added, difference.removed) == ((9,), (7,))


def test_another_definition_is_a_change_of_its_own() -> None:
    kept = frozen(table(line(1, 7)))
    (difference,) = compared(kept, table(line(1, 7, definition="Events"))).differences
    assert difference.kind is ChangeKind.MEANING
    assert difference_rows(compared(kept, table(line(1, 7, definition="Events"))), {})[1] == [
        ["all toxicity", "Anemia", "3", "counted differently", "Patients", "Events", "", ""]
    ]


def test_numbers_that_are_gone_and_new_are_told_apart() -> None:
    told = compared(frozen(table(line(1, 7))), table(line(2, 8, 9, measure="Nausea")))
    assert [one.kind for one in told.differences] == [ChangeKind.GONE, ChangeKind.NEW]
    assert [one.number.measure for one in told.differences] == ["Anemia", "Nausea"]
    _header, rows = difference_rows(told, {7: "P-7", 8: "P-8"})
    assert [row[-2:] for row in rows] == [["", "P-7"], ["P-8, deleted patient", ""]]


def test_another_version_of_the_program_is_named() -> None:
    told = compared(frozen(table(line(1, 7))), table(line(1, 7)), version="1.1")
    assert told.is_unchanged
    assert "Frozen with Theralog 1.0, counted with 1.1." in told.sentence()


def test_what_was_altered_after_it_was_frozen_does_not_hold() -> None:
    kept = frozen(table(line(1, 7)))
    altered = replace(kept, numbers=(replace(kept.numbers[0], n=2),))
    told = compared(altered, table(line(2, 7)))
    assert not altered.is_intact
    assert not told.is_unchanged
    assert "hash" in told.sentence()


@pytest.fixture
def count(casebook: Casebook) -> Callable[[], tuple[CohortTable, ...]]:
    """Counts all tables of the casebook as it is."""

    def count() -> tuple[CohortTable, ...]:
        return count_tables(
            selecting.apply_selection(frames.load(casebook), EVERYONE), EVERYONE, DEFAULT_OPTIONS
        )

    return count


def test_a_patient_who_is_added_is_named_in_every_number(
    casebook: Casebook, count: Callable[[], tuple[CohortTable, ...]]
) -> None:
    def add(code: str) -> int:
        with casebook.step("Add") as step:
            patient_id = patients.save(step, Patient(code=code)).id or 0
            given = [Administration(number=1, nuclide="225Ac")]
            cycles.save(step, Cycle(patient_id=patient_id, number=1, given_on=FIRST), given)
            toxicities.save(
                step,
                Toxicity(
                    patient_id=patient_id,
                    term="Anemia",
                    ctcae_version="5.0",
                    grade=3,
                    onset_on=PartialDate.of(FIRST),
                ),
            )
        return patient_id

    add("P-1")
    kept = frozen(*count())
    assert compared(kept, *count()).is_unchanged
    second = add("P-2")
    told = compared(kept, *count())
    assert not told.is_unchanged
    anemia = [
        one
        for one in told.differences
        if (one.number.table, one.number.measure, one.number.level)
        == ("all_toxicity", "Anemia", "3")
    ]
    assert [one.added for one in anemia] == [(second,)]
