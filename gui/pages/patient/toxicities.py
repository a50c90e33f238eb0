"""The Toxicities tab: each graded event in the colour of its grade, and how much is proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from gui.pages.patient.columns import code_column, date_column
from gui.pages.patient.record_card import RecordKind
from gui.pages.patient.record_forms import ask_record
from gui.pages.patient.tab import RecordsTab
from gui.pages.patient.to_review import ToReview
from gui.session.session import Session
from gui.widgets.row_model import Column
from model.language import N_, _
from model.records import toxicities
from model.records.patient_records import PatientRecords
from model.records.toxicities import Toxicity


class ToxicitiesPage(RecordsTab):
    """A patient's toxicities, oldest onset first."""

    listens_to = frozenset(("toxicity", "cycle"))

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._cycle_numbers: Mapping[int | None, int] = {}
        kind: RecordKind[Toxicity] = RecordKind(
            title=_("Toxicities"),
            add_text=_("New toxicity…"),
            empty=_("No toxicities yet. Record the first with Ctrl+T."),
            delete_label=N_("Delete toxicity"),
            columns=self._columns(),
            of_patient=lambda patient: patient.toxicities,
            ask_form=partial(ask_record, Toxicity),
            remove=toxicities.remove,
            deletion_notice=lambda each: _("{term}, grade {grade}, was deleted.").format(
                term=each.label, grade=each.grade
            ),
        )
        self.to_review = ToReview(self)
        self.fill((self.to_review, 0), (self.card(kind), 1))

    def show_patient(self, records: PatientRecords | None) -> None:
        """Show a patient's toxicities, or none."""
        treatments = records.treatments if records else ()
        self._cycle_numbers = {each.cycle.id: each.cycle.number for each in treatments}
        super().show_patient(records)

    def _columns(self) -> Sequence[Column[Toxicity]]:
        return (
            Column(
                _("Grade"),
                lambda each: f"G{each.grade}",
                lambda each: each.grade,
                grade=lambda each: each.grade,
            ),
            Column(_("Term"), lambda each: each.label, tip=_details, stretch=True),
            date_column(_("Onset"), "onset_on"),
            date_column(_("Resolved"), "resolved_on"),
            code_column(_("Phase"), "phase"),
            Column(_("Cycle"), self._cycle_text, optional=True),
            code_column(_("Outcome"), "outcome"),
            code_column(_("Attribution"), "attribution"),
            Column(
                _("Emergent"),
                lambda each: {True: _("yes"), False: _("no")}.get(each.treatment_emergent, ""),
                tip=lambda _each: _(
                    "Treatment-emergent: onset on or after the first administration, and worse"
                    " than baseline"
                ),
                optional=True,
            ),
            Column("CTCAE", lambda each: each.ctcae_version, tone=lambda _each: "soft"),
        )

    def _cycle_text(self, toxicity: Toxicity) -> str:
        number = self._cycle_numbers.get(toxicity.cycle_id)
        return f"C{number}" if number else ""


def _details(toxicity: Toxicity) -> str:
    """Return term, organ class, the reporter's own words and the comment, one per line."""
    verbatim = f"“{toxicity.verbatim}”" if toxicity.verbatim else None
    return "\n".join(filter(None, (toxicity.term, toxicity.soc, verbatim, toxicity.comment)))
