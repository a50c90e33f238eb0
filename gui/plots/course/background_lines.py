"""Thin lines behind a trend, to compare it with other patients or another analyte."""

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
class BackgroundLines:
    """Lines to draw behind a panel, joined into one that has a gap where a day is not a number.

    `days` are those of the panel. With `has_own_scale` the values have another unit, and are drawn
    from their lowest to their highest value, which `caption` names.
    """

    days: Array
    values: Array
    caption: str
    has_own_scale: bool = False


def join_curves(curves: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    """Join lines into one with gaps between them, since many small items would be slow."""
    if not curves:
        return np.empty(0), np.empty(0)
    parts = [(np.append(days, np.nan), np.append(values, np.nan)) for days, values in curves]
    days, values = zip(*parts, strict=True)
    return np.concatenate(days), np.concatenate(values)


class BackgroundItem(PanelItem):
    """Draws background lines faintly, below the curve of the panel."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: BackgroundLines | None = None
        self._line = _empty_shape()

    def show_lines(self, lines: BackgroundLines | None) -> None:
        """Show other lines, or none for None."""
        self.lines = lines
        self.lay_out()
        self.update()

    def lay_out(self) -> None:
        """Compute the pixels of the lines."""
        lines, heights, self._line = self.lines, self._heights, _empty_shape()
        if lines is None or not np.isfinite(lines.values).any():
            return
        if lines.has_own_scale:
            heights = _own_scale(lines, heights)
        self._line = LineShape(self._scale.xs(lines.days), heights.ys(lines.values))

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw the lines."""
        path = self._line.cut(self._rect) if is_in_picture(painter) else self._line.path
        if path.isEmpty():
            # Some PDF readers reject a path without a point.
            return
        colours = theme.current()
        is_other_unit = self.lines is not None and self.lines.has_own_scale
        faint = QColor(colours.lu177 if is_other_unit else colours.ink_soft)
        faint.setAlphaF(0.9 if is_other_unit else 0.38)
        painter.setClipRect(self._rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(faint, 1.2 if is_other_unit else 1))
        painter.drawPath(path)


def _empty_shape() -> LineShape:
    return LineShape(np.empty(0), np.empty(0))


def _own_scale(lines: BackgroundLines, heights: ValueScale) -> ValueScale:
    """Return a scale on which the values fill the height of the panel."""
    low, high = float(np.nanmin(lines.values)), float(np.nanmax(lines.values))
    padding = (high - low) * 0.1 or abs(high) * 0.2 or 1.0
    return ValueScale(low - padding, high + padding, heights.top, heights.height)
