"""Where the labels of a few marks stand, each chosen with regard to all others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from gui.plots.label_places import around
from gui.plots.polyline import Array

_OFF = 10.0
_FARTHEST = 26.0
_ROUNDS = 4
_ON_LABEL, _ON_MARK, _ON_RULE, _ON_LINE = 1000.0, 100.0, 10.0, 3.0


def candidates(at: QPointF, mark: QRectF, size: QSizeF, within: QRectF) -> list[QRectF]:
    """The places around a mark, the best first; where it is wide, beyond its ends as well."""
    wide = min(mark.width() / 2 + 4, _FARTHEST)
    near = around(at, size, within, _OFF, is_high=True)
    return near if wide <= _OFF else [*near, *around(at, size, within, wide, is_high=True)]


def arranged(
    places: Sequence[Sequence[QRectF]],
    marks: Sequence[QRectF],
    rules: Sequence[QRectF],
    line: tuple[Array, Array],
) -> list[QRectF]:
    """For each mark one of its places: clear of labels first, then of marks, rules and the line.

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
    xs, ys = line
    inside = (xs > place.left()) & (xs < place.right()) & (ys > place.top()) & (ys < place.bottom())
    return (
        _ON_LABEL * sum(place.intersects(other) for other in others)
        + _ON_MARK * sum(place.intersects(mark) for mark in marks)
        + _ON_RULE * sum(place.intersects(rule) for rule in rules)
        + _ON_LINE * float(np.count_nonzero(inside))
    )
