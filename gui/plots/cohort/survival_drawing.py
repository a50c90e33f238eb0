"""The drawing of Kaplan-Meier curves: bands, steps, ticks, and the table of those at risk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from gui.plots.cohort.drawing import SIDE, Drawing, Mark
from gui.plots.cohort.survival_words import curve_texts, step_tip
from gui.plots.rows import longest_fitting
from gui.plots.texts import LINE_HEIGHT, draw_text, elide
from gui.plots.ticks import MONTH_STEPS, smallest_step
from gui.plots.time_scale import TimeScale
from gui.style import theme
from model.cohort.kaplan_meier import Curve, Floats
from model.cohort.lines import Reason
from model.cohort.survival import ObservedPatient
from model.language import _
from model.rounding import group_thousands

_TOP = 6.0
_LOWEST = 84.0  # pixels of height that curves need
_RIGHT = 18.0
_TICKS = 42.0
_SAMPLE = 26.0
_NAMES = 0.26  # of the width, that the names of groups take at most
_TICK = 4.0
_DIGITS = 6  # of months, to which a step and a person are compared
_DASHES: tuple[list[float], ...] = ([], [5, 2.5], [1.4, 2], [7, 2, 1.4, 2], [3, 3])
_AT_RISK, _MONTHS = _("At risk"), _("Months")


People = dict[tuple[str, bool, float], list[ObservedPatient]]
"""The people behind a step, by group, whether they had the event, and months."""


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A number in the table below the curves; `x` is its middle."""

    x: float
    top: float
    text: str


class SurvivalDrawing(Drawing):
    """Curves below a summary of each and above the numbers at risk, on one scale of months."""

    def __init__(self) -> None:
        super().__init__()
        self.curves: Mapping[str, Curve] = {}
        self.frame = QRectF()
        self.across = TimeScale(0, 1)
        self.ticks: list[int] = []
        self.at_risk: list[AtRisk] = []
        self._note = ""
        self._people: Sequence[ObservedPatient] = ()
        self._why: Reason | None = None
        self._laid: list[tuple[QPainterPath, QPainterPath]] | None = None

    def show_curves(
        self,
        curves: Mapping[str, Curve],
        people: Sequence[ObservedPatient],
        note: str,
        why: Reason | None,
    ) -> None:
        """Draw these curves at the next layout."""
        self._why = why
        self.curves = {name: curve for name, curve in curves.items() if curve.n}
        self._note = note
        self._people = people

    def needed(self, room: QSizeF) -> float:
        """Return the height of the words, the table, and readable curves."""
        return max(room.height(), self._top() + _LOWEST + self._under())

    def notes(self) -> list[str]:
        """Return the caller's note."""
        return [self._note] if self._note else []

    def arrange(self) -> None:
        """Put the time axis and the table below it on one scale; curves follow when drawn."""
        count = len(self.curves)
        words = [*(self._names() if count > 1 else ()), _AT_RISK, "100 %", _MONTHS]
        widest = max(self.metrics.horizontalAdvance(word) for word in words)
        # The first number at risk is centred on the left end of the axis.
        half = self.metrics.horizontalAdvance("8888") / 2
        left = SIDE + min(widest, max(_NAMES * self.rect.width(), 46.0)) + half + 4
        top, bottom = self._top(), self.rect.height() - self._under()
        width = max(self.rect.width() - left - _RIGHT, 30.0)
        self.frame = QRectF(left, top, width, max(bottom - top, 20.0))
        last = max((float(curve.times[-1]) for curve in self.curves.values()), default=0.0)
        self.across = TimeScale(0, max(last, 1.0), left, width)
        self.ticks = self.across.multiples(_TICKS, MONTH_STEPS)
        self.at_risk = [
            AtRisk(
                self.across.x(tick), self._row_top(row), group_thousands(curve.still_at_risk(tick))
            )
            for row, curve in enumerate(self.curves.values())
            for tick in self.ticks
        ]
        self._laid = None

    @property
    def _paths(self) -> list[tuple[QPainterPath, QPainterPath]]:
        """The band and the steps of each curve."""
        if self._laid is None:
            self._laid = [(self._band(each), self._steps(each)) for each in self.curves.values()]
        return self._laid

    def make_marks(self) -> list[Mark]:
        """Return each step and each tick, from the left."""
        people: People = defaultdict(list)
        for one in self._people:
            people[one.group, one.had_event, round(one.months, _DIGITS)].append(one)
        return sorted(
            (
                mark
                for name, curve in self.curves.items()
                for mark in self._marks_of(name, curve, people)
            ),
            key=lambda mark: mark.rect.center().x(),
        )

    def draw(self, painter: QPainter) -> None:
        """Draw the grid, all bands, then all curves, then the words around them."""
        self._draw_grid(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        for place, (band, _steps) in enumerate(self._paths):
            soft = QColor(_tone(place))
            soft.setAlphaF(0.16 if len(self._paths) == 1 else 0.10)
            painter.setBrush(soft)
            painter.drawPath(band)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for place, (_band, steps) in enumerate(self._paths):
            painter.setPen(_pen(place))
            painter.drawPath(steps)
        for place, curve in enumerate(self.curves.values()):
            self._draw_censored(painter, place, curve)
        self._draw_words(painter)
        self._draw_table(painter)

    # Places

    def _top(self) -> float:
        # Half a line more, for the label of 100 %.
        return _TOP + len(self.curves) * LINE_HEIGHT + LINE_HEIGHT / 2 + 6

    def _under(self) -> float:
        """Return the pixels below the curves: months, and a row for each group under a heading."""
        count = len(self.curves)
        return LINE_HEIGHT * (count + 2 if count > 1 else 2) + 8

    def _names(self) -> list[str]:
        return [name or _("All") for name in self.curves]

    def _row_top(self, row: int) -> float:
        """Return the top of a group's row in the table; several groups have a heading."""
        under = self.frame.bottom() + LINE_HEIGHT + 6
        return under + row * LINE_HEIGHT + (LINE_HEIGHT if len(self.curves) > 1 else 0)

    def _y(self, share: float) -> float:
        return self.frame.bottom() - share * self.frame.height()

    def _steps(self, curve: Curve) -> QPainterPath:
        xs = np.repeat(self.across.xs(curve.times), 2)
        ys = self._ys(np.repeat(np.append(1.0, curve.survival), 2))
        path = QPainterPath(QPointF(self.across.x(0), ys[0]))
        for x, y in zip(xs.tolist(), ys[1:-1].tolist(), strict=True):
            path.lineTo(x, y)
        return path

    def _band(self, curve: Curve) -> QPainterPath:
        """Return the area between the bounds of each step that has them, up to the next."""
        path = QPainterPath()
        # The bounds of the last step cover no time.
        bounded = np.flatnonzero(~np.isnan(curve.low[:-1]))
        if not bounded.size:
            return path
        for run in np.split(bounded, np.flatnonzero(np.diff(bounded) != 1) + 1):
            xs = self.across.xs(np.repeat(curve.times[run[0] : run[-1] + 2], 2)[1:-1])
            upper = self._ys(np.repeat(curve.high[run], 2))
            lower = self._ys(np.repeat(curve.low[run], 2))
            around = (np.append(xs, xs[::-1]), np.append(upper, lower[::-1]))
            points = map(QPointF, *(each.tolist() for each in around))
            path.addPolygon(QPolygonF(list(points)))
            path.closeSubpath()
        return path

    def _ys(self, shares: Floats) -> Floats:
        return self.frame.bottom() - shares * self.frame.height()

    def _marks_of(self, name: str, curve: Curve, of_steps: People) -> list[Mark]:
        marks = []
        before = 1.0
        for place, time in enumerate(curve.times.tolist()):
            share = float(curve.survival[place])
            x = self.across.x(time)
            fall = QRectF(x - 4, self._y(before) - 3, 8, self._y(share) - self._y(before) + 6)
            for had_event, counts in ((True, curve.events), (False, curve.censored)):
                if counts[place]:
                    people = of_steps[name, had_event, round(time, _DIGITS)]
                    rect = fall if had_event else QRectF(x - 4, self._y(share) - 7, 8, 14)
                    tip = step_tip(name, curve, place, had_event, [one.code for one in people])
                    ids = tuple(one.patient_id for one in people)
                    marks.append(Mark(rect, ids, tip, why=self._why))
            before = share
        return marks

    # What is drawn

    def _draw_grid(self, painter: QPainter) -> None:
        colours = theme.current()
        step = int(smallest_step((20, 25, 50, 100), 15 * 100 / self.frame.height()))
        for share in range(0, 101, step):
            y = round(self._y(share / 100)) + 0.5
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(QLineF(self.frame.left(), y, self.frame.right(), y))
            half = self.metrics.horizontalAdvance("8888") / 2 - 4
            place = QRectF(0, y - LINE_HEIGHT / 2, self.frame.left() - half - 4, LINE_HEIGHT)
            draw_text(painter, place, f"{share} %", colours.ink_soft, "right")
        for tick in self.ticks:
            x = round(self.across.x(tick)) + 0.5
            painter.drawLine(QLineF(x, self.frame.bottom(), x, self.frame.bottom() + 4))

    def _draw_censored(self, painter: QPainter, place: int, curve: Curve) -> None:
        painter.setPen(QPen(QColor(_tone(place)), 1.2))
        for number in np.flatnonzero(curve.censored).tolist():
            x = self.across.x(float(curve.times[number]))
            y = self._y(float(curve.survival[number]))
            painter.drawLine(QLineF(x, y - _TICK, x, y + _TICK))

    def _draw_words(self, painter: QPainter) -> None:
        """Write a summary of each curve in one line, as much of it as fits."""
        colours = theme.current()
        several = len(self.curves) > 1
        left = SIDE + (_SAMPLE + 6 if several else 0)
        for place, (name, curve) in enumerate(self.curves.items()):
            top = _TOP + place * LINE_HEIGHT
            if several:
                painter.setPen(_pen(place))
                middle = top + LINE_HEIGHT / 2
                painter.drawLine(QLineF(SIDE, middle, SIDE + _SAMPLE, middle))
            label = f"{name or _('All')}: " if several else ""
            variants = [label + text for text in curve_texts(curve)]
            room = self.rect.width() - left - SIDE
            text = longest_fitting([(v, self.metrics.horizontalAdvance(v)) for v in variants], room)
            text = text or elide(variants[-1], self.metrics, room)
            draw_text(painter, QRectF(left, top, room, LINE_HEIGHT), text, colours.ink)

    def _draw_table(self, painter: QPainter) -> None:
        """Write the months, and below each the numbers at risk just before it."""
        colours = theme.current()
        axis = self.frame.bottom() + 6
        for tick in self.ticks:
            place = QRectF(self.across.x(tick) - 20, axis, 40, LINE_HEIGHT)
            draw_text(painter, place, f"{tick}", colours.ink_soft, "centre")
        draw_text(painter, QRectF(SIDE, axis, 10, LINE_HEIGHT), _MONTHS, colours.ink_soft)
        head = self._row_top(0) - (LINE_HEIGHT if len(self.curves) > 1 else 0)
        draw_text(painter, QRectF(SIDE, head, 10, LINE_HEIGHT), _AT_RISK, colours.ink_soft)
        half = self.metrics.horizontalAdvance("8888") / 2
        if len(self.curves) > 1:
            for row, name in enumerate(self._names()):
                text = elide(name, self.metrics, self.frame.left() - half - SIDE - 2)
                draw_text(
                    painter, QRectF(SIDE, self._row_top(row), 10, LINE_HEIGHT), text, colours.ink
                )
        for number in self.at_risk:
            place = QRectF(number.x - 20, number.top, 40, LINE_HEIGHT)
            draw_text(painter, place, number.text, colours.ink, "centre")


def _tone(place: int) -> str:
    colours = theme.current()
    tones = (colours.accent, colours.ac225_text, colours.lu177_text, colours.warn, colours.ink)
    return tones[place % len(tones)]


def _pen(place: int) -> QPen:
    pen = QPen(QColor(_tone(place)), 1.8)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashes := _DASHES[place % len(_DASHES)]:
        pen.setDashPattern(dashes)
    return pen
