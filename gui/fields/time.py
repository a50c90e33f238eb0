"""A time on a date set elsewhere, unless a date is typed with it."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from gui.fields.base import LineField
from model.dates import parse_date, weekday_date_text
from model.errors import KnownError
from model.language import _

_TIME = re.compile(r"(\d{1,2})[:.](\d{2})|(\d{1,2})(\d{2})")


def parse_time(text: str) -> time:
    """Return the time of day of `10:15`, `10.15`, `1015` or `915`.

    Raises KnownError for anything else.
    """
    match = _TIME.fullmatch(text.strip())
    if not match:
        invalid = _("“{text}” is not a time. Type it like 10:15 or 1015.")
        raise KnownError(invalid.format(text=text.strip()))
    hour, minute = (int(part) for part in match.groups() if part is not None)
    if hour > 23 or minute > 59:
        raise KnownError(_("There is no time {time}.").format(time=f"{hour}:{minute:02d}"))
    return time(hour, minute)


class TimeField(LineField[datetime]):
    """A moment: a time on the date of `set_day`, or on a date typed before it."""

    def __init__(self, *, today: date, required: bool = False) -> None:
        """A field that reads dates like the date fields, counted from `today`."""
        tip = _("10:15 or 1015; with a date for another day: 7/3 10:15")
        super().__init__(_("10:15"), tip, width=148, required=required)
        self.today = today
        self._day: date | None = None
        self._row.addStretch(1)

    def set_day(self, day: date | None) -> None:
        """Set the date of a time typed without one; an entered time moves to it."""
        if day != self._day:
            self._day = day
            self._typed()

    def value(self) -> datetime | None:
        """Return the moment; raises KnownError if it cannot be read or has no date."""
        text = self.edit.text().strip()
        if not text:
            return None
        typed_day, typed_time = _split(text)
        clock = parse_time(typed_time)
        day = parse_date(typed_day, today=self.today) if typed_day else self._day
        if day is None:
            raise KnownError(_("Enter the date first, or type it before the time."))
        return datetime.combine(day, clock)

    def set_value(self, value: datetime | None) -> None:
        """Show a moment: 10:15 on the date of the field, 2024-03-07 10:15 on another."""
        if value is None:
            self.edit.setText("")
        elif value.date() == self._day:
            self.edit.setText(f"{value:%H:%M}")
        else:
            self.edit.setText(f"{value:%Y-%m-%d %H:%M}")

    def _typed(self) -> None:
        moment = self.readable()
        elsewhen = moment is not None and moment.date() != self._day
        self.show_hint(weekday_date_text(moment.date()) if moment and elsewhen else "")
        self.changed.emit()


def _split(text: str) -> tuple[str, str]:
    """Return the text before the time, and the time."""
    day, _space, clock = text.replace("T", " ").rpartition(" ")
    return day.strip(), clock
