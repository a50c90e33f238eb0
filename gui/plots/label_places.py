"""Places for small labels around their marks, clear of the marks and of one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from gui.plots.line_shape import Array

_OFF = 7.0
_STEP = 5.0  # pixels between the points of a line that are compared
_MARK_OFF = 10.0
_FARTHEST = 26.0
_ROUNDS = 4
_ON_LABEL, _ON_MARK, _ON_RULE, _ON_LINE = 1000.0, 100.0, 10.0, 3.0


def around(
    where: QPointF, size: QSizeF, within: QRectF, off: float = _OFF, *, is_high: bool = False
) -> list[QRectF]:
    """Return the places around a mark within a rectangle, the best first.

    They are next to or below the mark, as at a low point of a line; above it first for `is_high`.
    Never empty: where none fits, a place is pushed into the rectangle.
    """
    width, height = size.width(), size.height()
    x, y = where.x(), where.y()
    right, left, middle = x + off, x - off - width, x - width / 2
    under, over, level = y + off / 2, y - off / 2 - height, y - height / 2
    below = ((right, under), (left, under), (middle, under + off / 2))
    above = ((right, over), (left, over), (middle, over - off / 2))
    corners = ((right, level), (left, level), *(above + below if is_high else below + above))
    places = [QRectF(left_edge, top, width, height) for left_edge, top in corners]
    fitting = [place for place in places if within.contains(place)]
    return fitting or [_pushed(places[0], within)]


def square(middle: QPointF, half: float) -> QRectF:
    """Return the square around a point."""
    return QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half)


def _pushed(place: QRectF, within: QRectF) -> QRectF:
    """Return the place moved into a rectangle, as far as that is large enough."""
    left = max(min(place.left(), within.right() - place.width()), within.left())
    top = max(min(place.top(), within.bottom() - place.height()), within.top())
    return QRectF(QPointF(left, top), place.size())


def _hidden(place: QRectF, line: tuple[Array, Array]) -> int:
    """Return how many points of a line a place hides."""
    xs, ys = line
    inside = (xs > place.left()) & (xs < place.right()) & (ys > place.top()) & (ys < place.bottom())
    return int(np.count_nonzero(inside))


def along(xs: Array, ys: Array) -> tuple[Array, Array]:
    """Return points along a line, a few pixels apart, for labels to keep clear of."""
    if xs.size < 2:
        return xs, ys
    lengths = np.hypot(np.diff(xs), np.diff(ys))
    lengths[np.isnan(lengths)] = 0.0
    travelled = np.concatenate(([0.0], np.cumsum(lengths)))
    every = np.linspace(0, travelled[-1], max(int(travelled[-1] / _STEP), 2))
    return np.interp(every, travelled, xs), np.interp(every, travelled, ys)


def candidates(at: QPointF, mark: QRectF, size: QSizeF, within: QRectF) -> list[QRectF]:
    """Return the places around a mark, the best first; for a wide one, beyond its ends as well."""
    width = min(mark.width() / 2 + 4, _FARTHEST)
    near = around(at, size, within, _MARK_OFF, is_high=True)
    return near if width <= _MARK_OFF else [*near, *around(at, size, within, width, is_high=True)]


def arranged(
    places: Sequence[Sequence[QRectF]],
    marks: Sequence[QRectF],
    rules: Sequence[QRectF],
    line: tuple[Array, Array],
) -> list[QRectF]:
    """Choose a place for each mark: clear of labels first, then of marks, rules and the line.

    Each label chooses again a few times while the others stay, which settles a few labels.
    """
    chosen = [of_mark[0] for of_mark in places]
    for _ in range(_ROUNDS):
        for number, of_mark in enumerate(places):
            others = [*chosen[:number], *chosen[number + 1 :]]
            costs = [
                _cost(place, others, marks, rules, line) + rank * 0.1
                for rank, place in enumerate(of_mark)
            ]
            chosen[number] = of_mark[int(np.argmin(costs))]
    return chosen


def _cost(
    place: QRectF,
    others: Sequence[QRectF],
    marks: Sequence[QRectF],
    rules: Sequence[QRectF],
    line: tuple[Array, Array],
) -> float:
    return (
        _ON_LABEL * sum(place.intersects(other) for other in others)
        + _ON_MARK * sum(place.intersects(mark) for mark in marks)
        + _ON_RULE * sum(place.intersects(rule) for rule in rules)
        + _ON_LINE * _hidden(place, line)
    )
