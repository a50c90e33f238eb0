import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.background import Background
from gui.pages.patient.chosen_analytes import DEFAULT, chosen_for, remember
from gui.pages.patient.course import CoursePage
from gui.review import Review
from gui.session import Session
from model import cycles, labs, patients, therapies, toxicities
from model.casebook import Casebook
from model.cycles import Administration, Cycle
from model.labs import LabResult
from model.patients import Patient
from model.step import Step
from model.therapies import Therapy
from model.toxicities import Toxicity

C1 = date(2023, 7, 31)


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
                onset_on=C1,
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
def review(session: Session, light: QApplication) -> Iterator[Review]:
    background = Background()
    review = Review(session, background)
    yield review
    review.leave()
    background.close()


@pytest.fixture
def page(session: Session, ids: dict[str, int], review: Review) -> Iterator[CoursePage]:
    remember(session.casebook.path, DEFAULT)
    page = CoursePage(session, review)
    page.resize(1000, 700)
    page.show()
    yield page
    page.close()
    page.deleteLater()


def read(page: CoursePage) -> str:
    """What the cursor reads at the first visit."""
    assert page.plot is not None
    page.plot.clear_cursor()
    QTest.keyClick(page.plot.view, Qt.Key.Key_Right)
    return page.plot.view.accessibleDescription()


def said(page: CoursePage) -> str:
    """What stands there when nothing is drawn."""
    return page.nothing.text() if page.nothing.isVisible() else ""


def tick(page: CoursePage, key: str) -> None:
    """Tick or untick an analyte in its menu, as a click does."""
    menu = page.analytes_button.menu()
    menu.popup(page.mapToGlobal(page.pos()))
    action = next(action for action in menu.actions() if action.data() == key)
    QTest.mouseMove(menu, menu.actionGeometry(action).center())
    menu.setActiveAction(action)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    assert menu.isVisible()
    menu.close()


def test_a_patient_is_drawn(page: CoursePage, ids: dict[str, int]) -> None:
    page.show_patient(ids["P-1"])
    assert read(page) == (
        "14 Aug 2023 · 14 days since C1; Haemoglobin 12.5 g/dL; Platelets 150 ×10⁹/L"
    )


def test_another_patient_replaces_the_first_wholly(page: CoursePage, ids: dict[str, int]) -> None:
    page.show_patient(ids["P-1"])
    page.show_patient(ids["P-2"])
    assert read(page) == "14 Aug 2023 · 14 days since C1; Haemoglobin 7.0 g/dL"


def test_a_change_is_drawn_and_undone(
    page: CoursePage, ids: dict[str, int], session: Session
) -> None:
    page.show_patient(ids["P-2"])
    session.do(
        "Add result",
        lambda step: save_lab(step, ids["P-2"], date(2023, 8, 7), "plt", "48", "G/l"),
    )
    assert read(page) == "7 Aug 2023 · 7 days since C1; Platelets 48 ×10⁹/L"
    session.undo()
    assert read(page).startswith("14 Aug 2023")


def test_out_of_sight_it_waits_and_catches_up(page: CoursePage, ids: dict[str, int]) -> None:
    page.show_patient(ids["P-1"])
    page.hide()
    page.show_patient(ids["P-2"])
    page.show()
    assert "7.0 g/dL" in read(page)


def test_no_patient_shows_no_course(page: CoursePage, ids: dict[str, int]) -> None:
    page.show_patient(ids["P-1"])
    page.show_patient(None)
    assert said(page) == "Choose a patient to see the course."
    assert not page.analytes_button.isVisible()


def test_an_empty_patient_is_told_what_to_do_first(page: CoursePage, ids: dict[str, int]) -> None:
    page.show_patient(ids["EMPTY"])
    assert "Add a cycle or laboratory results" in said(page)


def test_what_has_no_date_is_named_where_there_is_no_axis(
    page: CoursePage, ids: dict[str, int]
) -> None:
    page.show_patient(ids["VAGUE"])
    assert "Recorded without dates: Lanreotide." in said(page)


def test_what_cannot_be_drawn_is_said(page: CoursePage, ids: dict[str, int]) -> None:
    page.show_patient(ids["P-1"])
    assert "Platelets: 2 results in an unknown unit are not drawn." in page.note.text()
    assert "Haemoglobin: limits assumed, as none are recorded." in page.note.text()
    page.show_patient(ids["EMPTY"])
    assert not page.note.isVisible()


def test_an_analyte_is_added_and_taken_away_while_the_menu_stays_open(
    page: CoursePage, ids: dict[str, int]
) -> None:
    page.show_patient(ids["P-1"])
    tick(page, "cga")
    assert "Chromogranin A 1502 µg/L" in read(page)
    tick(page, "hb")
    assert "Haemoglobin" not in read(page)


def test_the_choice_is_kept_for_its_casebook_only(
    page: CoursePage, ids: dict[str, int], session: Session, review: Review, tmp_path: Path
) -> None:
    page.show_patient(ids["P-1"])
    tick(page, "crea")
    assert chosen_for(session.casebook.path) == ("hb", "plt", "anc", "wbc")
    assert chosen_for(tmp_path / "other.theralog") == DEFAULT
    again = CoursePage(session, review)
    again.show_patient(ids["P-1"])
    again.show()
    assert again.plot is not None
    assert len(again.plot.panels) == 4
    again.close()
    again.deleteLater()


def test_the_usual_five_come_back(page: CoursePage, ids: dict[str, int]) -> None:
    page.show_patient(ids["P-1"])
    tick(page, "hb")
    page.analytes_button.menu().actions()[-1].trigger()
    assert page.plot is not None
    assert [panel.trend.analyte for panel in page.plot.panels if panel.trend] == list(DEFAULT)


def test_the_tables_hold_what_the_plots_show(page: CoursePage, ids: dict[str, int]) -> None:
    page.show_patient(ids["P-1"])
    QTest.mouseClick(page.table_button, Qt.MouseButton.LeftButton)
    model = page.tables.events.model
    shown = [[model.index(row, column).data() for column in range(5)] for row in range(2)]
    assert shown == [
        ["31 Jul 2023", "Cycle", "C1", "day of C1", "225Ac, 6 MBq"],
        ["31 Jul 2023", "Toxicity", "Nausea 1", "day of C1", "CTCAE 5.0"],
    ]
    results = [result.trend.value_text(result.point) for result in page.tables.results.records()]
    assert results == ["12.5 g/dL", "150 ×10⁹/L"]
    QTest.mouseClick(page.table_button, Qt.MouseButton.LeftButton)
    assert page.plot is not None
    assert page.plot.isVisible()


def test_tables_follow_the_patient(page: CoursePage, ids: dict[str, int]) -> None:
    page.show_patient(ids["P-1"])
    page.table_button.click()
    page.show_patient(ids["P-2"])
    results = [result.trend.value_text(result.point) for result in page.tables.results.records()]
    assert results == ["7.0 g/dL"]


def test_all_that_can_be_used_has_a_name(page: CoursePage, ids: dict[str, int]) -> None:
    page.show_patient(ids["P-1"])
    assert page.plot is not None
    assert all(
        widget.accessibleName()
        for widget in (page.plot.view, page.tables.events.view, page.tables.results.view)
    )
    assert all(made.text() for made in (page.analytes_button, page.range_button))


def test_the_range_menu_shows_all_that_is_recorded(page: CoursePage, ids: dict[str, int]) -> None:
    page.show_patient(ids["P-1"])
    home, everything = page.range_button.menu().actions()
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
        "import gui.pages.patient.course, sys;"
        "print([name for name in sys.modules if name.startswith(('pyqtgraph', 'gui.plots'))])"
    )
    root = Path(__file__).parents[2]
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
    page.show_patient(ids["P-1"])
    assert page.plot is not None
    platelets = page.plot.panels[DEFAULT.index("plt")].frame
    assert [(band.grade, band.low, band.high) for band in platelets.bands][-1] == (4, None, 25)

    def use_6(step: Step) -> None:
        patients.save(step, Patient(id=ids["P-1"], code="P-1", sex="F", ctcae_version="6.0"))

    session.do("Edit patient", use_6)
    assert [(band.grade, band.low, band.high) for band in platelets.bands][-1] == (4, None, 10)
