"""The marks of a lane: cycles as squares of their nuclides, assessments as diamonds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from gui.plots.marks import diamond, nuclide_colour, response_colour
from gui.plots.rows import longest_fitting
from gui.plots.texts import ROW_HEIGHT, TipArea, draw_text, label_font
from gui.plots.time_scale import TimeScale
from gui.style import theme
from model.course.course import Course
from model.dates import date_text
from model.language import _
from model.reference.nuclides import element

WIDTH, HEIGHT = 16.0, 18.0
"""Pixels of the square of one nuclide."""

DIAMOND = 6.5
"""Half the width of a diamond, in pixels."""

_NARROW_HALF = 3.0  # half the width of a cycle without room for its squares
_GAP = 4.0  # pixels between a mark and its label


def draw_cycles(
    painter: QPainter, scale: TimeScale, course: Course, top: float, font: QFont
) -> list[TipArea]:
    """Draw the cycles and the day of death, if any; return the area and tool tip of each cycle."""
    metrics = QFontMetricsF(label_font(font))
    cycles = course.cycles
    xs = [scale.x(cycle.on.toordinal()) for cycle in cycles]
    last_right = _draw_death(painter, scale, course.died_on, max(xs, default=scale.left), top, font)
    halves = [WIDTH * max(len(cycle.nuclides), 1) / 2 for cycle in cycles]
    lefts = [x - half for x, half in zip(xs, halves, strict=True)]
    tip_areas = []
    for index, cycle in enumerate(cycles):
        x, half = xs[index], halves[index]
        right_limit = min([last_right, *lefts[index + 1 : index + 2]])
        if x + half > right_limit:
            half = _NARROW_HALF
        if x + half < scale.left or x - half > scale.right:
            continue
        _draw_squares(
            painter, cycle.nuclides or ("",), QPointF(x, top + ROW_HEIGHT / 2), half, font
        )
        labels = (cycle.label, f"C{cycle.number}")
        variants = [(label, metrics.horizontalAdvance(label)) for label in labels]
        text = longest_fitting(variants, right_limit - x - half - _GAP - 1)
        width = metrics.horizontalAdvance(text) + _GAP if text else 0.0
        painter.setFont(label_font(font))
        rect = QRectF(x + half + _GAP, top, width, ROW_HEIGHT)
        draw_text(painter, rect, text, theme.current().ink)
        tip = "\n".join(
            filter(None, (cycle.label, date_text(cycle.on), " + ".join(cycle.nuclides)))
        )
        tip_areas.append(TipArea(QRectF(x - half, top, 2 * half + width, ROW_HEIGHT), tip))
    return tip_areas


def draw_images(
    painter: QPainter, scale: TimeScale, course: Course, top: float, font: QFont
) -> list[TipArea]:
    """Draw the assessments in the colours of their responses; return their areas and tool tips."""
    metrics = QFontMetricsF(label_font(font))
    xs = [scale.x(image.on.toordinal()) for image in course.images]
    tip_areas = []
    for index, image in enumerate(course.images):
        x, y = xs[index], top + ROW_HEIGHT / 2
        if not scale.left <= x <= scale.right:
            continue
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(response_colour(image.response)))
        painter.drawPolygon(diamond(QPointF(x, y), DIAMOND))
        right_limit = min([scale.right, *(x - DIAMOND for x in xs[index + 1 : index + 2])])
        width = metrics.horizontalAdvance(image.label)
        text = longest_fitting([(image.label, width)], right_limit - x - DIAMOND - _GAP)
        painter.setFont(label_font(font))
        rect = QRectF(x + DIAMOND + _GAP - 1, top, width, ROW_HEIGHT)
        draw_text(painter, rect, text, theme.current().ink)
        date_line = " · ".join(
            filter(None, (date_text(image.on), str(course.since_cycle(image.on))))
        )
        tip = "\n".join(filter(None, (image.label, date_line, image.detail)))
        tip_areas.append(TipArea(QRectF(x - 8, top, 16 + (width if text else 0), ROW_HEIGHT), tip))
    return tip_areas


def _draw_squares(
    painter: QPainter, nuclides: Sequence[str], middle: QPointF, half: float, font: QFont
) -> None:
    """Draw a square for each nuclide, side by side; without letters if they do not fit."""
    width = 2 * half / len(nuclides)
    painter.setFont(theme.sized(font, 10, QFont.Weight.DemiBold))
    for index, nuclide in enumerate(nuclides):
        left = middle.x() - half + index * width
        square = QRectF(left, middle.y() - HEIGHT / 2, width, HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(nuclide_colour(nuclide)))
        painter.drawRoundedRect(square.adjusted(0.5, 0, -0.5, 0), 2.5, 2.5)
        if half > _NARROW_HALF:
            painter.setPen(QColor(theme.current().on_nuclide))
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, element(nuclide))


def _draw_death(
    painter: QPainter,
    scale: TimeScale,
    died_on: date | None,
    last_cycle: float,
    top: float,
    font: QFont,
) -> float:
    """Draw the day of death at its pixel, or at the right edge if it is beyond that.

    It is left out if it would cover the last cycle. Return the pixel up to which cycles have room.
    """
    if died_on is None or (x := scale.x(died_on.toordinal())) < scale.left:
        return scale.right
    sentence = _("died {date} ›") if x > scale.right else _("died {date}")
    text = sentence.format(date=date_text(died_on))
    painter.setFont(label_font(font))
    width = painter.fontMetrics().horizontalAdvance(text)
    left = min(x - width / 2, scale.right - width - 2)
    if last_cycle + WIDTH > left:
        return scale.right
    draw_text(painter, QRectF(left, top, width, ROW_HEIGHT), text, theme.current().ink_soft)
    return left - _GAP
