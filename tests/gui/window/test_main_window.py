from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
)

from gui.forms.form import Form
from gui.pages.patients import patient_page
from gui.pages.patients.patient_list import DUE
from gui.pages.patients.patient_page import PatientTab
from gui.session import preferences
from gui.widgets.messages import MessageBox, NoticeBar
from gui.window.app import has_display, name_program, run
from gui.window.main_window import MainWindow
from gui.window.palette import Palette
from model.derived.profile import profile_of as profile_of_records
from model.records import cycles, labs, notes, patients
from model.records.cycles import Cycle
from model.records.labs import LabResult
from model.records.notes import Note
from model.records.patients import Patient
from model.store.casebook import Access, Casebook
from model.version import version
from tests.gui.pages.modal import in_form

CODES = ("P-001", "P-002", "P-003", "P-004")


@pytest.fixture
def path(tmp_path):
    """A casebook without a passphrase, with four patients."""
    path = tmp_path / "study.theralog"
    with Casebook.create(path) as casebook, casebook.step("Add patients") as step:
        for code in CODES:
            patients.save(step, Patient(code=code))
    return path


@pytest.fixture
def opened(light, qtbot, folder_of_data) -> Iterator:
    """Opens the main window and waits until the casebook is open."""
    name_program()
    QSettings().clear()
    held: list[MainWindow] = []

    def show(path=None, *, demo: bool = False, wait: bool = True) -> MainWindow:
        window = MainWindow()
        held.append(window)
        window.resize(1200, 800)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        window.begin(path, demo=demo)
        if wait and (path or demo):
            qtbot.waitUntil(lambda: window.places is not None, timeout=20_000)
        return window

    yield show
    for window in held:
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def notice(window) -> str:
    bar = window.findChild(NoticeBar)
    return bar.text() if bar else ""


def write_note(window, code: str) -> None:
    patient = patients.with_code(window.session.casebook, code)
    note = Note(patient_id=patient.id, written_on=date(2025, 4, 1), text="Well.")
    window.session.do("Add note", lambda step: notes.save(step, note))


def shown_code(window) -> str:
    patient = patients.find(window.session.casebook, window.places.patients.page.patient_id)
    return patient.code if patient else ""


def of_a_combo_box(widget) -> bool:
    while widget is not None and not isinstance(widget, QComboBox):
        widget = widget.parent()
    return widget is not None


def answer(words: str, messages: list[str]) -> None:
    """Press a button of the next message box, and record its text."""

    def act() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, MessageBox):
            QTimer.singleShot(20, act)
            return
        messages.append(f"{box.accessibleName()} {box.accessibleDescription()}")
        next(b for b in box.findChildren(QPushButton) if b.text() == words).click()

    QTimer.singleShot(20, act)


def test_without_a_casebook_only_usable_actions_are_enabled(opened):
    window = opened()
    assert window.stack.currentWidget() is window.welcome
    assert not any(button.isVisible() for button in window.rail.places.values())
    assert not window.status.isVisible()
    usable = {action.objectName() for action in window.actions_table.usable()}
    assert usable == {
        *("casebook.new", "casebook.open", "casebook.demo", "casebook.restore"),
        *("program.quit", "program.about"),
    }


def test_a_casebook_is_opened_on_its_list(opened, path, qtbot):
    window = opened(path)
    assert window.windowTitle() == "study – Theralog"
    assert window.stack.currentWidget() is window.places.patients
    qtbot.waitUntil(lambda: shown_code(window) == "P-001")
    assert window.places.patients.list.view.hasFocus()
    assert window.status.plain_chip.isVisible()
    assert not window.status.synthetic_chip.isVisible()
    assert preferences.recent_casebooks() == [path]


def test_the_demo_is_marked_as_synthetic_and_not_remembered(opened):
    window = opened(demo=True)
    assert "Synthetic demo data" in window.windowTitle()
    assert window.status.synthetic_chip.isVisible()
    assert len(window.places.patients.list.rows.overviews) == 20
    assert preferences.recent_casebooks() == []


def test_a_file_that_is_no_casebook_is_refused_with_a_message(opened, tmp_path, qtbot):
    foreign = tmp_path / "letter.theralog"
    foreign.write_text("Dear colleague, " * 500)
    messages: list[str] = []
    answer("Close", messages)
    window = opened(foreign, wait=False)
    qtbot.waitUntil(lambda: bool(messages))
    assert "is not a Theralog casebook" in messages[0]
    assert window.stack.currentWidget() is window.welcome


def test_the_welcome_page_lists_recent_casebooks(opened, path, qtbot):
    preferences.remember_casebook(path)
    window = opened()
    line = next(b for b in window.welcome.findChildren(QPushButton) if path.name in b.toolTip())
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.places is not None)
    qtbot.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert window.places is None
    assert window.stack.currentWidget() is window.welcome
    assert not path.with_name(path.name + "-wal").exists()


def test_a_missing_casebook_is_not_listed(opened, path):
    preferences.remember_casebook(path)
    path.unlink()
    assert preferences.recent_casebooks() == []


def test_undo_and_redo_name_the_step_and_open_the_patient(opened, path, qtbot):
    window = opened(path)
    write_note(window, "P-003")
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(window, Qt.Key.Key_Z, control)
    assert notice(window) == "Undone: add note."
    assert shown_code(window) == "P-003"
    qtbot.keyClick(window, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert notice(window) == "Redone: add note."
    assert window.places.patients.page.tabs.tabText(6) == "Notes 1"


def test_a_step_that_cannot_be_undone_is_passed_over_and_the_next_is_offered(opened, path, qtbot):
    window = opened(path)
    casebook = window.session.casebook
    write_note(window, "P-003")
    write_note(window, "P-001")
    (note, *_others) = casebook.rows("select id from note order by id desc")
    with casebook.new_connection(Access.BESIDE) as other, other.step("x", undoable=False) as step:
        step.put("note", {"id": note["id"], "text": "changed elsewhere"})
    casebook.catch_up()
    texts: list[str] = []
    answer("Undo “Add note”", texts)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert texts[0].startswith(
        "“Add note” cannot be undone or redone, because its records were changed later. Nothing"
    )
    assert notice(window) == "Undone: add note."
    assert shown_code(window) == "P-003"


def test_undo_reaches_the_casebook_from_an_empty_search_line(opened, path, qtbot):
    window = opened(path)
    write_note(window, "P-001")
    search = window.places.patients.list.search
    search.setFocus()
    qtbot.keyClick(search, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert notice(window) == "Undone: add note."


def test_going_down_quickly_opens_only_the_last_patient(opened, path, qtbot, monkeypatch):
    window = opened(path)
    asked = []
    original = profile_of_records

    def profile_of(records, today):
        asked.append(records.id)
        return original(records, today)

    monkeypatch.setattr(patient_page, "profile_of", profile_of)
    view = window.places.patients.list.view
    for _ in range(3):
        event_loop_stands_still(view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: shown_code(window) == "P-004")
    assert len(asked) == 1


def event_loop_stands_still(view, key) -> None:
    """Send a key without handling the events that it causes, as when it is held down."""
    from PySide6.QtGui import QKeyEvent

    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(view, QKeyEvent(QEvent.Type.KeyPress, key, none))


def test_keys_open_tabs_search_and_list(opened, path, qtbot):
    window = opened(path)
    page = window.places.patients
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert page.page.tabs.currentIndex() == 2
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert window.stack.currentWidget() is not page
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.stack.currentWidget() is page
    assert page.list.search.hasFocus()


def test_the_palette_finds_patients(opened, path, qtbot):
    window = opened(path)

    def type_in() -> None:
        palette = QApplication.activeModalWidget()
        assert isinstance(palette, Palette)
        qtbot.keyClicks(palette.edit, "p-004")
        qtbot.keyClick(palette.edit, Qt.Key.Key_Return)

    QTimer.singleShot(100, type_in)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert shown_code(window) == "P-004"


def test_a_deletion_of_a_patient_asks_first_and_can_be_undone(opened, path, qtbot):
    window = opened(path)
    view, messages = window.places.patients.list.view, []
    qtbot.waitUntil(lambda: shown_code(window) == "P-001")
    answer("Keep", messages)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert "P-001" in messages[0]
    assert shown_code(window) == "P-001"
    answer("Delete patient", messages)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert [each.code for each in window.places.patients.list.find_matches("")] == list(CODES[1:])
    qtbot.waitUntil(lambda: shown_code(window) == "P-002")
    assert notice(window) == "Patient P-001 was deleted."
    # The offscreen platform gives the keyboard back to nobody when a box closes.
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert shown_code(window) == "P-001"


def test_the_notice_of_a_deletion_restores_the_patient_and_opens_the_page(opened, path, qtbot):
    window = opened(path)
    qtbot.waitUntil(lambda: shown_code(window) == "P-001")
    answer("Delete patient", [])
    qtbot.keyClick(window.places.patients.list.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: shown_code(window) == "P-002")
    window.findChild(NoticeBar).action_button().click()
    qtbot.waitUntil(lambda: shown_code(window) == "P-001")


@pytest.mark.parametrize(
    ("action", "keys", "tab", "card"),
    [
        ("followup.new", "3/4/25<Tab>alive", PatientTab.HISTORY, "follow_ups"),
        ("therapy.new", "<Tab>ssa", PatientTab.HISTORY, "therapies"),
        ("note.new", "Well.", PatientTab.NOTES, None),
        ("cycle.new", "4/4/25<Tab><Tab><Tab><Tab>lu", PatientTab.CYCLES, None),
    ],
)
def test_what_was_saved_is_shown_chosen_and_has_the_keyboard(
    opened, path, qtbot, action, keys, tab, card
):
    window = opened(path)
    qtbot.waitUntil(lambda: shown_code(window) == "P-001")
    window.resize(1100, 700)
    page = window.places.patients.page
    page.open_tab(PatientTab.TOXICITIES)

    def fill(form):
        for part in re.split(r"(<Tab>)", keys):
            widget = form.focusWidget()
            if part == "<Tab>":
                qtbot.keyClick(widget, Qt.Key.Key_Tab)
            else:
                qtbot.keyClicks(widget, part)
        form.accept()

    in_form(Form, fill)
    window.actions_table[action].trigger()
    assert page.tabs.currentIndex() == tab
    shown = page.tab(tab)
    table = (getattr(shown, card) if card else shown.cards[0]).table
    assert table.chosen() is not None
    assert window.focusWidget() is table.view
    assert table.view.selectionModel().hasSelection()
    qtbot.waitUntil(lambda: not table.view.visibleRegion().isEmpty())


def test_a_notice_undoes_what_it_names_or_nothing(opened, path, qtbot):
    window = opened(path)
    window.activateWindow()
    answer("Delete patient", [])
    qtbot.keyClick(window.places.patients.list.view, Qt.Key.Key_Delete)
    assert notice(window) == "Patient P-001 was deleted."
    write_note(window, "P-003")
    window.findChild(NoticeBar).action_button().click()
    assert "since" in notice(window)
    assert window.session.casebook.undo_label == "Add note"
    assert patients.with_code(window.session.casebook, "P-001") is None


def test_a_notice_is_hidden_when_its_casebook_is_closed(opened, path, qtbot):
    window = opened(path)
    window.activateWindow()
    answer("Delete patient", [])
    qtbot.keyClick(window.places.patients.list.view, Qt.Key.Key_Delete)
    assert notice(window)
    window.close_casebook()
    assert notice(window) == ""


def test_no_form_can_be_opened_while_another_casebook_opens(opened, path, qtbot, tmp_path):
    window = opened(path)
    actions = window.actions_table
    letter = tmp_path / "letter.theralog"
    letter.write_text("Dear colleague")
    messages: list[str] = []
    answer("Close", messages)
    assert actions["patient.new"].isEnabled()
    window.open_casebook(letter)
    assert not actions["patient.new"].isEnabled()
    qtbot.waitUntil(lambda: bool(messages), timeout=10_000)
    assert actions["patient.new"].isEnabled()


def test_the_page_that_was_open_last_is_opened_again(opened, path, qtbot):
    window = opened(path)
    third = patients.with_code(window.session.casebook, "P-003")
    window.places.patients.open_patient(third.id)
    window.places.patients.page.open_tab(5)
    window.close()
    window = opened(path)
    qtbot.waitUntil(lambda: shown_code(window) == "P-003")
    assert window.places.patients.page.tabs.currentIndex() == 5


def test_a_casebook_can_be_closed_before_the_chosen_patient_is_shown(opened, path, qtbot):
    window = opened(path)
    qtbot.waitUntil(lambda: shown_code(window) == "P-001")
    closed = []

    def close() -> None:
        event_loop_stands_still(window.places.patients.list.view, Qt.Key.Key_Down)
        window.close_casebook()
        # Inside another loop, such as a dialog's, nothing is deleted yet, but timers go on.
        qtbot.wait(50)
        closed.append(True)

    QTimer.singleShot(0, close)
    qtbot.waitUntil(lambda: bool(closed))
    assert window.stack.currentWidget() is window.welcome


def test_closing_the_window_waits_for_running_work(opened, path):
    window = opened(path)
    began, ended = threading.Event(), threading.Event()

    def work(job) -> None:
        began.set()
        while not job.cancelled:
            pass
        ended.set()

    window.background.run(window, work, lambda _empty_page: None)
    assert began.wait(5)
    window.close()
    assert ended.is_set()
    assert window.session is None
    assert [file.name for file in path.parent.glob("study.*")] == [path.name]


def test_settings_change_the_ctcae_version_and_undo_restores_it(opened, path, qtbot):
    window = opened(path)
    window.places.show("place.settings")
    page = window.stack.currentWidget()
    page.version.set_value("6.0")
    assert window.status._version_and_units.text() == "CTCAE 6.0 · units as recorded"
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.status._version_and_units.text() == "CTCAE 5.0 · units as recorded"
    assert page.version.value() == "5.0"


def test_the_cohort_page_counts_again_after_a_change(opened, path, qtbot):
    window = opened(path)
    window.places.show("place.cohort")
    page = window.stack.currentWidget()
    qtbot.waitUntil(lambda: page.is_filled, timeout=60_000)
    assert page.counts.all_patients == 4
    window.session.do("Add patient", lambda step: patients.save(step, Patient(code="P-005")))
    qtbot.waitUntil(lambda: page.counts.all_patients == 5, timeout=60_000)
    qtbot.waitUntil(lambda: page.is_filled and not window.background.busy(), timeout=60_000)


def test_a_patient_behind_a_number_of_the_cohort_is_opened(opened, path, qtbot):
    window = opened(path)
    window.places.show("place.cohort")
    page = window.stack.currentWidget()
    qtbot.waitUntil(lambda: page.is_filled and not window.background.busy(), timeout=60_000)
    someone = patients.with_code(window.session.casebook, "P-003")
    page.patient_requested.emit(someone.id)
    assert window.stack.currentWidget() is window.places.patients
    assert window.places.patients.page.patient_id == someone.id


def test_what_is_due_is_a_place_from_which_enter_opens_the_patient(opened, path, qtbot):
    window = opened(path)
    someone = patients.with_code(window.session.casebook, "P-003")
    visit = Cycle(patient_id=someone.id, number=1, given_on=date.today() - timedelta(days=20))
    window.session.do("Add cycle", lambda step: cycles.save(step, visit, []))
    chips = window.places.patients.list.chips
    qtbot.waitUntil(lambda: chips[DUE].text() == "Due 1", timeout=20_000)
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.rail.places["place.due"].isChecked()
    table = window.stack.currentWidget().table
    qtbot.waitUntil(lambda: bool(table.records()), timeout=20_000)
    table.view.selectRow(0)
    qtbot.keyClick(table.view, Qt.Key.Key_Return)
    assert window.stack.currentWidget() is window.places.patients
    assert shown_code(window) == "P-003"
    window.session.undo()
    qtbot.waitUntil(lambda: chips[DUE].text() == "Due 0", timeout=20_000)


def test_everything_that_takes_the_keyboard_has_a_name(opened, path):
    window = opened(path)
    for number in range(7):
        window.places.patients.page.open_tab(number)
    window.places.show("place.due")
    window.places.show("place.settings")
    kinds = (QLineEdit, QAbstractItemView, QComboBox, QAbstractButton)
    nameless = [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for kind in kinds
        for widget in window.findChildren(kind)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not of_a_combo_box(widget.parent())
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ":4711"}, False),
        ({"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nowhere"}, False),
        ({"DISPLAY": "elsewhere:10.0"}, True),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux runs without a display.")
def test_a_missing_display_is_detected_before_qt_ends_the_program(
    monkeypatch, capsys, environment, expected
):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert has_display() == expected
    if not expected:
        assert run(None) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_about_names_the_version_of_the_project():
    import tomllib
    from pathlib import Path

    project = Path(__file__).parents[3] / "pyproject.toml"
    assert tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"] == version()


def test_a_file_that_cannot_be_opened_leaves_the_open_casebook_as_it_is(
    opened, qtbot, path, tmp_path
):
    window = opened(path)
    page, casebook = window.stack.currentWidget(), window.session.casebook
    letter = tmp_path / "letter.theralog"
    letter.write_text("Dear colleague")
    messages: list[str] = []
    answer("Close", messages)
    window.open_casebook(letter)
    qtbot.waitUntil(lambda: bool(messages), timeout=10_000)
    assert "not a Theralog casebook" in messages[0]
    assert window.stack.currentWidget() is page
    assert window.session.casebook is casebook
    assert casebook.rows("select count(*) as n from patient")[0]["n"] == len(CODES)


@pytest.mark.parametrize("bit", [0x08, 0x80])
def test_a_patient_with_an_unreadable_date_is_not_shown_but_the_date_is_named(
    opened, path, qtbot, bit
):
    """The journal repeats the date, and stays as it was: only its last copy is in the table."""
    with Casebook(path, None) as casebook, casebook.step("Add result") as step:
        patient = patients.with_code(step, "P-002")
        day = date(2023, 7, 19)
        labs.save(
            step, LabResult(patient_id=patient.id, taken_on=day, analyte="hb", value=Decimal(12))
        )
    content = bytearray(path.read_bytes())
    content[content.rindex(b"2023-07-19") + 5] ^= bit
    path.write_bytes(content)
    window = opened(path)
    page = window.places.patients
    page.open_patient(patients.with_code(window.session.casebook, "P-001").id)
    assert shown_code(window) == "P-001"
    page.open_patient(patient.id)
    assert not page.page.isVisible()
    text = page._no_patient.findChild(QLabel).text()
    assert "-07-19” in “taken_on”" in text.replace("87", "07").replace("\ufffd", "0")
    page.open_patient(patients.with_code(window.session.casebook, "P-003").id)
    assert shown_code(window) == "P-003"
    assert page.page.isVisible()


def test_a_bad_end_is_shown_once_after_the_casebook_was_checked(opened, path, qtbot):
    texts: list[str] = []
    window = opened()
    qtbot.wait(10)
    window.note_bad_end("Segmentation fault")
    answer("Continue", texts)
    window.open_casebook(path)
    qtbot.waitUntil(lambda: bool(texts), timeout=20_000)
    assert texts == [
        "Theralog did not end properly last time. “study” was checked before it opened. No"
        " damaged page was found, and what was saved is in it."
    ]
    window.close_casebook()
    window.open_casebook(path)
    qtbot.waitUntil(lambda: window.places is not None, timeout=20_000)
    qtbot.wait(50)
    assert len(texts) == 1


def test_without_a_casebook_a_bad_end_is_shown_at_the_start(opened, qtbot):
    texts: list[str] = []
    window = opened(wait=False)
    window.note_bad_end("")
    answer("Continue", texts)
    window.begin()
    qtbot.waitUntil(lambda: bool(texts))
    assert texts == [
        "Theralog did not end properly last time. Every casebook is checked before it opens."
    ]


def test_a_tab_that_fails_shows_nothing_of_the_previous_patient(opened, path, qtbot, monkeypatch):
    window = opened(path)
    page = window.places.patients.page
    window.places.patients.open_patient(patients.with_code(window.session.casebook, "P-001").id)
    tab = page.tab(page.tabs.currentIndex())
    assert tab.isVisible()

    def fail(records):
        raise LookupError

    monkeypatch.setattr(tab, "show_patient", fail)
    with qtbot.capture_exceptions() as errors:
        window.places.patients.open_patient(patients.with_code(window.session.casebook, "P-002").id)
    assert [kind for kind, _error, _trace in errors] == [LookupError]
    assert not tab.isVisible()
    assert page.header.isHidden()
