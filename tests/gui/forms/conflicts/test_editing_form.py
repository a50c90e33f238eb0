"""A record is changed by a second connection while its form is open; both versions are shown."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gui.forms.conflicts.dialog import ConflictDialog
from gui.forms.cycle import CycleForm
from gui.forms.due_rule import DueRuleForm
from gui.forms.laboratory_limit import LaboratoryLimitForm
from gui.forms.labs.day import LabsForm
from gui.forms.labs.row import UNIT, VALUE
from gui.forms.patient import PatientForm
from gui.forms.rule_set import RuleSetForm
from gui.forms.toxicity import ToxicityForm
from model.dates import PartialDate
from model.due import schedule as due_schedule
from model.errors import EditConflict
from model.readiness import own_rule_sets
from model.readiness.rule_sets import shipped_sets
from model.records import cycles, kinds, laboratory_limits, labs, patients, toxicities
from model.records import whole_patient as whole
from model.records.administrations import Administration
from model.records.laboratory_limits import LaboratoryLimit
from model.records.labs import LabResult
from model.records.patients import Identity, Patient
from model.records.toxicities import Toxicity
from model.store import rows
from model.store.casebook import Access, Casebook
from model.store.rows import to_row


@pytest.fixture
def other(session) -> Iterator[Casebook]:
    """A second connection to the same casebook, which writes too."""
    with session.casebook.new_connection(Access.BESIDE) as casebook:
        yield casebook


@pytest.fixture
def conflict(typed) -> Callable[[str], list[Any]]:
    """Types into the dialog that comes up next; gives the list its lines will be in."""

    def act(keys: str) -> list[Any]:
        seen: list[Any] = []

        def when_shown(tries: int = 100) -> None:
            dialog = QApplication.activeModalWidget()
            focused = QApplication.focusWidget()
            if not isinstance(dialog, ConflictDialog) or not dialog.isAncestorOf(focused):
                assert tries, "no conflict was shown"
                QTimer.singleShot(20, lambda: when_shown(tries - 1))
                return
            seen.append(dialog.windowTitle())
            seen.extend(
                (each.label, each.opened, each.present, each.wanted, line.takes_present())
                for line in dialog.lines
                for each in (line.versions,)
            )
            typed(keys)
            if dialog.isVisible():
                seen.append(dialog.problem())
                dialog.reject()

        QTimer.singleShot(20, when_shown)
        return seen

    return act


@pytest.fixture
def save_again(qtbot, typed) -> Callable[[Any], None]:
    """Saves a form by keys after another dialog was closed."""

    def save(form: Any) -> None:
        form.activateWindow()
        qtbot.waitUntil(lambda: form.isAncestorOf(QApplication.focusWidget()))
        typed("<Save>")

    return save


@pytest.fixture
def toxicity(session, patient, treatment) -> Toxicity:
    event = Toxicity(
        patient_id=patient.id,
        term="Fatigue",
        ctcae_version="5.0",
        grade=1,
        onset_on=PartialDate.parse("2025-03-14"),
        comment="since the infusion",
    )
    return session.do("Add toxicity", lambda step: toxicities.save(step, event))


def change(other: Casebook, record: Any, **values: Any) -> Any:
    with other.step("Edit elsewhere") as step:
        return rows.put(step, replace(record, **values))


def saved(session, kind, record):
    return rows.find(session.casebook, kind, record.id)


CHANGED = "This record was changed while you edited it"
DELETED = "This record was deleted while you edited it"


def test_what_only_one_side_changed_is_merged(
    session, other, patient, toxicity, opened, typed, conflict
) -> None:
    form = opened(ToxicityForm(None, session, patient.id, toxicity))
    change(other, toxicity, attribution="probable")
    form.fields["comment"].input().setFocus()
    typed("<All>mine")
    seen = conflict("<Enter>")
    typed("<Save>")
    assert seen == [
        CHANGED,
        ("Attribution", "", "Probable", "", True),
        ("Comment", "since the infusion", "since the infusion", "mine", False),
    ]
    assert form.isHidden(), form.problem()
    now = saved(session, Toxicity, toxicity)
    assert (now.attribution, now.comment) == ("probable", "mine")


def test_what_both_changed_is_chosen_by_the_user(
    session, other, patient, toxicity, opened, typed, conflict, save_again
) -> None:
    form = opened(ToxicityForm(None, session, patient.id, toxicity))
    change(other, toxicity, comment="theirs")
    form.fields["comment"].input().setFocus()
    typed("<All>mine")
    seen = conflict("<Save>")
    typed("<Save>")
    assert seen[1:] == [
        ("Comment", "since the infusion", "theirs", "mine", None),
        "Both have changed this, choose one: Comment.",
    ]
    assert form.isVisible()
    assert form.fields["comment"].value() == "mine"
    assert saved(session, Toxicity, toxicity).comment == "theirs"
    conflict("<Right><Enter><Enter>")
    save_again(form)
    assert form.isHidden()
    assert saved(session, Toxicity, toxicity).comment == "mine"


def test_the_saved_value_is_taken_by_keys(
    session, other, patient, toxicity, opened, typed, conflict
) -> None:
    form = opened(ToxicityForm(None, session, patient.id, toxicity))
    change(other, toxicity, comment="theirs", attribution="probable")
    form.fields["comment"].input().setFocus()
    typed("<All>mine")
    conflict("<Space><Save>")
    typed("<Save>")
    assert form.isHidden()
    now = saved(session, Toxicity, toxicity)
    assert (now.attribution, now.comment) == ("probable", "theirs")


def test_term_and_grade_are_decided_together(
    session, other, patient, toxicity, opened, typed, conflict
) -> None:
    form = opened(ToxicityForm(None, session, patient.id, toxicity))
    change(other, toxicity, term="Nausea", grade=2)
    form.grade.input().setFocus()
    typed("3")
    seen = conflict("<Left><Save>")
    typed("<Save>")
    label, before, theirs, mine, preset = seen[1]
    assert label == "Term, Grade"
    assert "Term: Nausea\nGrade: 2" in theirs
    assert "Term: Fatigue\nGrade: 3" in mine
    assert "Grade: 1" in before
    assert preset is None
    assert form.isHidden(), form.problem()
    now = saved(session, Toxicity, toxicity)
    assert (now.term, now.grade) == ("Nausea", 2)


def test_a_third_change_is_noticed_again(
    session, other, patient, toxicity, opened, typed, conflict, save_again
) -> None:
    form = opened(ToxicityForm(None, session, patient.id, toxicity))
    change(other, toxicity, attribution="probable")
    form.fields["comment"].input().setFocus()
    typed("<All>mine")
    conflict("<Esc>")
    typed("<Save>")
    assert form.isVisible()
    change(other, toxicity, attribution="unlikely")
    seen = conflict("<Enter>")
    save_again(form)
    assert seen[1][2] == "Unlikely"
    now = saved(session, Toxicity, toxicity)
    assert (now.attribution, now.comment) == ("unlikely", "mine")


def test_the_same_change_of_both_is_no_conflict(
    session, other, patient, toxicity, opened, typed
) -> None:
    form = opened(ToxicityForm(None, session, patient.id, toxicity))
    change(other, toxicity, comment="mine")
    form.fields["comment"].input().setFocus()
    typed("<All>mine<Save>")
    assert form.isHidden()


def test_a_record_spelled_as_before_is_no_conflict(
    session, other, patient, toxicity, opened, typed
) -> None:
    with other.step("Import") as step:
        step.put("toxicity", {"id": toxicity.id, "attribution": "possibly"})
    old = saved(session, Toxicity, toxicity)
    assert old.attribution == "possible"
    form = opened(ToxicityForm(None, session, patient.id, old))
    form.fields["comment"].input().setFocus()
    typed("<All>mine<Save>")
    assert form.isHidden(), form.problem()
    assert saved(session, Toxicity, toxicity).attribution == "possible"


def test_a_deleted_record_is_restored_and_saved(
    session, other, patient, toxicity, opened, typed, conflict
) -> None:
    form = opened(ToxicityForm(None, session, patient.id, toxicity))
    with other.step("Delete elsewhere") as step:
        toxicities.remove(step, toxicity)
    form.fields["comment"].input().setFocus()
    typed("<All>mine")
    seen = conflict("<Enter>")
    typed("<Save>")
    assert seen == [DELETED]
    assert form.isHidden(), form.problem()
    assert saved(session, Toxicity, toxicity).comment == "mine"


def test_a_deleted_record_is_given_up(
    session, other, patient, toxicity, opened, typed, conflict
) -> None:
    form = opened(ToxicityForm(None, session, patient.id, toxicity))
    with other.step("Delete elsewhere") as step:
        toxicities.remove(step, toxicity)
    form.fields["comment"].input().setFocus()
    typed("<All>mine")
    conflict("<Tab><Tab><Enter>")
    typed("<Save>")
    assert form.isHidden()
    assert form.saved() is None
    assert kinds.of_patient(session.casebook, Toxicity, patient.id) == []


def test_a_record_of_a_deleted_patient_restores_the_patient_with_all_records(
    session, other, patient, treatment, toxicity, opened, typed, conflict
) -> None:
    form = opened(ToxicityForm(None, session, patient.id))
    with other.step("Delete elsewhere") as step:
        whole.remove_patient(step, patient)
    typed("nausea<Enter>2")
    form.onset.input().setFocus()
    typed("c1+3")
    seen = conflict("<Enter>")
    typed("<Save>")
    assert seen == ["The patient was deleted while you edited this record"]
    assert form.isHidden(), form.problem()
    events = kinds.of_patient(session.casebook, Toxicity, patient.id)
    assert sorted(each.term for each in events) == ["Fatigue", "Nausea"]
    (back,) = cycles.of_patient(session.casebook, patient.id)
    assert back == treatment
    session.undo()
    assert patients.all_patients(session.casebook) == []


def test_patient_and_identity_are_compared_apart(
    session, other, patient, opened, typed, conflict
) -> None:
    identity = session.do(
        "x",
        lambda step: whole.save_identity(
            step, Identity(patient_id=patient.id, family_name="Muster", given_name="Ana")
        ),
    )
    form = opened(PatientForm(None, session, patient))
    change(other, identity, given_name="Anna")
    form.fields["family_name"].input().setFocus()
    typed("<All>Meister")
    form.fields["comment"].input().setFocus()
    typed("mine")
    seen = conflict("<Enter>")
    typed("<Save>")
    assert [line[0] for line in seen[1:]] == ["Family name", "Given name"]
    assert form.isHidden(), form.problem()
    now = patients.identity_of(session.casebook, patient.id)
    assert (now.family_name, now.given_name) == ("Meister", "Anna")
    assert saved(session, Patient, patient).comment == "mine"


def test_an_identity_added_meanwhile_is_shown(
    session, other, patient, opened, typed, conflict
) -> None:
    form = opened(PatientForm(None, session, patient))
    with other.step("Add elsewhere") as step:
        whole.save_identity(step, Identity(patient_id=patient.id, family_name="Muster"))
    form.fields["given_name"].input().setFocus()
    typed("Anna")
    seen = conflict("<Enter>")
    typed("<Save>")
    assert seen[1:] == [
        ("Family name", "", "Muster", "", True),
        ("Given name", "", "", "Anna", False),
    ]
    now = patients.identity_of(session.casebook, patient.id)
    assert (now.family_name, now.given_name) == ("Muster", "Anna")


def test_an_administration_changed_meanwhile_is_merged(
    session, other, patient, treatment, opened, typed, conflict
) -> None:
    form = opened(CycleForm(None, session, patient.id, treatment))
    change(other, treatment.administrations[0], batch_number="B-1")
    form.fields["1.administered_mbq"].input().setFocus()
    typed("6.9")
    seen = conflict("<Enter>")
    typed("<Save>")
    assert [line[0] for line in seen[1:]] == ["Administered activity (as reported)", "Batch number"]
    assert form.isHidden(), form.problem()
    (now,) = cycles.of_patient(session.casebook, patient.id)
    assert now.administrations[0].batch_number == "B-1"
    assert now.administrations[0].administered_mbq == 6.9
    assert now.administrations[1] == treatment.administrations[1]


def test_the_dialog_names_the_administration_and_who_changed_it(
    session, other, patient, treatment, opened
) -> None:
    form = opened(CycleForm(None, session, patient.id, treatment))
    old = treatment.administrations[1]
    change(other, old, batch_number="B-2")
    present = to_row(rows.find(session.casebook, Administration, old.id))
    conflict = EditConflict(Administration.TABLE, to_row(old), present, to_row(old))
    detail = form._detail(conflict, True)
    assert detail.startswith("Administration 2, 177Lu-DOTA-LM3. Saved by ")
    assert f"{datetime.now():%Y-%m-%d}" in detail


def test_an_administration_added_meanwhile_is_not_deleted(
    session, other, patient, treatment, opened, typed, answer
) -> None:
    (first, second) = treatment.administrations
    alone = session.do("x", lambda step: cycles.save(step, treatment.cycle, [first]))
    form = opened(CycleForm(None, session, patient.id, alone))
    with other.step("Add elsewhere") as step:
        cycles.save(step, alone.cycle, [*alone.administrations, replace(second, id=None)])
    form.fields["comment"].input().setFocus()
    typed("mine")
    answer("Save both")
    typed("<Save>")
    assert form.isHidden(), form.problem()
    (now,) = cycles.of_patient(session.casebook, patient.id)
    assert now.cycle.comment == "mine"
    assert [each.nuclide for each in now.administrations] == ["225Ac", "177Lu"]


def test_a_removed_administration_that_was_changed_is_kept_if_the_user_says_so(
    session, other, patient, treatment, opened, typed, conflict
) -> None:
    form = opened(CycleForm(None, session, patient.id, treatment))
    change(other, treatment.administrations[1], batch_number="B-2")
    form.second.remove_button.click()
    seen = conflict("<Space><Save>")
    typed("<Save>")
    assert seen[1][3:] == ("Removed", None)
    assert form.isHidden(), form.problem()
    (now,) = cycles.of_patient(session.casebook, patient.id)
    assert now.administrations[1].batch_number == "B-2"


def test_a_deleted_cycle_comes_back_with_its_administrations(
    session, other, patient, treatment, opened, typed, conflict
) -> None:
    form = opened(CycleForm(None, session, patient.id, treatment))
    event = Toxicity(
        patient_id=patient.id,
        cycle_id=treatment.cycle.id,
        term="Nausea",
        ctcae_version="5.0",
        grade=1,
    )
    event = session.do("x", lambda step: toxicities.save(step, event))
    with other.step("Delete elsewhere") as step:
        cycles.remove(step, treatment.cycle)
    form.fields["comment"].input().setFocus()
    typed("mine")
    conflict("<Enter>")
    typed("<Save>")
    assert form.isHidden(), form.problem()
    (now,) = cycles.of_patient(session.casebook, patient.id)
    assert now.cycle.comment == "mine"
    assert now.administrations == treatment.administrations
    assert saved(session, Toxicity, event).cycle_id == treatment.cycle.id


def test_a_patient_whose_code_is_taken_again_is_not_restored(
    session, other, patient, toxicity, opened, typed, conflict
) -> None:
    form = opened(ToxicityForm(None, session, patient.id, toxicity))
    with other.step("Delete elsewhere") as step:
        whole.remove_patient(step, patient)
    with other.step("Add elsewhere") as step:
        patients.save(step, Patient(code=patient.code))
    form.fields["comment"].input().setFocus()
    typed("<All>mine")
    conflict("<Enter>")
    typed("<Save>")
    assert form.isVisible()
    assert "another patient has this code now" in form.problem()
    assert form.fields["comment"].value() == "mine"


def test_a_cycle_whose_administrations_change_places_is_no_conflict_with_itself(
    session, patient, treatment, opened, typed
) -> None:
    first, second = treatment.administrations
    cycle = treatment.cycle
    swapped = session.do(
        "x",
        lambda step: cycles.save(step, cycle, [second, first]),
        opened=[cycle, first, second],
    )
    assert [each.nuclide for each in swapped.administrations] == ["177Lu", "225Ac"]


def row_of(form: LabsForm, analyte: str) -> Any:
    return next(row for row in form.grid.rows if row.line.key == analyte)


def test_a_value_and_its_unit_are_decided_together(
    session, other, patient, results, opened, typed, conflict
) -> None:
    form = opened(LabsForm(None, session, patient.id, date(2025, 3, 7)))
    change(other, results[0], unit="g/L", value=Decimal(120), lln=None, uln=None)
    form.grid.go_to(row_of(form, "hb"))
    typed("<All>11.5")
    seen = conflict("<Space><Save>")
    typed("<Save>")
    assert seen[1:] == [
        (
            "Haemoglobin",
            "12.0 g/dL, LLN 12.0, ULN 16.0",
            "120 g/L",
            "11.5 g/dL, LLN 12.0, ULN 16.0",
            None,
        )
    ]
    assert form.isHidden(), form.problem()
    now = saved(session, LabResult, results[0])
    assert (now.value, now.unit) == (Decimal(120), "g/L")


def test_a_typed_value_is_saved_over_one_that_was_saved_meanwhile(
    session, other, patient, results, opened, typed, conflict
) -> None:
    form = opened(LabsForm(None, session, patient.id, date(2025, 3, 7)))
    change(other, results[0], value=Decimal("12.4"), laboratory="North")
    form.grid.go_to(row_of(form, "hb"))
    typed("<All>11.5")
    conflict("<Right><Save>")
    typed("<Save>")
    assert form.isHidden(), form.problem()
    now = saved(session, LabResult, results[0])
    assert (now.value, now.laboratory) == (Decimal("11.5"), "North")


def test_going_back_keeps_the_grid_as_typed(
    session, other, patient, results, opened, typed, conflict
) -> None:
    form = opened(LabsForm(None, session, patient.id, date(2025, 3, 7)))
    change(other, results[0], value=Decimal("12.4"))
    form.grid.go_to(row_of(form, "hb"))
    typed("<All>11.5")
    conflict("<Esc>")
    typed("<Save>")
    assert form.isVisible()
    assert row_of(form, "hb").cells[VALUE].text() == "11.5"
    assert row_of(form, "hb").cells[UNIT].text() == "g/dL"
    assert saved(session, LabResult, results[0]).value == Decimal("12.4")


def test_a_result_of_another_row_may_change_meanwhile(
    session, other, patient, results, opened, typed
) -> None:
    form = opened(LabsForm(None, session, patient.id, date(2025, 3, 7)))
    change(other, results[1], value=Decimal(90))
    form.grid.go_to(row_of(form, "hb"))
    typed("<All>11.5<Save>")
    assert form.isHidden(), form.problem()
    assert saved(session, LabResult, results[1]).value == Decimal(90)


def test_a_result_deleted_here_and_changed_there_is_asked_about(
    session, other, patient, results, opened, typed, conflict
) -> None:
    form = opened(LabsForm(None, session, patient.id, date(2025, 3, 7)))
    change(other, results[0], value=Decimal("12.4"))
    form.grid.go_to(row_of(form, "hb"))
    typed("<All><Del>")
    seen = conflict("<Space><Save>")
    typed("<Save>")
    assert seen[1][3:] == ("Deleted", None)
    assert form.isHidden(), form.problem()
    assert saved(session, LabResult, results[0]).value == Decimal("12.4")


def test_a_result_that_moved_to_another_day_stays_there(
    session, other, patient, results, opened, typed, conflict
) -> None:
    form = opened(LabsForm(None, session, patient.id, date(2025, 3, 7)))
    next_day = date(2025, 3, 7) + timedelta(days=1)
    change(other, results[0], taken_on=next_day)
    form.grid.go_to(row_of(form, "hb"))
    typed("<All>11.5")
    conflict("<Enter>")
    typed("<Save>")
    assert form.isHidden(), form.problem()
    now = saved(session, LabResult, results[0])
    assert (now.value, now.taken_on) == (Decimal("11.5"), next_day)


def test_a_deleted_result_is_restored(
    session, other, patient, results, opened, typed, conflict
) -> None:
    form = opened(LabsForm(None, session, patient.id, date(2025, 3, 7)))
    with other.step("Delete elsewhere") as step:
        labs.remove(step, results[0])
    form.grid.go_to(row_of(form, "hb"))
    typed("<All>11.5")
    conflict("<Enter>")
    typed("<Save>")
    assert form.isHidden(), form.problem()
    assert saved(session, LabResult, results[0]).value == Decimal("11.5")


def test_limits_changed_meanwhile_are_shown(session, other, opened, typed, conflict) -> None:
    limit = LaboratoryLimit(analyte="hb", unit="g/dL", lln=Decimal(12), uln=Decimal(16))
    limit = session.do("x", lambda step: laboratory_limits.save(step, limit))
    form = opened(LaboratoryLimitForm(None, session, limit))
    change(other, limit, uln=Decimal(17))
    form.fields["comment"].input().setFocus()
    typed("mine")
    seen = conflict("<Enter>")
    typed("<Save>")
    assert [line[0] for line in seen[1:]] == ["ULN", "Comment"]
    assert form.isHidden(), form.problem()
    (now,) = laboratory_limits.all_limits(session.casebook)
    assert (now.uln, now.comment) == (Decimal(17), "mine")


def test_a_due_rule_changed_meanwhile_is_merged(session, other, opened, typed, conflict) -> None:
    schedule = due_schedule.of_casebook(session.casebook)
    form = opened(DueRuleForm(None, session, schedule, 1))
    theirs = list(schedule)
    theirs[0] = replace(theirs[0], remark="another rule")
    theirs[1] = replace(theirs[1], late=99)
    with other.step("Edit elsewhere") as step:
        due_schedule.save(step, theirs)
    form.remark.input().setFocus()
    typed("<All>mine")
    seen = conflict("<Enter>")
    typed("<Save>")
    assert [line[0] for line in seen[1:]] == ["Overdue", "Remark"]
    assert form.isHidden(), form.problem()
    now = due_schedule.of_casebook(session.casebook)
    assert now == (theirs[0], replace(theirs[1], remark="mine"), *schedule[2:])


def test_other_due_rules_changed_meanwhile_stay_so(session, other, opened, typed) -> None:
    schedule = due_schedule.of_casebook(session.casebook)
    form = opened(DueRuleForm(None, session, schedule, 1))
    theirs = replace(schedule[0], remark="another rule")
    with other.step("Edit elsewhere") as step:
        due_schedule.save(step, (theirs, *schedule[1:]))
    form.remark.input().setFocus()
    typed("<All>mine<Save>")
    assert form.isHidden(), form.problem()
    now = due_schedule.of_casebook(session.casebook)
    assert now == (theirs, replace(schedule[1], remark="mine"), *schedule[2:])


def test_a_due_rule_deleted_meanwhile_is_added_again(
    session, other, opened, typed, conflict
) -> None:
    schedule = due_schedule.of_casebook(session.casebook)
    form = opened(DueRuleForm(None, session, schedule, 1))
    with other.step("Edit elsewhere") as step:
        due_schedule.save(step, (schedule[0], *schedule[2:]))
    form.remark.input().setFocus()
    typed("<All>mine")
    seen = conflict("<Enter>")
    typed("<Save>")
    assert seen == [DELETED]
    assert form.isHidden(), form.problem()
    now = due_schedule.of_casebook(session.casebook)
    assert now == (schedule[0], *schedule[2:], replace(schedule[1], remark="mine"))


def test_a_rule_set_changed_meanwhile_is_merged(session, other, opened, typed, conflict) -> None:
    shipped = next(one for one in shipped_sets() if one.choosable)
    rules = session.do("x", lambda step: own_rule_sets.copy(step, shipped, "Ours"))
    form = opened(RuleSetForm(None, session, rules, copies=False))
    with other.step("Edit elsewhere") as step:
        own_rule_sets.save(step, replace(rules, name="Theirs"))
    field = next(iter(form.limits.values()))
    field.input().setFocus()
    typed("<All>1.5")
    seen = conflict("<Enter>")
    typed("<Save>")
    assert seen[1][0] == "Name"
    assert form.isHidden(), form.problem()
    now = next(one for one in own_rule_sets.own_sets(session.casebook) if one.key == rules.key)
    assert now.name == "Theirs"
    assert now.rules[0].limits[0].value == Decimal("1.5")
