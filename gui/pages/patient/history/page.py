"""The History tab: biopsies, therapies, metastases, ends of treatment and follow-ups."""

from __future__ import annotations

from functools import partial
from operator import attrgetter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from gui.pages.patient.columns import code_column, date_column, number_column, text_column
from gui.pages.patient.history.parts import (
    MANY_COLUMNS_WIDTH,
    GradeStoryText,
    fit_rows,
    make_picture_button,
    put_plot_beside,
)
from gui.pages.patient.record_card import RecordKind
from gui.pages.patient.record_forms import ask_record
from gui.pages.patient.tab import GAP, MARGINS, RecordsTab
from gui.plots.history.ki67_plot import Ki67Plot
from gui.plots.history.therapy_timeline import TherapyTimelinePlot
from gui.session.session import Session
from gui.style import theme
from gui.widgets.layout import column, row
from gui.widgets.row_model import RIGHT, Column
from gui.words import words
from model.course import therapy_lines
from model.course.grade_history import describe_grade_history
from model.course.therapy_lines import TherapyTimeline
from model.dates import date_text
from model.language import N_, _
from model.records import whole_patient
from model.records.biopsies import Biopsy, Metastasis
from model.records.followups import FollowUp
from model.records.outcome.ends_of_treatment import EndOfTreatment
from model.records.patient_records import PatientRecords
from model.records.therapies import Therapy


class HistoryPage(RecordsTab):
    """Biopsies with a Ki-67 plot, therapies with a timeline, metastases, ends and follow-ups.

    Each plot is next to the table of the same data, or below it in a narrow window.
    """

    listens_to = frozenset(
        (
            *("patient", "biopsy", "metastasis", "therapy", "follow_up", "cycle"),
            "end_of_treatment",
            # Therapies that have not ended are drawn up to the last contact.
            *("lab_result", "assessment", "toxicity"),
        )
    )

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.biopsies, self.therapies = self.card(_biopsy_kind()), self.card(_therapy_kind())
        self.metastases, self.ends = self.card(_metastasis_kind()), self.card(_end_kind())
        self.follow_ups = self.card(_follow_up_kind())
        self.grade_story, self.ki67 = GradeStoryText(), Ki67Plot()
        self.timeline = TherapyTimelinePlot()
        self.biopsies.body.insertWidget(0, self.grade_story)
        put_plot_beside(self.biopsies, self.ki67)
        put_plot_beside(self.therapies, self.timeline, MANY_COLUMNS_WIDTH)
        self._code = ""
        self.picture_buttons = (
            make_picture_button(self, self.ki67, lambda: (self._code, _("Ki-67 over time"))),
            make_picture_button(self, self.timeline, lambda: (self._code, _("therapies"))),
        )
        cards = (self.biopsies, self.therapies)
        for card, picture_button in zip(cards, self.picture_buttons, strict=True):
            card.head.insertWidget(card.head.indexOf(card.add_button), picture_button)
        left = column((self.metastases, 4), (self.ends, 2), spacing=GAP)
        below = row((left, 2), (self.follow_ups, 3), spacing=GAP)
        content = QWidget()
        theme.set_kind(content, "plain")
        parts = ((self.biopsies, 4), (self.therapies, 6), (below, 4))
        column(*parts, spacing=GAP, margins=MARGINS, of=content)
        area = QScrollArea()
        area.setWidget(content)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column(area, of=self)
        self._area = area

    def reveal(self, card: QWidget) -> None:
        """Scroll the card into view."""
        self._area.ensureWidgetVisible(card, 0, GAP)

    def show_patient(self, records: PatientRecords | None) -> None:
        """Show a patient's records and the plots of them, or none."""
        super().show_patient(records)
        biopsies = records.biopsies if records else ()
        first_cycle_on = records.first_cycle_on if records else None
        self.grade_story.show_story(describe_grade_history(biopsies, first_cycle_on))
        self.ki67.show_biopsies(biopsies, first_cycle_on)
        self.ki67.setVisible(bool(biopsies))
        self._code = records.patient.code if records else ""
        timeline = therapy_lines.build_timeline(records) if records else TherapyTimeline()
        self.timeline.show_timeline(timeline)
        self.timeline.setVisible(not timeline.is_empty)
        is_drawn = (bool(biopsies), not timeline.is_empty)
        for picture_button, is_visible in zip(self.picture_buttons, is_drawn, strict=True):
            picture_button.setVisible(is_visible)
        fit_rows(self.biopsies.table, 5)
        fit_rows(self.therapies.table, 9)
        fit_rows(self.metastases.table, 4)
        fit_rows(self.ends.table, 2)
        fit_rows(self.follow_ups.table, 8)


def _biopsy_kind() -> RecordKind[Biopsy]:
    return RecordKind(
        title=_("Biopsies"),
        add_text=_("New biopsy…"),
        empty=_("No biopsies yet. Add the first with Ctrl+Shift+B."),
        delete_label=N_("Delete biopsy"),
        columns=(
            date_column(_("Date"), "taken_on"),
            Column(_("WHO grade"), lambda each: each.who_grade or "–"),
            Column(
                "Ki-67, %",
                lambda each: each.ki67_text,
                lambda each: each.ki67_percent,
                align=RIGHT,
            ),
            code_column(_("Event"), "event", stretch=True),
            code_column(_("Site"), "site"),
            code_column(_("Differentiation"), "differentiation"),
            number_column(_("Mitoses/2 mm²"), "mitoses_per_2mm2"),
            text_column(_("Comment"), "comment", tone="soft"),
        ),
        of_patient=lambda patient: patient.biopsies,
        ask_form=partial(ask_record, Biopsy),
        deletion_notice=lambda each: (
            _("The biopsy of {date} was deleted.").format(date=date_text(each.taken_on))
            if each.taken_on
            else _("The biopsy was deleted.")
        ),
    )


def _therapy_kind() -> RecordKind[Therapy]:
    return RecordKind(
        title=_("Therapies"),
        add_text=_("New therapy…"),
        empty=_("No other therapies yet. Add the first with Ctrl+Shift+T."),
        delete_label=N_("Delete therapy"),
        columns=(
            Column("#", lambda each: f"{each.number}", attrgetter("number")),
            code_column(_("Category"), "category", optional=False),
            date_column(_("From"), "started_on", optional=True),
            Column(_("To"), _end_text, attrgetter("ended_on"), optional=True),
            text_column(_("Description"), "description", stretch=True),
            text_column(_("Best"), "best_response"),
            Column(
                _("Conc."),
                lambda each: _("yes") if each.concomitant else "",
                tip=lambda each: _("Concomitant") if each.concomitant else "",
                tone=lambda _each: "soft",
                optional=True,
            ),
            text_column(_("Stopped for"), "reason_stopped", tone="soft"),
        ),
        of_patient=lambda patient: patient.therapies,
        ask_form=partial(ask_record, Therapy),
        deletion_notice=lambda each: _("{therapy} was deleted.").format(
            therapy=each.description or words(each.category)
        ),
    )


def _metastasis_kind() -> RecordKind[Metastasis]:
    return RecordKind(
        title=_("Metastases"),
        add_text=_("New metastasis…"),
        empty=_("No metastases yet. Add the first with Ctrl+Shift+M."),
        delete_label=N_("Delete metastasis"),
        columns=(
            code_column(_("Site"), "site", stretch=True),
            date_column(_("Found"), "found_on", optional=True),
            text_column(_("Comment"), "comment", tone="soft"),
        ),
        of_patient=lambda patient: patient.metastases,
        ask_form=partial(ask_record, Metastasis),
        deletion_notice=lambda each: _("The metastasis “{site}” was deleted.").format(
            site=words(each.site)
        ),
    )


def _end_kind() -> RecordKind[EndOfTreatment]:
    return RecordKind(
        title=_("End of treatment"),
        add_text=_("New end…"),
        empty=_("Not recorded. Add it with Ctrl+Shift+E."),
        delete_label=N_("Delete end of treatment"),
        columns=(
            date_column(_("Date"), "ended_on"),
            code_column(_("Reason"), "reason", optional=False),
            text_column(_("Comment"), "comment", tone="soft", stretch=True, optional=False),
        ),
        of_patient=lambda patient: patient.ends,
        ask_form=partial(ask_record, EndOfTreatment),
        deletion_notice=lambda each: _("The end of treatment of {date} was deleted.").format(
            date=date_text(each.ended_on)
        ),
    )


def _follow_up_kind() -> RecordKind[FollowUp]:
    return RecordKind(
        title=_("Follow-ups"),
        add_text=_("New follow-up…"),
        empty=_("No follow-ups yet. Add the first with Ctrl+Shift+F."),
        delete_label=N_("Delete follow-up"),
        columns=(
            date_column(_("Date"), "seen_on"),
            Column(
                _("Status"),
                lambda each: words(each.status),
                tone=lambda each: "" if each.status == "alive" else "soft",
                stretch=True,
            ),
            code_column(_("Cause"), "cause"),
            number_column("ECOG", "ecog"),
            number_column(_("Weight, kg"), "weight_kg"),
            text_column(_("Comment"), "comment", tone="soft"),
        ),
        of_patient=lambda patient: patient.follow_ups,
        ask_form=partial(ask_record, FollowUp),
        remove=whole_patient.remove_follow_up,
        deletion_notice=lambda each: _("The follow-up of {date} was deleted.").format(
            date=date_text(each.seen_on)
        ),
    )


def _end_text(therapy: Therapy) -> str:
    if therapy.ongoing:
        return _("ongoing")
    return date_text(therapy.ended_on) if therapy.ended_on else ""
