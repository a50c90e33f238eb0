"""Values to pixels, on a linear or a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gui.plots.ticks import log_values, round_values
from model.course.grades import GradeBand
from model.course.trends import Trend

_PADDING = 0.1
_ALIKE = 1e-6  # of the value: ends closer than this are drawn as one value
_FOOT = 0.16  # of the height, for values that a logarithmic scale has no place for
_OVER_FOOT = 5.0  # pixels from the lower edge to the marks of such values


@dataclass(frozen=True, slots=True)
class ValueScale:
    """The values of a panel, from `low` to `high`, and their pixels.

    `top` and `height` are pixels. With `log`, equal distances are equal ratios, and both ends are
    above zero; the mark of a value of zero is then just above the lower edge.
    """

    low: float
    high: float
    top: float = 0.0
    height: float = 1.0
    log: bool = False

    @property
    def bottom(self) -> float:
        """The pixel of the lowest value."""
        return self.top + self.height

    @property
    def foot(self) -> float:
        """The pixel of marks that have no place on a logarithmic scale."""
        return self.bottom - _OVER_FOOT

    def y(self, value: float) -> float:
        """Return the pixel of a value."""
        if not self.log:
            share = (value - self.low) / (self.high - self.low)
        elif value <= 0:
            return self.foot
        else:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.bottom - share * self.height

    def ys(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the pixels of many values; NaN where a logarithmic scale has no place for one."""
        if not self.log:
            return self.bottom - (values - self.low) * (self.height / (self.high - self.low))
        above = np.where(values > 0, values, np.nan)
        return self.bottom - np.log(above / self.low) * (
            self.height / math.log(self.high / self.low)
        )

    def lines(self) -> list[float]:
        """Return round values for horizontal lines, far enough apart to be labelled."""
        values = log_values if self.log else round_values
        return values(self.low, self.high, self.height)


def can_be_log(trend: Trend) -> bool:
    """Return whether a trend fits a logarithmic scale: nothing below zero, something above."""
    return trend.values.size > 0 and bool(trend.values.min() >= 0) and bool(trend.values.max() > 0)


def value_scale(trend: Trend, bands: Sequence[GradeBand] = (), *, log: bool = False) -> ValueScale:
    """Return the scale that shows all results and limits, from zero where they come near it.

    Bands widen it only to the nearest edge of one: they are a background, not data. With `log` it
    is logarithmic if the trend fits one; results of zero are then apart at the foot.
    """
    limits = [limit for step in trend.limits for limit in step[1:] if limit is not None]
    values = trend.values
    if log and can_be_log(trend):
        above = values[values > 0]
        ends = [float(above.min()), float(above.max()), *(limit for limit in limits if limit > 0)]
        return _log_scale(min(ends), max(ends), bands, has_zero=above.size < values.size)
    ends = [float(values.min()), float(values.max())] if values.size else []
    ends += limits
    if not ends:
        return ValueScale(0.0, 1.0)
    low, high = min(ends), max(ends)
    low = _edge_below(low, bands)
    if 0 <= low < 0.45 * high:
        low = 0.0
    alike = high - low <= abs(high) * _ALIKE
    room = (abs(high) * 0.2 or 1.0) if alike else (high - low) * _PADDING
    return ValueScale(-room / 3 if low == 0 else low - room, high + room)


def _log_scale(
    low: float, high: float, bands: Sequence[GradeBand], *, has_zero: bool
) -> ValueScale:
    edge = _edge_below(low, bands)
    # An edge far below would press the results together.
    low = edge if low / 4 < edge else low
    padding = max((high / low) ** _PADDING, 1.1)
    foot = (high / low) ** _FOOT * 1.2 if has_zero else 1.0
    return ValueScale(low / padding / foot, high * padding, log=True)


def _edge_below(low: float, bands: Sequence[GradeBand]) -> float:
    edges = [edge for band in bands for edge in (band.low, band.high) if edge is not None]
    return max((edge for edge in edges if edge <= low), default=low)
