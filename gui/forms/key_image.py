"""The form of key images: of new ones that were read already, or of one that is to be edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gui import theme
from gui.field import ChoiceField, DateField, TextField
from gui.forms.record_form import RecordForm
from gui.forms.suggestion import Suggestion
from gui.session import Session
from gui.words import count_text, words
from model import assessments, images
from model.assessments import Assessment
from model.dates import shown
from model.errors import KnownError
from model.images import DICOM, KeyImage, NewImage
from model.step import Step

SIDE = 110
_KEEP = Qt.AspectRatioMode.KeepAspectRatio
_SMOOTH = Qt.TransformationMode.SmoothTransformation
MOST_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImages:
    """Pictures to be added, with the day and the assessment that they seem to be of."""

    images: Sequence[NewImage]
    taken_on: date | None = None
    assessment_id: int | None = None


class KeyImageForm(RecordForm[KeyImage]):
    """`KeyImageForm.ask(parent, session, patient_id, image)`, or with `new` for new ones.

    New pictures share what is entered and are added in one step. The assessment of the day is
    suggested until one is chosen.
    """

    KIND = KeyImage
    TITLES = ("New key image", "Edit key image")
    STEPS = ("Add key image", "Edit key image")

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        image: KeyImage | None = None,
        new: NewImages | None = None,
    ) -> None:
        super().__init__(parent, session, patient_id, image)
        self.new = new or NewImages(images=())
        self._known = assessments.of_patient(session.casebook, patient_id)
        self.add_section()
        if self.new.images:
            self.add_wide(self._pictures())
        day = DateField(today=self.today, cycle_dates=self.cycle_dates, required=True)
        self.taken_on = self.add_row(self.tr("&Date"), day, "taken_on")
        choices = [(each.id or 0, _told(each)) for each in self._known]
        field: ChoiceField[int] = ChoiceField(choices, blank=self.tr("None"))
        self.assessment = self.add_row(self.tr("&Assessment"), field, "assessment_id")
        self.add_row(self.tr("&Caption"), TextField(), "caption")
        if len(self.new.images) > 1:
            self.fields["caption"].show_hint(self.tr("Of all; edit each with F2 afterwards."))
        if any(each.media_type == DICOM for each in self.new.images):
            warning = QLabel(self.tr(images.HEADER_WARNING))
            warning.setWordWrap(True)
            theme.set_kind(warning, "remark")
            self.add_wide(warning)
        self.fill(image, taken_on=self.new.taken_on, assessment_id=self.new.assessment_id)
        is_chosen = image is not None or self.new.assessment_id is not None
        self._suggested = Suggestion(
            self.assessment, self.tr("Suggested by the date."), chosen=is_chosen
        )
        self.taken_on.changed.connect(self._suggest)
        self._suggest()

    def save(self) -> KeyImage:
        """Save in one step; gives the first of new ones."""
        if not self.new.images:
            return super().save()
        entered = self.entered()

        def work(step: Step) -> list[KeyImage]:
            return [images.add(step, self.patient_id, each, **entered) for each in self.new.images]

        many = len(self.new.images) > 1
        return self.session.do("Add key images" if many else self.STEPS[0], work)[0]

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
            label.setAccessibleName(self.tr("Thumbnail"))
            layout.addWidget(label)
        more = len(self.new.images) - MOST_SHOWN
        if more > 0:
            layout.addWidget(QLabel(self.tr("and %s") % count_text(more, "more", "more")))
        layout.addStretch(1)
        return row

    @Slot()
    def _suggest(self) -> None:
        try:
            day = self.taken_on.value()
        except KnownError:
            day = None
        of_day = [each.id for each in self._known if each.assessed_on == day]
        self._suggested.show(of_day[0] if len(of_day) == 1 else None)


def _told(assessment: Assessment) -> str:
    facts = (shown(assessment.assessed_on), assessment.response, words(assessment.timepoint))
    return " · ".join(filter(None, (*facts, assessment.modality)))
