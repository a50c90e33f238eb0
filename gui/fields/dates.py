"""Fields for dates: typed as clinicians write them, and shown in full while typing."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QLabel, QMenu, QToolButton, QWidgetAction

from gui.fields.base import LineField
from gui.style import icons, theme
from model.dates import PartialDate, date_text, parse_date, parse_partial_date, weekday_date_text
from model.language import _

D = TypeVar("D")


class _TypedDate(LineField[D]):
    """A line for a date, which is shown in full next to it as it is read."""

    def __init__(self, placeholder: str, tip: str, *, today: date, required: bool) -> None:
        super().__init__(placeholder, tip, required=required)
        self.today = today
        self._echo = QLabel()
        theme.set_kind(self._echo, "soft")
        self._row.addWidget(self._echo, 1)

    def hint(self) -> str:
        """Return what the text was read as; empty while it cannot be read."""
        return self._echo.text()

    @abstractmethod
    def echo(self, value: D) -> str:
        """Return a date in words."""

    @abstractmethod
    def day_of(self, value: D) -> date:
        """Return the day that a calendar opens on."""

    @abstractmethod
    def set_day(self, day: date) -> None:
        """Show a day chosen from the calendar."""

    def offer_calendar(self) -> None:
        """Add a button that opens a calendar."""
        calendar = QToolButton()
        calendar.setToolTip(_("Choose from a calendar"))
        calendar.setAccessibleName(_("Choose from a calendar"))
        calendar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        icons.keep(calendar, "calendar")
        calendar.clicked.connect(self.open_calendar)
        self._row.insertWidget(1, calendar)

    def open_calendar(self) -> None:
        """Open a calendar under the field to choose the date from."""
        menu = QMenu(self)
        calendar = QCalendarWidget(menu)
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        colours = theme.current()
        # Qt would write weekends in red.
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(weekend, _in_colour(colours.ink))
        calendar.setHeaderTextFormat(_in_colour(colours.ink_soft))
        calendar.setMinimumSize(292, 236)
        value = self.readable()
        calendar.setSelectedDate(_qdate(self.today if value is None else self.day_of(value)))
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)

        def choose(day: QDate) -> None:
            self.set_day(date(day.year(), day.month(), day.day()))
            menu.close()

        calendar.clicked.connect(choose)
        calendar.activated.connect(choose)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.edit.mapToGlobal(QPoint(0, self.edit.height() + 2)))
        calendar.setFocus()

    def _typed(self) -> None:
        value = self.readable()
        self._echo.setText("" if value is None else self.echo(value))
        self.changed.emit()


class DateField(_TypedDate[date]):
    """A complete date, echoed with its weekday."""

    def __init__(
        self, *, today: date, cycle_dates: Sequence[date] = (), required: bool = False
    ) -> None:
        """A field that reads `-14d` from `today`, and `c2+21` from the second of `cycle_dates`."""
        super().__init__(
            _("3/7, today, -14d"),
            _("2024-03-07, 7.3.24, 7 Mar 2024, 3/7 (3 July), today, -14d, +2w, c2+21"),
            today=today,
            required=required,
        )
        self.cycle_dates = tuple(cycle_dates)
        self.offer_calendar()

    def value(self) -> date | None:
        """Return the date; raises KnownError if the text is not one."""
        text = self.edit.text().strip()
        if not text:
            return None
        return parse_date(text, today=self.today, cycle_dates=self.cycle_dates)

    def set_value(self, value: date | None) -> None:
        """Show a date as 2024-03-07."""
        self.edit.setText(value.isoformat() if value else "")

    def echo(self, value: date) -> str:
        """Return the date with its weekday."""
        return weekday_date_text(value)

    def day_of(self, value: date) -> date:
        """Return the date itself."""
        return value

    def set_day(self, day: date) -> None:
        """Show the day."""
        self.set_value(day)


class PartialDateField(_TypedDate[PartialDate]):
    """A date that may lack its day, or its day and month."""

    def __init__(
        self,
        *,
        today: date,
        cycle_dates: Sequence[date] = (),
        calendar: bool = False,
        required: bool = False,
    ) -> None:
        """A field that reads whole dates like a DateField."""
        super().__init__(
            _("2021 or 2021-03"),
            _("2021, 2021-03, 3/2021, Mar 2021, 2021-03-05"),
            today=today,
            required=required,
        )
        self.cycle_dates = tuple(cycle_dates)
        if calendar:
            self.offer_calendar()

    def value(self) -> PartialDate | None:
        """Return the date; raises KnownError if the text is not one."""
        text = self.edit.text().strip()
        if not text:
            return None
        return parse_partial_date(text, today=self.today, cycle_dates=self.cycle_dates)

    def set_value(self, value: PartialDate | None) -> None:
        """Show a date as 2021, 2021-03 or 2021-03-05."""
        self.edit.setText(str(value) if value else "")

    def echo(self, value: PartialDate) -> str:
        """Return the date, with its weekday if the day is known."""
        return weekday_date_text(value.earliest) if value.day else date_text(value)

    def day_of(self, value: PartialDate) -> date:
        """Return the first day that it may be."""
        return value.earliest

    def set_day(self, day: date) -> None:
        """Show the day as a whole date."""
        self.set_value(PartialDate.of(day))


def _in_colour(colour: str) -> QTextCharFormat:
    text_format = QTextCharFormat()
    text_format.setForeground(QColor(colour))
    return text_format


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
