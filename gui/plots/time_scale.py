"""Days to pixels and back, and where an axis of days has its ticks. Knows no widget."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

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
    """The days that are shown, and the pixels that they are drawn on.

    Days are counted as `date.toordinal` does, with fractions for the time of day.
    """

    first: float
    last: float
    left: float
    width: float

    def x(self, day: float) -> float:
        """The pixel of a day."""
        return self.left + (day - self.first) / (self.last - self.first) * self.width

    def day(self, x: float) -> float:
        """The day at a pixel."""
        return self.first + (x - self.left) / self.width * (self.last - self.first)

    @property
    def right(self) -> float:
        """The pixel where the scale ends."""
        return self.left + self.width

    def ticks(self) -> list[Tick]:
        """Ticks on round days, far enough apart for their labels, each year named at least once."""
        room = (self.last - self.first) / max(self.width, 1) * TICK_ROOM
        for step in _DAYS:
            if step >= room:
                return list(self._by_days(step))
        months = next((step for step in _MONTHS if step * 28 >= room), _MONTHS[-1])
        return list(self._by_months(months))

    def _by_days(self, step: int) -> Iterator[Tick]:
        # Weeks begin on Monday, which is where ordinal days leave 1.
        day = math.ceil(self.first)
        day += (1 - day) % step
        year = None
        while day <= self.last:
            on = date.fromordinal(day)
            name = f"{on.day} {MONTHS[on.month - 1]}"
            yield Tick(day, name if on.year == year else f"{name} {on.year}")
            year = on.year
            day += step

    def _by_months(self, step: int) -> Iterator[Tick]:
        start = date.fromordinal(math.ceil(self.first))
        month = start.year * 12 + start.month - (start.day == 1)
        month += -month % step
        while (on := date(month // 12, month % 12 + 1, 1)).toordinal() <= self.last:
            label = f"{on.year}" if step >= 12 else f"{MONTHS[on.month - 1]} {on.year}"
            yield Tick(on.toordinal(), label)
            month += step
