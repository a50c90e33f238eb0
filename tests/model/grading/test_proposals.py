"""Results propose grades; a clinician accepts or dismisses them, and nothing happens by itself."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from model.dates import PartialDate
from model.errors import Conflict
from model.grading import proposals, regrade
from model.grading.proposals import Proposal
from model.records import cycles, kinds, labs, patients, therapies, toxicities
from model.records.administrations import Administration
from model.records.cycles import Cycle
from model.records.labs import LabResult
from model.records.life import life_of
from model.records.patient_records import load
from model.records.patients import Patient
from model.records.therapies import Therapy
from model.records.toxicities import Dismissal, Toxicity
from model.store.casebook import Casebook
from model.store.settings import CTCAE_VERSION, save_setting

C1 = date(2024, 3, 4)


@pytest.fixture
def treated(casebook: Casebook, patient: Patient) -> Patient:
    """A patient with normal platelets before the first cycle."""
    assert patient.id is not None
    with casebook.step("Set up") as step:
        cycles.save(
            step,
            Cycle(patient_id=patient.id, number=1, given_on=C1),
            [Administration(number=1, nuclide="225Ac", unit="MBq")],
        )
    enter(casebook, patient, date(2024, 3, 1), "230")
    return patient


def enter(
    casebook: Casebook,
    patient: Patient,
    day: date,
    value: str,
    analyte: str = "plt",
    unit: str = "10*9/L",
    lln: str = "150",
) -> LabResult:
    assert patient.id is not None
    with casebook.step("Add result") as step:
        return labs.save(
            step,
            LabResult(
                patient_id=patient.id,
                taken_on=day,
                analyte=analyte,
                value=Decimal(value),
                unit=unit,
                lln=Decimal(lln),
            ),
        )


def proposed(casebook: Casebook, patient: Patient) -> list[Proposal]:
    assert patient.id is not None
    return proposals.propose_grades(load(casebook, patient.id))


def accept(casebook: Casebook, proposal: Proposal) -> Toxicity:
    with casebook.step("Accept grade") as step:
        return proposals.accept(step, proposal)


def test_platelets_44_propose_grade_3_and_nothing_is_recorded(
    casebook: Casebook, treated: Patient
) -> None:
    result = enter(casebook, treated, date(2024, 4, 1), "44")
    [proposal] = proposed(casebook, treated)
    assert (proposal.term, proposal.grade, proposal.from_grade) == (
        "Platelet count decreased",
        3,
        0,
    )
    assert proposal.result == result
    assert proposal.ctcae_version == "5.0"
    assert "44 < 50" in proposal.reason
    assert treated.id is not None
    assert kinds.of_patient(casebook, Toxicity, treated.id) == []


def test_accepting_records_the_toxicity_tied_to_its_result(
    casebook: Casebook, treated: Patient
) -> None:
    result = enter(casebook, treated, date(2024, 4, 1), "44")
    saved = accept(casebook, proposed(casebook, treated)[0])
    assert saved.lab_result_id == result.id
    assert (saved.grade, str(saved.onset_on), saved.phase) == (3, "2024-04-01", "long_term")
    assert saved.treatment_emergent is True
    assert saved.cycle_id is not None
    assert proposed(casebook, treated) == []
    casebook.undo()
    assert [one.grade for one in proposed(casebook, treated)] == [3]


def test_a_worse_grade_closes_the_one_that_it_replaces(
    casebook: Casebook, treated: Patient
) -> None:
    enter(casebook, treated, date(2024, 4, 1), "68")
    first = accept(casebook, proposed(casebook, treated)[0])
    enter(casebook, treated, date(2024, 4, 8), "44")
    [proposal] = proposed(casebook, treated)
    assert (proposal.grade, proposal.from_grade, proposal.replaces) == (3, 2, first)
    second = accept(casebook, proposal)
    assert treated.id is not None
    closed, opened = kinds.of_patient(casebook, Toxicity, treated.id)
    assert (closed.resolved_on, closed.outcome) == (date(2024, 4, 8), "worsened")
    assert opened == second
    casebook.undo()
    assert kinds.of_patient(casebook, Toxicity, treated.id) == [first]


def test_a_grade_that_is_not_worse_is_not_proposed(casebook: Casebook, treated: Patient) -> None:
    enter(casebook, treated, date(2024, 4, 1), "44")
    accept(casebook, proposed(casebook, treated)[0])
    for day, value in ((8, "48"), (15, "60"), (22, "140")):
        enter(casebook, treated, date(2024, 4, day), value)
        assert proposed(casebook, treated) == []


def test_after_recovery_the_next_fall_is_proposed_again(
    casebook: Casebook, treated: Patient
) -> None:
    enter(casebook, treated, date(2024, 4, 1), "68")
    event = accept(casebook, proposed(casebook, treated)[0])
    enter(casebook, treated, date(2024, 4, 15), "200")
    with casebook.step("Edit toxicity") as step:
        toxicities.save(step, replace(event, resolved_on=date(2024, 4, 15), outcome="recovered"))
    enter(casebook, treated, date(2024, 5, 15), "100")
    [proposal] = proposed(casebook, treated)
    assert (proposal.grade, proposal.from_grade, proposal.replaces) == (1, 0, None)


def test_one_episode_makes_one_proposal_of_its_worst_grade(
    casebook: Casebook, treated: Patient
) -> None:
    for day, value in ((1, "140"), (8, "44"), (15, "47"), (22, "70")):
        enter(casebook, treated, date(2024, 4, day), value)
    [proposal] = proposed(casebook, treated)
    assert (proposal.grade, proposal.result.taken_on) == (3, date(2024, 4, 8))


def test_what_was_dismissed_is_not_proposed_again_unless_worse(
    casebook: Casebook, treated: Patient
) -> None:
    enter(casebook, treated, date(2024, 4, 1), "68")
    [proposal] = proposed(casebook, treated)
    with casebook.step("Dismiss grade") as step:
        kept = proposals.dismiss(step, proposal, "clumped sample")
    assert kept.reason == "clumped sample"
    assert proposed(casebook, treated) == []
    enter(casebook, treated, date(2024, 4, 8), "66")
    assert proposed(casebook, treated) == []
    enter(casebook, treated, date(2024, 4, 9), "30")
    assert [one.grade for one in proposed(casebook, treated)] == [3]
    casebook.undo()
    casebook.undo()
    casebook.undo()
    assert [one.grade for one in proposed(casebook, treated)] == [2]


def test_what_was_abnormal_at_baseline_must_be_worse(casebook: Casebook, patient: Patient) -> None:
    assert patient.id is not None
    with casebook.step("Set up") as step:
        cycles.save(step, Cycle(patient_id=patient.id, number=1, given_on=C1), [])
    enter(casebook, patient, date(2024, 3, 1), "120")
    enter(casebook, patient, date(2024, 4, 1), "110")
    assert proposed(casebook, patient) == []
    enter(casebook, patient, date(2024, 4, 8), "74")
    assert [one.grade for one in proposed(casebook, patient)] == [2]


def test_without_a_cycle_a_grade_is_proposed_all_the_same(
    casebook: Casebook, patient: Patient
) -> None:
    enter(casebook, patient, date(2024, 4, 1), "44")
    [proposal] = proposed(casebook, patient)
    assert proposal.grade == 3
    assert proposal.treatment_emergent is None


def test_the_other_version_stands_beside_where_it_differs(
    casebook: Casebook, treated: Patient
) -> None:
    enter(casebook, treated, date(2024, 4, 1), "0.8", "anc", lln="1.5")
    enter(casebook, treated, date(2024, 4, 1), "44")
    by_term = {one.term: one for one in proposed(casebook, treated)}
    assert [line.grade for line in by_term["Neutrophil count decreased"].other] == [2]
    assert by_term["Neutrophil count decreased"].grade == 3
    assert by_term["Platelet count decreased"].other == ()


def test_a_patient_may_be_graded_in_another_version(casebook: Casebook, treated: Patient) -> None:
    enter(casebook, treated, date(2024, 4, 1), "0.8", "anc", lln="1.5")
    with casebook.step("Version") as step:
        save_setting(step, CTCAE_VERSION, "6.0")
    assert [(one.ctcae_version, one.grade) for one in proposed(casebook, treated)] == [("6.0", 2)]
    with casebook.step("Edit patient") as step:
        patients.save(step, replace(treated, ctcae_version="5.0"))
    assert [(one.ctcae_version, one.grade) for one in proposed(casebook, treated)] == [("5.0", 3)]


def test_a_baseline_in_another_unit_is_converted(casebook: Casebook, patient: Patient) -> None:
    assert patient.id is not None
    with casebook.step("Set up") as step:
        cycles.save(step, Cycle(patient_id=patient.id, number=1, given_on=C1), [])
    enter(casebook, patient, date(2024, 3, 1), "1.0", "crea", "mg/dL", "0.5")
    enter(casebook, patient, date(2024, 4, 1), "133", "crea", "umol/L", "44")
    assert [one.grade for one in proposed(casebook, patient)] == [2]


def test_what_cannot_be_graded_is_not_proposed(casebook: Casebook, treated: Patient) -> None:
    enter(casebook, treated, date(2024, 4, 1), "44", unit="furlong")
    assert proposed(casebook, treated) == []


def edit(casebook: Casebook, proposal: Proposal, **changes: Any) -> Toxicity:
    life = life_of(casebook, proposal.result.patient_id)
    proposed_event = proposals.as_toxicity(
        proposal, life, proposals.cycle_id_of(casebook, proposal, life)
    )
    with casebook.step("Accept grade") as step:
        return proposals.accept(step, proposal, replace(proposed_event, **changes))


def test_an_edited_proposal_stays_tied_to_its_result_and_closes_what_it_replaces(
    casebook: Casebook, treated: Patient
) -> None:
    enter(casebook, treated, date(2024, 4, 1), "68")
    accept(casebook, proposed(casebook, treated)[0])
    result = enter(casebook, treated, date(2024, 4, 8), "44")
    saved = edit(
        casebook,
        proposed(casebook, treated)[0],
        grade=4,
        onset_on=PartialDate(2024, 4, 6),
        comment="ward",
    )
    assert (saved.grade, saved.lab_result_id, saved.comment) == (4, result.id, "ward")
    assert treated.id is not None
    closed, _ = kinds.of_patient(casebook, Toxicity, treated.id)
    assert (closed.resolved_on, closed.outcome) == (date(2024, 4, 6), "worsened")
    assert proposed(casebook, treated) == []
    assert kinds.of_patient(casebook, Dismissal, treated.id) == []


@pytest.mark.parametrize(
    ("onset", "closed_on"), [("2024-04", date(2024, 4, 8)), ("2024-05", date(2024, 5, 1))]
)
def test_an_edited_onset_of_which_only_the_month_is_known_closes_on_a_day_of_it(
    casebook: Casebook, treated: Patient, onset: str, closed_on: date
) -> None:
    enter(casebook, treated, date(2024, 4, 1), "68")
    accept(casebook, proposed(casebook, treated)[0])
    enter(casebook, treated, date(2024, 4, 8), "44")
    edit(casebook, proposed(casebook, treated)[0], onset_on=PartialDate.parse(onset))
    assert treated.id is not None
    recorded = {each.grade: each for each in kinds.of_patient(casebook, Toxicity, treated.id)}
    assert recorded[2].resolved_on == closed_on
    assert recorded[3].is_ongoing


def test_a_proposal_edited_to_a_lower_grade_is_not_made_again(
    casebook: Casebook, treated: Patient
) -> None:
    enter(casebook, treated, date(2024, 4, 1), "44")
    edit(casebook, proposed(casebook, treated)[0], grade=2)
    assert proposed(casebook, treated) == []
    assert treated.id is not None
    [turned_down] = kinds.of_patient(casebook, Dismissal, treated.id)
    assert turned_down.grade == 3
    assert turned_down.reason == "Recorded as Platelet count decreased, grade 2"
    casebook.undo()
    assert [one.grade for one in proposed(casebook, treated)] == [3]


def test_a_proposal_edited_to_another_term_closes_nothing(
    casebook: Casebook, treated: Patient
) -> None:
    enter(casebook, treated, date(2024, 4, 1), "68")
    first = accept(casebook, proposed(casebook, treated)[0])
    enter(casebook, treated, date(2024, 4, 8), "44")
    edit(casebook, proposed(casebook, treated)[0], term="Anemia", grade=3)
    assert treated.id is not None
    assert first in kinds.of_patient(casebook, Toxicity, treated.id)
    assert proposed(casebook, treated) == []


@pytest.mark.parametrize("what", ["result", "replaced", "accepted", "dismissed"])
def test_a_proposal_that_no_longer_holds_is_refused(
    casebook: Casebook, treated: Patient, what: str
) -> None:
    enter(casebook, treated, date(2024, 4, 1), "68")
    first = accept(casebook, proposed(casebook, treated)[0])
    result = enter(casebook, treated, date(2024, 4, 8), "44")
    [proposal] = proposed(casebook, treated)
    with casebook.step("Meanwhile") as step:
        if what == "result":
            labs.save(step, replace(result, value=Decimal(144)))
        elif what == "replaced":
            toxicities.save(step, replace(first, resolved_on=date(2024, 4, 5)))
        elif what == "accepted":
            proposals.accept(step, proposal)
        else:
            proposals.dismiss(step, proposal)
    assert treated.id is not None
    before = kinds.of_patient(casebook, Toxicity, treated.id)
    # Accepting it has closed the toxicity that it replaces.
    match = "already decided" if what == "dismissed" else "is out of date"
    with pytest.raises(Conflict, match=match):
        accept(casebook, proposal)
    with pytest.raises(Conflict, match=match), casebook.step("Dismiss grade") as step:
        proposals.dismiss(step, proposal)
    assert kinds.of_patient(casebook, Toxicity, treated.id) == before


def abnormal(casebook: Casebook, patient: Patient, uln: str = "20") -> None:
    """A first cycle after a bilirubin of 70 µmol/L."""
    assert patient.id is not None
    with casebook.step("Set up") as step:
        cycles.save(step, Cycle(patient_id=patient.id, number=1, given_on=C1), [])
    bilirubin(casebook, patient, date(2024, 3, 1), "70", uln)


def bilirubin(
    casebook: Casebook,
    patient: Patient,
    day: date,
    value: str,
    uln: str = "20",
    unit: str = "umol/L",
) -> None:
    assert patient.id is not None
    with casebook.step("Add result") as step:
        labs.save(
            step,
            LabResult(
                patient_id=patient.id,
                taken_on=day,
                analyte="bili",
                value=Decimal(value),
                unit=unit,
                uln=Decimal(uln),
            ),
        )


def test_multiples_of_an_abnormal_baseline_are_proposed_below_its_own_grade(
    casebook: Casebook, patient: Patient
) -> None:
    abnormal(casebook, patient)
    bilirubin(casebook, patient, date(2024, 4, 1), "198")
    assert [one.grade for one in proposed(casebook, patient)] == [2]


def test_what_is_no_worse_than_an_abnormal_baseline_is_not_proposed(
    casebook: Casebook, patient: Patient
) -> None:
    abnormal(casebook, patient)
    bilirubin(casebook, patient, date(2024, 4, 1), "70")
    bilirubin(casebook, patient, date(2024, 4, 2), "60")
    assert proposed(casebook, patient) == []


def test_a_baseline_is_judged_by_the_limits_of_its_own_day(
    casebook: Casebook, patient: Patient
) -> None:
    abnormal(casebook, patient, uln="80")
    bilirubin(casebook, patient, date(2024, 4, 1), "80", uln="40")
    assert [one.grade for one in proposed(casebook, patient)] == [2]
    bilirubin(casebook, patient, date(2024, 4, 8), "125", uln="40")
    assert [one.grade for one in proposed(casebook, patient)] == [3]


def test_a_normal_result_after_a_baseline_below_normal_is_not_proposed(
    casebook: Casebook, patient: Patient
) -> None:
    assert patient.id is not None
    with casebook.step("Set up") as step:
        cycles.save(step, Cycle(patient_id=patient.id, number=1, given_on=C1), [])
        for day, value in ((date(2024, 3, 1), "0.2"), (date(2024, 4, 1), "0.7")):
            labs.save(
                step,
                LabResult(
                    patient_id=patient.id,
                    taken_on=day,
                    analyte="bili",
                    value=Decimal(value),
                    unit="mg/dL",
                    lln=Decimal("0.3"),
                    uln=Decimal("1.2"),
                ),
            )
    assert proposed(casebook, patient) == []


def test_what_recovered_without_a_date_does_not_hide_the_next_event(
    casebook: Casebook, treated: Patient
) -> None:
    enter(casebook, treated, date(2024, 4, 1), "44")
    event = accept(casebook, proposed(casebook, treated)[0])
    with casebook.step("Edit toxicity") as step:
        recovered = toxicities.save(step, replace(event, outcome="recovered"))
    assert proposed(casebook, treated) == []
    enter(casebook, treated, date(2024, 5, 1), "200")
    enter(casebook, treated, date(2024, 9, 1), "20")
    [proposal] = proposed(casebook, treated)
    assert (proposal.grade, proposal.replaces) == (4, None)
    accept(casebook, proposal)
    assert treated.id is not None
    assert kinds.of_patient(casebook, Toxicity, treated.id)[0] == recovered


def test_two_analytes_of_one_term_make_one_proposal(casebook: Casebook, patient: Patient) -> None:
    assert patient.id is not None
    with casebook.step("Set up") as step:
        cycles.save(step, Cycle(patient_id=patient.id, number=1, given_on=C1), [])
    enter(casebook, patient, date(2024, 3, 1), "1.95", "ca", "mmol/L", "2.15")
    enter(casebook, patient, date(2024, 3, 1), "2.30", "ca_corr", "mmol/L", "2.15")
    enter(casebook, patient, date(2024, 4, 1), "1.70", "ca", "mmol/L", "2.15")
    enter(casebook, patient, date(2024, 4, 1), "1.90", "ca_corr", "mmol/L", "2.15")
    [proposal] = proposed(casebook, patient)
    assert (proposal.term, proposal.grade) == ("Hypocalcemia", 3)
    enter(casebook, patient, date(2024, 5, 1), "2.30", "ca", "mmol/L", "2.15")
    enter(casebook, patient, date(2024, 5, 1), "2.30", "ca_corr", "mmol/L", "2.15")
    enter(casebook, patient, date(2024, 6, 1), "1.90", "ca_corr", "mmol/L", "2.15")
    assert [one.grade for one in proposed(casebook, patient)] == [2, 3]


def panel(
    casebook: Casebook, patient: Patient, day: date, *results: tuple[str, str, str, str]
) -> None:
    """Results of one sample: analyte, value, unit, and LLN or nothing."""
    assert patient.id is not None
    with casebook.step("Add results") as step:
        for analyte, value, unit, lln in results:
            result = LabResult(
                patient_id=patient.id,
                taken_on=day,
                analyte=analyte,
                value=Decimal(value),
                unit=unit or None,
                lln=Decimal(lln) if lln else None,
                uln=Decimal("10.2") if analyte == "ca" else None,
            )
            labs.save(step, result)


def test_calcium_is_proposed_as_corrected_by_the_albumin_of_its_sample(
    casebook: Casebook, treated: Patient
) -> None:
    ca, alb = ("ca", "7.8", "mg/dL", "8.6"), ("alb", "2.4", "g/dL", "")
    panel(casebook, treated, date(2024, 4, 1), ca, alb)

    def of_calcium() -> list[Proposal]:
        return [one for one in proposed(casebook, treated) if one.result.analyte == "ca"]

    assert of_calcium() == []
    panel(
        casebook,
        treated,
        date(2024, 5, 1),
        ("ca", "10.1", "mg/dL", "8.6"),
        ("alb", "20", "g/L", ""),
    )
    [high] = of_calcium()
    assert (high.term, high.grade) == ("Hypercalcemia", 2)
    assert "calcium 10.1 mg/dL corrected for albumin 20 g/L" in high.reason
    panel(casebook, treated, date(2024, 6, 1), ca)
    measured = of_calcium()[0]
    assert (measured.term, measured.grade) == ("Hypocalcemia", 2)
    assert "not corrected for albumin" in measured.reason


@pytest.mark.parametrize(
    ("started", "grade", "reason"),
    [
        (None, 3, "anticoagulation is not recorded"),
        ("2023-11", 1, "on anticoagulation"),
        ("2024-03", 1, "not known whether on anticoagulation"),
        ("2024-04-02", 3, "2.6 > 2.5"),
    ],
)
def test_inr_is_proposed_by_its_baseline_on_anticoagulation(
    casebook: Casebook, treated: Patient, started: str | None, grade: int, reason: str
) -> None:
    panel(casebook, treated, date(2024, 3, 1), ("inr", "2.4", "", ""))
    panel(casebook, treated, date(2024, 3, 20), ("inr", "2.6", "", ""))
    assert treated.id is not None
    if started:
        with casebook.step("Add therapy") as step:
            therapies.save(
                step,
                Therapy(
                    patient_id=treated.id,
                    number=1,
                    category="anticoagulation",
                    started_on=PartialDate.parse(started),
                    ongoing=True,
                    concomitant=True,
                ),
            )
    [proposal] = [one for one in proposed(casebook, treated) if one.result.analyte == "inr"]
    assert proposal.grade == grade
    assert reason in proposal.reason
    side = regrade.compare_versions(load(casebook, treated.id))
    assert [line.grade for one in side if one.analyte == "inr" for line in one.worst if line] == [
        grade,
        grade,
    ]
