"""Parse dates as clinicians type them, keep partial dates, and print all dates in one format."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering
from typing import TYPE_CHECKING, TypeVar

from model.errors import KnownError
from model.language import _, ngettext

if TYPE_CHECKING:
    import pandas as pd

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = "days"
DAYS_PER_MONTH = 30.4375
"""The length of a month wherever times are given in months: a twelfth of 365.25 days."""
FIRST_YEAR, LAST_YEAR = 1900, 2100
# Not the names of the calendar module, which follow the language of the system.
_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
EXAMPLES = _("Type it like 2024-03-07, 7.3.24, 7 Mar 2024, 3/7, today, -14d or c2+21.")
PARTIAL_EXAMPLES = _("Type it like 2021, 2021-03, 2021-03-05, 3/2021 or Mar 2021.")

T = TypeVar("T")

_DAY_WORDS = ("today", "yesterday")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})")
_DAY_NAME_YEAR = re.compile(r"(\d{1,2})\.?\s*([^\W\d_]{3,9})\.?\s*(\d{4}|\d{2})")
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

    It stands for the interval of days on which the event may have been. Compare two with
    `is_before`, which returns None where the intervals overlap. Partial dates are sorted by their
    earliest day; of two with the same earliest day, the shorter interval comes first.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise KnownError(_("A date with a day needs a month."))
        _day(self.year, self.month or 1, self.day or 1)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Parse `2021`, `2021-03` or `2021-03-05`, as stored; `KnownError` for anything else."""
        match = _STORED_PARTIAL.fullmatch(text)
        if not match:
            sentence = _("“{text}” is not a date like 2021, 2021-03 or 2021-03-05.")
            raise KnownError(sentence.format(text=text))
        year, month, day = (None if part is None else int(part) for part in match.groups())
        return cls(year or 0, month, day)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """Return a fully known date."""
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
        """The first day of the interval."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day of the interval."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def days(self) -> Iterator[date]:
        """All days of the interval, in order."""
        count = (self.latest - self.earliest).days + 1
        return (self.earliest + timedelta(days=n) for n in range(count))


Day = date | PartialDate
"""A day, or a partial date that stands for an interval of days."""


def first_day(when: Day) -> date:
    """Return the day itself, or the first day of a partial date."""
    return when.earliest if isinstance(when, PartialDate) else when


def last_day(when: Day) -> date:
    """Return the day itself, or the last day of a partial date."""
    return when.latest if isinstance(when, PartialDate) else when


def is_before(first: Day | None, second: Day | None) -> bool | None:
    """Return whether a date is before another; None if that is not certain or one is missing."""
    if first is None or second is None:
        return None
    if last_day(first) < first_day(second):
        return True
    return False if first_day(first) >= last_day(second) else None


def on_every_day(when: Day, value: Callable[[date], T]) -> T | None:
    """Return a function's value if it is the same on every day of a partial date, or None."""
    days = when.days if isinstance(when, PartialDate) else iter((when,))
    result = value(next(days))
    return result if all(value(day) == result for day in days) else None


def interval_columns(texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the first and the last day (datetime64) of each partial date in ISO text.

    This is the column form of `first_day` and `last_day`; NaT where a date is missing.
    """
    import pandas as pd

    first = pd.to_datetime(texts, format="ISO8601")
    length = texts.str.len()
    last = first.where(length != len("2024-03"), first + pd.offsets.MonthEnd(0))
    return first, last.where(length != len("2024"), first + pd.offsets.YearEnd(0))


def parse_date(text: str, *, today: date, cycle_dates: Sequence[date] = ()) -> date:
    """Parse a typed date.

    Accepted: `2024-03-07`, `7.3.2024`, `7/3/24` (day first), `7 Mar 2024`, `3/7` (3 July: the
    latest such day not after `today`), `today`, `yesterday`, `-14d`, `+2w` (from `today`), `c2` and
    `c2+21` (days from the second of `cycle_dates`). A year of two digits is the latest such year
    that is not after the next: in 2026, `27` is 2027 and `28` is 1928. Raises `KnownError` for
    anything else.
    """
    typed = text.strip().lower().replace("−", "-")
    if typed in _DAY_WORDS:
        return today - timedelta(days=typed == "yesterday")
    if match := _ISO.fullmatch(typed):
        return _day(*map(int, match.groups()))
    if match := _DAY_FIRST.fullmatch(typed):
        return _day(_year(match[3], today), int(match[2]), int(match[1]))
    if match := _DAY_NAME_YEAR.fullmatch(typed):
        month = _month(match[2], text, EXAMPLES)
        return _day(_year(match[3], today), month, int(match[1]))
    if match := _DAY_MONTH.fullmatch(typed):
        return _latest_such_day(int(match[1]), int(match[2]), today)
    if match := _OFFSET.fullmatch(typed):
        days = int(match[1] + match[2]) * (7 if match[3] == "w" else 1)
        return _shifted(today, days)
    if match := _CYCLE.fullmatch(typed):
        given_on = _cycle_day(int(match[1]), cycle_dates)
        return _shifted(given_on, int(match[2] + match[3]) if match[3] else 0)
    if _SHORT_YEAR.fullmatch(typed):
        raise KnownError(_("Type the year with four digits."))
    raise _not_a_date(text, EXAMPLES)


def parse_partial_date(text: str, *, today: date, cycle_dates: Sequence[date] = ()) -> PartialDate:
    """Parse a typed date of which the day or the month may be missing.

    Accepted: `2021`, `2021-03`, `3/2021`, `03.2021`, `Mar 2021`, and whole dates as
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
        return PartialDate(int(match[2]), _month(match[1], text, PARTIAL_EXAMPLES))
    is_like_a_day = re.search(r"\d", typed) and re.fullmatch(r"[\d./+−\-\s\w]*", typed)
    if is_like_a_day or typed in _DAY_WORDS:
        return PartialDate.of(parse_date(text, today=today, cycle_dates=cycle_dates))
    raise _not_a_date(text, PARTIAL_EXAMPLES)


def time_since(when: PartialDate, origin: date) -> tuple[int, str]:
    """Return the time from a day to a date, and its unit: days, months or years.

    A partial date counts as the middle of its interval, rounded to whole months or years.
    """
    days = (when.earliest - origin).days + (when.latest - when.earliest).days / 2
    if when.day is not None:
        return int(days), DAYS
    if when.month is not None:
        return round(days / DAYS_PER_MONTH), "months"
    return round(days / DAYS_PER_MONTH / 12), "years"


def date_text(day: Day | None) -> str:
    """Return a date as shown on screen: `27 Nov 2023`, `Mar 2021`, `2021`, `–` for none."""
    if day is None:
        return "–"
    month = MONTHS[day.month - 1] if day.month else ""
    return " ".join(str(part) for part in (day.day, month, day.year) if part)


def weekday_date_text(day: date) -> str:
    """Return a date with its weekday, so that a typed date can be checked: `Wed 3 July 2024`."""
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    month = _MONTH_NAMES[day.month - 1]
    return f"{weekday} {day.day} {month} {day.year}"


def _day(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _year_out_of_range()
    if not 1 <= month <= 12:
        raise KnownError(_("There is no month {month}.").format(month=month))
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        sentence = _("{month} {year} has no day {day}.")
        raise KnownError(sentence.format(month=MONTHS[month - 1], year=year, day=day))
    return date(year, month, day)


def _year(digits: str, today: date) -> int:
    """Return a year; two digits mean the latest such year up to the next calendar year."""
    if len(digits) > 2:
        return int(digits)
    latest = today.year + 1
    return latest - (latest - int(digits)) % 100


def _not_a_date(text: str, examples: str) -> KnownError:
    sentence = _("“{text}” is not a date. {examples}")
    return KnownError(sentence.format(text=text.strip(), examples=examples))


def _month(name: str, text: str, examples: str) -> int:
    for number, month in enumerate(MONTHS, start=1):
        full = _MONTH_NAMES[number - 1].lower()
        if name == month.lower() or (len(name) > 3 and full.startswith(name)):
            return number
    raise _not_a_date(text, examples)


def _year_out_of_range() -> KnownError:
    sentence = _("The year must be between {first} and {last}.")
    return KnownError(sentence.format(first=FIRST_YEAR, last=LAST_YEAR))


def _latest_such_day(day: int, month: int, today: date) -> date:
    if not 1 <= month <= 12:
        sentence = _("There is no month {month}: the day comes first, as in 3/7 for 3 July.")
        raise KnownError(sentence.format(month=month))
    # Eight years always include a 29 February, even around 1900 and 2100.
    for year in range(today.year, today.year - 9, -1):
        if 1 <= day <= calendar.monthrange(year, month)[1]:
            latest = date(year, month, day)
            if latest <= today:
                return latest
    raise KnownError(_("{month} has no day {day}.").format(month=MONTHS[month - 1], day=day))


def _cycle_day(number: int, cycle_dates: Sequence[date]) -> date:
    if not cycle_dates:
        raise KnownError(_("There is no cycle yet to count from."))
    if not 1 <= number <= len(cycle_dates):
        sentence = ngettext(
            "There is no cycle {number} to count from: the patient has {n} cycle.",
            "There is no cycle {number} to count from: the patient has {n} cycles.",
            len(cycle_dates),
        )
        raise KnownError(sentence.format(number=number, n=len(cycle_dates)))
    return cycle_dates[number - 1]


def _shifted(day: date, days: int) -> date:
    try:
        shifted = day + timedelta(days=days)
    except OverflowError:
        raise _year_out_of_range() from None
    return _day(shifted.year, shifted.month, shifted.day)
