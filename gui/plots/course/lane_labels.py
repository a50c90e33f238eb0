"""The labels of bars in one row of a lane: in the bars if they fit, or else beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.plots.bar_shape import BarShape
from gui.plots.rows import longest_fitting
from gui.plots.texts import ROW_HEIGHT, draw_text
from gui.plots.time_scale import TimeScale
from gui.style import theme
from model.course.marks import Bar
from model.language import _

INSET = 6.0
"""Pixels between the end of a bar and its label."""

_NARROW = 20.0  # pixels of a bar up to which its label is centred
_GAP = 3.0  # pixels between labels
_MIN_NAME_INSIDE, _MIN_NAME_BESIDE = 20.0, 40.0  # pixels for an elided name

ShapedBar = tuple[Bar, BarShape]

Run = list[ShapedBar]
"""Bars that follow one another, each at most a day after the one before."""


class RowLabels:
    """Draws the labels of one row so that none covers another, or a bar of the row."""

    def __init__(
        self, painter: QPainter, scale: TimeScale, top: float, shapes: Iterable[BarShape]
    ) -> None:
        self._painter = painter
        self._scale = scale
        self._top = top
        self._occupied = [(shape.left, shape.right) for shape in shapes]

    def draw(self, group: Sequence[ShapedBar]) -> None:
        """Draw the name of a group at least once, and the grade of each bar, if there is room.

        A label that does not fit into its bar is drawn beside a run: the name after the last run,
        or else after or before another one, together with the grades of the run.
        """
        is_named, graded = self._draw_inside(group)
        runs = split_runs(group)
        if not is_named:
            graded.update(id(bar) for bar, _shape in self._draw_name(runs, graded))
        for run in runs:
            if not all(id(bar) in graded for bar, _shape in run):
                self._draw_after(run, _grades_text(run))

    def _draw_inside(self, group: Sequence[ShapedBar]) -> tuple[bool, set[int]]:
        """Draw labels in their bars, or only grades if no more fits.

        Return whether a name was drawn, and the `id` of each bar whose grade was drawn.
        """
        is_named, graded = False, set()
        for index, (bar, _shape) in enumerate(group):
            left, right = self._uncovered_part(group, index)
            width = right - left
            texts = [bar.label]
            if bar.ongoing:
                texts.insert(0, _("{label}, ongoing").format(label=bar.label))
            if bar.grade and len(group) > 1:
                texts.append(str(bar.grade))
            room = width - 2 * INSET if width > _NARROW else width - 6
            text = longest_fitting([(text, self._width(text)) for text in texts], room)
            if not text:
                continue
            graded.add(id(bar))
            is_named = is_named or text != str(bar.grade)
            inset = INSET if width > _NARROW else (width - self._width(text)) / 2
            self._draw(left + inset, width, text, _text_colour(bar))
        return is_named, graded

    def _uncovered_part(self, group: Sequence[ShapedBar], index: int) -> tuple[float, float]:
        """Return the ends of the widest part of a bar that no other bar is drawn over."""
        bar, shape = group[index]
        left, width = visible_part(shape, self._scale)
        parts = [(left, left + width)]
        for other_index, (other, cover) in enumerate(group):
            if ((other.grade or 0), other_index) > ((bar.grade or 0), index):
                parts = [
                    part
                    for start, end in parts
                    for part in ((start, min(end, cover.left)), (max(start, cover.right), end))
                    if part[1] > part[0]
                ]
        return max(parts, key=lambda part: part[1] - part[0], default=(left, left))

    def _draw_name(self, runs: Sequence[Run], graded: set[int]) -> Run:
        """Draw the name with one of the runs, elided if necessary; return the bars of that run."""
        for run in reversed(runs):
            if self._draw_after(run, run_label(run)):
                return run
        for run in runs:
            if self._draw_before(run, is_only=len(runs) == 1):
                return run
        if len(runs) == len(runs[0]) == 1 and not graded and self._draw_elided_inside(*runs[0][0]):
            return runs[0]
        return self._draw_elided_beside(runs)

    def _draw_after(self, run: Run, text: str) -> bool:
        right = max(shape.right for _bar, shape in run)
        return self._draw_beside(max(right, self._scale.left) + INSET - 1, text)

    def _draw_before(self, run: Run, *, is_only: bool) -> bool:
        """Draw the name before a run, with its grades if the group has no other run."""
        text = run_label(run) if is_only else run[0][0].name
        return self._draw_beside(run[0][1].left - self._width(text) - INSET + 1, text)

    def _draw_beside(self, left: float, text: str) -> bool:
        """Draw a text unless it would touch a bar or another text; return whether it is drawn."""
        right = left + self._width(text)
        if left < self._scale.left or right > self._scale.right:
            return False
        if any(left < end + _GAP and start - _GAP < right for start, end in self._occupied):
            return False
        self._occupied.append((left, right))
        self._draw(left, right - left, text, theme.current().ink)
        return True

    def _draw_elided_inside(self, bar: Bar, shape: BarShape) -> bool:
        """Draw an elided name with its grade in a bar, if there is room; return whether it is."""
        left, width = visible_part(shape, self._scale)
        text = self._elide(bar, width - 2 * INSET, _MIN_NAME_INSIDE)
        self._draw(left + INSET, width, text, _text_colour(bar))
        return bool(text)

    def _draw_elided_beside(self, runs: Sequence[Run]) -> Run:
        """Draw an elided name after the run with most room; return its bars if it is drawn."""
        lefts = [max(run[-1][1].right, self._scale.left) + INSET - 1 for run in runs]
        rooms = [self._room_after(left) for left in lefts]
        widest = rooms.index(max(rooms))
        text = self._elide(runs[widest][-1][0], rooms[widest], _MIN_NAME_BESIDE)
        return runs[widest] if text and self._draw_beside(lefts[widest], text) else []

    def _elide(self, bar: Bar, room: float, min_name: float) -> str:
        """Return an elided name with its grade; empty if the name has less than `min_name`."""
        grade = "" if bar.grade is None else f" {bar.grade}"
        name_room = int(room - self._width(grade))
        if name_room < min_name:
            return ""
        metrics = self._painter.fontMetrics()
        return metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, name_room) + grade

    def _room_after(self, left: float) -> float:
        """Return how many pixels from `left` on are free of bars and texts."""
        if any(start <= left <= end for start, end in self._occupied):
            return 0.0
        following = [start for start, _end in self._occupied if start > left]
        return min([*following, self._scale.right]) - left - _GAP - 1

    def _width(self, text: str) -> float:
        return QFontMetricsF(self._painter.font()).horizontalAdvance(text)

    def _draw(self, left: float, width: float, text: str, colour: str) -> None:
        draw_text(self._painter, QRectF(left, self._top, width, ROW_HEIGHT), text, colour)


def split_runs(group: Sequence[ShapedBar]) -> list[Run]:
    """Divide the bars of a group, which are in order, into runs."""
    runs = [[group[0]]]
    for before, shaped in pairwise(group):
        if _follows(shaped[0], before[0]):
            runs[-1].append(shaped)
        else:
            runs.append([shaped])
    return runs


def _follows(bar: Bar, before: Bar) -> bool:
    if before.ended is None or bar.began is None:
        return False
    return 0 <= (bar.began.earliest - before.ended.latest).days <= 1


def run_label(run: Run) -> str:
    """Return the label of a run whose bars are too short for theirs: `Anemia 2 → 3`."""
    first = run[0][0]
    return f"{first.name} {_grades_text(run)}" if first.grade else first.label


def visible_part(shape: BarShape, scale: TimeScale) -> tuple[float, float]:
    """Return the left edge and the width of the part of a bar in sight; the width may be 0."""
    left = max(shape.left, scale.left)
    return left, max(min(shape.right, scale.right) - left, 0.0)


def _grades_text(run: Run) -> str:
    return " → ".join(str(bar.grade) for bar, _shape in run)


def _text_colour(bar: Bar) -> str:
    colours = theme.current()
    return colours.grade(bar.grade)[1] if bar.grade else colours.ink
