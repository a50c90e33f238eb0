"""The lanes over the panels: therapies, cycles, imaging and toxicities on the shared axis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QGraphicsItem

from gui.plots.bar_shape import bar_shape
from gui.plots.breaks import BREAK
from gui.plots.course import lane_bars, lane_marks
from gui.plots.texts import ROW, Place, bold, plain, write
from gui.plots.time_scale import TimeScale
from gui.style import theme
from model.course.course import Course
from model.language import _

BESIDE = 12.0
"""Pixels between the titles and the plot."""

_BETWEEN = 4.0


@dataclass(frozen=True, slots=True)
class _Lane:
    """One lane: title, top, number of rows, and the row of each of its bars."""

    title: str
    nothing: str
    top: float
    rows: int
    of_bars: tuple[int, ...]
    undated: tuple[str, ...]


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
        self._places: list[Place] = []
        self._earlier: tuple[QRectF, date] | None = None

    def show_course(
        self, course: Course, home: TimeScale, whole: TimeScale | None, font: QFont
    ) -> None:
        """Lay out a patient's lanes; `home` is the scale shown at first.

        Therapies that ended before it get rows only with `whole`, on whose scale the lane is then
        laid out: mostly they would leave rows empty.
        """
        self.prepareGeometryChange()
        self._course, self._font = course, font
        given = lane_bars.layout(course.therapies, whole or home, font)
        events = lane_bars.layout(course.toxicities, home, font)
        top = 0.0
        lanes: list[_Lane] = []
        for title, nothing, of_bars, undated in (
            (_("Therapy"), _("No therapies recorded"), given, course.undated_therapies),
            (_("Cycles"), "" if course.cycles else _("No cycles yet"), (), ()),
            (_("Imaging"), "" if course.images else _("No imaging yet"), (), ()),
            (_("Toxicity"), _("No toxicities recorded"), events, course.undated_toxicities),
        ):
            words = "" if of_bars or undated else nothing
            rows = max(max(of_bars, default=-1) + 1 + bool(undated), 1)
            lanes.append(_Lane(title, words, top, rows, of_bars, undated))
            top += rows * ROW + _BETWEEN
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
        return self._lanes[-1].top + self._lanes[-1].rows * ROW if self._lanes else 0.0

    def text_at(self, where: QPointF) -> str:
        """Return what the mark at a place is, for a tool tip; empty where there is none."""
        found = [place.text for place in self._places if place.rect.contains(where)]
        return found[-1] if found else ""

    def earlier_at(self, where: QPointF) -> date | None:
        """Return the beginning of the therapies before the axis, if their count is there."""
        if self._earlier and self._earlier[0].contains(where):
            return self._earlier[1]
        return None

    def boundingRect(self) -> QRectF:
        """Return the lanes with their titles."""
        return QRectF(0, 0, self._scale.right + 1, self.height + 1)

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw titles and marks, and keep the place of each mark."""
        course = self._course
        if course is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._places = []
        self._draw_titles(painter)
        self._draw_earlier(painter, course)
        scale, font = self._scale, self._font
        painter.setClipRect(QRectF(scale.left, 0, scale.width, self.height))
        for lane in self._lanes:
            self._draw_words(painter, lane)
        given, cycles, images, events = self._lanes
        self._places += lane_bars.draw(
            painter, scale, course.therapies, given.of_bars, given.top, font
        )
        self._places += lane_marks.draw_cycles(painter, scale, course, cycles.top, font)
        self._places += lane_marks.draw_images(painter, scale, course, images.top, font)
        self._places += lane_bars.draw(
            painter, scale, course.toxicities, events.of_bars, events.top, font
        )
        for x in scale.broken_at():
            strip = QRectF(x - BREAK / 2, 0, BREAK, self.height)
            painter.fillRect(strip, QColor(theme.current().card))

    def _draw_titles(self, painter: QPainter) -> None:
        painter.setFont(theme.sized(self._font, 12))
        for lane in self._lanes:
            place = QRectF(0, lane.top, self._scale.left - BESIDE, ROW)
            write(painter, place, lane.title, theme.current().ink_soft)

    def _draw_earlier(self, painter: QPainter, course: Course) -> None:
        """Write the number of therapies that ended before the axis next to the title."""
        self._earlier = None
        before = [
            bar for bar in course.therapies if bar_shape(bar, self._scale).right < self._scale.left
        ]
        if not before:
            return
        text = _("‹ {n} earlier").format(n=len(before))
        painter.setFont(bold(self._font))
        width = painter.fontMetrics().horizontalAdvance(text)
        place = QRectF(self._scale.left - BESIDE - width, self._lanes[0].top, width, ROW)
        write(painter, place, text, theme.current().accent_text)
        first = min(day.earliest for bar in before for day in (bar.began, bar.ended) if day)
        place.adjust(-4, 0, 4, 0)
        self._earlier = (place, first)
        self._places.append(Place(place, "\n".join(f"{bar.label}: {bar.when}" for bar in before)))

    def _draw_words(self, painter: QPainter, lane: _Lane) -> None:
        """Write that there is nothing, or what is recorded without a date."""
        last = lane.top + (lane.rows - 1) * ROW
        place = QRectF(self._scale.left, last, self._scale.width, ROW)
        painter.setFont(plain(self._font))
        without = _("Without dates: {names}").format(names=", ".join(lane.undated))
        text = without if lane.undated else lane.nothing
        room = int(place.width() - 8)
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        write(painter, place, short, theme.current().ink_soft)
        if lane.undated:
            self._places.append(Place(place, "\n".join((_("Without dates:"), *lane.undated))))
