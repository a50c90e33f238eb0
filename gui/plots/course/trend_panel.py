"""One small multiple: the results of one analyte over time, with limits and cycle lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QPen
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsScene

from gui.plots.course.nadir_marks import NadirMarks
from gui.plots.course.outside import Outside
from gui.plots.course.panel import MARKS, Panel
from gui.plots.course.panel_frame import VerticalLine
from gui.plots.course.point_words import nadir_words, value_words
from gui.plots.course.trend_curve import MOST_MARKS, TrendCurve
from gui.style import theme
from model.course.grades import GradeBand
from model.course.nadirs import Nadir
from model.course.points import Point
from model.course.trends import Trend

GradeOf = Callable[[Point], int | None]
"""Returns the CTCAE grade of a result, or None where it has none."""

RING = 5.5
"""The radius of the ring around a result at the cursor."""


class TrendPanel(Panel):
    """Draws one trend."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self.curve = TrendCurve()
        self.nadirs = NadirMarks(self.curve)
        super().__init__(scene, self.curve, self.nadirs)
        self._ring = QGraphicsEllipseItem(-RING, -RING, 2 * RING, 2 * RING)
        self._add_mark(self._ring, MARKS)
        self.trend: Trend | None = None
        self.grade_of: GradeOf = lambda _point: None
        self.recolour()

    @property
    def outside(self) -> Sequence[Outside]:
        """The numbers of results before and after the days in sight, where they are written."""
        return self.frame.outside

    @property
    def analyte(self) -> str:
        """The key of what is drawn; empty before anything is."""
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
        """Show a trend over the bands of grades, with lines at the days of cycles and of death."""
        frame = self.frame
        before = (*frame.lines, *frame.bands, frame.log)
        if trend is self.trend and before == (*lines, *bands, log):
            return
        super().show_trend(trend, lines, bands, font, log=log)
        self.trend, frame.days = trend, trend.days
        has_marks = trend.days.size <= MOST_MARKS
        comparators = [point.comparator for point in trend.points] if has_marks else []
        self.curve.show_values(trend.days, trend.values, comparators if any(comparators) else ())
        self.nadirs.show_trend(trend, font)
        self.mark(None)

    def point_at(self, day: int) -> Point | None:
        """Return the last result of a day, if there is one."""
        if self.trend is None:
            return None
        index = int(np.searchsorted(self.trend.days, day + 1)) - 1
        if index < 0 or self.trend.days[index] < day:
            return None
        return self.trend.points[index]

    def nadir_at(self, point: Point) -> Nadir | None:
        """Return the nadir that a result is, if it is one."""
        nadirs = self.trend.nadirs if self.trend else ()
        return next((nadir for nadir in nadirs if nadir.point == point), None)

    def mark(self, day: int | None, /) -> str:
        """Ring the result of a day, write its value next to it, and return it in words.

        Empty where the panel has no result on that day.
        """
        point = self.point_at(day) if day is not None else None
        self._ring.setVisible(point is not None)
        self._tag.setVisible(point is not None)
        if point is None or self.trend is None:
            self.nadirs.cover(None)
            return ""
        where = QPointF(self.scale.x(point.day), self.heights.y(point.value))
        self._ring.setPos(where)
        value = value_words(self.trend, point, self.grade_of(point))
        nadir = self.nadir_at(point)
        whole = f"{value} · {nadir_words(nadir)}" if nadir else value
        # A nadir's own text gives way to the tag, which has more; those of others do not.
        own = [of.place for of in self.nadirs.labels() if of.nadir is nadir]
        others = [of.place for of in self.nadirs.labels() if of.nadir is not nadir]
        taken = self._tag.show_text((whole, value), where, self.rect, others)
        self.nadirs.cover(taken.united(own[0]) if own and not own[0].isEmpty() else taken)
        return f"{self.trend.name} {whole}"

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self._ring.setPen(QPen(QColor(theme.current().accent), 2))
        super().recolour()
