"""Bars of a lane, therapies or toxicities: the row of each, and their drawing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from gui.plots.bar_shape import BarShape, bar_shape
from gui.plots.rows import Extent, fitting, pack
from gui.plots.texts import ROW, Place, bold, plain, write
from gui.plots.time_scale import TimeScale
from gui.style import theme
from model.course.marks import Bar
from model.language import _

HEIGHT = 16.0
_INSET = 6.0

Run = tuple[int, ...]
"""Bars by their place in the list: the grades of one toxicity, each ending as the next begins."""


def runs(bars: Sequence[Bar]) -> list[Run]:
    """Return the bars as runs, in order of their first bar; most have only one."""
    found: list[list[int]] = []
    for number, bar in enumerate(bars):
        before = next((run for run in found if _follows(bar, bars[run[-1]])), None)
        if before is None:
            found.append([number])
        else:
            before.append(number)
    return [tuple(run) for run in found]


def layout(bars: Sequence[Bar], scale: TimeScale, font: QFont) -> tuple[int, ...]:
    """Return the row of each bar, from 0, so that bars and labels do not overlap on this scale.

    Bars that end before the scale take no room: they are all in row 0.
    """
    metrics = QFontMetricsF(bold(font))
    shapes = [bar_shape(bar, scale) for bar in bars]
    found = [run for run in runs(bars) if shapes[run[-1]].right >= scale.left]
    extents = []
    for run in found:
        right = shapes[run[-1]].right
        needed = [metrics.horizontalAdvance(bars[number].label) + 2 * _INSET for number in run]
        inside = [_visible(shapes[number], scale)[1] for number in run]
        if all(room < width for room, width in zip(inside, needed, strict=True)):
            right += (
                metrics.horizontalAdvance(_whole_label([bars[number] for number in run])) + _INSET
            )
        extents.append(Extent(shapes[run[0]].left, right))
    rows = [0] * len(bars)
    for run, row in zip(found, pack(extents), strict=True):
        for number in run:
            rows[number] = row
    return tuple(rows)


def draw(
    painter: QPainter,
    scale: TimeScale,
    bars: Sequence[Bar],
    rows: Sequence[int],
    top: float,
    font: QFont,
) -> list[Place]:
    """Draw bars in their rows below `top` and return the place of each."""
    shapes = [bar_shape(bar, scale) for bar in bars]
    places = []
    for run in runs(bars):
        row = rows[run[0]]
        first, last = shapes[run[0]], shapes[run[-1]]
        if last.right < scale.left or first.left > scale.right:
            continue
        y = top + row * ROW
        for number in run:
            _draw_shape(painter, scale, bars[number], shapes[number], y + (ROW - HEIGHT) / 2)
            left, width = _visible(shapes[number], scale)
            places.append(Place(QRectF(left, y, max(width, 6), ROW), tip(bars[number])))
        others = [shapes[n] for n, at in enumerate(rows) if at == row and n not in run]
        behind = min((s.left for s in others if s.left >= last.right - 1), default=scale.right)
        before = max((s.right for s in others if s.right <= first.left + 1), default=scale.left)
        sides = (max(before, scale.left), min(behind, scale.right))
        _label(painter, scale, [(bars[number], shapes[number]) for number in run], y, sides, font)
    return places


def tip(bar: Bar) -> str:
    """Return label, dates and details of a bar, one per line."""
    return "\n".join(filter(None, (bar.label, bar.when, bar.detail)))


def _follows(bar: Bar, other: Bar) -> bool:
    """Return whether a bar is the same toxicity, beginning at most a day after the other ended."""
    if bar.grade is None or bar.name != other.name or other.ended is None or bar.began is None:
        return False
    return 0 <= (bar.began.earliest - other.ended.latest).days <= 1


def _whole_label(run: Sequence[Bar]) -> str:
    """Return the label of a run whose bars are all too short for theirs: `Anemia 2 → 3`."""
    return " → ".join((run[0].label, *(str(bar.grade) for bar in run[1:])))


def _visible(shape: BarShape, scale: TimeScale) -> tuple[float, float]:
    """Return the left edge and the width of the visible part of a bar."""
    left = max(shape.left, scale.left)
    return left, min(shape.right, scale.right) - left


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


def _label(
    painter: QPainter,
    scale: TimeScale,
    run: Sequence[tuple[Bar, BarShape]],
    y: float,
    sides: tuple[float, float],
    font: QFont,
) -> None:
    """Write labels into the bars, or else after the run, before it, or as much as fits in it."""
    painter.setFont(bold(font) if run[0][0].grade else plain(font))
    metrics = QFontMetricsF(painter.font())
    is_labelled = False
    for bar, shape in run:
        left, width = _visible(shape, scale)
        words = [bar.label]
        if bar.ongoing:
            words.insert(0, _("{label}, ongoing").format(label=bar.label))
        if bar.grade and len(run) > 1:
            words.append(str(bar.grade))
        room = width - 2 * _INSET if width > 20 else width - 6
        text = fitting([(word, metrics.horizontalAdvance(word)) for word in words], room)
        is_labelled = is_labelled or text not in ("", str(bar.grade))
        inset = _INSET if width > 20 else (width - metrics.horizontalAdvance(text)) / 2
        place = QRectF(left + inset, y, width, ROW)
        write(painter, place, text, _ink_in(bar))
    if is_labelled:
        return
    first, last = run[0][1], run[-1][1]
    label = _whole_label([bar for bar, _shape in run])
    width = metrics.horizontalAdvance(label)
    if last.right + width + _INSET <= sides[1]:
        left = last.right + _INSET - 1
    elif first.left - width - _INSET >= sides[0]:
        left = first.left - width - _INSET + 1
    else:
        if len(run) == 1:
            _write_part(painter, scale, run[0], y)
        return
    write(painter, QRectF(left, y, width, ROW), label, theme.current().ink)


def _write_part(painter: QPainter, scale: TimeScale, drawn: tuple[Bar, BarShape], y: float) -> None:
    """Write as much of a label into its bar as fits; the grade is never cut off."""
    bar, shape = drawn
    left, width = _visible(shape, scale)
    metrics = painter.fontMetrics()
    tail = "" if bar.grade is None else f" {bar.grade}"
    room = int(width - 2 * _INSET - metrics.horizontalAdvance(tail))
    if room < 20:
        return
    short = metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, room)
    write(painter, QRectF(left + _INSET, y, width, ROW), short + tail, _ink_in(bar))


def _ink_in(bar: Bar) -> str:
    colours = theme.current()
    return colours.grade(bar.grade)[1] if bar.grade else colours.ink
