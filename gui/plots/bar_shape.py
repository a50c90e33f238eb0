"""The shape of a bar in a lane: known ends are sharp, vague ones fade."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainterPath

from gui.plots.time_scale import TimeScale
from model.course.marks import Bar
from model.dates import PartialDate

UNKNOWN = 44.0
"""Pixels over which an unknown end fades."""

NARROWEST = 5.0
_SHARP_DAYS = 1
_ROUND = 3.0


@dataclass(frozen=True, slots=True)
class BarShape:
    """The four pixels of a bar: it may have begun, has begun, may have ended, has ended."""

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
        """Return the fill: the colour where the bar is certain, fading elsewhere."""
        solid, clear = QColor(colour), QColor(colour)
        clear.setAlphaF(0.0)
        if self.is_sharp:
            return QBrush(solid)
        ramp = QLinearGradient(QPointF(self.left, 0), QPointF(self.right, 0))
        width = self.right - self.left
        peak_left = (self.solid_left - self.left) / width
        peak_right = (self.solid_right - self.left) / width
        ramp.setColorAt(0, solid if peak_left == 0 else clear)
        ramp.setColorAt(peak_left, solid)
        ramp.setColorAt(peak_right, solid)
        ramp.setColorAt(1, solid if peak_right == 1 else clear)
        return QBrush(ramp)

    def path(self, top: float, height: float) -> QPainterPath:
        """Return the outline: rounded, with a point to the right where the bar is ongoing."""
        path = QPainterPath()
        if not self.ongoing:
            path.addRoundedRect(
                QRectF(self.left, top, self.right - self.left, height), _ROUND, _ROUND
            )
            return path
        tip = min(height / 2, self.right - self.left)
        path.moveTo(self.left, top)
        path.lineTo(self.right - tip, top)
        path.lineTo(self.right, top + height / 2)
        path.lineTo(self.right - tip, top + height)
        path.lineTo(self.left, top + height)
        path.closeSubpath()
        return path


def bar_shape(bar: Bar, scale: TimeScale) -> BarShape:
    """Return the shape of a bar on a scale.

    If only the month or year of an end is known, the bar fades over that time; if nothing is
    known of it, over a short way beyond the other end.
    """
    began, ended = bar.began, bar.ended
    if began is not None:
        left, solid_left = _soft(began, scale)
    if ended is not None:
        solid_right, right = _soft(ended, scale)
    if ended is None:
        solid_right = solid_left
        right = solid_right + UNKNOWN
    if began is None:
        solid_left = solid_right
        left = solid_left - UNKNOWN
    if solid_right < solid_left:
        # Both ends are vague and overlap: the bar is somewhere in between and peaks in the middle.
        solid_left = solid_right = (left + right) / 2
    right = max(right, left + NARROWEST)
    certain = ended is not None and _is_sharp(ended)
    return BarShape(left, solid_left, right if certain else solid_right, right, bar.ongoing)


def _soft(day: PartialDate, scale: TimeScale) -> tuple[float, float]:
    """Return the pixels between which a partial date lies; the same one twice for a whole date."""
    first = scale.x(day.earliest.toordinal())
    return (first, first) if _is_sharp(day) else (first, scale.x(day.latest.toordinal() + 1))


def _is_sharp(day: PartialDate) -> bool:
    return (day.latest - day.earliest).days < _SHARP_DAYS
