"""From the demo to a publication: filter, number, patients behind it, freeze, export."""

from __future__ import annotations

import csv

import pytest
from PySide6.QtWidgets import QApplication

from gui.widgets.messages import NoticeBar
from model.cohort import freeze
from model.cohort.selection import FilterKind
from tests.journeys.hands import Hands, Steps, expect, type_, until

pytestmark = pytest.mark.journey


def focus():
    return QApplication.focusWidget()


def form():
    return QApplication.activeModalWidget()


def test_a_cohort_is_filtered_read_frozen_and_exported_by_keyboard(
    open_window, qtbot, tmp_path, monkeypatch
):
    for name in ("HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    window = open_window(demo=True)

    def page():
        return window.stack.currentWidget()

    def is_counted() -> bool:
        return page().is_filled and not window.background.busy()

    def notice() -> str:
        bar = window.findChild(NoticeBar)
        return bar.text() if bar else ""

    def go() -> Steps:
        yield from until(lambda: window.places is not None, "the demo is open")
        yield from expect("MainWindow")
        assert not window.actions_table["cohort.filter"].isEnabled()
        yield from type_("<Ctrl+2>")
        yield from until(is_counted, "the cohort is counted")
        assert page().state.text() == "· 20 patients · 41 cycles (9 monotherapy, 32 tandem)"
        # A filter, through the palette.
        yield from type_("<Ctrl+K>add a filter<Enter>")
        yield from expect("FilterForm")
        form().kind.set_value(FilterKind.PRIMARY_SITE)
        form().values.input().setFocus()
        offered = form().values.list
        places = [offered.item(row).text() for row in range(offered.count())]
        yield from type_("<Down>" * places.index("Pancreas") + " ")
        yield from until(lambda: form().reads.text() == "Patients primary site pancreas", "words")
        yield from type_("<Ctrl+Enter>")
        yield from expect("MainWindow")
        yield from until(lambda: is_counted() and page().counts.patients == 15, "15 patients")
        assert page().state.text().startswith("· 15 of 20 patients")
        said = "Patients primary site pancreas; data cut-off 15 Jan 2026; T0 the first cycle."
        assert page().bar.sentence.text() == said
        # A number, and who stands behind it.
        table = page().cards.tables["baseline"].table
        table.setFocus()
        rows = [row.label for row in table.grid_model.sheet.rows]
        table.setCurrentIndex(table.grid_model.index(rows.index("Female"), 1))
        women = table.line_at(table.currentIndex()).n
        yield from type_("<Enter>")
        yield from expect("PatientsDialog")
        assert len(form().table.records()) == women
        first = form().table.records()[0]
        yield from type_("<Enter>")
        yield from expect("MainWindow")
        patients = window.places.patients
        yield from until(lambda: patients.page.patient_id == first.id, "the patient's page")
        assert not window.actions_table["cohort.filter"].isEnabled()
        # Back, freeze what is seen, and export it.
        yield from type_("<Ctrl+2>")
        yield from until(is_counted, "the cohort again")
        yield from type_("<Ctrl+Shift+K>")
        yield from expect("NameForm")
        yield from type_("Paper<Ctrl+Enter>")
        yield from expect("MainWindow")
        yield from until(lambda: notice() == "“Paper” was frozen.", "word of the freezing")
        (kept,) = freeze.load_frozen(window.session.casebook)
        assert kept.is_intact
        yield from until(is_counted, "the comparison")
        yield from type_("<Ctrl+E>")
        yield from expect("ExportDialog")
        form().folder.setText(str(tmp_path / "paper"))
        form().choices.figures.set_value(True)
        yield from type_("<Enter>")
        yield from until(lambda: "files were exported" in notice(), "word of the export")

    Hands().go(go())
    folder = tmp_path / "paper"
    with (folder / "summary.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {(row["section"], row["measure"], row["level"]): row for row in csv.DictReader(file)}
    assert rows["cohort", "patients", ""]["n"] == "15"
    drawn = {path.name for path in (folder / "figures").iterdir()}
    kinds = ("ki67", "spaghetti", "survival", "swimmer", "toxicity", "waterfall")
    assert drawn == {f"figure_{kind}.{end}" for kind in kinds for end in ("csv", "png", "svg")}
