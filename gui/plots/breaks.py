"""Breaks in an axis of days: long pauses are compressed, by a function that can be inverted."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.style import theme
from model.course.course import Course
from model.dates import PartialDate

BREAK_WIDTH = 5.0
"""Pixels of the gap that marks a break in the axis."""

LONG_PAUSE = 180
"""Days without records above which a pause is compressed."""

_MARGIN = 14.0  # days at both ends of a pause that keep their length, so that marks have room
_PAUSE_SHARE = 0.03  # the length of a compressed pause, as a part of all other days
_MIN_PAUSE = 7.0  # days
_VAGUE_STEP = 90  # of the days that a vague date may be, one in so many counts as recorded
_SLANT, _RISE = 2.0, 4.0  # half the width and height of a slash, in pixels
_FAR = 1e7  # more days than between any dates


class Pause(NamedTuple):
    """Two days, as `date.toordinal` counts them, between which nothing is recorded."""

    first: float
    last: float

    @property
    def middle(self) -> float:
        """The day at which the axis is drawn broken."""
        return (self.first + self.last) / 2


@dataclass(frozen=True, slots=True)
class Breaks:
    """The pauses of an axis in order, each drawn `pause_length` days long.

    A compressed day is a day minus the days that the pauses before it have lost. Days keep their
    order. Without pauses a day and its compressed day are equal.
    """

    pauses: tuple[Pause, ...] = ()
    pause_length: float = _MIN_PAUSE

    def compress(self, day: float) -> float:
        """Return the compressed day of a day."""
        lost = 0.0
        for pause in self.pauses:
            if day <= pause.first:
                break
            length = pause.last - pause.first
            lost += min((day - pause.first) / length, 1.0) * (length - self.pause_length)
        return day - lost

    def expand(self, compressed: float) -> float:
        """Return the day of a compressed day, which inverts `compress`."""
        day = compressed
        for pause in self.pauses:
            if day <= pause.first:
                break
            length = pause.last - pause.first
            day += min((day - pause.first) / self.pause_length, 1.0) * (length - self.pause_length)
        return day

    def compress_all(self, days: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the compressed days of many days."""
        if not self.pauses:
            return days
        return np.interp(days, *self._knots())

    def expand_all(self, compressed: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the days of many compressed days."""
        if not self.pauses:
            return compressed
        days, knots = self._knots()
        return np.interp(compressed, knots, days)

    def _knots(self) -> tuple[list[float], list[float]]:
        """Return the days between which `compress` is linear, and their compressed days."""
        ends = [day for pause in self.pauses for day in pause]
        days = [ends[0] - _FAR, *ends, ends[-1] + _FAR]
        return days, [self.compress(day) for day in days]


def find_breaks(days: Iterable[float]) -> Breaks:
    """Return the breaks of an axis with records on these days."""
    recorded = sorted(set(days))
    pauses = tuple(
        Pause(before + _MARGIN, after - _MARGIN)
        for before, after in itertools.pairwise(recorded)
        if after - before > LONG_PAUSE
    )
    lost = sum(pause.last - pause.first for pause in pauses)
    other_days = recorded[-1] - recorded[0] - lost if recorded else 0.0
    return Breaks(pauses, max(_MIN_PAUSE, _PAUSE_SHARE * other_days))


def recorded_days(course: Course) -> set[int]:
    """Return the days of a course with records, as `date.toordinal` counts them.

    A date of which only the year or month is known may be any of its days, so that there is no
    break within them.
    """
    days = {cycle.on.toordinal() for cycle in course.cycles}
    days |= {image.on.toordinal() for image in course.images}
    for bar in (*course.therapies, *course.toxicities):
        for day in (bar.began, bar.ended):
            days |= set(_possible_days(day)) if day else set()
    for trend in course.trends.values():
        days |= {int(day) for day in np.unique(np.floor(trend.days))}
    if course.died_on:
        days.add(course.died_on.toordinal())
    return days


def _possible_days(day: PartialDate) -> Iterator[int]:
    """Yield the ends of a partial date and days between them, none of them far apart."""
    first, last = day.earliest.toordinal(), day.latest.toordinal()
    yield from range(first, last, _VAGUE_STEP)
    yield last


def draw_break(painter: QPainter, x: float, top: float, bottom: float) -> None:
    """Draw a gap in a frame between `top` and `bottom`, with two slashes on each edge."""
    colours = theme.current()
    painter.fillRect(
        QRectF(x - BREAK_WIDTH / 2, top - 1, BREAK_WIDTH, bottom - top + 2), QColor(colours.card)
    )
    painter.setPen(QPen(QColor(colours.ink_soft), 1))
    for edge in (top, bottom):
        for offset in (-BREAK_WIDTH / 2, BREAK_WIDTH / 2):
            painter.drawLine(
                QLineF(x + offset - _SLANT, edge + _RISE, x + offset + _SLANT, edge - _RISE)
            )
