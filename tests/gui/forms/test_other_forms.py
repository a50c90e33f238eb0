from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel

from gui.fields.time import TimeField, parse_time
from gui.forms.assessment import AssessmentForm
from gui.forms.biopsy import BiopsyForm
from gui.forms.follow_up import FollowUpForm
from gui.forms.key_image import KeyImageForm, NewImages
from gui.forms.labs.result import LabResultForm
from gui.forms.labs.value import parse_value
from gui.forms.new_casebook import NewCasebookForm
from gui.forms.note import NoteForm
from gui.forms.passphrase import PassphraseForm
from gui.forms.therapy import TherapyForm
from gui.plots.images.image_pixels import png
from gui.session.background import Background
from model.errors import KnownError
from model.records import assessments, images, kinds
from model.records.assessments import Assessment
from model.records.images import NewImage
from model.records.therapies import Therapy
from model.store.casebook import Casebook
from tests.gui.forms.conftest import FIRST_CYCLE


def test_a_follow_up_of_today_is_entered_by_keys(session, patient, opened, typed):
    form = opened(FollowUpForm(None, session, patient.id))
    assert form.cause.isHidden()
    typed("<Tab>d<Tab>")
    assert form.cause.isVisible()
    # The row that appeared is the next one.
    typed("disease<Save>")
    saved = form.saved()
    assert (saved.seen_on, saved.status, saved.cause) == (date.today(), "dead", "disease")


def test_a_cause_is_forgotten_with_the_death(session, patient, opened, typed):
    form = opened(FollowUpForm(None, session, patient.id))
    typed("<Tab>d<Tab>disease<Tab>")
    form.status.set_value("alive")
    typed("<Save>")
    assert (form.saved().status, form.saved().cause) == ("alive", None)


def test_a_therapy_has_the_next_number(session, patient, opened, typed):
    for number in (1, 2):
        form = opened(TherapyForm(None, session, patient.id))
        typed("<Tab>ssa<Tab>Lanreotide<Save>")
        assert form.saved().number == number
    assert len(kinds.of_patient(session.casebook, Therapy, patient.id)) == 2


def test_anticoagulation_is_found_by_its_drug_and_is_given_alongside_the_cycles(
    session, patient, opened, typed
):
    form = opened(TherapyForm(None, session, patient.id))
    typed("<Tab>warfarin<Tab>Warfarin<Tab><Tab>2023-11<Tab><Tab><Space><Save>")
    saved = form.saved()
    assert (saved.category, saved.concomitant, saved.ongoing) == ("anticoagulation", True, True)
    assert str(saved.started_on) == "2023-11"


def test_an_end_of_what_goes_on_is_refused(session, patient, opened, typed):
    form = opened(TherapyForm(None, session, patient.id))
    typed("<Tab>ssa<Tab><Tab><Tab>2021<Tab>2022<Tab><Space><Save>")
    assert form.fields["ended_on"].problem() == "An ongoing therapy has no end."


def test_an_assessment_suggests_the_cycle_before_it(session, patient, treatment, opened, typed):
    form = opened(AssessmentForm(None, session, patient.id))
    typed("<All>c1-3")
    assert form.after_cycle.value() == 0
    typed("<All>c1+30")
    assert form.after_cycle.value() == 1


def test_a_note_begins_with_its_text(session, patient, opened, typed):
    form = opened(NoteForm(None, session, patient.id))
    typed("Called in.<Save>")
    assert (form.saved().text, form.saved().written_on) == ("Called in.", date.today())


def test_one_result_keeps_what_was_written(session, patient, results, opened, typed):
    form = opened(LabResultForm(None, session, patient.id))
    typed("Platelets<Tab><Tab>0815<Tab><44,0<Save>")
    assert form.isHidden(), form.problem()
    saved = form.saved()
    assert (saved.analyte, saved.value_text, saved.unit) == ("plt", "<44.0", "10*9/L")
    assert (saved.taken_at, saved.lln) == (time(8, 15), Decimal(150))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<0.3", ("<", Decimal("0.3"))),
        ("> 12,50", (">", Decimal("12.50"))),
        ("  7", (None, Decimal("7"))),
        ("", None),
    ],
)
def test_a_value_is_read_as_it_is_written(text, value):
    assert parse_value(text) == value
    if value:
        assert str(parse_value(text)[1]) == str(value[1])


@pytest.mark.parametrize("text", ["<", "<=3", "≥3", "<<3", "neg", "1.234,5"])
def test_a_value_that_is_none_is_refused(text):
    with pytest.raises(KnownError):
        parse_value(text)


@pytest.mark.parametrize(
    ("text", "clock"),
    [("10:15", time(10, 15)), ("1015", time(10, 15)), ("915", time(9, 15)), ("9.05", time(9, 5))],
)
def test_a_time_is_read_in_the_ways_it_is_typed(text, clock):
    assert parse_time(text) == clock


@pytest.mark.parametrize("text", ["25:00", "1060", "10", "10:5", "noon"])
def test_a_time_that_is_none_is_refused(text):
    with pytest.raises(KnownError):
        parse_time(text)


def test_a_time_goes_along_with_its_day(light, qtbot):
    field = TimeField(today=date(2025, 3, 12))
    qtbot.addWidget(field)
    field.edit.setText("10:15")
    assert field.fault() == "Enter the date first, or type it before the time."
    field.set_day(date(2025, 3, 10))
    assert field.value() == datetime(2025, 3, 10, 10, 15)
    field.set_day(date(2025, 3, 11))
    assert field.value() == datetime(2025, 3, 11, 10, 15)
    field.set_value(datetime(2025, 3, 9, 22, 5))
    assert field.raw() == "2025-03-09 22:05"


@pytest.fixture
def new_casebook(light, tmp_path, opened):
    return opened(NewCasebookForm(None, tmp_path))


def test_a_casebook_needs_its_passphrase_twice(new_casebook, tmp_path, typed):
    new_casebook.passphrase.input().setFocus()
    typed("right horse battery<Tab>right house battery<Save>")
    assert new_casebook.repeated.problem() == "The two passphrases differ."
    new_casebook.repeated.input().setFocus()
    typed("<All>right horse battery<Save>")
    assert new_casebook.saved() == (tmp_path / "casebook.theralog", "right horse battery")
    assert list(tmp_path.glob("*.theralog")) == []


def test_a_casebook_without_a_passphrase_is_chosen_explicitly(new_casebook, tmp_path, typed):
    typed("<Save>")
    assert new_casebook.isVisible()
    new_casebook.without.input().setFocus()
    typed("<Space><Save>")
    assert new_casebook.saved() == (tmp_path / "casebook.theralog", None)


def test_a_file_that_is_there_is_never_offered_nor_taken(light, tmp_path, opened, typed):
    (tmp_path / "casebook.theralog").touch()
    form = opened(NewCasebookForm(None, tmp_path))
    assert form.path.value() == str(tmp_path / "casebook 2.theralog")
    form.path.set_value(str(tmp_path / "casebook"))
    form.without.set_value(True)
    typed("<Save>")
    assert form.path.problem().startswith("There is already a file of this name")


@pytest.fixture
def locked(tmp_path):
    path = tmp_path / "locked.theralog"
    Casebook.create(path, "right horse").close()
    return path


@pytest.fixture
def passphrase_form(light, locked, opened):
    background = Background()
    yield opened(PassphraseForm(None, locked, background))
    background.close()
    QCoreApplication.processEvents()


def test_a_wrong_passphrase_is_said_and_the_form_stays_open(passphrase_form, qtbot, typed):
    typed("wrong<Enter>")
    assert passphrase_form.is_busy()
    qtbot.waitUntil(lambda: not passphrase_form.is_busy())
    assert passphrase_form.passphrase.problem().startswith("This passphrase does not open")
    assert passphrase_form.isVisible()
    assert passphrase_form.passphrase.input().hasFocus()


def test_the_right_passphrase_gives_the_key(passphrase_form, locked, qtbot, typed):
    typed("right horse<Enter>")
    qtbot.waitUntil(passphrase_form.isHidden)
    path, key = passphrase_form.saved()
    assert path == locked
    Casebook(path, key).close()


def test_escape_stops_the_unlocking(passphrase_form, qtbot, typed):
    typed("right horse<Enter><Esc>")
    assert passphrase_form.isHidden()
    qtbot.waitUntil(lambda: not passphrase_form.background.busy())
    assert passphrase_form.saved() is None


def test_an_old_record_that_breaks_a_rule_can_be_looked_at_and_closed(
    session, patient, opened, typed
):
    form = opened(TherapyForm(None, session, patient.id))
    typed("<Tab>ssa<Tab><Save>")
    # As another program may have left it: the form would not save such a therapy.
    odd = replace(form.saved(), best_response="better")
    form = opened(TherapyForm(None, session, patient.id, odd))
    typed("<Save>")
    assert form.saved() == odd


def test_an_assessment_says_what_its_sum_comes_to(session, patient, treatment, opened, typed):
    first = Assessment(patient_id=patient.id, assessed_on=FIRST_CYCLE, sum_of_diameters_mm=80.0)
    session.do("Add assessment", lambda step: assessments.save(step, first))
    form = opened(AssessmentForm(None, session, patient.id))
    form.assessed_on.set_value(FIRST_CYCLE + timedelta(days=60))
    form.diameters.set_value(Decimal(60))
    assert form.diameters.hint() == "Computed: −25.0 % from baseline, −25.0 % from nadir: SD."
    form.response.set_value("PR")
    assert form.diameters.hint().endswith("SD, while the response is read as PR.")
    form.diameters.set_value(Decimal("56.01"))
    assert "−29.987 % from baseline" in form.diameters.hint()
    form.diameters.set_value(None)
    assert form.diameters.hint() == ""


def test_a_key_image_takes_the_assessment_of_its_day(session, patient, opened, typed, steps):
    day = FIRST_CYCLE
    seen = session.do(
        "Add",
        lambda step: assessments.save(step, Assessment(patient_id=patient.id, assessed_on=day)),
    )
    seen_small = png(QImage(8, 8, QImage.Format.Format_Grayscale8))
    new = NewImage(content=b"", media_type=images.DICOM, thumbnail=seen_small)
    form = opened(KeyImageForm(None, session, patient.id, None, NewImages(images=[new, new])))
    assert "may contain the patient's name" in " ".join(
        label.text() for label in form.findChildren(QLabel)
    )
    typed("<Save>")
    assert form.isVisible()
    assert form.taken_on.problem() == "Date is needed."
    form.taken_on.set_value(day)
    assert form.assessment.value() == seen.id
    form.taken_on.set_value(day + timedelta(days=1))
    assert form.assessment.value() is None


def test_ki67_is_kept_as_the_pathologist_wrote_it(session, patient, opened, typed):
    form = opened(BiopsyForm(None, session, patient.id))
    ki67 = form.fields["ki67"]
    ki67.input().setFocus()
    typed("20-25")
    assert ki67.hint() == "Kept as written; counts as 22.5 % in medians and plots."
    ki67.edit.setText("high")
    typed("<Tab>")
    assert "is not a Ki-67" in ki67.problem()
    ki67.edit.setText("<2 %")
    typed("<Save>")
    assert form.isHidden(), form.problem()
    saved = form.saved()
    assert (saved.ki67_written, saved.ki67_percent) == ("<2", 1)
    again = opened(BiopsyForm(None, session, patient.id, saved))
    assert again.fields["ki67"].raw() == "<2"
    again.fields["ki67"].edit.setText("12,5")
    again.fields["ki67"].input().setFocus()
    typed("<Save>")
    assert (again.saved().ki67_written, again.saved().ki67_percent) == (None, 12.5)
