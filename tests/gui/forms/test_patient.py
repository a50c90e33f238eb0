from dataclasses import replace

import pytest

from gui.forms.patient import PatientForm
from model.dates import PartialDate
from model.records import patients, whole_patient
from model.records.patients import Identity


@pytest.fixture
def form(session, opened):
    return opened(PatientForm(None, session))


def test_a_patient_is_entered_by_keys(form, session, typed, steps):
    typed("P-7<Tab>f<Tab>58<Save>")
    assert form.isHidden()
    saved = form.saved()
    assert (saved.code, saved.sex, saved.age_at_index) == ("P-7", "F", 58)
    assert patients.with_code(session.casebook, "P-7") == saved
    assert steps == ["Add patient"]


def test_a_code_already_used_keeps_the_form_open(form, patient, typed, steps):
    typed("P-1<Save>")
    assert form.isVisible()
    assert form.fields["code"].problem() == "There is already a patient “P-1”."
    assert form.fields["code"].input().hasFocus()
    assert form.saved() is None


def test_name_and_birth_are_saved_in_the_same_step_but_apart(form, session, typed, steps):
    typed("P-7")
    form.fields["family_name"].input().setFocus()
    typed("Muster<Tab>Anna<Tab>0012<Tab>1965-04<Save>")
    assert steps == ["Add patient"]
    identity = patients.identity_of(session.casebook, form.saved().id)
    assert (identity.family_name, identity.given_name) == ("Muster", "Anna")
    assert (identity.record_number, identity.born_on) == ("0012", PartialDate(1965, 4))
    session.undo()
    assert patients.all_patients(session.casebook) == []


def test_a_date_of_birth_takes_the_place_of_the_age(form, typed):
    typed("P-7")
    form.fields["age_at_index"].input().setFocus()
    typed("58")
    form.index_on.input().setFocus()
    typed("2025-03-10")
    form.born_on.input().setFocus()
    typed("1965-04-02")
    assert form.age.hint() == "59 years, counted from the date of birth."
    assert not form.age.input().isEnabled()
    typed("<Save>")
    assert form.saved().age_at_index is None


def test_the_age_stays_while_it_cannot_be_counted(form, typed):
    typed("P-7")
    form.age.input().setFocus()
    typed("58")
    form.born_on.input().setFocus()
    typed("1965-04-02")
    assert form.age.hint() == "Counted from the date of birth once there is a T0."
    assert form.age.input().isEnabled()
    typed("<Save>")
    assert form.saved().age_at_index == 58


def test_the_first_cycle_is_a_t0_to_count_the_age_from(session, patient, treatment, opened, typed):
    aged = session.do("x", lambda step: patients.save(step, replace(patient, age_at_index=58)))
    form = opened(PatientForm(None, session, aged))
    form.born_on.input().setFocus()
    typed("1965-04-02<Save>")
    assert form.saved().age_at_index is None


def test_a_diagnosis_before_birth_is_refused_also_for_a_new_patient(form, session, typed):
    typed("P-7")
    form.fields["diagnosed_on"].input().setFocus()
    typed("1950")
    form.born_on.input().setFocus()
    typed("1965<Save>")
    assert form.fields["diagnosed_on"].problem() == "This is before the patient was born."
    assert patients.all_patients(session.casebook) == []


def test_an_identity_that_is_emptied_goes(session, patient, opened, typed):
    identity = Identity(patient_id=patient.id, family_name="Muster")
    session.do("x", lambda step: whole_patient.save_identity(step, identity))
    form = opened(PatientForm(None, session, patient))
    form.fields["family_name"].input().setFocus()
    typed("<All><Del><Save>")
    assert form.isHidden()
    assert patients.identity_of(session.casebook, patient.id) is None


def test_the_casebooks_version_is_named_where_the_patient_has_none(form):
    assert form.fields["ctcae_version"].edit.text() == "As the casebook (5.0)"
