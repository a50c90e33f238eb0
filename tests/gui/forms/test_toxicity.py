from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from gui.forms.proposal import ProposedToxicityForm
from gui.forms.toxicity import ToxicityForm
from model.ctcae.terms import terms as all_terms
from model.ctcae.wording import Wording, save_wording
from model.dates import PartialDate
from model.grading import proposals
from model.records import kinds, labs, patients, toxicities
from model.records.patient_records import load
from model.records.patients import Patient
from model.records.toxicities import Toxicity
from model.user_folder import user_folder


@pytest.fixture
def form(session, patient, treatment, opened):
    return opened(ToxicityForm(None, session, patient.id))


def offered(form):
    return [grade for grade, button in form.grade._buttons.items() if button.isEnabled()]


def test_a_toxicity_is_entered_by_keys(form, session, patient, treatment, typed, steps):
    typed("plt<Enter>3")
    form.onset.input().setFocus()
    typed("c1+14<Save>")
    assert form.isHidden(), form.problem()
    assert steps == ["Add toxicity"]
    saved = form.saved()
    assert saved == kinds.of_patient(session.casebook, Toxicity, patient.id)[0]
    assert (saved.term, saved.grade, saved.ctcae_version) == ("Platelet count decreased", 3, "5.0")
    assert (str(saved.onset_on), saved.phase) == ("2025-03-24", "long_term")
    assert saved.cycle_id == treatment.cycle.id
    assert saved.treatment_emergent is None


def test_an_onset_of_which_only_the_month_is_known_suggests_what_it_decides(
    form, session, patient, treatment, typed
):
    typed("plt<Enter>3")
    form.onset.input().setFocus()
    typed("4/2025")
    assert form.onset.hint() == "Apr 2025"
    # The cycle was on 10 March 2025: every day of April is more than a week later.
    assert (form.phase.value(), form.cycle.value()) == ("long_term", treatment.cycle.id)
    form.onset.set_value(PartialDate(2025, 3))
    assert (form.phase.value(), form.cycle.value()) == (None, None)
    typed("<Save>")
    assert form.isHidden(), form.problem()
    (saved,) = kinds.of_patient(session.casebook, Toxicity, patient.id)
    assert saved.onset_on == PartialDate(2025, 3)


def test_only_grades_that_exist_can_be_chosen(form, typed):
    assert offered(form) == []
    typed("plt<Enter>")
    assert offered(form) == [1, 2, 3, 4]
    assert form.term.hint() == "Investigations"
    typed("5")
    assert form.grade.value() is None


def test_a_grade_says_what_it_means(form, typed):
    typed("plt<Enter>3")
    assert form.grade.description(3) == "< 50–25 ×10⁹/L"
    assert form.grade.hint() == "Numbers of CTCAE and Theralog's own words."


def test_a_version_without_the_term_says_so_and_clears_the_grade(form, typed):
    # CTCAE 6.0 has no such term.
    form.term.set_found("Lung infection", "Lung infection")
    form.grade.set_value(3)
    form.version.set_value("6.0")
    gone = form.term.problem()
    assert gone.startswith("CTCAE 6.0 has no term “Lung infection”")
    assert form.grade.value() is None
    assert offered(form) == []
    typed("<Save>")
    assert form.isVisible()
    form.version.set_value("5.0")
    assert form.term.value() == "Lung infection"
    assert form.term.problem() == ""


def test_a_grade_the_other_version_has_not_is_taken_back(form):
    form.term.set_found("Alkaline phosphatase increased", "Alkaline phosphatase increased")
    form.grade.set_value(3)
    form.version.set_value("6.0")
    assert form.term.value() == "Alkaline phosphatase increased"
    assert form.grade.value() is None
    assert offered(form) == [1]


def test_suggestions_follow_the_onset_until_one_is_chosen(form, treatment):
    form.onset.edit.setText("2025-03-12")
    assert form.phase.value() == "acute"
    assert form.phase.hint() == "Suggested by the onset."
    form.onset.edit.setText("2025-04-12")
    assert form.phase.value() == "long_term"
    form.phase.set_value("acute")
    assert form.phase.hint() == ""
    form.onset.edit.setText("2025-05-12")
    assert form.phase.value() == "acute"
    assert form.cycle.value() == treatment.cycle.id


def test_the_version_of_the_patient_goes_before_that_of_the_casebook(session, opened):
    def made(step):
        step.put("setting", {"name": "ctcae_version", "value": "6.0"})
        own = patients.save(step, Patient(code="P-5", ctcae_version="5.0"))
        return own, patients.save(step, Patient(code="P-6"))

    own, other = session.do("x", made)
    assert opened(ToxicityForm(None, session, own.id)).version.value() == "5.0"
    assert opened(ToxicityForm(None, session, other.id)).version.value() == "6.0"


def test_a_result_that_a_toxicity_came_from_stays_linked(session, patient, results, opened, typed):
    toxicity = Toxicity(
        patient_id=patient.id,
        term="Anemia",
        ctcae_version="5.0",
        grade=1,
        lab_result_id=results[0].id,
    )
    old = session.do("x", lambda step: toxicities.save(step, toxicity))
    form = opened(ToxicityForm(None, session, patient.id, old))
    form.grade.input().setFocus()
    typed("2<Save>")
    assert form.saved().lab_result_id == results[0].id
    assert form.saved().grade == 2


def test_all_texts_of_the_grades_are_seen_at_once(form, typed):
    typed("alt<Enter>")
    assert form.grade.description(2) == (
        "not above ULN at baseline: > 3–5 × ULN; above ULN at baseline: > 3–5 × baseline"
    )
    texts = [label for label in form.grade.findChildren(QLabel) if "baseline" in label.text()]
    assert [label.isVisible() for label in texts] == [True] * 4


def test_what_has_no_description_is_told_by_the_general_scale(form, typed):
    form.term.set_found("Ear pain", "Ear pain")
    assert form.grade.description(1).startswith("Mild")
    assert form.grade.hint() == "General scale, in Theralog's own words."


def test_words_of_nci_come_first_when_they_were_loaded(form, folder_of_data):
    texts = {
        term.name: {grade: f"{term.name} as published, {grade}" for grade in term.grades}
        for term in all_terms("5.0")
    }
    save_wording(Wording(version="5.0", texts=texts), user_folder())
    form.term.set_found("Platelet count decreased", "Platelet count decreased")
    assert form.grade.description(3) == "Platelet count decreased as published, 3"
    assert form.grade.hint() == "Wording: NCI CTCAE 5.0."
    form.version.set_value("6.0")
    form.term.set_found("Thrombocytopenia", "Thrombocytopenia")
    assert form.grade.description(3) == "< 50–10 ×10⁹/L; or a transfusion is needed"


def test_a_proposal_fills_the_form_and_is_accepted_as_edited(
    session, patient, treatment, results, opened, typed, steps
):
    low = replace(results[1], id=None, taken_on=date(2025, 3, 31), value=Decimal(44))
    saved_low = session.do("x", lambda step: labs.save(step, low))
    [proposal] = proposals.propose_grades(load(session.casebook, patient.id))
    form = opened(ProposedToxicityForm(None, session, proposal))
    assert form.windowTitle() == "Edit the proposed grade · P-1"
    assert (form.term.value(), form.grade.value()) == ("Platelet count decreased", 3)
    assert (str(form.onset.value()), form.phase.value()) == ("2025-03-31", "long_term")
    assert not form.is_touched()
    form.grade.input().setFocus()
    typed("4<Save>")
    assert form.isHidden(), form.problem()
    assert steps[-1] == "Accept grade"
    [made] = kinds.of_patient(session.casebook, Toxicity, patient.id)
    assert (made.grade, made.lab_result_id) == (4, saved_low.id)
    assert made.cycle_id == treatment.cycle.id
    assert made.treatment_emergent is True


def test_a_toxicity_without_an_onset_is_asked_about_once(
    form, session, patient, typed, answer, opened, steps, monkeypatch, qtbot
):
    typed("nausea<Enter>2")
    answer("Change")
    typed("<Save>")
    assert steps == []
    assert form.onset.problem() == "There is no onset: it may not count as treatment-emergent."
    form.activateWindow()  # which a window manager does
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    answer("Save")
    typed("<Save>")
    assert steps == ["Add toxicity"]
    monkeypatch.setattr(
        "gui.widgets.messages.ask", lambda *_about, **_more: pytest.fail("asked again")
    )
    again = opened(ToxicityForm(None, session, patient.id, form.saved()))
    again.fields["comment"].input().setFocus()
    typed("mild<Save>")
    assert again.isHidden()
