"""Frozen cohorts are stored with their numbers and read back unchanged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.cohort import freeze
from model.cohort.options import Denominator, Options, ToxicityRows
from model.errors import InvalidRecord, KnownError
from model.store.casebook import Casebook
from tests.model.cohort.frozen_cohorts import frozen, line, table


def test_the_hash_does_not_hang_on_blanks_or_on_the_last_digit_of_an_estimate() -> None:
    median = line(1, 7)
    one = frozen(table(replace(median, estimate=14.1)))
    other = frozen(table(replace(median, estimate=14.1 + 1e-12)))
    assert one.sha256 == other.sha256
    spaced = one.selection.replace(":", " :  ")
    assert freeze.hash_of(spaced, one.options, one.numbers) == one.sha256
    assert frozen(table(replace(median, estimate=14.2))).sha256 != one.sha256


def test_a_bound_that_was_not_reached_is_written_as_such() -> None:
    survival = replace(line(), n=20, estimate=22.0, low=13.0, unit="months", share=False)
    assert frozen(table(survival)).numbers[0].text == "22 (13–NR) months; 20 of 20"


def test_what_is_saved_is_read_as_it_was(casebook: Casebook) -> None:
    kept = frozen(table(line(2, 9, 7), line(0, measure="Nausea")))
    with casebook.step("Freeze") as step:
        saved = freeze.save(step, kept)
    (found,) = freeze.load_frozen(casebook)
    assert found == saved
    assert found.is_intact
    assert found.numbers == kept.numbers


def test_a_name_is_needed_and_is_taken_once(casebook: Casebook) -> None:
    with casebook.step("Freeze") as step:
        first = freeze.save(step, frozen(table(line())))
    for name in ("Paper", " "):
        with pytest.raises(InvalidRecord), casebook.step("Freeze") as step:
            freeze.save(step, frozen(table(line()), name=name))
    with casebook.step("Remove") as step:
        freeze.remove(step, first)
    assert freeze.load_frozen(casebook) == []
    with casebook.step("Freeze") as step:
        freeze.save(step, frozen(table(line())))
    casebook.undo()
    casebook.undo()
    assert [one.name for one in freeze.load_frozen(casebook)] == ["Paper"]


def test_one_that_cannot_be_read_is_named(casebook: Casebook) -> None:
    with casebook.step("Freeze") as step:
        freeze.save(step, frozen(table(line())))
    casebook._db.execute("update frozen_cohort set numbers = '{}'")
    with pytest.raises(KnownError, match="“Paper” cannot be read"):
        freeze.load_frozen(casebook)


def test_options_are_read_as_they_were_written() -> None:
    options = Options(by=ToxicityRows.GROUP, denominator=Denominator.IMAGED, landmarks=(3, 9))
    assert Options.from_text(options.as_text()) == options
    with pytest.raises(KnownError):
        Options.from_text('{"count": "twice"}')
