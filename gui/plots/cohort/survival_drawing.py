"""The drawing of Kaplan-Meier curves: bands, steps, ticks, and the table of patients at risk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from gui.plots.cohort.drawing import MARGIN, Drawing, Mark
from gui.plots.cohort.survival_text import curve_texts, step_tip
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
_MIN_FRAME_HEIGHT = 84.0
_RIGHT = 18.0
_TICK_WIDTH = 42.0
_SAMPLE_WIDTH = 26.0
_MAX_NAME_SHARE = 0.26  # of the width, for the names of groups
_CENSORED_TICK = 4.0  # half the height of a tick for censored patients
_DIGITS = 6  # decimals of months at which the times of a step and of a patient are equal
_DASHES: tuple[list[float], ...] = ([], [5, 2.5], [1.4, 2], [7, 2, 1.4, 2], [3, 3])
_AT_RISK, _MONTHS = _("At risk"), _("Months")


PatientsByStep = dict[tuple[str, bool, float], list[ObservedPatient]]
"""The patients behind each step, by group, whether they had the event, and months."""


@dataclass(frozen=True, slots=True)
class AtRiskNumber:
    """A number in the table below the curves; `x` is its middle."""

    x: float
    top: float
    text: str


class SurvivalDrawing(Drawing):
    """The summary of each curve, the curves, and the numbers at risk on the same axis of months."""

    def __init__(self) -> None:
        super().__init__()
        self.curves: Mapping[str, Curve] = {}
        self.frame = QRectF()
        self.months = TimeScale(0, 1)
        self.ticks: list[int] = []
        self.at_risk: list[AtRiskNumber] = []
        self._note = ""
        self._patients: Sequence[ObservedPatient] = ()
        self._why: Reason | None = None
        self._cached_paths: list[tuple[QPainterPath, QPainterPath]] | None = None

    def show_curves(
        self,
        curves: Mapping[str, Curve],
        patients: Sequence[ObservedPatient],
        note: str,
        why: Reason | None,
    ) -> None:
        """Draw these curves at the next layout."""
        self._why = why
        self.curves = {name: curve for name, curve in curves.items() if curve.n}
        self._note = note
        self._patients = patients

    def needed_height(self, room: QSizeF) -> float:
        """Return the height of the summaries, the curves and the table, at least the room's."""
        return max(room.height(), self._frame_top() + _MIN_FRAME_HEIGHT + self._table_height())

    def notes(self) -> list[str]:
        """Return the note that was given with the curves."""
        return [self._note] if self._note else []

    def arrange(self) -> None:
        """Lay out the axis and the table below it; the curves follow when they are drawn."""
        count = len(self.curves)
        labels = [*(self._names() if count > 1 else ()), _AT_RISK, "100 %", _MONTHS]
        label_width = max(self.metrics.horizontalAdvance(label) for label in labels)
        # The first number at risk is centred on the left end of the axis.
        half = self.metrics.horizontalAdvance("8888") / 2
        left = MARGIN + min(label_width, max(_MAX_NAME_SHARE * self.rect.width(), 46.0)) + half + 4
        top, bottom = self._frame_top(), self.rect.height() - self._table_height()
        width = max(self.rect.width() - left - _RIGHT, 30.0)
        self.frame = QRectF(left, top, width, max(bottom - top, 20.0))
        last = max((float(curve.times[-1]) for curve in self.curves.values()), default=0.0)
        self.months = TimeScale(0, max(last, 1.0), left, width)
        self.ticks = self.months.multiples(_TICK_WIDTH, MONTH_STEPS)
        self.at_risk = [
            AtRiskNumber(
                self.months.x(tick), self._row_top(row), group_thousands(curve.still_at_risk(tick))
            )
            for row, curve in enumerate(self.curves.values())
            for tick in self.ticks
        ]
        self._cached_paths = None

    @property
    def _paths(self) -> list[tuple[QPainterPath, QPainterPath]]:
        """The paths of the band and of the steps of each curve."""
        if self._cached_paths is None:
            self._cached_paths = [
                (self._band(curve), self._steps(curve)) for curve in self.curves.values()
            ]
        return self._cached_paths

    def make_marks(self) -> list[Mark]:
        """Return the marks of steps and of censored patients, from the left."""
        by_step: PatientsByStep = defaultdict(list)
        for patient in self._patients:
            by_step[patient.group, patient.had_event, round(patient.months, _DIGITS)].append(
                patient
            )
        return sorted(
            (
                mark
                for name, curve in self.curves.items()
                for mark in self._marks_of(name, curve, by_step)
            ),
            key=lambda mark: mark.rect.center().x(),
        )

    def draw(self, painter: QPainter) -> None:
        """Draw the grid, all bands, then all curves, then the texts around them."""
        self._draw_grid(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        for index, (band, _steps) in enumerate(self._paths):
            soft = QColor(_tone(index))
            soft.setAlphaF(0.16 if len(self._paths) == 1 else 0.10)
            painter.setBrush(soft)
            painter.drawPath(band)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for index, (_band, steps) in enumerate(self._paths):
            painter.setPen(_pen(index))
            painter.drawPath(steps)
        for index, curve in enumerate(self.curves.values()):
            self._draw_censored(painter, _tone(index), curve)
        self._draw_summaries(painter)
        self._draw_table(painter)

    # Layout

    def _frame_top(self) -> float:
        # The upper half of the label 100 % is above the frame.
        return _TOP + len(self.curves) * LINE_HEIGHT + LINE_HEIGHT / 2 + 6

    def _table_height(self) -> float:
        """Return the height below the frame: a line of months, a heading, and a row per group."""
        count = len(self.curves)
        return LINE_HEIGHT * (count + 2 if count > 1 else 2) + 8

    def _names(self) -> list[str]:
        return [name or _("All") for name in self.curves]

    def _row_top(self, row: int) -> float:
        """Return the top of the row of a group in the table; several groups have a heading."""
        table_top = self.frame.bottom() + LINE_HEIGHT + 6
        return table_top + row * LINE_HEIGHT + (LINE_HEIGHT if len(self.curves) > 1 else 0)

    def _y(self, share: float) -> float:
        return self.frame.bottom() - share * self.frame.height()

    def _steps(self, curve: Curve) -> QPainterPath:
        xs = np.repeat(self.months.xs(curve.times), 2)
        ys = self._ys(np.repeat(np.append(1.0, curve.survival), 2))
        path = QPainterPath(QPointF(self.months.x(0), ys[0]))
        for x, y in zip(xs.tolist(), ys[1:-1].tolist(), strict=True):
            path.lineTo(x, y)
        return path

    def _band(self, curve: Curve) -> QPainterPath:
        """Return the area between the confidence limits, for each step that has them."""
        path = QPainterPath()
        # The limits of the last step would cover no time.
        bounded = np.flatnonzero(~np.isnan(curve.low[:-1]))
        if not bounded.size:
            return path
        for run in np.split(bounded, np.flatnonzero(np.diff(bounded) != 1) + 1):
            xs = self.months.xs(np.repeat(curve.times[run[0] : run[-1] + 2], 2)[1:-1])
            upper = self._ys(np.repeat(curve.high[run], 2))
            lower = self._ys(np.repeat(curve.low[run], 2))
            outline = (np.append(xs, xs[::-1]), np.append(upper, lower[::-1]))
            points = map(QPointF, *(coordinates.tolist() for coordinates in outline))
            path.addPolygon(QPolygonF(list(points)))
            path.closeSubpath()
        return path

    def _ys(self, shares: Floats) -> Floats:
        return self.frame.bottom() - shares * self.frame.height()

    def _marks_of(self, name: str, curve: Curve, by_step: PatientsByStep) -> list[Mark]:
        marks = []
        share_before = 1.0
        for index, time in enumerate(curve.times.tolist()):
            share = float(curve.survival[index])
            x = self.months.x(time)
            top, bottom = self._y(share_before), self._y(share)
            step_rect = QRectF(x - 4, top - 3, 8, bottom - top + 6)
            for had_event, counts in ((True, curve.events), (False, curve.censored)):
                if counts[index]:
                    patients = by_step[name, had_event, round(time, _DIGITS)]
                    rect = step_rect if had_event else QRectF(x - 4, bottom - 7, 8, 14)
                    codes = [patient.code for patient in patients]
                    tip = step_tip(name, curve, index, had_event, codes)
                    ids = tuple(patient.patient_id for patient in patients)
                    marks.append(Mark(rect, ids, tip, why=self._why))
            share_before = share
        return marks

    # Drawing

    def _draw_grid(self, painter: QPainter) -> None:
        colours = theme.current()
        step = int(smallest_step((20, 25, 50, 100), 15 * 100 / self.frame.height()))
        for share in range(0, 101, step):
            y = round(self._y(share / 100)) + 0.5
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(QLineF(self.frame.left(), y, self.frame.right(), y))
            half = self.metrics.horizontalAdvance("8888") / 2 - 4
            label = QRectF(0, y - LINE_HEIGHT / 2, self.frame.left() - half - 4, LINE_HEIGHT)
            draw_text(painter, label, f"{share} %", colours.ink_soft, "right")
        for tick in self.ticks:
            x = round(self.months.x(tick)) + 0.5
            painter.drawLine(QLineF(x, self.frame.bottom(), x, self.frame.bottom() + 4))

    def _draw_censored(self, painter: QPainter, colour: str, curve: Curve) -> None:
        painter.setPen(QPen(QColor(colour), 1.2))
        for index in np.flatnonzero(curve.censored).tolist():
            x = self.months.x(float(curve.times[index]))
            y = self._y(float(curve.survival[index]))
            painter.drawLine(QLineF(x, y - _CENSORED_TICK, x, y + _CENSORED_TICK))

    def _draw_summaries(self, painter: QPainter) -> None:
        """Draw the longest summary of each curve that fits into a line."""
        colours = theme.current()
        are_several = len(self.curves) > 1
        left = MARGIN + (_SAMPLE_WIDTH + 6 if are_several else 0)
        for index, (name, curve) in enumerate(self.curves.items()):
            top = _TOP + index * LINE_HEIGHT
            if are_several:
                painter.setPen(_pen(index))
                middle = top + LINE_HEIGHT / 2
                painter.drawLine(QLineF(MARGIN, middle, MARGIN + _SAMPLE_WIDTH, middle))
            label = f"{name or _('All')}: " if are_several else ""
            variants = [label + text for text in curve_texts(curve)]
            room = self.rect.width() - left - MARGIN
            text = longest_fitting(
                [(text, self.metrics.horizontalAdvance(text)) for text in variants], room
            )
            text = text or elide(variants[-1], self.metrics, room)
            draw_text(painter, QRectF(left, top, room, LINE_HEIGHT), text, colours.ink)

    def _draw_table(self, painter: QPainter) -> None:
        """Draw the months, and below each the numbers of patients at risk just before it."""
        colours = theme.current()
        months_top = self.frame.bottom() + 6
        for tick in self.ticks:
            label = QRectF(self.months.x(tick) - 20, months_top, 40, LINE_HEIGHT)
            draw_text(painter, label, f"{tick}", colours.ink_soft, "centre")
        draw_text(painter, QRectF(MARGIN, months_top, 10, LINE_HEIGHT), _MONTHS, colours.ink_soft)
        heading_top = self._row_top(0) - (LINE_HEIGHT if len(self.curves) > 1 else 0)
        draw_text(painter, QRectF(MARGIN, heading_top, 10, LINE_HEIGHT), _AT_RISK, colours.ink_soft)
        half = self.metrics.horizontalAdvance("8888") / 2
        if len(self.curves) > 1:
            for row, name in enumerate(self._names()):
                text = elide(name, self.metrics, self.frame.left() - half - MARGIN - 2)
                draw_text(
                    painter, QRectF(MARGIN, self._row_top(row), 10, LINE_HEIGHT), text, colours.ink
                )
        for number in self.at_risk:
            rect = QRectF(number.x - 20, number.top, 40, LINE_HEIGHT)
            draw_text(painter, rect, number.text, colours.ink, "centre")


def _tone(index: int) -> str:
    colours = theme.current()
    tones = (colours.accent, colours.ac225_text, colours.lu177_text, colours.warn, colours.ink)
    return tones[index % len(tones)]


def _pen(index: int) -> QPen:
    pen = QPen(QColor(_tone(index)), 1.8)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashes := _DASHES[index % len(_DASHES)]:
        pen.setDashPattern(dashes)
    return pen
