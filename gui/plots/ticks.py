"""Round values for ticks and grid lines: dates, whole numbers, and powers of ten."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from model.dates import MONTHS

DATE_ROOM = 76
"""Pixels that a tick needs for its date."""

VALUE_ROOM = 22.0
"""Pixels that a horizontal line needs for its value."""

MONTH_STEPS = (1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 600)
DAY_STEPS = (1, 2, 7, 14, 28, 56, 84, 168, 336, 730, 3650)

_WEEKS = (1, 2, 7, 14)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
_DECADES: tuple[tuple[float, ...], ...] = ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,))


class Tick(NamedTuple):
    """A day on the axis, as the scale counts days, and its label."""

    day: int
    label: str


def smallest(steps: Sequence[float], least: float) -> float:
    """Return the smallest step that is not below `least`, or the largest of all."""
    return next((step for step in steps if step >= least), steps[-1])


def multiples(first: float, last: float, step: int) -> list[int]:
    """Return the multiples of a step from `first` to `last`."""
    return list(range(math.ceil(first / step) * step, math.floor(last) + 1, step))


def dates(first: float, last: float, least: float) -> tuple[list[int], int]:
    """Return round dates at least so many days apart, and the months between them.

    Dates are ordinals; the months are 0 where the step is a number of days.
    """
    if least <= _WEEKS[-1]:
        step = int(smallest(_WEEKS, least))
        # Weeks begin on Monday, where ordinal days modulo 7 are 1.
        return [day + 1 for day in multiples(math.ceil(first) - 1, last - 1, step)], 0
    months = int(smallest(_MONTHS, least / 28))
    start = date.fromordinal(math.ceil(first))
    month = start.year * 12 + start.month - (start.day == 1)
    month += -month % months
    days = []
    while (day := date(month // 12, month % 12 + 1, 1).toordinal()) <= last:
        days.append(day)
        month += months
    return days, months


def date_ticks(days: Iterable[int], months: int) -> list[Tick]:
    """Label dates so many months apart: `3 Jul 2023`, `10 Jul`, or `Jul 2023`, or `2023`."""
    labelled: list[Tick] = []
    year = None
    for day in days:
        on = date.fromordinal(day)
        if months >= 12:
            label = f"{on.year}"
        elif months or on.year != year:
            label = f"{MONTHS[on.month - 1]} {on.year}"
        else:
            label = MONTHS[on.month - 1]
        labelled.append(Tick(day, label if months else f"{on.day} {label}"))
        year = on.year
    return labelled


def day_text(day: int) -> str:
    """Return a day since an event as the axis shows it: `−7`, `0`, `14`."""
    return f"−{-day}" if day < 0 else str(day)


def round_values(low: float, high: float, height: float) -> list[float]:
    """Return evenly spaced round values in a range, far enough apart for their labels.

    `height` is the range in pixels.
    """
    span = high - low
    if span <= 0 or height < VALUE_ROOM:
        return []
    least = span / (height / VALUE_ROOM)
    power = 10.0 ** math.floor(math.log10(least))
    step = smallest([power * factor for factor in (1, 2, 2.5, 5, 10)], least)
    return [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)]


def log_values(low: float, high: float, height: float) -> list[float]:
    """Return round values in a range for a logarithmic scale, far enough apart for their labels."""
    pixels = height / math.log(high / low)

    def are_apart(values: Sequence[float]) -> bool:
        pairs = itertools.pairwise(values)
        return all(math.log(after / before) * pixels >= VALUE_ROOM for before, after in pairs)

    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for factors in _DECADES if height >= VALUE_ROOM else ():
        powers = [factor * 10.0**n for n in range(first, last + 1) for factor in factors]
        values = [value for value in powers if low <= value <= high]
        if len(values) >= 2 and are_apart(values):
            return values
    # The range is too narrow for powers of ten: even steps, thinned out.
    even: list[float] = []
    for value in round_values(low, high, height):
        if value > 0 and (not even or are_apart((even[-1], value))):
            even.append(value)
    return even
