"""The bars of a lane, which are therapies or toxicities: their rows, and how they are drawn.

All records of one toxicity share a row, in which their grades follow one another like steps. Each
therapy is a group of its own. Groups that do not overlap may share a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from gui.plots.bar_shape import BarShape, bar_shape
from gui.plots.course.lane_labels import INSET, RowLabels, run_label, split_runs, visible_part
from gui.plots.rows import Extent, pack_rows
from gui.plots.texts import ROW_HEIGHT, TipArea, bold_label_font, label_font
from gui.plots.time_scale import TimeScale
from gui.style import theme
from model.course.marks import Bar

HEIGHT = 16.0
"""Pixels of a bar."""

Group = tuple[int, ...]
"""The indices of the records of one toxicity, in order, or the index of one therapy."""


def group_bars(bars: Sequence[Bar]) -> list[Group]:
    """Return the groups of bars that share a row, in the order of their first bars."""
    by_name: dict[object, list[int]] = {}
    for index, bar in enumerate(bars):
        by_name.setdefault(index if bar.grade is None else bar.name, []).append(index)
    return [tuple(group) for group in by_name.values()]


def lay_out_bars(bars: Sequence[Bar], scale: TimeScale, font: QFont) -> tuple[int, ...]:
    """Return the row of each bar, from 0, so that bars and labels do not overlap on this scale.

    Groups that end before the scale need no room, so all of them are in row 0.
    """
    metrics = QFontMetricsF(bold_label_font(font))
    shapes = [bar_shape(bar, scale) for bar in bars]
    placed_groups = [
        group
        for group in group_bars(bars)
        if max(shapes[index].right for index in group) >= scale.left
    ]
    extents = []
    for group in placed_groups:
        left = min(shapes[index].left for index in group)
        right = max(shapes[index].right for index in group)
        if not any(_has_room(bars[index], shapes[index], scale, metrics) for index in group):
            last_run = split_runs([(bars[index], shapes[index]) for index in group])[-1]
            width = metrics.horizontalAdvance(run_label(last_run)) + INSET
            if right + width <= scale.right:
                right += width
            else:
                left -= width
        extents.append(Extent(left, right))
    rows = [0] * len(bars)
    for group, row in zip(placed_groups, pack_rows(extents), strict=True):
        for index in group:
            rows[index] = row
    return tuple(rows)


def draw_bars(
    painter: QPainter,
    scale: TimeScale,
    bars: Sequence[Bar],
    rows: Sequence[int],
    top: float,
    font: QFont,
) -> list[TipArea]:
    """Draw bars in their rows below `top`; return the area and tool tip of each one in sight."""
    shaped = [(bar, bar_shape(bar, scale)) for bar in bars]
    tip_areas = []
    for row in sorted(set(rows)):
        y = top + row * ROW_HEIGHT
        groups_in_sight = [
            [shaped[index] for index in group if visible_part(shaped[index][1], scale)[1] > 0]
            for group in group_bars(bars)
            if rows[group[0]] == row
        ]
        # Where records overlap, the higher grade is drawn over the lower one.
        for bar, shape in sorted(chain(*groups_in_sight), key=lambda pair: pair[0].grade or 0):
            _draw_shape(painter, scale, bar, shape, y + (ROW_HEIGHT - HEIGHT) / 2)
            left, width = visible_part(shape, scale)
            tip_areas.append(TipArea(QRectF(left, y, max(width, 6), ROW_HEIGHT), bar_tip(bar)))
        labels = RowLabels(painter, scale, y, [shape for _bar, shape in chain(*groups_in_sight)])
        for group in filter(None, groups_in_sight):
            painter.setFont(bold_label_font(font) if group[0][0].grade else label_font(font))
            labels.draw(group)
    return tip_areas


def bar_tip(bar: Bar) -> str:
    """Return the label, the dates and the details of a bar, one per line."""
    return "\n".join(filter(None, (bar.label, bar.when, bar.detail)))


def _has_room(bar: Bar, shape: BarShape, scale: TimeScale, metrics: QFontMetricsF) -> bool:
    """Return whether the label of a bar fits into the bar."""
    return metrics.horizontalAdvance(bar.label) + 2 * INSET <= visible_part(shape, scale)[1]


def _draw_shape(painter: QPainter, scale: TimeScale, bar: Bar, shape: BarShape, top: float) -> None:
    colours = theme.current()
    fill = QColor(colours.grade(bar.grade)[0] if bar.grade else colours.neutral)
    path = shape.path(top, HEIGHT)
    if shape.left < scale.left or shape.right > scale.right:
        # Clipping would do on the screen, but Qt ignores it when it writes SVG.
        sight = QPainterPath()
        sight.addRect(QRectF(scale.left, top, scale.width, HEIGHT))
        path = path.intersected(sight)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shape.brush(fill.name()))
    painter.drawPath(path)
    if shape.is_sharp:
        # The palest fills are hardly seen on the card without an outline.
        edge = QColor(colours.grade(bar.grade)[1] if bar.grade else colours.ink_soft)
        edge.setAlphaF(0.28)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
