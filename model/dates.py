"""Dates as clinicians write them: typed in short, partial where history is vague, shown one way."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering

from model.errors import KnownError

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FIRST_YEAR, LAST_YEAR = 1900, 2100
# Not the calendar module's names: those follow the system's language.
_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
WAYS = "Type it like 2024-03-07, 7.3.2024, 7 Mar 2024, 3/7, today, -14d or c2+21."
PARTIAL_WAYS = "Type it like 2021, 2021-03, 2021-03-05, 3/2021 or Mar 2021."

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_DAY_NAME_YEAR = re.compile(r"(\d{1,2})\.?\s*([^\W\d_]{3,9})\.?\s*(\d{4})")
_DAY_MONTH = re.compile(r"(\d{1,2})[./](\d{1,2})\.?")
_SHORT_YEAR = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{1,3}|\d{1,3}-\d{1,2}-\d{1,2}")
_OFFSET = re.compile(r"([+-])\s*(\d{1,5})\s*([dw])")
_CYCLE = re.compile(r"c\s*(\d{1,3})(?:\s*([+-])\s*(\d{1,5})\s*d?)?")
_STORED_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_MONTH_YEAR = re.compile(r"(\d{1,2})[./](\d{4})")
_NAME_YEAR = re.compile(r"([^\W\d_]{3,9})\.?\s*(\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which only the year, or the year and month, may be known.

    Ordered by its earliest day; of two that begin together the shorter span comes first.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise KnownError("A date with a day needs its month.")
        _day(self.year, self.month or 1, self.day or 1)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read `2021`, `2021-03` or `2021-03-05`, as stored; `KnownError` for anything else."""
        match = _STORED_PARTIAL.fullmatch(text)
        if not match:
            raise KnownError(f"“{text}” is not a date like 2021, 2021-03 or 2021-03-05.")
        year, month, day = (None if part is None else int(part) for part in match.groups())
        return cls(year or 0, month, day)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """A date that is wholly known."""
        return cls(day.year, day.month, day.day)

    def __str__(self) -> str:
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return (self.earliest, self.latest) < (other.earliest, other.latest)

    @property
    def earliest(self) -> date:
        """The first day it can have been."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day it can have been."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])


def parse_date(text: str, *, today: date, cycle_dates: Sequence[date] = ()) -> date:
    """The day that was typed.

    Understood: `2024-03-07`, `7.3.2024`, `7/3/2024` (day first), `7 Mar 2024`, `3/7` (3 July: the
    latest such day not after `today`), `today`, `yesterday`, `-14d`, `+2w` (from `today`), `c2` and
    `c2+21` (days from the second of `cycle_dates`). Raises `KnownError` for anything else.
    """
    typed = text.strip().lower().replace("−", "-")
    if typed in {"today", "yesterday"}:
        return today - timedelta(days=typed == "yesterday")
    if match := _ISO.fullmatch(typed):
        return _day(*map(int, match.groups()))
    if match := _DAY_FIRST.fullmatch(typed):
        day, month, year = map(int, match.groups())
        return _day(year, month, day)
    if match := _DAY_NAME_YEAR.fullmatch(typed):
        return _day(int(match[3]), _month(match[2], text, WAYS), int(match[1]))
    if match := _DAY_MONTH.fullmatch(typed):
        return _latest_such_day(int(match[1]), int(match[2]), today)
    if match := _OFFSET.fullmatch(typed):
        days = int(match[1] + match[2]) * (7 if match[3] == "w" else 1)
        return _shifted(today, days)
    if match := _CYCLE.fullmatch(typed):
        given_on = _cycle_day(int(match[1]), cycle_dates)
        return _shifted(given_on, int(match[2] + match[3]) if match[3] else 0)
    if _SHORT_YEAR.fullmatch(typed):
        raise KnownError("Write the year with four digits.")
    raise KnownError(f"“{text.strip()}” is not a date. {WAYS}")


def parse_partial_date(text: str, *, today: date) -> PartialDate:
    """The partial date that was typed.

    Understood: `2021`, `2021-03`, `3/2021`, `03.2021`, `Mar 2021`, and whole dates as
    `parse_date` reads them. Raises `KnownError` for anything else.
    """
    typed = text.strip().lower()
    if re.fullmatch(r"\d{4}", typed):
        return PartialDate(int(typed))
    if match := _YEAR_MONTH.fullmatch(typed):
        return PartialDate(int(match[1]), int(match[2]))
    if match := _MONTH_YEAR.fullmatch(typed):
        return PartialDate(int(match[2]), int(match[1]))
    if match := _NAME_YEAR.fullmatch(typed):
        return PartialDate(int(match[2]), _month(match[1], text, PARTIAL_WAYS))
    if re.search(r"\d", typed) and re.fullmatch(r"[\d./\-\s\w]*", typed):
        return PartialDate.of(parse_date(text, today=today))
    raise KnownError(f"“{text.strip()}” is not a date. {PARTIAL_WAYS}")


def shown(day: date | PartialDate | None) -> str:
    """The date as the screens write it: `27 Nov 2023`, `Mar 2021`, `2021`, `–` for none."""
    if day is None:
        return "–"
    month = MONTHS[day.month - 1] if day.month else ""
    return " ".join(str(part) for part in (day.day, month, day.year) if part)


def shown_long(day: date) -> str:
    """The date with its weekday, to be checked while it is typed: `Wed 3 July 2024`."""
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    month = _MONTH_NAMES[day.month - 1]
    return f"{weekday} {day.day} {month} {day.year}"


def _day(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise KnownError(f"The year must be between {FIRST_YEAR} and {LAST_YEAR}.")
    if not 1 <= month <= 12:
        raise KnownError(f"There is no month {month}.")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise KnownError(f"{MONTHS[month - 1]} {year} has no day {day}.")
    return date(year, month, day)


def _month(name: str, text: str, ways: str) -> int:
    for number, month in enumerate(MONTHS, start=1):
        full = _MONTH_NAMES[number - 1].lower()
        if name == month.lower() or (len(name) > 3 and full.startswith(name)):
            return number
    raise KnownError(f"“{text.strip()}” is not a date. {ways}")


def _latest_such_day(day: int, month: int, today: date) -> date:
    if not 1 <= month <= 12:
        raise KnownError(f"There is no month {month}: the day comes first, as in 3/7 for 3 July.")
    # Eight years back always hold a 29 February, also across 1900 and 2100.
    for year in range(today.year, today.year - 9, -1):
        if 1 <= day <= calendar.monthrange(year, month)[1]:
            found = date(year, month, day)
            if found <= today:
                return found
    raise KnownError(f"{MONTHS[month - 1]} has no day {day}.")


def _cycle_day(number: int, cycle_dates: Sequence[date]) -> date:
    if not cycle_dates:
        raise KnownError("There is no cycle yet to count from.")
    if not 1 <= number <= len(cycle_dates):
        has = "one cycle" if len(cycle_dates) == 1 else f"{len(cycle_dates)} cycles"
        raise KnownError(f"There is no cycle {number} to count from: the patient has {has}.")
    return cycle_dates[number - 1]


def _shifted(day: date, days: int) -> date:
    try:
        found = day + timedelta(days=days)
    except OverflowError:
        raise KnownError(f"The year must be between {FIRST_YEAR} and {LAST_YEAR}.") from None
    return _day(found.year, found.month, found.day)
