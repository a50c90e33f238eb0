from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from gui.forms.worksheet import WorksheetDialog
from gui.reports import printing
from gui.reports.worksheet_html import worksheet_html
from gui.session.session import Session
from model.documents.worksheet import Worksheet, worksheet_of
from model.records import cycles, patients, whole_patient
from model.records.administrations import Administration
from model.records.cycles import Cycle, Treatment
from model.records.patient_records import load
from model.records.patients import Identity, Patient
from model.store.casebook import Casebook

TODAY = date(2025, 3, 9)
AC = Administration(
    number=1,
    nuclide="225Ac",
    ligand="DOTA-LM3",
    unit="MBq",
    prescribed_mbq=8.0,
    calibrated_mbq=9.0,
    calibrated_at=datetime(2025, 3, 8, 12, 0),
    route="intravenous",
)
LU = Administration(number=2, nuclide="177Lu", ligand="DOTA-LM3", prescribed_mbq=4000.0)


@pytest.fixture
def session(light, tmp_path) -> Iterator[Session]:
    session = Session(Casebook.create(tmp_path / "site <A>.theralog"))
    yield session
    session.close()


@pytest.fixture
def treatment(session) -> Treatment:
    """A tandem cycle that is planned, of a patient whose name would be taken for HTML."""

    def work(step):
        patient = patients.save(step, Patient(code="P-1", sex="F"))
        whole_patient.save_identity(
            step,
            Identity(
                patient_id=patient.id,
                family_name="Doe <b>",
                given_name="Ann",
                record_number="4711",
            ),
        )
        cycle = Cycle(patient_id=patient.id, number=1, given_on=date(2025, 3, 10))
        return cycles.save(step, cycle, [AC, LU])

    return session.do("x", work)


def sheet_of(session, treatment) -> Worksheet:
    return worksheet_of(load(session.casebook, treatment.cycle.patient_id), treatment)


@pytest.fixture
def dialog(session, treatment, qtbot) -> Iterator[WorksheetDialog]:
    made = WorksheetDialog(
        None,
        session,
        sheet_of(session, treatment),
        TODAY,
    )
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()


def test_it_holds_what_is_planned_and_boxes_for_what_is_not_known(dialog):
    text = dialog.document().toPlainText()
    for words in (
        *("P-1", "Doe <b>, Ann", "4711", "Mon 10 March 2025"),
        *("1 · 225Ac-DOTA-LM3", "8 MBq (within 10 %: 7.2–8.8)", "9 MBq at 8 Mar 2025 12:00"),
        "Calibrated 9 MBq at 8 Mar 2025 12:00; T½ 225Ac 10.0 d (ICRP 107); in MBq",
        *("2 · 177Lu-DOTA-LM3", "4 GBq (within 10 %: 3.6–4.4)"),
        "Prescribed 4 GBq: decayed before and after the start; T½ 177Lu 6.647 d (ICRP 107)",
        *("Measured", "Residual", "Start of administration", "End of administration"),
        *("Identity checked against", "Administered by", "none, this is the first"),
    ):
        assert words in text, words


def test_the_name_is_shown_unless_it_is_left_out(dialog, qtbot):
    assert dialog.named.isChecked()
    qtbot.keyClick(dialog.named, Qt.Key.Key_Space)
    text = dialog.document().toPlainText()
    assert "not shown" in text
    for words in ("Doe", "Ann", "4711"):
        assert words not in text


def test_what_is_flagged_in_the_form_is_flagged_on_paper(session, treatment):
    given = replace(AC, administered_mbq=6.0)
    sheet = worksheet_of(
        load(session.casebook, treatment.cycle.patient_id),
        replace(treatment, administrations=(given,)),
    )
    assert "25 % under the prescribed activity" in worksheet_html(sheet, named=False)


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_tandem_cycle_stands_on_one_page(dialog, tmp_path, paper):
    path = tmp_path / "sheet.pdf"
    printing.write_pdf(path, dialog.document(), dialog.head_and_foot(), paper)
    assert path.read_bytes().count(b"/Type /Page\n") == 1


def test_it_is_saved_as_pdf_by_keys(dialog, tmp_path, qtbot, monkeypatch):
    path = tmp_path / "made.pdf"
    offered = []

    def choose(_parent, _title, suggested, _kinds):
        offered.append(suggested)
        return str(path), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    dialog.save_button.setFocus()
    qtbot.keyClick(dialog.save_button, Qt.Key.Key_Space)
    assert path.read_bytes().startswith(b"%PDF")
    assert offered == [str(tmp_path / "worksheet P-1 C1.pdf")]
    assert dialog.isHidden()
    asked = "select after from journal where action = 'Worksheet'"
    (noted,) = dialog._session.casebook.rows(asked)
    assert '"file": "made.pdf"' in noted["after"]
    assert '"identified": true' in noted["after"]


def test_it_stays_open_when_no_file_or_printer_is_chosen(dialog, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_about: ("", ""))
    dialog.save_pdf()
    assert dialog.isVisible()
    monkeypatch.setattr(printing, "print_document", lambda *_about: False)
    dialog.print_sheet()
    assert dialog.isVisible()
    monkeypatch.setattr(printing, "print_document", lambda *_about: True)
    dialog.print_sheet()
    assert dialog.isHidden()


def test_without_a_recorded_name_none_can_be_shown(session, qtbot):
    patient = session.do("x", lambda step: patients.save(step, Patient(code="P-2")))
    planned = Treatment(Cycle(patient_id=patient.id, number=1, given_on=TODAY), (LU,))
    dialog = WorksheetDialog(
        None,
        session,
        sheet_of(session, planned),
        TODAY,
    )
    qtbot.addWidget(dialog)
    assert not dialog.named.isEnabled()
    assert not dialog.named.isChecked()


def test_furniture_says_where_it_is_from(dialog):
    head_and_foot = dialog.head_and_foot()
    assert head_and_foot.title == "Worksheet · P-1 · cycle 1"
    assert head_and_foot.casebook == "site <A>"
    assert head_and_foot.printed_on == TODAY
