"""Round values for ticks and grid lines: dates, whole numbers, and powers of ten."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from model.dates import MONTHS

DATE_ROOM = 76
"""Pixels that a tick with a date needs."""

VALUE_ROOM = 22.0
"""Pixels that a horizontal line with a value needs."""

MONTH_STEPS = (1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 600)
DAY_STEPS = (1, 2, 7, 14, 28, 56, 84, 168, 336, 730, 3650)

_WEEKS = (1, 2, 7, 14)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
_LOG_FACTORS: tuple[tuple[float, ...], ...] = ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,))


class Tick(NamedTuple):
    """A day on the axis, as the scale counts days, with its label."""

    day: int
    label: str


def smallest_step(steps: Sequence[float], min_step: float) -> float:
    """Return the first of ascending steps that is at least `min_step`, or else the last."""
    return next((step for step in steps if step >= min_step), steps[-1])


def multiples(first: float, last: float, step: int) -> list[int]:
    """Return the multiples of a step from `first` to `last`, both included."""
    return list(range(math.ceil(first / step) * step, math.floor(last) + 1, step))


def round_dates(first: float, last: float, min_days: float) -> tuple[list[int], int]:
    """Return round dates at least `min_days` apart, and the number of months between them.

    Dates are ordinals. The number of months is 0 if the step is a number of days.
    """
    if min_days <= _WEEKS[-1]:
        step = int(smallest_step(_WEEKS, min_days))
        # A week begins on Monday, whose ordinal modulo 7 is 1.
        return [day + 1 for day in multiples(math.ceil(first) - 1, last - 1, step)], 0
    months = int(smallest_step(_MONTHS, min_days / 28))
    start = date.fromordinal(math.ceil(first))
    month = start.year * 12 + start.month - (start.day == 1)
    month += -month % months
    days = []
    while (day := date(month // 12, month % 12 + 1, 1).toordinal()) <= last:
        days.append(day)
        month += months
    return days, months


def date_ticks(days: Iterable[int], months: int) -> list[Tick]:
    """Return dates with labels as short as their distance in months allows.

    Dates less than a month apart have labels such as `3 Jul 2023` and `10 Jul`, with the year where
    it changes; months have `Jul 2023`, and years `2023`.
    """
    dated: list[Tick] = []
    year = None
    for day in days:
        on = date.fromordinal(day)
        if months >= 12:
            label = f"{on.year}"
        elif months or on.year != year:
            label = f"{MONTHS[on.month - 1]} {on.year}"
        else:
            label = MONTHS[on.month - 1]
        dated.append(Tick(day, label if months else f"{on.day} {label}"))
        year = on.year
    return dated


def day_text(day: int) -> str:
    """Return the label of a day since an event: `−7`, `0`, `14`."""
    return f"−{-day}" if day < 0 else str(day)


def round_values(low: float, high: float, height: float) -> list[float]:
    """Return evenly spaced round values in a range, far enough apart for their labels.

    `height` is the height of the range in pixels.
    """
    span = high - low
    if span <= 0 or height < VALUE_ROOM:
        return []
    min_step = span / (height / VALUE_ROOM)
    power = 10.0 ** math.floor(math.log10(min_step))
    step = smallest_step([power * factor for factor in (1, 2, 2.5, 5, 10)], min_step)
    return [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)]


def log_values(low: float, high: float, height: float) -> list[float]:
    """Return round values in a range for a logarithmic scale, far enough apart for their labels."""
    pixels = height / math.log(high / low)

    def are_apart(values: Sequence[float]) -> bool:
        pairs = itertools.pairwise(values)
        return all(math.log(after / before) * pixels >= VALUE_ROOM for before, after in pairs)

    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for factors in _LOG_FACTORS if height >= VALUE_ROOM else ():
        powers = [factor * 10.0**n for n in range(first, last + 1) for factor in factors]
        values = [value for value in powers if low <= value <= high]
        if len(values) >= 2 and are_apart(values):
            return values
    # The range is too narrow for powers of ten, so take even steps that are far enough apart.
    even: list[float] = []
    for value in round_values(low, high, height):
        if value > 0 and (not even or are_apart((even[-1], value))):
            even.append(value)
    return even
