"""Long pauses pressed together on an axis of days, monotone and invertible, and their mark."""

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

BREAK = 5.0
"""Pixels of a break in the axis."""

LONG = 180
"""Days without records from which a pause may be compressed."""

_AROUND = 14.0  # days that keep their length on both sides, so that marks have room
_SHARE = 0.03  # of the days that stay
_LEAST = 7.0
_VAGUE = 90  # one day in so many of a vague date counts as recorded
_SLANT, _RISE = 2.0, 4.0
_FAR = 1e7  # beyond any date


class Pause(NamedTuple):
    """The days, as `date.toordinal` counts them, between which nothing is recorded."""

    first: float
    last: float

    @property
    def middle(self) -> float:
        """Where the axis is broken."""
        return (self.first + self.last) / 2


@dataclass(frozen=True, slots=True)
class Breaks:
    """Pauses in order, each `pause_length` days long as drawn; without any, days stay as they are.

    A pressed day is a day less what the pauses before it lose. Days keep their order.
    """

    pauses: tuple[Pause, ...] = ()
    pause_length: float = _LEAST

    def pressed(self, day: float) -> float:
        """Return a day as the pressed axis counts it."""
        lost = 0.0
        for pause in self.pauses:
            if day <= pause.first:
                break
            length = pause.last - pause.first
            lost += min((day - pause.first) / length, 1.0) * (length - self.pause_length)
        return day - lost

    def day(self, pressed: float) -> float:
        """Return the day that the pressed axis counts so: the inverse of `pressed`."""
        day = pressed
        for pause in self.pauses:
            if day <= pause.first:
                break
            length = pause.last - pause.first
            day += min((day - pause.first) / self.pause_length, 1.0) * (length - self.pause_length)
        return day

    def pressed_all(self, days: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return many days at once, each as `pressed` counts it."""
        if not self.pauses:
            return days
        return np.interp(days, *self._knots())

    def days(self, pressed: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return many pressed days at once, each as `day` counts it."""
        if not self.pauses:
            return pressed
        real, counted = self._knots()
        return np.interp(pressed, counted, real)

    def _knots(self) -> tuple[list[float], list[float]]:
        """Return the days at which the pressed axis bends, real and pressed."""
        bends = [day for pause in self.pauses for day in pause]
        real = [bends[0] - _FAR, *bends, bends[-1] + _FAR]
        return real, [self.pressed(day) for day in real]


def breaks_between(days: Iterable[float]) -> Breaks:
    """Return the breaks of an axis with records on these days."""
    recorded = sorted(set(days))
    pauses = tuple(
        Pause(before + _AROUND, after - _AROUND)
        for before, after in itertools.pairwise(recorded)
        if after - before > LONG
    )
    lost = sum(pause.last - pause.first for pause in pauses)
    stays = recorded[-1] - recorded[0] - lost if recorded else 0.0
    return Breaks(pauses, max(_LEAST, _SHARE * stays))


def recorded_days(course: Course) -> set[int]:
    """Return the days of a course with records, as `date.toordinal` counts them.

    A date of which only the year or month is known may be any of its days: it breaks nothing.
    """
    days = {cycle.on.toordinal() for cycle in course.cycles}
    days |= {image.on.toordinal() for image in course.images}
    for bar in (*course.therapies, *course.toxicities):
        for day in (bar.began, bar.ended):
            days |= set(_possible(day)) if day else set()
    for trend in course.trends.values():
        days |= {int(day) for day in np.unique(np.floor(trend.days))}
    if course.died_on:
        days.add(course.died_on.toordinal())
    return days


def _possible(day: PartialDate) -> Iterator[int]:
    first, last = day.earliest.toordinal(), day.latest.toordinal()
    yield from range(first, last, _VAGUE)
    yield last


def draw_break(painter: QPainter, x: float, top: float, bottom: float) -> None:
    """Break a frame: a strip of the ground, with a pair of slashes on both edges."""
    colours = theme.current()
    painter.fillRect(QRectF(x - BREAK / 2, top - 1, BREAK, bottom - top + 2), QColor(colours.card))
    painter.setPen(QPen(QColor(colours.ink_soft), 1))
    for edge in (top, bottom):
        for side in (-BREAK / 2, BREAK / 2):
            painter.drawLine(
                QLineF(x + side - _SLANT, edge + _RISE, x + side + _SLANT, edge - _RISE)
            )
