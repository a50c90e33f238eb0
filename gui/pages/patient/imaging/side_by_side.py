"""Two to four key images of a patient side by side, with one zoom, position and window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import log2

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QSlider,
    QWidget,
)

from gui.pages.patient.imaging.strip import day_of
from gui.plots.images.decoder import decode
from gui.plots.images.image_panel import ZOOM_STEP, ImagePanel
from gui.plots.images.image_view import MAX_LEVEL, ImageView
from gui.session.background import Background, Job
from gui.session.session import Session
from gui.style import theme
from gui.widgets.card import button
from gui.widgets.layout import column, label, row
from model.errors import KnownError
from model.imaging.picture import Picture
from model.language import _
from model.records import images
from model.records.images import KeyImage
from model.store.casebook import Casebook

MAX_IMAGES = 4
PAN_STEP = 0.05
_LEVELS = 100
_WIDTH_STEPS = 20  # slider steps that double the width

Opened = list[Picture | KnownError]


class SideBySide(QWidget):
    """Opens images off the GUI thread and shows them by date; `closed` is emitted on Escape.

    Keys: + and − enlarge, arrows move, Shift with arrows sets the window, 0 resets.
    """

    closed = Signal()

    def __init__(
        self, session: Session, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self._images: list[KeyImage] = []
        self.image_view = ImageView(self)
        self.panels: list[ImagePanel] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Key images side by side"))
        self.back_button = button(_("‹ Back"), "quiet")
        self.back_button.setToolTip(_("Escape"))
        self.back_button.clicked.connect(self.close_images)
        self.title = label(kind="heading")
        self.level = self._slider(_("Level"), -_LEVELS, _LEVELS)
        self.width_slider = self._slider(_("Width"), -4 * _WIDTH_STEPS, 2 * _WIDTH_STEPS)
        self.reset_button = button(_("Reset"))
        self.reset_button.setToolTip(_("0, or a double click on a picture"))
        self.reset_button.clicked.connect(self._reset)
        hint = _("Drag to pan, scroll or + − to zoom, right-drag to set the window of all.")
        head = row(
            *(self.back_button, self.title, 1),
            *(label(_("Level"), "soft"), self.level, label(_("Width"), "soft"), self.width_slider),
            self.reset_button,
        )
        frame = QFrame()
        theme.set_kind(frame, "card")
        self._grid = QGridLayout(frame)
        self._grid.setContentsMargins(1, 1, 1, 1)
        self._grid.setSpacing(2)
        column(head, (frame, 1), label(hint, "hint"), of=self)
        self.image_view.changed.connect(self._follow_view)

    def open_images(self, code: str, chosen: Sequence[KeyImage]) -> None:
        """Show up to four images of the patient with this code, by date."""
        self._clear()
        self._images = sorted(chosen[:MAX_IMAGES], key=lambda each: each.taken_on or date.max)
        self.title.setText(_("Key images of {code}").format(code=code))
        for image in self._images:
            label = f"{code} · {day_of(image)}"
            panel = ImagePanel(self.image_view, label, image.caption or "", self)
            panel.show_sentence(_("Opening…"))
            self.panels.append(panel)
        self._lay_out(across=len(self.panels))
        self.image_view.reset()
        self.setFocus()
        casebook, key_images = self._session.casebook, tuple(self._images)
        self._background.run(
            self,
            lambda job: _open(job, casebook, key_images),
            lambda opened: self._show(key_images, opened),
            replaces="pictures",
        )

    def shown_images(self) -> tuple[KeyImage, ...]:
        """Return the images that are open, by date."""
        return tuple(self._images)

    def close_images(self) -> None:
        """Close all images, also those still being opened, and emit `closed` if there were any."""
        was_open = bool(self._images)
        self._background.cancel(self)
        self._clear()
        if was_open:
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close, zoom, move, set the window or reset by key."""
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_images()
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.image_view.zoom_by(ZOOM_STEP)
            case Qt.Key.Key_Minus:
                self.image_view.zoom_by(1 / ZOOM_STEP)
            case Qt.Key.Key_0:
                self.image_view.reset()
            case key if key in _ARROWS and shifted:
                across, down = _ARROWS[key]
                self.image_view.window_by(down * PAN_STEP, ZOOM_STEP**across)
            case key if key in _ARROWS:
                across, down = _ARROWS[key]
                self.image_view.move(-across * PAN_STEP, -down * PAN_STEP)
            case _:
                super().keyPressEvent(event)

    def _show(self, key_images: tuple[KeyImage, ...], opened: Opened) -> None:
        if key_images != tuple(self._images):
            return
        for panel, picture in zip(self.panels, opened, strict=True):
            if isinstance(picture, KnownError):
                panel.show_sentence(str(picture).replace(_("Nothing was added."), "").strip())
            else:
                panel.show_picture(picture)
        pictures = [panel.picture for panel in self.panels if panel.picture]
        # Height divided by width: pictures that are not tall fit better in two rows.
        ratios = [each.values.shape[0] * each.aspect / each.values.shape[1] for each in pictures]
        if len(self.panels) > 2 and ratios and max(ratios) < 1.2:
            self._lay_out(across=2)

    def _lay_out(self, across: int) -> None:
        for index, panel in enumerate(self.panels):
            self._grid.addWidget(panel, index // across, index % across)

    def _clear(self) -> None:
        for panel in self.panels:
            self._grid.removeWidget(panel)
            panel.hide()
            panel.deleteLater()
        self.panels, self._images = [], []

    def _slider(self, name: str, minimum: int, maximum: int) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(minimum, maximum)
        slider.setFixedWidth(110)
        slider.setAccessibleName(name)
        slider.valueChanged.connect(self._follow_sliders)
        return slider

    def _follow_sliders(self) -> None:
        self.image_view.set_window(
            self.level.value() * MAX_LEVEL / _LEVELS,
            2 ** (self.width_slider.value() / _WIDTH_STEPS),
        )

    def _follow_view(self) -> None:
        for slider, value in (
            (self.level, self.image_view.level * _LEVELS / MAX_LEVEL),
            (self.width_slider, log2(self.image_view.width) * _WIDTH_STEPS),
        ):
            slider.blockSignals(True)
            slider.setValue(round(value))
            slider.blockSignals(False)

    def _reset(self) -> None:
        self.image_view.reset()
        self.setFocus()


_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def _open(job: Job, casebook: Casebook, key_images: Sequence[KeyImage]) -> Opened:
    """Return each image decoded, in the same order, or the error that prevented it."""
    opened: Opened = []
    with casebook.new_connection() as reader:
        for image in key_images:
            job.check()
            try:
                opened.append(decode(images.content(reader, image.image_data_id)))
            except KnownError as error:
                opened.append(error)
    return opened
