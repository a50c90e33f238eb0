"""A line of results in pixels, with no more points than can be seen, and how it is drawn."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPicture

from gui.plots.time_scale import TimeScale
from gui.plots.value_scale import ValueScale

DENSE = 4
"""With more results per pixel than this, only the lowest and highest of each pixel are drawn."""

Array = NDArray[np.float64]


class LineShape:
    """Draws a line with the pen of the painter; it has a gap at each point that is not a number.

    On the screen it is drawn as straight segments, which takes Qt a tenth of the time of a path if
    the pen is wider than a pixel. In a picture it is one path, which other programs can edit, cut
    to a rectangle, since Qt ignores clipping when it writes SVG.
    """

    def __init__(self, xs: Array, ys: Array) -> None:
        self._xs, self._ys = xs, ys

    def draw(self, painter: QPainter, within: QRectF) -> None:
        """Draw the line with a painter that is clipped to a rectangle; a picture gets it cut.

        Nothing is drawn unless two neighbouring points are numbers.
        """
        if not self.segments:
            return
        if is_in_picture(painter):
            painter.drawPath(self.cut(within))
        else:
            painter.drawLines(self.segments)

    @cached_property
    def path(self) -> QPainterPath:
        """The line as one shape."""
        path: QPainterPath = pg.arrayToQPath(self._xs, self._ys, connect="finite")
        return path

    @cached_property
    def segments(self) -> list[QLineF]:
        """The straight segments that the line consists of."""
        return [QLineF(*piece) for piece in zip(*self._segment_ends().tolist(), strict=True)]

    def cut(self, within: QRectF) -> QPainterPath:
        """Return the parts of the line within a rectangle, as one shape."""
        path, last = QPainterPath(), None
        for x1, y1, x2, y2 in _cut(self._segment_ends(), within).T.tolist():
            if (x1, y1) != last:
                path.moveTo(QPointF(x1, y1))
            path.lineTo(QPointF(x2, y2))
            last = x2, y2
        return path

    def _segment_ends(self) -> Array:
        """Return x and y of the first end, and of the second end, of each segment (4, n)."""
        known = np.isfinite(self._xs) & np.isfinite(self._ys)
        starts = np.flatnonzero(known[:-1] & known[1:])
        xs, ys = self._xs, self._ys
        return np.array([xs[starts], ys[starts], xs[starts + 1], ys[starts + 1]])


def is_in_picture(painter: QPainter) -> bool:
    """Return whether painting is recorded for a picture, which may ignore clipping."""
    return isinstance(painter.device(), QPicture)


def _cut(ends: Array, within: QRectF) -> Array:
    """Cut segments (4, n) to a rectangle by the Liang-Barsky algorithm; leave out those outside."""
    x1, y1, x2, y2 = ends
    enter, leave = np.zeros(x1.size), np.ones(x1.size)
    outside = np.zeros(x1.size, dtype=bool)
    for start, end, low, high in (
        (x1, x2, within.left(), within.right()),
        (y1, y2, within.top(), within.bottom()),
    ):
        for direction, distance in ((start - end, start - low), (end - start, high - start)):
            outside |= (direction == 0) & (distance < 0)
            share = np.divide(
                distance, direction, out=np.zeros_like(distance), where=direction != 0
            )
            enter = np.where(direction < 0, np.maximum(enter, share), enter)
            leave = np.where(direction > 0, np.minimum(leave, share), leave)
    kept = ~outside & (enter < leave)
    cut = [
        np.where(share == uncut, exact, start + share * (end - start))
        for share, uncut, pairs in (
            (enter, 0.0, ((x1, x2, x1), (y1, y2, y1))),
            (leave, 1.0, ((x1, x2, x2), (y1, y2, y2))),
        )
        for start, end, exact in pairs
    ]
    return np.array(cut)[:, kept]


class Polyline(NamedTuple):
    """Points to be joined, in pixels, with a gap at each that is not a number."""

    xs: Array
    ys: Array
    is_dense: bool


def visible_polyline(days: Array, values: Array, scale: TimeScale, heights: ValueScale) -> Polyline:
    """Return the part of a line in sight; `days` must ascend.

    If there are many results per pixel, only the lowest and highest of each pixel are kept, so that
    no extreme is lost. The line has a gap where the axis has a break.
    """
    first = max(int(np.searchsorted(days, scale.first)) - 1, 0)
    last = min(int(np.searchsorted(days, scale.last, side="right")) + 1, days.size)
    days, values = days[first:last], values[first:last]
    is_dense = days.size > DENSE * scale.width
    if is_dense:
        days, values = _extremes(days, values, scale)
    xs, ys = scale.xs(days), heights.ys(values)
    gaps = [np.searchsorted(xs, x) for x in scale.break_xs()]
    if gaps:
        xs, ys = (np.insert(pixels, gaps, np.nan) for pixels in (xs, ys))
    return Polyline(xs, ys, is_dense)


def _extremes(days: Array, values: Array, scale: TimeScale) -> tuple[Array, Array]:
    """Return the lowest and the highest value of each pixel, one after the other."""
    edges = scale.days(np.arange(int(scale.width) + 2, dtype=np.float64) + scale.left)
    starts = np.unique(np.searchsorted(days, edges))
    starts = starts[starts < days.size]
    if starts.size == 0 or starts[0] > 0:
        starts = np.insert(starts, 0, 0)
    extremes = np.empty(2 * starts.size)
    extremes[::2] = np.fmin.reduceat(values, starts)
    extremes[1::2] = np.fmax.reduceat(values, starts)
    return np.repeat(days[starts], 2), extremes
