from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from gui.actions import Actions
from gui.forms.labs.result import LabResultForm
from gui.pages.patient.cycles.page import CyclesPage, deviation_text
from gui.pages.patient.history.page import HistoryPage
from gui.pages.patient.imaging.page import ImagingPage
from gui.pages.patient.labs.page import LabsPage
from gui.pages.patient.notes import NotesPage
from gui.pages.patient.toxicities import ToxicitiesPage
from gui.pages.patients.patient_page import PatientPage, PatientTab
from gui.widgets.card import Chip
from gui.widgets.messages import NoticeBar
from gui.widgets.one_line import OneLine
from model.dates import PartialDate
from model.records import (
    assessments,
    cycles,
    kinds,
    labs,
    notes,
    patients,
    toxicities,
    whole_patient,
)
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.cycles import Cycle, Treatment
from model.records.followups import FollowUp
from model.records.labs import LabResult
from model.records.notes import Note
from model.records.patients import Patient
from model.records.toxicities import Toxicity
from tests.gui.pages.modal import in_form
from tests.gui.pages.showing import show


@pytest.fixture
def page(session, background, shown):
    session.clock = lambda: date(2032, 4, 1)
    made = PatientPage(session, Actions(shown(QLabel())), background)
    made.tabs.setCurrentIndex(1)
    return shown(made)


def words(widget):
    """The texts of the visible labels, without the dots between them."""
    labels = [label for label in widget.findChildren(QLabel) if not label.isHidden()]
    return [label.text() for label in labels if label.text().strip(" ·")]


def test_a_long_code_is_cut_in_the_middle_and_whole_in_its_tool_tip(page, session):
    long = "MULTICENTRE-225AC-DOTA-LM3-ROMA-GEMEI-0042-" + "X" * 60
    patient = session.do("Add", lambda step: patients.save(step, Patient(code=long)))
    page.show_patient(patient.id)
    code = page.header.findChildren(OneLine)[0]
    assert code.toolTip() == long
    assert code.width() <= page.header.width()
    assert code.sizeHint().width() > code.width()
    assert code._elide is Qt.TextElideMode.ElideMiddle


def test_the_header_shows_what_distinguishes_patients(page, ann):
    page.show_patient(ann.id)
    assert words(page.header) == [
        "P-001",
        "Doe, Ann",
        "F, about 65 y (58 y at T0)",
        "Pancreas",
        "NET G3 (G2 at first)",
        "Ki-67 34 %",
        "no metastases recorded",
        "ECOG 1",
        "1 tandem cycle",
        "cumulative <b>6.1 MBq</b> 225Ac + <b>4 GBq</b> 177Lu",
        "worst",
        "thrombocytopenia G3",
        "vital status not recorded",
    ]


def test_the_header_of_a_patient_with_few_records_is_short(page, bob):
    page.show_patient(bob.id)
    assert words(page.header) == [
        "P-002",
        "M",
        "Small bowel",
        "no metastases recorded",
        "not treated yet",
        "died 1 May 2025",
    ]


def test_tabs_count_their_records(page, ann):
    page.show_patient(ann.id)
    texts = [page.tabs.tabText(number) for number in range(page.tabs.count())]
    assert texts == [
        "Course",
        "Cycles 1",
        "Labs 3",
        "Toxicities 1",
        "Imaging",
        "History 2",
        "Notes",
    ]


def low_platelets(patient_id: int, analyte: str = "plt", value: str = "20") -> LabResult:
    return LabResult(
        patient_id=patient_id,
        taken_on=date(2025, 5, 5),
        analyte=analyte,
        value=Decimal(value),
        unit="10*9/L",
        lln=Decimal("150" if analyte == "plt" else "1.5"),
    )


def test_the_toxicities_tab_and_its_page_show_what_is_to_review(page, bob, session, qtbot):
    page.show_patient(bob.id)
    page.open_tab(PatientTab.TOXICITIES)
    tab = page.tab(PatientTab.TOXICITIES)
    mark = page._proposal_chip
    qtbot.waitUntil(lambda: page.patient.graded is not None)
    had = len(page.patient.proposals)
    results = [low_platelets(bob.id), low_platelets(bob.id, "anc", "0.8")]
    results = [replace(each, taken_on=date(2025, 4, 1)) for each in results]
    session.do("Add labs", lambda step: labs.save_all(step, results))
    qtbot.waitUntil(lambda: len(page.patient.proposals) == had + 2)
    assert mark.isVisible()
    assert mark.text() == f"{had + 2}"
    text = f"{had + 2} proposed grades to review"
    assert page.tabs.tabToolTip(PatientTab.TOXICITIES) == text
    assert text in page.tabs.accessibleTabName(PatientTab.TOXICITIES)
    assert tab.to_review.isVisible()
    assert tab.to_review.text.text() == text
    assert tab.cards[0].table.records() == []
    # By keyboard: from the table back to the button above it, and on to the first card.
    tab.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    while QApplication.focusWidget() is not tab.to_review.button:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    qtbot.keyClick(tab.to_review.button, Qt.Key.Key_Space)
    assert page.tabs.currentIndex() == PatientTab.COURSE
    qtbot.waitUntil(lambda: page.tab(PatientTab.COURSE).review.cards()[0].hasFocus())
    session.undo()
    qtbot.waitUntil(lambda: len(page.patient.proposals) == had)
    assert mark.isVisible() == bool(had)
    page.open_tab(PatientTab.TOXICITIES)
    assert tab.to_review.isVisible() == bool(had)


def test_a_toxicity_to_close_is_marked_on_the_tab(page, ann, session, qtbot):
    page.show_patient(ann.id)

    def work(step):
        # Platelets below 5 would be a grade to record first.
        labs.remove(step, kinds.of_patient(step, LabResult, ann.id)[-1])
        labs.save(step, low_platelets(ann.id, value="200"))

    session.do("Change labs", work)
    page.open_tab(PatientTab.TOXICITIES)
    banner = page.tab(PatientTab.TOXICITIES).to_review
    qtbot.waitUntil(lambda: banner.text.text() == "1 toxicity to close")
    event = kinds.of_patient(session.casebook, Toxicity, ann.id)[0]
    closed = replace(event, resolved_on=date(2025, 5, 5), outcome="recovered")
    session.do("Edit toxicity", lambda step: toxicities.save(step, closed))
    qtbot.waitUntil(lambda: not page.patient.proposals)
    assert not banner.isVisible()


def test_a_step_of_another_form_updates_header_and_counts(page, ann, session):
    page.show_patient(ann.id)
    note = Note(patient_id=ann.id, written_on=date(2025, 4, 1), text="Well.")
    session.do("Add note", lambda step: notes.save(step, note))
    assert page.tabs.tabText(6) == "Notes 1"
    session.undo()
    assert page.tabs.tabText(6) == "Notes"


def test_a_step_for_another_patient_causes_no_query(page, ann, bob, session, monkeypatch):
    page.show_patient(ann.id)
    asked = []
    monkeypatch.setattr(page.header, "show_profile", asked.append)
    note = Note(patient_id=bob.id, written_on=date(2025, 4, 1), text="Well.")
    session.do("Add note", lambda step: notes.save(step, note))
    assert asked == []


def test_a_hidden_tab_is_refreshed_when_it_is_opened(page, ann, session):
    page.show_patient(ann.id)
    page.open_tab(3)
    page.open_tab(1)
    event = kinds.of_patient(session.casebook, Toxicity, ann.id)[0]
    session.do("Delete toxicity", lambda step: step.remove("toxicity", event.id))
    page.open_tab(3)
    assert page.tab(3).cards[0].table.records() == []


DAY = date(2025, 5, 5)


def add_record(step, tab: PatientTab, patient_id: int) -> None:
    """Record something of the patient that a tab shows."""
    match tab:
        case PatientTab.COURSE | PatientTab.LABS:
            result = LabResult(
                patient_id=patient_id, taken_on=DAY, analyte="plt", value=Decimal(90), unit="G/l"
            )
            labs.save(step, result)
        case PatientTab.CYCLES:
            cycles.save(step, Cycle(patient_id=patient_id, number=2, given_on=DAY), [])
        case PatientTab.TOXICITIES:
            nausea = Toxicity(
                patient_id=patient_id,
                term="Nausea",
                ctcae_version="5.0",
                grade=1,
                onset_on=PartialDate.of(DAY),
            )
            toxicities.save(step, nausea)
        case PatientTab.IMAGING:
            assessments.save(step, Assessment(patient_id=patient_id, assessed_on=DAY))
        case PatientTab.HISTORY:
            seen = FollowUp(patient_id=patient_id, seen_on=DAY, status="alive")
            whole_patient.save_follow_up(step, seen)
        case PatientTab.NOTES:
            notes.save(step, Note(patient_id=patient_id, written_on=DAY, text="Well."))


def count_rows(page, tab: PatientTab) -> int:
    """How many records the tables of a tab show."""
    shown_page = page.tab(tab)
    if tab is PatientTab.COURSE:
        return len(shown_page.tables.results.records())
    if tab is PatientTab.LABS:
        return shown_page.model.rowCount()
    return sum(len(card.table.records()) for card in shown_page.cards)


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "hidden"])
@pytest.mark.parametrize("tab", PatientTab, ids=lambda tab: tab.name)
def test_every_tab_shows_a_change_at_once_or_when_it_is_opened(page, ann, session, tab, is_open):
    page.show_patient(ann.id)
    page.open_tab(tab)
    if tab is PatientTab.COURSE:
        page.tab(tab).tools.table.setChecked(True)
    before = count_rows(page, tab)
    if not is_open:
        page.open_tab(PatientTab.NOTES if tab is not PatientTab.NOTES else PatientTab.LABS)
    session.do("Add", lambda step: add_record(step, tab, ann.id))
    assert is_open == (count_rows(page, tab) == before + 1)
    page.open_tab(tab)
    assert count_rows(page, tab) == before + 1
    session.undo()
    assert count_rows(page, tab) == before


@pytest.mark.parametrize("tab", [PatientTab.COURSE, PatientTab.IMAGING, PatientTab.HISTORY])
def test_a_new_code_reaches_the_tabs_that_name_pictures_by_it(page, ann, session, tab):
    page.show_patient(ann.id)
    page.open_tab(tab)
    session.do("Edit patient", lambda step: step.put("patient", {"id": ann.id, "code": "P-9"}))
    assert page.tab(tab).records.patient.code == "P-9"


def test_a_hidden_page_is_updated_when_it_is_shown(page, ann, session):
    page.show_patient(ann.id)
    page.open_tab(PatientTab.NOTES)
    page.hide()
    session.do("Add", lambda step: add_record(step, PatientTab.NOTES, ann.id))
    assert count_rows(page, PatientTab.NOTES) == 0
    page.show()
    assert count_rows(page, PatientTab.NOTES) == 1


def test_delete_removes_in_one_step_and_the_notice_undoes_it(session, ann, shown, qtbot):
    page = shown(ToxicitiesPage(session))
    show(page, ann.id)
    table = page.cards[0].table
    table.view.setFocus()
    table.view.selectRow(0)
    qtbot.keyClick(table.view, Qt.Key.Key_Delete)
    show(page, ann.id)
    assert table.records() == []
    bar = page.window().findChild(NoticeBar)
    assert bar.text() == "Platelet count decreased, grade 3, was deleted."
    qtbot.mouseClick(bar.action_button(), Qt.MouseButton.LeftButton)
    show(page, ann.id)
    assert [each.grade for each in table.records()] == [3]


@pytest.mark.parametrize(
    ("key", "asked_for"), [(Qt.Key.Key_F2, 3), (Qt.Key.Key_Return, 3), (Qt.Key.Key_Insert, None)]
)
def test_f2_enter_and_insert_open_the_form(session, ann, shown, qtbot, monkeypatch, key, asked_for):
    asked = []

    def ask(_parent, _session, patient_id, record=None):
        asked.append((patient_id, record and record.grade))

    monkeypatch.setattr("gui.forms.toxicity.ToxicityForm.ask", ask)
    page = shown(ToxicitiesPage(session))
    show(page, ann.id)
    table = page.cards[0].table
    table.view.setFocus()
    table.view.selectRow(0)
    qtbot.keyClick(table.view, key)
    assert asked == [(ann.id, asked_for)]


@pytest.mark.parametrize("kind", [CyclesPage, ToxicitiesPage, ImagingPage, HistoryPage, NotesPage])
def test_every_empty_table_explains_what_to_do_first(session, background, bob, shown, kind):
    page = shown(kind(session, background) if kind is ImagingPage else kind(session))
    show(page, bob.id)
    for card in page.cards:
        empty = card.table._empty
        assert empty.isVisible() == (not card.table.records())
        assert "Ctrl+" in empty.text() or "Press Insert" in empty.text()


def test_the_deviation_from_the_prescribed_activity_is_shown(ann):
    given = Administration(
        number=1, nuclide="225Ac", unit="MBq", prescribed_mbq=8.0, administered_mbq=7.0
    )
    cycle = Cycle(patient_id=ann.id, number=1, given_on=date(2025, 3, 10))
    assert deviation_text(Treatment(cycle, (given,))) == "−13 %"
    assert deviation_text(Treatment(cycle, ())) == ""


class TestLabs:
    @pytest.fixture
    def labs_page(self, session, ann, shown):
        page = shown(LabsPage(session))
        show(page, ann.id)
        return page

    def test_days_are_rows_newest_first_with_values_as_written(self, labs_page):
        model = labs_page.model
        rows = [model.headerData(row, Qt.Orientation.Vertical) for row in range(model.rowCount())]
        assert rows == ["14 Apr 2025", "31 Mar 2025", "7 Mar 2025"]
        since = [model.index(row, 0).data() for row in range(3)]
        assert since == ["C1 + 35 d", "C1 + 21 d", "C1 − 3 d"]
        assert model.headerData(1, Qt.Orientation.Horizontal) == "Platelets\n×10⁹/L"
        assert [model.index(row, 1).data() for row in range(3)] == ["<5 ↓", "44 ↓", "230  "]

    def test_a_value_outside_its_limits_is_described_in_words(self, labs_page):
        tip = labs_page.model.index(1, 1).data(Qt.ItemDataRole.ToolTipRole)
        assert "Below the lower limit of 150 ×10⁹/L." in tip
        assert "21 days since C1" in tip

    def test_enter_edits_the_day_of_the_cell(self, labs_page, ann, qtbot, monkeypatch):
        asked = []
        monkeypatch.setattr(
            "gui.forms.labs.day.LabsForm.ask", lambda _parent, _session, *about: asked.append(about)
        )
        labs_page.view.setFocus()
        qtbot.keyClick(labs_page.view, Qt.Key.Key_Down)
        qtbot.keyClick(labs_page.view, Qt.Key.Key_Return)
        qtbot.keyClick(labs_page.view, Qt.Key.Key_Insert)
        assert asked == [(ann.id, date(2025, 3, 31)), (ann.id, None)]

    @pytest.mark.parametrize("by", ["key", "button"])
    def test_fasting_visit_and_comment_of_a_result_are_edited_in_one_undoable_step(
        self, page, ann, session, qtbot, by
    ):
        page.show_patient(ann.id)
        page.open_tab(PatientTab.LABS)
        labs_page = page.tab(PatientTab.LABS)
        page.activateWindow()
        labs_page.view.setFocus()
        before = kinds.of_patient(session.casebook, LabResult, ann.id)
        steps = session.casebook.undo_number

        def fill(form):
            assert form.fields["value"].value() == ("<", Decimal(5))
            form.fields["fasting"].set_value(True)
            form.fields["visit"].set_value("baseline")
            form.fields["comment"].set_value("From the ward")
            form.accept()

        in_form(LabResultForm, fill)
        if by == "key":
            qtbot.keyClick(labs_page.view, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
        else:
            qtbot.mouseClick(labs_page.edit_button, Qt.MouseButton.LeftButton)
        after = kinds.of_patient(session.casebook, LabResult, ann.id)
        edited = [(each.fasting, each.visit, each.comment) for each in after]
        nothing = (None, None, None)
        assert edited == [nothing, nothing, (True, "baseline", "From the ward")]
        page.activateWindow()
        qtbot.waitUntil(labs_page.view.hasFocus)
        session.undo()
        assert session.casebook.undo_number == steps
        assert kinds.of_patient(session.casebook, LabResult, ann.id) == before

    def test_a_cell_without_a_result_offers_none_to_be_edited(self, labs_page):
        assert labs_page.edit_button.isEnabled()
        labs_page.view.setCurrentIndex(labs_page.model.index(0, 0))
        assert not labs_page.edit_button.isEnabled()

    def test_delete_removes_the_result_and_undo_restores_it(self, labs_page, ann, qtbot):
        labs_page.view.setFocus()
        qtbot.keyClick(labs_page.view, Qt.Key.Key_Delete)
        bar = labs_page.window().findChild(NoticeBar)
        assert bar.text() == "Platelets of 14 Apr 2025 was deleted."
        show(labs_page, ann.id)
        assert labs_page.model.rowCount() == 2
        qtbot.mouseClick(bar.action_button(), Qt.MouseButton.LeftButton)
        show(labs_page, ann.id)
        assert labs_page.model.rowCount() == 3

    def test_the_keyboard_stays_on_the_page_when_the_last_result_goes(self, page, ann, qtbot):
        page.show_patient(ann.id)
        page.open_tab(2)
        labs_page = page.tab(2)
        assert labs_page.view.hasFocus()
        for _ in range(3):
            assert labs_page.view.hasFocus()
            qtbot.keyClick(labs_page.view, Qt.Key.Key_Delete)
        assert not labs_page.view.isVisible()
        assert labs_page.add_button.hasFocus()
        page.open_tab(1)
        page.open_tab(2)
        assert labs_page.add_button.hasFocus()
        page.findChild(NoticeBar).action_button().click()
        assert labs_page.view.isVisible()
        assert labs_page.view.hasFocus()

    def test_without_results_the_tab_explains_what_to_do(self, labs_page, bob):
        show(labs_page, bob.id)
        assert not labs_page.view.isVisible()
        assert "Ctrl+L" in labs_page._empty.text()


def test_a_chip_of_the_worst_grade_is_in_the_colours_of_the_ramp(page, ann):
    page.show_patient(ann.id)
    chip = page.header.findChild(Chip)
    assert "#F9B5A0" in chip.styleSheet()


def test_a_patient_in_the_bin_is_not_shown(page, ann, session):
    page.show_patient(ann.id)
    session.do("Delete patient", lambda step: whole_patient.remove_patient(step, ann))
    assert page.patient_id is None
