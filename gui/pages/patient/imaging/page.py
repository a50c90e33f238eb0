"""The Imaging tab: assessments with their response, and key images."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from gui.pages.patient.columns import code_column, date_column, number_column, text_column
from gui.pages.patient.imaging.images import KeyImagesCard
from gui.pages.patient.imaging.intake import files_of, picture_of
from gui.pages.patient.imaging.side_by_side import SideBySide
from gui.pages.patient.imaging.sums import SumsLine, response_text
from gui.pages.patient.record_card import RecordKind
from gui.pages.patient.record_forms import ask_record
from gui.pages.patient.tab import GAP, RecordsTab
from gui.session.background import Background
from gui.session.session import Session
from gui.widgets.layout import column
from gui.widgets.row_model import RIGHT, Column
from gui.widgets.undo_notice import take_step
from gui.words import change_text
from model.dates import date_text
from model.imaging import recist
from model.imaging.recist import ResponseRules, SumReading
from model.language import N_, _
from model.records import assessments
from model.records.assessments import Assessment
from model.records.images import KeyImage
from model.records.patient_records import PatientRecords

_TONES = {"CR": "good", "PR": "good", "SD": "", "PD": "alert", "NE": "soft"}


class ImagingPage(RecordsTab):
    """A patient's assessments, oldest first, and key images. Files and pictures can be dropped."""

    listens_to = frozenset(("patient", "assessment", "key_image", "cycle", "setting"))

    def __init__(
        self, session: Session, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, parent)
        self._readings: dict[int | None, SumReading] = {}
        self.sums = SumsLine()
        kind: RecordKind[Assessment] = RecordKind(
            title=_("Imaging"),
            add_text=_("New assessment…"),
            empty=_("No imaging yet. Add the first assessment with Ctrl+Shift+A."),
            delete_label=N_("Delete assessment"),
            columns=self._columns(),
            of_patient=lambda patient: patient.assessments,
            ask_form=partial(ask_record, Assessment),
            remove=assessments.remove,
            deletion_notice=lambda each: _("The assessment of {date} was deleted.").format(
                date=date_text(each.assessed_on)
            ),
        )
        card = self.card(kind)
        card.add(self.sums)
        for index, widget in enumerate((self.sums.confirm, self.sums.stable), start=2):
            card.head.insertWidget(index, widget)
        card.head.setSpacing(12)
        table = card.table

        def chosen_assessment() -> Assessment | None:
            # When a table gets the keyboard, its first row is current, but nobody chose it.
            return table.chosen() if table.view.selectionModel().hasSelection() else None

        self.images = KeyImagesCard(session, background, chosen_assessment)
        self.side_by_side = SideBySide(session, background)
        records = QWidget()
        column((card, 1), self.images, spacing=GAP, of=records)
        self.stack = QStackedWidget()
        self.stack.addWidget(records)
        self.stack.addWidget(self.side_by_side)
        self.fill((self.stack, 1))
        self.setAcceptDrops(True)
        self.images.opened.connect(self.open_images)
        self.side_by_side.closed.connect(self._show_tables)
        self.sums.rules_changed.connect(self._save_rules)
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self, self._paste, context=scope)

    def show_patient(self, records: PatientRecords | None) -> None:
        """Show a patient's assessments and images; close open images of another patient."""
        self._readings = {}
        if records is None:
            self.sums.hide()
        else:
            rules = recist.load_rules(records.settings)
            sums = recist.evaluate(records.assessments, records.first_cycle_on, rules)
            self._readings = {each.assessment_id: each for each in sums.readings}
            self.sums.show_sums(sums, rules)
        super().show_patient(records)
        self.images.show_patient(records)
        self._close_outdated_images()

    def open_images(self, chosen: Sequence[KeyImage]) -> None:
        """Show images side by side instead of the tables."""
        if self.records is not None:
            self.stack.setCurrentWidget(self.side_by_side)
            self.setFocusProxy(self.side_by_side)
            self.side_by_side.open_images(self.records.patient.code, chosen)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files and pictures."""
        mime = event.mimeData()
        if self.records is not None and (files_of(mime) or mime.hasImage()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add the dropped files or picture."""
        paths, picture = files_of(event.mimeData()), picture_of(event.mimeData())
        event.acceptProposedAction()
        self.side_by_side.close_images()
        if paths:
            self.images.add_files(paths)
        elif picture is not None:
            self.images.add_picture(picture)

    def _paste(self) -> None:
        if self.records is not None:
            self.side_by_side.close_images()
            self.images.paste()

    def _show_tables(self) -> None:
        self.stack.setCurrentIndex(0)
        self.setFocusProxy(self.cards[0])
        if self.isVisible():
            self.images.strip.setFocus()

    def _close_outdated_images(self) -> None:
        """Close the open images if one was changed or deleted, or is another patient's."""
        open_images = self.side_by_side.shown_images()
        current = {item.image for item in self.images.strip.thumbnails.items}
        if not set(open_images) <= current:
            self.side_by_side.close_images()

    def _save_rules(self, rules: ResponseRules) -> None:
        label = N_("Change the rules of response")
        seen = {recist.SETTING: self.records.settings.get(recist.SETTING)} if self.records else {}
        take_step(self, self.session, label, lambda step: recist.save_rules(step, rules), seen=seen)

    def _reading(self, assessment: Assessment) -> SumReading | None:
        return self._readings.get(assessment.id)

    def _from_baseline(self, assessment: Assessment) -> Decimal | None:
        reading = self._reading(assessment)
        return reading.from_baseline if reading else None

    def _from_nadir(self, assessment: Assessment) -> Decimal | None:
        reading = self._reading(assessment)
        return reading.from_nadir if reading else None

    def _columns(self) -> Sequence[Column[Assessment]]:
        return (
            date_column(_("Date"), "assessed_on"),
            Column(
                _("Response"),
                lambda each: each.response or "–",
                tone=lambda each: _TONES.get(each.response or "", "soft"),
            ),
            *self._sum_columns(),
            code_column(_("Timepoint"), "timepoint", optional=False),
            code_column(_("Tracer, modality"), "modality", optional=False),
            text_column(_("Criteria"), "criteria"),
            Column(
                _("After cycle"),
                _after_cycle,
                lambda each: each.after_cycle,
                optional=True,
            ),
            number_column("SUVmax", "suvmax"),
            number_column("Krenning", "krenning"),
            text_column("NETPET", "netpet"),
            text_column(_("Findings"), "comment", tone="soft", stretch=True),
        )

    def _sum_columns(self) -> Sequence[Column[Assessment]]:
        """Return the columns of RECIST 1.1, which are visible if a sum is recorded."""
        return (
            Column(
                _("Computed"),
                lambda each: response_text(self._reading(each)),
                tone=self._computed_tone,
                tip=self._computed_tip,
                optional=True,
            ),
            number_column(_("Sum, mm"), "sum_of_diameters_mm"),
            Column(
                _("Δ baseline"),
                lambda each: change_text(self._from_baseline(each)),
                self._from_baseline,
                align=RIGHT,
                optional=True,
            ),
            Column(
                _("Δ nadir"),
                lambda each: change_text(self._from_nadir(each)),
                self._from_nadir,
                align=RIGHT,
                optional=True,
            ),
        )

    def _computed_tone(self, assessment: Assessment) -> str:
        reading = self._reading(assessment)
        return "warn" if reading and reading.disagrees else "soft"

    def _computed_tip(self, assessment: Assessment) -> str:
        reading = self._reading(assessment)
        if reading is None:
            return ""
        lines = [*reading.remarks]
        if reading.disagrees:
            text = _("Read as {read}; the sum of diameters gives {computed}.")
            lines.insert(0, text.format(read=assessment.response, computed=reading.response))
        return "\n".join(lines) or _("Target lesions by the sum of diameters, RECIST 1.1.")


def _after_cycle(assessment: Assessment) -> str:
    if assessment.after_cycle is None:
        return ""
    return f"C{assessment.after_cycle}" if assessment.after_cycle else _("before C1")
