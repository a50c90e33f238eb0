"""The lanes above the panels: therapies, cycles, imaging and toxicities on the shared axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QGraphicsItem

from gui.plots.bar_shape import bar_shape
from gui.plots.breaks import BREAK_WIDTH
from gui.plots.course import lane_bars, lane_marks
from gui.plots.course.outside_count import (
    OutsideCount,
    draw_outside_count,
    earlier_text,
    later_text,
)
from gui.plots.texts import ROW_HEIGHT, TipArea, bold_label_font, draw_text, label_font
from gui.plots.time_scale import TimeScale
from gui.style import theme
from model.course.course import Course
from model.course.marks import covered_days
from model.dates import date_text
from model.language import _

TITLE_GAP = 12.0
"""Pixels between the titles and the plot."""

_LATER_GAP = 8.0  # pixels between the plot and the counts of later records
_LANE_GAP = 4.0
_MAX_TIP_LINES = 12


@dataclass(frozen=True, slots=True)
class _Lane:
    """The layout of a lane, and the texts in it."""

    title: str
    empty_text: str
    top: float
    row_count: int
    bar_rows: tuple[int, ...]
    """The row of each bar, from 0."""
    undated: tuple[str, ...]
    """The names of records without a date."""


class _Record(NamedTuple):
    """A record of a lane: its first and last pixel, its first and last day, and its tool tip."""

    left: float
    right: float
    first: date
    last: date
    tip: str


class Lanes(QGraphicsItem):
    """All four lanes as one item, painted in pixels of the scene.

    Rows are laid out for the days shown at first, so that nothing jumps while the user zooms. A
    label that has no room at another zoom is elided or left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self._course: Course | None = None
        self._scale = TimeScale(0, 1, 0, 1)
        self._font = QFont()
        self._lanes: tuple[_Lane, ...] = ()
        self._tip_areas: list[TipArea] = []
        self._outside_counts: list[OutsideCount] = []

    def show_course(
        self, course: Course, first_scale: TimeScale, whole_scale: TimeScale | None, font: QFont
    ) -> None:
        """Lay out the lanes of a patient for `first_scale`, the scale that is shown at first.

        Therapies that ended before it get rows only with `whole_scale`, for which their lane is
        then laid out; otherwise these rows would mostly be empty.
        """
        self.prepareGeometryChange()
        self._course, self._font = course, font
        therapies = lane_bars.lay_out_bars(course.therapies, whole_scale or first_scale, font)
        toxicities = lane_bars.lay_out_bars(course.toxicities, first_scale, font)
        top = 0.0
        lanes: list[_Lane] = []
        for title, empty_text, bar_rows, undated in (
            (_("Therapy"), _("No therapies recorded"), therapies, course.undated_therapies),
            (_("Cycles"), "" if course.cycles else _("No cycles yet"), (), ()),
            (_("Imaging"), "" if course.images else _("No imaging yet"), (), ()),
            (_("Toxicity"), _("No toxicities recorded"), toxicities, course.undated_toxicities),
        ):
            if bar_rows or undated:
                empty_text = ""
            row_count = max(max(bar_rows, default=-1) + 1 + bool(undated), 1)
            lanes.append(_Lane(title, empty_text, top, row_count, bar_rows, undated))
            top += row_count * ROW_HEIGHT + _LANE_GAP
        self._lanes = tuple(lanes)
        self.update()

    def show_scale(self, scale: TimeScale) -> None:
        """Draw the lanes on another scale."""
        self.prepareGeometryChange()
        self._scale = scale
        self.update()

    @property
    def height(self) -> float:
        """The height of all lanes in pixels."""
        return self._lanes[-1].top + self._lanes[-1].row_count * ROW_HEIGHT if self._lanes else 0.0

    def tip_at(self, position: QPointF) -> str:
        """Return the tool tip of the mark at a position; empty if there is none."""
        tips = [area.tip for area in self._tip_areas if area.rect.contains(position)]
        return tips[-1] if tips else ""

    @property
    def outside_counts(self) -> Sequence[OutsideCount]:
        """The counts of records before and after the days in sight."""
        return self._outside_counts

    def boundingRect(self) -> QRectF:
        """Return the lanes with their titles, and room for the counts of later records."""
        return QRectF(0, 0, self._scale.right + 120, self.height + 1)

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw titles and marks, and note the tool tip of each mark."""
        course = self._course
        if course is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._tip_areas = []
        self._draw_titles(painter)
        self._draw_outside_counts(painter, course)
        scale, font = self._scale, self._font
        painter.setClipRect(QRectF(scale.left, 0, scale.width, self.height))
        for lane in self._lanes:
            self._draw_lane_text(painter, lane)
        therapies, cycles, images, toxicities = self._lanes
        self._tip_areas += lane_bars.draw_bars(
            painter, scale, course.therapies, therapies.bar_rows, therapies.top, font
        )
        self._tip_areas += lane_marks.draw_cycles(painter, scale, course, cycles.top, font)
        self._tip_areas += lane_marks.draw_images(painter, scale, course, images.top, font)
        self._tip_areas += lane_bars.draw_bars(
            painter, scale, course.toxicities, toxicities.bar_rows, toxicities.top, font
        )
        for x in scale.break_xs():
            strip = QRectF(x - BREAK_WIDTH / 2, 0, BREAK_WIDTH, self.height)
            painter.fillRect(strip, QColor(theme.current().card))

    def _draw_titles(self, painter: QPainter) -> None:
        painter.setFont(theme.sized(self._font, 12))
        for lane in self._lanes:
            rect = QRectF(0, lane.top, self._scale.left - TITLE_GAP, ROW_HEIGHT)
            draw_text(painter, rect, lane.title, theme.current().ink_soft)

    def _draw_outside_counts(self, painter: QPainter, course: Course) -> None:
        """Draw left and right of each lane how many of its records are out of sight."""
        self._outside_counts = []
        painter.setFont(bold_label_font(self._font))
        for lane, records in zip(self._lanes, self._records(course), strict=True):
            before = [record for record in records if record.right < self._scale.left]
            after = [record for record in records if record.left > self._scale.right]
            left, right = self._scale.left - TITLE_GAP, self._scale.right + _LATER_GAP
            if before:
                text = earlier_text(len(before))
                rect = draw_outside_count(painter, text, left, lane.top, ROW_HEIGHT, ends_at_x=True)
                self._outside_counts.append(_outside_count(before, rect))
            if after:
                rect = draw_outside_count(
                    painter, later_text(len(after)), right, lane.top, ROW_HEIGHT
                )
                self._outside_counts.append(_outside_count(after, rect))

    def _records(self, course: Course) -> Iterator[list[_Record]]:
        """Yield the records of each lane, with the pixels that they cover."""
        for bars, marks in (
            (course.therapies, ()),
            ((), course.cycles),
            ((), course.images),
            (course.toxicities, ()),
        ):
            shaped = [(bar, bar_shape(bar, self._scale)) for bar in bars]
            records = [
                _Record(shape.left, shape.right, *covered_days(bar), f"{bar.label}: {bar.when}")
                for bar, shape in shaped
            ]
            for mark in marks:
                x = self._scale.x(mark.on.toordinal())
                tip = f"{mark.label}: {date_text(mark.on)}"
                records.append(_Record(x, x, mark.on, mark.on, tip))
            yield records

    def _draw_lane_text(self, painter: QPainter, lane: _Lane) -> None:
        """Draw that the lane is empty, or which records have no date."""
        last_row = lane.top + (lane.row_count - 1) * ROW_HEIGHT
        rect = QRectF(self._scale.left, last_row, self._scale.width, ROW_HEIGHT)
        painter.setFont(label_font(self._font))
        undated = _("Without dates: {names}").format(names=", ".join(lane.undated))
        text = undated if lane.undated else lane.empty_text
        room = int(rect.width() - 8)
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        draw_text(painter, rect, elided, theme.current().ink_soft)
        if lane.undated:
            self._tip_areas.append(TipArea(rect, "\n".join((_("Without dates:"), *lane.undated))))


def _outside_count(records: Sequence[_Record], rect: QRectF) -> OutsideCount:
    """Return the count of these records, which is drawn in a rectangle."""
    first = min(record.first for record in records)
    last = max(record.last for record in records)

    def tip() -> str:
        tips = [record.tip for record in records[:_MAX_TIP_LINES]]
        if len(records) > _MAX_TIP_LINES:
            tips.append(_("and {n} more").format(n=len(records) - _MAX_TIP_LINES))
        return "\n".join(tips)

    return OutsideCount(rect, first.toordinal(), last.toordinal(), tip)
