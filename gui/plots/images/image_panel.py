"""A panel with one key image, below the patient's code and the date of the image."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.plots.images.image_pixels import draw_picture
from gui.plots.images.image_view import ImageView
from gui.style import theme
from model.imaging.picture import Picture
from model.language import _

EDGE = 8
LINE_HEIGHT = 18
HEAD_HEIGHT = 2 * EDGE + 2 * LINE_HEIGHT
FOOT_HEIGHT = EDGE + LINE_HEIGHT
MIN_SIZE = 150
ZOOM_STEP = 1.2
WINDOW_STEP = 300.0
"""Pixels that the pointer moves to shift the grey-value window by its whole width."""


class ImagePanel(QWidget):
    """Draws an image as a shared `ImageView` says.

    Dragging moves the image, the wheel zooms, and dragging with the right button sets the
    grey-value window. `label` (code and date) and `caption` are above the image; `sentence`
    replaces a missing image.
    """

    def __init__(
        self, image_view: ImageView, label: str, caption: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.image_view = image_view
        self.label = label
        self.caption = caption
        self.picture: Picture | None = None
        self.sentence = ""
        self._cached_image: QImage | None = None
        self._cached_for: tuple[float, float, int] | None = None
        self._pointer: QPointF | None = None
        self.setMinimumSize(MIN_SIZE, MIN_SIZE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAccessibleName(" · ".join(filter(None, (label, caption))))
        image_view.changed.connect(self.update)

    def show_picture(self, picture: Picture) -> None:
        """Show an image in place of the sentence."""
        self.picture, self.sentence, self._cached_for = picture, "", None
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Show why there is no image."""
        self.picture, self.sentence = None, sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def bounds(self, picture: Picture) -> tuple[float, float]:
        """Return the values drawn as black and as white (the other way round if inverted)."""
        low, high = picture.low, picture.high
        middle, width = (low + high) / 2, high - low
        middle += self.image_view.level * width
        half = width * self.image_view.width / 2
        return middle - half, middle + half

    def image_rect(self) -> QRectF:
        """Return the rectangle of the whole image, which may exceed the panel."""
        room = self._room()
        whole = self._size_at_zoom_1() * self.image_view.zoom
        centre = room.center() + QPointF(
            self.image_view.across * whole.width(), self.image_view.down * whole.height()
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
            painter.drawImage(self.image_rect(), self._image(self.picture))
            painter.setClipping(False)
            low, high = self.bounds(self.picture)
            window = _("Window {centre} ± {half}").format(
                centre=f"{(low + high) / 2:.4g}", half=f"{(high - low) / 2:.4g}"
            )
            self._draw_line(painter, self.height() - FOOT_HEIGHT, window)
            remarks = " · ".join(self.picture.remarks)
            right = Qt.AlignmentFlag.AlignRight
            self._draw_line(painter, self.height() - FOOT_HEIGHT, remarks, right)
        self._draw_line(painter, EDGE + LINE_HEIGHT, self.caption)
        painter.setFont(theme.sized(self.font(), theme.BASE_PIXELS, QFont.Weight.DemiBold))
        painter.setPen(QColor(colours.rail_ink))
        self._draw_line(painter, EDGE, self.label)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to move the image or, with the right button, its grey-value window."""
        self._pointer = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the image or its grey-value window: right widens it, down darkens the image."""
        if self._pointer is None or self.picture is None:
            return
        moved = event.position() - self._pointer
        self._pointer = event.position()
        if event.buttons() & Qt.MouseButton.RightButton:
            self.image_view.window_by(moved.y() / WINDOW_STEP, 2 ** (2 * moved.x() / WINDOW_STEP))
        elif event.buttons() & Qt.MouseButton.LeftButton:
            rect = self.image_rect()
            self.image_view.move(moved.x() / rect.width(), moved.y() / rect.height())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """End the move."""
        self._pointer = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Show everything as at first."""
        self.image_view.reset()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer."""
        whole = self._size_at_zoom_1()
        if self.picture is None or whole.isEmpty():
            return
        distance = event.position() - self._room().center()
        factor = ZOOM_STEP ** (event.angleDelta().y() / 120)
        self.image_view.zoom_by(factor, distance.x() / whole.width(), distance.y() / whole.height())
        event.accept()

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(0, HEAD_HEIGHT, 0, -FOOT_HEIGHT - EDGE / 2)

    def _size_at_zoom_1(self) -> QSizeF:
        """Return the size of the whole image at zoom 1."""
        if self.picture is None:
            return QSizeF()
        rows, columns = self.picture.values.shape[:2]
        size = QSizeF(columns, rows * self.picture.aspect)
        return size.scaled(self._room().size(), Qt.AspectRatioMode.KeepAspectRatio)

    def _image(self, picture: Picture) -> QImage:
        # With more pixels than the screen has, each move would take long.
        across = self.image_rect().width() * self.devicePixelRatioF()
        step = max(int(picture.values.shape[1] / max(across, 1.0)), 1)
        key = (*self.bounds(picture), step)
        if self._cached_image is None or key != self._cached_for:
            self._cached_image, self._cached_for = draw_picture(picture, *key), key
        return self._cached_image

    def _draw_line(
        self,
        painter: QPainter,
        top: float,
        text: str,
        alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        room = QRectF(EDGE, top, self.width() - 2 * EDGE, LINE_HEIGHT)
        mode = Qt.TextElideMode.ElideRight
        elided = painter.fontMetrics().elidedText(text, mode, int(room.width()))
        painter.drawText(room, alignment | Qt.AlignmentFlag.AlignVCenter, elided)
