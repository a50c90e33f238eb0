"""The shape of a result that is no exact value: a triangle pointing to where it really lies."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPolygonF

from gui.plots.value_scale import ValueScale


def points_down(value: float, comparator: str | None, heights: ValueScale) -> bool | None:
    """Whether a result lies below its mark, or, with False, above it; None where it lies in it.

    Below lie `<20` and what has no place among powers of ten; above lies `>20`.
    """
    if heights.log and value <= 0:
        return True
    return comparator.startswith("<") if comparator else None


def triangle(where: QPointF, radius: float, *, down: bool) -> QPolygonF:
    """A mark as large as a round one of a radius."""
    sign = 1 if down else -1
    side, base, tip = radius + 0.8, radius, radius + 0.6
    return QPolygonF(
        [
            where + QPointF(-side, -sign * base),
            where + QPointF(side, -sign * base),
            where + QPointF(0, sign * tip),
        ]
    )
