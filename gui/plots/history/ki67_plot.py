"""Ki-67 from biopsy to biopsy, between the WHO cut-offs; a vague date is drawn as wide as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from gui.plots.label_places import along, arranged, candidates
from gui.plots.lane_text import Place, write
from gui.plots.line_shape import Array
from gui.plots.time_scale import TimeScale
from gui.plots.value_scale import ValueScale
from gui.style import theme
from model.course.grade_conflicts import KI67_CUT_OFFS
from model.course.upgrade import biopsy_text
from model.dates import PartialDate, shown
from model.language import _
from model.records.biopsies import Biopsy
from model.records.biopsy_order import in_order

_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 40.0, 20.0, 24.0
_MARK = 4.5
_LEAST_TOP = 30.0
_ABOVE = 1.3  # room for a label over the highest mark
_PADDING = 0.08
_SHORTEST = 200  # days that the axis shows at least
_GRADES = ("G1", "G2", "G3")


@dataclass(frozen=True, slots=True)
class Ki67Point:
    """A biopsy with its date and its Ki-67 in percent, and the words beside its mark."""

    on: PartialDate
    ki67: float
    label: str
    tip: str

    @property
    def is_vague(self) -> bool:
        """Whether the day is not known."""
        return self.on.day is None

    @property
    def middle(self) -> float:
        """The day of the mark, as `date.toordinal` counts it; of a vague date the middle."""
        return (self.on.earliest.toordinal() + self.on.latest.toordinal()) / 2


def points_of(biopsies: Sequence[Biopsy]) -> list[Ki67Point]:
    """The biopsies that have a place in the plot, oldest first."""
    return [
        Ki67Point(each.taken_on, each.ki67_percent, _label(each), biopsy_text(each, with_site=True))
        for each in in_order(biopsies)
        if each.taken_on is not None and each.ki67_percent is not None
    ]


def _label(biopsy: Biopsy) -> str:
    """`G3 · 34 %`, and `about 2021` where that is all that is known of the date."""
    grade = (biopsy.who_grade or "no grade").removeprefix("NET ")
    on = biopsy.taken_on
    about = f"about {shown(on)}" if on and on.day is None else ""
    return " · ".join(filter(None, (grade, f"{biopsy.ki67_percent:g} %", about)))


class Ki67Plot(QWidget):
    """Marks at date and Ki-67, each with its grade; lines at 3 and 20 %, the first cycle marked.

    Everything in it stands in the table of biopsies as well.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Ki-67 over time"))
        self.points: list[Ki67Point] = []
        self.nothing = ""
        self._first_cycle_on: date | None = None
        self._places: list[Place] = []

    def show_biopsies(self, biopsies: Sequence[Biopsy], first_cycle_on: date | None) -> None:
        """Draw these; the ones without a date or a Ki-67 are counted below the others."""
        self.points = points_of(biopsies)
        self._first_cycle_on = first_cycle_on
        left_out = len(biopsies) - len(self.points)
        self.nothing = ""
        if left_out:
            biopsies_text = "1 biopsy" if left_out == 1 else f"{left_out} biopsies"
            self.nothing = _("Not drawn: %s without a date or Ki-67") % biopsies_text
        elif not self.points:
            self.nothing = _("No Ki-67 yet")
        said = [point.tip for point in self.points]
        self.setAccessibleDescription("; ".join(filter(None, (*said, self.nothing))))
        self.update()

    def painted_parts(self) -> Sequence[QWidget]:
        """What a picture of it is made of."""
        return (self,)

    def sizeHint(self) -> QSize:
        """Wide enough for a few labels side by side."""
        return QSize(340, 200)

    def minimumSizeHint(self) -> QSize:
        """Room for the cut-offs and a label between them."""
        return QSize(260, 180)

    def event(self, event: QEvent) -> bool:
        """Say what a mark is when the pointer rests on it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            where = event.pos().toPointF()
            found = [place.text for place in self._places if place.rect.contains(where)]
            QToolTip.showText(event.globalPos(), "\n".join(found), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw cut-offs, axis, first cycle, then the marks with their labels."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._places = []
        font = theme.figures(theme.sized(self.font(), 11))
        painter.setFont(font)
        if self.points:
            time, values = self._scales()
            self._draw_grid(painter, time, values)
            self._draw_marks(painter, time, values, font)
        if self.nothing:
            painter.setFont(font)
            self._draw_nothing(painter)
        painter.end()

    def _scales(self) -> tuple[TimeScale, ValueScale]:
        ends = [float(day.toordinal()) for p in self.points for day in (p.on.earliest, p.on.latest)]
        if self._first_cycle_on:
            ends.append(float(self._first_cycle_on.toordinal()))
        first, last = min(ends), max(ends)
        short = max(_SHORTEST - (last - first), 0.0) / 2
        padding = max((last - first) * _PADDING, 10.0) + short
        width = max(self.width() - _LEFT - _RIGHT, 1.0)
        foot = _BOTTOM + (18.0 if self.nothing else 0.0)
        height = max(self.height() - _TOP - foot, 1.0)
        highest = max(max(point.ki67 for point in self.points) * _ABOVE, _LEAST_TOP)
        # A Ki-67 near zero is not to stand on the axis.
        values = ValueScale(-highest * 0.03, min(highest, 104.0), _TOP, height)
        return TimeScale(first - padding, last + padding, _LEFT, width), values

    def _draw_grid(self, painter: QPainter, time: TimeScale, values: ValueScale) -> None:
        colours = theme.current()
        ends = (*KI67_CUT_OFFS, values.high)
        lows = (values.low, *KI67_CUT_OFFS)
        frame = QRectF(time.left, values.top, time.width, values.height)
        painter.fillRect(frame, QColor(colours.card))
        soft = QColor(colours.neutral)
        soft.setAlphaF(0.35)
        painter.fillRect(
            QRectF(QPointF(time.left, values.y(20)), QPointF(time.right, values.y(3))), soft
        )
        beside = _LEFT - 8
        for cut_off in KI67_CUT_OFFS:
            y = values.y(cut_off)
            painter.setPen(QPen(QColor(colours.ink_soft), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(time.left, y, time.right, y))
            self._right_of(painter, QRectF(0, y - 8, beside, 16), f"{cut_off:g} %")
        if values.high >= 50:
            self._right_of(painter, QRectF(0, values.y(50) - 8, beside, 16), "50 %")
        for grade, low, high in zip(_GRADES, lows, ends, strict=True):
            middle = (values.y(low) + values.y(high)) / 2
            place = QRectF(time.right + 8, middle - 8, _RIGHT - 8, 16)
            write(painter, place, grade, colours.ink_soft)
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame)
        write(painter, QRectF(time.left, 0, 80, _TOP - 2), "Ki-67", colours.ink_soft)
        metrics = QFontMetricsF(painter.font())
        for tick in time.ticks():
            x = time.x(tick.day)
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(QLineF(x, values.bottom, x, values.bottom + 4))
            left = min(x - 2, time.right + 20 - metrics.horizontalAdvance(tick.label))
            place = QRectF(left, values.bottom + 6, 80, 16)
            write(painter, place, tick.label, colours.ink_soft)
        self._draw_first_cycle(painter, time, values)

    def _draw_first_cycle(self, painter: QPainter, time: TimeScale, values: ValueScale) -> None:
        if self._first_cycle_on is None:
            return
        colours = theme.current()
        x = time.x(self._first_cycle_on.toordinal())
        painter.setPen(QPen(QColor(colours.ac225), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(x, values.top, x, values.bottom))
        text = _("first cycle")
        wide = QFontMetricsF(painter.font()).horizontalAdvance(text)
        left = min(max(x - wide / 2, time.left + 44), time.right - wide)
        write(painter, QRectF(left, 0, wide, _TOP - 2), text, colours.ac225_text)
        tip = f"{text}, {shown(self._first_cycle_on)}"
        self._places.append(Place(QRectF(x - 3, 0, 6, values.bottom), tip))

    def _draw_marks(
        self, painter: QPainter, time: TimeScale, values: ValueScale, font: QFont
    ) -> None:
        colours = theme.current()
        marks = [QPointF(time.x(p.middle), values.y(p.ki67)) for p in self.points]
        for (one, at), (other, to) in pairwise(zip(self.points, marks, strict=True)):
            if one.on.latest < other.on.earliest:
                painter.setPen(QPen(QColor(colours.accent), 1.4))
                painter.drawLine(at, to)
        for point, at in zip(self.points, marks, strict=True):
            self._draw_mark(painter, time, point, at)
        painter.setFont(theme.sized(font, 11, QFont.Weight.DemiBold))
        metrics = QFontMetricsF(painter.font())
        within = QRectF(time.left + 2, values.top + 1, time.width - 4, values.height - 2)
        covered = [self._covered(time, *pair) for pair in zip(self.points, marks, strict=True)]
        places = [
            candidates(at, mark, QSizeF(metrics.horizontalAdvance(point.label), 15), within)
            for point, at, mark in zip(self.points, marks, covered, strict=True)
        ]
        rules = [
            QRectF(time.left, values.y(cut_off) - 1, time.width, 2) for cut_off in KI67_CUT_OFFS
        ]
        if self._first_cycle_on:
            x = time.x(self._first_cycle_on.toordinal())
            rules.append(QRectF(x - 1, values.top, 2, values.height))
        found = arranged(places, covered, rules, _line(marks))
        for point, place in zip(self.points, found, strict=True):
            write(painter, place, point.label, colours.ink)
            self._places.append(Place(place, point.tip))

    def _draw_mark(self, painter: QPainter, time: TimeScale, point: Ki67Point, at: QPointF) -> None:
        """A dot; over a vague date a hollow one, on a bar from its first to its last day."""
        colours = theme.current()
        accent = QColor(colours.accent)
        first = time.x(point.on.earliest.toordinal())
        last = time.x(point.on.latest.toordinal() + 1)
        if point.is_vague:
            span = QColor(accent)
            span.setAlphaF(0.35)
            painter.setPen(QPen(span, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QLineF(first, at.y(), last, at.y()))
        painter.setPen(QPen(accent, 1.6))
        painter.setBrush(QColor(colours.card) if point.is_vague else accent)
        painter.drawEllipse(at, _MARK, _MARK)
        self._places.append(Place(self._covered(time, point, at).adjusted(-3, -3, 3, 3), point.tip))

    def _covered(self, time: TimeScale, point: Ki67Point, at: QPointF) -> QRectF:
        """What a mark takes up, with the bar of its vague date."""
        left = min(time.x(point.on.earliest.toordinal()), at.x() - _MARK) - 3
        right = max(time.x(point.on.latest.toordinal() + 1), at.x() + _MARK) + 3
        return QRectF(left, at.y() - _MARK, right - left, 2 * _MARK)

    def _draw_nothing(self, painter: QPainter) -> None:
        """Say what is not drawn: under the axis, or in the middle of an empty plot."""
        colours = theme.current()
        wide = self.width() - 16
        text = painter.fontMetrics().elidedText(self.nothing, Qt.TextElideMode.ElideRight, wide)
        painter.setPen(QColor(colours.ink_soft))
        place = QRectF(self.rect())
        if self.points:
            place = QRectF(_LEFT, self.height() - 20, wide - _LEFT, 18)
            write(painter, place, text, colours.ink_soft)
        else:
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _right_of(self, painter: QPainter, place: QRectF, text: str) -> None:
        painter.setPen(QColor(theme.current().ink_soft))
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def _line(marks: Sequence[QPointF]) -> tuple[Array, Array]:
    """Places along the line between the marks, which labels are not to hide."""
    return along(np.array([at.x() for at in marks]), np.array([at.y() for at in marks]))
