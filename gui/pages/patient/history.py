"""The History tab: biopsies, therapies, metastases and follow-ups."""

from __future__ import annotations

from operator import attrgetter

from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.pages.patient.record_card import Kind
from gui.pages.patient.tab import GAP, MARGINS, Tab
from gui.row_table import RIGHT, Column
from gui.session import Session
from gui.words import number_text, words
from model import biopsies, followups, records, therapies
from model.biopsies import Biopsy, Metastasis
from model.dates import PartialDate, shown
from model.followups import FollowUp
from model.therapies import Therapy


class HistoryPage(Tab):
    """Four tables: histology and treatment at the left, spread and follow-up at the right."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*MARGINS)
        layout.setSpacing(GAP)
        histology, treatment = self.card(self._biopsies()), self.card(self._therapies())
        spread, seen = self.card(self._metastases()), self.card(self._follow_ups())
        layout.addLayout(self.column((histology, 4), (treatment, 5)), 3)
        layout.addLayout(self.column((spread, 4), (seen, 5)), 2)

    def _biopsies(self) -> Kind[Biopsy]:
        return Kind(
            title=self.tr("Biopsies"),
            add_text=self.tr("New biopsy…"),
            empty=self.tr("No biopsies yet. Add the first with Ctrl+Shift+B."),
            delete_label=self.tr("Delete biopsy"),
            columns=(
                Column(self.tr("Date"), lambda each: shown(each.taken_on), attrgetter("taken_on")),
                Column(self.tr("WHO grade"), lambda each: each.who_grade or "–"),
                Column(
                    "Ki-67, %",
                    lambda each: number_text(each.ki67_percent),
                    attrgetter("ki67_percent"),
                    align=RIGHT,
                ),
                Column(self.tr("Event"), lambda each: words(each.event), stretch=True),
                Column(self.tr("Site"), lambda each: words(each.site), optional=True),
                Column(
                    self.tr("Differentiation"),
                    lambda each: words(each.differentiation),
                    optional=True,
                ),
                Column(
                    self.tr("Mitoses/2 mm²"),
                    lambda each: number_text(each.mitoses_per_2mm2),
                    attrgetter("mitoses_per_2mm2"),
                    align=RIGHT,
                    optional=True,
                ),
                Column(
                    self.tr("Comment"), lambda each: each.comment or "", tone=_soft, optional=True
                ),
            ),
            of_patient=biopsies.of_patient,
            ask_form=ask_biopsy,
            remove=records.remove,
            told=lambda each: (
                self.tr("The biopsy of %s") % shown(each.taken_on)
                if each.taken_on
                else self.tr("The biopsy")
            ),
        )

    def _therapies(self) -> Kind[Therapy]:
        return Kind(
            title=self.tr("Therapies"),
            add_text=self.tr("New therapy…"),
            empty=self.tr("No other therapies yet. Add the first with Ctrl+Shift+T."),
            delete_label=self.tr("Delete therapy"),
            columns=(
                Column(self.tr("No."), lambda each: f"{each.number}", attrgetter("number")),
                Column(self.tr("Category"), lambda each: words(each.category)),
                Column(
                    self.tr("From"),
                    lambda each: _day(each.started_on),
                    attrgetter("started_on"),
                    optional=True,
                ),
                Column(self.tr("To"), self._end_text, attrgetter("ended_on"), optional=True),
                Column(self.tr("Description"), lambda each: each.description or "", stretch=True),
                Column(self.tr("Best"), lambda each: each.best_response or "", optional=True),
                Column(
                    self.tr("Given"),
                    lambda each: self.tr("concomitant") if each.concomitant else self.tr("prior"),
                    tone=_soft,
                ),
                Column(
                    self.tr("Stopped for"),
                    lambda each: each.reason_stopped or "",
                    tone=_soft,
                    optional=True,
                ),
            ),
            of_patient=therapies.of_patient,
            ask_form=ask_therapy,
            remove=records.remove,
            told=lambda each: each.description or words(each.category),
        )

    def _metastases(self) -> Kind[Metastasis]:
        return Kind(
            title=self.tr("Metastases"),
            add_text=self.tr("New metastasis…"),
            empty=self.tr("No metastases yet. Add the first with Ctrl+Shift+M."),
            delete_label=self.tr("Delete metastasis"),
            columns=(
                Column(self.tr("Site"), lambda each: words(each.site), stretch=True),
                Column(
                    self.tr("Found"),
                    lambda each: _day(each.found_on),
                    attrgetter("found_on"),
                    optional=True,
                ),
                Column(
                    self.tr("Comment"), lambda each: each.comment or "", tone=_soft, optional=True
                ),
            ),
            of_patient=biopsies.metastases_of,
            ask_form=ask_metastasis,
            remove=records.remove,
            told=lambda each: self.tr("The metastasis “%s”") % words(each.site),
        )

    def _follow_ups(self) -> Kind[FollowUp]:
        return Kind(
            title=self.tr("Follow-ups"),
            add_text=self.tr("New follow-up…"),
            empty=self.tr("No follow-ups yet. Add the first with Ctrl+Shift+F."),
            delete_label=self.tr("Delete follow-up"),
            columns=(
                Column(self.tr("Date"), lambda each: shown(each.seen_on), attrgetter("seen_on")),
                Column(
                    self.tr("Status"),
                    lambda each: words(each.status),
                    tone=lambda each: "" if each.status == "alive" else "soft",
                    stretch=True,
                ),
                Column(self.tr("Cause"), lambda each: words(each.cause), optional=True),
                Column(
                    "ECOG",
                    lambda each: number_text(each.ecog),
                    attrgetter("ecog"),
                    align=RIGHT,
                    optional=True,
                ),
                Column(
                    self.tr("Weight, kg"),
                    lambda each: number_text(each.weight_kg),
                    attrgetter("weight_kg"),
                    align=RIGHT,
                    optional=True,
                ),
                Column(
                    self.tr("Comment"), lambda each: each.comment or "", tone=_soft, optional=True
                ),
            ),
            of_patient=followups.of_patient,
            ask_form=ask_follow_up,
            remove=followups.remove,
            told=lambda each: self.tr("The follow-up of %s") % shown(each.seen_on),
        )

    def _end_text(self, therapy: Therapy) -> str:
        return self.tr("ongoing") if therapy.ongoing else _day(therapy.ended_on)


def ask_biopsy(parent: QWidget, session: Session, patient_id: int, biopsy: Biopsy | None) -> object:
    """Open the form of a biopsy."""
    from gui.forms.biopsy import BiopsyForm

    return BiopsyForm.ask(parent, session, patient_id, biopsy)


def ask_therapy(
    parent: QWidget, session: Session, patient_id: int, therapy: Therapy | None
) -> object:
    """Open the form of a therapy."""
    from gui.forms.therapy import TherapyForm

    return TherapyForm.ask(parent, session, patient_id, therapy)


def ask_metastasis(
    parent: QWidget, session: Session, patient_id: int, metastasis: Metastasis | None
) -> object:
    """Open the form of a metastasis."""
    from gui.forms.metastasis import MetastasisForm

    return MetastasisForm.ask(parent, session, patient_id, metastasis)


def ask_follow_up(
    parent: QWidget, session: Session, patient_id: int, follow_up: FollowUp | None
) -> object:
    """Open the form of a follow-up."""
    from gui.forms.follow_up import FollowUpForm

    return FollowUpForm.ask(parent, session, patient_id, follow_up)


def _day(day: PartialDate | None) -> str:
    """A date as it is shown, or nothing."""
    return shown(day) if day else ""


def _soft(_record: object) -> str:
    return "soft"
