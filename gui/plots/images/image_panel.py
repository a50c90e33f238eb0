"""One image, always below the patient's code and its date."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.plots.images.image_look import Look
from gui.plots.images.image_pixels import drawn
from gui.style import theme
from model.imaging.picture import Picture
from model.language import _

EDGE = 8
LINE = 18
HEAD = 2 * EDGE + 2 * LINE
FOOT = EDGE + LINE
LEAST = 150
ZOOM_STEP = 1.2
WINDOW_STEP = 300.0
"""Pixels of the pointer for a whole width of the window."""


class ImagePanel(QWidget):
    """Draws an image in a shared `Look`: drag moves, wheel zooms, right drag sets the window.

    `label` is above it (code and date), `caption` below that; `sentence` replaces a missing image.
    """

    def __init__(
        self, look: Look, label: str, caption: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.look = look
        self.label = label
        self.caption = caption
        self.picture: Picture | None = None
        self.sentence = ""
        self._seen: QImage | None = None
        self._seen_as: tuple[float, float, int] | None = None
        self._last: QPointF | None = None
        self.setMinimumSize(LEAST, LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAccessibleName(" · ".join(filter(None, (label, caption))))
        look.changed.connect(self.update)

    def show_picture(self, picture: Picture) -> None:
        """Show an image in place of the sentence."""
        self.picture, self.sentence, self._seen_as = picture, "", None
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Show why there is no image."""
        self.picture, self.sentence = None, sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def bounds(self, picture: Picture) -> tuple[float, float]:
        """Return the values drawn black and white; white and black in an inverted image."""
        low, high = picture.low, picture.high
        middle, width = (low + high) / 2, high - low
        middle += self.look.level * width
        half = width * self.look.width / 2
        return middle - half, middle + half

    def place(self) -> QRectF:
        """Return the place of the whole image on the panel, which it may exceed."""
        room = self._room()
        whole = self._whole() * self.look.zoom
        centre = room.center() + QPointF(
            self.look.across * whole.width(), self.look.down * whole.height()
        )
        return QRectF(centre - QPointF(whole.width() / 2, whole.height() / 2), whole)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the image, with patient and date above it."""
        colours = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.rail))
        room = self._room()
        painter.setPen(QColor(colours.rail_soft))
        if self.picture is None:
            centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room.adjusted(EDGE, 0, -EDGE, 0), centred, self.sentence)
        else:
            painter.setClipRect(room)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.place(), self._image(self.picture))
            painter.setClipping(False)
            low, high = self.bounds(self.picture)
            words = _("Window {centre} ± {half}").format(
                centre=f"{(low + high) / 2:.4g}", half=f"{(high - low) / 2:.4g}"
            )
            self._line(painter, self.height() - FOOT, words)
            remarks = " · ".join(self.picture.remarks)
            right = Qt.AlignmentFlag.AlignRight
            self._line(painter, self.height() - FOOT, remarks, right)
        self._line(painter, EDGE + LINE, self.caption)
        painter.setFont(theme.sized(self.font(), theme.BASE_PIXELS, QFont.Weight.DemiBold))
        painter.setPen(QColor(colours.rail_ink))
        self._line(painter, EDGE, self.label)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to move the image, or the window with the right button."""
        self._last = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the image, or its window: right is wider, down is darker."""
        if self._last is None or self.picture is None:
            return
        gone = event.position() - self._last
        self._last = event.position()
        if event.buttons() & Qt.MouseButton.RightButton:
            self.look.window_by(gone.y() / WINDOW_STEP, 2 ** (2 * gone.x() / WINDOW_STEP))
        elif event.buttons() & Qt.MouseButton.LeftButton:
            place = self.place()
            self.look.move(gone.x() / place.width(), gone.y() / place.height())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """End the move."""
        self._last = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Show everything as at first."""
        self.look.reset()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer."""
        whole = self._whole()
        if self.picture is None or whole.isEmpty():
            return
        away = event.position() - self._room().center()
        factor = ZOOM_STEP ** (event.angleDelta().y() / 120)
        self.look.zoom_by(factor, away.x() / whole.width(), away.y() / whole.height())
        event.accept()

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(0, HEAD, 0, -FOOT - EDGE / 2)

    def _whole(self) -> QSizeF:
        """Return the size of the whole image at zoom 1."""
        if self.picture is None:
            return QSizeF()
        rows, columns = self.picture.values.shape[:2]
        size = QSizeF(columns, rows * self.picture.aspect)
        return size.scaled(self._room().size(), Qt.AspectRatioMode.KeepAspectRatio)

    def _image(self, picture: Picture) -> QImage:
        # No more of its pixels than the screen has: with all of them each move would take long.
        across = self.place().width() * self.devicePixelRatioF()
        wanted = (*self.bounds(picture), max(int(picture.values.shape[1] / max(across, 1.0)), 1))
        if self._seen is None or wanted != self._seen_as:
            self._seen, self._seen_as = drawn(picture, *wanted), wanted
        return self._seen

    def _line(
        self,
        painter: QPainter,
        top: float,
        text: str,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        room = QRectF(EDGE, top, self.width() - 2 * EDGE, LINE)
        mode = Qt.TextElideMode.ElideRight
        elided = painter.fontMetrics().elidedText(text, mode, int(room.width()))
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, elided)
