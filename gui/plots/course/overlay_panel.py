"""One small multiple of the overlay: an analyte's cycles over one another, and their nadirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import (
    QGraphicsEllipseItem,
    QGraphicsItem,
    QGraphicsScene,
    QStyleOptionGraphicsItem,
    QWidget,
)

from gui.plots.course.behind import Behind, LinesBehind
from gui.plots.course.overlay_lines import OverlayLines, nadir_rows
from gui.plots.course.panel_frame import PanelFrame, VerticalLine, limits_width
from gui.plots.course.point_words import bare_value
from gui.plots.course.value_tag import ValueTag
from gui.plots.pictures import SCREEN_ONLY
from gui.plots.ticks import day_text
from gui.plots.time_scale import SinceScale, TimeScale
from gui.plots.value_scale import ValueScale, value_scale
from gui.style import theme
from model.course.grade_bands import GradeBand
from model.course.overlay import CycleLine, Overlay
from model.course.trends import Point

NEAR = 3
"""Days that a result may lie from the cursor: visits are seldom to the day."""

_RING = 5.5
_ROW = 14.0
_INFUSION = (VerticalLine(0),)


class OverlayPanel:
    """Draws one overlay into a scene; made once and shown another for the next patient."""

    def __init__(self, scene: QGraphicsScene) -> None:
        """A panel of a scene, without an overlay and a place yet."""
        self.frame = PanelFrame()
        self.behind = LinesBehind()
        self.lines = OverlayLines()
        self.nadirs = NadirList(self.lines)
        self._tag = ValueTag()
        self._items: tuple[tuple[QGraphicsItem, float], ...] = (
            (self.frame, -200.0),
            (self.behind, -100.0),
            (self.lines, 0.0),
            (self.nadirs, 0.0),
            (self._tag, 21.0),
        )
        for item, height in self._items:
            item.setZValue(height)
            scene.addItem(item)
        self._tag.setData(SCREEN_ONLY, True)
        self._tag.hide()
        self._rings: list[QGraphicsEllipseItem] = []
        self._scene = scene
        self._rect = QRectF()
        self._scale: TimeScale = SinceScale(0, 1, 0, 1)
        self._heights = ValueScale(0.0, 1.0)
        self.overlay: Overlay | None = None

    def show_overlay(
        self,
        overlay: Overlay,
        cycles: tuple[int, ...],
        bands: Sequence[GradeBand],
        font: QFont,
        *,
        log: bool = False,
    ) -> None:
        """Show an overlay over the bands of grades; `cycles` are the numbers of all cycles."""
        self.overlay = overlay
        # Days since infusion are no dates: of the limits only the latest can be drawn.
        framed = replace(overlay.trend, limits=overlay.trend.limits[-1:])
        self._heights = value_scale(framed, bands, log=log)
        self.frame.show_trend(framed, _INFUSION, bands, font, log=log)
        self.lines.show_overlay(overlay, cycles, font)
        self.nadirs.show_overlay(overlay, font)
        self.mark(None)

    def show_behind(self, behind: Behind | None) -> None:
        """Draw lines behind, on days since infusion; none with None."""
        self.behind.show_lines(behind)
        self.frame.show_words(behind.words if behind else "")
        self.behind.place(self._rect, self._scale, self._heights)

    def place(self, rect: QRectF) -> None:
        """Put the panel's plot into a rectangle of the scene; the next `show_scale` draws it."""
        self._rect = rect
        self._heights = replace(self._heights, top=rect.top(), height=rect.height())
        self.frame.place(rect, self._heights)
        self.nadirs.place(rect)

    def show_scale(self, scale: TimeScale) -> None:
        """Show other days."""
        self._scale = scale
        self.frame.show_scale(scale)
        self.behind.place(self._rect, scale, self._heights)
        self.lines.place(self._rect, scale, self._heights)

    def mark(self, day: int | None) -> str:
        """Ring what each cycle has near a day, and write the values; gives back what was written.

        Empty where no cycle has a result there.
        """
        for ring in self._rings:
            ring.hide()
        found = self.results_near(day) if day is not None else []
        self._tag.setVisible(bool(found))
        self.lines.cover(QRectF())
        if not found or self.overlay is None:
            return ""
        places = [self.lines.where(line, point.day, point.value) for line, point in found]
        for number, ((line, _), where) in enumerate(zip(found, places, strict=True)):
            self._show_ring(number, where, self.lines.tone(line.cycle))
        trend = self.overlay.trend
        words = [f"C{line.cycle} {bare_value(trend, point)}" for line, point in found]
        highest = min(places, key=QPointF.y)
        self.lines.cover(self._tag.show_text([" · ".join(words)], highest, self._rect))
        told = [
            word if line.since(point) == day else f"{word} on day {day_text(line.since(point))}"
            for word, (line, point) in zip(words, found, strict=True)
        ]
        return " ".join(filter(None, (trend.name, ", ".join(told), trend.unit)))

    def results_near(self, day: int) -> list[tuple[CycleLine, Point]]:
        """The result of each cycle nearest to a day since infusion, at most three days off."""
        lines = self.overlay.lines if self.overlay else ()
        near = [(line, line.at(day, NEAR)) for line in lines]
        return [(line, point) for line, point in near if point]

    def tag_text(self) -> str:
        """What stands beside the results at the cursor."""
        return self._tag.text if self._tag.isVisible() else ""

    def recolour(self) -> None:
        """Take the colours of the theme."""
        for item, _ in self._items:
            item.update()

    def remove(self) -> None:
        """Take the panel out of its scene for good."""
        for item in (*(item for item, _ in self._items), *self._rings):
            self._scene.removeItem(item)

    def _show_ring(self, number: int, where: QPointF, colour: QColor) -> None:
        if number == len(self._rings):
            ring = QGraphicsEllipseItem(-_RING, -_RING, 2 * _RING, 2 * _RING)
            ring.setZValue(20.0)
            ring.setData(SCREEN_ONLY, True)
            self._scene.addItem(ring)
            self._rings.append(ring)
        self._rings[number].setPen(QPen(colour, 1.6))
        self._rings[number].setPos(where)
        self._rings[number].show()


class NadirList(QGraphicsItem):
    """The nadirs of the cycles as a short list right of a panel, the utmost in bold."""

    def __init__(self, lines: OverlayLines) -> None:
        super().__init__()
        self._lines = lines
        self._overlay: Overlay | None = None
        self._font = QFont()
        self._rect = QRectF()

    def show_overlay(self, overlay: Overlay, font: QFont) -> None:
        """List the nadirs of another overlay."""
        self._overlay, self._font = overlay, font

    def place(self, rect: QRectF) -> None:
        """Stand right of a panel, beyond the names of its limits."""
        self.prepareGeometryChange()
        left = rect.right() + limits_width(self._font)
        self._rect = QRectF(left, rect.top(), nadirs_width(self._font), rect.height())
        self.update()

    def words(self) -> list[str]:
        """What is listed, from the first cycle."""
        room = max(int(self._rect.height() // _ROW) - 1, 1)
        return [text for _, text in nadir_rows(self._overlay, room)] if self._overlay else []

    def boundingRect(self) -> QRectF:
        """The column."""
        return self._rect

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002
        widget: QWidget | None = None,  # noqa: ARG002
    ) -> None:
        """Write the list under its title."""
        if self._overlay is None:
            return
        colours = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows = nadir_rows(self._overlay, max(int(self._rect.height() // _ROW) - 1, 1))
        if not rows:
            return
        left, top = self._rect.left(), self._rect.top()
        painter.setFont(theme.sized(self._font, 10))
        painter.setPen(QColor(colours.ink_soft))
        is_peak = any(line.nadir and line.nadir.is_peak for line, _ in rows)
        title = QRectF(left, top, self._rect.width(), _ROW)
        painter.drawText(title, Qt.AlignmentFlag.AlignVCenter, "Peaks" if is_peak else "Nadirs")
        for number, (line, text) in enumerate(rows, start=1):
            utmost = line is self._overlay.extreme
            weight = QFont.Weight.Bold if utmost else QFont.Weight.Normal
            painter.setFont(theme.figures(theme.sized(self._font, 11, weight)))
            painter.setPen(QColor(colours.alert if utmost else colours.ink))
            place = QRectF(left, top + number * _ROW, self._rect.width(), _ROW)
            sign = ("▲" if is_peak else "▼") if utmost else ""
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, f"{text} {sign}")


def nadirs_width(font: QFont) -> float:
    """The pixels that the list of nadirs takes right of the limits."""
    metrics = QFontMetricsF(theme.figures(theme.sized(font, 11, QFont.Weight.Bold)))
    return metrics.horizontalAdvance("C8 8888 · day 88 ▼") + 4
