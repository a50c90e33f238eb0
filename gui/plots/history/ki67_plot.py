"""Ki-67 from biopsy to biopsy, between the WHO cut-offs; a vague date is as wide as it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QGraphicsItem, QToolTip, QWidget

from gui.plots.axes import Axis, DateAxis
from gui.plots.label_rects import candidate_rects, choose_label_rects, points_along
from gui.plots.pictures import pen
from gui.plots.tall_view import make_plot_view
from gui.plots.texts import TipArea, draw_text
from gui.style import theme
from model.course.grade_history import biopsy_text
from model.dates import PartialDate, date_text
from model.language import _, ngettext
from model.records.biopsies import Biopsy, in_order
from model.reference.proliferation import KI67_CUT_OFFS

_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 40.0, 20.0, 24.0
_MARK = 4.5
_LEAST_TOP = 30.0
_ABOVE = 1.3  # room for a label over the highest mark
_PADDING = 0.08
_SHORTEST = 200  # days that the axis shows at least
_GRADES = ("G1", "G2", "G3")


@dataclass(frozen=True, slots=True)
class Ki67Point:
    """A biopsy with its date and Ki-67 in percent, and its label and tool tip."""

    on: PartialDate
    ki67: float
    label: str
    tip: str

    @property
    def is_vague(self) -> bool:
        """Whether the day is not known."""
        return self.on.day is None

    @property
    def ends(self) -> tuple[date, date]:
        """The first and the last possible day."""
        return self.on.earliest, self.on.latest

    @property
    def middle(self) -> float:
        """The day of the mark, as `date.toordinal` counts it; of a vague date the middle."""
        return (self.on.earliest.toordinal() + self.on.latest.toordinal()) / 2


def points_of(biopsies: Sequence[Biopsy]) -> list[Ki67Point]:
    """Return the biopsies that have a place in the plot, oldest first."""
    return [
        Ki67Point(each.taken_on, each.ki67_percent, _label(each), biopsy_text(each, with_site=True))
        for each in in_order(biopsies)
        if each.taken_on is not None and each.ki67_percent is not None
    ]


def _label(biopsy: Biopsy) -> str:
    """Return `G3 · 34 %`, with `about 2021` if no more is known of the date."""
    grade = (biopsy.who_grade or _("no grade")).removeprefix("NET ")
    on = biopsy.taken_on
    about = _("about {date}").format(date=date_text(on)) if on and on.day is None else ""
    return " · ".join(filter(None, (grade, f"{biopsy.ki67_text} %", about)))


class Ki67Plot(QWidget):
    """Marks at date and Ki-67, each with its grade; lines at 3 and 20 %, the first cycle marked.

    All of it is in the table of biopsies as well. Can be a picture, as `pictures.Plot` describes.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points: list[Ki67Point] = []
        self.nothing = ""
        self.first_cycle_on: date | None = None
        name = _("Ki-67 over time")
        self.setAccessibleName(name)
        self.view = make_plot_view(name, self)
        self.view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.box = pg.ViewBox(enableMenu=False, enableMouse=False)
        self.grades = pg.LinearRegionItem(KI67_CUT_OFFS, orientation="horizontal", movable=False)
        self.cycle = pg.InfiniteLine(angle=90)
        for item in (self.grades, self.cycle):
            self.box.addItem(item, ignoreBounds=True)
        self.dates = DateAxis("bottom", self.box)
        self.values = Axis("left", self.box)
        self.names = Axis("right", self.box)
        self.marks = _Marks(self)
        self.drawn = (self.box, self.dates, self.values, self.names)
        for item in (*self.drawn, self.marks):
            self.view.addItem(item)
        # What a picture is made of.
        self.axis = QWidget(self)
        self.axis.setFixedHeight(0)
        self.panels = [self]
        theme.changes().changed.connect(self.recolour)
        self.recolour()

    def show_biopsies(self, biopsies: Sequence[Biopsy], first_cycle_on: date | None) -> None:
        """Draw these; the ones without a date or a Ki-67 are counted below the others."""
        self.points = points_of(biopsies)
        self.first_cycle_on = first_cycle_on
        left_out = len(biopsies) - len(self.points)
        self.nothing = ""
        if left_out:
            self.nothing = ngettext(
                "Not drawn: {n} biopsy without a date or Ki-67",
                "Not drawn: {n} biopsies without a date or Ki-67",
                left_out,
            ).format(n=left_out)
        elif not self.points:
            self.nothing = _("No Ki-67 yet")
        tips = [point.tip for point in self.points]
        self.setAccessibleDescription("; ".join(filter(None, (*tips, self.nothing))))
        self._arrange()

    def place_of(self, day: float, ki67: float) -> QPointF:
        """Return the pixel of a day and a Ki-67."""
        place: QPointF = self.box.mapViewToScene(QPointF(day, ki67))
        return place

    def recolour(self) -> None:
        """Take the colours of the theme."""
        colours = theme.current()
        self.view.setBackground(colours.card)
        self.box.setBorder(pen(colours.line))
        soft = QColor(colours.neutral)
        soft.setAlphaF(0.35)
        self.grades.setBrush(soft)
        dashes = Qt.PenStyle.DashLine
        for line in self.grades.lines:
            line.setPen(pen(colours.ink_soft, style=dashes))
        self.cycle.setPen(pen(colours.ac225, style=dashes))
        for axis in (self.dates, self.values, self.names):
            axis.recolour()
        self.marks.update()

    def clear_cursor(self) -> None:
        """Do nothing: there is no cursor."""

    def sizeHint(self) -> QSize:
        """Return a width for a few labels side by side."""
        return QSize(340, 200)

    def minimumSizeHint(self) -> QSize:
        """Return room for the cut-offs and a label between them."""
        return QSize(260, 180)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay everything out again."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Describe a mark when the pointer rests on it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            where = event.pos().toPointF()
            tips = [area.tip for area in self.marks.tip_areas if area.rect.contains(where)]
            QToolTip.showText(event.globalPos(), "\n".join(tips), self)
            return True
        return super().event(event)

    def _arrange(self) -> None:
        self.view.setGeometry(self.rect())
        font = theme.figures(theme.sized(self.font(), 11))
        for item in self.drawn:
            item.setVisible(bool(self.points))
        self.cycle.setVisible(self.first_cycle_on is not None)
        if self.points:
            foot = _BOTTOM + (18.0 if self.nothing else 0.0)
            width = max(self.width() - _LEFT - _RIGHT, 1.0)
            height = max(self.height() - _TOP - foot, 1.0)
            frame = QRectF(_LEFT, _TOP, width, height)
            self.box.setGeometry(frame)
            self.dates.setGeometry(frame.translated(0, height))
            self.values.setGeometry(QRectF(0, _TOP, _LEFT, height))
            self.names.setGeometry(QRectF(frame.right(), _TOP, _RIGHT, height))
            self._show_ranges()
            for axis in (self.dates, self.values, self.names):
                axis.use_font(font)
        self.marks.arrange(font)

    def _show_ranges(self) -> None:
        """Show all days and values, with room for labels."""
        ends = [day.toordinal() for point in self.points for day in point.ends]
        if self.first_cycle_on:
            ends.append(self.first_cycle_on.toordinal())
            self.cycle.setPos(self.first_cycle_on.toordinal())
        first, last = min(ends), max(ends)
        short = max(_SHORTEST - (last - first), 0.0) / 2
        padding = max((last - first) * _PADDING, 10.0) + short
        self.box.setXRange(first - padding, last + padding, padding=0)
        highest = max(max(point.ki67 for point in self.points) * _ABOVE, _LEAST_TOP)
        # A Ki-67 near zero should not lie on the axis.
        low, high = -highest * 0.03, min(highest, 104.0)
        self.box.setYRange(low, high, padding=0)
        values = (*KI67_CUT_OFFS, *((50.0,) if high >= 50 else ()))
        self.values.setTicks([[(value, f"{value:g} %") for value in values]])
        edges = (low, *KI67_CUT_OFFS, high)
        middles = [(below + above) / 2 for below, above in pairwise(edges)]
        self.names.setTicks([list(zip(middles, _GRADES, strict=True))])


class _Marks(QGraphicsItem):
    """The biopsies and the words of the plot, in its pixels."""

    def __init__(self, plot: Ki67Plot) -> None:
        super().__init__()
        self._plot = plot
        self._font = QFont()
        self._labels: list[QRectF] = []
        self.tip_areas: list[TipArea] = []

    def boundingRect(self) -> QRectF:
        """Return all of the plot."""
        return QRectF(self._plot.rect())

    def arrange(self, font: QFont) -> None:
        """Place each label clear of the others, the marks and the lines."""
        self.prepareGeometryChange()
        self._font, plot = font, self._plot
        self._labels, self.tip_areas = [], []
        self.update()
        if not plot.points:
            return
        frame = plot.box.geometry()
        metrics = QFontMetricsF(theme.sized(font, 11, QFont.Weight.DemiBold))
        covered = [self._covered(point) for point in plot.points]
        choices = [
            candidate_rects(
                self._at(point),
                mark,
                QSizeF(metrics.horizontalAdvance(point.label), 15),
                frame.adjusted(2, 1, -2, -1),
            )
            for point, mark in zip(plot.points, covered, strict=True)
        ]
        rules = [
            QRectF(frame.left(), plot.place_of(0, cut_off).y() - 1, frame.width(), 2)
            for cut_off in KI67_CUT_OFFS
        ]
        if plot.first_cycle_on:
            x = plot.place_of(plot.first_cycle_on.toordinal(), 0).x()
            rules.append(QRectF(x - 1, frame.top(), 2, frame.height()))
            tip = _("first cycle, {date}").format(date=date_text(plot.first_cycle_on))
            self.tip_areas.append(TipArea(QRectF(x - 3, 0, 6, frame.bottom()), tip))
        marks = [self._at(point) for point in plot.points]
        line = points_along(np.array([at.x() for at in marks]), np.array([at.y() for at in marks]))
        self._labels = choose_label_rects(choices, covered, rules, line)
        rects_around = [mark.adjusted(-3, -3, 3, 3) for mark in covered]
        for rects in (rects_around, self._labels):
            pairs = zip(rects, plot.points, strict=True)
            self.tip_areas += [TipArea(rect, point.tip) for rect, point in pairs]

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw the line from mark to mark, the marks with their labels, and the words around."""
        plot, colours = self._plot, theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one, other in pairwise(plot.points):
            if one.on.latest < other.on.earliest:
                painter.setPen(QPen(QColor(colours.accent), 1.4))
                painter.drawLine(self._at(one), self._at(other))
        for point in plot.points:
            self._draw_mark(painter, point)
        painter.setFont(theme.sized(self._font, 11, QFont.Weight.DemiBold))
        for point, place in zip(plot.points, self._labels, strict=True):
            draw_text(painter, place, point.label, colours.ink)
        painter.setFont(self._font)
        if plot.points:
            self._draw_titles(painter, plot.box.geometry())
        self._draw_nothing(painter)

    def _draw_titles(self, painter: QPainter, frame: QRectF) -> None:
        colours = theme.current()
        draw_text(painter, QRectF(frame.left(), 0, 80, _TOP - 2), "Ki-67", colours.ink_soft)
        if self._plot.first_cycle_on is None:
            return
        text = _("first cycle")
        x = self._plot.place_of(self._plot.first_cycle_on.toordinal(), 0).x()
        width = QFontMetricsF(painter.font()).horizontalAdvance(text)
        left = min(max(x - width / 2, frame.left() + 44), frame.right() - width)
        draw_text(painter, QRectF(left, 0, width, _TOP - 2), text, colours.ac225_text)

    def _draw_nothing(self, painter: QPainter) -> None:
        """Write what is not drawn: under the axis, or in the middle of an empty plot."""
        soft, whole = theme.current().ink_soft, self.boundingRect()
        width = int(whole.width()) - 16
        nothing = self._plot.nothing
        text = painter.fontMetrics().elidedText(nothing, Qt.TextElideMode.ElideRight, width)
        if self._plot.points:
            draw_text(painter, QRectF(_LEFT, whole.height() - 20, width - _LEFT, 18), text, soft)
        else:
            painter.setPen(QColor(soft))
            painter.drawText(whole, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_mark(self, painter: QPainter, point: Ki67Point) -> None:
        """Draw a dot; for a vague date a hollow one, on a bar from its first to its last day."""
        colours, at = theme.current(), self._at(point)
        accent = QColor(colours.accent)
        if point.is_vague:
            span = QColor(accent)
            span.setAlphaF(0.35)
            painter.setPen(QPen(span, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            first, last = self._ends(point)
            painter.drawLine(QLineF(first, at.y(), last, at.y()))
        painter.setPen(QPen(accent, 1.6))
        painter.setBrush(QColor(colours.card) if point.is_vague else accent)
        painter.drawEllipse(at, _MARK, _MARK)

    def _at(self, point: Ki67Point) -> QPointF:
        return self._plot.place_of(point.middle, point.ki67)

    def _ends(self, point: Ki67Point) -> tuple[float, float]:
        """Return the pixels between which a date lies."""
        first, last = (day.toordinal() for day in point.ends)
        return self._plot.place_of(first, 0).x(), self._plot.place_of(last + 1, 0).x()

    def _covered(self, point: Ki67Point) -> QRectF:
        """Return what a mark takes up, with the bar of its vague date."""
        (first, last), at = self._ends(point), self._at(point)
        left, right = min(first, at.x() - _MARK) - 3, max(last, at.x() + _MARK) + 3
        return QRectF(left, at.y() - _MARK, right - left, 2 * _MARK)
