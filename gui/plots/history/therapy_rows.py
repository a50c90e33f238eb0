"""The rows of the therapy timeline, and the strip of cycles above them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from gui.plots.bar_shape import bar_shape
from gui.plots.marks import nuclide_colour, response_colour
from gui.plots.texts import TipArea, draw_text
from gui.plots.time_scale import TimeScale
from gui.style import theme
from model.course.marks import CycleMark
from model.course.therapy_lines import TherapyLine, TherapyTimeline
from model.dates import date_text
from model.language import _

STRIP_HEIGHT, ROW_HEIGHT, UNDATED_HEIGHT = 30, 40, 22
"""Pixels of the strip of cycles, of a row with a bar, and of a row without dates."""

_TEXT_HEIGHT, _BAR_HEIGHT, _CHIP_HEIGHT = 19.0, 11.0, 17.0
_MARGIN = 14.0
_SQUARE, _MIN_SQUARE = 9.0, 2.0  # width of a square of a cycle


class _TipWidget(QWidget):
    """A painted widget with tool tips; painting fills its `tip_areas`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tip_areas: list[TipArea] = []

    def event(self, event: QEvent) -> bool:
        """Show the tool tip of the mark under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            position = event.pos().toPointF()
            tips = [area.tip for area in self.tip_areas if area.rect.contains(position)]
            QToolTip.showText(event.globalPos(), tips[-1] if tips else "", self)
            return True
        return super().event(event)


class CycleStrip(_TipWidget):
    """The cycles of radioligand therapy as numbered squares in the colours of their nuclides."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(STRIP_HEIGHT)
        self._cycles: Sequence[CycleMark] = ()
        self._scale: TimeScale | None = None

    def show_cycles(self, cycles: Sequence[CycleMark], scale: TimeScale | None) -> None:
        """Draw these cycles on a scale; without a scale none is drawn."""
        self._cycles, self._scale = cycles, scale
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the squares of each cycle, with its number above them if there is room."""
        self.tip_areas = []
        if self._scale is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.sized(self.font(), 11))
        metrics = QFontMetricsF(painter.font())
        free_from = 0.0
        xs = [self._scale.x(cycle.on.toordinal()) for cycle in self._cycles]
        for x, cycle, square_width in zip(xs, self._cycles, self._square_widths(xs), strict=True):
            nuclides = cycle.nuclides or ("",)
            left = x - square_width * len(nuclides) / 2
            painter.setPen(Qt.PenStyle.NoPen)
            for index, nuclide in enumerate(nuclides):
                painter.setBrush(QColor(nuclide_colour(nuclide)))
                square = QRectF(left + index * square_width, 16, square_width - 0.5, _SQUARE)
                painter.drawRoundedRect(square, 1.5, 1.5)
            text = f"C{cycle.number}"
            width = metrics.horizontalAdvance(text)
            if x - width / 2 >= free_from:
                draw_text(
                    painter, QRectF(x - width / 2, 0, width, 15), text, theme.current().ink_soft
                )
                free_from = x + width / 2 + 4
            tip = f"{cycle.label}\n{date_text(cycle.on)}"
            self.tip_areas.append(
                TipArea(QRectF(left - 1, 0, square_width * len(nuclides) + 2, STRIP_HEIGHT), tip)
            )
        painter.end()

    def _square_widths(self, xs: Sequence[float]) -> list[float]:
        """Return the width of the squares of each cycle, which is less near another cycle."""
        widths = []
        for index, (x, cycle) in enumerate(zip(xs, self._cycles, strict=True)):
            others = (*xs[:index], *xs[index + 1 :])
            room = min((abs(x - other) for other in others), default=math.inf) - 2
            width = room / max(len(cycle.nuclides), 1)
            widths.append(max(min(width, _SQUARE), _MIN_SQUARE))
        return widths


class TherapyRows(_TipWidget):
    """One row per therapy, with its bar below its text; those without dates are at the end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timeline = TherapyTimeline()
        self._scale: TimeScale | None = None

    def show_timeline(self, timeline: TherapyTimeline, scale: TimeScale | None) -> None:
        """Draw these therapies on a scale, which may be None if nothing has a date."""
        self._timeline, self._scale = timeline, scale
        self.setMinimumHeight(self._needed_height())
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of the rows."""
        return QSize(400, self._needed_height())

    def _needed_height(self) -> int:
        undated = len(self._timeline.undated)
        return (
            len(self._timeline.dated) * ROW_HEIGHT
            + (undated + 1 if undated else 0) * UNDATED_HEIGHT
            + 4
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the days of the cycles through all rows, then row by row."""
        self.tip_areas = []
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = float(len(self._timeline.dated) * ROW_HEIGHT)
        if self._scale and self._timeline.dated:
            self._draw_cycle_lines(painter, self._scale, top)
            for index, line in enumerate(self._timeline.dated):
                self._draw_therapy(painter, self._scale, line, float(index * ROW_HEIGHT))
        if self._timeline.undated:
            painter.setFont(theme.sized(self.font(), 11))
            heading = _("Without dates")
            draw_text(
                painter,
                QRectF(_MARGIN, top, 200, UNDATED_HEIGHT),
                heading,
                theme.current().ink_soft,
            )
            for number, line in enumerate(self._timeline.undated, start=1):
                row_top = top + number * UNDATED_HEIGHT
                self._draw_description(painter, line, row_top)
                row = QRectF(0, row_top, self.width(), UNDATED_HEIGHT)
                self.tip_areas.append(TipArea(row, line.sentence))
        painter.end()

    def _draw_cycle_lines(self, painter: QPainter, scale: TimeScale, bottom: float) -> None:
        colour = QColor(theme.current().ac225)
        colour.setAlphaF(0.45)
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
        for cycle in self._timeline.cycles:
            x = scale.x(cycle.on.toordinal())
            painter.drawLine(QLineF(x, 0, x, bottom))

    def _draw_therapy(
        self, painter: QPainter, scale: TimeScale, line: TherapyLine, top: float
    ) -> None:
        if line.bar is None:
            return
        colours = theme.current()
        shape = bar_shape(line.bar, scale)
        path = shape.path(top + _TEXT_HEIGHT + 3, _BAR_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shape.brush(colours.accent if line.concomitant else colours.ink_soft))
        painter.setOpacity(0.55)
        painter.drawPath(path)
        painter.setOpacity(1.0)
        self._draw_description(painter, line, top)
        row = QRectF(0, top, self.width(), ROW_HEIGHT)
        self.tip_areas.append(TipArea(row, line.sentence))

    def _draw_description(self, painter: QPainter, line: TherapyLine, top: float) -> None:
        """Draw number and name, then the best response as a chip, then the other facts."""
        colours = theme.current()
        name_font = theme.sized(self.font(), 12)
        small_font = theme.sized(self.font(), 11)
        name_metrics, small_metrics = QFontMetricsF(name_font), QFontMetricsF(small_font)
        x, right = _MARGIN, self.width() - _MARGIN
        facts = line.facts
        number = f"{line.number}"
        facts_width = small_metrics.horizontalAdvance(facts)
        chip_width = _chip_width(small_metrics, line.best_response)
        painter.setFont(name_font)
        width = name_metrics.horizontalAdvance(number) + 6
        draw_text(painter, QRectF(x, top, width, _TEXT_HEIGHT), number, colours.ink_soft)
        x += width
        room = right - x - (chip_width + 8 if chip_width else 0)
        # The name may take at least 60 % of the room, and all that the facts leave.
        name_room = min(
            name_metrics.horizontalAdvance(line.name) + 1, max(room - facts_width - 8, room * 0.6)
        )
        text = name_metrics.elidedText(line.name, Qt.TextElideMode.ElideRight, name_room)
        width = name_metrics.horizontalAdvance(text)
        _erase_lines(painter, QRectF(x, top, width, _TEXT_HEIGHT))
        draw_text(painter, QRectF(x, top, width, _TEXT_HEIGHT), text, colours.ink)
        x += width + 8
        if line.best_response:
            _draw_chip(painter, QPointF(x, top + 1), chip_width, line.best_response, small_font)
            x += chip_width + 8
        painter.setFont(small_font)
        text = small_metrics.elidedText(facts, Qt.TextElideMode.ElideRight, right - x)
        _erase_lines(painter, QRectF(x, top, small_metrics.horizontalAdvance(text), 17))
        draw_text(painter, QRectF(x, top, right - x, _TEXT_HEIGHT), text, colours.ink_soft)


def _erase_lines(painter: QPainter, rect: QRectF) -> None:
    """Erase the lines of the cycles where a text will be."""
    if rect.width() > 0:
        painter.fillRect(rect.adjusted(-1, 1, 1, -1), QColor(theme.current().card))


def _chip_width(metrics: QFontMetricsF, response: str | None) -> float:
    return metrics.horizontalAdvance(response) + 22 if response else 0.0


def _draw_chip(
    painter: QPainter, top_left: QPointF, width: float, response: str, font: QFont
) -> None:
    """Draw a response as a chip: a dot in its colour, then its letters."""
    colours = theme.current()
    chip = QRectF(top_left, top_left + QPointF(width, _CHIP_HEIGHT))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.neutral))
    painter.drawRoundedRect(chip, 4, 4)
    painter.setBrush(QColor(response_colour(response)))
    painter.drawEllipse(QPointF(chip.left() + 8, chip.center().y()), 3, 3)
    painter.setFont(theme.sized(font, 11, QFont.Weight.DemiBold))
    draw_text(painter, chip.adjusted(14, 0, 0, 0), response, colours.ink)
