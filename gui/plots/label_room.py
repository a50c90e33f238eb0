"""The room for labels among the marks and lines of a panel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
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
        self._xs, self._ys = marks
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
        for times in (_NEAR, _FAR):
            offsets = [self._nearest * each for each in times]
            for index, size in enumerate(sizes):
                places = _around(at, size, offsets, is_high=is_high)
                chosen = self.choose([self._pushed(place) for place in places])
                if chosen is not None:
                    return index, chosen
        return None

    def choose(self, places: Sequence[QRectF]) -> QRectF | None:
        """Return one of some places, the best first, and keep it free from then on."""
        edges = np.array([place.getCoords() for place in places])
        left, top, right, bottom = edges.T[:, :, np.newaxis]
        within = self._within
        is_free = (
            (edges[:, 0] >= within.left())
            & (edges[:, 1] >= within.top())
            & (edges[:, 2] <= within.right())
            & (edges[:, 3] <= within.bottom())
        )
        reach = self._radius
        across = (self._xs > left - reach) & (self._xs < right + reach)
        is_free &= ~(across & (self._ys > top - reach) & (self._ys < bottom + reach)).any(axis=1)
        is_free &= ~((self._levels > top) & (self._levels < bottom)).any(axis=1)
        for label in self._labels:
            is_free &= ~_meet(edges, label)
        xs, ys = self._line
        hidden = ((xs > left) & (xs < right) & (ys > top) & (ys < bottom)).sum(axis=1)
        is_free &= hidden <= _MOST_HIDDEN
        if not is_free.any():
            return None
        costs = hidden + _FARTHER * np.arange(len(places)) / 8
        chosen = places[int(np.argmin(np.where(is_free, costs, np.inf)))]
        self._labels.append(chosen)
        return chosen

    def _pushed(self, place: QRectF) -> QRectF:
        """Return a place moved up or down into the rectangle, if it is only a little outside."""
        up = max(place.bottom() - self._within.bottom(), 0.0)
        down = max(self._within.top() - place.top(), 0.0)
        return place.translated(0, down - up) if up + down <= _PUSH else place


def _meet(edges: Array, label: QRectF) -> NDArray[np.bool_]:
    """Return which places lie over a label."""
    meet: NDArray[np.bool_] = (
        (edges[:, 0] < label.right())
        & (edges[:, 2] > label.left())
        & (edges[:, 1] < label.bottom())
        & (edges[:, 3] > label.top())
    )
    return meet


def _around(at: QPointF, size: QSizeF, offsets: Sequence[float], *, is_high: bool) -> list[QRectF]:
    """Return eight places around a mark at each distance, the best first."""
    places = []
    width, height = size.width(), size.height()
    for off in offsets:
        right, left, middle = at.x() + off, at.x() - off - width, at.x() - width / 2
        near, far = off / 2, off
        under, over, level = at.y() + near, at.y() - near - height, at.y() - height / 2
        below = ((right, under), (left, under), (middle, at.y() + far))
        above = ((right, over), (left, over), (middle, at.y() - far - height))
        corners = ((right, level), (left, level), *(above + below if is_high else below + above))
        places += [QRectF(x, y, width, height) for x, y in corners]
    return places
