"""Everything that is recorded of one cycle, with its administrations side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QWidget

from gui.administered import activity_words, calibrated_text, deviation_text
from gui.style import theme
from gui.widgets.card import Card, Chip, nuclide_chip
from gui.words import number_text, sum_text
from model.dates import date_text
from model.language import _
from model.records.administrations import Administration, Cumulative
from model.records.cycles import CycleLine
from model.reference.activities import activity_text

_LONG_TEXT = 40
_MAX_WIDTH = 420


class CycleDetails(Card):
    """The details of the chosen cycle, if any."""

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
        self.heading.setText(heading.format(number=cycle.number, date=date_text(cycle.given_on)))
        content = QWidget()
        theme.set_kind(content, "plain")
        grid = QGridLayout(content)
        grid.setContentsMargins(14, 4, 14, 10)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(5)
        administrations = line.treatment.administrations
        for column, each in enumerate(administrations, start=1):
            self._add_head(grid, column, each)
        row = 1
        for label, text_of in _ROWS:
            texts = [text_of(each, cycle.given_on) for each in administrations]
            if any(texts):
                grid.addWidget(_text_label(label, "soft"), row, 0, Qt.AlignmentFlag.AlignTop)
                for column, text in enumerate(texts, start=1):
                    grid.addWidget(_text_label(text or "–"), row, column, Qt.AlignmentFlag.AlignTop)
                row += 1
        for label, text in (
            (_("Cumulative"), cumulative_text(line.cumulative)),
            (_("ECOG"), number_text(cycle.ecog)),
            (_("Weight"), f"{number_text(cycle.weight_kg)} kg" if cycle.weight_kg else ""),
            (_("Comment"), cycle.comment or ""),
        ):
            if text:
                grid.addWidget(_text_label(label, "soft"), row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(_text_label(text), row, 1, 1, max(len(administrations), 1))
                row += 1
        grid.setColumnStretch(len(administrations) + 1, 1)
        grid.setRowStretch(row, 1)
        self._scroll.setWidget(content)

    def texts(self) -> list[str]:
        """Return all visible texts, row by row."""
        content = self._scroll.widget()
        return [label.text() for label in content.findChildren(QLabel)] if content else []

    def _add_head(self, grid: QGridLayout, column: int, administration: Administration) -> None:
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(nuclide_chip(administration.nuclide, administration.agent))
        if deviation := deviation_text(administration):
            line.addWidget(Chip(deviation, lambda colours: (colours.alert_fill, colours.alert)))
        line.addStretch(1)
        grid.addWidget(head, 0, column)


def cumulative_text(sums: Sequence[Cumulative]) -> str:
    """Return the sum of each nuclide: `at least 12.2 MBq 225Ac, 7.4 GBq 177Lu`."""
    return ", ".join(map(sum_text, sums))


def _activity(mbq: float | None, when: datetime | None, each: Administration, day: date) -> str:
    if mbq is None:
        return ""
    activity, clock = activity_text(mbq, each.unit, digits=4), _clock(when, day)
    return _("{activity} at {time}").format(activity=activity, time=clock) if clock else activity


def _clock(when: datetime | None, day: date) -> str:
    """Return a time, with its date if that is not the day of the cycle."""
    if when is None:
        return ""
    return f"{when:%H:%M}" if when.date() == day else f"{date_text(when.date())} {when:%H:%M}"


def _text_label(text: str, kind: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    is_long = len(text) > _LONG_TEXT
    label.setWordWrap(is_long)
    if is_long:
        label.setMinimumWidth(_MAX_WIDTH // 2)
        label.setMaximumWidth(_MAX_WIDTH)
    label.setFont(theme.figures(label.font()))
    theme.set_kind(label, kind)
    return label


_ROWS: tuple[tuple[str, Callable[[Administration, date], str]], ...] = (
    (_("Prescribed"), lambda each, day: _activity(each.prescribed_mbq, None, each, day)),
    (
        _("Calibrated"),
        lambda each, day: _activity(each.calibrated_mbq, each.calibrated_at, each, day),
    ),
    (_("Measured"), lambda each, day: _activity(each.measured_mbq, each.measured_at, each, day)),
    (_("Residual"), lambda each, day: _activity(each.residual_mbq, each.residual_at, each, day)),
    (_("Started"), lambda each, day: _clock(each.started_at, day)),
    (_("Ended"), lambda each, day: _clock(each.ended_at, day)),
    (
        _("Administered"),
        lambda each, _day: "\n".join((activity_words(each), calibrated_text(each))).rstrip(),
    ),
    (_("Route"), lambda each, _day: each.route or ""),
    (_("Batch"), lambda each, _day: each.batch_number or ""),
    (_("Remark"), lambda each, _day: each.comment or ""),
)
"""The rows of the grid: each label, and its text for an administration on the day of the cycle."""
