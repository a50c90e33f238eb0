"""A panel of the overlay: the cycles of an analyte over one another, and their nadirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPen
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsScene

from gui.plots.course.nadir_list import NadirList
from gui.plots.course.overlay_lines import OverlayLines
from gui.plots.course.panel import MARKS_Z, Panel
from gui.plots.course.panel_frame import VerticalLine
from gui.plots.course.point_text import value_without_unit
from gui.plots.course.trend_panel import RING
from gui.plots.ticks import day_text
from model.course.grades import GradeBand
from model.course.overlay import CycleLine, Overlay
from model.course.points import Point
from model.language import _

NEAR_DAYS = 3
"""The most days between the cursor and a result that it marks, as visits are seldom exact."""

_INFUSION = (VerticalLine(0),)


class OverlayPanel(Panel):
    """Draws one overlay on days since infusion."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self.lines = OverlayLines()
        self.nadirs = NadirList()
        super().__init__(scene, self.lines, self.nadirs)
        self._rings: list[QGraphicsEllipseItem] = []
        self.overlay: Overlay | None = None

    @property
    def analyte(self) -> str:
        """The key of the analyte that is drawn; empty before there is one."""
        return self.overlay.trend.analyte if self.overlay else ""

    def show_overlay(
        self,
        overlay: Overlay,
        cycles: tuple[int, ...],
        bands: Sequence[GradeBand],
        font: QFont,
        *,
        log: bool = False,
    ) -> None:
        """Show an overlay with the bands of grades; `cycles` are the numbers of all cycles."""
        self.overlay = overlay
        # Limits change on dates, which this axis does not have, so only the latest are drawn.
        trend = replace(
            overlay.trend, limits=overlay.trend.limits[-1:], sources=overlay.trend.sources[-1:]
        )
        self.show_trend(trend, _INFUSION, bands, font, log=log)
        self.lines.show_overlay(overlay, cycles, font)
        self.nadirs.show_overlay(overlay, font)
        self.mark(None)

    def mark(self, day: int | None, /) -> str:
        """Draw a ring around the result of each cycle near a day, and a tag; return it as a text.

        The text is empty if no cycle has a result there.
        """
        for ring in self._rings:
            ring.hide()
        results = self.results_near(day) if day is not None else []
        self._tag.setVisible(bool(results))
        self.lines.cover(QRectF())
        if not results or self.overlay is None:
            return ""
        marks = [self.lines.position_of(line, point.day, point.value) for line, point in results]
        for index, ((line, _point), mark) in enumerate(zip(results, marks, strict=True)):
            self._show_ring(index, mark, self.lines.colour(line.cycle))
        trend = self.overlay.trend
        values = [f"C{line.cycle} {value_without_unit(trend, point)}" for line, point in results]
        highest = min(marks, key=QPointF.y)
        self.lines.cover(self._tag.show_text([" · ".join(values)], highest, self.rect))
        with_days = [
            value
            if line.since(point) == day
            else _("{value} on day {day}").format(value=value, day=day_text(line.since(point)))
            for value, (line, point) in zip(values, results, strict=True)
        ]
        return " ".join(filter(None, (trend.name, ", ".join(with_days), trend.unit)))

    def results_near(self, day: int) -> list[tuple[CycleLine, Point]]:
        """Return the result of each cycle nearest to a day, at most `NEAR_DAYS` from it."""
        lines = self.overlay.lines if self.overlay else ()
        near = [(line, line.at(day, NEAR_DAYS)) for line in lines]
        return [(line, point) for line, point in near if point]

    def _show_ring(self, index: int, mark: QPointF, colour: QColor) -> None:
        if index == len(self._rings):
            ring = QGraphicsEllipseItem(-RING, -RING, 2 * RING, 2 * RING)
            self._add_mark(ring, MARKS_Z)
            self._rings.append(ring)
        self._rings[index].setPen(QPen(colour, 1.6))
        self._rings[index].setPos(mark)
        self._rings[index].show()
