"""The cycles of an analyte as lines over one another, with marks, nadirs and cycle numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from gui.plots.course.overlay_legend import cycle_colour, line_width
from gui.plots.course.panel_item import PanelItem
from gui.plots.course.point_text import value_without_unit
from gui.plots.label_rects import points_along
from gui.plots.label_room import LabelRoom
from gui.plots.line_shape import Array, LineShape, is_in_picture
from gui.plots.marks import points_down, triangle
from gui.plots.texts import draw_text_background
from gui.style import theme
from model.course.overlay import CycleLine, Overlay
from model.language import _

MAX_NADIR_VALUES = 4
"""With more cycles than this, only the most extreme nadir has its value next to its mark."""

DOT_RADIUS, NADIR_RADIUS = 2.7, 4.5
_TEXT_HEIGHT = 13.0


@dataclass(frozen=True, slots=True)
class _PlacedText:
    """A text in a rectangle, in the colour of its cycle, or in a soft colour without a cycle."""

    rect: QRectF
    text: str
    cycle: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _LineDrawing:
    """The line and marks of a cycle as shapes, with the pixels of results and of points along it.

    They are those of the last layout. Since then all may have moved by the same number of pixels.
    """

    line: CycleLine
    shape: LineShape
    marks: QPainterPath
    xs: Array
    ys: Array
    points_along: tuple[Array, Array]


class OverlayLines(PanelItem):
    """Draws an overlay in pixels of the scene.

    While days are moved, only the texts are laid out again; lines and marks are kept.
    """

    overhang = NADIR_RADIUS + 1

    def __init__(self) -> None:
        super().__init__()
        self._overlay: Overlay | None = None
        self._cycles: tuple[int, ...] = ()
        self._font, self._small = QFont(), QFont()
        self._metrics = QFontMetricsF(self._font)
        self._drawings: list[_LineDrawing] = []
        self._layout_key: tuple[object, ...] = ()
        self._origin = self._shift = 0.0
        self._texts: list[_PlacedText] = []
        self._covering_rect = QRectF()

    def show_overlay(self, overlay: Overlay, cycles: tuple[int, ...], font: QFont) -> None:
        """Show another overlay; colours depend on `cycles`, the numbers of all cycles."""
        self._overlay, self._cycles, self._layout_key = overlay, cycles, ()
        self._font = theme.figures(theme.sized(font, 11, QFont.Weight.DemiBold))
        self._small = theme.figures(theme.sized(font, 10))
        self._metrics = QFontMetricsF(self._font)

    def lay_out(self) -> None:
        """Lay out the texts; lines and marks as well, if more than the days has changed."""
        scale = self._scale
        key = (self._rect.getRect(), scale.width, round(scale.length, 6), self._heights)
        if key != self._layout_key:
            self._layout_key, self._origin = key, scale.x(0.0)
            lines = self._overlay.lines if self._overlay else ()
            self._drawings = [self._make_drawing(line) for line in lines]
        self._shift = scale.x(0.0) - self._origin
        self._texts = []
        room = self._label_room()
        self._place_baseline_text(room)
        self._place_cycle_numbers(room)
        self._place_nadir_values(room)

    def cover(self, rect: QRectF) -> None:
        """Hide the texts that something else covers in a rectangle; an empty one covers none."""
        if rect != self._covering_rect:
            self._covering_rect = rect
            self.update()

    def texts(self) -> list[str]:
        """Return the texts that are drawn in the panel."""
        return [text.text for text in self._texts]

    def colour(self, cycle: int) -> QColor:
        """Return the colour of a cycle, by its number."""
        return cycle_colour(self._cycles.index(cycle), len(self._cycles))

    def position_of(self, line: CycleLine, day: float, value: float) -> QPointF:
        """Return the pixel of a result, given by its day on the time axis."""
        x = self._scale.x(day - line.given_on.toordinal())
        return QPointF(x, self._heights.y(value))

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw the baseline, the lines from the first cycle on with their marks, and the texts."""
        if self._overlay is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.boundingRect())
        self._draw_baseline(painter, self._overlay)
        painter.save()
        painter.translate(self._shift, 0)
        in_sight = self._rect.translated(-self._shift, 0)
        for drawing in self._drawings:
            colour = self.colour(drawing.line.cycle)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            index = self._cycles.index(drawing.line.cycle)
            painter.setPen(QPen(colour, line_width(index, len(self._cycles))))
            drawing.shape.draw(painter, in_sight)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPath(
                self._marks_path(drawing, in_sight) if is_in_picture(painter) else drawing.marks
            )
        painter.restore()
        for drawing in self._drawings:
            self._draw_nadir(painter, drawing.line)
        for text in self._texts:
            if not text.rect.intersects(self._covering_rect):
                self._draw_text(painter, text)
        if self._overlay.trend.points and not self._overlay.lines:
            painter.setFont(theme.sized(self._font, 12))
            painter.setPen(QColor(theme.current().ink_soft))
            sentence = _("No results of {analyte} around a cycle")
            sentence = sentence.format(analyte=self._overlay.trend.name)
            painter.drawText(self._rect, Qt.AlignmentFlag.AlignCenter, sentence)

    def _make_drawing(self, line: CycleLine) -> _LineDrawing:
        """Return the shapes of a line and its marks."""
        xs, ys = self._scale.xs(line.days), self._heights.ys(line.values)
        points = points_along(xs, ys)
        drawing = _LineDrawing(line, LineShape(xs, ys), QPainterPath(), xs, ys, points)
        return replace(drawing, marks=self._marks_path(drawing))

    def _marks_path(self, drawing: _LineDrawing, within: QRectF | None = None) -> QPainterPath:
        """Return the marks of a cycle as one shape; with `within`, only those in the rectangle."""
        marks = QPainterPath()
        marks.setFillRule(Qt.FillRule.WindingFill)
        for x, y, point in zip(
            drawing.xs.tolist(), drawing.ys.tolist(), drawing.line.points, strict=True
        ):
            centre = QPointF(x, self._heights.foot if np.isnan(y) else y)
            down = points_down(point.value, point.comparator, self._heights)
            if within is not None and not within.contains(centre):
                continue
            if down is None:
                marks.addEllipse(centre, DOT_RADIUS, DOT_RADIUS)
            else:
                marks.addPolygon(triangle(centre, DOT_RADIUS, down=down))
                marks.closeSubpath()
        return marks

    def _draw_baseline(self, painter: QPainter, overlay: Overlay) -> None:
        baseline = overlay.trend.baseline
        if baseline is None:
            return
        colours = theme.current()
        y = round(self._heights.y(baseline.value)) + 0.5
        dashes = QPen(QColor(colours.ink_soft), 1.2, Qt.PenStyle.CustomDashLine)
        dashes.setDashPattern([7, 3])
        painter.setPen(dashes)
        painter.drawLine(QLineF(self._rect.left(), y, self._rect.right(), y))

    def _draw_nadir(self, painter: QPainter, line: CycleLine) -> None:
        mark = self._nadir_mark(line)
        if line.nadir is None or mark is None:
            return
        point, colours = line.nadir.point, theme.current()
        fill = QColor(colours.alert if line.nadir.grade else colours.ink)
        painter.setPen(QPen(self.colour(line.cycle), 2))
        down = points_down(point.value, point.comparator, self._heights)
        if down is not None:
            painter.setBrush(fill)
            painter.drawPolygon(triangle(mark, NADIR_RADIUS, down=down))
            return
        painter.setBrush(QColor(colours.card))
        painter.drawEllipse(mark, NADIR_RADIUS, NADIR_RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawEllipse(mark, NADIR_RADIUS - 2, NADIR_RADIUS - 2)

    def _draw_text(self, painter: QPainter, text: _PlacedText) -> None:
        draw_text_background(painter, text.rect.adjusted(-1, 0, 1, 0), 0.8)
        painter.setFont(self._font if text.cycle else self._small)
        painter.setPen(self.colour(text.cycle) if text.cycle else QColor(theme.current().ink_soft))
        painter.drawText(text.rect, Qt.AlignmentFlag.AlignCenter, text.text)

    def _label_room(self) -> LabelRoom:
        """Return the room for texts among the marks and lines of all cycles."""
        no_points = (np.empty(0), np.empty(0))
        marks, lines = [no_points], [no_points]
        for drawing in self._drawings:
            marks.append((drawing.xs + self._shift, drawing.ys))
            lines.append((drawing.points_along[0] + self._shift, drawing.points_along[1]))
        xs, ys = map(np.concatenate, zip(*marks, strict=True))
        line = tuple(map(np.concatenate, zip(*lines, strict=True)))
        trend = self._overlay.trend if self._overlay else None
        levels: list[float] = []
        if trend is not None:
            levels += [limit for step in trend.limits[-1:] for limit in step[1:] if limit]
            levels += [trend.baseline.value] if trend.baseline else []
        levels = [self._heights.y(level) for level in levels]
        return LabelRoom(self._rect, (xs, ys), NADIR_RADIUS + 1, (line[0], line[1]), levels)

    def _place_baseline_text(self, room: LabelRoom) -> None:
        """Place the value of the baseline above or below an end of its line."""
        trend = self._overlay.trend if self._overlay else None
        if trend is None or trend.baseline is None:
            return
        text = _("baseline {value}").format(value=value_without_unit(trend, trend.baseline))
        y = self._heights.y(trend.baseline.value)
        text_width = QFontMetricsF(self._small).horizontalAdvance(text) + 2
        lefts = (self._rect.left() + 4, self._rect.right() - text_width - 4)
        tops = (y - _TEXT_HEIGHT - 1, y + 2)
        rect = room.choose_rect(
            [QRectF(x, top, text_width, _TEXT_HEIGHT) for x in lefts for top in tops]
        )
        if rect is not None:
            self._texts.append(_PlacedText(rect, text))

    def _place_cycle_numbers(self, room: LabelRoom) -> None:
        """Place the number of each cycle at the end of its line in sight."""
        for drawing in self._drawings:
            xs = drawing.xs + self._shift
            inside = (xs >= self._rect.left()) & (xs <= self._rect.right())
            in_sight = np.flatnonzero(inside & ~np.isnan(drawing.ys))
            if in_sight.size:
                last = in_sight[-1]
                end = QPointF(float(xs[last]), float(drawing.ys[last]))
                self._place_text(room, f"C{drawing.line.cycle}", end, drawing.line.cycle)

    def _place_nadir_values(self, room: LabelRoom) -> None:
        """Place the values of nadirs, from the latest cycle back, as far as there is room.

        Many values would hide one another. In that case only the most extreme one is placed here;
        the others are in the list.
        """
        extreme = self._overlay.extreme if self._overlay else None
        for line in (drawing.line for drawing in reversed(self._drawings)):
            if len(self._drawings) > MAX_NADIR_VALUES and line is not extreme:
                continue
            mark = self._nadir_mark(line)
            if line.nadir is None or mark is None:
                continue
            value = (
                value_without_unit(self._overlay.trend, line.nadir.point) if self._overlay else ""
            )
            if value not in self.texts():
                self._place_text(room, value, mark, line.cycle)

    def _place_text(self, room: LabelRoom, text: str, mark: QPointF, cycle: int) -> None:
        """Place a text next to a mark, if there is room."""
        size = QSizeF(self._metrics.horizontalAdvance(text) + 3, _TEXT_HEIGHT)
        if label := room.place_label(mark, [size]):
            self._texts.append(_PlacedText(label[1], text, cycle))

    def _nadir_mark(self, line: CycleLine) -> QPointF | None:
        """Return the pixel of the nadir of a line, or None if it has none in sight."""
        if line.nadir is None:
            return None
        mark = self.position_of(line, line.nadir.point.day, line.nadir.point.value)
        return mark if self._rect.adjusted(-1, -1, 1, 1).contains(mark) else None
