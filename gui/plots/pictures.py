"""Turn a plot into a picture: PNG, SVG, or a drawing on a page, always in the colours of print.

A plot is recorded in its own pixels, and the record is replayed at the size of the picture. Its
items paint themselves in the colours that `theme.current()` has at that moment. Items that a
picture leaves out, such as the cursor, are marked with `SCREEN_ONLY`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPainter, QPen, QPicture
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsView, QWidget

from gui.style import theme

SCREEN_ONLY = 1
"""The key under which an item that a picture leaves out has `setData(SCREEN_ONLY, True)`."""

PRINT_DPI = 300
SCREEN_DPI = 96

MAX_SIDE = 32_767
"""The longest side in pixels that Qt can draw."""

_MARGIN = 8.0
_CAPTION_HEIGHT = 24.0
_INCH = 0.0254  # metres
_pen_scale = 1.0


class Panel(Protocol):
    """One of the panels of a plot."""

    def recolour(self) -> None:
        """Take the colours of the theme."""


class Plot(Protocol):
    """A plot of panels in a view, with an axis below it."""

    @property
    def view(self) -> QGraphicsView:
        """The view of the panels, as high as all of them."""

    @property
    def axis(self) -> QWidget:
        """The strip below the view."""

    @property
    def panels(self) -> Sequence[Panel]:
        """All panels, from the top."""

    def clear_cursor(self) -> None:
        """Remove the cursor."""


@runtime_checkable
class PaintedPlot(Protocol):
    """A plot made of widgets that paint themselves in the colours of `theme.current()`."""

    def painted_parts(self) -> Sequence[QWidget]:
        """Return the visible widgets, from the top, each as high as all of its content."""

    def accessibleName(self) -> str:
        """Return the name of the plot."""


def size(plot: Plot | PaintedPlot, caption: str = "") -> QSize:
    """Return the size of a picture of the whole plot, in pixels at 96 dpi."""
    parts = plot.painted_parts() if isinstance(plot, PaintedPlot) else (plot.view, plot.axis)
    height = (
        sum(part.height() for part in parts) + 2 * _MARGIN + (_CAPTION_HEIGHT if caption else 0)
    )
    return QSize(int(max(part.width() for part in parts) + 2 * _MARGIN), int(height))


def draw(painter: QPainter, rect: QRectF, plot: Plot | PaintedPlot, caption: str = "") -> None:
    """Draw the whole plot as large as fits into a rectangle, at the top and centred."""
    whole = size(plot, caption)
    scale = min(rect.width() / whole.width(), rect.height() / whole.height())
    left = rect.left() + (rect.width() - whole.width() * scale) / 2
    picture = _record(plot, caption, scale)
    # Qt enlarges a record by itself on a device with a higher resolution than the screen.
    device_scale = painter.device().logicalDpiX() / picture.logicalDpiX()
    painter.save()
    painter.translate(left, rect.top())
    painter.scale(scale / device_scale, scale / device_scale)
    picture.play(painter)
    painter.restore()


def allowed_dpi(plot: Plot | PaintedPlot, dpi: int = PRINT_DPI, caption: str = "") -> int:
    """Return `dpi`, or the highest resolution in which a very high plot can be drawn."""
    whole = size(plot, caption)
    return min(dpi, MAX_SIDE * SCREEN_DPI // max(whole.width(), whole.height()))


def image(plot: Plot | PaintedPlot, dpi: int = PRINT_DPI, caption: str = "") -> QImage:
    """Return the whole plot on white, in the resolution that `allowed_dpi` returns."""
    whole = size(plot, caption)
    dpi = allowed_dpi(plot, dpi, caption)
    pixels = QImage(whole * (dpi / SCREEN_DPI), QImage.Format.Format_RGB32)
    pixels.setDotsPerMeterX(round(dpi / _INCH))
    pixels.setDotsPerMeterY(round(dpi / _INCH))
    pixels.fill(QColor(theme.LIGHT.card))
    painter = QPainter(pixels)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    draw(painter, QRectF(pixels.rect()), plot, caption)
    painter.end()
    return pixels


def png(plot: Plot | PaintedPlot, dpi: int = PRINT_DPI, caption: str = "") -> bytes:
    """Return the whole plot as a PNG file, in the resolution of `image`."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image(plot, dpi, caption))
    return bytes(buffer.data().data())


def svg(plot: Plot | PaintedPlot, caption: str = "") -> bytes:
    """Return the whole plot as an SVG file, in which texts remain texts and can be edited."""
    whole = size(plot, caption)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(SCREEN_DPI)
    generator.setSize(whole)
    generator.setViewBox(QRectF(QPoint(0, 0), whole))
    name = plot.accessibleName() if isinstance(plot, PaintedPlot) else plot.view.accessibleName()
    generator.setTitle(caption or name)
    painter = QPainter(generator)
    painter.fillRect(QRectF(QPoint(0, 0), whole), QColor(theme.LIGHT.card))
    draw(painter, QRectF(QPoint(0, 0), whole), plot, caption)
    painter.end()
    return bytes(buffer.data().data())


def pen(
    colour: str | QColor, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> QPen:
    """Return a pen for an item of pyqtgraph, whose width is in pixels at every scale of the view.

    In a picture at a high resolution such a line would be very thin. While a picture is recorded,
    pens are therefore widened by its scale; so items have to set their pens in `recolour`.
    """
    cosmetic = QPen(QColor(colour), width * _pen_scale, style)
    cosmetic.setCosmetic(True)
    return cosmetic


def _record(plot: Plot | PaintedPlot, caption: str, scale: float) -> QPicture:
    """Return the drawing commands of a plot in its own pixels."""
    if isinstance(plot, PaintedPlot):
        return _record_parts(plot, caption)
    picture = QPicture()
    view = plot.view
    plot.clear_cursor()
    with _print_look(plot, scale):
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        target = QRectF(_MARGIN, _MARGIN, view.width(), view.height())
        view.scene().render(painter, target, QRectF(0, 0, view.width(), view.height()))
        plot.axis.render(
            painter,
            QPoint(int(_MARGIN), int(target.bottom())),
            renderFlags=QWidget.RenderFlag.DrawChildren,
        )
        if caption:
            _draw_caption(painter, caption, size(plot, caption))
        painter.end()
    return picture


def _record_parts(plot: PaintedPlot, caption: str) -> QPicture:
    picture, top = QPicture(), int(_MARGIN)
    with theme.for_print():
        painter = QPainter(picture)
        for part in plot.painted_parts():
            part.render(
                painter, QPoint(int(_MARGIN), top), renderFlags=QWidget.RenderFlag.DrawChildren
            )
            top += part.height()
        if caption:
            _draw_caption(painter, caption, size(plot, caption))
        painter.end()
    return picture


def _draw_caption(painter: QPainter, caption: str, whole: QSize) -> None:
    font = theme.sized(QApplication.font(), 11, QFont.Weight.Medium)
    painter.setFont(font)
    painter.setPen(QColor(theme.current().ink_soft))
    line = QRectF(
        _MARGIN, whole.height() - _CAPTION_HEIGHT, whole.width() - 2 * _MARGIN, _CAPTION_HEIGHT - 6
    )
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, caption)


@contextmanager
def _print_look(plot: Plot, scale: float) -> Iterator[None]:
    """Give the plot the colours and pens of print, and hide the items that pictures leave out."""
    global _pen_scale
    items = plot.view.scene().items()
    # Some items of pyqtgraph override `data`, so the method of the class is called.
    marked = [item for item in items if QGraphicsItem.data(item, SCREEN_ONLY)]
    hidden = [item for item in marked if item.isVisible()]
    try:
        _pen_scale = scale
        with theme.for_print():
            for panel in plot.panels:
                panel.recolour()
            for item in hidden:
                item.hide()
            yield
    finally:
        _pen_scale = 1.0
        for item in hidden:
            item.show()
        for panel in plot.panels:
            panel.recolour()
