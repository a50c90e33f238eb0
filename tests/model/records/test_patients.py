"""The patient list as the casebook tells it, and deleting a patient with all that is theirs."""

from datetime import date
from decimal import Decimal

from model.dates import PartialDate
from model.records import biopsies, cycles, labs, life, patients, toxicities, whole_patient
from model.records.administrations import Administration
from model.records.biopsies import Biopsy
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.kinds import KINDS
from model.records.labs import LabResult
from model.records.patients import Identity, Patient
from model.records.toxicities import Toxicity
from model.store.casebook import Casebook


def fill(casebook: Casebook, patient_id: int) -> None:
    """A patient with one of most things."""
    with casebook.step("Fill") as step:
        whole_patient.save_identity(
            step,
            Identity(patient_id=patient_id, family_name="Müller", born_on=PartialDate(1960, 5, 8)),
        )
        for grade, year in (("NET G3", 2023), ("NET G2", 2020)):
            biopsies.save(
                step,
                Biopsy(patient_id=patient_id, who_grade=grade, taken_on=PartialDate(year)),
            )
        for number, day in enumerate((date(2024, 3, 4), date(2024, 5, 9)), start=1):
            cycles.save(
                step,
                Cycle(patient_id=patient_id, number=number, given_on=day),
                [Administration(number=1, nuclide="225Ac", unit="MBq")],
            )
        for worst in (1, 3, 2):
            toxicities.save(
                step,
                Toxicity(patient_id=patient_id, term="Anemia", ctcae_version="5.0", grade=worst),
            )
        labs.save(
            step,
            LabResult(
                patient_id=patient_id,
                taken_on=date(2024, 3, 1),
                analyte="hb",
                value=Decimal("12.0"),
                unit="g/dL",
            ),
        )
        whole_patient.save_follow_up(
            step, FollowUp(patient_id=patient_id, seen_on=date(2025, 1, 1), status="dead")
        )


def test_the_list_shows_what_tells_patients_apart(casebook: Casebook, patient: Patient) -> None:
    assert patient.id is not None
    fill(casebook, patient.id)
    with casebook.step("Add patient") as step:
        patients.save(step, Patient(code="A-1", primary_site="small_bowel", age_at_index=70))
    other, shown = patients.overviews(casebook, date(2026, 6, 1))
    assert (other.code, other.age.short_text, other.grade, other.cycles) == (
        "A-1",
        "70 at T0",
        None,
        0,
    )
    assert (other.died, other.worst_grade) == (False, None)
    assert (shown.name, shown.age.short_text) == ("Müller", "64")
    assert (shown.first_grade, shown.grade) == ("NET G2", "NET G3")
    assert shown.cycles == 2
    assert (shown.worst_grade, shown.died) == (3, True)
    assert other.matches("small bow")
    assert other.matches("a-1")
    assert shown.matches("mül p-1")
    assert not shown.matches("bowel")


def test_age_counts_whole_years() -> None:
    born = PartialDate(1960, 5, 8)
    assert life.age_on(born, date(2024, 5, 7)) == 63
    assert life.age_on(born, date(2024, 5, 8)) == 64


def test_a_code_may_be_used_again_after_deleting(casebook: Casebook, patient: Patient) -> None:
    with casebook.step("Delete patient") as step:
        whole_patient.remove_patient(step, patient)
    with casebook.step("Add patient") as step:
        again = patients.save(step, Patient(code=patient.code))
    assert patients.with_code(casebook, "P-1") == again


def test_deleting_a_patient_puts_everything_into_the_bin(
    casebook: Casebook, patient: Patient
) -> None:
    assert patient.id is not None
    fill(casebook, patient.id)

    def kept() -> int:
        return sum(
            len(casebook.rows(f"select id from {table} where deleted_at is null"))
            for table in (kind.table for kind in KINDS)
        )

    before = kept()
    with casebook.step("Delete patient") as step:
        whole_patient.remove_patient(step, patient)
    assert kept() == 0
    casebook.undo()
    assert kept() == before
