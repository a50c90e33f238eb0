"""A step taken from a page asks where a record or a setting was changed since it was shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from gui.session.session import Session
from gui.widgets.messages import MessageBox
from gui.widgets.undo_notice import take_step
from model.records import patients
from model.records.patients import Patient
from model.store import rows, settings
from model.store.casebook import Access, Casebook


@pytest.fixture
def session(light, tmp_path) -> Iterator[Session]:
    session = Session(Casebook.create(tmp_path / "test.theralog"))
    yield session
    session.close()


@pytest.fixture
def other(session) -> Iterator[Casebook]:
    with session.casebook.new_connection(Access.BESIDE) as casebook:
        yield casebook


@pytest.fixture
def patient(session) -> Patient:
    return session.do("Add patient", lambda step: patients.save(step, Patient(code="P-1", sex="F")))


@pytest.fixture
def page(qtbot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def answer(qtbot) -> Callable[[str], list[str]]:
    """Presses Enter in the box that comes up next, after as many Tabs as a button needs."""

    def press(words: str) -> list[str]:
        texts: list[str] = []

        def act() -> None:
            box = QApplication.activeModalWidget()
            if not isinstance(box, MessageBox) or QApplication.focusWidget() is None:
                QTimer.singleShot(20, act)
                return
            texts.extend(each.text() for each in box.findChildren(QLabel))
            for _tab in range(5):
                focused = QApplication.focusWidget()
                if isinstance(focused, QPushButton) and focused.text() == words:
                    break
                qtbot.keyClick(focused, Qt.Key.Key_Tab)
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)

        QTimer.singleShot(20, act)
        return texts

    return press


def delete(page, session, patient) -> bool:
    return take_step(
        page, session, "Delete", lambda step: rows.remove(step, patient), opened=[patient]
    )


def is_there(session, patient) -> bool:
    return patients.find(session.casebook, patient.id) is not None


def change(other, patient) -> None:
    with other.step("Edit elsewhere") as step:
        patients.save(step, replace(patient, primary_site="small_bowel"))


def test_a_record_changed_since_it_was_shown_is_kept_at_first(
    page, session, other, patient, answer
) -> None:
    change(other, patient)
    announced = []
    session.changed.connect(announced.append)
    texts = answer("Keep it")
    assert not delete(page, session, patient)
    assert texts[0] == "This was changed since it was shown here"
    assert "Saved by " in texts[1]
    assert "Primary site: – → Small bowel" in texts[1]
    assert is_there(session, patient)
    assert announced[0].patients == {patient.id}


def test_it_is_deleted_all_the_same(page, session, other, patient, answer) -> None:
    change(other, patient)
    answer("Delete it all the same")
    assert delete(page, session, patient)
    assert not is_there(session, patient)
    session.undo()
    assert patients.find(session.casebook, patient.id).primary_site == "small_bowel"


def test_a_record_deleted_already_takes_no_step(page, session, other, patient, answer) -> None:
    with other.step("Delete elsewhere") as step:
        rows.remove(step, patient)
    texts = answer("Close")
    assert not delete(page, session, patient)
    assert texts[0] == "This patient was deleted in the meantime."


def set_version(page, session, seen) -> bool:
    return take_step(
        page,
        session,
        "Change CTCAE version",
        lambda step: settings.save_setting(step, "ctcae_version", "6.0"),
        seen={"ctcae_version": seen},
    )


def test_a_setting_changed_since_it_was_shown_is_asked_about(page, session, other, answer) -> None:
    assert set_version(page, session, "")
    with other.step("Edit elsewhere") as step:
        settings.save_setting(step, "ctcae_version", "4.03")
    texts = answer("Keep it")
    assert not set_version(page, session, "6.0")
    assert "Value: 6.0 → 4.03" in texts[1]
    assert session.casebook.setting("ctcae_version") == "4.03"
    answer("Save mine all the same")
    assert set_version(page, session, "6.0")
    assert session.casebook.setting("ctcae_version") == "6.0"
