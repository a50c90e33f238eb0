"""Colours and shapes of the marks in all charts: responses, nuclides, and inexact results."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPolygonF

from gui.plots.value_scale import ValueScale
from gui.style import theme


def response_colour(response: str | None) -> str:
    """Return the colour of an imaging response; the soft text colour if there is none."""
    colours = theme.current()
    tones = {"CR": colours.accent, "PR": colours.accent, "SD": colours.warn, "PD": colours.alert}
    return tones.get(response or "", colours.ink_soft)


def nuclide_colour(nuclide: str) -> str:
    """Return the fill of a nuclide's mark."""
    return theme.current().nuclide(nuclide)


def points_down(value: float, comparator: str | None, heights: ValueScale) -> bool | None:
    """Return True if the result is below its mark, False if it is above, None if it is exact.

    `<20` is below its mark, and so is a value that a logarithmic scale cannot show; `>20` is above.
    """
    if heights.log and value <= 0:
        return True
    return comparator.startswith("<") if comparator else None


def triangle(centre: QPointF, radius: float, *, down: bool) -> QPolygonF:
    """Return a triangle that looks as large as a circle of this radius."""
    sign = 1 if down else -1
    half_base, base, tip = radius + 0.8, radius, radius + 0.6
    return polygon(centre, (-half_base, -sign * base), (half_base, -sign * base), (0, sign * tip))


def polygon(centre: QPointF, *corners: tuple[float, float]) -> QPolygonF:
    """Return a polygon whose corners are relative to a point."""
    return QPolygonF([centre + QPointF(x, y) for x, y in corners])


def diamond(centre: QPointF, half: float) -> QPolygonF:
    """Return the mark of an imaging response; `half` is half its width and height."""
    return polygon(centre, (0, -half), (half, 0), (0, half), (-half, 0))
