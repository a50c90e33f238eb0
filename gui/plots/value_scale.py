"""Convert values to pixels, on a linear or a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gui.plots.ticks import log_values, round_values
from model.course.grades import GradeBand
from model.course.trends import Trend

_PADDING = 0.1  # of the range, above and below it
_EQUAL = 1e-6  # of the value; ends that differ by less are drawn as one value
_FOOT_SHARE = 0.16  # of the height, for values of zero on a logarithmic scale
_FOOT_MARGIN = 5.0  # pixels from the lower edge to the marks of such values


@dataclass(frozen=True, slots=True)
class ValueScale:
    """The values of a panel, from `low` to `high`, and their pixels.

    `top` and `height` are pixels. With `log` the scale is logarithmic, and both ends are above
    zero; the mark of a value of zero is then just above the lower edge.
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
        """The pixel of the marks of values that a logarithmic scale cannot show."""
        return self.bottom - _FOOT_MARGIN

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
        """Return the pixels of many values; NaN for those that a logarithmic scale cannot show."""
        if not self.log:
            return self.bottom - (values - self.low) * (self.height / (self.high - self.low))
        positive = np.where(values > 0, values, np.nan)
        return self.bottom - np.log(positive / self.low) * (
            self.height / math.log(self.high / self.low)
        )

    def grid_values(self) -> list[float]:
        """Return round values for grid lines, far enough apart for their labels."""
        choose_values = log_values if self.log else round_values
        return choose_values(self.low, self.high, self.height)


def can_be_log(trend: Trend) -> bool:
    """Return whether a trend fits a logarithmic scale: no negative value, and a positive one."""
    return trend.values.size > 0 and bool(trend.values.min() >= 0) and bool(trend.values.max() > 0)


def value_scale(trend: Trend, bands: Sequence[GradeBand] = (), *, log: bool = False) -> ValueScale:
    """Return the scale that shows all results and limits, and zero if they come near it.

    Bands are a background, so they widen the scale only to the nearest edge below the results.
    With `log` the scale is logarithmic if the trend fits one; results of zero are then drawn apart,
    at the foot.
    """
    limits = [limit for step in trend.limits for limit in step[1:] if limit is not None]
    values = trend.values
    if log and can_be_log(trend):
        positive = values[values > 0]
        ends = [
            float(positive.min()),
            float(positive.max()),
            *(limit for limit in limits if limit > 0),
        ]
        return _log_scale(min(ends), max(ends), bands, has_zero=positive.size < values.size)
    ends = [float(values.min()), float(values.max())] if values.size else []
    ends += limits
    if not ends:
        return ValueScale(0.0, 1.0)
    low, high = min(ends), max(ends)
    low = _edge_below(low, bands)
    if 0 <= low < 0.45 * high:
        low = 0.0
    is_one_value = high - low <= abs(high) * _EQUAL
    padding = (abs(high) * 0.2 or 1.0) if is_one_value else (high - low) * _PADDING
    return ValueScale(-padding / 3 if low == 0 else low - padding, high + padding)


def _log_scale(
    low: float, high: float, bands: Sequence[GradeBand], *, has_zero: bool
) -> ValueScale:
    edge = _edge_below(low, bands)
    # An edge far below would leave little height for the results.
    low = edge if low / 4 < edge else low
    padding = max((high / low) ** _PADDING, 1.1)
    foot = (high / low) ** _FOOT_SHARE * 1.2 if has_zero else 1.0
    return ValueScale(low / padding / foot, high * padding, log=True)


def _edge_below(low: float, bands: Sequence[GradeBand]) -> float:
    """Return the nearest edge of a band at or below a value, or the value if there is none."""
    edges = [edge for band in bands for edge in (band.low, band.high) if edge is not None]
    return max((edge for edge in edges if edge <= low), default=low)
