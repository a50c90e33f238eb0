"""Copy paragraph and the report, from a window that responds meanwhile."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication, QProgressDialog, QPushButton, QWidget

from gui.forms.abstract_template import AbstractTemplateForm
from gui.forms.pdf import CohortReportForm
from gui.pages.cohort.paragraph_card import ParagraphCard, edit_paragraph
from gui.pages.cohort.report import ReportJob, save_report
from gui.session.background import Background
from gui.session.session import Session
from gui.widgets.messages import MessageBox, NoticeBar
from model.cohort import frames
from model.cohort.options import DEFAULT_OPTIONS
from model.cohort.paragraph import abstract
from model.cohort.selection import EVERYONE
from model.cohort.tables import count_tables
from model.store.casebook import Casebook
from model.store.settings import save_setting
from tests.gui.pulse import LONGEST, Pulse
from tests.gui.reports.pages import facts_of


@pytest.fixture
def window(light, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    return window


@pytest.fixture
def session(demo_copy):
    session = Session(Casebook.open(demo_copy))
    yield session
    session.close()
    session.deleteLater()
    delete_deferred()


@pytest.fixture
def background():
    background = Background()
    yield background
    background.close()


def delete_deferred() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def press(kind: type, act) -> None:
    """Do something with the dialog that comes up next."""

    def look():
        form = QApplication.activeModalWidget()
        if not isinstance(form, kind):
            QTimer.singleShot(20, look)
            return
        act(form)

    QTimer.singleShot(20, look)


def begun(window, session, background, path) -> ReportJob:
    def save(form):
        form.fields["path"].set_value(str(path))
        form.save_button.click()

    press(CohortReportForm, save)
    job = save_report(window, session, background, EVERYONE, DEFAULT_OPTIONS)
    assert job is not None
    return job


def finished(window, qtbot) -> NoticeBar:
    qtbot.waitUntil(lambda: window.findChild(NoticeBar) is not None, timeout=60_000)
    return window.findChild(NoticeBar)


def test_the_paragraph_is_copied_as_text_and_for_word_processors(window, session):
    known = frames.load(session.casebook)
    paragraph = abstract.paragraph(known, count_tables(known))
    card = ParagraphCard(window)
    card.show_paragraph(paragraph)
    card.copy()
    copied = QApplication.clipboard().mimeData()
    assert copied.text().startswith("Twenty patients received 41 cycles of 225Ac-DOTA-LM3")
    assert "no data cut-off" in copied.text()
    assert "<sup>225</sup>Ac" in copied.html()
    assert "were copied" in window.findChild(NoticeBar).text()


def test_a_report_is_saved_noted_and_can_be_opened(window, session, background, qtbot, tmp_path):
    path = tmp_path / "out.pdf"
    begun(window, session, background, path)
    bar = finished(window, qtbot)
    assert "out.pdf”" in bar.text()
    assert bar.action_button().text() == "Open"
    assert int(facts_of(path.read_bytes())["Pages"]) > 5
    rows = session.casebook.rows("select * from journal where action = 'Cohort report'")
    (detail,) = [json.loads(row["after"]) for row in rows]
    assert detail["codes"] is True
    assert detail["file"] == "out.pdf"
    delete_deferred()
    assert window.findChild(QProgressDialog) is None


def test_the_window_responds_meanwhile(window, session, background, qtbot, tmp_path):
    begun(window, session, background, tmp_path / "out.pdf")
    pulse = Pulse()
    finished(window, qtbot)
    pulse.stop()
    assert len(pulse.work) > 30
    # What this thread itself worked between two turns: the machine may be busy otherwise.
    assert max(pulse.work) < LONGEST


@pytest.mark.parametrize("slices", [0, 3, 12])
def test_a_cancelled_report_leaves_nothing_behind(
    window, session, background, qtbot, tmp_path, monkeypatch, slices
):
    path = tmp_path / "out.pdf"
    job = begun(window, session, background, path)
    shown = []
    show = job.show_progress
    cancel = job.progress.findChild(QPushButton)

    def count(done, total, doing):
        show(done, total, doing)
        shown.append(doing)
        if shown.count("Drawing") >= slices:
            cancel.click()

    monkeypatch.setattr(job, "show_progress", count)
    if slices:
        qtbot.waitUntil(lambda: shown.count("Drawing") >= slices, timeout=60_000)
    else:
        cancel.click()
    qtbot.waitUntil(lambda: not background.busy(), timeout=60_000)
    qtbot.wait(50)
    assert not path.exists()
    assert window.findChild(NoticeBar) is None
    delete_deferred()
    assert window.findChild(QProgressDialog) is None
    assert not session.casebook.rows("select * from journal where action = 'Cohort report'")


def test_a_cancelled_form_makes_nothing(window, session, background):
    press(CohortReportForm, lambda form: form.reject())
    assert save_report(window, session, background, EVERYONE, DEFAULT_OPTIONS) is None


def test_when_another_casebook_is_opened_meanwhile_no_file_is_written(
    window, background, qtbot, demo_copy, tmp_path
):
    session = Session(Casebook.open(demo_copy))
    path = tmp_path / "out.pdf"
    begun(window, session, background, path)
    session.deleteLater()
    delete_deferred()
    qtbot.waitUntil(lambda: not background.busy(), timeout=60_000)
    qtbot.wait(50)
    session.casebook.close()
    assert not path.exists()
    delete_deferred()
    assert window.findChild(QProgressDialog) is None


def test_a_template_that_cannot_be_filled_in_is_named(window, session, background, qtbot, tmp_path):
    with session.casebook.step("Template") as step:
        save_setting(step, abstract.TEMPLATE, "{cicles} were given.")
    shown = []

    def close(box):
        shown.append(f"{box.accessibleName()} {box.accessibleDescription()}")
        box.reject()

    press(MessageBox, close)
    begun(window, session, background, tmp_path / "out.pdf")
    qtbot.waitUntil(lambda: bool(shown), timeout=60_000)
    assert "there is no “cicles”" in shown[0]
    assert not (tmp_path / "out.pdf").exists()
    delete_deferred()


def test_the_template_is_edited_in_a_step_of_the_casebook(window, session):
    def save(form):
        form.template.set_value("{cycles | with unit}.")
        form.save_button.click()

    press(AbstractTemplateForm, save)
    edit_paragraph(window, session, lambda template: template)
    assert abstract.saved_template(session.casebook) == "{cycles | with unit}."
    assert session.casebook.undo_label == "Edit paragraph"
