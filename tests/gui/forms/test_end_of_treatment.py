from datetime import date

from gui.forms.follow_up import EndOfTreatmentForm
from model.records import kinds
from model.records.outcome.ends_of_treatment import EndOfTreatment


def test_an_end_of_treatment_is_entered_by_keys_and_undone(
    session, patient, treatment, opened, typed, steps
):
    form = opened(EndOfTreatmentForm(None, session, patient.id))
    form.fields["ended_on"].input().setFocus()
    form.fields["ended_on"].edit.clear()
    typed("c1+60<Tab>")
    form.fields["reason"].input().setFocus()
    typed("progr<Enter><Save>")
    assert form.isHidden(), form.problem()
    assert steps == ["Add end of treatment"]
    (saved,) = kinds.of_patient(session.casebook, EndOfTreatment, patient.id)
    assert (saved.ended_on, saved.reason) == (date(2025, 5, 9), "progression")
    session.undo()
    assert kinds.of_patient(session.casebook, EndOfTreatment, patient.id) == []


def test_a_second_end_of_the_same_day_keeps_the_form_open(
    session, patient, treatment, opened, typed
):
    for number in range(2):
        form = opened(EndOfTreatmentForm(None, session, patient.id))
        form.fields["ended_on"].set_value(date(2025, 5, 9))
        typed("<Save>")
        assert form.isHidden() is (number == 0)
    assert "already recorded" in form.fields["ended_on"].problem()
    form.remember()
    form.close()
