"""Everything recorded of one cycle: its administrations side by side, each time and value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QWidget

from gui.administered import activity_words, calibrated_text, deviation_text
from gui.style import theme
from gui.widgets.card import Card, Chip, nuclide_chip
from gui.words import number_text, sum_text
from model.dates import shown
from model.language import _
from model.records.administrations import Administration, Cumulative
from model.records.cycles import CycleLine
from model.reference.activities import activity_text

_WIDEST = 420


class CycleDetails(Card):
    """The chosen cycle; nothing while none is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.body.setContentsMargins(1, 0, 1, 6)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setAccessibleName(_("Details of the chosen cycle"))
        self.add(self._scroll, 1)

    def show_line(self, line: CycleLine | None) -> None:
        """Show a cycle, or nothing."""
        if line is None:
            self._scroll.setWidget(QWidget())
            return
        cycle = line.treatment.cycle
        self.heading.show()
        heading = _("Cycle {number} · {date}")
        self.heading.setText(heading.format(number=cycle.number, date=shown(cycle.given_on)))
        content = QWidget()
        theme.set_kind(content, "plain")
        grid = QGridLayout(content)
        grid.setContentsMargins(14, 4, 14, 10)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(5)
        given = line.treatment.administrations
        for column, each in enumerate(given, start=1):
            self._add_head(grid, column, each)
        row = 1
        for label, text_of in _ROWS:
            texts = [text_of(each, cycle.given_on) for each in given]
            if any(texts):
                grid.addWidget(_text(label, "soft"), row, 0, Qt.AlignmentFlag.AlignTop)
                for column, text in enumerate(texts, start=1):
                    grid.addWidget(_text(text or "–"), row, column, Qt.AlignmentFlag.AlignTop)
                row += 1
        for label, text in (
            (_("Cumulative"), cumulative_text(line.cumulative)),
            (_("ECOG"), number_text(cycle.ecog)),
            (_("Weight"), f"{number_text(cycle.weight_kg)} kg" if cycle.weight_kg else ""),
            (_("Comment"), cycle.comment or ""),
        ):
            if text:
                grid.addWidget(_text(label, "soft"), row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(_text(text), row, 1, 1, max(len(given), 1))
                row += 1
        grid.setColumnStretch(len(given) + 1, 1)
        grid.setRowStretch(row, 1)
        self._scroll.setWidget(content)

    def words(self) -> list[str]:
        """Return everything that is shown, row by row."""
        content = self._scroll.widget()
        return [label.text() for label in content.findChildren(QLabel)] if content else []

    def _add_head(self, grid: QGridLayout, column: int, given: Administration) -> None:
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(nuclide_chip(given.nuclide, given.agent))
        if flagged := deviation_text(given):
            line.addWidget(Chip(flagged, lambda colours: (colours.alert_fill, colours.alert)))
        line.addStretch(1)
        grid.addWidget(head, 0, column)


def cumulative_text(sums: Sequence[Cumulative]) -> str:
    """Return the sum of each nuclide: `at least 12.2 MBq 225Ac, 7.4 GBq 177Lu`."""
    return ", ".join(map(sum_text, sums))


def _activity(mbq: float | None, when: datetime | None, given: Administration, day: date) -> str:
    if mbq is None:
        return ""
    activity, clock = activity_text(mbq, given.unit, digits=4), _clock(when, day)
    return _("{activity} at {time}").format(activity=activity, time=clock) if clock else activity


def _clock(when: datetime | None, day: date) -> str:
    """Return a time, with its date where that is not the day of the cycle."""
    if when is None:
        return ""
    return f"{when:%H:%M}" if when.date() == day else f"{shown(when.date())} {when:%H:%M}"


def _text(words: str, kind: str = "") -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(len(words) > 40)
    if len(words) > 40:
        label.setMinimumWidth(_WIDEST // 2)
        label.setMaximumWidth(_WIDEST)
    label.setFont(theme.figures(label.font()))
    theme.set_kind(label, kind)
    return label


_ROWS: tuple[tuple[str, Callable[[Administration, date], str]], ...] = (
    (_("Prescribed"), lambda one, day: _activity(one.prescribed_mbq, None, one, day)),
    (
        _("Calibrated"),
        lambda one, day: _activity(one.calibrated_mbq, one.calibrated_at, one, day),
    ),
    (_("Measured"), lambda one, day: _activity(one.measured_mbq, one.measured_at, one, day)),
    (_("Residual"), lambda one, day: _activity(one.residual_mbq, one.residual_at, one, day)),
    (_("Started"), lambda one, day: _clock(one.started_at, day)),
    (_("Ended"), lambda one, day: _clock(one.ended_at, day)),
    (
        _("Administered"),
        lambda one, _day: "\n".join((activity_words(one), calibrated_text(one))).rstrip(),
    ),
    (_("Route"), lambda one, _day: one.route or ""),
    (_("Batch"), lambda one, _day: one.batch_number or ""),
    (_("Remark"), lambda one, _day: one.comment or ""),
)
"""What is shown of each administration, next to one another, with the day of the cycle."""
