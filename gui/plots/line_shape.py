"""A line through places in pixels, drawn in pieces on the screen and as one shape in a picture."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPicture

from gui.plots.polyline import Array


class LineShape:
    """Draws a line, open at each place that is not a number, with the pen of the painter.

    Straight pieces take Qt a tenth of the time of a path, where the pen is wider than a pixel. In a
    picture the line stays whole, so that other programs can take hold of it, and is cut to its
    place: Qt leaves clipping away when it writes SVG.
    """

    def __init__(self, xs: Array, ys: Array) -> None:
        self._xs, self._ys = xs, ys

    def draw(self, painter: QPainter, within: QRectF) -> None:
        """Draw the line, whose painter is clipped to a rectangle; in a picture no more than that.

        Nothing is drawn where no two places follow one another.
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
        """The parts of the line that lie within a rectangle, as one shape."""
        path, last = QPainterPath(), None
        for x1, y1, x2, y2 in _cut(self._ends(), within).T.tolist():
            if (x1, y1) != last:
                path.moveTo(QPointF(x1, y1))
            path.lineTo(QPointF(x2, y2))
            last = x2, y2
        return path

    def _ends(self) -> Array:
        """The ends of the pieces (4, n): x and y of the first, x and y of the second."""
        known = np.isfinite(self._xs) & np.isfinite(self._ys)
        starts = np.flatnonzero(known[:-1] & known[1:])
        xs, ys = self._xs, self._ys
        return np.array([xs[starts], ys[starts], xs[starts + 1], ys[starts + 1]])


def in_picture(painter: QPainter) -> bool:
    """Whether what is painted is recorded for a picture, which may know no clipping."""
    return isinstance(painter.device(), QPicture)


def _cut(ends: Array, within: QRectF) -> Array:
    """Pieces (4, n) cut to a rectangle by Liang and Barsky's rule; those outside are left out."""
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
