"""Convert days to pixels and back; no widget is needed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from gui.plots import ticks
from gui.plots.breaks import Breaks
from gui.plots.ticks import DATE_ROOM, DAY_STEPS, Tick

_DAY_ROOM = 46.0
"""Pixels that a tick with a number of days needs."""


@dataclass(frozen=True, slots=True)
class TimeScale:
    """The days in sight, the pixels on which they are drawn, and the breaks of the axis.

    Days are counted as `date.toordinal` does, with fractions for the time of day. Later days have
    larger pixels, and each pixel has its day, on a broken axis as well.
    """

    first: float
    last: float
    left: float = 0.0
    width: float = 1.0
    breaks: Breaks = field(default_factory=Breaks)

    def x(self, day: float) -> float:
        """Return the pixel of a day."""
        start = self.breaks.compress(self.first)
        return self.left + (self.breaks.compress(day) - start) / self.length * self.width

    def day(self, x: float) -> float:
        """Return the day at a pixel."""
        start = self.breaks.compress(self.first)
        return self.breaks.expand(start + (x - self.left) / self.width * self.length)

    def xs(self, days: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the pixels of many days."""
        start = self.breaks.compress(self.first)
        return self.left + (self.breaks.compress_all(days) - start) * (self.width / self.length)

    def days(self, xs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the days at many pixels."""
        start = self.breaks.compress(self.first)
        return self.breaks.expand_all(start + (xs - self.left) * (self.length / self.width))

    @property
    def length(self) -> float:
        """The number of days in sight; a compressed pause counts as long as it is drawn."""
        return self.breaks.compress(self.last) - self.breaks.compress(self.first)

    @property
    def right(self) -> float:
        """The pixel where the scale ends."""
        return self.left + self.width

    def moved(self, pixels: float) -> TimeScale:
        """Return the scale whose content has moved so many pixels to the right."""
        return replace(self, first=self.day(self.left - pixels), last=self.day(self.right - pixels))

    def zoomed(self, factor: float, x: float) -> TimeScale:
        """Return the scale with `factor` times as many days; the day at `x` stays there."""
        ends = (self.left, self.right)
        first, last = (self.day(x + (end - x) * factor) for end in ends)
        return replace(self, first=first, last=last)

    def break_xs(self) -> list[float]:
        """Return the pixels at which the axis has a break in sight."""
        xs = [self.x(pause.middle) for pause in self.breaks.pauses]
        return [x for x in xs if self.left < x < self.right]

    def days_in_pixels(self, pixels: float) -> float:
        """Return how many days so many pixels stand for."""
        return self.length / max(self.width, 1) * pixels

    def multiples(self, min_pixels: float, steps: Sequence[int]) -> list[int]:
        """Return the multiples in sight of the smallest step that takes at least `min_pixels`."""
        step = int(ticks.smallest_step(steps, self.days_in_pixels(min_pixels)))
        return ticks.multiples(self.first, self.last, step)

    def ticks(self) -> list[Tick]:
        """Return ticks on round dates, far enough apart for their labels."""
        days, months = ticks.round_dates(self.first, self.last, self.days_in_pixels(DATE_ROOM))
        return ticks.date_ticks(self._apart(days), months)

    def _apart(self, days: Sequence[int]) -> Iterable[int]:
        """Yield the days; on a broken axis, none in a pause or too near to the one before."""
        pauses, before = self.breaks.pauses, -math.inf
        for day in days:
            if pauses:
                x = self.x(day)
                if x < before + DATE_ROOM or any(
                    pause.first < day < pause.last for pause in pauses
                ):
                    continue
                before = x
            yield day


@dataclass(frozen=True, slots=True)
class DaysSinceScale(TimeScale):
    """A scale whose days are counted from an event, such as an infusion."""

    def ticks(self) -> list[Tick]:
        """Return ticks on multiples of a round number of days, far enough apart for labels."""
        return [Tick(day, ticks.day_text(day)) for day in self.multiples(_DAY_ROOM, DAY_STEPS)]
