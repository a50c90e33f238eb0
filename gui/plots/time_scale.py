"""Days to pixels and back, and where an axis of days has its ticks. Knows no widget."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gui.plots.breaks import Breaks
from model.dates import MONTHS

TICK_ROOM = 76
"""Pixels that a tick needs for its label."""

_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)


class Tick(NamedTuple):
    """A place on the axis, in days as `date.toordinal` counts them, and what is written there."""

    day: int
    label: str


@dataclass(frozen=True, slots=True)
class TimeScale:
    """The days that are shown, the pixels that they are drawn on, and the pauses left out.

    Days are counted as `date.toordinal` does, with fractions for the time of day. Pixels grow
    with the days, and each pixel has its day, in a broken axis as well.
    """

    first: float
    last: float
    left: float
    width: float
    breaks: Breaks = field(default_factory=Breaks)

    def x(self, day: float) -> float:
        """The pixel of a day."""
        start = self.breaks.pressed(self.first)
        return self.left + (self.breaks.pressed(day) - start) / self.length * self.width

    def day(self, x: float) -> float:
        """The day at a pixel."""
        start = self.breaks.pressed(self.first)
        return self.breaks.day(start + (x - self.left) / self.width * self.length)

    def xs(self, days: NDArray[np.float64]) -> NDArray[np.float64]:
        """The pixels of many days."""
        start = self.breaks.pressed(self.first)
        return self.left + (self.breaks.pressed_all(days) - start) * (self.width / self.length)

    def days(self, xs: NDArray[np.float64]) -> NDArray[np.float64]:
        """The days at many pixels."""
        start = self.breaks.pressed(self.first)
        return self.breaks.days(start + (xs - self.left) * (self.length / self.width))

    @property
    def length(self) -> float:
        """The days that are shown, with each pause counted as long as it is drawn."""
        return self.breaks.pressed(self.last) - self.breaks.pressed(self.first)

    @property
    def right(self) -> float:
        """The pixel where the scale ends."""
        return self.left + self.width

    def moved(self, pixels: float) -> TimeScale:
        """The scale after its content was moved to the right by so many pixels."""
        return replace(self, first=self.day(self.left - pixels), last=self.day(self.right - pixels))

    def zoomed(self, factor: float, x: float) -> TimeScale:
        """The scale with `factor` times as many days, the day at pixel `x` staying where it is."""
        ends = (self.left, self.right)
        first, last = (self.day(x + (end - x) * factor) for end in ends)
        return replace(self, first=first, last=last)

    def broken_at(self) -> list[float]:
        """The pixels in sight at which the axis is broken."""
        xs = [self.x(pause.middle) for pause in self.breaks.pauses]
        return [x for x in xs if self.left < x < self.right]

    def ticks(self) -> list[Tick]:
        """Ticks on round days, far enough apart for their labels, each year named at least once."""
        room = self.length / max(self.width, 1) * TICK_ROOM
        for step in _DAYS:
            if step >= room:
                return list(_named_days(self._apart(self._by_days(step))))
        months = next((step for step in _MONTHS if step * 28 >= room), _MONTHS[-1])
        return list(_named_months(self._apart(self._by_months(months)), months))

    def _apart(self, days: Iterator[int]) -> Iterator[int]:
        """The days less those in a pause, or too near to the one before on a broken axis."""
        pauses = self.breaks.pauses
        before = -math.inf
        for day in days:
            if pauses:
                x = self.x(day)
                if x < before + TICK_ROOM or any(p.first < day < p.last for p in pauses):
                    continue
                before = x
            yield day

    def _by_days(self, step: int) -> Iterator[int]:
        # Weeks begin on Monday, which is where ordinal days leave 1.
        day = math.ceil(self.first)
        day += (1 - day) % step
        while day <= self.last:
            yield day
            day += step

    def _by_months(self, step: int) -> Iterator[int]:
        start = date.fromordinal(math.ceil(self.first))
        month = start.year * 12 + start.month - (start.day == 1)
        month += -month % step
        while (on := date(month // 12, month % 12 + 1, 1)).toordinal() <= self.last:
            yield on.toordinal()
            month += step


def _named_days(days: Iterator[int]) -> Iterator[Tick]:
    year = None
    for day in days:
        on = date.fromordinal(day)
        name = f"{on.day} {MONTHS[on.month - 1]}"
        yield Tick(day, name if on.year == year else f"{name} {on.year}")
        year = on.year


def _named_months(days: Iterator[int], step: int) -> Iterator[Tick]:
    for day in days:
        on = date.fromordinal(day)
        yield Tick(day, f"{on.year}" if step >= 12 else f"{MONTHS[on.month - 1]} {on.year}")
