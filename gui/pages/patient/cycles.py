"""The Cycles tab: each treatment visit with what was given in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from gui.pages.patient.record_card import Kind
from gui.pages.patient.tab import Tab
from gui.row_table import RIGHT, Column
from gui.session import Session
from gui.words import nuclide_text, number_text, words
from model import cycles
from model.cycles import LARGEST_DEVIATION, Administration, Treatment, activity_text
from model.dates import shown


class CyclesPage(Tab):
    """A patient's cycles by number."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        kind: Kind[Treatment] = Kind(
            title=self.tr("Cycles"),
            add_text=self.tr("New cycle…"),
            empty=self.tr("No cycles yet. Add the first with Ctrl+Shift+C."),
            delete_label=self.tr("Delete cycle"),
            columns=self._columns(),
            of_patient=cycles.of_patient,
            ask_form=ask_cycle,
            remove=lambda step, treatment: cycles.remove(step, treatment.cycle),
            told=lambda treatment: self.tr("Cycle %d") % treatment.cycle.number,
            key=lambda treatment: treatment.cycle.id,
        )
        self.fill((self.card(kind), 1))

    def _columns(self) -> Sequence[Column[Treatment]]:
        return (
            Column(
                self.tr("Cycle"),
                lambda each: f"C{each.cycle.number}",
                lambda each: each.cycle.number,
            ),
            Column(
                self.tr("Date"), lambda each: shown(each.cycle.given_on), lambda each: _day(each)
            ),
            Column(self.tr("Modality"), lambda each: words(each.modality)),
            Column(self.tr("Given"), given_text, stretch=True),
            Column(
                self.tr("From prescribed"),
                deviation_text,
                lambda each: max(map(abs, deviations(each)), default=None),
                align=RIGHT,
                tone=_deviation_tone,
                optional=True,
            ),
            Column(
                self.tr("ECOG"),
                lambda each: number_text(each.cycle.ecog),
                lambda each: each.cycle.ecog,
                align=RIGHT,
                optional=True,
            ),
            Column(
                self.tr("Weight, kg"),
                lambda each: number_text(each.cycle.weight_kg),
                lambda each: each.cycle.weight_kg,
                align=RIGHT,
                optional=True,
            ),
            Column(
                self.tr("Comment"), lambda each: each.cycle.comment or "", tone=_soft, optional=True
            ),
        )


def ask_cycle(
    parent: QWidget, session: Session, patient_id: int, treatment: Treatment | None
) -> object:
    """Open the form of a cycle."""
    from gui.forms.cycle import CycleForm

    return CycleForm.ask(parent, session, patient_id, treatment)


def given_text(treatment: Treatment) -> str:
    """What was given with its activity: `6 MBq Ac-225 DOTA-LM3 + 7.4 GBq Lu-177 DOTA-LM3`."""
    given = treatment.administrations
    if given and all(each.activity_mbq is None for each in given):
        what = "activity unknown" if len(given) == 1 else "activities unknown"
        return f"{' + '.join(map(_agent, given))}, {what}"
    return " + ".join(
        f"{_agent(each)} (activity unknown)"
        if each.activity_mbq is None
        else f"{activity_text(each.activity_mbq, each.unit)} {_agent(each)}"
        for each in given
    )


def _agent(given: Administration) -> str:
    return " ".join(filter(None, (nuclide_text(given.nuclide), given.ligand)))


def deviations(treatment: Treatment) -> list[float]:
    """How far each activity lies from the prescribed one, where both are known."""
    each = (given.deviation for given in treatment.administrations)
    return [deviation for deviation in each if deviation is not None]


def deviation_text(treatment: Treatment) -> str:
    """The deviations as they are shown: `+2 %, −12 %`."""
    return ", ".join(f"{100 * each:+.0f} %".replace("-", "−") for each in deviations(treatment))


def _deviation_tone(treatment: Treatment) -> str:
    far = any(abs(each) > LARGEST_DEVIATION for each in deviations(treatment))
    return "alert" if far else "soft"


def _day(treatment: Treatment) -> date:
    return treatment.cycle.given_on


def _soft(_record: object) -> str:
    return "soft"
