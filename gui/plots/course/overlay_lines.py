"""The cycles of one analyte as lines over one another: marks, nadirs, and numbers at their ends."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from gui.plots.course.overlay_legend import tone, width
from gui.plots.course.panel_item import PanelItem
from gui.plots.course.point_words import bare_value
from gui.plots.label_rects import points_along
from gui.plots.label_room import LabelRoom
from gui.plots.line_shape import Array, LineShape, is_in_picture
from gui.plots.marks import points_down, triangle
from gui.plots.texts import draw_text_background
from gui.style import theme
from model.course.overlay import CycleLine, Overlay
from model.language import _

MOST_VALUES = 4
"""With more cycles than this only the most extreme nadir has its value next to its mark."""

DOT, NADIR = 2.7, 4.5
_HIGH = 13.0  # pixels of a line of text


@dataclass(frozen=True, slots=True)
class _Text:
    """A text and its place; in the tone of its cycle, or softly without one."""

    place: QRectF
    text: str
    cycle: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """A cycle's line and marks as shapes, and the pixels of its results and of its line.

    All are as they were laid out; since then the days may have moved, all by the same pixels.
    """

    line: CycleLine
    shape: LineShape
    marks: QPainterPath
    xs: Array
    ys: Array
    along: tuple[Array, Array]


class OverlayLines(PanelItem):
    """Draws an overlay in pixels of the scene; it is laid out when it is placed.

    While days are moved, only the texts are laid out again: lines and marks are kept.
    """

    overhang = NADIR + 1

    def __init__(self) -> None:
        super().__init__()
        self._overlay: Overlay | None = None
        self._cycles: tuple[int, ...] = ()
        self._font, self._small = QFont(), QFont()
        self._metrics = QFontMetricsF(self._font)
        self._drawn: list[_Drawn] = []
        self._laid_out: tuple[object, ...] = ()
        self._origin = self._moved = 0.0
        self._texts: list[_Text] = []
        self._covered = QRectF()

    def show_overlay(self, overlay: Overlay, cycles: tuple[int, ...], font: QFont) -> None:
        """Show another overlay; `cycles` are the numbers of all cycles, which give the tones."""
        self._overlay, self._cycles, self._laid_out = overlay, cycles, ()
        self._font = theme.figures(theme.sized(font, 11, QFont.Weight.DemiBold))
        self._small = theme.figures(theme.sized(font, 10))
        self._metrics = QFontMetricsF(self._font)

    def lay_out(self) -> None:
        """Find the pixels of lines and marks, if more than the days has changed, and of texts."""
        scale = self._scale
        shape = (self._rect.getRect(), scale.width, round(scale.length, 6), self._heights)
        if shape != self._laid_out:
            self._laid_out, self._origin = shape, scale.x(0.0)
            lines = self._overlay.lines if self._overlay else ()
            self._drawn = [self._shapes(line) for line in lines]
        self._moved = scale.x(0.0) - self._origin
        self._texts = []
        room = self._room()
        self._write_baseline(room)
        self._write_ends(room)
        self._write_nadirs(room)

    def cover(self, place: QRectF) -> None:
        """Hide the texts that something else now covers; an empty place covers none."""
        if place != self._covered:
            self._covered = place
            self.update()

    def texts(self) -> list[str]:
        """Return the texts in the panel."""
        return [text.text for text in self._texts]

    def tone(self, cycle: int) -> QColor:
        """Return the colour of a cycle."""
        return tone(self._cycles.index(cycle), len(self._cycles))

    def where(self, line: CycleLine, day: float, value: float) -> QPointF:
        """Return the pixel of a result, given by its day on the time axis."""
        x = self._scale.x(day - line.given_on.toordinal())
        return QPointF(x, self._heights.y(value))

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw the baseline, the lines from the first cycle on, their marks, and the words."""
        if self._overlay is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.boundingRect())
        self._draw_baseline(painter, self._overlay)
        painter.save()
        painter.translate(self._moved, 0)
        in_sight = self._rect.translated(-self._moved, 0)
        for drawn in self._drawn:
            colour = self.tone(drawn.line.cycle)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            place = self._cycles.index(drawn.line.cycle)
            painter.setPen(QPen(colour, width(place, len(self._cycles))))
            drawn.shape.draw(painter, in_sight)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPath(
                self._marks(drawn, in_sight) if is_in_picture(painter) else drawn.marks
            )
        painter.restore()
        for drawn in self._drawn:
            self._draw_nadir(painter, drawn.line)
        for text in self._texts:
            if not text.place.intersects(self._covered):
                self._draw_text(painter, text)
        if self._overlay.trend.points and not self._overlay.lines:
            painter.setFont(theme.sized(self._font, 12))
            painter.setPen(QColor(theme.current().ink_soft))
            nothing = _("No results of {analyte} around a cycle")
            nothing = nothing.format(analyte=self._overlay.trend.name)
            painter.drawText(self._rect, Qt.AlignmentFlag.AlignCenter, nothing)

    def _shapes(self, line: CycleLine) -> _Drawn:
        """Return a line and its marks as shapes, kept until the next layout."""
        xs, ys = self._scale.xs(line.days), self._heights.ys(line.values)
        drawn = _Drawn(line, LineShape(xs, ys), QPainterPath(), xs, ys, points_along(xs, ys))
        return replace(drawn, marks=self._marks(drawn))

    def _marks(self, drawn: _Drawn, within: QRectF | None = None) -> QPainterPath:
        """Return the marks of a cycle as one shape; with a rectangle, only those in it."""
        marks = QPainterPath()
        marks.setFillRule(Qt.FillRule.WindingFill)
        for x, y, point in zip(
            drawn.xs.tolist(), drawn.ys.tolist(), drawn.line.points, strict=True
        ):
            where = QPointF(x, self._heights.foot if np.isnan(y) else y)
            down = points_down(point.value, point.comparator, self._heights)
            if within is not None and not within.contains(where):
                continue
            if down is None:
                marks.addEllipse(where, DOT, DOT)
            else:
                marks.addPolygon(triangle(where, DOT, down=down))
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
        inside = QColor(colours.alert if line.nadir.grade else colours.ink)
        painter.setPen(QPen(self.tone(line.cycle), 2))
        down = points_down(point.value, point.comparator, self._heights)
        if down is not None:
            painter.setBrush(inside)
            painter.drawPolygon(triangle(mark, NADIR, down=down))
            return
        painter.setBrush(QColor(colours.card))
        painter.drawEllipse(mark, NADIR, NADIR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inside)
        painter.drawEllipse(mark, NADIR - 2, NADIR - 2)

    def _draw_text(self, painter: QPainter, text: _Text) -> None:
        draw_text_background(painter, text.place.adjusted(-1, 0, 1, 0), 0.8)
        painter.setFont(self._font if text.cycle else self._small)
        painter.setPen(self.tone(text.cycle) if text.cycle else QColor(theme.current().ink_soft))
        painter.drawText(text.place, Qt.AlignmentFlag.AlignCenter, text.text)

    def _room(self) -> LabelRoom:
        """Return the room for texts among the marks and lines of all cycles."""
        nothing = (np.empty(0), np.empty(0))
        marks, lines = [nothing], [nothing]
        for drawn in self._drawn:
            marks.append((drawn.xs + self._moved, drawn.ys))
            lines.append((drawn.along[0] + self._moved, drawn.along[1]))
        xs, ys = map(np.concatenate, zip(*marks, strict=True))
        line = tuple(map(np.concatenate, zip(*lines, strict=True)))
        trend = self._overlay.trend if self._overlay else None
        levels: list[float] = []
        if trend is not None:
            levels += [limit for step in trend.limits[-1:] for limit in step[1:] if limit]
            levels += [trend.baseline.value] if trend.baseline else []
        levels = [self._heights.y(level) for level in levels]
        return LabelRoom(self._rect, (xs, ys), NADIR + 1, (line[0], line[1]), levels)

    def _write_baseline(self, room: LabelRoom) -> None:
        """Write the value of the baseline above or below an end of its line."""
        trend = self._overlay.trend if self._overlay else None
        if trend is None or trend.baseline is None:
            return
        text = _("baseline {value}").format(value=bare_value(trend, trend.baseline))
        y = self._heights.y(trend.baseline.value)
        text_width = QFontMetricsF(self._small).horizontalAdvance(text) + 2
        lefts = (self._rect.left() + 4, self._rect.right() - text_width - 4)
        tops = (y - _HIGH - 1, y + 2)
        place = room.choose_rect([QRectF(x, top, text_width, _HIGH) for x in lefts for top in tops])
        if place is not None:
            self._texts.append(_Text(place, text))

    def _write_ends(self, room: LabelRoom) -> None:
        """Write the number of each cycle at the end of its line in sight."""
        for drawn in self._drawn:
            xs = drawn.xs + self._moved
            inside = (xs >= self._rect.left()) & (xs <= self._rect.right())
            in_sight = np.flatnonzero(inside & ~np.isnan(drawn.ys))
            if in_sight.size:
                last = in_sight[-1]
                end = QPointF(float(xs[last]), float(drawn.ys[last]))
                self._write(room, f"C{drawn.line.cycle}", end, drawn.line.cycle)

    def _write_nadirs(self, room: LabelRoom) -> None:
        """Write the values of nadirs, from the latest cycle, while there is room.

        Many would hide one another: then only the most extreme has its value here, and the others
        are in the list.
        """
        extreme = self._overlay.extreme if self._overlay else None
        for line in (drawn.line for drawn in reversed(self._drawn)):
            if len(self._drawn) > MOST_VALUES and line is not extreme:
                continue
            mark = self._nadir_mark(line)
            if line.nadir is None or mark is None:
                continue
            value = bare_value(self._overlay.trend, line.nadir.point) if self._overlay else ""
            if value not in self.texts():
                self._write(room, value, mark, line.cycle)

    def _write(self, room: LabelRoom, text: str, mark: QPointF, cycle: int) -> None:
        """Write a text next to a mark, if there is room."""
        size = QSizeF(self._metrics.horizontalAdvance(text) + 3, _HIGH)
        if found := room.place_label(mark, [size]):
            self._texts.append(_Text(found[1], text, cycle))

    def _nadir_mark(self, line: CycleLine) -> QPointF | None:
        """Return the pixel of a line's nadir, if it has one in sight."""
        if line.nadir is None:
            return None
        mark = self.where(line, line.nadir.point.day, line.nadir.point.value)
        return mark if self._rect.adjusted(-1, -1, 1, 1).contains(mark) else None


def nadir_rows(overlay: Overlay, room: int) -> list[tuple[CycleLine, str]]:
    """Return the nadirs of the cycles in words, at most so many: the most extreme and the latest.

    `C2 31 · day 36`, in the order of the cycles.
    """
    with_nadir = [line for line in overlay.lines if line.nadir]
    extreme = overlay.extreme
    others = [line for line in with_nadir if line is not extreme]
    left = room - 1 if extreme else room
    rows = [*others[max(len(others) - left, 0) :], *([extreme] if extreme else [])]
    rows.sort(key=lambda line: line.given_on)
    return [
        (
            line,
            _("C{cycle} {value} · day {day}").format(
                cycle=line.cycle,
                value=bare_value(overlay.trend, line.nadir.point),
                day=line.nadir.days,
            ),
        )
        for line in rows[:room]
        if line.nadir
    ]
