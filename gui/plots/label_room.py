"""The room for labels among the marks and lines of a panel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from gui.plots.line_shape import Array

NEAREST = 7.0
"""Pixels from the middle of a mark to the nearest label."""

_NEAR, _FAR = (1.0, 1.7, 2.6), (3.7, 4.9)
"""How many times as far labels may be, the nearest first."""

_FARTHER = 2.5
"""How many points of a line a label may rather hide than be farther away."""

_MOST_HIDDEN = 7
"""Points of a line that a label may hide at most: data are worth more than their label."""

_PUSH = 5.0  # pixels that a label may be moved up or down to be inside
_EDGE = 2.0


class LabelRoom:
    """Finds places for labels in a rectangle, clear of marks, levels and one another.

    A level is a horizontal line, such as a limit. Of the places that are clear, the one is taken
    that hides least of the line through the marks.
    """

    def __init__(
        self,
        within: QRectF,
        marks: tuple[Array, Array],
        radius: float,
        line: tuple[Array, Array],
        levels: Sequence[float] = (),
        nearest: float = NEAREST,
    ) -> None:
        """A rectangle without labels; its marks, points along its line, and levels, in pixels."""
        self._nearest = nearest
        self._within = within.adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        self._marks = marks
        self._radius = radius
        self._line = line
        self._levels = np.array(levels, dtype=float)
        self._labels: list[QRectF] = []

    def place(
        self, at: QPointF, sizes: Sequence[QSizeF], *, is_high: bool = False
    ) -> tuple[int, QRectF] | None:
        """Return the index of the first size that has room near a mark, and its place.

        Places beside and below the mark are preferred, as at a low point of a line; above it for
        `is_high`. None if no size has room.
        """
        here = np.array([at.x(), at.y(), at.x(), at.y()])
        for times in (_NEAR, _FAR):
            for index, size in enumerate(sizes):
                around = _around(size.width(), size.height(), self._nearest, times, is_high)
                place = self._choose(self._pushed(around + here))
                if place is not None:
                    return index, place
        return None

    def choose(self, places: Sequence[QRectF]) -> QRectF | None:
        """Return one of some places, the best first, and keep it free from then on."""
        return self._choose(np.array([place.getCoords() for place in places]))

    def _choose(self, edges: Array) -> QRectF | None:
        """Choose among places by their edges (n, 4): left, top, right, bottom."""
        left, top, right, bottom = edges.T
        within = self._within
        is_inside = (
            (left >= within.left())
            & (top >= within.top())
            & (right <= within.right())
            & (bottom <= within.bottom())
        )
        for label in self._labels:
            is_inside &= ~(
                (left < label.right())
                & (right > label.left())
                & (top < label.bottom())
                & (bottom > label.top())
            )
        edges, rank = edges[is_inside], np.flatnonzero(is_inside)
        if not rank.size:
            return None
        left, top, right, bottom = edges.T[:, :, np.newaxis]
        reach, (xs, ys) = self._radius, self._marks
        across = (xs > left - reach) & (xs < right + reach)
        is_free = ~(across & (ys > top - reach) & (ys < bottom + reach)).any(axis=1)
        is_free &= ~((self._levels > top) & (self._levels < bottom)).any(axis=1)
        xs, ys = self._line
        hidden = ((xs > left) & (xs < right) & (ys > top) & (ys < bottom)).sum(axis=1)
        is_free &= hidden <= _MOST_HIDDEN
        if not is_free.any():
            return None
        costs = np.where(is_free, hidden + _FARTHER * rank / 8, np.inf)
        x1, y1, x2, y2 = edges[int(np.argmin(costs))].tolist()
        chosen = QRectF(x1, y1, x2 - x1, y2 - y1)
        self._labels.append(chosen)
        return chosen

    def _pushed(self, edges: Array) -> Array:
        """Return places moved up or down into the rectangle, if they are only a little outside."""
        up = np.maximum(edges[:, 3] - self._within.bottom(), 0.0)
        down = np.maximum(self._within.top() - edges[:, 1], 0.0)
        moved = np.where(up + down <= _PUSH, down - up, 0.0)
        return edges + np.outer(moved, (0.0, 1.0, 0.0, 1.0))


@lru_cache(maxsize=512)
def _around(
    width: float, height: float, nearest: float, times: tuple[float, ...], is_high: bool
) -> Array:
    """Return eight places around a mark at 0 at each distance, the best first, by their edges."""
    corners: list[tuple[float, float]] = []
    for off in (nearest * each for each in times):
        right, left, middle = off, -off - width, -width / 2
        under, over, level = off / 2, -off / 2 - height, -height / 2
        below = ((right, under), (left, under), (middle, off))
        above = ((right, over), (left, over), (middle, -off - height))
        corners += [(right, level), (left, level)]
        corners += above + below if is_high else below + above
    return np.array([(x, y, x + width, y + height) for x, y in corners])
