from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from gui.forms.assessment import AssessmentForm
from gui.forms.biopsy import BiopsyForm, MetastasisForm
from gui.forms.cycle import CycleForm
from gui.forms.follow_up import EndOfTreatmentForm, FollowUpForm
from gui.forms.key_image import KeyImageForm
from gui.forms.labs.day import LabsForm
from gui.forms.labs.result import LabResultForm
from gui.forms.new_casebook import NewCasebookForm
from gui.forms.note import NoteForm, QualityOfLifeForm
from gui.forms.passphrase import PassphraseForm
from gui.forms.patient import PatientForm
from gui.forms.therapy import TherapyForm
from gui.forms.toxicity import ToxicityForm
from gui.session.background import Background
from model.dates import PartialDate
from model.records import (
    assessments,
    biopsies,
    cycles,
    labs,
    notes,
    patients,
    therapies,
    toxicities,
    whole_patient,
)
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.biopsies import Biopsy, Metastasis
from model.records.followups import FollowUp
from model.records.labs import LabResult
from model.records.notes import Note, QualityOfLife
from model.records.outcome import ends_of_treatment
from model.records.outcome.ends_of_treatment import EndOfTreatment
from model.records.patients import Identity
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity

OF_A_PATIENT = [
    *(AssessmentForm, BiopsyForm, CycleForm, EndOfTreatmentForm, FollowUpForm),
    *(LabResultForm, LabsForm),
    *(MetastasisForm, NoteForm, QualityOfLifeForm, TherapyForm, ToxicityForm),
    KeyImageForm,
]
FORMS = [*OF_A_PATIENT, NewCasebookForm, PassphraseForm, PatientForm]


@pytest.fixture
def background(light):
    background = Background()
    yield background
    background.close()


@pytest.fixture
def make(session, patient, background, tmp_path):
    def made(kind):
        if kind is PatientForm:
            return PatientForm(None, session)
        if kind is NewCasebookForm:
            return NewCasebookForm(None, tmp_path)
        if kind is PassphraseForm:
            return PassphraseForm(None, tmp_path / "a.theralog", background)
        return kind(None, session, patient.id)

    return made


@pytest.mark.parametrize("kind", FORMS)
def test_every_field_has_a_label_and_every_widget_an_accessible_name(kind, make, opened):
    form = opened(make(kind))
    buddies = {label.buddy() for label in form.findChildren(QLabel) if label.text()}
    for name, field in form.fields.items():
        assert field.label, name
        named = {field, *field.findChildren(QWidget)} & buddies
        assert named, f"no label leads to {name}"
    for widget in form.findChildren(QWidget):
        if not isinstance(widget, QLineEdit | QComboBox | QPlainTextEdit | QAbstractButton):
            continue
        if isinstance(widget.parent(), QComboBox) or widget.objectName().startswith("qt_"):
            continue
        if isinstance(widget.parent(), QLineEdit):
            continue
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        assert widget.accessibleName() or text, widget


@pytest.mark.parametrize("kind", FORMS)
def test_no_two_mnemonics_are_equal_in_a_form(kind, make, opened):
    form = opened(make(kind))
    words = [
        *(label.text() for label in form.findChildren(QLabel) if label.buddy()),
        *(button.text() for button in form.findChildren(QAbstractButton)),
    ]
    letters = Counter(
        text[text.index("&") + 1].lower()
        for text in (w.replace("&&", "") for w in words)
        if "&" in text
    )
    assert [letter for letter, count in letters.items() if count > 1] == []


@pytest.mark.parametrize("kind", FORMS)
def test_tab_goes_from_top_to_bottom(kind, make, opened, typed):
    form = opened(make(kind))
    heights = []
    first = QApplication.focusWidget()
    for _ in range(60):
        widget = QApplication.focusWidget()
        if widget in (form.save_button, form.cancel_button):
            break
        heights.append(widget.mapTo(form._content, widget.rect().center()).y() // 4)
        typed("<Tab>")
    else:
        pytest.fail("Tab never reaches the buttons.")
    assert first is not None
    assert heights == sorted(heights)


@pytest.mark.parametrize("kind", [k for k in FORMS if k is not PassphraseForm])
def test_escape_asks_before_typed_text_is_lost(kind, make, opened, typed, answer):
    form = opened(make(kind))
    # In a list the first Escape would take back what is typed in it.
    typed("9<Tab>")
    if not form.is_touched():  # the day alone is nothing that could be lost
        form.grid.rows[0].cells[0].setFocus()
        typed("9")
    asked = answer("Keep editing")
    typed("<Esc>")
    assert asked
    assert form.isVisible()


@pytest.mark.parametrize("kind", FORMS)
def test_escape_closes_an_untouched_form_without_a_question(kind, make, opened, typed, steps):
    form = opened(make(kind))
    typed("<Esc>")
    assert form.isHidden()
    assert steps == []


def records(session, patient):
    """One full record of each kind, as its form is opened with it."""

    def kept(step):
        pid = patient.id
        cycle = cycles.Cycle(
            patient_id=pid, number=1, given_on=date(2025, 3, 10), ecog=1, weight_kg=60.0
        )
        given = Administration(number=1, nuclide="177Lu", unit="GBq", administered_mbq=7400.0)
        treatment = cycles.save(step, cycle, [given])
        return {
            AssessmentForm: assessments.save(
                step,
                Assessment(
                    patient_id=pid,
                    assessed_on=date(2025, 5, 1),
                    modality="CT",
                    response="SD",
                    suvmax=12.5,
                    krenning=3,
                ),
            ),
            BiopsyForm: biopsies.save(
                step,
                Biopsy(
                    patient_id=pid,
                    taken_on=PartialDate(2021, 3),
                    site="ileum",
                    who_grade="NET G3",
                    ki67_percent=25.0,
                ),
            ),
            CycleForm: treatment,
            FollowUpForm: whole_patient.save_follow_up(
                step, FollowUp(patient_id=pid, seen_on=date(2025, 6, 1), status="alive")
            ),
            LabResultForm: labs.save(
                step,
                LabResult(
                    patient_id=pid,
                    taken_on=date(2025, 3, 7),
                    analyte="plt",
                    comparator="<",
                    value=Decimal("10.0"),
                    unit="G/l",
                ),
            ),
            EndOfTreatmentForm: ends_of_treatment.save(
                step,
                EndOfTreatment(patient_id=pid, ended_on=date(2025, 4, 1), reason="progression"),
            ),
            MetastasisForm: biopsies.save_metastasis(
                step, Metastasis(patient_id=pid, site="spleen")
            ),
            NoteForm: notes.save(
                step, Note(patient_id=pid, written_on=date(2025, 3, 1), text="Two\nlines")
            ),
            QualityOfLifeForm: notes.save(
                step, QualityOfLife(patient_id=pid, stated_on=date(2025, 3, 1), score=66.7)
            ),
            TherapyForm: therapies.save(
                step, Therapy(patient_id=pid, number=1, category="ssa", ongoing=True)
            ),
            ToxicityForm: toxicities.save(
                step,
                Toxicity(
                    patient_id=pid,
                    term="Nausea",
                    ctcae_version="6.0",
                    grade=2,
                    onset_on=PartialDate(2025, 3, 11),
                    treatment_emergent=False,
                ),
            ),
        }

    return session.do("Fill", kept)


def test_saving_an_unchanged_record_takes_no_step_and_gives_it_back(
    session, patient, opened, typed, steps
):
    for kind, record in records(session, patient).items():
        steps.clear()
        form = opened(kind(None, session, patient.id, record))
        typed("<Save>")
        assert form.isHidden(), (kind, form.problem())
        assert form.saved() == record
        assert steps == []


def test_what_a_form_reads_from_a_record_it_would_save_again(session, patient, opened):
    for kind, record in records(session, patient).items():
        form = opened(kind(None, session, patient.id, record))
        if kind is CycleForm:
            assert form.first.entered() == record.administrations[0]
        else:
            assert form.record() == record


def test_the_code_of_the_patient_stands_in_every_title(make, opened):
    for kind in OF_A_PATIENT:
        assert opened(make(kind)).windowTitle().endswith("· P-1")


def test_an_identity_is_never_lost_by_editing_the_patient(session, patient, opened, typed, steps):
    identity = Identity(patient_id=patient.id, family_name="Muster", born_on=PartialDate(1965))
    session.do("x", lambda step: whole_patient.save_identity(step, identity))
    steps.clear()
    form = opened(PatientForm(None, session, patient))
    typed("<Save>")
    assert form.saved() == patient
    assert steps == []
    known = patients.identity_of(session.casebook, patient.id)
    assert known.family_name == "Muster"
