"""The form of key images: of new ones that were read already, or of one that is to be edited."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QWidget

from gui.fields.choice import ChoiceField
from gui.fields.dates import DateField
from gui.fields.text import TextField
from gui.forms.record_form import RecordForm, Suggestion
from gui.session.background import Background, Cancelled, Job
from gui.session.session import Session
from gui.style import theme
from gui.words import words
from model.dates import shown
from model.errors import InvalidRecord, KnownError
from model.language import _, ngettext
from model.records import assessments, images
from model.records.assessments import Assessment
from model.records.images import DICOM, KeyImage, NewImage
from model.store.step import Step

SIDE = 84
_KEEP = Qt.AspectRatioMode.KeepAspectRatio
_SMOOTH = Qt.TransformationMode.SmoothTransformation
MOST_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImages:
    """Pictures to be added, with the day and the assessment that they seem to be of."""

    images: Sequence[NewImage]
    taken_on: date | None = None
    assessment_id: int | None = None
    is_day_of_assessment: bool = False
    """Whether the day is that of the assessment, because the files say none."""
    differing_days: Sequence[date] = ()
    """The days that the files say, where these are not one."""


class KeyImageForm(RecordForm[KeyImage]):
    """`KeyImageForm.ask(parent, session, patient_id, image)`, or with `new` for new ones.

    New pictures share what is entered and are added in one step, off the GUI thread by
    `background`; the form stays open and busy until they are kept, and Escape stops that. The
    assessment of the day is suggested until one is chosen.
    """

    KIND = KeyImage
    TITLES = (_("New key image"), _("Edit key image"))
    STEPS = ("Add key image", "Edit key image")

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        image: KeyImage | None = None,
        new: NewImages | None = None,
        background: Background | None = None,
    ) -> None:
        super().__init__(parent, session, patient_id, image)
        self.new = new or NewImages(images=())
        self._background = background
        self._stop = threading.Event()
        self._known = assessments.of_patient(session.casebook, patient_id)
        self.add_section()
        if self.new.images:
            self.add_wide(self._pictures())
        day = DateField(today=self.today, cycle_dates=self.cycle_dates, required=True)
        self.taken_on = self.add_row(_("&Date"), day, "taken_on")
        self._day_source = QLabel(_("The day of the chosen assessment: the files say none."))
        self._day_source.setWordWrap(True)
        theme.set_kind(self._day_source, "hint")
        day.add_below(self._day_source)
        choices = [(each.id or 0, _told(each)) for each in self._known]
        field: ChoiceField[int] = ChoiceField(choices, blank=_("None"))
        self.assessment = self.add_row(_("&Assessment"), field, "assessment_id")
        self.add_row(_("&Caption"), TextField(), "caption")
        if len(self.new.images) > 1:
            self.fields["caption"].show_hint(_("Of all; edit each with F2 afterwards."))
        if self.new.differing_days:
            days = ", ".join(map(shown, self.new.differing_days))
            said = _(
                "The files are of different days: %s. Add those of one day at a time, or give each"
                " its own date with F2 afterwards."
            )
            self.add_wide(_remark(said % days))
        if any(each.media_type == DICOM for each in self.new.images):
            self.add_wide(_remark(_(images.HEADER_WARNING)))
        self._busy = self._busy_bar()
        if self.new.images:
            self.add_wide(self._busy)
        self.fill(image, taken_on=self.new.taken_on, assessment_id=self.new.assessment_id)
        self._suggested = Suggestion(
            self.assessment, _("Suggested by the date."), chosen=image is not None
        )
        self.taken_on.changed.connect(self._suggest)
        self._suggest()

    def accept(self) -> None:
        """Save what is said of a picture; or begin to keep new ones, after which it closes."""
        if self._background is None or not self.new.images:
            super().accept()
            return
        if self.is_busy():
            return
        faults = {name: fault for name, field in self.fields.items() if (fault := field.fault())}
        self.show_problems(faults)
        if faults:
            return
        self._show_busy(True)
        self._stop.clear()
        stop, entered, new, patient_id = (
            *(self._stop, self.entered()),
            *(self.new.images, self.patient_id),
        )

        def work(step: Step, job: Job) -> KeyImage:
            kept = []
            for done, each in enumerate(new):
                job.progress(done, len(new))
                if stop.is_set():
                    raise Cancelled
                kept.append(images.add(step, patient_id, each, **entered))
            return kept[0]

        label = "Add key images" if len(new) > 1 else self.STEPS[0]
        self.session.do_aside(
            self._background, self, label, work, self._kept, self._refused, self._show_progress
        )

    def reject(self) -> None:
        """Close, asking first if something was typed; while pictures are kept, stop that."""
        if self.is_busy():
            # What is committed already is answered as kept: only the worker knows.
            self._stop.set()
            self.cancel_button.setEnabled(False)
        else:
            super().reject()

    def is_busy(self) -> bool:
        """Whether new pictures are being kept."""
        return not self._busy.isHidden()

    def keep(self, step: Step, record: KeyImage) -> KeyImage:
        """Save what is said of a picture."""
        return images.save(step, record)

    def _pictures(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for new in self.new.images[:MOST_SHOWN]:
            seen = QPixmap()
            seen.loadFromData(new.thumbnail)
            label = QLabel()
            label.setPixmap(seen.scaled(SIDE, SIDE, _KEEP, _SMOOTH))
            label.setAccessibleName(_("Thumbnail"))
            layout.addWidget(label)
        more = len(self.new.images) - MOST_SHOWN
        if more > 0:
            layout.addWidget(QLabel(ngettext("and {n} more", "and {n} more", more).format(n=more)))
        layout.addStretch(1)
        return row

    def _busy_bar(self) -> QProgressBar:
        bar = QProgressBar(self)
        bar.setTextVisible(False)
        bar.setAccessibleName(_("Adding the pictures"))
        kept = bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        bar.setSizePolicy(kept)
        bar.hide()
        return bar

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

    def _kept(self, first: KeyImage) -> None:
        self._saved = first
        QDialog.accept(self)

    def _refused(self, error: BaseException) -> None:
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
        try:
            day = self.taken_on.value()
        except KnownError:
            day = None
        of_day = [each.id for each in self._known if each.assessed_on == day]
        wanted = self.new.assessment_id
        if wanted not in of_day:
            wanted = of_day[0] if len(of_day) == 1 else None
        self._suggested.show(wanted)
        is_taken_over = self.new.is_day_of_assessment and day == self.new.taken_on
        self._day_source.setVisible(is_taken_over)


def _remark(words: str) -> QLabel:
    label = QLabel(words)
    label.setWordWrap(True)
    theme.set_kind(label, "remark")
    return label


def _told(assessment: Assessment) -> str:
    facts = (shown(assessment.assessed_on), assessment.response, words(assessment.timepoint))
    return " · ".join(filter(None, (*facts, assessment.modality)))
