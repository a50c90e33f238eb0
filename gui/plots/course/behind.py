"""Thin lines behind a trend for comparison: other patients, or another analyte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.plots.course.panel_item import PanelItem
from gui.plots.line_shape import Array, LineShape, is_in_picture
from gui.plots.value_scale import ValueScale
from gui.style import theme


@dataclass(frozen=True, slots=True, eq=False)
class Behind:
    """Lines to draw behind a panel, joined into one, with a gap where a day is not a number.

    `days` are counted as the panel does. With `own_heights` the values have another unit and are
    drawn from their lowest to their highest, which `words` name.
    """

    days: Array
    values: Array
    words: str
    own_heights: bool = False


def joined(curves: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    """Join lines into one with gaps between them: many small items would be slow."""
    if not curves:
        return np.empty(0), np.empty(0)
    parts = [(np.append(days, np.nan), np.append(values, np.nan)) for days, values in curves]
    days, values = zip(*parts, strict=True)
    return np.concatenate(days), np.concatenate(values)


class LinesBehind(PanelItem):
    """Draws such lines faintly, below the curve of the panel."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: Behind | None = None
        self._line = _nothing()

    def show_lines(self, behind: Behind | None) -> None:
        """Show other lines; none for None."""
        self.shown = behind
        self.lay_out()
        self.update()

    def lay_out(self) -> None:
        """Find the pixels of the lines."""
        behind, heights, self._line = self.shown, self._heights, _nothing()
        if behind is None or not np.isfinite(behind.values).any():
            return
        if behind.own_heights:
            heights = _own(behind, heights)
        self._line = LineShape(self._scale.xs(behind.days), heights.ys(behind.values))

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw the lines."""
        path = self._line.cut(self._rect) if is_in_picture(painter) else self._line.path
        if path.isEmpty():
            # Some PDF readers reject a path without a point.
            return
        colours = theme.current()
        other = self.shown is not None and self.shown.own_heights
        faint = QColor(colours.lu177 if other else colours.ink_soft)
        faint.setAlphaF(0.9 if other else 0.38)
        painter.setClipRect(self._rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(faint, 1.2 if other else 1))
        painter.drawPath(path)


def _nothing() -> LineShape:
    return LineShape(np.empty(0), np.empty(0))


def _own(behind: Behind, heights: ValueScale) -> ValueScale:
    """Return the heights of values in another unit: they use the whole panel."""
    low, high = float(np.nanmin(behind.values)), float(np.nanmax(behind.values))
    room = (high - low) * 0.1 or abs(high) * 0.2 or 1.0
    return ValueScale(low - room, high + room, heights.top, heights.height)
