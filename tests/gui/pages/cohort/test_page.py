"""The Cohort page: what is counted, the patients behind a number, and what is frozen."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QPushButton, QToolButton

from gui.actions import Actions
from gui.forms.form import Form
from gui.pages.cohort import cohort_counts
from gui.pages.cohort.chips import FilterChip
from gui.pages.cohort.dialogs import ComparisonDialog, PatientsDialog
from gui.pages.cohort.number_table import NumberTable
from gui.pages.cohort.page import CohortPage
from gui.widgets.messages import MessageBox, NoticeBar
from model.cohort import freeze, saved_selections
from model.cohort.options import (
    DEFAULT_OPTIONS,
    Attribution,
    Denominator,
    PhaseSource,
    ToxicityRows,
)
from model.cohort.selection import EVERYONE, Filter, FilterKind
from model.cohort.sheet import SheetRow
from model.records import cycles, patients, whole_patient
from model.records.cycles import Cycle
from model.records.patients import Patient
from model.store.settings import DATA_CUTOFF, save_setting

TODAY = date(2025, 6, 1)
PANCREAS = Filter(kind=FilterKind.PRIMARY_SITE, values=("pancreas",))
NOBODY = Filter(kind=FilterKind.CYCLES, low=9.0)


@pytest.fixture
def window(light) -> Any:
    """A window for the actions."""
    window = QMainWindow()
    yield window
    window.deleteLater()


@pytest.fixture
def page(session, background, window, shown, qtbot) -> CohortPage:
    """The page of two patients, counted."""
    session.clock = lambda: TODAY
    page = shown(CohortPage(session, background, Actions(window)))
    settle(page, background, qtbot)
    return page


def settle(page: CohortPage, background: Any, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: page.is_filled and not background.busy(), timeout=60_000)


def numbers(table: NumberTable) -> dict[str, list[str]]:
    rows: tuple[SheetRow, ...] = table.grid_model.sheet.rows
    return {row.label: [cell.text for cell in row.cells] for row in rows}


def place_of(table: NumberTable, label: str, column: int = 1) -> Any:
    rows = [row.label for row in table.grid_model.sheet.rows]
    return table.grid_model.index(rows.index(label), column)


def dialog(qtbot: Any, act: Callable[[Any], None], begin: Callable[[], object]) -> None:
    """Open a dialog by `begin`, and act in it; it is closed in the end."""
    seen: list[Exception] = []

    def in_it() -> None:
        box: Any = QApplication.activeModalWidget()
        if box is None or not box.isActiveWindow():
            QTimer.singleShot(50, in_it)
            return
        try:
            act(box)
        except Exception as error:
            seen.append(error)
        if box.isVisible():
            if isinstance(box, Form):
                box.remember()
            box.reject()

    QTimer.singleShot(100, in_it)
    begin()
    if seen:
        raise seen[0]


def press(qtbot: Any, widget: Any, key: Qt.Key) -> None:
    qtbot.keyClick(widget, key)


def test_the_header_shows_how_many_patients_and_cycles_there_are(page):
    assert page.state.text() == "· 2 patients · 1 cycle (0 monotherapy, 1 tandem)"
    assert page.bar.sentence.text() == "All patients; no data cut-off; T0 the first cycle."
    assert page.bar.counting_button.text() == "Counting rules…"


def test_every_card_is_filled_with_its_notes(page):
    baseline = page.cards.tables["baseline"]
    assert numbers(baseline.table)["Patients"] == ["2"]
    assert numbers(baseline.table)["Patients treated"] == ["1 (50 %)"]
    for key, card in page.cards.tables.items():
        assert card.isVisibleTo(page), key
        assert card.notes.text(), key
    for key, card in page.cards.figures.items():
        assert card.figure is not None, key
        assert card.figure.numbers().header, key
    assert "patient" in page.cards.paragraph.text_label.text()
    assert page.cards.frozen.isVisibleTo(page)


def test_toxicity_is_shown_by_grade_with_its_denominator_in_each_row(page):
    table = page.cards.tables["all_toxicity"].table
    titles = table.grid_model.sheet.titles
    assert titles == ("G1", "G2", "G3", "G4", "G5", "G1–2", "≥ G3", "Any", "of")
    platelets = dict(zip(titles, numbers(table)["Platelet count decreased"], strict=True))
    assert (platelets["G3"], platelets["G1"], platelets["of"]) == ("1 (100 %)", "0", "1")


def test_enter_on_a_number_opens_its_patients_and_enter_there_the_patient(page, ann, qtbot):
    table = page.cards.tables["all_toxicity"].table
    asked: list[int] = []
    page.patient_requested.connect(asked.append)
    table.setFocus()
    table.setCurrentIndex(place_of(table, "Platelet count decreased", 3))

    def in_the_list(box: PatientsDialog) -> None:
        assert box.windowTitle() == "Platelet count decreased, grade 3: 1 of 1"
        (one,) = box.table.records()
        assert one.code == "P-001"
        why = box.table.model.data(box.table.model.index(0, 1))
        assert why == "Platelet count decreased grade 3, 31 Mar 2025"
        box.copy()
        press(qtbot, box.table.view, Qt.Key.Key_Return)

    dialog(qtbot, in_the_list, lambda: press(qtbot, table, Qt.Key.Key_Return))
    assert asked == [ann.id]
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("P-001\tPlatelet")


def test_escape_in_the_list_goes_back_to_the_page(page, qtbot):
    table = page.cards.tables["baseline"].table
    asked: list[int] = []
    page.patient_requested.connect(asked.append)
    table.setFocus()
    table.setCurrentIndex(place_of(table, "Patients"))
    dialog(
        qtbot,
        lambda box: press(qtbot, box.table.view, Qt.Key.Key_Escape),
        lambda: press(qtbot, table, Qt.Key.Key_Return),
    )
    assert asked == []
    assert page.focusWidget() is table


def test_a_click_on_a_number_opens_its_patients(page, qtbot):
    table = page.cards.tables["baseline"].table
    where = table.visualRect(place_of(table, "Patients")).center()
    titles: list[str] = []
    dialog(
        qtbot,
        lambda box: titles.append(box.windowTitle()),
        lambda: qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where),
    )
    assert titles == ["Patients: 2"]


def test_a_zero_and_the_label_of_a_row_open_nothing(page, qtbot):
    table = page.cards.tables["all_toxicity"].table
    opened: list[object] = []
    table.opened.connect(opened.append)
    for column in (0, 1, 9):
        index = place_of(table, "Platelet count decreased", column)
        assert table.line_at(index) is None
        where = table.visualRect(index).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert opened == []


def test_the_keyboard_reaches_the_first_number_of_a_table(page, qtbot):
    table = page.cards.tables["baseline"].table
    table.setFocus(Qt.FocusReason.TabFocusReason)
    assert table.currentIndex() == place_of(table, "Patients")
    press(qtbot, table, Qt.Key.Key_Down)
    assert table.currentIndex() == place_of(table, "Patients treated")
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines()[0] == "Patients\t2"


def test_a_number_of_the_paragraph_is_a_link_to_its_patients(page, qtbot):
    titles: list[str] = []
    pieces = page.cards.paragraph.paragraph.pieces
    place = next(at for at, piece in enumerate(pieces) if piece.line and piece.line.patients)
    assert f'href="{place}"' in page.cards.paragraph.text_label.text()
    dialog(
        qtbot,
        lambda box: titles.append(box.windowTitle()),
        lambda: page.cards.paragraph.text_label.linkActivated.emit(f"{place}"),
    )
    assert len(titles) == 1


def test_a_mark_of_a_figure_opens_its_patient_or_the_list_of_several(page, ann, bob, qtbot):
    asked: list[int] = []
    page.patient_requested.connect(asked.append)
    figure = page.cards.figures["swimmer"].figure
    figure.patient_clicked.emit(ann.id)
    assert asked == [ann.id]
    codes: list[str] = []
    dialog(
        qtbot,
        lambda box: codes.extend(one.code for one in box.table.records()),
        lambda: figure.patients_clicked.emit((bob.id, ann.id), "Two", None),
    )
    assert codes == ["P-002", "P-001"]


def test_a_figure_shows_its_numbers_as_a_table_and_back(page, qtbot):
    card = page.cards.figures["swimmer"]
    card.table_action.trigger()
    assert card.table.isVisibleTo(page)
    assert len(card.table.records()) == len(card.figure.numbers().rows)
    card.copy_numbers()
    assert QGuiApplication.clipboard().text().startswith("code\tday")
    card.table_action.trigger()
    assert card.table is None
    assert card.figure.isVisibleTo(page)


def test_of_a_figure_with_nothing_to_draw_there_is_no_picture(page):
    QGuiApplication.clipboard().setText("mine")
    card = page.cards.figures["waterfall"]
    copy = next(each for each in card.menu_button.menu().actions() if "picture" in each.text())
    copy.trigger()
    assert QGuiApplication.clipboard().text() == "mine"
    assert page.window().findChild(NoticeBar).text() == "There is nothing to draw."


def test_another_choice_of_a_figure_draws_it_again(page, background, qtbot):
    card = page.cards.figures["toxicity"]
    assert card.chosen_keys == {"phase": "long-term"}
    assert card.figure.numbers().rows == []
    card.buttons["phase"].choose("all")
    settle(page, background, qtbot)
    assert [row[0] for row in card.figure.numbers().rows] == ["Platelet count decreased"]


# Filters and selections


def test_filters_are_shown_as_chips_and_narrow_what_is_counted(page, background, qtbot):
    page.bar.use(replace(EVERYONE, filters=(PANCREAS,)))
    settle(page, background, qtbot)
    assert page.state.text() == "· 1 of 2 patients · 1 cycle (0 monotherapy, 1 tandem)"
    (chip,) = page.findChildren(FilterChip)
    assert chip.text_button.text() == "primary site pancreas"
    press(qtbot, chip.text_button, Qt.Key.Key_Delete)
    settle(page, background, qtbot)
    assert page.state.text().startswith("· 2 patients")
    assert [one for one in page.findChildren(FilterChip) if one.isVisible()] == []


def test_the_cross_of_a_chip_removes_its_filter(page, background, qtbot):
    page.bar.use(replace(EVERYONE, filters=(PANCREAS,)))
    settle(page, background, qtbot)
    (chip,) = page.findChildren(FilterChip)
    qtbot.mouseClick(chip.remove_button, Qt.MouseButton.LeftButton)
    settle(page, background, qtbot)
    assert page.bar.selection == EVERYONE


def test_a_filter_is_made_by_the_keyboard_alone(page, background, qtbot):
    def fill(form: Any) -> None:
        form.kind.set_value(FilterKind.PRIMARY_SITE)
        form.values.input().setFocus()
        press(qtbot, form.values.input(), Qt.Key.Key_Space)
        assert form.reads.text() == "Patients primary site pancreas"
        save = Qt.KeyboardModifier.ControlModifier
        qtbot.keyClick(form.values.input(), Qt.Key.Key_Return, save)

    dialog(qtbot, fill, lambda: press(qtbot, page.bar.add_button, Qt.Key.Key_Space))
    settle(page, background, qtbot)
    assert page.bar.selection.filters == (PANCREAS,)
    assert page.counts.patients == 1


def test_filters_that_match_nobody_are_reported_and_can_be_cleared(page, background, qtbot):
    page.bar.use(replace(EVERYONE, filters=(NOBODY,)))
    settle(page, background, qtbot)
    assert page.state.text() == "· 0 of 2 patients"
    assert page.clear_button.isVisible()
    assert not page.copy_button.isEnabled()
    qtbot.mouseClick(page.clear_button, Qt.MouseButton.LeftButton)
    settle(page, background, qtbot)
    assert page.copy_button.isEnabled()
    assert page.counts.patients == 2


def test_a_casebook_without_patients_shows_what_to_do_first(
    session, background, window, shown, qtbot
):
    def empty(step: Any) -> None:
        for one in patients.all_patients(session.casebook):
            whole_patient.remove_patient(step, one)

    session.do("Delete", empty)
    session.clock = lambda: TODAY
    page = shown(CohortPage(session, background, Actions(window)))
    settle(page, background, qtbot)
    assert page._empty_label.text() == "No patients yet. Add the first with Ctrl+N."
    assert not page.clear_button.isVisible()


def test_a_saved_selection_is_replaced_only_after_a_yes(page, session, background, qtbot):
    theirs = replace(EVERYONE, name="Ours", filters=(PANCREAS,))
    session.do("x", lambda step: saved_selections.save_selection(step, theirs))

    def save(answer: str) -> None:
        def press() -> None:
            box = QApplication.activeModalWidget()
            if not isinstance(box, MessageBox):
                QTimer.singleShot(20, press)
                return
            next(b for b in box.findChildren(QPushButton) if b.text() == answer).click()

        def fill(form: Any) -> None:
            form.name.set_value("Ours")
            QTimer.singleShot(20, press)
            qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
            if form.isVisible():
                assert form.problem() == "Nothing was saved: choose another name."
                form.remember()
                form.reject()

        dialog(qtbot, fill, page.bar.ask_save)

    save("Keep it")
    assert saved_selections.load_selections(session.casebook) == (theirs,)
    save("Replace")
    assert saved_selections.load_selections(session.casebook) == (replace(EVERYONE, name="Ours"),)
    settle(page, background, qtbot)


def test_a_selection_is_saved_renamed_chosen_and_removed(page, session, background, qtbot):
    page.bar.use(replace(EVERYONE, filters=(PANCREAS,)))
    settle(page, background, qtbot)

    def name_it(name: str) -> Callable[[Any], None]:
        def fill(form: Any) -> None:
            form.name.set_value(name)
            qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)

        return fill

    dialog(qtbot, name_it("Pancreatic"), page.bar.ask_save)
    dialog(qtbot, name_it("Pancreas"), page.bar.ask_rename)
    assert [one.name for one in saved_selections.load_selections(session.casebook)] == ["Pancreas"]
    assert page.bar.sentence.text().startswith("Pancreas: Patients primary site pancreas")
    page.bar.use(EVERYONE)
    page.bar._fill_menu()
    action = next(one for one in page.bar._menu.actions() if one.text() == "Pancreas")
    action.trigger()
    assert page.bar.selection.filters == (PANCREAS,)
    page.bar.remove_saved()
    assert saved_selections.load_selections(session.casebook) == ()
    assert page.bar.selection.filters == (PANCREAS,)
    settle(page, background, qtbot)


def test_cut_off_and_options_are_chosen_in_one_form(page, background, qtbot):
    def fill(form: Any) -> None:
        form.cut_off.set_value(date(2025, 3, 20))
        form.by.set_value(ToxicityRows.GROUP)
        qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)

    dialog(qtbot, fill, page.bar.ask_counting)
    settle(page, background, qtbot)
    assert page.counts.selection.cut_off == date(2025, 3, 20)
    assert page.counts.options.by is ToxicityRows.GROUP
    words = page.bar.counting_button.text()
    assert words == "Data cut-off 20 Mar 2025 · worst grade per patient · by reporting group…"


def test_the_cut_off_of_the_casebook_is_shown_and_another_can_be_chosen(
    page, session, background, qtbot
):
    def change(day: str) -> None:
        session.do("Change data cut-off", lambda step: save_setting(step, DATA_CUTOFF, day))
        settle(page, background, qtbot)

    def choose(day: date | None) -> None:
        def fill(form: Any) -> None:
            assert "The casebook's is 2 May 2025." in form.cut_off_hint.text()
            form.cut_off.set_value(day)
            qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)

        dialog(qtbot, fill, page.bar.ask_counting)
        settle(page, background, qtbot)

    change("2025-05-02")
    assert page.bar.sentence.text() == "All patients; data cut-off 2 May 2025; T0 the first cycle."
    assert page.bar.counting_button.text().startswith("Data cut-off 2 May 2025")
    assert page.counts.selection.cut_off == date(2025, 5, 2)
    assert "data cut-off 2 May 2025" in page.counts.paragraph.footnote
    choose(date(2025, 3, 20))
    assert "data cut-off 20 Mar 2025" in page.bar.sentence.text()
    choose(None)
    assert page.bar.sentence.text() == "All patients; no data cut-off; T0 the first cycle."
    assert page.bar.counting_button.text().startswith("No data cut-off")
    assert page.counts.selection.cut_off is None
    choose(date(2025, 5, 2))
    assert page.bar.selection == EVERYONE
    change("2025-06-01")
    assert "data cut-off 1 Jun 2025" in page.bar.sentence.text()


def test_attribution_and_windows_are_chosen_by_keyboard_and_stated(page, background, qtbot):
    def fill(form: Any) -> None:
        assert not form.acute_days.isVisibleTo(form)
        form.attribution.set_value(Attribution.RELATED)
        form.phases.set_value(PhaseSource.BY_DAY)
        assert form.acute_days.isVisibleTo(form)
        for field, days in ((form.acute_days, "14"), (form.subacute_days, "9")):
            field.edit.setFocus()
            field.edit.selectAll()
            qtbot.keyClicks(field.edit, days)
        qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert form.isVisible()
        assert "Subacute must end later" in " ".join(
            each.text() for each in form.findChildren(QLabel) if each.isVisibleTo(form)
        )
        form.subacute_days.edit.selectAll()
        qtbot.keyClicks(form.subacute_days.edit, "90")
        assert "subacute from day 15 to day 90" in form.reads.text()
        qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    dialog(qtbot, fill, page.bar.ask_counting)
    settle(page, background, qtbot)
    options = page.counts.options
    assert (options.attribution, options.acute_days, options.subacute_days) == (
        Attribution.RELATED,
        14,
        90,
    )
    assert page.bar.counting_button.text() == (
        "Worst grade per patient · treatment-related · acute to day 14, subacute to day 90…"
    )
    assert "subacute_toxicity" in page.cards.tables
    page.bar.use(page.bar.selection, DEFAULT_OPTIONS)
    settle(page, background, qtbot)
    assert not page.cards.tables["subacute_toxicity"].isVisibleTo(page)


# Counting again


def test_new_records_are_counted(page, session, background, qtbot):
    session.do("Add patient", lambda step: patients.save(step, Patient(code="P-003")))
    settle(page, background, qtbot)
    assert page.counts.all_patients == 3


def test_what_changes_while_it_counts_out_of_sight_is_counted_in_the_end(
    page, session, background, monkeypatch, qtbot
):
    real, counting_now, let_go = cohort_counts.count_cohort, threading.Event(), threading.Event()

    def slow(known: Any, selection: Any, options: Any, tell: Any) -> Any:
        counting_now.set()
        assert let_go.wait(20)
        return real(known, selection, options, tell)

    monkeypatch.setattr(cohort_counts, "count_cohort", slow)
    session.do("Add patient", lambda step: patients.save(step, Patient(code="P-003")))
    qtbot.waitUntil(counting_now.is_set, timeout=20_000)
    page.hide()
    session.do("Add patient", lambda step: patients.save(step, Patient(code="P-004")))
    let_go.set()
    qtbot.waitUntil(lambda: not background.busy(), timeout=20_000)
    page.show()
    settle(page, background, qtbot)
    assert page.counts.all_patients == 4


def test_the_last_answer_wins(page, session, background, monkeypatch, qtbot):
    """An earlier count that ends later is not shown."""
    real = cohort_counts.count_cohort
    let_go = threading.Event()

    def slow(known: Any, selection: Any, options: Any, tell: Any) -> Any:
        if selection.filters:
            let_go.wait(20)
        return real(known, selection, options, tell)

    monkeypatch.setattr(cohort_counts, "count_cohort", slow)
    page.bar.use(replace(EVERYONE, filters=(PANCREAS,)))
    page.bar.use(replace(EVERYONE, cut_off=date(2025, 5, 2)))
    qtbot.waitUntil(lambda: page.is_filled, timeout=60_000)
    assert page.counts.patients == 2
    let_go.set()
    settle(page, background, qtbot)
    assert page.counts.selection.filters == ()
    assert page.counts.patients == 2


def test_the_window_turns_while_a_slow_cohort_is_counted(
    page, session, background, monkeypatch, qtbot
):
    """Turns of the event loop are counted while the worker is at it: the GUI thread is free."""
    real = cohort_counts.count_cohort

    def slow(known: Any, selection: Any, options: Any, tell: Any) -> Any:
        tell("Counting slowly…")
        time.sleep(1.0)
        return real(known, selection, options, tell)

    monkeypatch.setattr(cohort_counts, "count_cohort", slow)
    turns = 0

    def turn() -> None:
        nonlocal turns
        turns += 1

    timer = QTimer()
    timer.timeout.connect(turn)
    page.bar.use(replace(EVERYONE, filters=(PANCREAS,)))
    timer.start(10)
    qtbot.waitUntil(lambda: page.progress.text() == "Counting slowly…", timeout=20_000)
    assert not page.copy_button.isEnabled()
    before = turns
    qtbot.waitUntil(lambda: page.counts.patients == 1, timeout=20_000)
    timer.stop()
    # A hundred would be possible in a second; a thread that is blocked has none.
    assert turns - before > 20
    settle(page, background, qtbot)


def test_each_card_is_filled_in_a_turn_of_its_own(page, monkeypatch):
    """Nothing is filled at once: the window responds between two cards."""
    fillers = page.cards.fillers(page.counts, {})
    done: list[int] = []
    monkeypatch.setattr(
        page.cards, "fillers", lambda *_told: [lambda: done.append(1) for _ in fillers]
    )
    page._show_counts((page.counts, {}))
    assert done == []
    QApplication.processEvents()
    assert len(done) < len(fillers)


def test_the_wheel_over_a_table_is_left_to_the_page(page, qtbot):
    table = page.cards.tables["baseline"].table
    where = table.viewport().rect().center()
    event = QWheelEvent(
        where.toPointF(),
        table.viewport().mapToGlobal(where).toPointF(),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(table.viewport(), event)
    assert not event.isAccepted()


# Freezing


def freeze_as(page: CohortPage, qtbot: Any, name: str) -> None:
    def fill(form: Any) -> None:
        form.name.set_value(name)
        qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)

    page.bar._fill_menu()
    action = next(one for one in page.bar._menu.actions() if "Freeze" in one.text())
    dialog(qtbot, fill, action.trigger)


def state_of(page: CohortPage) -> str:
    table = page.cards.frozen.table
    return table.model.data(table.model.index(0, 2))


def test_what_was_frozen_still_holds_until_a_number_changes(page, session, background, qtbot):
    freeze_as(page, qtbot, "Paper")
    settle(page, background, qtbot)
    assert state_of(page) == "still hold"
    (kept,) = freeze.load_frozen(session.casebook)
    assert kept.is_intact

    def add(step: Any) -> None:
        zoe = patients.save(step, Patient(code="P-003", primary_site="pancreas"))
        cycles.save(step, Cycle(patient_id=zoe.id or 0, number=1, given_on=date(2025, 4, 1)), [])

    session.do("Add patient", add)
    settle(page, background, qtbot)
    assert "changed" in state_of(page)

    def look(box: ComparisonDialog) -> None:
        first = box.table.records()[0]
        assert (first.was.text, first.now.text) == ("2", "3")
        assert box._codes_of(first.added) == "P-003"

    dialog(qtbot, look, lambda: page.frozen_cohorts.open(kept))
    session.undo()
    settle(page, background, qtbot)
    assert state_of(page) == "still hold"


def test_a_difference_is_saved_as_csv(page, session, background, tmp_path, qtbot):
    freeze_as(page, qtbot, "Paper")
    session.do("Add patient", lambda step: patients.save(step, Patient(code="=P")))
    settle(page, background, qtbot)
    (kept,) = freeze.load_frozen(session.casebook)
    path = tmp_path / "changes.csv"
    dialog(qtbot, lambda box: box.save_csv(path), lambda: page.frozen_cohorts.open(kept))
    lines = path.read_text("utf-8").splitlines()
    assert lines[0] == "section,measure,level,change,was,is,came,left"
    assert lines[1] == "cohort,patients,,another number,2,3,'=P,"


def test_the_selection_of_a_frozen_cohort_is_used_again(page, background, qtbot):
    page.bar.use(replace(EVERYONE, filters=(PANCREAS,)))
    settle(page, background, qtbot)
    freeze_as(page, qtbot, "Pancreas")
    page.bar.use(EVERYONE)
    settle(page, background, qtbot)
    dialog(
        qtbot,
        lambda box: qtbot.mouseClick(box.use_button, Qt.MouseButton.LeftButton),
        lambda: page.frozen_cohorts.open(page.cards.frozen.table.records()[0]),
    )
    settle(page, background, qtbot)
    assert page.counts.selection.filters == (PANCREAS,)


def test_a_frozen_cohort_is_removed_and_that_is_undone(page, session, background, qtbot):
    freeze_as(page, qtbot, "Paper")
    settle(page, background, qtbot)
    press(qtbot, page.cards.frozen.table.view, Qt.Key.Key_Down)
    page.cards.frozen.table.choose(freeze.load_frozen(session.casebook)[0].id)
    press(qtbot, page.cards.frozen.table.view, Qt.Key.Key_Delete)
    assert freeze.load_frozen(session.casebook) == []
    assert not page.cards.frozen.table.isVisibleTo(page)
    session.undo()
    settle(page, background, qtbot)
    assert state_of(page) == "still hold"


# The actions, the paragraph's template, the figures as files


COHORT_ACTIONS = ("cohort.filter", "cohort.freeze", "cohort.report", "cohort.paragraph")


def test_its_actions_rest_elsewhere_and_while_it_counts(session, background, window, shown, qtbot):
    actions = Actions(window)

    def usable() -> list[str]:
        return [each for each in COHORT_ACTIONS if actions[each].isEnabled()]

    session.clock = lambda: TODAY
    page = CohortPage(session, background, actions)
    assert usable() == []
    shown(page)
    assert usable() == ["cohort.filter"]
    settle(page, background, qtbot)
    assert usable() == list(COHORT_ACTIONS)
    page.bar.use(replace(EVERYONE, filters=(NOBODY,)))
    settle(page, background, qtbot)
    assert usable() == ["cohort.filter"]
    page.hide()
    assert usable() == []


def test_the_template_of_the_paragraph_is_edited_on_its_card(page, background, qtbot):
    previews: list[str] = []

    def fill(form: Any) -> None:
        form.template.set_value("We saw {patients | with unit}.")
        form._show_preview()
        previews.append(form.shown.text())
        qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)

    card = page.cards.paragraph
    before = card.paragraph.text
    dialog(qtbot, fill, lambda: qtbot.mouseClick(card.edit_button, Qt.MouseButton.LeftButton))
    settle(page, background, qtbot)
    assert card.paragraph.text != before
    assert [card.paragraph.text] == previews
    assert "two patients" in card.paragraph.text.lower()


def test_figures_become_files_once_they_show_what_is_chosen(page, qtbot):
    """Requested while counting, they show the selection that is being counted."""
    page.bar.use(replace(EVERYONE, filters=(PANCREAS,)))
    files: dict[str, bytes] = {}
    for part in page.draw_figures():
        if isinstance(part, str):
            qtbot.wait(5)
        else:
            files[part[0]] = part[1]
    assert page.counts.patients == 1
    assert {name.partition(".")[2] for name in files} == {"png", "svg", "csv"}
    codes = [line.split(",")[0] for line in files["figure_swimmer.csv"].decode().splitlines()]
    assert set(codes) == {"code", page.counts.codes[int(page.counts.frames.patients.index[0])]}
    assert files["figure_swimmer.png"].startswith(b"\x89PNG")
    assert b"primary site pancreas" in files["figure_swimmer.svg"]


def test_no_figure_is_drawn_of_a_cohort_without_patients(page, background, qtbot):
    """The hidden cards still have the figures of the previous selection."""
    page.bar.use(replace(EVERYONE, filters=(NOBODY,)))
    settle(page, background, qtbot)
    assert list(page.draw_figures()) == []


def test_toxicity_bars_and_tables_count_the_same(page, background, qtbot):
    page.bar.use(
        EVERYONE, replace(page.bar.options, by=ToxicityRows.GROUP, denominator=Denominator.ALL)
    )
    card = page.cards.figures["toxicity"]
    card.buttons["phase"].choose("all")
    settle(page, background, qtbot)
    rows = {row[0]: row for row in card.figure.numbers().rows}
    lines = page.counts.tables["all_toxicity"].lines
    by_name = {
        line.measure: line for line in lines if line.level == "any" and line.measure != "any"
    }
    assert rows.keys() == by_name.keys()
    for name, line in by_name.items():
        assert (rows[name][8], rows[name][-1]) == (line.n, line.of)


# Looks


def test_a_card_that_grows_moves_those_below_it_alone(page, qtbot):
    cards = page.cards
    first, below = cards.tables["baseline"], cards.tables["response"]
    beside = cards.figures["toxicity"]
    before, height, place = below.y(), first.height(), beside.geometry()
    first.more_button.setVisible(True)
    first.more_button.setMinimumHeight(90)
    qtbot.waitUntil(lambda: first.height() > height)
    assert below.y() - before == first.height() - height
    assert beside.geometry() == place
    assert cards.height() == max(card.geometry().bottom() for card in cards.cards) + 1


def test_cards_take_as_many_columns_as_fit(page, qtbot):
    def lefts() -> set[int]:
        return {card.x() for card in page.cards.cards}

    assert len(lefts()) == 2
    page.resize(1440, 900)
    qtbot.waitUntil(lambda: len(lefts()) == 3)
    page.resize(700, 700)
    qtbot.waitUntil(lambda: len(lefts()) == 1)


def test_every_widget_that_takes_focus_has_a_name(page):
    for widget in page.findChildren(QPushButton) + page.findChildren(QToolButton):
        if widget.isVisibleTo(page):
            assert widget.text() or widget.accessibleName(), widget
    for table in page.findChildren(NumberTable):
        assert table.accessibleName()
