"""Choose rectangles for small labels around their marks, clear of the marks and of one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from gui.plots.line_shape import Array

_DISTANCE = 7.0  # pixels from a mark to its label
_WIDE_DISTANCE = 10.0
_MAX_DISTANCE = 26.0
_STEP = 5.0  # pixels between the points of a line that labels keep clear of
_ROUNDS = 4
_LABEL_COST, _MARK_COST, _RULE_COST, _LINE_POINT_COST = 1000.0, 100.0, 10.0, 3.0
_RANK_COST = 0.1


def rects_around(
    mark: QPointF,
    size: QSizeF,
    within: QRectF,
    distance: float = _DISTANCE,
    *,
    is_high: bool = False,
) -> list[QRectF]:
    """Return the rectangles around a mark in which a label fits, the best first.

    Those beside the mark come first, then those below it, which suits a low point of a line; with
    `is_high` those above come before those below. If none is inside `within`, the first one is
    moved into it, so that the result is never empty.
    """
    width, height = size.width(), size.height()
    x, y = mark.x(), mark.y()
    right, left, middle = x + distance, x - distance - width, x - width / 2
    under, over, level = y + distance / 2, y - distance / 2 - height, y - height / 2
    below = ((right, under), (left, under), (middle, under + distance / 2))
    above = ((right, over), (left, over), (middle, over - distance / 2))
    corners = ((right, level), (left, level), *(above + below if is_high else below + above))
    rects = [QRectF(left_edge, top, width, height) for left_edge, top in corners]
    fitting = [rect for rect in rects if within.contains(rect)]
    return fitting or [_moved_inside(rects[0], within)]


def square_around(middle: QPointF, half: float) -> QRectF:
    """Return the square around a point whose sides are twice as long as `half`."""
    return QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half)


def _moved_inside(rect: QRectF, within: QRectF) -> QRectF:
    """Return a rectangle moved into another one; if it is larger, it begins at the top left."""
    left = max(min(rect.left(), within.right() - rect.width()), within.left())
    top = max(min(rect.top(), within.bottom() - rect.height()), within.top())
    return QRectF(QPointF(left, top), rect.size())


def _count_hidden_points(rect: QRectF, line: tuple[Array, Array]) -> int:
    xs, ys = line
    inside = (xs > rect.left()) & (xs < rect.right()) & (ys > rect.top()) & (ys < rect.bottom())
    return int(np.count_nonzero(inside))


def points_along(xs: Array, ys: Array) -> tuple[Array, Array]:
    """Return points along a line, a few pixels apart, for labels to keep clear of."""
    if xs.size < 2:
        return xs, ys
    lengths = np.hypot(np.diff(xs), np.diff(ys))
    lengths[np.isnan(lengths)] = 0.0
    distances = np.concatenate(([0.0], np.cumsum(lengths)))
    steps = np.linspace(0, distances[-1], max(int(distances[-1] / _STEP), 2))
    return np.interp(steps, distances, xs), np.interp(steps, distances, ys)


def candidate_rects(middle: QPointF, mark: QRectF, size: QSizeF, within: QRectF) -> list[QRectF]:
    """Return the rectangles that the label of a mark may take, the best first.

    For a wide mark, rectangles beyond its ends follow.
    """
    end = min(mark.width() / 2 + 4, _MAX_DISTANCE)
    near = rects_around(middle, size, within, _WIDE_DISTANCE, is_high=True)
    if end <= _WIDE_DISTANCE:
        return near
    return [*near, *rects_around(middle, size, within, end, is_high=True)]


def choose_label_rects(
    candidates: Sequence[Sequence[QRectF]],
    marks: Sequence[QRectF],
    rules: Sequence[QRectF],
    line: tuple[Array, Array],
) -> list[QRectF]:
    """Return one of its candidates for each label.

    A label keeps clear of other labels first, then of marks, rules (straight lines), and the line
    through the marks. In each round every label chooses again while the others stay; a few rounds
    settle a few labels.
    """
    chosen = [rects[0] for rects in candidates]
    for _round in range(_ROUNDS):
        for index, rects in enumerate(candidates):
            others = [*chosen[:index], *chosen[index + 1 :]]
            costs = [
                _cost(rect, others, marks, rules, line) + rank * _RANK_COST
                for rank, rect in enumerate(rects)
            ]
            chosen[index] = rects[int(np.argmin(costs))]
    return chosen


def _cost(
    rect: QRectF,
    labels: Sequence[QRectF],
    marks: Sequence[QRectF],
    rules: Sequence[QRectF],
    line: tuple[Array, Array],
) -> float:
    return (
        _LABEL_COST * sum(rect.intersects(label) for label in labels)
        + _MARK_COST * sum(rect.intersects(mark) for mark in marks)
        + _RULE_COST * sum(rect.intersects(rule) for rule in rules)
        + _LINE_POINT_COST * _count_hidden_points(rect, line)
    )
