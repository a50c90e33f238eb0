"""Cohort report as PDF…: what is asked, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from gui.forms.pdf import CohortReportForm
from model.cohort.selection import EVERYONE, Selection
from model.errors import InvalidRecord


@pytest.fixture
def make(light, qtbot, tmp_path):
    def made(selection: Selection = EVERYONE) -> CohortReportForm:
        form = CohortReportForm(None, selection, tmp_path / "study.theralog")
        qtbot.addWidget(form, before_close_func=CohortReportForm.remember)
        form.show()
        return form

    return made


def test_a_report_with_codes_beside_the_casebook_is_suggested(make, tmp_path):
    wish = make().save()
    assert wish.path == tmp_path / "Cohort report.pdf"
    assert wish.page == "A4"
    assert wish.with_codes


def test_a_saved_selection_names_the_file(make, tmp_path):
    selection = Selection(name="225Ac/tandem", cut_off=date(2026, 6, 20))
    assert make(selection).save().path == tmp_path / "225Ac-tandem report.pdf"


def test_study_codes_can_be_left_out_and_the_form_says_what_remains(make):
    form = make()
    assert "by study code" in form._words.text()
    form.with_codes.set_value(False)
    assert not form.save().with_codes
    assert "number the patients" in form._words.text()


def test_a_file_that_is_there_is_not_written_over_unasked(make, tmp_path, monkeypatch):
    taken = tmp_path / "taken.pdf"
    taken.write_text("mine")
    form = make()
    form.fields["path"].set_value("taken")
    with pytest.raises(InvalidRecord, match="already"):
        form.save()
    # Browsing to it asks whether it may be replaced.
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(taken), ""))
    form.file._browse()
    assert form.save().path == taken


def test_a_folder_that_is_not_there_is_named(make):
    form = make()
    form.fields["path"].set_value(str(Path("nowhere") / "one.pdf"))
    with pytest.raises(InvalidRecord, match="nowhere"):
        form.save()
