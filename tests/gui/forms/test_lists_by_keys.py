"""Lists used by the keyboard alone: what is typed is taken, asked about or restored, never lost."""

from __future__ import annotations

import pytest

from gui.forms.assessment import AssessmentForm
from gui.forms.biopsy import BiopsyForm, MetastasisForm
from gui.forms.cycle import CycleForm
from gui.forms.patient import PatientForm
from gui.forms.therapy import TherapyForm
from gui.forms.toxicity import ToxicityForm
from model.records import biopsies, patients
from model.records.biopsies import Metastasis
from model.records.patients import Patient


@pytest.mark.parametrize("grade", ["NET G2", "net g2", "g2", "G2 n"])
def test_a_closed_list_takes_its_own_words_and_the_next_fields_take_the_next_keys(
    session, patient, opened, typed, grade
):
    form = opened(BiopsyForm(None, session, patient.id))
    form.fields["who_grade"].input().setFocus()
    typed(f"{grade}<Tab>w<Tab>12<Tab><Save>")
    saved = form.saved()
    assert (saved.who_grade, saved.differentiation, saved.ki67_percent) == ("NET G2", "well", 12)


def test_no_key_is_lost_between_a_list_and_the_next_field(session, patient, opened, typed, answer):
    form = opened(BiopsyForm(None, session, patient.id))
    form.fields["who_grade"].input().setFocus()
    typed("NET G2<Tab>w<Tab>35<Tab>")
    assert form.fields["mitoses_per_2mm2"].input().hasFocus()
    asked = answer("Save")
    typed("<Save>")
    assert asked  # whether it is G2 with a Ki-67 of 35
    saved = form.saved()
    assert (saved.who_grade, saved.differentiation, saved.ki67_percent) == ("NET G2", "well", 35)


def test_ctrl_enter_saves_while_a_list_is_open(session, patient, opened, typed):
    form = opened(BiopsyForm(None, session, patient.id))
    form.fields["who_grade"].input().setFocus()
    typed("g3")
    assert form.fields["who_grade"].edit.popup.isVisible()
    typed("<Save>")
    assert form.isHidden()
    assert form.saved().who_grade == "NET G3"


def test_a_partial_word_takes_the_first_suggestion(session, patient, treatment, opened, typed):
    form = opened(PatientForm(None, session, patient))
    form.fields["primary_site"].input().setFocus()
    typed("p<Tab>2019<Tab><Save>")
    assert form.saved().primary_site == "pancreas"
    assert str(form.saved().diagnosed_on) == "2019"
    form = opened(BiopsyForm(None, session, patient.id))
    form.fields["event"].input().setFocus()
    typed("<All>r<Tab>liv<Enter>g1<Enter>w<Save>")
    saved = form.saved()
    assert (saved.event, saved.site, saved.who_grade) == ("rebiopsy", "liver", "NET G1")
    assert saved.differentiation == "well"
    form = opened(AssessmentForm(None, session, patient.id))
    form.fields["criteria"].input().setFocus()
    typed("m<Tab>pr<Tab><Save>")
    assert form.saved().criteria == "molecular imaging, not stated"
    assert form.saved().response == "PR"


@pytest.mark.parametrize("text", ["som", "somatostatin", "octreotide", "Lanreotide"])
@pytest.mark.parametrize("keys", ["<Tab>", "<Enter>", "<Down><Tab>", "<Down><Down><Enter>"])
def test_a_synonym_finds_the_category(session, patient, opened, typed, text, keys):
    form = opened(TherapyForm(None, session, patient.id))
    typed(f"<Tab>{text}{keys}Autogel<Save>")
    assert (form.saved().category, form.saved().description) == ("ssa", "Autogel")


@pytest.mark.parametrize("keys", ["<Tab>", "<Enter>", "<Down><Tab>", "<Down><Up><Enter>"])
def test_a_new_word_is_asked_about_once_and_takes_no_key_from_the_next_field(
    session, patient, opened, typed, steps, keys
):
    form = opened(TherapyForm(None, session, patient.id))
    category = form.fields["category"]
    typed(f"<Tab>zzz{keys}Something")
    assert category.problem() == "No such category. Keep “zzz” as a new word?"
    assert category.keep_button.isVisible()
    assert form.fields["description"].value() == "Something"
    typed("<Save>")
    assert form.isVisible()
    assert steps == []
    assert category.edit.hasFocus()
    typed("<Save>")
    assert form.saved().category == "zzz"


def test_a_new_word_is_kept_at_once_by_shift_enter_or_a_click(
    session, patient, opened, typed, qtbot
):
    form = opened(MetastasisForm(None, session, patient.id))
    typed("spleen<Keep><Tab>2021<Save>")
    assert form.saved().site == "spleen"
    form = opened(MetastasisForm(None, session, patient.id))
    typed("breast<Tab>")
    form.fields["site"].keep_button.click()
    assert form.fields["site"].problem() == ""
    typed("<Save>")
    assert form.saved().site == "breast"


def test_a_word_that_begins_like_a_suggestion_can_be_kept(session, patient, opened, typed):
    form = opened(MetastasisForm(None, session, patient.id))
    typed("liv<Keep><Save>")
    assert form.saved().site == "liv"


def test_a_word_of_the_casebook_is_suggested_and_not_asked_about(session, patient, opened, typed):
    spleen = Metastasis(patient_id=patient.id, site="spleen")
    session.do("x", lambda step: biopsies.save_metastasis(step, spleen))
    other = session.do("y", lambda step: patients.save(step, Patient(code="P-2")))
    form = opened(MetastasisForm(None, session, other.id))
    typed("spl<Tab>")
    assert (form.fields["site"].value(), form.fields["site"].problem()) == ("spleen", "")
    form = opened(MetastasisForm(None, session, patient.id))
    assert "spleen" not in form.fields["site"].labels()  # this patient has it already


def test_a_closed_list_keeps_a_word_without_a_match_and_says_so(
    session, patient, opened, typed, steps
):
    form = opened(BiopsyForm(None, session, patient.id))
    grade = form.fields["who_grade"]
    grade.input().setFocus()
    typed("g7<Down><Tab>")
    assert grade.edit.text() == "g7"
    assert grade.problem() == "No such WHO grade."
    assert grade.value() is None
    typed("<Save>")
    assert form.isVisible()
    assert steps == []
    typed("<All>g1<Save>")
    assert form.saved().who_grade == "NET G1"


def test_escape_restores_and_only_then_closes_the_form(session, patient, opened, typed):
    form = opened(BiopsyForm(None, session, patient.id))
    grade = form.fields["who_grade"]
    grade.set_value("NET G3")
    form.remember()
    grade.input().setFocus()
    typed("<All>g1<Esc>")
    assert form.isVisible()
    assert (grade.value(), grade.edit.text()) == ("NET G3", "NET G3")
    typed("<Down><Esc>")
    assert grade.value() == "NET G3"
    assert form.isVisible()
    site = form.fields["site"]
    site.input().setFocus()
    typed("liv<Esc>")
    assert site.value() is None
    typed("<Esc>")
    assert form.isHidden()


def test_a_space_before_anything_is_typed_opens_the_list(session, patient, opened, typed):
    form = opened(BiopsyForm(None, session, patient.id))
    grade = form.fields["who_grade"]
    grade.input().setFocus()
    typed("<Space>")
    assert grade.edit.popup.isVisible()
    assert grade.edit.text() == ""
    typed("<Tab>")
    assert grade.value() is None
    grade.input().setFocus()
    typed("<Down><Down><Tab>")
    assert grade.value() == "NET G2"


def test_a_list_is_emptied_by_deleting_its_text(session, patient, opened, typed):
    form = opened(BiopsyForm(None, session, patient.id))
    grade = form.fields["who_grade"]
    grade.set_value("NET G3")
    grade.input().setFocus()
    typed("<All><Del><Tab>")
    assert grade.value() is None
    assert grade.problem() == ""


@pytest.mark.parametrize("keys", ["<Tab>", "<Enter>"])
def test_a_term_and_a_figure_are_enough_for_a_toxicity(session, patient, opened, typed, keys):
    form = opened(ToxicityForm(None, session, patient.id))
    typed(f"nause{keys}2")
    assert (form.term.value(), form.grade.value()) == ("Nausea", 2)


def test_an_element_takes_its_nuclide_and_the_ligand_gets_the_next_key(
    session, patient, opened, typed
):
    form = opened(CycleForm(None, session, patient.id))
    form.first.nuclide.input().setFocus()
    typed("lu<Tab>dotatoc<Tab>7.4<Save>")
    given = form.saved().administrations[0]
    assert (given.nuclide, given.ligand, given.prescribed_mbq) == ("177Lu", "DOTATOC", 7400)
