"""The lanes over the panels: therapies, cycles, imaging and toxicities on the shared axis."""

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
from gui.plots.course.outside import Outside, earlier_text, later_text, write_outside
from gui.plots.texts import ROW_HEIGHT, TipArea, bold_label_font, draw_text, label_font
from gui.plots.time_scale import TimeScale
from gui.style import theme
from model.course.course import Course
from model.course.marks import covered_days
from model.dates import date_text
from model.language import _

BESIDE = 12.0
"""Pixels between the titles and the plot."""

_AFTER = 8.0  # pixels between the plot and what is later
_BETWEEN = 4.0
_MOST_TIPS = 12


@dataclass(frozen=True, slots=True)
class _Lane:
    """One lane: title, top, number of rows, and the row of each of its bars."""

    title: str
    nothing: str
    top: float
    rows: int
    of_bars: tuple[int, ...]
    undated: tuple[str, ...]


class _Record(NamedTuple):
    """A record of a lane: its pixels, its first and last day, and what it is."""

    left: float
    right: float
    first: date
    last: date
    tip: str


class Lanes(QGraphicsItem):
    """All four lanes as one item that paints in pixels of the scene.

    Rows are laid out for the days shown at first, so that nothing jumps while zooming; a label
    that has no room at another zoom is shortened or left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self._course: Course | None = None
        self._scale = TimeScale(0, 1, 0, 1)
        self._font = QFont()
        self._lanes: tuple[_Lane, ...] = ()
        self._tip_areas: list[TipArea] = []
        self._outside: list[Outside] = []

    def show_course(
        self, course: Course, first: TimeScale, whole: TimeScale | None, font: QFont
    ) -> None:
        """Lay out a patient's lanes; `first` is the scale shown at first.

        Therapies that ended before it get rows only with `whole`, on whose scale the lane is then
        laid out: mostly they would leave rows empty.
        """
        self.prepareGeometryChange()
        self._course, self._font = course, font
        therapies = lane_bars.layout(course.therapies, whole or first, font)
        toxicities = lane_bars.layout(course.toxicities, first, font)
        top = 0.0
        lanes: list[_Lane] = []
        for title, nothing, of_bars, undated in (
            (_("Therapy"), _("No therapies recorded"), therapies, course.undated_therapies),
            (_("Cycles"), "" if course.cycles else _("No cycles yet"), (), ()),
            (_("Imaging"), "" if course.images else _("No imaging yet"), (), ()),
            (_("Toxicity"), _("No toxicities recorded"), toxicities, course.undated_toxicities),
        ):
            words = "" if of_bars or undated else nothing
            rows = max(max(of_bars, default=-1) + 1 + bool(undated), 1)
            lanes.append(_Lane(title, words, top, rows, of_bars, undated))
            top += rows * ROW_HEIGHT + _BETWEEN
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
        return self._lanes[-1].top + self._lanes[-1].rows * ROW_HEIGHT if self._lanes else 0.0

    def text_at(self, where: QPointF) -> str:
        """Return what the mark at a place is, for a tool tip; empty where there is none."""
        found = [area.tip for area in self._tip_areas if area.rect.contains(where)]
        return found[-1] if found else ""

    @property
    def outside(self) -> Sequence[Outside]:
        """The numbers of records before and after the days in sight, where they are written."""
        return self._outside

    def boundingRect(self) -> QRectF:
        """Return the lanes with their titles, and room for what is later."""
        return QRectF(0, 0, self._scale.right + 120, self.height + 1)

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw titles and marks, and keep the place of each mark."""
        course = self._course
        if course is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._tip_areas = []
        self._draw_titles(painter)
        self._write_outside(painter, course)
        scale, font = self._scale, self._font
        painter.setClipRect(QRectF(scale.left, 0, scale.width, self.height))
        for lane in self._lanes:
            self._draw_words(painter, lane)
        therapies, cycles, images, toxicities = self._lanes
        self._tip_areas += lane_bars.draw(
            painter, scale, course.therapies, therapies.of_bars, therapies.top, font
        )
        self._tip_areas += lane_marks.draw_cycles(painter, scale, course, cycles.top, font)
        self._tip_areas += lane_marks.draw_images(painter, scale, course, images.top, font)
        self._tip_areas += lane_bars.draw(
            painter, scale, course.toxicities, toxicities.of_bars, toxicities.top, font
        )
        for x in scale.break_xs():
            strip = QRectF(x - BREAK_WIDTH / 2, 0, BREAK_WIDTH, self.height)
            painter.fillRect(strip, QColor(theme.current().card))

    def _draw_titles(self, painter: QPainter) -> None:
        painter.setFont(theme.sized(self._font, 12))
        for lane in self._lanes:
            place = QRectF(0, lane.top, self._scale.left - BESIDE, ROW_HEIGHT)
            draw_text(painter, place, lane.title, theme.current().ink_soft)

    def _write_outside(self, painter: QPainter, course: Course) -> None:
        """Write left and right of each lane how many of its records are out of sight."""
        self._outside = []
        painter.setFont(bold_label_font(self._font))
        for lane, records in zip(self._lanes, self._records(course), strict=True):
            before = [one for one in records if one.right < self._scale.left]
            after = [one for one in records if one.left > self._scale.right]
            left, right = self._scale.left - BESIDE, self._scale.right + _AFTER
            if before:
                text = earlier_text(len(before))
                rect = write_outside(painter, text, left, lane.top, ROW_HEIGHT, ends_at=True)
                self._outside.append(_number_of(before, rect))
            if after:
                rect = write_outside(painter, later_text(len(after)), right, lane.top, ROW_HEIGHT)
                self._outside.append(_number_of(after, rect))

    def _records(self, course: Course) -> Iterator[list[_Record]]:
        """Yield the records of each lane, with the pixels that they cover."""
        for bars, marks in (
            (course.therapies, ()),
            ((), course.cycles),
            ((), course.images),
            (course.toxicities, ()),
        ):
            of_bars = [(bar, bar_shape(bar, self._scale)) for bar in bars]
            records = [
                _Record(shape.left, shape.right, *covered_days(bar), f"{bar.label}: {bar.when}")
                for bar, shape in of_bars
            ]
            for mark in marks:
                x = self._scale.x(mark.on.toordinal())
                tip = f"{mark.label}: {date_text(mark.on)}"
                records.append(_Record(x, x, mark.on, mark.on, tip))
            yield records

    def _draw_words(self, painter: QPainter, lane: _Lane) -> None:
        """Write that there is nothing, or what is recorded without a date."""
        last = lane.top + (lane.rows - 1) * ROW_HEIGHT
        place = QRectF(self._scale.left, last, self._scale.width, ROW_HEIGHT)
        painter.setFont(label_font(self._font))
        without = _("Without dates: {names}").format(names=", ".join(lane.undated))
        text = without if lane.undated else lane.nothing
        room = int(place.width() - 8)
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        draw_text(painter, place, short, theme.current().ink_soft)
        if lane.undated:
            self._tip_areas.append(TipArea(place, "\n".join((_("Without dates:"), *lane.undated))))


def _number_of(records: Sequence[_Record], rect: QRectF) -> Outside:
    """Return the number of some records where it is written."""
    first = min(record.first for record in records)
    last = max(record.last for record in records)

    def tip() -> str:
        tips = [record.tip for record in records[:_MOST_TIPS]]
        if len(records) > _MOST_TIPS:
            tips.append(_("and {n} more").format(n=len(records) - _MOST_TIPS))
        return "\n".join(tips)

    return Outside(rect, first.toordinal(), last.toordinal(), tip)
