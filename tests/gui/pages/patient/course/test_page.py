import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QListWidget, QListWidgetItem, QMenu
from pytestqt.qtbot import QtBot

from gui.forms.date_range import DateRangeForm
from gui.pages.patient.course.menu_buttons import ViewButton
from gui.pages.patient.course.page import CoursePage
from gui.session.background import Background
from gui.session.open_patient import OpenPatient
from gui.session.preferences import USUAL_ANALYTES, chosen_analytes, remember_analytes
from gui.session.session import Session
from gui.style import theme
from model.course import other_patients
from model.dates import PartialDate
from model.grading import proposals
from model.grading.proposals import Proposal
from model.records import cycles, labs, patients, therapies, toxicities, unit_system
from model.records.administrations import Administration
from model.records.cycles import Cycle
from model.records.labs import LabResult
from model.records.patient_records import PatientRecords
from model.records.patients import Patient
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity
from model.records.unit_system import UnitSystem
from model.store.casebook import Casebook
from model.store.settings import SYNTHETIC, save_setting
from model.store.step import Step
from tests.gui.pages.showing import hand_on, show

C1 = date(2023, 7, 31)
TODAY = date(2023, 10, 20)
KEY = Qt.ItemDataRole.UserRole


@pytest.fixture
def session(tmp_path: Path, light: QApplication) -> Iterator[Session]:
    session = Session(Casebook.create(tmp_path / "course.theralog"))
    yield session
    session.close()


@pytest.fixture
def ids(session: Session) -> dict[str, int]:
    """Two patients with records, one with an undated therapy, one without anything."""

    def work(step: Step) -> dict[str, int]:
        saved = {}
        for code in ("P-1", "P-2", "VAGUE", "EMPTY"):
            saved[code] = patients.save(step, Patient(code=code, sex="F")).id or 0
        for code, hb in (("P-1", "12.5"), ("P-2", "7.0")):
            cycles.save(
                step,
                Cycle(patient_id=saved[code], number=1, given_on=C1),
                [Administration(number=1, nuclide="225Ac", unit="MBq", administered_mbq=6.0)],
            )
            save_lab(step, saved[code], date(2023, 8, 14), "hb", hb, "g/dL")
        save_lab(step, saved["P-1"], date(2023, 8, 14), "cga", "1502", "ug/L")
        save_lab(step, saved["P-1"], date(2023, 8, 14), "plt", "150", "G/l")
        save_lab(step, saved["P-1"], date(2023, 8, 28), "plt", "140", "furlongs")
        save_lab(step, saved["P-1"], date(2023, 9, 4), "plt", "130", "furlongs")
        toxicities.save(
            step,
            Toxicity(
                patient_id=saved["P-1"],
                term="Nausea",
                ctcae_version="5.0",
                grade=1,
                onset_on=PartialDate.of(C1),
                resolved_on=C1,
            ),
        )
        therapies.save(
            step,
            Therapy(patient_id=saved["VAGUE"], number=1, category="ssa", description="Lanreotide"),
        )
        return saved

    return session.do("Add patients", work)


def save_lab(step: Step, patient_id: int, on: date, analyte: str, value: str, unit: str) -> None:
    labs.save(
        step,
        LabResult(
            patient_id=patient_id, taken_on=on, analyte=analyte, value=Decimal(value), unit=unit
        ),
    )


@pytest.fixture
def page(
    session: Session, ids: dict[str, int], patient: OpenPatient, background: Background
) -> Iterator[CoursePage]:
    remember_analytes(session.casebook.path, USUAL_ANALYTES)
    session.clock = lambda: TODAY
    page = CoursePage(session, patient, background)
    hand_on(patient, page)
    page.resize(1000, 700)
    page.show()
    yield page
    page.close()
    page.deleteLater()


def read(page: CoursePage) -> str:
    """The text of the cursor at the first visit."""
    assert page.plot is not None
    page.plot.clear_cursor()
    QTest.keyClick(page.plot.view, Qt.Key.Key_Right)
    return page.plot.view.accessibleDescription()


def said(page: CoursePage) -> str:
    """The text shown when nothing is drawn."""
    return page.empty.text() if page.empty.isVisible() else ""


def open_analytes(page: CoursePage) -> QListWidget:
    """Open the list of analytes, as a click on its button does."""
    menu = page.tools.analytes.menu()
    menu.popup(page.mapToGlobal(page.pos()))
    return page.tools.analytes.analytes.list


def tick(page: CoursePage, key: str) -> None:
    """Tick or untick an analyte, as a click does."""
    listed = open_analytes(page)
    item = next(item for item in items(listed) if item.data(KEY) == key)
    listed.scrollToItem(item)
    where = listed.visualItemRect(item).center()
    QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert page.tools.analytes.menu().isVisible()
    page.tools.analytes.menu().close()


def items(listed: QListWidget) -> list[QListWidgetItem]:
    return [listed.item(row) for row in range(listed.count())]


def drawn(page: CoursePage) -> list[str]:
    """The analytes of the panels, from the top."""
    assert page.plot is not None
    return [panel.trend.analyte for panel in page.plot.panels if panel.trend]


def test_a_patient_is_drawn(page: CoursePage, ids: dict[str, int]) -> None:
    page.patient.show_patient(ids["P-1"])
    assert read(page) == (
        "14 Aug 2023 · 14 days since C1; Haemoglobin 12.5 g/dL · nadir day 14 after C1;"
        " Platelets 150 ×10⁹/L · nadir day 14 after C1"
    )


def test_another_patient_replaces_the_first_completely(
    page: CoursePage, ids: dict[str, int]
) -> None:
    page.patient.show_patient(ids["P-1"])
    page.patient.show_patient(ids["P-2"])
    assert read(page) == (
        "14 Aug 2023 · 14 days since C1; Haemoglobin 7.0 g/dL, grade 3"
        " · nadir day 14 after C1, there is no later result"
    )


def test_a_change_is_drawn_and_undone(
    page: CoursePage, ids: dict[str, int], session: Session
) -> None:
    page.patient.show_patient(ids["P-2"])
    session.do(
        "Add result",
        lambda step: save_lab(step, ids["P-2"], date(2023, 8, 7), "plt", "48", "G/l"),
    )
    assert read(page).startswith("7 Aug 2023 · 7 days since C1; Platelets 48 ×10⁹/L, grade 3")
    session.undo()
    assert read(page).startswith("14 Aug 2023")


def test_a_hidden_page_waits_and_is_updated_when_shown(
    page: CoursePage, ids: dict[str, int]
) -> None:
    page.patient.show_patient(ids["P-1"])
    page.hide()
    page.patient.show_patient(ids["P-2"])
    page.show()
    assert "7.0 g/dL" in read(page)


def test_no_patient_shows_no_course(page: CoursePage, ids: dict[str, int]) -> None:
    page.patient.show_patient(ids["P-1"])
    page.patient.show_patient(None)
    assert said(page) == "Choose a patient to see the course."
    assert not page.tools.analytes.isVisible()


def test_a_patient_without_records_is_shown_what_to_do_first(
    page: CoursePage, ids: dict[str, int]
) -> None:
    page.patient.show_patient(ids["EMPTY"])
    assert "Add a cycle or laboratory results" in said(page)


def test_records_without_dates_are_named_if_there_is_no_axis(
    page: CoursePage, ids: dict[str, int]
) -> None:
    page.patient.show_patient(ids["VAGUE"])
    assert "Recorded without dates: Lanreotide." in said(page)


def test_a_note_names_what_cannot_be_drawn(page: CoursePage, ids: dict[str, int]) -> None:
    page.patient.show_patient(ids["P-1"])
    assert page.note.text() == (
        "No baseline of Haemoglobin and Platelets."
        " Limits assumed for Haemoglobin and Platelets: none are recorded."
        " Platelets: 2 results in an unknown unit not drawn. Last result 46 days old."
    )
    assert page.note.toolTip() == page.note.text()
    page.patient.show_patient(ids["EMPTY"])
    assert not page.note.isVisible()


def test_analytes_are_added_and_removed_while_the_menu_stays_open(
    page: CoursePage, ids: dict[str, int]
) -> None:
    page.patient.show_patient(ids["P-1"])
    tick(page, "cga")
    assert "Chromogranin A 1502 µg/L" in read(page)
    tick(page, "hb")
    assert "Haemoglobin" not in read(page)


def test_the_chosen_analytes_are_remembered_per_casebook(
    page: CoursePage,
    ids: dict[str, int],
    session: Session,
    patient: OpenPatient,
    background: Background,
    tmp_path: Path,
) -> None:
    page.patient.show_patient(ids["P-1"])
    tick(page, "crea")
    assert chosen_analytes(session.casebook.path) == ("hb", "plt", "anc", "wbc")
    assert chosen_analytes(tmp_path / "other.theralog") == USUAL_ANALYTES
    again = CoursePage(session, patient, background)
    show(again, ids["P-1"])
    again.show()
    assert again.plot is not None
    assert len(again.plot.panels) == 4
    again.close()
    again.deleteLater()


def test_the_usual_five_can_be_restored(page: CoursePage, ids: dict[str, int]) -> None:
    page.patient.show_patient(ids["P-1"])
    tick(page, "hb")
    open_analytes(page)
    page.tools.analytes.analytes.usual.click()
    page.tools.analytes.menu().close()
    assert drawn(page) == list(USUAL_ANALYTES)


def test_analytes_are_moved_by_keys_and_their_order_is_remembered(
    page: CoursePage, ids: dict[str, int], session: Session
) -> None:
    page.patient.show_patient(ids["P-1"])
    listed = open_analytes(page)
    QTest.keyClick(listed, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert drawn(page) == ["plt", "hb", "anc", "wbc", "crea"]
    QTest.keyClick(listed, Qt.Key.Key_Space)
    assert drawn(page) == ["plt", "anc", "wbc", "crea"]
    QTest.keyClick(listed, Qt.Key.Key_Space)
    assert drawn(page) == ["plt", "anc", "wbc", "crea", "hb"]
    QTest.mouseClick(page.tools.analytes.analytes.up, Qt.MouseButton.LeftButton)
    page.tools.analytes.menu().close()
    assert drawn(page) == ["plt", "anc", "wbc", "hb", "crea"]
    assert chosen_analytes(session.casebook.path) == ("plt", "anc", "wbc", "hb", "crea")


def test_the_tables_contain_what_the_plots_show(page: CoursePage, ids: dict[str, int]) -> None:
    page.patient.show_patient(ids["P-1"])
    QTest.mouseClick(page.tools.table, Qt.MouseButton.LeftButton)
    model = page.tables.events.model
    shown = [[model.index(row, column).data() for column in range(5)] for row in range(2)]
    assert shown == [
        ["31 Jul 2023", "Cycle", "C1", "day of C1", "225Ac, 6 MBq"],
        ["31 Jul 2023", "Toxicity", "Nausea 1", "day of C1", "CTCAE 5.0"],
    ]
    results = [result.trend.value_text(result.point) for result in page.tables.results.records()]
    assert results == ["12.5 g/dL", "150 ×10⁹/L"]
    QTest.mouseClick(page.tools.table, Qt.MouseButton.LeftButton)
    assert page.plot is not None
    assert page.plot.isVisible()


def test_tables_follow_the_patient(page: CoursePage, ids: dict[str, int]) -> None:
    page.patient.show_patient(ids["P-1"])
    page.tools.table.click()
    page.patient.show_patient(ids["P-2"])
    results = [result.trend.value_text(result.point) for result in page.tables.results.records()]
    assert results == ["7.0 g/dL"]


def test_all_that_can_be_used_has_a_name(page: CoursePage, ids: dict[str, int]) -> None:
    page.patient.show_patient(ids["P-1"])
    assert page.plot is not None
    assert all(
        widget.accessibleName()
        for widget in (page.plot.view, page.tables.events.view, page.tables.results.view)
    )
    assert all(
        made.text()
        for made in (page.tools.analytes, page.tools.range, page.tools.view, page.tools.picture)
    )


def test_the_range_menu_shows_all_that_is_recorded(page: CoursePage, ids: dict[str, int]) -> None:
    page.patient.show_patient(ids["P-1"])
    page.tools.range.menu().aboutToShow.emit()
    home, everything = page.tools.range.menu().actions()[:2]
    assert page.plot is not None
    first = page.plot.shown_days()
    page.plot.zoom(0.5)
    everything.trigger()
    wide = page.plot.shown_days()
    assert wide[0] <= first[0]
    assert wide[1] >= first[1]
    home.trigger()
    assert page.plot.shown_days() == first


def test_plots_are_not_loaded_before_there_is_something_to_draw() -> None:
    code = (
        "import gui.pages.patient.course.page, sys;"
        "print([name for name in sys.modules if name.startswith(('pyqtgraph', 'gui.plots'))])"
    )
    root = Path(__file__).parents[5]
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        timeout=300,
    )
    assert done.stdout.strip() == "[]"


def test_the_bands_are_those_of_the_patients_version(
    page: CoursePage, ids: dict[str, int], session: Session
) -> None:
    page.patient.show_patient(ids["P-1"])
    assert page.plot is not None
    platelets = page.plot.panels[USUAL_ANALYTES.index("plt")].frame
    assert [(band.grade, band.low, band.high) for band in platelets.bands][-1] == (4, None, 25)

    def use_6(step: Step) -> None:
        patients.save(step, Patient(id=ids["P-1"], code="P-1", sex="F", ctcae_version="6.0"))

    session.do("Edit patient", use_6)
    assert [(band.grade, band.low, band.high) for band in platelets.bands][-1] == (4, None, 10)


def choose(menu: QMenu, text: str) -> None:
    """Trigger an action of a menu by its text."""
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text().replace("&", "") == text).trigger()


def answer(fill: Callable[[DateRangeForm], None]) -> None:
    """Fill in the form for dates as soon as it is open, and accept it."""

    def look() -> None:
        form = QApplication.activeModalWidget()
        if isinstance(form, DateRangeForm):
            fill(form)
            form.accept()
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(20, look)


def days(page: CoursePage) -> tuple[date, date]:
    assert page.plot is not None
    first, last = page.plot.shown_days()
    return date.fromordinal(round(first)), date.fromordinal(round(last))


def test_a_range_from_a_cycle_begins_with_its_baseline(
    page: CoursePage, ids: dict[str, int], session: Session
) -> None:
    page.patient.show_patient(ids["P-1"])

    def work(step: Step) -> None:
        given = Cycle(patient_id=ids["P-1"], number=2, given_on=date(2023, 9, 25))
        cycles.save(step, given, [])

    session.do("Add cycle", work)
    choose(page.tools.range.menu(), "From C2")
    assert days(page)[0] == date(2023, 9, 18)


def test_the_last_days_end_with_the_last_record(page: CoursePage, ids: dict[str, int]) -> None:
    page.patient.show_patient(ids["P-1"])
    assert page.plot is not None
    page.plot.show_all()
    choose(page.tools.range.menu(), "Last 90 days")
    assert days(page)[1] <= TODAY


def test_any_two_dates_are_typed_as_everywhere(page: CoursePage, ids: dict[str, int]) -> None:
    page.patient.show_patient(ids["P-1"])
    assert page.plot is not None
    page.plot.show_all()

    def fill(form: DateRangeForm) -> None:
        for field, typed in ((form.first, "c1"), (form.last, "c1+28")):
            line: Any = field.input()
            line.setText(typed)

    answer(fill)
    choose(page.tools.range.menu(), "From … to …")
    assert days(page) == (date(2023, 7, 31), date(2023, 8, 28))


def test_dates_the_wrong_way_round_keep_the_form_open(session: Session, page: CoursePage) -> None:
    form = DateRangeForm(page, date(2023, 7, 31), date(2023, 7, 1), TODAY)
    form.accept()
    assert form.last.problem() == "The last date must be after the first."
    assert form.saved() is None
    form.remember()
    form.reject()
    form.deleteLater()


def test_axis_options_are_remembered_per_casebook(
    page: CoursePage, ids: dict[str, int], session: Session, tmp_path: Path
) -> None:
    page.patient.show_patient(ids["P-1"])
    page.tools.view.log.trigger()
    page.tools.view.broken.trigger()
    assert page.plot is not None
    assert page.plot.panels[0].heights.log
    again = ViewButton(session.casebook.path, page)
    assert again.log.isChecked()
    assert again.broken.isChecked()
    assert not ViewButton(tmp_path / "other.theralog", page).log.isChecked()
    page.tools.view.log.trigger()
    page.tools.view.broken.trigger()
    assert not page.plot.panels[0].heights.log


def test_by_cycle_shows_the_other_plot_with_the_same_analytes(
    page: CoursePage, ids: dict[str, int]
) -> None:
    page.patient.show_patient(ids["P-1"])
    page.tools.aligned.click()
    assert page.overlay is not None
    assert page.overlay.isVisible()
    assert len(page.overlay.panels) == len(USUAL_ANALYTES)
    assert not page.tools.range.isEnabled()
    page.patient.show_patient(ids["P-2"])
    assert page.overlay.isVisible()
    page.tools.aligned.click()
    assert "7.0 g/dL" in read(page)


def test_units_of_the_casebook_are_those_of_the_course(
    page: CoursePage, ids: dict[str, int], session: Session
) -> None:
    page.patient.show_patient(ids["P-1"])
    session.do("Use SI units", lambda step: unit_system.save(step, UnitSystem.SI))
    assert "Haemoglobin 125 g/L" in read(page)


def compared(page: CoursePage) -> dict[str, str]:
    """The captions of the curves behind the panels, by analyte."""
    assert page.plot is not None
    return {
        panel.trend.analyte: panel.background.lines.caption
        for panel in page.plot.panels
        if panel.trend and panel.background.lines
    }


def test_another_analyte_is_drawn_behind_with_its_own_range(
    page: CoursePage, ids: dict[str, int]
) -> None:
    page.patient.show_patient(ids["P-1"])
    choose(page.tools.view.compare, "With Chromogranin A")
    assert compared(page)["hb"] == "with Chromogranin A 1502 – 1502 µg/L"
    page.patient.show_patient(ids["P-2"])
    assert compared(page) == {}
    assert page.tools.view.compared == ""


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Holds back queries about other patients until it is set."""
    gate = threading.Event()
    asked = other_patients.load_curves

    def slow(*arguments: Any) -> other_patients.OtherCurves:
        assert gate.wait(10)
        return asked(*arguments)

    monkeypatch.setattr(other_patients, "load_curves", slow)
    yield gate
    gate.set()


def test_the_other_patients_are_drawn_behind_each_analyte(
    page: CoursePage, ids: dict[str, int], qtbot: QtBot
) -> None:
    page.patient.show_patient(ids["P-1"])
    choose(page.tools.view.compare, "With the other patients")
    qtbot.waitUntil(lambda: compared(page).get("hb") == "with 1 other patient")


def test_slow_curves_are_never_drawn_behind_the_next_patient(
    page: CoursePage,
    ids: dict[str, int],
    background: Background,
    held: threading.Event,
    qtbot: QtBot,
) -> None:
    page.patient.show_patient(ids["P-1"])
    choose(page.tools.view.compare, "With the other patients")
    assert background.busy()
    page.patient.show_patient(ids["EMPTY"])
    page.patient.show_patient(ids["P-2"])
    choose(page.tools.view.compare, "With nothing")
    held.set()
    qtbot.waitUntil(lambda: not background.busy())
    assert compared(page) == {}
    assert "7.0 g/dL" in read(page)


def test_slow_proposals_are_never_shown_for_the_next_patient(
    page: CoursePage,
    ids: dict[str, int],
    patient: OpenPatient,
    background: Background,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    gate, asked = threading.Event(), threading.Event()
    made = proposals.propose_grades

    def slow(records: PatientRecords) -> list[Proposal]:
        asked.set()
        assert gate.wait(10)
        return made(records)

    monkeypatch.setattr(proposals, "propose_grades", slow)
    # Haemoglobin 7.0 of the second patient is a proposal; of the first nothing is.
    patient.show_patient(ids["P-2"])
    qtbot.waitUntil(asked.is_set)
    patient.show_patient(ids["EMPTY"])
    gate.set()
    qtbot.waitUntil(lambda: not background.busy())
    assert page.review.cards() == []
    patient.show_patient(ids["P-2"])
    qtbot.waitUntil(lambda: len(page.review.cards()) == 1)


def test_a_picture_of_synthetic_patients_is_marked(
    page: CoursePage,
    session: Session,
    ids: dict[str, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page.patient.show_patient(ids["P-1"])
    session.do("Mark as synthetic", lambda step: save_setting(step, SYNTHETIC, "yes"))
    offered: list[str] = []

    def ask(_parent: object, _title: str, place: str, _filter: str) -> tuple[str, str]:
        offered.append(Path(place).name)
        return (str(tmp_path / "saved.svg"), "")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    _, _, save_svg, *_ = page.tools.picture.menu().actions()
    save_svg.trigger()
    page.tools.aligned.click()
    save_svg.trigger()
    assert offered == ["P-1-course-synthetic.svg", "P-1-by-cycle-synthetic.svg"]
    assert "P-1 · by cycle · synthetic" in (tmp_path / "saved.svg").read_text("utf-8")


@pytest.mark.parametrize("name", ["aligned", "table", "side_button"])
def test_a_checked_button_looks_checked(page: CoursePage, ids: dict[str, int], name: str) -> None:
    page.patient.show_patient(ids["P-1"])
    button = getattr(page.tools, name)
    button.show()
    looks = []
    for is_on in (False, True):
        with QSignalBlocker(button):
            button.setChecked(is_on)
        looks.append(button.grab().toImage().pixelColor(4, button.height() // 2).name())
    assert looks[0] != looks[1] == theme.current().chosen.lower()


def test_everything_entered_from_an_empty_course_on_stays_visible(
    page: CoursePage, session: Session, ids: dict[str, int]
) -> None:
    """The page of a patient without records, filled as by a new user."""
    patient_id = ids["EMPTY"]
    page.patient.show_patient(patient_id)

    def enter(day: date, work: Callable[[Step], object]) -> None:
        session.do("Add", work)
        QApplication.processEvents()
        assert page.plot is not None
        first, last = page.plot.shown_days()
        assert first <= day.toordinal() <= last

    def result(day: date) -> Callable[[Step], object]:
        return lambda step: save_lab(step, patient_id, day, "hb", "11.5", "g/dL")

    def cycle(number: int, day: date) -> Callable[[Step], object]:
        return lambda step: cycles.save(
            step, Cycle(patient_id=patient_id, number=number, given_on=day), []
        )

    enter(date(2023, 7, 20), result(date(2023, 7, 20)))
    enter(C1, cycle(1, C1))
    for day in (date(2023, 8, 14), date(2023, 9, 4)):
        enter(day, result(day))
    enter(date(2023, 9, 25), cycle(2, date(2023, 9, 25)))
    for day in (date(2023, 10, 9), date(2023, 12, 20), date(2024, 3, 23)):
        enter(day, result(day))
    assert page.plot is not None
    page.plot.zoom(0.5)
    chosen = page.plot.shown_days()
    session.do("Add", result(date(2024, 3, 24)))
    assert page.plot.shown_days() == chosen
