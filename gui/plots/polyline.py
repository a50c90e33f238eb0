"""A course of values as a line of pixels, never more of them than can be seen."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gui.plots.time_scale import TimeScale
from gui.plots.value_scale import ValueScale

DENSE = 4
"""Results per pixel from which on only the lowest and highest of each pixel are drawn."""

Array = NDArray[np.float64]


class Polyline(NamedTuple):
    """Places to be joined, in pixels; the line is open at each that is not a number."""

    xs: Array
    ys: Array
    is_dense: bool


def polyline(days: Array, values: Array, scale: TimeScale, heights: ValueScale) -> Polyline:
    """The part of a line that is in sight; `days` ascend.

    Where there are many results to a pixel, their lowest and highest are kept: no result sticks
    out of the line that is drawn. The line is open where the axis is broken.
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
    """Of each pixel the lowest and the highest value, one after the other."""
    edges = scale.days(np.arange(int(scale.width) + 2, dtype=np.float64) + scale.left)
    starts = np.unique(np.searchsorted(days, edges))
    starts = starts[starts < days.size]
    if starts.size == 0 or starts[0] > 0:
        starts = np.insert(starts, 0, 0)
    both = np.empty(2 * starts.size)
    both[::2] = np.fmin.reduceat(values, starts)
    both[1::2] = np.fmax.reduceat(values, starts)
    return np.repeat(days[starts], 2), both
