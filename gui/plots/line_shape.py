"""A line of results in pixels: no more points than can be seen, cut to its place in pictures."""

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
"""Results per pixel from which only the lowest and highest of each pixel are drawn."""

Array = NDArray[np.float64]


class LineShape:
    """Draws a line, with a gap at each place that is not a number, with the pen of the painter.

    Straight pieces take Qt a tenth of the time of a path, if the pen is wider than a pixel. In a
    picture the line stays whole, so that other programs can edit it, and is cut to its place:
    Qt ignores clipping when it writes SVG.
    """

    def __init__(self, xs: Array, ys: Array) -> None:
        self._xs, self._ys = xs, ys

    def draw(self, painter: QPainter, within: QRectF) -> None:
        """Draw the line with a painter clipped to a rectangle; in a picture, cut to it.

        Nothing is drawn unless two places follow one another.
        """
        if not self.pieces:
            return
        if in_picture(painter):
            painter.drawPath(self.cut(within))
        else:
            painter.drawLines(self.pieces)

    @cached_property
    def path(self) -> QPainterPath:
        """The line as one shape."""
        path: QPainterPath = pg.arrayToQPath(self._xs, self._ys, connect="finite")
        return path

    @cached_property
    def pieces(self) -> list[QLineF]:
        """The straight pieces that the line consists of."""
        return [QLineF(*piece) for piece in zip(*self._ends().tolist(), strict=True)]

    def cut(self, within: QRectF) -> QPainterPath:
        """Return the parts of the line within a rectangle, as one shape."""
        path, last = QPainterPath(), None
        for x1, y1, x2, y2 in _cut(self._ends(), within).T.tolist():
            if (x1, y1) != last:
                path.moveTo(QPointF(x1, y1))
            path.lineTo(QPointF(x2, y2))
            last = x2, y2
        return path

    def _ends(self) -> Array:
        """Return the ends of the pieces (4, n): x and y of the first, x and y of the second."""
        known = np.isfinite(self._xs) & np.isfinite(self._ys)
        starts = np.flatnonzero(known[:-1] & known[1:])
        xs, ys = self._xs, self._ys
        return np.array([xs[starts], ys[starts], xs[starts + 1], ys[starts + 1]])


def in_picture(painter: QPainter) -> bool:
    """Return whether painting is recorded for a picture, which may ignore clipping."""
    return isinstance(painter.device(), QPicture)


def _cut(ends: Array, within: QRectF) -> Array:
    """Cut pieces (4, n) to a rectangle by Liang and Barsky's rule; leave out those outside."""
    x1, y1, x2, y2 = ends
    entry, leave = np.zeros(x1.size), np.ones(x1.size)
    outside = np.zeros(x1.size, dtype=bool)
    for start, end, low, high in (
        (x1, x2, within.left(), within.right()),
        (y1, y2, within.top(), within.bottom()),
    ):
        for towards, room in ((start - end, start - low), (end - start, high - start)):
            outside |= (towards == 0) & (room < 0)
            share = np.divide(room, towards, out=np.zeros_like(room), where=towards != 0)
            entry = np.where(towards < 0, np.maximum(entry, share), entry)
            leave = np.where(towards > 0, np.minimum(leave, share), leave)
    kept = ~outside & (entry < leave)
    cut = [
        np.where(share == whole, exact, start + share * (end - start))
        for share, whole, pairs in (
            (entry, 0.0, ((x1, x2, x1), (y1, y2, y1))),
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


def polyline(days: Array, values: Array, scale: TimeScale, heights: ValueScale) -> Polyline:
    """Return the part of a line in sight; `days` ascend.

    With many results to a pixel, the lowest and highest are kept, so that no extreme is lost. The
    line has a gap where the axis is broken.
    """
    first = max(int(np.searchsorted(days, scale.first)) - 1, 0)
    last = min(int(np.searchsorted(days, scale.last, side="right")) + 1, days.size)
    days, values = days[first:last], values[first:last]
    is_dense = days.size > DENSE * scale.width
    if is_dense:
        days, values = _extremes(days, values, scale)
    xs, ys = scale.xs(days), heights.ys(values)
    gaps = [np.searchsorted(xs, x) for x in scale.broken_at()]
    if gaps:
        xs, ys = (np.insert(places, gaps, np.nan) for places in (xs, ys))
    return Polyline(xs, ys, is_dense)


def _extremes(days: Array, values: Array, scale: TimeScale) -> tuple[Array, Array]:
    """Return the lowest and the highest value of each pixel, one after the other."""
    edges = scale.days(np.arange(int(scale.width) + 2, dtype=np.float64) + scale.left)
    starts = np.unique(np.searchsorted(days, edges))
    starts = starts[starts < days.size]
    if starts.size == 0 or starts[0] > 0:
        starts = np.insert(starts, 0, 0)
    both = np.empty(2 * starts.size)
    both[::2] = np.fmin.reduceat(values, starts)
    both[1::2] = np.fmax.reduceat(values, starts)
    return np.repeat(days[starts], 2), both
