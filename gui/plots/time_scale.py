"""Days to pixels and back. Knows no widget."""

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
"""Pixels that a tick needs for a number of days."""


@dataclass(frozen=True, slots=True)
class TimeScale:
    """The days in sight, the pixels that they are drawn on, and the pauses left out.

    Days are counted as `date.toordinal` does, with fractions for the time of day. Pixels grow
    with the days, and each pixel has its day, on a broken axis as well.
    """

    first: float
    last: float
    left: float = 0.0
    width: float = 1.0
    breaks: Breaks = field(default_factory=Breaks)

    def x(self, day: float) -> float:
        """Return the pixel of a day."""
        start = self.breaks.pressed(self.first)
        return self.left + (self.breaks.pressed(day) - start) / self.length * self.width

    def day(self, x: float) -> float:
        """Return the day at a pixel."""
        start = self.breaks.pressed(self.first)
        return self.breaks.day(start + (x - self.left) / self.width * self.length)

    def xs(self, days: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the pixels of many days."""
        start = self.breaks.pressed(self.first)
        return self.left + (self.breaks.pressed_all(days) - start) * (self.width / self.length)

    def days(self, xs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the days at many pixels."""
        start = self.breaks.pressed(self.first)
        return self.breaks.days(start + (xs - self.left) * (self.length / self.width))

    @property
    def length(self) -> float:
        """The number of days in sight, each pause counted as long as it is drawn."""
        return self.breaks.pressed(self.last) - self.breaks.pressed(self.first)

    @property
    def right(self) -> float:
        """The pixel where the scale ends."""
        return self.left + self.width

    def moved(self, pixels: float) -> TimeScale:
        """Return the scale after its content moved so many pixels to the right."""
        return replace(self, first=self.day(self.left - pixels), last=self.day(self.right - pixels))

    def zoomed(self, factor: float, x: float) -> TimeScale:
        """Return the scale with `factor` times as many days; the day at pixel `x` stays there."""
        ends = (self.left, self.right)
        first, last = (self.day(x + (end - x) * factor) for end in ends)
        return replace(self, first=first, last=last)

    def broken_at(self) -> list[float]:
        """Return the pixels in sight at which the axis is broken."""
        xs = [self.x(pause.middle) for pause in self.breaks.pauses]
        return [x for x in xs if self.left < x < self.right]

    def least_step(self, room: float) -> float:
        """Return the days that take so many pixels."""
        return self.length / max(self.width, 1) * room

    def multiples(self, room: float, steps: Sequence[int]) -> list[int]:
        """Return the multiples of the smallest step that takes at least so many pixels."""
        step = int(ticks.smallest(steps, self.least_step(room)))
        return ticks.multiples(self.first, self.last, step)

    def ticks(self) -> list[Tick]:
        """Return ticks on round dates, far enough apart for their labels; each year is named."""
        days, months = ticks.dates(self.first, self.last, self.least_step(DATE_ROOM))
        return ticks.date_ticks(self._apart(days), months)

    def _apart(self, days: Sequence[int]) -> Iterable[int]:
        """Leave out the days in a pause, or too near to the one before on a broken axis."""
        pauses, before = self.breaks.pauses, -math.inf
        for day in days:
            if pauses:
                x = self.x(day)
                if x < before + DATE_ROOM or any(p.first < day < p.last for p in pauses):
                    continue
                before = x
            yield day


@dataclass(frozen=True, slots=True)
class SinceScale(TimeScale):
    """A scale whose days are counted from an event: from an infusion, for instance."""

    def ticks(self) -> list[Tick]:
        """Return ticks on round days, far enough apart for their numbers; one is on day 0."""
        return [Tick(day, ticks.day_text(day)) for day in self.multiples(_DAY_ROOM, DAY_STEPS)]
