import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from gui.pages.patient.course.page import CoursePage
from gui.session.background import Background
from gui.session.open_patient import OpenPatient
from gui.session.preferences import USUAL_ANALYTES, remember_analytes
from gui.session.session import Session
from model.course import other_patients
from model.course.other_patients import OtherCurves
from model.records import cycles, labs, patients
from model.records.cycles import Cycle
from model.records.labs import LabResult
from model.records.patients import Patient
from model.store.casebook import Casebook
from model.store.step import Step
from tests.gui.pages.showing import hand_on

C1 = date(2023, 7, 31)
OTHERS = {"P-1": 111.0, "P-2": 222.0, "P-3": 333.0}
"""The one value of platelets of each patient, which distinguishes their curves."""


@pytest.fixture
def session(tmp_path: Path, light: QApplication) -> Iterator[Session]:
    session = Session(Casebook.create(tmp_path / "course.theralog"))
    yield session
    session.close()


@pytest.fixture
def ids(session: Session) -> dict[str, int]:
    def work(step: Step) -> dict[str, int]:
        saved = {}
        for number, (code, value) in enumerate(OTHERS.items()):
            on = C1 + timedelta(days=100 * number)
            saved[code] = patients.save(step, Patient(code=code, sex="F")).id or 0
            cycles.save(step, Cycle(patient_id=saved[code], number=1, given_on=on), [])
            result = LabResult(
                patient_id=saved[code],
                taken_on=on + timedelta(days=14),
                analyte="plt",
                value=Decimal(str(value)),
                unit="10*9/L",
            )
            labs.save(step, result)
        return saved

    return session.do("Add patients", work)


@pytest.fixture
def background(light: QApplication) -> Iterator[Background]:
    background = Background()
    yield background
    background.close()


@pytest.fixture
def page(session: Session, patient: OpenPatient, background: Background) -> Iterator[CoursePage]:
    remember_analytes(session.casebook.path, USUAL_ANALYTES)
    session.clock = lambda: C1
    page = CoursePage(session, patient, background)
    hand_on(patient, page)
    page.resize(1300, 700)
    page.show()
    yield page
    page.close()
    page.deleteLater()


class Slow:
    """Holds back all results about other patients until it is released."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked = threading.Semaphore(0)
        self.let_go = threading.Event()
        quick = other_patients.load_curves

        def curves(*given: Any, **named: Any) -> OtherCurves:
            self.asked.release()
            self.let_go.wait(10)
            return quick(*given, **named)

        monkeypatch.setattr(other_patients, "load_curves", curves)


def compare(page: CoursePage) -> None:
    """Choose to compare with the other patients, as the menu does."""
    actions = page.tools.view.compare.actions()
    next(action for action in actions if action.data() == "patients").trigger()


def drawn_behind(page: CoursePage) -> set[float]:
    """The values drawn behind the platelets."""
    plot = page.overlay if page.tools.aligned.isChecked() else page.plot
    panels = [
        panel for panel in (plot.panels if plot else ()) if panel.background.lines is not None
    ]
    values = [panel.background.lines.values for panel in panels if panel.background.lines]
    return {float(value) for each in values for value in each if np.isfinite(value)}


@pytest.mark.parametrize("aligned", [False, True])
def test_the_other_patients_are_drawn_and_not_the_one_shown(
    page: CoursePage, ids: dict[str, int], background: Background, qtbot, aligned: bool
) -> None:
    page.patient.show_patient(ids["P-1"])
    page.tools.aligned.setChecked(aligned)
    compare(page)
    qtbot.waitUntil(lambda: drawn_behind(page) == {222, 333})


@pytest.mark.parametrize("aligned", [False, True])
def test_a_slow_result_is_not_drawn_for_the_next_patient(
    page: CoursePage,
    ids: dict[str, int],
    background: Background,
    qtbot,
    monkeypatch: pytest.MonkeyPatch,
    aligned: bool,
) -> None:
    slow = Slow(monkeypatch)
    seen: list[set[float]] = []
    page._comparison.curves_ready.connect(lambda _: seen.append(drawn_behind(page)))
    page.tools.aligned.setChecked(aligned)
    page.patient.show_patient(ids["P-1"])
    compare(page)
    assert slow.asked.acquire(timeout=5)
    page.patient.show_patient(ids["P-2"])
    assert drawn_behind(page) == set()
    slow.let_go.set()
    qtbot.waitUntil(lambda: drawn_behind(page) == {111, 333})
    qtbot.waitUntil(lambda: not background.busy())
    # What was asked for the first patient would show the second behind their own curve.
    assert all(222 not in values for values in seen)


def test_a_result_is_not_drawn_without_a_patient(
    page: CoursePage,
    ids: dict[str, int],
    background: Background,
    qtbot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = Slow(monkeypatch)
    page.patient.show_patient(ids["P-1"])
    compare(page)
    assert slow.asked.acquire(timeout=5)
    page.patient.show_patient(None)
    slow.let_go.set()
    qtbot.waitUntil(lambda: not background.busy())
    assert drawn_behind(page) == set()


def save_result(
    session: Session, patient_id: int, value: str, analyte: str = "plt", unit: str = "10*9/L"
) -> None:
    result = LabResult(
        patient_id=patient_id,
        taken_on=C1 + timedelta(days=130),
        analyte=analyte,
        value=Decimal(value),
        unit=unit,
    )
    session.do("Add result", lambda step: labs.save(step, result))


def test_a_new_result_of_another_patient_is_drawn(
    page: CoursePage, session: Session, ids: dict[str, int], background: Background, qtbot
) -> None:
    page.patient.show_patient(ids["P-1"])
    compare(page)
    qtbot.waitUntil(lambda: drawn_behind(page) == {222, 333})
    save_result(session, ids["P-2"], "77")
    # Until the answer is there, what was known stays.
    assert drawn_behind(page) == {222, 333}
    qtbot.waitUntil(lambda: drawn_behind(page) == {222, 333, 77})
    session.undo()
    qtbot.waitUntil(lambda: drawn_behind(page) == {222, 333})


def test_while_hidden_the_curves_wait_until_the_page_is_shown(
    page: CoursePage, session: Session, ids: dict[str, int], background: Background, qtbot
) -> None:
    page.patient.show_patient(ids["P-1"])
    compare(page)
    qtbot.waitUntil(lambda: drawn_behind(page) == {222, 333})
    page.hide()
    save_result(session, ids["P-3"], "55")
    assert not background.busy()
    page.show()
    qtbot.waitUntil(lambda: drawn_behind(page) == {222, 333, 55})


def test_tables_query_no_other_patients(
    page: CoursePage, session: Session, ids: dict[str, int], background: Background, qtbot
) -> None:
    page.patient.show_patient(ids["P-1"])
    compare(page)
    qtbot.waitUntil(lambda: drawn_behind(page) == {222, 333})
    page.tools.table.setChecked(True)
    page.patient.show_patient(ids["P-2"])
    save_result(session, ids["P-3"], "55")
    assert not background.busy()
    assert drawn_behind(page) == set()
    page.tools.table.setChecked(False)
    qtbot.waitUntil(lambda: drawn_behind(page) == {111, 333, 55})


def test_measured_values_of_others_are_never_drawn_behind_derived_ones(
    page: CoursePage, session: Session, ids: dict[str, int], background: Background, qtbot
) -> None:
    def work(step: Step) -> None:
        patients.save(
            step,
            replace(patients.find(session.casebook, ids["P-1"]), age_at_index=58, index_on=C1),
        )

    session.do("Say the age", work)
    save_result(session, ids["P-1"], "1.0", "crea", "mg/dL")
    save_result(session, ids["P-2"], "44", "egfr", "mL/min/{1.73_m2}")
    page.tools.analytes.chosen_changed.emit(("egfr", "plt"))
    page.patient.show_patient(ids["P-1"])
    compare(page)
    qtbot.waitUntil(lambda: drawn_behind(page) == {222, 333})
    assert page.plot is not None
    panel = page.plot.panels[0]
    assert panel.trend is not None
    assert panel.trend.formula
    assert panel.background.lines is not None
    assert panel.background.lines.caption == "others: not derived"
