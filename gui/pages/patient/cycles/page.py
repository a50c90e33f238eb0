"""The Cycles tab: one treatment visit per row, and the details of the chosen one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QPushButton, QWidget

from gui.pages.patient.columns import date_column, number_column
from gui.pages.patient.cycles.details import CycleDetails, cumulative_text
from gui.pages.patient.record_card import RecordKind
from gui.pages.patient.record_forms import ask_like_last, ask_record
from gui.pages.patient.tab import RecordsTab
from gui.session.session import Session
from gui.widgets import messages
from gui.widgets.card import button
from gui.widgets.chip_delegate import DeviationDelegate
from gui.widgets.row_model import RIGHT, Column
from model.errors import EditConflict
from model.language import N_, _, ngettext
from model.records import cycles
from model.records.administrations import Administration, percent_text
from model.records.cycles import CycleLine, Treatment
from model.records.patient_records import PatientRecords
from model.reference.activities import activity_text
from model.rounding import figures
from model.store.rows import to_row
from model.store.step import Step

_DEVIATION = 4
"""The index of the Deviation column, whose cells may contain a chip."""


class CyclesPage(RecordsTab):
    """A patient's cycles by number, with the details of the chosen one below them."""

    listens_to = frozenset(("cycle", "administration"))

    def __init__(
        self,
        session: Session,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(session, parent)
        kind: RecordKind[CycleLine] = RecordKind(
            title=_("Cycles"),
            add_text=_("New cycle…"),
            empty=_("No cycles yet. Add the first with Ctrl+Shift+C."),
            delete_label=N_("Delete cycle"),
            columns=self._columns(),
            of_patient=lambda patient: cycles.lines(patient.treatments),
            ask_form=_ask_cycle,
            remove=_remove_shown,
            opened=lambda line: (line.treatment.cycle, *line.treatment.administrations),
            deletion_notice=lambda line: _("Cycle {number} was deleted.").format(
                number=line.treatment.cycle.number
            ),
            key=lambda line: line.treatment.cycle.id,
        )
        self._card = self.card(kind)
        self.again_button = self._add_button(_("Same as last…"), "Ctrl+Shift+L", self.add_like_last)
        self.edit_button = self._add_button(_("Edit…"), "F2", self.edit)
        self.print_button = self._add_button(
            _("Print worksheet…"), "Ctrl+Shift+W", self.print_worksheet
        )
        view = self._card.table.view
        view.setItemDelegateForColumn(_DEVIATION, DeviationDelegate(view))
        self.details = CycleDetails()
        self._card.table.selection_changed.connect(self._show_chosen)
        self.fill((self._card, 4), (self.details, 5))

    def show_patient(self, records: PatientRecords | None) -> None:
        """Show a patient's cycles, or none; choose the last cycle of another patient."""
        is_other = (records.id if records else None) != (self.records.id if self.records else None)
        super().show_patient(records)
        lines = self._card.table.records()
        if lines and (is_other or self._card.table.chosen() is None):
            self._card.table.choose(lines[-1].treatment.cycle.id)
        self._show_chosen(self._card.table.chosen())

    def add_like_last(self) -> None:
        """Open the form for a new cycle, planned like the last one, and choose the saved cycle."""
        if self.records is None:
            return
        saved = ask_like_last(self, self.session, self.records.id)
        if saved is not None:
            self._card.table.choose(saved.cycle.id)
        self._card.table.setFocus()

    def edit(self) -> None:
        """Open the form for the chosen cycle."""
        chosen = self._card.table.chosen()
        if chosen is not None:
            self._card.edit(chosen)

    def print_worksheet(self) -> None:
        """Open the worksheet of the chosen cycle to print it, or show a notice without one."""
        chosen = self._card.table.chosen()
        if chosen is None or self.records is None:
            messages.notice(self, _("There is no cycle yet to print a worksheet for."))
            return
        from gui.forms.worksheet import WorksheetDialog

        WorksheetDialog.ask(self, self.session, chosen.treatment)
        self._card.table.setFocus()

    def _add_button(self, text: str, keys: str, run: Callable[[], None]) -> QPushButton:
        new_button = button(text, "link")
        new_button.setToolTip(keys)
        new_button.clicked.connect(run)
        self._card.add_action(new_button)
        return new_button

    def _show_chosen(self, line: CycleLine | None) -> None:
        self.details.show_line(line)
        self.details.setVisible(line is not None)
        for each in (self.again_button, self.edit_button, self.print_button):
            each.setVisible(line is not None)

    def _columns(self) -> Sequence[Column[CycleLine]]:
        return (
            Column(
                _("Cycle"),
                lambda line: f"C{line.treatment.cycle.number}",
                lambda line: line.treatment.cycle.number,
            ),
            date_column(_("Date"), "treatment.cycle.given_on"),
            Column(
                _("Since last"),
                lambda line: interval_text(line.days_since_last),
                lambda line: line.days_since_last,
            ),
            Column(_("Given"), lambda line: given_text(line.treatment), stretch=True),
            Column(
                _("Deviation"),
                lambda line: deviation_text(line.treatment),
                lambda line: max(map(abs, deviations(line.treatment)), default=None),
                align=RIGHT,
                tone=_deviation_tone,
                tip=lambda line: deviation_tip(line.treatment),
                optional=True,
            ),
            Column(_("Prescribed"), prescribed_text, optional=True),
            Column(_("Cumulative"), lambda line: cumulative_text(line.cumulative)),
            number_column(_("ECOG"), "treatment.cycle.ecog"),
            number_column(_("Weight, kg"), "treatment.cycle.weight_kg"),
        )


def interval_text(days: int | None) -> str:
    """Return an interval in days and weeks: `56 d (8 wk)`; empty for none."""
    return "" if days is None else f"{days} d ({figures(days / 7, 3)} wk)"


def given_text(treatment: Treatment) -> str:
    """Return agents with activities: `6 MBq 225Ac-DOTA-LM3 + 7.4 GBq 177Lu-DOTA-LM3`."""
    administrations = treatment.administrations
    if administrations and all(each.activity_mbq is None for each in administrations):
        text = ngettext(
            "{agents}, activity unknown", "{agents}, activities unknown", len(administrations)
        )
        return text.format(agents=" + ".join(each.agent for each in administrations))
    return " + ".join(
        _("{agent} (activity unknown)").format(agent=each.agent)
        if each.activity_mbq is None
        else f"{activity_text(each.activity_mbq, each.unit)} {each.agent}"
        for each in administrations
    )


def prescribed_text(line: CycleLine) -> str:
    """Return the prescribed activities in the order of administration; empty if none is known."""
    administrations = line.treatment.administrations
    if all(each.prescribed_mbq is None for each in administrations):
        return ""
    return " + ".join(
        "–" if each.prescribed_mbq is None else activity_text(each.prescribed_mbq, each.unit)
        for each in administrations
    )


def deviations(treatment: Treatment) -> list[float]:
    """Return the deviation of each activity from the prescribed one, where both are known."""
    all_deviations = (each.deviation for each in treatment.administrations)
    return [deviation for deviation in all_deviations if deviation is not None]


def deviation_text(treatment: Treatment) -> str:
    """Return the deviations as text: `+2 %, −12 %`."""
    return ", ".join(map(percent_text, deviations(treatment)))


def deviation_tip(treatment: Treatment) -> str:
    """Return the deviations with agents: `225Ac-DOTA-LM3: −12 % from the prescribed activity`."""
    return "\n".join(
        _("{agent}: {deviation} from the prescribed activity").format(
            agent=each.agent, deviation=percent_text(each.deviation)
        )
        for each in treatment.administrations
        if each.deviation is not None
    )


def _deviation_tone(line: CycleLine) -> str:
    return "alert" if any(each.deviates for each in line.treatment.administrations) else "soft"


def _remove_shown(step: Step, line: CycleLine) -> None:
    """Remove a cycle; raises EditConflict when an administration was added since it was shown."""
    shown = {each.id for each in line.treatment.administrations}
    for each in cycles.administrations_of(step, line.treatment.cycle.id):
        if each.id not in shown:
            row = {**to_row(each), "patient_id": line.treatment.cycle.patient_id}
            raise EditConflict(Administration.TABLE, row, row, row)
    cycles.remove(step, line.treatment.cycle)


def _ask_cycle(
    parent: QWidget, session: Session, patient_id: int, line: CycleLine | None
) -> CycleLine | None:
    saved = ask_record(Treatment, parent, session, patient_id, line.treatment if line else None)
    return CycleLine(saved) if saved else None
