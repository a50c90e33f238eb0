"""The card Next: what is due for one patient by the schedule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from gui.session.day import DayWatch
from gui.style import theme
from gui.widgets.card import Card, Chip
from gui.widgets.layout import column, label, row
from model.dates import date_text
from model.due import items
from model.due.facts import Facts, Situation, facts_of_patient
from model.due.items import DueItem, DueState, day_text
from model.errors import KnownError
from model.language import _
from model.readiness.own_rule_sets import planned_cycles
from model.records.patient_records import PatientRecords

GAP = 7


class DueCard(Card):
    """One line per item that is due, or the reason why nothing is, or why no cycle is left."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.heading.setText(_("Next"))
        self.heading.show()
        self._records: PatientRecords | None = None
        self._days = DayWatch(today, self)
        self.items: tuple[DueItem, ...] = ()
        self._due_lines: list[_DueLine] = []
        self._rows = QWidget()
        self._line_layout = column(spacing=GAP, of=self._rows)
        self.note = label(kind="soft", wrap=True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.add(self._rows)
        self.add(self.note)
        self.body.addStretch()
        self._days.changed.connect(self._refresh)
        self._refresh()

    def show_patient(self, records: PatientRecords | None) -> None:
        """Show what is due for a patient, or nothing."""
        self._records = records
        self._refresh()

    def lines(self) -> list[str]:
        """Return the accessible text of each line, from top to bottom."""
        return [line.accessibleName() for line in self._due_lines]

    def _refresh(self) -> None:
        self.items, why_finished, why_nothing = (), "", ""
        if self._records is not None:
            today = self._days.day
            try:
                self.items = items.of_patient(self._records, today)
                facts = facts_of_patient(self._records, today)
                why_nothing = _why_nothing(facts, today)
                if not facts.has_died:
                    why_finished = facts.course.why_finished(planned_cycles(self._records.settings))
            except KnownError as error:
                why_nothing = str(error)
        self._show_items(why_finished or ("" if self.items else why_nothing))

    def _show_items(self, note: str) -> None:
        """Show the items, and below them a note if there is one."""
        for old in self._due_lines:
            old.hide()
            old.deleteLater()
        self._due_lines = [_DueLine(item, self._days.day) for item in self.items]
        for line in self._due_lines:
            self._line_layout.addWidget(line)
        self._rows.setVisible(bool(self.items))
        self.note.setVisible(bool(note))
        self.note.setText(note)


class _DueLine(QWidget):
    """One item with its date and the days until then; a narrow card shows these below its title."""

    def __init__(self, item: DueItem, today: date) -> None:
        super().__init__()
        title = QLabel(item.title)
        title.setTextFormat(Qt.TextFormat.PlainText)
        day = label(day_text(item.due_on, today))
        # Set before the kind, whose style sheet would otherwise replace the font.
        day.setFont(theme.figures(day.font()))
        theme.set_kind(day, "strong")
        when = row(1, day, _days_label(item), spacing=GAP)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GAP)
        self._layout.addWidget(title)
        self._layout.addLayout(when, 1)
        self._full_width = title.sizeHint().width() + GAP + when.sizeHint().width()
        tip = f"{item.counted_from}. {item.window_text}"
        self.setToolTip(tip)
        self.setAccessibleName(f"{item.title}, {date_text(item.due_on)}, {item.time_text}")
        self.setAccessibleDescription(tip)

    def minimumSizeHint(self) -> QSize:
        """Allow any width, so that a long title is cut off and does not widen the card."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the date to the right of the item, or below it."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        fits = event.size().width() >= self._full_width
        new_direction = direction.LeftToRight if fits else direction.TopToBottom
        if self._layout.direction() != new_direction:
            self._layout.setDirection(new_direction)
            self._layout.setSpacing(GAP if fits else 1)


def _days_label(item: DueItem) -> QLabel:
    """Return the days until an item is due, as a coloured chip from that day on."""
    if item.state is DueState.OVERDUE:
        return Chip(item.time_text, lambda colours: (colours.alert_fill, colours.alert))
    if item.days <= 0:
        return Chip(item.time_text, lambda colours: (colours.warn_fill, colours.warn))
    return label(item.time_text, "hint")


def _why_nothing(facts: Facts, today: date) -> str:
    match facts.situation(today):
        case Situation.DECEASED:
            return _("Deceased: nothing is due.")
        case Situation.OUT_OF_REACH:
            return _("Out of reach since {date}.").format(date=date_text(facts.missed_on))
        case Situation.NOT_TREATED:
            return _("No cycle yet: nothing is due by the schedule.")
    return _("Nothing is due by the schedule.")
