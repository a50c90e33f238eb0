"""The plot of Ki-67 over time, with the cut-offs of WHO grades and the first cycle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QGraphicsItem, QToolTip, QWidget

from gui.plots.axes import Axis, DateAxis
from gui.plots.history.ki67_points import Ki67Point, ki67_points
from gui.plots.label_rects import candidate_rects, choose_label_rects, points_along
from gui.plots.pictures import pen
from gui.plots.tall_view import make_plot_view
from gui.plots.texts import TipArea, draw_text
from gui.style import theme
from model.dates import date_text
from model.language import _, ngettext
from model.records.biopsies import Biopsy
from model.reference.proliferation import KI67_CUT_OFFS

_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 40.0, 20.0, 24.0  # pixels around the frame
_RADIUS = 4.5  # of a mark
_MIN_TOP = 30.0  # per cent
_HEADROOM = 1.3  # the top of the axis over the highest Ki-67, to have room for a label
_PADDING = 0.08  # of the days, before and after them
_MIN_DAYS = 200
_GRADES = ("G1", "G2", "G3")


class Ki67Plot(QWidget):
    """Shows each biopsy as a mark with its grade, and cut-offs and the first cycle as dashed lines.

    A bar behind a mark shows how wide a vague date is. The table of biopsies has all of it as text.
    The plot is a `pictures.Plot`.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points: list[Ki67Point] = []
        self.missing_text = ""
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
        self.grade_names = Axis("right", self.box)
        self.marks = _Marks(self)
        self._items = (self.box, self.dates, self.values, self.grade_names)
        for item in (*self._items, self.marks):
            self.view.addItem(item)
        # The parts that `pictures.Plot` asks for.
        self.axis = QWidget(self)
        self.axis.setFixedHeight(0)
        self.panels = [self]
        theme.changes().changed.connect(self.recolour)
        self.recolour()

    def show_biopsies(self, biopsies: Sequence[Biopsy], first_cycle_on: date | None) -> None:
        """Draw these biopsies; those without a date or a Ki-67 are counted below the plot."""
        self.points = ki67_points(biopsies)
        self.first_cycle_on = first_cycle_on
        left_out = len(biopsies) - len(self.points)
        self.missing_text = ""
        if left_out:
            self.missing_text = ngettext(
                "Not drawn: {n} biopsy without a date or Ki-67",
                "Not drawn: {n} biopsies without a date or Ki-67",
                left_out,
            ).format(n=left_out)
        elif not self.points:
            self.missing_text = _("No Ki-67 yet")
        tips = [point.tip for point in self.points]
        self.setAccessibleDescription("; ".join(filter(None, (*tips, self.missing_text))))
        self._arrange()

    def position_of(self, day: float, ki67: float) -> QPointF:
        """Return the pixel of a day and a Ki-67."""
        position: QPointF = self.box.mapViewToScene(QPointF(day, ki67))
        return position

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
        for axis in (self.dates, self.values, self.grade_names):
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
        """Show the tool tips of the marks under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            position = event.pos().toPointF()
            tips = [area.tip for area in self.marks.tip_areas if area.rect.contains(position)]
            QToolTip.showText(event.globalPos(), "\n".join(tips), self)
            return True
        return super().event(event)

    def _arrange(self) -> None:
        self.view.setGeometry(self.rect())
        font = theme.figures(theme.sized(self.font(), 11))
        for item in self._items:
            item.setVisible(bool(self.points))
        self.cycle.setVisible(self.first_cycle_on is not None)
        if self.points:
            foot = _BOTTOM + (18.0 if self.missing_text else 0.0)
            width = max(self.width() - _LEFT - _RIGHT, 1.0)
            height = max(self.height() - _TOP - foot, 1.0)
            frame = QRectF(_LEFT, _TOP, width, height)
            self.box.setGeometry(frame)
            self.dates.setGeometry(frame.translated(0, height))
            self.values.setGeometry(QRectF(0, _TOP, _LEFT, height))
            self.grade_names.setGeometry(QRectF(frame.right(), _TOP, _RIGHT, height))
            self._show_ranges()
            for axis in (self.dates, self.values, self.grade_names):
                axis.use_font(font)
        self.marks.arrange(font)

    def _show_ranges(self) -> None:
        """Fit the axes to all days and values, with room for labels."""
        ends = [day.toordinal() for point in self.points for day in point.ends]
        if self.first_cycle_on:
            ends.append(self.first_cycle_on.toordinal())
            self.cycle.setPos(self.first_cycle_on.toordinal())
        first, last = min(ends), max(ends)
        missing = max(_MIN_DAYS - (last - first), 0.0) / 2
        padding = max((last - first) * _PADDING, 10.0) + missing
        self.box.setXRange(first - padding, last + padding, padding=0)
        highest = max(max(point.ki67 for point in self.points) * _HEADROOM, _MIN_TOP)
        # A Ki-67 near zero should not lie on the axis.
        low, high = -highest * 0.03, min(highest, 104.0)
        self.box.setYRange(low, high, padding=0)
        values = (*KI67_CUT_OFFS, *((50.0,) if high >= 50 else ()))
        self.values.setTicks([[(value, f"{value:g} %") for value in values]])
        edges = (low, *KI67_CUT_OFFS, high)
        middles = [(below + above) / 2 for below, above in pairwise(edges)]
        self.grade_names.setTicks([list(zip(middles, _GRADES, strict=True))])


class _Marks(QGraphicsItem):
    """Draws the biopsies and the texts of the plot, in pixels of the plot."""

    def __init__(self, plot: Ki67Plot) -> None:
        super().__init__()
        self._plot = plot
        self._font = QFont()
        self._label_rects: list[QRectF] = []
        self.tip_areas: list[TipArea] = []

    def boundingRect(self) -> QRectF:
        """Return all of the plot."""
        return QRectF(self._plot.rect())

    def arrange(self, font: QFont) -> None:
        """Place each label clear of the others, the marks and the lines."""
        self.prepareGeometryChange()
        self._font, plot = font, self._plot
        self._label_rects, self.tip_areas = [], []
        self.update()
        if not plot.points:
            return
        frame = plot.box.geometry()
        metrics = QFontMetricsF(theme.sized(font, 11, QFont.Weight.DemiBold))
        mark_rects = [self._mark_rect(point) for point in plot.points]
        candidates = [
            candidate_rects(
                self._position(point),
                rect,
                QSizeF(metrics.horizontalAdvance(point.label), 15),
                frame.adjusted(2, 1, -2, -1),
            )
            for point, rect in zip(plot.points, mark_rects, strict=True)
        ]
        rules = [
            QRectF(frame.left(), plot.position_of(0, cut_off).y() - 1, frame.width(), 2)
            for cut_off in KI67_CUT_OFFS
        ]
        if plot.first_cycle_on:
            x = plot.position_of(plot.first_cycle_on.toordinal(), 0).x()
            rules.append(QRectF(x - 1, frame.top(), 2, frame.height()))
            tip = _("first cycle, {date}").format(date=date_text(plot.first_cycle_on))
            self.tip_areas.append(TipArea(QRectF(x - 3, 0, 6, frame.bottom()), tip))
        marks = [self._position(point) for point in plot.points]
        line = points_along(
            np.array([mark.x() for mark in marks]), np.array([mark.y() for mark in marks])
        )
        self._label_rects = choose_label_rects(candidates, mark_rects, rules, line)
        hover_rects = [rect.adjusted(-3, -3, 3, 3) for rect in mark_rects]
        for rects in (hover_rects, self._label_rects):
            pairs = zip(rects, plot.points, strict=True)
            self.tip_areas += [TipArea(rect, point.tip) for rect, point in pairs]

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw the line from mark to mark, the marks with their labels, and the other texts."""
        plot, colours = self._plot, theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for point, following in pairwise(plot.points):
            if point.on.latest < following.on.earliest:
                painter.setPen(QPen(QColor(colours.accent), 1.4))
                painter.drawLine(self._position(point), self._position(following))
        for point in plot.points:
            self._draw_mark(painter, point)
        painter.setFont(theme.sized(self._font, 11, QFont.Weight.DemiBold))
        for point, rect in zip(plot.points, self._label_rects, strict=True):
            draw_text(painter, rect, point.label, colours.ink)
        painter.setFont(self._font)
        if plot.points:
            self._draw_titles(painter, plot.box.geometry())
        self._draw_missing_text(painter)

    def _draw_titles(self, painter: QPainter, frame: QRectF) -> None:
        colours = theme.current()
        draw_text(painter, QRectF(frame.left(), 0, 80, _TOP - 2), "Ki-67", colours.ink_soft)
        if self._plot.first_cycle_on is None:
            return
        text = _("first cycle")
        x = self._plot.position_of(self._plot.first_cycle_on.toordinal(), 0).x()
        width = QFontMetricsF(painter.font()).horizontalAdvance(text)
        left = min(max(x - width / 2, frame.left() + 44), frame.right() - width)
        draw_text(painter, QRectF(left, 0, width, _TOP - 2), text, colours.ac225_text)

    def _draw_missing_text(self, painter: QPainter) -> None:
        """Draw the text on what is missing: below the axis, or in the middle of an empty plot."""
        soft, whole = theme.current().ink_soft, self.boundingRect()
        width = int(whole.width()) - 16
        missing_text = self._plot.missing_text
        text = painter.fontMetrics().elidedText(missing_text, Qt.TextElideMode.ElideRight, width)
        if self._plot.points:
            draw_text(painter, QRectF(_LEFT, whole.height() - 20, width - _LEFT, 18), text, soft)
        else:
            painter.setPen(QColor(soft))
            painter.drawText(whole, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_mark(self, painter: QPainter, point: Ki67Point) -> None:
        """Draw a dot; that of a vague date is hollow, on a bar from its first to its last day."""
        colours, centre = theme.current(), self._position(point)
        accent = QColor(colours.accent)
        if point.is_vague:
            pale = QColor(accent)
            pale.setAlphaF(0.35)
            painter.setPen(QPen(pale, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            first, last = self._ends(point)
            painter.drawLine(QLineF(first, centre.y(), last, centre.y()))
        painter.setPen(QPen(accent, 1.6))
        painter.setBrush(QColor(colours.card) if point.is_vague else accent)
        painter.drawEllipse(centre, _RADIUS, _RADIUS)

    def _position(self, point: Ki67Point) -> QPointF:
        return self._plot.position_of(point.middle, point.ki67)

    def _ends(self, point: Ki67Point) -> tuple[float, float]:
        """Return the pixels between which the date of a point lies."""
        first, last = (day.toordinal() for day in point.ends)
        return self._plot.position_of(first, 0).x(), self._plot.position_of(last + 1, 0).x()

    def _mark_rect(self, point: Ki67Point) -> QRectF:
        """Return the rectangle of a mark and of the bar of its vague date."""
        (first, last), centre = self._ends(point), self._position(point)
        left = min(first, centre.x() - _RADIUS) - 3
        right = max(last, centre.x() + _RADIUS) + 3
        return QRectF(left, centre.y() - _RADIUS, right - left, 2 * _RADIUS)
