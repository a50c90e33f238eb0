"""The first patient: from an empty screen to a CSV file, by keys and clicks."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from gui.widgets.messages import NoticeBar
from model.store import examine
from tests.journeys.hands import Hands, Steps, button, click, click_at, expect, type_, until

PASSPHRASE = "four random words"

pytestmark = pytest.mark.journey


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


class Journey:
    """The window that is open, and how the parts of the journey are gone through."""

    def __init__(self, open_window, folder: Path) -> None:
        self.open_window = open_window
        self.file = folder / "first.theralog"
        self.exported = folder / "export"
        self.window = open_window()

    @property
    def page(self):
        return self.window.places.patients.page

    def notice(self) -> str:
        bar = self.window.findChild(NoticeBar)
        return bar.text() if bar else ""

    def make_casebook(self) -> Steps:
        yield from click(lambda: self.window.welcome.new_button)
        yield from expect("NewCasebookForm")
        yield from type_(f"<Ctrl+A>{self.file}<Alt+P>{PASSPHRASE}<Alt+R>{PASSPHRASE}<Ctrl+Enter>")
        yield from self.until_open()

    def until_open(self) -> Steps:
        yield from until(
            lambda: self.window.places is not None and self.window.isActiveWindow(),
            "the casebook is open",
        )

    def enter_patient(self) -> Steps:
        yield from type_("<Ctrl+N>")
        yield from expect("PatientForm")
        yield from type_("P-001<Tab>F<Tab>58<Alt+P>Pancreas<Ctrl+Enter>")
        yield from until(lambda: self.page.patient_id, "the patient's page")
        yield from expect("MainWindow")

    def enter_tandem_cycle(self) -> Steps:
        yield from type_("<Ctrl+Shift+C>")
        yield from expect("CycleForm")
        yield from type_("<Alt+D><Ctrl+A>2025-03-10<Tab>")
        yield from self.to("Nuclide, administration 1")
        yield from type_("Ac-225<Tab>DOTA-LM3")
        yield from self.to("Administered activity (as reported), administration 1")
        yield from type_("6.1<Alt+T>")
        yield from self.to("Nuclide, administration 2")
        yield from type_("Lu-177<Tab>DOTA-LM3")
        yield from self.to("Administered activity (as reported), administration 2")
        yield from type_("4.0<Ctrl+Enter>")
        yield from expect("MainWindow")

    def enter_labs(self) -> Steps:
        yield from type_("<Ctrl+L>")
        yield from expect("LabsForm")
        yield from type_("<Ctrl+A>2025-03-31<Tab><Tab>9.8<Tab>3.1<Tab><Tab>44<Ctrl+Enter>")
        yield from expect("MainWindow")

    def enter_toxicity(self) -> Steps:
        yield from type_("<Ctrl+T>")
        yield from expect("ToxicityForm")
        yield from type_("low plat<Enter><Alt+G>3<Alt+O>2025-03-31<Ctrl+Enter>")
        yield from expect("MainWindow")

    def to(self, name: str) -> Steps:
        """Go on with Tab to the field of this name."""
        for _ in range(40):
            focus = QApplication.focusWidget()
            if focus is not None and focus.accessibleName() == name:
                return
            yield from type_("<Tab>")
        raise AssertionError(f"Tab does not lead to “{name}”.")

    def close_and_reopen(self) -> Steps:
        yield from type_("<Ctrl+Q>")
        yield from until(lambda: not self.window.isVisible(), "the window has closed")
        names = {path.name for path in self.file.parent.iterdir()}
        assert names == {"first.theralog", "first backups"}
        assert examine.is_encrypted(self.file)
        self.window = self.open_window(self.file)
        yield from expect("PassphraseForm")
        yield from type_("wrong<Ctrl+Enter>")
        yield from until(lambda: "does not open" in self.problem(), "that the passphrase is wrong")
        yield from type_(f"<Ctrl+A>{PASSPHRASE}<Ctrl+Enter>")
        yield from self.until_open()

    def problem(self) -> str:
        form: Any = QApplication.activeModalWidget()
        return form.passphrase.problem() if form else ""

    def find_everything(self) -> Steps:
        yield from type_("<Ctrl+F>pancr<Enter>")
        yield from until(lambda: self.page.patient_id, "the patient is found")
        texts = [self.page.tabs.tabText(number) for number in range(self.page.tabs.count())]
        assert texts[1:4] == ["Cycles 1", "Labs 3", "Toxicities 1"]
        yield from type_("<Alt+2>")
        table = self.page.tab(1).cards[0].table
        given = table.model.columns[3].text(table.records()[0])
        assert given == "6.1 MBq 225Ac-DOTA-LM3 + 4 GBq 177Lu-DOTA-LM3"
        yield from type_("<Alt+3>")
        grid = self.page.tab(2).model
        shown = [grid.index(0, column).data() for column in range(1, 4)]
        assert shown == ["9.8 ↓", "3.1 ↓", "44 ↓"]
        # A tab is opened by the mouse as well.
        tabs = self.page.tabs
        yield from click_at(lambda: tabs, lambda: tabs.tabRect(3).center())
        table = self.page.tab(3).cards[0].table
        assert [(each.term, each.grade) for each in table.records()] == [
            ("Platelet count decreased", 3)
        ]

    def undo_the_toxicity(self) -> Steps:
        yield from type_("<Ctrl+Z>")
        yield from until(self.notice, "a notice of what was undone")
        assert self.notice() == "Undone: add toxicity."
        assert self.page.tabs.tabText(3) == "Toxicities"
        assert self.page.tab(3).cards[0].table.records() == []

    def export(self) -> Steps:
        yield from type_("<Ctrl+E>")
        yield from expect("ExportDialog")
        yield from type_(f"<Ctrl+A>{self.exported}")
        yield from click(lambda: button("Export"))
        yield from until(lambda: "exported into" in self.notice(), "the notice of the export")
        yield from expect("MainWindow")


def test_the_first_patient_from_an_empty_screen_to_a_csv_file(open_window, tmp_path):
    journey = Journey(open_window, tmp_path)

    def go() -> Steps:
        yield from expect("MainWindow")
        yield from journey.make_casebook()
        assert journey.window.session.casebook.encrypted
        yield from journey.enter_patient()
        yield from journey.enter_tandem_cycle()
        yield from journey.enter_labs()
        yield from journey.enter_toxicity()
        yield from journey.close_and_reopen()
        yield from journey.find_everything()
        yield from journey.undo_the_toxicity()
        yield from journey.export()

    Hands().go(go())
    folder = journey.exported
    assert [row["patient_id"] for row in rows(folder / "patients.csv")] == ["P-001"]
    assert [row["modality"] for row in rows(folder / "cycles.csv")] == ["tandem"]
    given = rows(folder / "administrations.csv")
    assert [(row["nuclide"], row["activity"], row["activity_unit"]) for row in given] == [
        ("225Ac", "6.1", "MBq"),
        ("177Lu", "4", "GBq"),
    ]
    assert sorted(row["value"] for row in rows(folder / "labs.csv")) == ["3.1", "44", "9.8"]
    assert rows(folder / "toxicities.csv") == []
