"""Pictures are saved off the GUI thread: completely, for the right patient, and undoable."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QObject, Qt, QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QPushButton

from gui.forms.key_image import KeyImageForm
from gui.pages.patient.imaging import intake
from gui.pages.patient.imaging.page import ImagingPage
from gui.plots.images.decoder import prepare
from gui.plots.images.image_pixels import png
from gui.session.background import Job
from gui.session.session import Session
from gui.widgets.messages import MessageBox, NoticeBar
from model.errors import KnownError
from model.imaging.picture import picture_of
from model.records import assessments, checks, images, kinds
from model.records.assessments import Assessment
from model.records.images import KeyImage
from model.store.casebook import Access, Casebook
from tests.gui.pages.showing import show

DAY, OTHER_DAY = date(2025, 3, 5), date(2025, 5, 12)


def picture(grey: int) -> bytes:
    made = QImage(40, 60, QImage.Format.Format_Grayscale8)
    made.fill(QColor(grey, grey, grey))
    made.setPixelColor(3, 3, QColor(0, 0, 0))
    return png(made)


@pytest.fixture
def page(session, background, shown, qtbot):
    made = shown(ImagingPage(session, background))
    session.changed.connect(lambda _change: show(made, made.records.id if made.records else None))
    yield made
    qtbot.waitUntil(lambda: not background.busy())


@pytest.fixture
def gate(monkeypatch):
    """Holds the worker that saves pictures until it is opened."""
    held: Any = threading.Event()
    held.entered, held.threads = threading.Event(), []
    whole = images.add

    def add(*about, **named):
        held.threads.append(threading.current_thread())
        held.entered.set()
        assert held.wait(10)
        return whole(*about, **named)

    monkeypatch.setattr(images, "add", add)
    yield held
    held.set()


def with_form(act) -> None:
    """Act on the next form that opens."""

    def look() -> None:
        form = QApplication.activeModalWidget()
        if isinstance(form, KeyImageForm):
            act(form)
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(20, look)


def written(folder, *greys):
    paths = [folder / f"{grey}.png" for grey in greys]
    for path, grey in zip(paths, greys, strict=True):
        path.write_bytes(picture(grey))
    return paths


def saved_on(form) -> None:
    form.taken_on.set_value(DAY)
    form.accept()


def test_saving_runs_on_a_worker_thread_while_the_form_is_busy(
    page, ann, session, tmp_path, qtbot, gate
):
    seen = []

    def act(form):
        saved_on(form)
        qtbot.waitUntil(gate.entered.is_set)
        seen.append((form.is_busy(), form.isVisible(), form.save_button.isEnabled()))
        form.accept()
        gate.set()

    show(page, ann.id)
    with_form(act)
    page.images.add_files(written(tmp_path, 90))
    qtbot.waitUntil(lambda: len(page.images.strip.thumbnails.items) == 1)
    assert seen == [(True, True, False)]
    assert gate.threads != [threading.main_thread()]
    assert len(gate.threads) == 1
    assert session.casebook.undo_label == "Add key image"


def test_pictures_go_to_the_patient_they_were_dropped_on(
    page, ann, bob, session, tmp_path, qtbot, gate
):
    def act(form):
        saved_on(form)
        qtbot.waitUntil(gate.entered.is_set)
        show(page, bob.id)
        gate.set()

    show(page, ann.id)
    with_form(act)
    page.images.add_files(written(tmp_path, 90))
    qtbot.waitUntil(lambda: bool(kinds.of_patient(session.casebook, KeyImage, ann.id)))
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert kinds.of_patient(session.casebook, KeyImage, bob.id) == []
    assert page.images.strip.thumbnails.items == []


def test_escape_while_saving_adds_no_picture(page, ann, session, tmp_path, qtbot, gate):
    said = []

    def act(form):
        saved_on(form)
        qtbot.waitUntil(gate.entered.is_set)
        qtbot.keyClick(form, Qt.Key.Key_Escape)
        gate.set()
        qtbot.waitUntil(lambda: not form.is_busy())
        said.append((form.problem(), form.taken_on.value(), form.taken_on.isEnabled()))
        form.remember()
        form.reject()

    show(page, ann.id)
    with_form(act)
    page.images.add_files(written(tmp_path, 90, 120))
    qtbot.waitUntil(lambda: bool(said))
    assert said == [("Stopped. Nothing was added.", DAY, True)]
    assert session.casebook.rows("select count(*) as n from image_data") == [{"n": 0}]
    assert session.casebook.undo_label == "Add patients"


def test_a_refusal_keeps_the_form_open_with_what_was_entered(page, bob, session, tmp_path, qtbot):
    said = []

    def act(form):
        form.taken_on.set_value(date(2025, 5, 20))
        form.accept()
        qtbot.waitUntil(lambda: not form.is_busy())
        said.append(form.taken_on.problem())
        form.remember()
        form.reject()

    show(page, bob.id)
    with_form(act)
    page.images.add_files(written(tmp_path, 90))
    qtbot.waitUntil(lambda: bool(said))
    assert "died" in said[0]
    assert images.count(session.casebook) == 0


def test_many_pictures_are_one_step_undone_and_redone_whole(page, ann, session, tmp_path, qtbot):
    paths = written(tmp_path, *range(60, 90))
    paths[7].write_bytes(b"%PDF-1.7")
    messages = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, MessageBox):
            messages.append(box.accessibleDescription() + box.accessibleName())
            box.findChildren(QPushButton)[-1].click()
        else:
            QTimer.singleShot(20, answer)

    show(page, ann.id)
    QTimer.singleShot(20, answer)
    with_form(saved_on)
    page.images.add_files(paths)
    qtbot.waitUntil(lambda: len(page.images.strip.thumbnails.items) == 29)
    assert "67.png" in messages[0]
    whole = kinds.of_patient(session.casebook, KeyImage, ann.id)
    session.undo()
    assert page.images.strip.thumbnails.items == []
    session.redo()
    assert kinds.of_patient(session.casebook, KeyImage, ann.id) == whole
    assert checks.check(session.casebook) == []


def test_a_step_made_while_saving_and_the_pictures_are_both_undone(
    page, ann, session, background, qtbot, gate
):
    """As undo is from the journal, the stacks after reopening are those of the session."""
    new, _ = prepare(picture(90))
    kept, owner = [], QObject()
    session.do_aside(
        background,
        owner,
        "Add key image",
        lambda step, _job: images.add(step, ann.id, new, taken_on=DAY),
        kept.append,
        kept.append,
    )
    qtbot.waitUntil(gate.entered.is_set)
    assert images.count(session.casebook) == 0
    gate.set()
    qtbot.waitUntil(lambda: bool(kept))
    session.do("Edit key image", lambda step: images.save(step, replace(kept[0], caption="Liver")))
    assert session.undo().label == "Edit key image"
    assert session.undo().label == "Add key image"
    with session.casebook.new_connection(Access.BESIDE) as own:
        assert (own.undo_label, own.redo_label) == (
            session.casebook.undo_label,
            session.casebook.redo_label,
        )


def test_closing_the_casebook_while_saving_keeps_the_step_complete(
    session, ann, background, tmp_path, qtbot, gate
):
    calls, owner = [], QObject()
    new, _ = prepare(picture(90))
    other = Session(session.casebook.new_connection(Access.BESIDE))
    other.changed.connect(calls.append)
    other.do_aside(
        background,
        owner,
        "Add key image",
        lambda step, _job: images.add(step, ann.id, new, taken_on=DAY),
        calls.append,
        calls.append,
    )
    qtbot.waitUntil(gate.entered.is_set)
    gate.set()
    other.close()
    qtbot.waitUntil(lambda: not background.busy())
    assert calls == []
    with Casebook.open(tmp_path / "test.theralog", access=Access.READ) as again:
        assert images.count(again) == 1
        assert checks.check(again) == []


def test_quitting_while_saving_loses_the_step_completely(session, ann, background, qtbot, gate):
    calls, owner = [], QObject()
    new, _ = prepare(picture(90))
    session.do_aside(
        background,
        owner,
        "Add key image",
        lambda step, _job: images.add(step, ann.id, new, taken_on=DAY),
        calls.append,
        calls.append,
    )
    qtbot.waitUntil(gate.entered.is_set)
    threading.Timer(0.2, gate.set).start()
    background.close()
    assert session.casebook.rows("select count(*) as n from image_data") == [{"n": 0}]
    assert calls == []


def test_a_second_drop_while_one_is_read_is_refused_with_a_notice(
    page, ann, session, tmp_path, qtbot, monkeypatch
):
    held, entered = threading.Event(), threading.Event()
    whole = prepare

    def slow(content):
        entered.set()
        assert held.wait(10)
        return whole(content)

    monkeypatch.setattr(intake, "prepare", slow)
    one, other = written(tmp_path, 90, 120)
    show(page, ann.id)
    with_form(saved_on)
    page.images.add_files([one])
    qtbot.waitUntil(entered.is_set)
    page.images.add_files([other])
    assert "still being read" in page.window().findChild(NoticeBar).text()
    held.set()
    qtbot.waitUntil(lambda: len(page.images.strip.thumbnails.items) == 1)
    found = kinds.of_patient(session.casebook, KeyImage, ann.id)[0]
    assert images.content(session.casebook, found.image_data_id) == picture(90)


def test_files_of_different_dates_get_no_wrong_date(page, ann, tmp_path, qtbot, monkeypatch):
    days = iter((DAY, OTHER_DAY))

    def dated(content):
        new, found = prepare(content)
        return new, picture_of(found.values, taken_on=next(days))

    monkeypatch.setattr(intake, "prepare", dated)
    seen = []

    def act(form):
        said = [label.text() for label in form.findChildren(type(form._problem))]
        seen.append((form.taken_on.value(), [each for each in said if "different dates" in each]))
        form.reject()

    show(page, ann.id)
    with_form(act)
    page.images.add_files(written(tmp_path, 90, 120))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] is None
    assert "5 Mar 2025, 12 May 2025" in seen[0][1][0]


def test_pasting_text_shows_that_it_is_no_picture(page, ann):
    mime = QMimeData()
    mime.setText("NET G3, Ki-67 34 %")
    QApplication.clipboard().setMimeData(mime)
    show(page, ann.id)
    page.images.paste()
    assert "no picture to paste" in page.window().findChild(NoticeBar).text()


def test_a_folder_and_an_empty_file_cause_one_sentence_each(tmp_path):
    (tmp_path / "scans").mkdir()
    (tmp_path / "empty.png").write_bytes(b"")
    job = Job(lambda _done, _total, _doing: None)
    taken = intake.read_files(job, [tmp_path / "scans", tmp_path / "empty.png"])
    assert ["not a file" in taken.problems[0], "0 bytes" in taken.problems[1]] == [True, True]


def test_a_background_step_that_fails_writes_nothing_and_is_reported(
    session, ann, background, qtbot
):
    new, _ = prepare(picture(90))
    failed, owner = [], QObject()

    def work(step, _job):
        images.add(step, ann.id, new, taken_on=DAY)
        raise KnownError("No more room.")

    session.do_aside(background, owner, "Add key image", work, failed.append, failed.append)
    qtbot.waitUntil(lambda: bool(failed))
    assert str(failed[0]) == "No more room."
    assert session.casebook.rows("select count(*) as n from image_data") == [{"n": 0}]


@pytest.fixture
def scan(session, ann):
    """An assessment of a day."""
    made = Assessment(patient_id=ann.id, assessed_on=OTHER_DAY, timepoint="baseline")
    return session.do("Add assessment", lambda step: assessments.save(step, made))


def test_a_picture_gets_no_date_of_an_assessment_that_nobody_chose(
    page, ann, scan, tmp_path, qtbot
):
    seen = []

    def act(form):
        seen.append((form.taken_on.value(), form.assessment.value()))
        form.remember()
        form.reject()

    show(page, ann.id)
    page.images.add_button.setFocus()
    page.cards[0].table.view.setFocus()
    with_form(act)
    page.images.add_files(written(tmp_path, 90))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(None, None)]


def test_another_date_removes_the_suggested_assessment(page, ann, scan, tmp_path, qtbot):
    seen = []

    def act(form):
        seen.append((form.taken_on.value(), form.assessment.value(), form._day_source.isVisible()))
        form.taken_on.set_value(DAY)
        seen.append((form.taken_on.value(), form.assessment.value(), form._day_source.isVisible()))
        form.remember()
        form.reject()

    show(page, ann.id)
    page.cards[0].table.choose(scan.id)
    with_form(act)
    page.images.add_files(written(tmp_path, 90))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == [(OTHER_DAY, scan.id, True), (DAY, None, False)]


def test_the_message_about_many_wrong_files_fits_on_the_screen(page, ann, tmp_path, qtbot):
    paths = written(tmp_path, *range(60, 90))
    for path in paths:
        path.write_bytes(b"%PDF-1.7")
    messages = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, MessageBox):
            messages.append((box.accessibleDescription() + box.accessibleName(), box.height()))
            box.findChildren(QPushButton)[-1].click()
        else:
            QTimer.singleShot(20, answer)

    show(page, ann.id)
    QTimer.singleShot(20, answer)
    page.images.add_files(paths)
    qtbot.waitUntil(lambda: bool(messages))
    assert "And 22 more files." in messages[0][0]
    assert messages[0][1] < 640
