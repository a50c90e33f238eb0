"""The form that adds new key images, already read from files, or edits one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from gui.fields.choice import ChoiceField
from gui.fields.text import TextField
from gui.forms.form import busy_bar
from gui.forms.record_form import RecordForm, Suggestion
from gui.session.background import Background, Cancelled, Job
from gui.session.session import Session
from gui.widgets.layout import label, row
from gui.words import words
from model.dates import date_text
from model.errors import InvalidRecord, KnownError
from model.language import N_, _, ngettext
from model.records import images, kinds
from model.records.assessments import Assessment
from model.records.images import DICOM, KeyImage, NewImage
from model.store.step import Step

SIDE = 84
_KEEP = Qt.AspectRatioMode.KeepAspectRatio
_SMOOTH = Qt.TransformationMode.SmoothTransformation
MOST_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImages:
    """Images to be added, with the date and the assessment that they seem to belong to."""

    images: Sequence[NewImage]
    taken_on: date | None = None
    assessment_id: int | None = None
    is_day_of_assessment: bool = False
    """Whether the date is that of the assessment, because the files have none."""
    differing_days: Sequence[date] = ()
    """The dates of the files, if they differ."""


class KeyImageForm(RecordForm[KeyImage]):
    """One key image, or with `new` the common fields of new ones.

    New images are added in one step, in `background`; the form stays open and busy until they are
    saved, and Escape stops the saving. The assessment of the date is suggested until one is chosen.
    """

    KIND = KeyImage
    TITLES = (_("New key image"), _("Edit key image"))
    STEPS = (N_("Add key image"), N_("Edit key image"))
    SAVE = staticmethod(images.save)

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        image: KeyImage | None = None,
        new: NewImages | None = None,
        background: Background | None = None,
    ) -> None:
        self.new = new or NewImages(images=())
        self._background = background
        self._stop = threading.Event()
        self._assessments = kinds.of_patient(session.casebook, Assessment, patient_id)
        super().__init__(parent, session, patient_id, image)
        self._suggested = Suggestion(
            self.assessment, _("Suggested by the date."), chosen=image is not None
        )
        self.taken_on.changed.connect(self._suggest)
        self._suggest()

    def add_rows(self) -> None:
        """Add thumbnails of new images, the fields, and what to consider."""
        self.add_section()
        if self.new.images:
            self.add_wide(self._pictures())
        day = self.date_field(required=True)
        self.taken_on = self.add_row("taken_on", _("&Date"), day)
        source = _("Date of the chosen assessment (the files have none).")
        self._day_source = label(source, "hint", wrap=True)
        day.add_below(self._day_source)
        choices = [(each.id or 0, _assessment_text(each)) for each in self._assessments]
        field: ChoiceField[int] = ChoiceField(choices, blank=_("None"))
        self.assessment = self.add_row("assessment_id", _("&Assessment"), field)
        self.add_row("caption", _("&Caption"), TextField())
        if len(self.new.images) > 1:
            self.fields["caption"].show_hint(_("For all of them; edit each with F2 afterwards."))
        if self.new.differing_days:
            differing = _(
                "The files are of different dates: {dates}. Add those of one date at a time, or"
                " give each its own date with F2 afterwards."
            )
            dates = ", ".join(map(date_text, self.new.differing_days))
            self.add_text(differing.format(dates=dates), "remark")
        if any(each.media_type == DICOM for each in self.new.images):
            self.add_text(_(images.HEADER_WARNING), "remark")
        self._busy = busy_bar(_("Adding the images"), self)
        if self.new.images:
            self.add_wide(self._busy)

    def first_values(self) -> dict[str, Any]:
        """Return the date and assessment that the new images seem to belong to."""
        return {"taken_on": self.new.taken_on, "assessment_id": self.new.assessment_id}

    def accept(self) -> None:
        """Save an edited image; or start to add new ones, after which the form closes."""
        if self._background is None or not self.new.images:
            super().accept()
            return
        if self.is_busy() or self.has_faults():
            return
        self._show_busy(True)
        self._stop.clear()
        # The worker must not touch the form.
        stop, new = self._stop, self.new.images
        patient_id, entered = self.patient_id, self.entered()

        def work(step: Step, job: Job) -> KeyImage:
            added = []
            for done, each in enumerate(new):
                job.progress(done, len(new))
                if stop.is_set():
                    raise Cancelled
                added.append(images.add(step, patient_id, each, **entered))
            return added[0]

        label = N_("Add key images") if len(new) > 1 else self.STEPS[0]
        self.session.do_aside(
            self._background, self, label, work, self._added, self._fail, self._show_progress
        )

    def reject(self) -> None:
        """Close, asking first about unsaved input; while images are being added, stop that."""
        if self.is_busy():
            # Only the worker knows whether the step has been committed already.
            self._stop.set()
            self.cancel_button.setEnabled(False)
        else:
            super().reject()

    def is_busy(self) -> bool:
        """Return whether new images are being added."""
        return not self._busy.isHidden()

    def _pictures(self) -> QWidget:
        pictures = QWidget()
        layout = row(of=pictures)
        for new in self.new.images[:MOST_SHOWN]:
            thumbnail = QPixmap()
            thumbnail.loadFromData(new.thumbnail)
            picture = QLabel()
            picture.setPixmap(thumbnail.scaled(SIDE, SIDE, _KEEP, _SMOOTH))
            picture.setAccessibleName(_("Thumbnail"))
            layout.addWidget(picture)
        more = len(self.new.images) - MOST_SHOWN
        if more > 0:
            layout.addWidget(QLabel(ngettext("and {n} more", "and {n} more", more).format(n=more)))
        layout.addStretch(1)
        return pictures

    def _show_busy(self, busy: bool) -> None:
        self._busy.setRange(0, 0)
        self._busy.setVisible(busy)
        for field in self.fields.values():
            field.setEnabled(not busy)
        self.save_button.setEnabled(not busy)
        self.save_button.setText(_("Adding…") if busy else _("&Save"))
        self.cancel_button.setEnabled(True)
        (self.cancel_button if busy else self.taken_on.input()).setFocus()

    def _show_progress(self, done: int, total: int, _doing: str) -> None:
        if total > 1:
            self._busy.setRange(0, total)
            self._busy.setValue(done)

    def _added(self, first: KeyImage) -> None:
        self._saved = first
        QDialog.accept(self)

    def _fail(self, error: BaseException) -> None:
        self._show_busy(False)
        if isinstance(error, InvalidRecord):
            self.show_problems(error.problems)
        elif isinstance(error, KnownError):
            self.show_problem(str(error))
        elif isinstance(error, Cancelled):
            self.show_problem(_("Stopped. Nothing was added."))
        else:
            raise error

    @Slot()
    def _suggest(self) -> None:
        day = self.taken_on.readable()
        of_day = [each.id for each in self._assessments if each.assessed_on == day]
        suggested = self.new.assessment_id
        if suggested not in of_day:
            suggested = of_day[0] if len(of_day) == 1 else None
        self._suggested.show(suggested)
        is_inherited = self.new.is_day_of_assessment and day == self.new.taken_on
        self._day_source.setVisible(is_inherited)


def _assessment_text(assessment: Assessment) -> str:
    facts = (date_text(assessment.assessed_on), assessment.response, words(assessment.timepoint))
    return " · ".join(filter(None, (*facts, assessment.modality)))
