"""Dates, typed in any of the ways clinicians write them, and read back while typing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from gui.fields.base import Field
from gui.style import icons, theme
from model.dates import PartialDate, parse_date, parse_partial_date, shown, shown_long
from model.errors import KnownError
from model.language import _


class DateField(Field[date]):
    """A whole date; beside it the day that was understood, with its weekday."""

    def __init__(
        self,
        *,
        today: date,
        cycle_dates: Sequence[date] = (),
        required: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """A field that counts `-14d` from `today` and `c2+21` from the second of `cycle_dates`."""
        super().__init__(required=required, parent=parent)
        self.today = today
        self.cycle_dates = tuple(cycle_dates)
        self.edit = QLineEdit()
        self.edit.setFixedWidth(132)
        self.edit.setFont(theme.figures(self.edit.font()))
        self.edit.setPlaceholderText(_("3/7, today, -14d"))
        self.edit.setToolTip(
            _("2024-03-07, 7.3.2024, 7 Mar 2024, 3/7 (3 July), today, -14d, +2w, c2+21")
        )
        self.edit.textChanged.connect(self._typed)
        self.edit.editingFinished.connect(self._left)
        self._take(self.edit)
        self._button = QToolButton()
        self._button.setToolTip(_("Choose from a calendar"))
        self._button.setAccessibleName(_("Choose from a calendar"))
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        icons.keep(self._button, "calendar")
        self._button.clicked.connect(self.open_calendar)
        self._understood = QLabel()
        theme.set_kind(self._understood, "soft")
        self._row.addWidget(self._button)
        self._row.addWidget(self._understood, 1)

    def value(self) -> date | None:
        """The day; `KnownError` when what is typed is not one."""
        text = self.edit.text().strip()
        if not text:
            return None
        return parse_date(text, today=self.today, cycle_dates=self.cycle_dates)

    def set_value(self, value: date | None) -> None:
        """Show a day as 2024-03-07."""
        self.edit.setText(value.isoformat() if value else "")

    def raw(self) -> object:
        """The text as it was typed."""
        return self.edit.text().strip()

    def hint(self) -> str:
        """The day as it was understood, or an empty text."""
        return self._understood.text()

    def open_calendar(self) -> None:
        """Let the day be chosen from a calendar under the field."""
        menu = QMenu(self)
        calendar = QCalendarWidget(menu)
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        words = QTextCharFormat()
        words.setForeground(QColor(theme.current().ink))
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(weekend, words)
        names = QTextCharFormat()
        names.setForeground(QColor(theme.current().ink_soft))
        calendar.setHeaderTextFormat(names)
        calendar.setMinimumSize(292, 236)
        try:
            calendar.setSelectedDate(_qdate(self.value() or self.today))
        except KnownError:
            calendar.setSelectedDate(_qdate(self.today))
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)

        def choose(day: QDate) -> None:
            self.set_value(date(day.year(), day.month(), day.day()))
            menu.close()

        calendar.clicked.connect(choose)
        calendar.activated.connect(choose)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.edit.mapToGlobal(QPoint(0, self.edit.height() + 2)))
        calendar.setFocus()

    def _typed(self) -> None:
        try:
            day = self.value()
        except KnownError:
            self._understood.setText("")
        else:
            self._understood.setText(shown_long(day) if day else "")
        self.changed.emit()

    def _left(self) -> None:
        """Say what is wrong once the field is left, not while it is typed."""
        if self.edit.text().strip():
            self.show_problem(self.fault())


class PartialDateField(Field[PartialDate]):
    """A date of which the year, or the year and month, may be all that is known."""

    def __init__(
        self, *, today: date, required: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(required=required, parent=parent)
        self.today = today
        self.edit = QLineEdit()
        self.edit.setFixedWidth(132)
        self.edit.setFont(theme.figures(self.edit.font()))
        self.edit.setPlaceholderText(_("2021 or 2021-03"))
        self.edit.setToolTip(_("2021, 2021-03, 3/2021, Mar 2021, 2021-03-05"))
        self.edit.textChanged.connect(self._typed)
        self.edit.editingFinished.connect(self._left)
        self._take(self.edit)
        self._understood = QLabel()
        theme.set_kind(self._understood, "soft")
        self._row.addWidget(self._understood, 1)

    def value(self) -> PartialDate | None:
        """The date; `KnownError` when what is typed is not one."""
        text = self.edit.text().strip()
        return parse_partial_date(text, today=self.today) if text else None

    def set_value(self, value: PartialDate | None) -> None:
        """Show a date as 2021, 2021-03 or 2021-03-05."""
        self.edit.setText(str(value) if value else "")

    def raw(self) -> object:
        """The text as it was typed."""
        return self.edit.text().strip()

    def hint(self) -> str:
        """The date as it was understood, or an empty text."""
        return self._understood.text()

    def _typed(self) -> None:
        try:
            known = self.value()
        except KnownError:
            self._understood.setText("")
        else:
            self._understood.setText(_in_words(known) if known else "")
        self.changed.emit()

    def _left(self) -> None:
        if self.edit.text().strip():
            self.show_problem(self.fault())


def _in_words(known: PartialDate) -> str:
    return shown_long(known.earliest) if known.day else shown(known)


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
