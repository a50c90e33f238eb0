"""The shape of a bar in a lane: an end that is known is sharp, a vague one fades."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainterPath

from gui.plots.time_scale import TimeScale
from model.course.marks import Bar
from model.dates import PartialDate

FADE_WIDTH = 44.0
"""Pixels over which an unknown end fades."""

MIN_WIDTH = 5.0
_RADIUS = 3.0  # of the corners


@dataclass(frozen=True, slots=True)
class BarShape:
    """The horizontal pixels of a bar, which is certain from `solid_left` to `solid_right`."""

    left: float
    solid_left: float
    solid_right: float
    right: float
    ongoing: bool

    @property
    def is_sharp(self) -> bool:
        """Whether both ends are known to the day."""
        return self.left == self.solid_left and self.right == self.solid_right

    def brush(self, colour: str) -> QBrush:
        """Return the fill: the colour where the bar is certain, fading towards vague ends."""
        solid, clear = QColor(colour), QColor(colour)
        clear.setAlphaF(0.0)
        if self.is_sharp:
            return QBrush(solid)
        gradient = QLinearGradient(QPointF(self.left, 0), QPointF(self.right, 0))
        width = self.right - self.left
        peak_left = (self.solid_left - self.left) / width
        peak_right = (self.solid_right - self.left) / width
        gradient.setColorAt(0, solid if peak_left == 0 else clear)
        gradient.setColorAt(peak_left, solid)
        gradient.setColorAt(peak_right, solid)
        gradient.setColorAt(1, solid if peak_right == 1 else clear)
        return QBrush(gradient)

    def path(self, top: float, height: float) -> QPainterPath:
        """Return the outline: a rounded bar, or one with an arrow head if it is ongoing."""
        path = QPainterPath()
        if not self.ongoing:
            path.addRoundedRect(
                QRectF(self.left, top, self.right - self.left, height), _RADIUS, _RADIUS
            )
            return path
        head = min(height / 2, self.right - self.left)
        path.moveTo(self.left, top)
        path.lineTo(self.right - head, top)
        path.lineTo(self.right, top + height / 2)
        path.lineTo(self.right - head, top + height)
        path.lineTo(self.left, top + height)
        path.closeSubpath()
        return path


def bar_shape(bar: Bar, scale: TimeScale) -> BarShape:
    """Return the shape of a bar on a scale.

    If only the month or year of an end is known, the bar fades over that month or year. If nothing
    is known of one end, the bar is short and fades beyond the other end.
    """
    began, ended = bar.began, bar.ended
    if began is not None:
        left, solid_left = _pixel_range(began, scale)
    if ended is not None:
        solid_right, right = _pixel_range(ended, scale)
    if ended is None:
        solid_right = solid_left
        right = solid_right + FADE_WIDTH
    if began is None:
        solid_left = solid_right
        left = solid_left - FADE_WIDTH
    if solid_right < solid_left:
        # Both ends are vague and overlap, so the colour is strongest in the middle between them.
        solid_left = solid_right = (left + right) / 2
    right = max(right, left + MIN_WIDTH)
    is_end_sharp = ended is not None and _is_sharp(ended)
    return BarShape(left, solid_left, right if is_end_sharp else solid_right, right, bar.ongoing)


def _pixel_range(day: PartialDate, scale: TimeScale) -> tuple[float, float]:
    """Return the pixels between which a partial date lies; for a whole date they are equal."""
    first = scale.x(day.earliest.toordinal())
    return (first, first) if _is_sharp(day) else (first, scale.x(day.latest.toordinal() + 1))


def _is_sharp(day: PartialDate) -> bool:
    return day.latest == day.earliest
