"""A day of treatment: the next cycle as the last, what was given, readiness, what is due, a PDF."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.forms.cycle import CycleForm
from gui.pages.due.filters import MONTH
from gui.pages.due.page import DuePage
from gui.widgets.messages import NoticeBar
from model.readiness import own_rule_sets
from model.readiness.limits import Verdict
from model.records import cycles, labs, patients
from model.records.administrations import Administration
from model.records.cycles import Cycle
from model.records.labs import LabResult
from model.records.patients import Patient
from model.store.casebook import Casebook
from tests.journeys.hands import Hands, Steps, click, expect, type_, until

pytestmark = pytest.mark.journey

TODAY = date.today()
FIRST = TODAY - timedelta(days=56)
RESULTS = (
    *((FIRST - timedelta(days=3), *values) for values in (("crea", "1.1", "mg/dL"),)),
    *(
        (TODAY - timedelta(days=1), *values)
        for values in (
            *(("crea", "1.54", "mg/dL"), ("plt", "180", "10*9/L"), ("hb", "11.2", "g/dL")),
            *(("anc", "3.1", "10*9/L"), ("wbc", "5.2", "10*9/L")),
        )
    ),
)


@pytest.fixture
def file(tmp_path):
    """A casebook with a patient who has had one cycle, and another who has had none."""
    path = tmp_path / "day.theralog"
    with Casebook.create(path) as casebook, casebook.step("Set up") as step:
        patient = patients.save(step, Patient(code="P-001", sex="F", age_at_index=58))
        patients.save(step, Patient(code="P-002"))
        lutetium = Administration(
            number=1,
            nuclide="177Lu",
            ligand="DOTATATE",
            prescribed_mbq=7400,
            administered_mbq=7350,
            route="intravenous",
            batch_number="B-1",
        )
        visit = Cycle(patient_id=patient.id or 0, number=1, given_on=FIRST, weight_kg=70)
        cycles.save(step, visit, [lutetium])
        for taken_on, analyte, value, unit in RESULTS:
            result = LabResult(
                patient_id=patient.id or 0,
                taken_on=taken_on,
                analyte=analyte,
                value=Decimal(value),
                unit=unit,
            )
            labs.save(step, result)
    return path


class Journey:
    """The window that is open, and how the parts of the day are gone through."""

    def __init__(self, open_window, file) -> None:
        self.file = file
        self.pdf = file.with_name("summary.pdf")
        self.window = open_window(file)

    @property
    def page(self):
        return self.window.places.patients.page

    @property
    def code(self) -> str | None:
        patient = patients.find(self.window.session.casebook, self.page.patient_id or 0)
        return patient.code if patient else None

    def notice(self) -> str:
        bar = self.window.findChild(NoticeBar)
        return bar.text() if bar else ""

    def open_patient(self, code: str) -> Steps:
        yield from type_(f"<Ctrl+F><Ctrl+A>{code}<Enter>")
        yield from until(lambda: self.code == code, f"the page of {code}")

    def give_the_next_cycle(self) -> Steps:
        yield from type_("<Ctrl+Shift+L>")
        yield from expect("CycleForm")
        form = QApplication.activeModalWidget()
        assert isinstance(form, CycleForm)
        fields, lines = form.first.fields, form.first.lines
        # Planned like the last, with nothing of its vial.
        assert fields["prescribed_mbq"].value() == Decimal("7.4")
        assert [fields[name].raw() for name in ("administered_mbq", "batch_number")] == ["", ""]
        assert lines.administered.text() == "Administered: activity unknown"
        yield from self.to("Measured, administration 1")
        yield from type_("175 mCi<Tab>0930<Tab>5 mCi<Tab>1100<Tab>1000<Tab>1030")
        assert lines.administered.text() == (
            "Administered 6.275 GBq = (6.475 − 0.185) decayed to 10:00, T½ 177Lu 6.647 d (ICRP 107)"
        )
        assert lines.deviation.text() == "15 % under the prescribed activity"
        yield from type_("<Ctrl+Enter>")
        yield from expect("MainWindow")
        assert self.page.tabs.tabText(1) == "Cycles 2"

    def see_it_flagged(self) -> Steps:
        yield from type_("<Alt+2>")
        table = self.page.tab(1).cards[0].table
        yield from until(lambda: len(table.records()) == 2, "both cycles")
        shown = [column.text(table.records()[-1]) for column in table.model.columns]
        assert "6.28 GBq 177Lu-DOTATATE" in shown
        assert "−15 %" in shown

    def choose_limits(self) -> Steps:
        yield from type_("<Alt+1>")
        card = self.page.tab(0).readiness
        yield from until(card.choose_button.isVisible, "the offer of a rule set")
        assert not card.limits.isVisible()
        yield from click(lambda: card.choose_button)
        yield from until(QApplication.activePopupWidget, "the rule sets")
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
            yield partial(_press_in_popup, key)
        yield from until(card.limits.isVisible, "the limits")
        chosen = own_rule_sets.chosen_key(self.window.session.casebook)
        assert chosen == "LUTATHERA_US_2024"
        assert card.heading.text() == "Ready for cycle 3?"
        # The second cycle was given today.
        assert card.chips[0].text() == "2 fail"
        assert "not assessable" in card.chips[1].text()
        by_key = {each.rule.key: each for each in card.readiness.outcomes}
        assert by_key["interval"].verdict is Verdict.FAIL
        assert by_key["creatinine_rise"].verdict is Verdict.FAIL
        assert by_key["clearance_fall"].verdict is Verdict.PASS
        assert "change −28.5 %" in by_key["clearance_fall"].finding.reason

    def open_from_due(self) -> Steps:
        yield from self.open_patient("P-002")
        yield from type_("<Ctrl+3>")
        due = self.window.findChild(DuePage)
        # The cycle was given today: nothing is due this week.
        yield from until(
            lambda: due.filters.period_chips[MONTH].text() == "Next 4 weeks 2", "what is due"
        )
        assert due.table.records() == []
        yield from click(lambda: due.filters.period_chips[MONTH])
        assert [item.title for item in due.table.records()] == ["CBC", "Creatinine, LFT"]
        yield from click(lambda: due.filters.search)
        yield from type_("p-001<Enter>")
        yield from until(lambda: self.page.isVisible() and self.code == "P-001", "the patient")

    def save_summary(self) -> Steps:
        yield from type_("<Ctrl+P>")
        yield from expect("SummaryForm")
        yield from type_(f"<Alt+F><Ctrl+A>{self.pdf}<Ctrl+Enter>")
        said = "The summary was saved as “summary.pdf”."
        yield from until(lambda: self.notice() == said, "word of the summary")

    def to(self, name: str) -> Steps:
        """Go on with Tab to the field of this name."""
        for _ in range(40):
            focus = QApplication.focusWidget()
            if focus is not None and focus.accessibleName() == name:
                return
            yield from type_("<Tab>")
        raise AssertionError(f"Tab does not lead to “{name}”.")


def test_a_day_of_treatment_by_keys(open_window, file):
    journey = Journey(open_window, file)

    def go() -> Steps:
        yield from until(lambda: journey.window.places is not None, "the casebook is open")
        yield from expect("MainWindow")
        yield from journey.open_patient("P-001")
        yield from journey.give_the_next_cycle()
        yield from journey.see_it_flagged()
        yield from journey.choose_limits()
        yield from journey.open_from_due()
        yield from journey.save_summary()

    Hands().go(go())
    done = subprocess.run(
        ["pdftotext", journey.pdf, "-"], capture_output=True, text=True, check=True
    )
    for words in ("P-001", "6.28 GBq", "−15 % !", "Identified: contains the study code"):
        assert words in done.stdout


def _press_in_popup(key: Qt.Key) -> None:
    QTest.keyClick(QApplication.activePopupWidget(), key)
