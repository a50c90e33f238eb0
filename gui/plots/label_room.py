"""Find room for labels one after another, among the marks and lines of a panel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from gui.plots.line_shape import Array

MIN_DISTANCE = 7.0
"""Pixels from the middle of a mark to the nearest label."""

_NEAR, _FAR = (1.0, 1.7, 2.6), (3.7, 4.9)
"""Distances to try, in multiples of the least one. The far ones are tried if no near one fits."""

_DISTANCE_COST = 2.5
"""The next distance costs as much as hiding so many points of a line."""

_MAX_HIDDEN = 7
"""Points of a line that a label may hide at most, as data matter more than their label."""

_MAX_MOVE = 5.0  # pixels that a label may be moved up or down to be inside
_EDGE = 2.0  # pixels between a label and the edge
_AROUND = 8  # rectangles tried at each distance


class LabelRoom:
    """Places labels in a rectangle, clear of marks, levels and one another.

    A level is a horizontal line, such as a limit. Among the rectangles that are clear, a label gets
    the one that hides least of the line through the marks.
    """

    def __init__(
        self,
        within: QRectF,
        marks: tuple[Array, Array],
        radius: float,
        line: tuple[Array, Array],
        levels: Sequence[float] = (),
        min_distance: float = MIN_DISTANCE,
    ) -> None:
        """Begin without labels; `line` is points along the line, `levels` are y positions."""
        self._min_distance = min_distance
        self._within = within.adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        self._marks = marks
        self._radius = radius
        self._line = line
        self._levels = np.array(levels, dtype=float)
        self._labels: list[QRectF] = []

    def place_label(
        self, mark: QPointF, sizes: Sequence[QSizeF], *, is_high: bool = False
    ) -> tuple[int, QRectF] | None:
        """Return the index of the first size that has room near a mark, and its rectangle.

        Rectangles beside and below the mark are preferred, which suits a low point of a line; with
        `is_high` those above it come before those below. Return None if no size has room.
        """
        offset = np.array([mark.x(), mark.y(), mark.x(), mark.y()])
        for multiples in (_NEAR, _FAR):
            distances = tuple(multiple * self._min_distance for multiple in multiples)
            for index, size in enumerate(sizes):
                edges = _edges_around(size.width(), size.height(), distances, is_high)
                rect = self._choose(self._moved_inside(edges + offset))
                if rect is not None:
                    return index, rect
        return None

    def choose_rect(self, rects: Sequence[QRectF]) -> QRectF | None:
        """Return the best clear one of some rectangles, or None; later labels keep clear of it."""
        return self._choose(np.array([rect.getCoords() for rect in rects]))

    def _choose(self, edges: Array) -> QRectF | None:
        """Choose among rectangles given by their edges (n, 4): left, top, right, bottom."""
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
        edges, ranks = edges[is_inside], np.flatnonzero(is_inside)
        if not ranks.size:
            return None
        left, top, right, bottom = edges.T[:, :, np.newaxis]
        radius, (xs, ys) = self._radius, self._marks
        is_beside = (xs > left - radius) & (xs < right + radius)
        is_free = ~(is_beside & (ys > top - radius) & (ys < bottom + radius)).any(axis=1)
        is_free &= ~((self._levels > top) & (self._levels < bottom)).any(axis=1)
        xs, ys = self._line
        hidden = ((xs > left) & (xs < right) & (ys > top) & (ys < bottom)).sum(axis=1)
        is_free &= hidden <= _MAX_HIDDEN
        if not is_free.any():
            return None
        costs = np.where(is_free, hidden + _DISTANCE_COST * ranks / _AROUND, np.inf)
        x1, y1, x2, y2 = edges[int(np.argmin(costs))].tolist()
        chosen = QRectF(x1, y1, x2 - x1, y2 - y1)
        self._labels.append(chosen)
        return chosen

    def _moved_inside(self, edges: Array) -> Array:
        """Return rectangles, those a little above or below the room moved into it."""
        up = np.maximum(edges[:, 3] - self._within.bottom(), 0.0)
        down = np.maximum(self._within.top() - edges[:, 1], 0.0)
        shift = np.where(up + down <= _MAX_MOVE, down - up, 0.0)
        return edges + np.outer(shift, (0.0, 1.0, 0.0, 1.0))


@lru_cache(maxsize=512)
def _edges_around(
    width: float, height: float, distances: tuple[float, ...], is_high: bool
) -> Array:
    """Return the edges of eight rectangles at each distance around a mark at 0, the best first."""
    corners: list[tuple[float, float]] = []
    for distance in distances:
        right, left, middle = distance, -distance - width, -width / 2
        under, over, level = distance / 2, -distance / 2 - height, -height / 2
        below = ((right, under), (left, under), (middle, distance))
        above = ((right, over), (left, over), (middle, -distance - height))
        corners += [(right, level), (left, level)]
        corners += above + below if is_high else below + above
    return np.array([(x, y, x + width, y + height) for x, y in corners])
