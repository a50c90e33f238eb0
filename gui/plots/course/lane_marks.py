"""Marks of a lane: cycles as squares of their nuclides, assessments as diamonds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from gui.plots.marks import diamond, nuclide_colour, response_colour
from gui.plots.rows import fitting
from gui.plots.texts import ROW, Place, plain, write
from gui.plots.time_scale import TimeScale
from gui.style import theme
from model.course.course import Course
from model.dates import shown
from model.language import _
from model.reference.nuclides import element

WIDE, HIGH = 16.0, 18.0
DIAMOND = 6.5
_SLIM = 3.0
_APART = 4.0


def draw_cycles(
    painter: QPainter, scale: TimeScale, course: Course, top: float, font: QFont
) -> list[Place]:
    """Draw the cycles, and the day of death if there is one; return the place of each cycle."""
    metrics = QFontMetricsF(plain(font))
    cycles = course.cycles
    xs = [scale.x(cycle.on.toordinal()) for cycle in cycles]
    end = _draw_death(painter, scale, course.died_on, max(xs, default=scale.left), top, font)
    halves = [WIDE * max(len(cycle.nuclides), 1) / 2 for cycle in cycles]
    lefts = [x - half for x, half in zip(xs, halves, strict=True)]
    places = []
    for number, cycle in enumerate(cycles):
        x, half = xs[number], halves[number]
        following = min([end, *lefts[number + 1 : number + 2]])
        if x + half > following:
            half = _SLIM
        if not scale.left <= x + half or x - half > scale.right:
            continue
        _draw_squares(painter, cycle.nuclides or ("",), QPointF(x, top + ROW / 2), half, font)
        labels = (cycle.label, f"C{cycle.number}")
        variants = [(words, metrics.horizontalAdvance(words)) for words in labels]
        text = fitting(variants, following - x - half - _APART - 1)
        width = metrics.horizontalAdvance(text) + _APART if text else 0.0
        painter.setFont(plain(font))
        label = QRectF(x + half + _APART, top, width, ROW)
        write(painter, label, text, theme.current().ink)
        tip = "\n".join(filter(None, (cycle.label, shown(cycle.on), " + ".join(cycle.nuclides))))
        places.append(Place(QRectF(x - half, top, 2 * half + width, ROW), tip))
    return places


def draw_images(
    painter: QPainter, scale: TimeScale, course: Course, top: float, font: QFont
) -> list[Place]:
    """Draw the assessments in the colours of their responses and return the place of each."""
    metrics = QFontMetricsF(plain(font))
    xs = [scale.x(image.on.toordinal()) for image in course.images]
    places = []
    for number, image in enumerate(course.images):
        x, y = xs[number], top + ROW / 2
        if not scale.left <= x <= scale.right:
            continue
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(response_colour(image.response)))
        painter.drawPolygon(diamond(QPointF(x, y), DIAMOND))
        following = min([scale.right, *(x - DIAMOND for x in xs[number + 1 : number + 2])])
        width = metrics.horizontalAdvance(image.label)
        text = fitting([(image.label, width)], following - x - DIAMOND - _APART)
        painter.setFont(plain(font))
        label = QRectF(x + DIAMOND + _APART - 1, top, width, ROW)
        write(painter, label, text, theme.current().ink)
        when = " · ".join(filter(None, (shown(image.on), str(course.since_cycle(image.on)))))
        tip = "\n".join(filter(None, (image.label, when, image.detail)))
        places.append(Place(QRectF(x - 8, top, 16 + (width if text else 0), ROW), tip))
    return places


def _draw_squares(
    painter: QPainter, nuclides: Sequence[str], middle: QPointF, half: float, font: QFont
) -> None:
    """Draw a square for each nuclide, side by side, without letters where they do not fit."""
    width = 2 * half / len(nuclides)
    painter.setFont(theme.sized(font, 10, QFont.Weight.DemiBold))
    for number, nuclide in enumerate(nuclides):
        left = middle.x() - half + number * width
        square = QRectF(left, middle.y() - HIGH / 2, width, HIGH)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(nuclide_colour(nuclide)))
        painter.drawRoundedRect(square.adjusted(0.5, 0, -0.5, 0), 2.5, 2.5)
        if half > _SLIM:
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
    """Write the day of death at its place, or at the edge beyond which it is.

    It is left out where it would cover the last cycle. Return the pixel up to which there is room.
    """
    if died_on is None or (x := scale.x(died_on.toordinal())) < scale.left:
        return scale.right
    died = _("died {date} ›") if x > scale.right else _("died {date}")
    text = died.format(date=shown(died_on))
    painter.setFont(plain(font))
    width = painter.fontMetrics().horizontalAdvance(text)
    left = min(x - width / 2, scale.right - width - 2)
    if last_cycle + WIDE > left:
        return scale.right
    write(painter, QRectF(left, top, width, ROW), text, theme.current().ink_soft)
    return left - _APART
