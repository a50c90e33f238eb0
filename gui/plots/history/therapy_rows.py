"""The rows of the timeline of therapies, and the strip of cycles above them."""

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

STRIP, ROW, BARE = 30, 40, 22
_WORDS, _BAR = 19.0, 11.0
_SIDE = 14.0
_CHIP = 17.0
_SQUARE, _NARROWEST = 9.0, 2.0


class _TipWidget(QWidget):
    """A painted widget with tool tips at places that painting records."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tip_areas: list[TipArea] = []

    def event(self, event: QEvent) -> bool:
        """Show what the pointer rests on."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            where = event.pos().toPointF()
            tips = [area.tip for area in self.tip_areas if area.rect.contains(where)]
            QToolTip.showText(event.globalPos(), tips[-1] if tips else "", self)
            return True
        return super().event(event)


class CycleStrip(_TipWidget):
    """The cycles of radioligand therapy, as numbered squares of their nuclides."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(STRIP)
        self._cycles: Sequence[CycleMark] = ()
        self._scale: TimeScale | None = None

    def show_cycles(self, cycles: Sequence[CycleMark], scale: TimeScale | None) -> None:
        """Draw these on a scale; none without one."""
        self._cycles, self._scale = cycles, scale
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the squares, and a number above each where there is room."""
        self.tip_areas = []
        if self._scale is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.sized(self.font(), 11))
        metrics = QFontMetricsF(painter.font())
        free = 0.0
        xs = [self._scale.x(cycle.on.toordinal()) for cycle in self._cycles]
        for x, cycle, side in zip(xs, self._cycles, self._sides(xs), strict=True):
            nuclides = cycle.nuclides or ("",)
            left = x - side * len(nuclides) / 2
            painter.setPen(Qt.PenStyle.NoPen)
            for number, nuclide in enumerate(nuclides):
                painter.setBrush(QColor(nuclide_colour(nuclide)))
                square = QRectF(left + number * side, 16, side - 0.5, _SQUARE)
                painter.drawRoundedRect(square, 1.5, 1.5)
            text = f"C{cycle.number}"
            width = metrics.horizontalAdvance(text)
            if x - width / 2 >= free:
                draw_text(
                    painter, QRectF(x - width / 2, 0, width, 15), text, theme.current().ink_soft
                )
                free = x + width / 2 + 4
            tip = f"{cycle.label}\n{date_text(cycle.on)}"
            self.tip_areas.append(
                TipArea(QRectF(left - 1, 0, side * len(nuclides) + 2, STRIP), tip)
            )
        painter.end()

    def _sides(self, xs: Sequence[float]) -> list[float]:
        """Return the width of each cycle's squares: less where another cycle is near."""
        sides = []
        for number, (x, cycle) in enumerate(zip(xs, self._cycles, strict=True)):
            others = (*xs[:number], *xs[number + 1 :])
            room = min((abs(x - other) for other in others), default=math.inf) - 2
            width = room / max(len(cycle.nuclides), 1)
            sides.append(max(min(width, _SQUARE), _NARROWEST))
        return sides


class TherapyRows(_TipWidget):
    """One row per therapy: its text, and below it its bar; those without dates at the end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timeline = TherapyTimeline()
        self._scale: TimeScale | None = None

    def show_timeline(self, timeline: TherapyTimeline, scale: TimeScale | None) -> None:
        """Draw these on a scale; without one nothing has a date."""
        self._timeline, self._scale = timeline, scale
        self.setMinimumHeight(self._needed())
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of the rows."""
        return QSize(400, self._needed())

    def _needed(self) -> int:
        undated = len(self._timeline.undated)
        return len(self._timeline.dated) * ROW + (undated + 1 if undated else 0) * BARE + 4

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the days of the cycles through all rows, then row by row."""
        self.tip_areas = []
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = float(len(self._timeline.dated) * ROW)
        if self._scale and self._timeline.dated:
            self._draw_cycle_lines(painter, self._scale, top)
            for number, line in enumerate(self._timeline.dated):
                self._draw_line(painter, self._scale, line, float(number * ROW))
        if self._timeline.undated:
            painter.setFont(theme.sized(self.font(), 11))
            words = _("Without dates")
            draw_text(painter, QRectF(_SIDE, top, 200, BARE), words, theme.current().ink_soft)
            for number, line in enumerate(self._timeline.undated, start=1):
                self._draw_words(painter, line, top + number * BARE)
                whole = QRectF(0, top + number * BARE, self.width(), BARE)
                self.tip_areas.append(TipArea(whole, line.sentence))
        painter.end()

    def _draw_cycle_lines(self, painter: QPainter, scale: TimeScale, bottom: float) -> None:
        colour = QColor(theme.current().ac225)
        colour.setAlphaF(0.45)
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
        for cycle in self._timeline.cycles:
            x = scale.x(cycle.on.toordinal())
            painter.drawLine(QLineF(x, 0, x, bottom))

    def _draw_line(
        self, painter: QPainter, scale: TimeScale, line: TherapyLine, top: float
    ) -> None:
        if line.bar is None:
            return
        colours = theme.current()
        shape = bar_shape(line.bar, scale)
        path = shape.path(top + _WORDS + 3, _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shape.brush(colours.accent if line.concomitant else colours.ink_soft))
        painter.setOpacity(0.55)
        painter.drawPath(path)
        painter.setOpacity(1.0)
        self._draw_words(painter, line, top)
        self.tip_areas.append(TipArea(QRectF(0, top, self.width(), ROW), line.sentence))

    def _draw_words(self, painter: QPainter, line: TherapyLine, top: float) -> None:
        """Draw number and name, the best response as a chip, then why it was stopped."""
        colours = theme.current()
        plain = theme.sized(self.font(), 12)
        small = theme.sized(self.font(), 11)
        x, right = _SIDE, self.width() - _SIDE
        facts = line.facts
        number = f"{line.number}"
        name = QFontMetricsF(plain)
        behind = QFontMetricsF(small).horizontalAdvance(facts)
        chip = _chip_width(small, line.best_response)
        painter.setFont(plain)
        width = name.horizontalAdvance(number) + 6
        draw_text(painter, QRectF(x, top, width, _WORDS), number, colours.ink_soft)
        x += width
        room = right - x - (chip + 8 if chip else 0)
        # The name has more than half of the room; the reason has the rest.
        for_name = min(name.horizontalAdvance(line.name) + 1, max(room - behind - 8, room * 0.6))
        text = name.elidedText(line.name, Qt.TextElideMode.ElideRight, for_name)
        width = name.horizontalAdvance(text)
        self._behind_words(painter, QRectF(x, top, width, _WORDS))
        draw_text(painter, QRectF(x, top, width, _WORDS), text, colours.ink)
        x += width + 8
        if line.best_response:
            _draw_chip(painter, QPointF(x, top + 1), chip, line.best_response, small)
            x += chip + 8
        painter.setFont(small)
        text = QFontMetricsF(small).elidedText(facts, Qt.TextElideMode.ElideRight, right - x)
        self._behind_words(
            painter, QRectF(x, top, QFontMetricsF(small).horizontalAdvance(text), 17)
        )
        draw_text(painter, QRectF(x, top, right - x, _WORDS), text, colours.ink_soft)

    def _behind_words(self, painter: QPainter, place: QRectF) -> None:
        """Keep the lines of the cycles from crossing the text."""
        if place.width() > 0:
            painter.fillRect(place.adjusted(-1, 1, 1, -1), QColor(theme.current().card))


def _chip_width(font: QFont, text: str | None) -> float:
    return QFontMetricsF(font).horizontalAdvance(text) + 22 if text else 0.0


def _draw_chip(painter: QPainter, at: QPointF, width: float, text: str, font: QFont) -> None:
    """Draw a response: its letters on neutral ground, after a dot of its colour."""
    colours = theme.current()
    chip = QRectF(at, at + QPointF(width, _CHIP))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.neutral))
    painter.drawRoundedRect(chip, 4, 4)
    painter.setBrush(QColor(response_colour(text)))
    painter.drawEllipse(QPointF(chip.left() + 8, chip.center().y()), 3, 3)
    painter.setFont(theme.sized(font, 11, QFont.Weight.DemiBold))
    draw_text(painter, chip.adjusted(14, 0, 0, 0), text, colours.ink)
