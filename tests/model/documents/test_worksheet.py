"""The worksheet's decay tables, and what it knows of the cycles before."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from model.documents import worksheet
from model.records import cycles
from model.records.administrations import Administration, Cumulative
from model.records.cycles import Cycle, Treatment
from model.records.patient_records import load
from model.records.patients import Patient
from model.store.casebook import Casebook

DAY = date(2025, 3, 10)
LU = Administration(number=1, nuclide="177Lu", prescribed_mbq=7400.0)


def test_a_calibrated_activity_is_given_for_the_hours_of_the_day() -> None:
    given = replace(LU, calibrated_mbq=7400.0, calibrated_at=datetime(2025, 3, 9, 10, 0))
    decay = worksheet.decay_of(given, DAY)
    assert decay is not None
    assert (decay.of, len(decay.steps)) == ("calibrated", 13)
    by_time = dict(decay.steps)
    assert min(by_time) == datetime(2025, 3, 10, 7, 0)
    assert round(by_time[datetime(2025, 3, 10, 16, 0)] / 1000, 3) == 6.496


def test_a_prescribed_activity_is_given_before_and_after_the_start() -> None:
    given = Administration(number=1, nuclide="225Ac", unit="MBq", prescribed_mbq=10.0)
    decay = worksheet.decay_of(given, DAY)
    assert decay is not None
    by_minute = dict(decay.steps)
    assert decay.of == "prescribed"
    assert by_minute[0] == 10.0
    assert by_minute[-360] == pytest.approx(10 * 2 ** (6 / 240))
    assert by_minute[360] == pytest.approx(10 * 2 ** (-6 / 240))


def test_a_short_lived_nuclide_goes_by_ten_minutes() -> None:
    given = Administration(number=1, nuclide="213Bi", prescribed_mbq=1000.0)
    decay = worksheet.decay_of(given, DAY)
    assert decay is not None
    assert [step for step, _ in decay.steps] == list(range(-60, 61, 10))


def test_without_activity_or_half_life_nothing_is_reckoned() -> None:
    assert worksheet.decay_of(replace(LU, prescribed_mbq=None), DAY) is None
    assert worksheet.decay_of(replace(LU, nuclide="Lu"), DAY) is None


def test_it_counts_what_was_given_before_and_may_be_of_a_cycle_not_saved(
    casebook: Casebook, patient: Patient
) -> None:
    whose = patient.id or 0
    first = Cycle(patient_id=whose, number=1, given_on=date(2025, 1, 13))
    with casebook.step("x") as step:
        saved = cycles.save(step, first, [replace(LU, administered_mbq=7300.0)])
    planned = Treatment(Cycle(patient_id=whose, number=2, given_on=DAY), (LU,))
    made = worksheet.worksheet_of(load(casebook, whose), planned)
    assert made.last == saved.cycle
    assert made.days_since_last == 56
    assert made.given_before == (Cumulative("177Lu", 7300.0, False),)
    assert made.parts[0].allowed_mbq == pytest.approx((6660.0, 8140.0))
    own = worksheet.worksheet_of(load(casebook, whose), saved)
    assert (own.last, own.given_before) == (None, ())
