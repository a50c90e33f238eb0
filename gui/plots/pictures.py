"""A plot as a picture: PNG, SVG, or drawn on a page, always in the colours of paper.

A plot is recorded in its own pixels, and the record is played at the wanted size. Its items paint
themselves with the colours of `theme.current()` at that moment; items of the screen only, such as
the cursor, are marked with `SCREEN_ONLY`.
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
"""The key of `setData(SCREEN_ONLY, True)`, which cursors and the focus frame have."""

PRINT_DPI = 300
SCREEN_DPI = 96

LONGEST = 32_767
"""The longest side in pixels that Qt can draw."""

_MARGIN = 8.0
_CAPTION = 24.0
_METRE = 0.0254  # an inch
_pen_scale = 1.0


class Panel(Protocol):
    """One of a plot's panels."""

    def recolour(self) -> None:
        """Take the colours of the theme."""


class Plot(Protocol):
    """What a picture is made of: panels in a view, with an axis below it."""

    @property
    def view(self) -> QGraphicsView:
        """The view of the panels, as high as all of them."""

    @property
    def axis(self) -> QWidget:
        """The strip below it."""

    @property
    def panels(self) -> Sequence[Panel]:
        """All panels, from the top."""

    def clear_cursor(self) -> None:
        """Remove the cursor."""


@runtime_checkable
class Painted(Protocol):
    """A plot of widgets that paint themselves in the colours of `theme.current()`."""

    def painted_parts(self) -> Sequence[QWidget]:
        """Return the visible widgets, from the top, each as high as all of its content."""

    def accessibleName(self) -> str:
        """Return the name of the plot."""


def size(plot: Plot | Painted, caption: str = "") -> QSize:
    """Return the pixels of the whole plot, also of the part out of sight, at 96 dpi."""
    parts = plot.painted_parts() if isinstance(plot, Painted) else (plot.view, plot.axis)
    height = sum(part.height() for part in parts) + 2 * _MARGIN + (_CAPTION if caption else 0)
    return QSize(int(max(part.width() for part in parts) + 2 * _MARGIN), int(height))


def draw(painter: QPainter, rect: QRectF, plot: Plot | Painted, caption: str = "") -> None:
    """Draw the whole plot as large as fits into a rectangle, at the top and centred."""
    whole = size(plot, caption)
    scale = min(rect.width() / whole.width(), rect.height() / whole.height())
    left = rect.left() + (rect.width() - whole.width() * scale) / 2
    picture = _recorded(plot, caption, scale)
    # A record is enlarged on a device with a higher resolution than the screen.
    own = painter.device().logicalDpiX() / picture.logicalDpiX()
    painter.save()
    painter.translate(left, rect.top())
    painter.scale(scale / own, scale / own)
    picture.play(painter)
    painter.restore()


def sharpness(plot: Plot | Painted, dpi: int = PRINT_DPI, caption: str = "") -> int:
    """Return the resolution that a picture can have: lower than `dpi` if it is very high."""
    whole = size(plot, caption)
    return min(dpi, LONGEST * SCREEN_DPI // max(whole.width(), whole.height()))


def image(plot: Plot | Painted, dpi: int = PRINT_DPI, caption: str = "") -> QImage:
    """Return the whole plot on white in a resolution, or the one that `sharpness` allows."""
    whole = size(plot, caption)
    dpi = sharpness(plot, dpi, caption)
    drawn = QImage(whole * (dpi / SCREEN_DPI), QImage.Format.Format_RGB32)
    drawn.setDotsPerMeterX(round(dpi / _METRE))
    drawn.setDotsPerMeterY(round(dpi / _METRE))
    drawn.fill(QColor(theme.LIGHT.card))
    painter = QPainter(drawn)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    draw(painter, QRectF(drawn.rect()), plot, caption)
    painter.end()
    return drawn


def png(plot: Plot | Painted, dpi: int = PRINT_DPI, caption: str = "") -> bytes:
    """Return the whole plot as a PNG file, in the resolution of `image`."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image(plot, dpi, caption))
    return bytes(buffer.data().data())


def svg(plot: Plot | Painted, caption: str = "") -> bytes:
    """Return the whole plot as an SVG file, in which words stay words and can be edited."""
    whole = size(plot, caption)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(SCREEN_DPI)
    generator.setSize(whole)
    generator.setViewBox(QRectF(QPoint(0, 0), whole))
    name = plot.accessibleName() if isinstance(plot, Painted) else plot.view.accessibleName()
    generator.setTitle(caption or name)
    painter = QPainter(generator)
    painter.fillRect(QRectF(QPoint(0, 0), whole), QColor(theme.LIGHT.card))
    draw(painter, QRectF(QPoint(0, 0), whole), plot, caption)
    painter.end()
    return bytes(buffer.data().data())


def pen(
    colour: str | QColor, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> QPen:
    """Return a pen for an item of pyqtgraph, whose width is in pixels, however the view is scaled.

    In a picture such a line would be a hair. While a picture is recorded, pens are therefore wider
    by its scale, so items take theirs in `recolour`.
    """
    cosmetic = QPen(QColor(colour), width * _pen_scale, style)
    cosmetic.setCosmetic(True)
    return cosmetic


def _recorded(plot: Plot | Painted, caption: str, scale: float) -> QPicture:
    """Return the plot as drawing commands in its own pixels."""
    if isinstance(plot, Painted):
        return _recorded_parts(plot, caption)
    picture = QPicture()
    view = plot.view
    plot.clear_cursor()
    with _as_on_paper(plot, scale):
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(_MARGIN, _MARGIN, view.width(), view.height())
        view.scene().render(painter, place, QRectF(0, 0, view.width(), view.height()))
        plot.axis.render(
            painter,
            QPoint(int(_MARGIN), int(place.bottom())),
            renderFlags=QWidget.RenderFlag.DrawChildren,
        )
        if caption:
            _draw_caption(painter, caption, size(plot, caption))
        painter.end()
    return picture


def _recorded_parts(plot: Painted, caption: str) -> QPicture:
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
    line = QRectF(_MARGIN, whole.height() - _CAPTION, whole.width() - 2 * _MARGIN, _CAPTION - 6)
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, caption)


@contextmanager
def _as_on_paper(plot: Plot, scale: float) -> Iterator[None]:
    """Give the plot colours and pens of paper, without cursor and focus, for a recording."""
    global _pen_scale
    items = plot.view.scene().items()
    # A call on the class, as some items of pyqtgraph have another `data`.
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
