"""One small multiple: the results of one analyte over time, with limits and cycle lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPen
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsScene

from gui.plots.course.behind import Behind, LinesBehind
from gui.plots.course.nadir_marks import NadirMarks
from gui.plots.course.panel_frame import PanelFrame, VerticalLine
from gui.plots.course.point_words import nadir_words, value_words
from gui.plots.course.trend_curve import MOST_MARKS, TrendCurve
from gui.plots.course.value_tag import ValueTag
from gui.plots.pictures import SCREEN_ONLY
from gui.plots.time_scale import TimeScale
from gui.plots.value_scale import ValueScale, value_scale
from gui.style import theme
from model.course.grade_bands import GradeBand
from model.course.nadirs import Nadir
from model.course.trends import Point, Trend

GradeOf = Callable[[Point], int | None]
"""Gives the CTCAE grade of a result, or None where it has none."""

_RING = 5.5


def no_grade(_point: Point) -> int | None:
    """The grade of every result where nothing is known of grades."""
    return None


class TrendPanel:
    """Draws one trend into a scene; made once and shown another trend for the next patient."""

    def __init__(self, scene: QGraphicsScene) -> None:
        """A panel of a scene, without a trend and a place yet."""
        self.frame = PanelFrame()
        self.behind = LinesBehind()
        self.curve = TrendCurve()
        self.nadirs = NadirMarks()
        self._ring = QGraphicsEllipseItem(-_RING, -_RING, 2 * _RING, 2 * _RING)
        self._tag = ValueTag()
        self._items = (
            (self.frame, -200.0),
            (self.behind, -100.0),
            (self.curve, 0.0),
            (self.nadirs, 5.0),
            (self._ring, 20.0),
            (self._tag, 21.0),
        )
        for item, height in self._items:
            item.setZValue(height)
            scene.addItem(item)
        for mark in (self._ring, self._tag):
            mark.setData(SCREEN_ONLY, True)
            mark.hide()
        self._scene = scene
        self._rect = QRectF()
        self._scale = TimeScale(0, 1, 0, 1)
        self.heights = ValueScale(0.0, 1.0)
        self._log = False
        self._bands: tuple[GradeBand, ...] = ()
        self.trend: Trend | None = None
        self.grade_of: GradeOf = no_grade
        self.recolour()

    def show_trend(
        self,
        trend: Trend,
        lines: Sequence[VerticalLine],
        bands: Sequence[GradeBand],
        font: QFont,
        *,
        log: bool = False,
    ) -> None:
        """Show a trend over the bands of grades, with lines at the days of cycles and of death.

        With `log` its values are drawn by powers of ten, where they can be.
        """
        bands = tuple(bands)
        same = trend is self.trend and lines == self.frame.lines and bands == self._bands
        if same and log == self._log:
            return
        self.trend, self._bands, self._log = trend, bands, log
        self.heights = value_scale(trend, bands, log=log)
        self.frame.show_trend(trend, lines, bands, font, log=log)
        has_marks = trend.days.size <= MOST_MARKS
        comparators = [point.comparator for point in trend.points] if has_marks else []
        self.curve.show_values(trend.days, trend.values, comparators if any(comparators) else ())
        self.nadirs.show_trend(trend, font)
        self.mark(None)

    def show_behind(self, behind: Behind | None) -> None:
        """Draw lines behind the curve, to compare it with; none with None."""
        self.behind.show_lines(behind)
        self.frame.show_words(behind.words if behind else "")
        self._place_all()

    def place(self, rect: QRectF) -> None:
        """Put the panel's plot into a rectangle of the scene; its names stand left of it.

        It is drawn by the next `show_scale`.
        """
        self._rect = rect
        self.heights = replace(self.heights, top=rect.top(), height=rect.height())
        self.frame.place(rect, self.heights)
        self.curve.place(rect, self.heights)

    def show_scale(self, scale: TimeScale) -> None:
        """Show other days."""
        self._scale = scale
        self.frame.show_scale(scale)
        self._place_all()

    def point_at(self, day: int) -> Point | None:
        """The last result of a day, if there is one."""
        if self.trend is None:
            return None
        place = int(np.searchsorted(self.trend.days, day + 1)) - 1
        if place < 0 or self.trend.days[place] < day:
            return None
        return self.trend.points[place]

    def nadir_at(self, point: Point) -> Nadir | None:
        """The nadir that a result is, if it is one."""
        nadirs = self.trend.nadirs if self.trend else ()
        return next((nadir for nadir in nadirs if nadir.point == point), None)

    def mark(self, day: int | None) -> str:
        """Ring the result of a day and write its value beside it; gives back what it is in words.

        Empty where the panel has no result on that day.
        """
        point = self.point_at(day) if day is not None else None
        self._ring.setVisible(point is not None)
        self._tag.setVisible(point is not None)
        if point is None or self.trend is None:
            self.nadirs.cover(None)
            return ""
        where = QPointF(self._scale.x(point.day), self.heights.y(point.value))
        self._ring.setPos(where)
        said = value_words(self.trend, point, self.grade_of(point))
        nadir = self.nadir_at(point)
        whole = f"{said} · {nadir_words(nadir)}" if nadir else said
        # A nadir's own text gives way to the tag that says more; those of others do not.
        others = [of.place for of in self.nadirs.labels() if nadir is None or of.nadir is not nadir]
        taken = self._tag.show_text((whole, said), where, self._rect, others)
        own = [of.place for of in self.nadirs.labels() if nadir is not None and of.nadir is nadir]
        self.nadirs.cover(taken.united(own[0]) if own and not own[0].isEmpty() else taken)
        return f"{self.trend.name} {whole}"

    def tag_text(self) -> str:
        """What stands beside the result at the cursor."""
        return self._tag.text if self._tag.isVisible() else ""

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self._ring.setPen(QPen(QColor(theme.current().accent), 2))
        for item, _ in self._items:
            item.update()

    def remove(self) -> None:
        """Take the panel out of its scene for good."""
        for item, _ in self._items:
            self._scene.removeItem(item)

    def _place_all(self) -> None:
        """Draw the data for the days and the place that the panel has now."""
        self.curve.show_scale(self._scale)
        self.behind.place(self._rect, self._scale, self.heights)
        self.nadirs.place(self._rect, self._scale, self.heights, self.curve.run)
