"""The card of a patient's key images: add images by button, key, drop or paste, and open them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from gui.forms.key_image import KeyImageForm, NewImages
from gui.pages.patient.imaging import intake
from gui.pages.patient.imaging.intake import FILTER, ReadImages, files_of, picture_of
from gui.pages.patient.imaging.side_by_side import MAX_IMAGES
from gui.pages.patient.imaging.strip import Strip, items_of, title_of
from gui.plots.images import decoder
from gui.plots.images.image_pixels import thumbnail
from gui.session.background import Background, Job
from gui.session.session import Session
from gui.widgets import messages
from gui.widgets.card import Card, button
from gui.widgets.key_filter import KeyFilter, is_plain
from gui.widgets.layout import label
from gui.widgets.undo_notice import take_step
from model.errors import KnownError
from model.language import N_, _, ngettext
from model.records import images, kinds, patients
from model.records.assessments import Assessment
from model.records.images import KeyImage
from model.records.patient_records import PatientRecords
from model.store import rows
from model.store.casebook import Casebook
from model.store.step import Step

_MAX_PROBLEMS = 8  # sentences that a message has room for on a small screen


class KeyImagesCard(Card):
    """Thumbnails by date. `opened` emits the images to show side by side.

    `chosen_assessment` returns the assessment that new images belong to by default.
    """

    opened = Signal(list)

    def __init__(
        self,
        session: Session,
        background: Background,
        chosen_assessment: Callable[[], Assessment | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Key images"), parent)
        decoder.start()
        self._session = session
        self._background = background
        self._chosen_assessment = chosen_assessment
        self._patient_id: int | None = None
        self._reading: Job | None = None
        self.body.setContentsMargins(10, 2, 10, 8)
        self.open_button = button(_("Side by side"), "link")
        self.open_button.setToolTip(_("Enter: the selected images, or the last four"))
        self.add_button = button(_("Add pictures…"), "link")
        self.add_button.setToolTip(_("Insert, Ctrl+V or a drop of files"))
        self.add_action(self.open_button)
        self.add_action(self.add_button)
        self.strip = Strip()
        text = _(
            "No key images yet. Drop PNG, JPEG, TIFF or DICOM files here, paste a copied picture"
            " with Ctrl+V, or press Insert."
        )
        self.empty = label(text, "empty", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.add(self.strip)
        self.add(self.empty)
        self.add_button.clicked.connect(self.ask_files)
        self.open_button.clicked.connect(self.open_chosen)
        self.strip.doubleClicked.connect(self.open_chosen)
        KeyFilter(self.strip, self._action_of)
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence(Qt.Key.Key_Insert), self, self.ask_files, context=scope)

    def show_patient(self, records: PatientRecords | None) -> None:
        """Show a patient's images, or none; drop images that are being read for another patient."""
        patient_id = records.id if records else None
        if patient_id != self._patient_id:
            self._background.cancel(self)
            if self._reading is not None:
                self._reading = None
                messages.notice(self, _("The pictures were not added: another patient is shown."))
            self.strip.show_items([])
        self._patient_id = patient_id
        all_images = (
            kinds.of_patient(self._session.casebook, KeyImage, records.id) if records else []
        )
        self.strip.show_items(items_of(all_images, records.assessments if records else ()))
        self.strip.setVisible(bool(all_images))
        self.empty.setVisible(not all_images)
        self.open_button.setVisible(bool(all_images))
        self.add_button.setEnabled(patient_id is not None)
        self._load_thumbnails()

    def ask_files(self) -> None:
        """Ask for files to add."""
        if self._patient_id is None:
            return
        chosen, _kind = QFileDialog.getOpenFileNames(
            self, _("Add pictures"), str(Path.home()), ";;".join((FILTER, _("All files (*)")))
        )
        self.add_files([Path(each) for each in chosen])

    def paste(self) -> None:
        """Add the files or the picture in the clipboard."""
        mime = QApplication.clipboard().mimeData()
        paths, picture = files_of(mime), picture_of(mime)
        if paths:
            self.add_files(paths)
        elif picture is not None:
            self.add_picture(picture)
        else:
            messages.notice(self, _("There is no picture to paste: copy one first."))

    def add_files(self, paths: Sequence[Path]) -> None:
        """Read files off the GUI thread, then open the form for their date and caption."""
        if paths:
            self._read(lambda job: intake.read_files(job, paths))

    def add_picture(self, picture: QImage) -> None:
        """Add a picture that is not a file, and open the form for its date and caption."""
        self._read(lambda job: intake.read_picture(job, picture))

    def open_chosen(self) -> None:
        """Open the selected images side by side, or the last four if none is selected."""
        chosen = self.strip.chosen()
        if len(chosen) > MAX_IMAGES:
            text = _("At most {n} images are shown side by side: the first of those selected.")
            messages.notice(self, text.format(n=MAX_IMAGES))
        if not chosen:
            chosen = [item.image for item in self.strip.thumbnails.items][-MAX_IMAGES:]
        if chosen:
            self.opened.emit(chosen[:MAX_IMAGES])

    def edit(self, image: KeyImage) -> None:
        """Open the form for an image."""
        KeyImageForm.ask(self, self._session, image.patient_id, image)
        self.strip.setFocus()

    def delete(self, chosen: Sequence[KeyImage]) -> None:
        """Move images to the bin in one step, and offer to undo it."""

        def work(step: Step) -> None:
            for image in chosen:
                rows.remove(step, image)

        label = N_("Delete key image") if len(chosen) == 1 else N_("Delete key images")
        notice = ngettext(
            "The key image “{title}” was deleted.", "{n} key images were deleted.", len(chosen)
        ).format(n=len(chosen), title=title_of(chosen[0]))
        if take_step(self, self._session, label, work, notice, opened=chosen):
            (self.strip if self.strip.isVisible() else self.add_button).setFocus()

    def _action_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        chosen, current = self.strip.chosen(), self.strip.current()
        match event.key() if is_plain(event) else None:
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                return self.open_chosen
            case Qt.Key.Key_F2 if current is not None:
                return lambda: self.edit(current)
            case Qt.Key.Key_Delete if chosen:
                return lambda: self.delete(chosen)
        return None

    # Off the GUI thread

    def _read(self, work: Callable[[Job], ReadImages]) -> None:
        patient_id = self._patient_id
        if patient_id is None:
            return
        if self._reading is not None:
            messages.notice(
                self,
                _(
                    "Other pictures are still being read: these were not added. Add them when the"
                    " others are."
                ),
            )
            return
        self.add_button.setEnabled(False)
        self._reading = self._background.run(
            self,
            work,
            lambda read: self._ask_details(patient_id, read),
            self._stop_reading,
        )

    def _stop_reading(self, error: BaseException) -> None:
        self._reading = None
        self.add_button.setEnabled(True)
        raise error

    def _ask_details(self, patient_id: int, read: ReadImages) -> None:
        self._reading = None
        self.add_button.setEnabled(True)
        if (
            patient_id != self._patient_id
            or patients.find(self._session.casebook, patient_id) is None
        ):
            return
        if read.problems:
            sentences = list(read.problems[:_MAX_PROBLEMS])
            if more := len(read.problems) - len(sentences):
                others = ngettext("And {n} more file.", "And {n} more files.", more)
                sentences.append(others.format(n=more))
            messages.error(self, KnownError("\n".join(sentences)))
        if not read.images:
            return
        chosen = self._chosen_assessment()
        day = read.taken_on
        if not read.days and chosen is not None:
            day = chosen.assessed_on
        is_same_day = chosen is not None and day == chosen.assessed_on
        new = NewImages(
            images=read.images,
            taken_on=day,
            assessment_id=chosen.id if chosen and is_same_day else None,
            is_day_of_assessment=chosen is not None and not read.days,
            differing_days=read.days if len(read.days) > 1 else (),
        )
        KeyImageForm.ask(self, self._session, patient_id, None, new, self._background)
        if self.strip.isVisible():
            self.strip.setFocus()

    def _load_thumbnails(self) -> None:
        missing = self.strip.thumbnails.missing()
        if not missing:
            return
        patient_id, casebook = self._patient_id, self._session.casebook

        def show(thumbnails: dict[int | None, QImage]) -> None:
            if patient_id == self._patient_id:
                self.strip.thumbnails.show_thumbnails(thumbnails)

        self._background.run(
            self, lambda job: _thumbnails(job, casebook, missing), show, replaces="thumbnails"
        )


def _thumbnails(
    job: Job, casebook: Casebook, key_images: Sequence[KeyImage]
) -> dict[int | None, QImage]:
    """Return the stored or a new thumbnail of each image, by id; empty if it cannot be read.

    Called off the GUI thread; reads on a connection of its own.
    """
    thumbnails = {}
    with casebook.new_connection() as reader:
        for image in key_images:
            job.check()
            try:
                if image.thumbnail_data_id is not None:
                    content = images.content(reader, image.thumbnail_data_id)
                else:
                    content = thumbnail(decoder.decode(images.content(reader, image.image_data_id)))
                thumbnails[image.id] = QImage.fromData(content)
            except KnownError:
                thumbnails[image.id] = QImage()
    return thumbnails
