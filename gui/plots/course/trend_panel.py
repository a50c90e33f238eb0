"""A panel with the results of one analyte over time, with limits and lines at cycles."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPen
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsScene

from gui.plots.course.nadir_marks import NadirMarks
from gui.plots.course.outside_count import OutsideCount
from gui.plots.course.panel import MARKS_Z, Panel
from gui.plots.course.panel_frame import VerticalLine
from gui.plots.course.point_text import describe_nadir, value_with_grade
from gui.plots.course.trend_curve import MAX_MARKS, TrendCurve
from gui.style import theme
from model.course.grades import GradeBand
from model.course.nadirs import Nadir
from model.course.points import Point
from model.course.trends import Trend

GradeOf = Callable[[Point], int | None]
"""Returns the CTCAE grade of a result, or None if it has none."""

RING = 5.5
"""Pixels of radius of the ring around the result at the cursor."""


class TrendPanel(Panel):
    """Draws one trend."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self.curve = TrendCurve()
        self.nadirs = NadirMarks(self.curve)
        super().__init__(scene, self.curve, self.nadirs)
        self._ring = QGraphicsEllipseItem(-RING, -RING, 2 * RING, 2 * RING)
        self._add_mark(self._ring, MARKS_Z)
        self.trend: Trend | None = None
        self.grade_of: GradeOf = lambda _point: None
        self.recolour()

    @property
    def outside_counts(self) -> Sequence[OutsideCount]:
        """The counts of results before and after the days in sight."""
        return self.frame.outside_counts

    @property
    def analyte(self) -> str:
        """The key of the analyte that is drawn; empty before there is one."""
        return self.trend.analyte if self.trend else ""

    def show_trend(
        self,
        trend: Trend,
        lines: Sequence[VerticalLine],
        bands: Sequence[GradeBand],
        font: QFont,
        *,
        log: bool = False,
    ) -> None:
        """Show a trend with the bands of grades, and lines at the days of cycles and of death."""
        frame = self.frame
        shown = (*frame.lines, *frame.bands, frame.log)
        if trend is self.trend and shown == (*lines, *bands, log):
            return
        super().show_trend(trend, lines, bands, font, log=log)
        self.trend, frame.days = trend, trend.days
        has_marks = trend.days.size <= MAX_MARKS
        comparators = [point.comparator for point in trend.points] if has_marks else []
        self.curve.show_values(trend.days, trend.values, comparators if any(comparators) else ())
        self.nadirs.show_trend(trend, font)
        self.mark(None)

    def point_at(self, day: int) -> Point | None:
        """Return the last result of a day, or None."""
        if self.trend is None:
            return None
        index = int(np.searchsorted(self.trend.days, day + 1)) - 1
        if index < 0 or self.trend.days[index] < day:
            return None
        return self.trend.points[index]

    def nadir_at(self, point: Point) -> Nadir | None:
        """Return the nadir whose result this is, or None."""
        nadirs = self.trend.nadirs if self.trend else ()
        return next((nadir for nadir in nadirs if nadir.point == point), None)

    def mark(self, day: int | None, /) -> str:
        """Draw a ring around the result of a day and its value next to it; return them as a text.

        The text is empty if the panel has no result on that day.
        """
        point = self.point_at(day) if day is not None else None
        self._ring.setVisible(point is not None)
        self._tag.setVisible(point is not None)
        if point is None or self.trend is None:
            self.nadirs.cover(None)
            return ""
        centre = QPointF(self.scale.x(point.day), self.heights.y(point.value))
        self._ring.setPos(centre)
        value = value_with_grade(self.trend, point, self.grade_of(point))
        nadir = self.nadir_at(point)
        text = f"{value} · {describe_nadir(nadir)}" if nadir else value
        # The tag replaces the label of its own nadir, as it has more text, but not other labels.
        labels = self.nadirs.labels()
        own = next((label.rect for label in labels if label.nadir is nadir), QRectF())
        others = [label.rect for label in labels if label.nadir is not nadir]
        tag_rect = self._tag.show_text((text, value), centre, self.rect, others)
        self.nadirs.cover(tag_rect if own.isEmpty() else tag_rect.united(own))
        return f"{self.trend.name} {text}"

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self._ring.setPen(QPen(QColor(theme.current().accent), 2))
        super().recolour()
