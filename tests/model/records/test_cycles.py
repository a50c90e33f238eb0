"""Cycles with their administrations: activities by decay, sums by nuclide, saving and removing."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from model.errors import InvalidRecord
from model.records import administrations, cycles, kinds, toxicities
from model.records.administrations import Administration, Cumulative, percent_text
from model.records.cycles import Cycle, Treatment
from model.records.patients import Patient
from model.records.toxicities import Toxicity
from model.reference import activities, nuclides
from model.store.casebook import Casebook

AC = Administration(number=1, nuclide="225Ac", ligand="DOTA-LM3", unit="MBq")
LU = Administration(number=2, nuclide="177Lu", ligand="DOTA-LM3", unit="GBq")


def test_activity_decays_by_half_life() -> None:
    assert round(nuclides.decay(10.0, 30.0, nuclides.nuclides()["225Ac"].half_life_h), 3) == 9.170
    assert round(nuclides.decay(7.4, 30.0, nuclides.nuclides()["177Lu"].half_life_h), 3) == 6.496


def test_administered_is_measured_less_residual_each_at_the_start() -> None:
    given = Administration(
        number=1,
        nuclide="177Lu",
        measured_mbq=7400.0,
        measured_at=datetime(2024, 3, 6, 4, 0),
        residual_mbq=100.0,
        residual_at=datetime(2024, 3, 8, 16, 0),
        started_at=datetime(2024, 3, 7, 10, 0),
    )
    half_life = nuclides.nuclides()["177Lu"].half_life_h
    expected = 7400 * 2 ** (-30 / half_life) - 100 * 2 ** (30 / half_life)
    assert given.activity_mbq == pytest.approx(expected)


def test_an_unknown_activity_is_not_zero() -> None:
    assert AC.activity_mbq is None
    assert activities.activity_text(AC.activity_mbq, "MBq") == "activity unknown"


@pytest.mark.parametrize("written", ["225Ac", "Ac-225", "ac225", "AC 225", "225-Ac", " 225ac "])
def test_a_nuclide_is_found_however_it_is_written(written: str) -> None:
    assert nuclides.spell(written) == "225Ac"


@pytest.mark.parametrize("written", ["Actinium", "225", "255Ac", ""])
def test_an_unknown_nuclide_stays_as_written(written: str) -> None:
    assert nuclides.find(written) is None
    assert nuclides.spell(written) == written


def test_alpha_emitters_are_in_mbq_and_beta_emitters_in_gbq() -> None:
    assert nuclides.unit_for("225Ac") == "MBq"
    assert nuclides.unit_for("212Pb") == "MBq"
    assert nuclides.unit_for("177Lu") == "GBq"
    assert nuclides.unit_for("161Tb") == "GBq"


def test_one_agent_is_monotherapy_and_two_are_tandem() -> None:
    cycle = Cycle(patient_id=1, number=1, given_on=date(2024, 3, 7))
    assert Treatment(cycle).modality is None
    assert Treatment(cycle, (AC,)).modality == "monotherapy"
    assert Treatment(cycle, (AC, LU)).modality == "tandem"


def test_sums_are_by_nuclide_and_lower_bounds_where_one_is_unknown() -> None:
    def given(nuclide: str, mbq: float | None) -> Administration:
        return Administration(number=1, nuclide=nuclide, administered_mbq=mbq)

    found = administrations.cumulative(
        [given("225Ac", 6.0), given("177Lu", 7400.0), given("225Ac", 6.5), given("177Lu", None)]
    )
    assert found == [Cumulative("225Ac", 12.5, False), Cumulative("177Lu", 7400.0, True)]
    assert administrations.cumulative([given("225Ac", None)]) == [Cumulative("225Ac", None, True)]


@pytest.mark.parametrize("written", ["7.4", "0.1", "8.000001", "0.3", "123.456789"])
def test_gigabecquerels_keep_their_digits(written: str) -> None:
    assert activities.from_mbq(activities.in_mbq(float(written), "GBq"), "GBq") == float(written)


def test_a_cycle_is_saved_with_its_administrations(casebook: Casebook, patient: Patient) -> None:
    assert patient.id is not None
    cycle = Cycle(patient_id=patient.id, number=1, given_on=date(2024, 3, 7))
    with casebook.step("Add cycle") as step:
        saved = cycles.save(step, cycle, [AC, LU])
    assert cycles.of_patient(casebook, patient.id) == [saved]
    assert cycles.next_number(casebook, patient.id) == 2
    with casebook.step("Edit cycle") as step:
        fewer = cycles.save(step, saved.cycle, saved.administrations[1:])
    assert [given.agent for given in fewer.administrations] == ["177Lu-DOTA-LM3"]
    assert [given.number for given in fewer.administrations] == [1]
    casebook.undo()
    assert cycles.of_patient(casebook, patient.id) == [saved]


def test_problems_of_an_administration_name_it(casebook: Casebook, patient: Patient) -> None:
    assert patient.id is not None
    cycle = Cycle(patient_id=patient.id, number=1, given_on=date(2024, 3, 7))
    wrong = Administration(number=2, nuclide="177Lu", measured_mbq=-1.0)
    with pytest.raises(InvalidRecord) as raised, casebook.step("Add cycle") as step:
        cycles.save(step, cycle, [AC, wrong])
    assert set(raised.value.problems) == {"2.measured_mbq"}


def test_removing_a_cycle_leaves_its_toxicities(casebook: Casebook, patient: Patient) -> None:
    assert patient.id is not None
    cycle = Cycle(patient_id=patient.id, number=1, given_on=date(2024, 3, 7))
    with casebook.step("Add cycle") as step:
        saved = cycles.save(step, cycle, [AC])
        toxicities.save(
            step,
            Toxicity(
                patient_id=patient.id,
                cycle_id=saved.cycle.id,
                term="Nausea",
                ctcae_version="5.0",
                grade=1,
            ),
        )
    with casebook.step("Delete cycle") as step:
        cycles.remove(step, saved.cycle)
    assert cycles.of_patient(casebook, patient.id) == []
    assert [found.cycle_id for found in kinds.of_patient(casebook, Toxicity, patient.id)] == [None]
    casebook.undo()
    assert cycles.of_patient(casebook, patient.id) == [saved]
    assert [found.cycle_id for found in kinds.of_patient(casebook, Toxicity, patient.id)] == [
        saved.cycle.id
    ]


def test_administrations_may_change_places(casebook: Casebook, patient: Patient) -> None:
    assert patient.id is not None
    cycle = Cycle(patient_id=patient.id, number=1, given_on=date(2024, 3, 7))
    with casebook.step("Add cycle") as step:
        saved = cycles.save(step, cycle, [AC, LU])
    with casebook.step("Edit cycle") as step:
        turned = cycles.save(step, saved.cycle, saved.administrations[::-1])
    assert [given.nuclide for given in turned.administrations] == ["177Lu", "225Ac"]
    assert cycles.of_patient(casebook, patient.id) == [turned]
    casebook.undo()
    assert cycles.of_patient(casebook, patient.id) == [saved]
    casebook.redo()
    assert cycles.of_patient(casebook, patient.id) == [turned]


def test_times_too_far_apart_are_refused_with_a_sentence() -> None:
    wrong = Administration(
        number=1,
        nuclide="225Ac",
        unit="MBq",
        measured_mbq=6.0,
        measured_at=datetime(2064, 3, 7, 9, 0),
        started_at=datetime(2024, 3, 7, 10, 0),
    )
    assert set(wrong.problems()) == {"started_at"}


def test_a_calibrated_activity_is_never_taken_as_administered() -> None:
    given = Administration(
        number=1,
        nuclide="177Lu",
        calibrated_mbq=7400.0,
        calibrated_at=datetime(2024, 3, 6, 4, 0),
        started_at=datetime(2024, 3, 7, 10, 0),
    )
    assert given.calibrated_at_start_mbq == pytest.approx(6496, abs=0.5)
    assert given.activity_mbq is None
    assert replace(given, started_at=None).calibrated_at_start_mbq is None


def test_a_repeated_administration_copies_nothing_of_one_vial() -> None:
    given = replace(
        LU,
        id=7,
        cycle_id=8,
        prescribed_mbq=7400.0,
        calibrated_mbq=8000.0,
        measured_mbq=7500.0,
        started_at=datetime(2024, 3, 7, 10, 0),
        batch_number="B 17",
        route="intravenous",
        comment="slow",
    )
    assert given.repeated() == replace(LU, prescribed_mbq=7400.0, route="intravenous")


@pytest.mark.parametrize(("given", "flagged"), [(6.3, False), (7.7, False), (6.29, True)])
def test_a_deviation_over_ten_percent_is_flagged(given: float, flagged: bool) -> None:
    assert replace(AC, prescribed_mbq=7.0, administered_mbq=given).deviates is flagged


@pytest.mark.parametrize(
    ("deviation", "said"),
    [
        *((0.0, "0 %"), (-0.001, "0 %"), (0.02, "+2 %"), (-0.12, "−12 %"), (0.1, "+10 %")),
        *((0.1001, "+10.1 %"), (-0.104, "−10.4 %"), (0.096, "+10 %"), (0.106, "+11 %")),
    ],
)
def test_a_flagged_deviation_never_reads_as_ten_percent(deviation: float, said: str) -> None:
    assert percent_text(deviation) == said


def test_lines_have_intervals_and_cumulative_activities() -> None:
    def treatment(number: int, day: date, mbq: float | None) -> Treatment:
        cycle = Cycle(patient_id=1, number=number, given_on=day)
        return Treatment(cycle, (replace(AC, administered_mbq=mbq),))

    found = cycles.lines(
        [
            treatment(1, date(2024, 3, 7), 6.0),
            treatment(2, date(2024, 5, 2), None),
            treatment(3, date(2024, 6, 27), 6.5),
        ]
    )
    assert [line.days_since_last for line in found] == [None, 56, 56]
    assert [line.cumulative for line in found] == [
        (Cumulative("225Ac", 6.0, False),),
        (Cumulative("225Ac", 6.0, True),),
        (Cumulative("225Ac", 12.5, True),),
    ]
