"""Bars of a lane, therapies or toxicities: the row of each, and their drawing.

All records of one toxicity share a row, in which their grades follow one another as steps. Each
therapy is on its own; what does not overlap may share a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from gui.plots.bar_shape import BarShape, bar_shape
from gui.plots.rows import Extent, longest_fitting, pack_rows
from gui.plots.texts import ROW_HEIGHT, TipArea, bold_label_font, draw_text, label_font
from gui.plots.time_scale import TimeScale
from gui.style import theme
from model.course.marks import Bar
from model.language import _

HEIGHT = 16.0
_INSET = 6.0
_NARROW = 20.0  # pixels of a bar up to which its text is centred
_APART = 3.0
_LEAST_INSIDE, _LEAST_BESIDE = 20.0, 40.0  # pixels for a part of a name

Group = tuple[int, ...]
"""Bars by their index: the records of one toxicity, in order, or one therapy."""


def groups(bars: Sequence[Bar]) -> list[Group]:
    """Return the bars that share a row, in order of their first."""
    by_name: dict[object, list[int]] = {}
    for index, bar in enumerate(bars):
        by_name.setdefault(index if bar.grade is None else bar.name, []).append(index)
    return [tuple(group) for group in by_name.values()]


def layout(bars: Sequence[Bar], scale: TimeScale, font: QFont) -> tuple[int, ...]:
    """Return the row of each bar, from 0, so that bars and labels do not overlap on this scale.

    Groups that end before the scale take no room: they are all in row 0.
    """
    metrics = QFontMetricsF(bold_label_font(font))
    shapes = [bar_shape(bar, scale) for bar in bars]
    after = [
        group for group in groups(bars) if max(shapes[index].right for index in group) >= scale.left
    ]
    extents = []
    for group in after:
        left = min(shapes[index].left for index in group)
        right = max(shapes[index].right for index in group)
        if not any(_has_room(bars[index], shapes[index], scale, metrics) for index in group):
            last = _runs([(bars[index], shapes[index]) for index in group])[-1]
            width = metrics.horizontalAdvance(_run_label(last)) + _INSET
            left, right = (
                (left, right + width) if right + width <= scale.right else (left - width, right)
            )
        extents.append(Extent(left, right))
    rows = [0] * len(bars)
    for group, row in zip(after, pack_rows(extents), strict=True):
        for index in group:
            rows[index] = row
    return tuple(rows)


def draw(
    painter: QPainter,
    scale: TimeScale,
    bars: Sequence[Bar],
    rows: Sequence[int],
    top: float,
    font: QFont,
) -> list[TipArea]:
    """Draw bars in their rows below `top` and return the place of each that is in sight."""
    drawn = [(bar, bar_shape(bar, scale)) for bar in bars]
    places = []
    for row in sorted(set(rows)):
        y = top + row * ROW_HEIGHT
        in_sight = [
            [drawn[index] for index in group if _visible(drawn[index][1], scale)[1] > 0]
            for group in groups(bars)
            if rows[group[0]] == row
        ]
        # Where records overlap, the higher grade is on top.
        for bar, shape in sorted(chain(*in_sight), key=lambda drawn: drawn[0].grade or 0):
            _draw_shape(painter, scale, bar, shape, y + (ROW_HEIGHT - HEIGHT) / 2)
            left, width = _visible(shape, scale)
            places.append(TipArea(QRectF(left, y, max(width, 6), ROW_HEIGHT), tip(bar)))
        labels = _Labels(painter, scale, y, [shape for group in in_sight for _bar, shape in group])
        for group in filter(None, in_sight):
            painter.setFont(bold_label_font(font) if group[0][0].grade else label_font(font))
            labels.write(group)
    return places


def tip(bar: Bar) -> str:
    """Return label, dates and details of a bar, one per line."""
    return "\n".join(filter(None, (bar.label, bar.when, bar.detail)))


Drawn = tuple[Bar, BarShape]


class _Labels:
    """The texts of one row: in the bars where they fit, or beside them, never over one another."""

    def __init__(
        self, painter: QPainter, scale: TimeScale, top: float, shapes: Iterable[BarShape]
    ) -> None:
        self._painter = painter
        self._scale = scale
        self._top = top
        self._taken = [(shape.left, shape.right) for shape in shapes]

    def write(self, group: Sequence[Drawn]) -> None:
        """Write the name once or more, and each grade, as far as there is room.

        What does not fit into the bars is written beside those that follow one another: the name
        after the last of them, or else after or before others, and the grades of all.
        """
        is_named, graded = self._write_inside(group)
        runs = _runs(group)
        if not is_named:
            graded.update(id(bar) for bar, _shape in self._write_name(runs, graded))
        for run in runs:
            if not all(id(bar) in graded for bar, _shape in run):
                self._write_after(run, _grades(run))

    def _write_name(self, runs: Sequence[list[Drawn]], graded: set[int]) -> list[Drawn]:
        """Write the name beside one of these runs, in part if need be; return that run."""
        for run in reversed(runs):
            if self._write_after(run, _run_label(run)):
                return run
        for run in runs:
            if self._write_before(run, is_only=len(runs) == 1):
                return run
        if len(runs) == len(runs[0]) == 1 and not graded and self._write_part(*runs[0][0]):
            return runs[0]
        return self._write_part_beside(runs)

    def _write_inside(self, group: Sequence[Drawn]) -> tuple[bool, set[int]]:
        """Write labels into the bars, or grades alone where only they fit.

        Return whether a name was written, and the bars whose grade was, by `id`.
        """
        is_named, graded = False, set()
        for number, (bar, _shape) in enumerate(group):
            left, right = self._uncovered(group, number)
            width = right - left
            texts = [bar.label]
            if bar.ongoing:
                texts.insert(0, _("{label}, ongoing").format(label=bar.label))
            if bar.grade and len(group) > 1:
                texts.append(str(bar.grade))
            room = width - 2 * _INSET if width > _NARROW else width - 6
            text = longest_fitting([(text, self._advance(text)) for text in texts], room)
            if not text:
                continue
            graded.add(id(bar))
            is_named = is_named or text != str(bar.grade)
            inset = _INSET if width > _NARROW else (width - self._advance(text)) / 2
            self._write(left + inset, width, text, _ink_in(bar))
        return is_named, graded

    def _uncovered(self, group: Sequence[Drawn], number: int) -> tuple[float, float]:
        """Return the ends of the widest part of a bar over which no other is drawn."""
        bar, shape = group[number]
        left, width = _visible(shape, self._scale)
        parts = [(left, left + width)]
        for other_number, (other, cover) in enumerate(group):
            if ((other.grade or 0), other_number) > ((bar.grade or 0), number):
                parts = [
                    part
                    for start, end in parts
                    for part in ((start, min(end, cover.left)), (max(start, cover.right), end))
                    if part[1] > part[0]
                ]
        return max(parts, key=lambda part: part[1] - part[0], default=(left, left))

    def _write_after(self, run: Sequence[Drawn], text: str) -> bool:
        right = max(shape.right for _bar, shape in run)
        return self._write_beside(max(right, self._scale.left) + _INSET - 1, text)

    def _write_before(self, run: Sequence[Drawn], *, is_only: bool) -> bool:
        """Write the name before bars, with their grades if there are no others of the toxicity."""
        text = _run_label(run) if is_only else run[0][0].name
        return self._write_beside(run[0][1].left - self._advance(text) - _INSET + 1, text)

    def _write_beside(self, left: float, text: str) -> bool:
        """Write a text from a pixel on if it touches no bar and no other text; return whether."""
        right = left + self._advance(text)
        if left < self._scale.left or right > self._scale.right:
            return False
        if any(left < end + _APART and start - _APART < right for start, end in self._taken):
            return False
        self._taken.append((left, right))
        self._write(left, right - left, text, theme.current().ink)
        return True

    def _write_part(self, bar: Bar, shape: BarShape) -> bool:
        """Write as much of a label as fits into its bar, with all of the grade; return whether."""
        left, width = _visible(shape, self._scale)
        text = self._shortened(bar, width - 2 * _INSET, _LEAST_INSIDE)
        self._write(left + _INSET, width, text, _ink_in(bar))
        return bool(text)

    def _write_part_beside(self, runs: Sequence[list[Drawn]]) -> list[Drawn]:
        """Write as much of a label as fits after the run with most room; return that run."""
        lefts = [max(run[-1][1].right, self._scale.left) + _INSET - 1 for run in runs]
        rooms = [self._room_after(left) for left in lefts]
        widest = rooms.index(max(rooms))
        text = self._shortened(runs[widest][-1][0], rooms[widest], _LEAST_BESIDE)
        return runs[widest] if text and self._write_beside(lefts[widest], text) else []

    def _shortened(self, bar: Bar, room: float, least: float) -> str:
        """Return a name cut off, with its grade; empty if the name had less than `least` pixels."""
        tail = "" if bar.grade is None else f" {bar.grade}"
        name_room = int(room - self._advance(tail))
        if name_room < least:
            return ""
        metrics = self._painter.fontMetrics()
        return metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, name_room) + tail

    def _room_after(self, left: float) -> float:
        """Return the pixels from one on that no bar and no text takes."""
        if any(start <= left <= end for start, end in self._taken):
            return 0.0
        following = [start for start, _end in self._taken if start > left]
        return min([*following, self._scale.right]) - left - _APART - 1

    def _advance(self, text: str) -> float:
        return QFontMetricsF(self._painter.font()).horizontalAdvance(text)

    def _write(self, left: float, width: float, text: str, colour: str) -> None:
        draw_text(self._painter, QRectF(left, self._top, width, ROW_HEIGHT), text, colour)


def _runs(group: Sequence[Drawn]) -> list[list[Drawn]]:
    """Return bars that follow one another: each begins at most a day after the one before."""
    runs = [[group[0]]]
    for before, drawn in pairwise(group):
        if _follows(drawn[0], before[0]):
            runs[-1].append(drawn)
        else:
            runs.append([drawn])
    return runs


def _follows(bar: Bar, before: Bar) -> bool:
    if before.ended is None or bar.began is None:
        return False
    return 0 <= (bar.began.earliest - before.ended.latest).days <= 1


def _grades(run: Sequence[Drawn]) -> str:
    return " → ".join(str(bar.grade) for bar, _shape in run)


def _run_label(run: Sequence[Drawn]) -> str:
    """Return the label of bars that are too short for theirs: `Anemia 2 → 3`."""
    first = run[0][0]
    return f"{first.name} {_grades(run)}" if first.grade else first.label


def _has_room(bar: Bar, shape: BarShape, scale: TimeScale, metrics: QFontMetricsF) -> bool:
    """Return whether a bar's label fits into it."""
    return metrics.horizontalAdvance(bar.label) + 2 * _INSET <= _visible(shape, scale)[1]


def _visible(shape: BarShape, scale: TimeScale) -> tuple[float, float]:
    """Return the left edge and the width of the visible part of a bar; 0 if it is out of sight."""
    left = max(shape.left, scale.left)
    return left, max(min(shape.right, scale.right) - left, 0.0)


def _draw_shape(painter: QPainter, scale: TimeScale, bar: Bar, shape: BarShape, top: float) -> None:
    colours = theme.current()
    fill = QColor(colours.grade(bar.grade)[0] if bar.grade else colours.neutral)
    path = shape.path(top, HEIGHT)
    if shape.left < scale.left or shape.right > scale.right:
        # On the screen clipping would be enough, but an SVG has none.
        sight = QPainterPath()
        sight.addRect(QRectF(scale.left, top, scale.width, HEIGHT))
        path = path.intersected(sight)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shape.brush(fill.name()))
    painter.drawPath(path)
    if shape.is_sharp:
        # The palest fills would be lost on the card without an outline.
        edge = QColor(colours.grade(bar.grade)[1] if bar.grade else colours.ink_soft)
        edge.setAlphaF(0.28)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)


def _ink_in(bar: Bar) -> str:
    colours = theme.current()
    return colours.grade(bar.grade)[1] if bar.grade else colours.ink
