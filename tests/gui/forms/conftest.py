"""What the tests of the forms share: a casebook with a patient, and forms opened on a screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from gui.forms.form import Form
from gui.session.session import Session
from gui.widgets.messages import MessageBox
from model.records import cycles, labs, patients
from model.records.administrations import Administration
from model.records.cycles import Cycle, Treatment
from model.records.labs import LabResult
from model.records.patients import Patient
from model.store.casebook import Casebook

FIRST_CYCLE = date(2025, 3, 10)


@pytest.fixture
def session(light, tmp_path) -> Iterator[Session]:
    """A session over an empty casebook without a passphrase."""
    session = Session(Casebook.create(tmp_path / "test.theralog"))
    yield session
    session.close()


@pytest.fixture
def patient(session) -> Patient:
    """A woman of whom little is recorded."""
    return session.do("Add patient", lambda step: patients.save(step, Patient(code="P-1", sex="F")))


@pytest.fixture
def treatment(session, patient) -> Treatment:
    """The patient's first cycle, in tandem."""
    cycle = Cycle(patient_id=patient.id, number=1, given_on=FIRST_CYCLE, weight_kg=71.5)
    given = [
        Administration(
            number=1, nuclide="225Ac", ligand="DOTA-LM3", unit="MBq", prescribed_mbq=7.0
        ),
        Administration(
            number=2, nuclide="177Lu", ligand="DOTA-LM3", unit="GBq", prescribed_mbq=4000.0
        ),
    ]
    return session.do("Add cycle", lambda step: cycles.save(step, cycle, given))


@pytest.fixture
def results(session, patient) -> list[LabResult]:
    """Two results of one day."""
    made = [
        LabResult(
            patient_id=patient.id,
            taken_on=date(2025, 3, 7),
            analyte=analyte,
            value=Decimal(value),
            unit=unit,
            lln=Decimal(lln),
            uln=Decimal(uln),
        )
        for analyte, value, unit, lln, uln in (
            ("hb", "12.0", "g/dL", "12.0", "16.0"),
            ("plt", "230", "10*9/L", "150", "400"),
        )
    ]
    return session.do("Add labs", lambda step: labs.save_all(step, made))


@pytest.fixture
def opened(qtbot) -> Iterator[Callable[[Form[Any]], Any]]:
    """Shows a form as `ask` does, without waiting for it to be closed."""
    # A form that nobody holds may be swept up while the next one is being made.
    held: list[Form[Any]] = []

    def show(form: Form[Any]) -> Any:
        held.append(form)
        form.show()
        qtbot.waitExposed(form)
        form.activateWindow()
        qtbot.waitUntil(lambda: form.isAncestorOf(QApplication.focusWidget()))
        return form

    yield show
    for form in held:
        form.remember()
        form.close()
        form.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def steps(session) -> list[str]:
    """The labels of the steps that are taken from now on."""
    taken: list[str] = []
    session.changed.connect(lambda change: taken.append(change.label))
    return taken


@pytest.fixture
def answer(qtbot) -> Callable[[str], list[str]]:
    """Presses a button of the box that comes up next; gives the list its question will be in."""

    def press(words: str) -> list[str]:
        asked: list[str] = []

        def act() -> None:
            box = QApplication.activeModalWidget()
            assert isinstance(box, MessageBox)
            asked.append(type(box).__name__)
            button = next(b for b in box.findChildren(QPushButton) if b.text() == words)
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

        QTimer.singleShot(50, act)
        return asked

    return press


@pytest.fixture
def typed(qtbot) -> Callable[..., None]:
    """Types into whatever has the keyboard; names of keys stand in angle brackets: `7<Tab>2`."""
    keys = {
        "Tab": Qt.Key.Key_Tab,
        "Backtab": Qt.Key.Key_Backtab,
        "Enter": Qt.Key.Key_Return,
        "Down": Qt.Key.Key_Down,
        "Up": Qt.Key.Key_Up,
        "Right": Qt.Key.Key_Right,
        "Left": Qt.Key.Key_Left,
        "Del": Qt.Key.Key_Delete,
        "Esc": Qt.Key.Key_Escape,
        "Space": Qt.Key.Key_Space,
    }

    def type_in(text: str) -> None:
        while text:
            widget = QApplication.activePopupWidget() or QApplication.focusWidget()
            key = re.match(r"<([A-Z][a-z]+)>", text)
            name = key[1] if key else ""
            if name == "All":
                qtbot.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            elif name == "Save":
                qtbot.keyClick(widget, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            elif name == "Keep":
                qtbot.keyClick(widget, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
            elif name:
                shift = Qt.KeyboardModifier.ShiftModifier
                plain = Qt.KeyboardModifier.NoModifier
                qtbot.keyClick(widget, keys[name], shift if name == "Backtab" else plain)
            else:
                qtbot.keyClicks(widget, text[0])
            text = text[len(name) + 2 :] if name else text[1:]

    return type_in
