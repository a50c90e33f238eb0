"""The summary as a value: what is withheld, and what is worked out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from model.dates import PartialDate
from model.documents.summary import Calendar, pseudonymised, random_code, summarise
from model.records import (
    biopsies,
    cycles,
    labs,
    patients,
    toxicities,
    whole_patient,
    without_identity,
)
from model.records.administrations import Administration
from model.records.biopsies import Metastasis
from model.records.cycles import Cycle
from model.records.labs import LabResult
from model.records.patient_records import load
from model.records.patients import Identity, Patient
from model.records.toxicities import Toxicity

TODAY = date(2024, 6, 1)
FIRST = date(2024, 1, 10)


@pytest.fixture
def records(casebook):
    """A patient of 93 with one cycle and two results of haemoglobin."""
    with casebook.step("Add") as step:
        patient = patients.save(
            step, Patient(code="STUDY-7", sex="M", primary_site="SECRET site", comment="SECRET")
        )
        whole_patient.save_identity(
            step,
            Identity(patient_id=patient.id, family_name="SECRET", born_on=PartialDate(1930, 5, 1)),
        )
        for site in ("liver", "SECRET", "SECRET too"):
            biopsies.save_metastasis(step, Metastasis(patient_id=patient.id, site=site))
        given = Administration(
            number=1, nuclide="177Lu", ligand="SECRET", administered_mbq=7400, batch_number="SECRET"
        )
        cycles.save(step, Cycle(patient_id=patient.id, number=1, given_on=FIRST), [given])
        event = Toxicity(
            patient_id=patient.id,
            term="Nausea",
            ctcae_version="5.0",
            grade=2,
            onset_on=PartialDate.of(FIRST),
            verbatim="SECRET",
            comment="SECRET",
        )
        toxicities.save(step, event)
        for day, analyte in ((-3, "hb"), (30, "hb"), (30, "SECRET")):
            labs.save(
                step,
                LabResult(
                    patient_id=patient.id,
                    taken_on=FIRST + timedelta(days=day),
                    analyte=analyte,
                    value=Decimal("10.2"),
                    unit="g/dL",
                    comment="SECRET",
                ),
            )
    return load(casebook, patient.id)


def test_days_are_dates_or_counted_from_an_origin():
    assert Calendar().text(date(2024, 3, 7)) == "7 Mar 2024"
    counted = Calendar(date(2024, 3, 7))
    assert counted.text(date(2024, 3, 7)) == "day 0"
    assert counted.text(date(2024, 2, 1)) == "day −35"
    assert counted.text(None) == Calendar().text(None) == ""
    assert Calendar().text(PartialDate(2024, 5)) == "May 2024"
    assert counted.text(PartialDate(2024, 3, 9)) == "day 2"
    assert counted.text(PartialDate(2024, 5)) == "≈ month 2"
    assert counted.text(PartialDate(2022)) == "≈ year −2"


def test_a_patient_who_is_not_there_has_no_records(casebook):
    assert load(casebook, 7) is None


def test_an_identified_report_is_as_recorded(records):
    made = summarise(records, TODAY, ("hb",), casebook="test")
    assert made.identified
    assert (made.code, made.age, made.profile.name) == ("STUDY-7", "94 y (93 y at T0)", "SECRET")
    assert made.calendar == Calendar()
    assert made.casebook == "test"
    assert "Last result 113 days old." in made.unknown


def test_a_pseudonymised_report_holds_nothing_typed_freely(records):
    made = summarise(records, TODAY, ("hb",), casebook="test", code="P-AAAA")
    assert not made.identified
    assert "SECRET" not in repr(made)
    assert "STUDY-7" not in repr(made)
    assert made.profile.identity is None
    assert (made.code, made.age, made.casebook) == ("P-AAAA", "90+ y at T0", "")
    assert made.profile.metastases == ("liver", "other")
    assert made.calendar == Calendar(FIRST)


def test_a_pseudonymised_report_does_not_say_how_old_a_result_is(records):
    made = summarise(records, TODAY, ("hb",), code="P-AAAA")
    assert not any("days old" in sentence for sentence in made.unknown)
    assert made.due == ()


def test_t0_that_was_chosen_is_day_zero(casebook, records):
    chosen = FIRST - timedelta(days=5)
    patient = records.patient
    with casebook.step("Edit") as step:
        saved = patients.find(step, patient.id)
        patients.save(step, replace(saved, index_on=chosen))
    made = summarise(load(casebook, patient.id), TODAY, ("hb",), code="P-AAAA")
    assert made.calendar.text(FIRST) == "day 5"


def test_records_stay_as_they_were(records):
    pseudonymised(records, "P-AAAA")
    assert records.patient.code == "STUDY-7"


@pytest.mark.parametrize(("age", "said"), [(None, None), (58, "58"), (89, "89"), (90, "90+")])
def test_ages_over_89_are_told_as_90_and_more(age, said):
    assert without_identity.age_text(age) == said


@pytest.mark.parametrize(("born", "derives"), [(1930, False), (1966, True)])
def test_an_age_over_89_cannot_be_reckoned_back_from_a_formula(records, born, derives):
    creatinine = LabResult(
        patient_id=records.patient.id,
        taken_on=FIRST + timedelta(days=30),
        analyte="crea",
        value=Decimal("1.0"),
        unit="mg/dL",
    )
    known = replace(
        records,
        results=(creatinine,),
        identity=replace(records.identity, born_on=PartialDate(born)),
    )
    named = summarise(known, TODAY, ("egfr",))
    assert named.derived[0].value is not None
    hidden = summarise(known, TODAY, ("egfr",), code="P-AAAA")
    assert (hidden.derived[0].value is not None) is derives
    assert ("egfr" in hidden.course.trends) is derives


def test_a_unit_that_was_typed_freely_is_withheld(records):
    odd = [replace(result, unit="SECRET unit") for result in records.results]
    kept = without_identity.results(odd)
    assert {result.unit for result in kept} == {"other unit"}
    assert without_identity.results(records.results)[0].unit == "g/dL"


def test_a_fresh_code_tells_nothing():
    codes = {random_code() for _ in range(50)}
    assert len(codes) > 45
    assert all(code.startswith("P-") and len(code) == 6 for code in codes)


def test_the_grades_of_nadirs_are_there_before_drawing(records):
    made = summarise(records, TODAY, ("hb",))
    assert "nadirs" in vars(made.course.trend("hb"))
