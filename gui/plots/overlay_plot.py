"""The cycles of a patient over one another: small multiples on days since infusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPen, QResizeEvent
from PySide6.QtWidgets import QGraphicsRectItem, QLabel, QStackedWidget, QVBoxLayout, QWidget

from gui import theme
from gui.plots.behind import Behind
from gui.plots.course_plot import HIGHEST, LOWEST, NAMES
from gui.plots.gestures import Gestures
from gui.plots.overlay_cursor import OverlayCursor
from gui.plots.overlay_legend import OverlayLegend
from gui.plots.overlay_panel import OverlayPanel, nadirs_width
from gui.plots.panel_frame import limits_width
from gui.plots.pictures import SCREEN_ONLY
from gui.plots.read_out import ReadOut
from gui.plots.since_axis import SinceAxis
from gui.plots.since_scale import SinceScale
from gui.plots.tall_view import TallView
from model.course import Course
from model.grade_bands import GradeBand
from model.overlay import AFTER, BEFORE, Overlay, overlays

_GAP = 8.0
_UNDER_LEGEND = 6.0
_SHORTEST = 14.0  # days
_LEAST = 42.0  # days after the infusion that are shown at first
_ROOM = 8.0  # days right of the last result, for the number of its cycle


class OverlayPlot(QWidget):
    """Draws a course aligned by cycle; panels are kept and filled anew for another patient."""

    read_out_changed = Signal(str)
    """What the cursor stands on, in words; empty when there is no cursor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = pg.GraphicsView(background=theme.current().card)
        self.view.setCentralItem(None)
        self.view.setAntialiasing(True)
        self.view.setAccessibleName(self.tr("Course aligned by cycle, on days since infusion"))
        self.axis = SinceAxis(self)
        self.read_out = ReadOut(
            self.tr(
                "Wheel or + −: zoom · drag or Shift+← →: move · double click or Home: back"
                " · ← →: from result to result"
            )
        )
        self.legend = OverlayLegend()
        self.panels: list[OverlayPanel] = []
        self._course: Course | None = None
        self._overlays: tuple[Overlay, ...] = ()
        self._bands: Mapping[str, Sequence[GradeBand]] = {}
        self._behind: Mapping[str, Behind] = {}
        self._is_log = False
        self._scale = SinceScale(-BEFORE, AFTER, NAMES, 1)
        self._focus = QGraphicsRectItem()
        self._focus.setZValue(-300)
        self._focus.setData(SCREEN_ONLY, True)
        self.view.addItem(self.legend)
        self.view.addItem(self._focus)
        self.cursor_line = OverlayCursor(self.view, self.axis)
        self.cursor_line.read.connect(self.read_out.show_text)
        self.cursor_line.read.connect(self.read_out_changed)
        self._scroll = TallView(self.view, self)
        drawn = QWidget(self)
        layout = QVBoxLayout(drawn)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.axis)
        layout.addWidget(self.read_out)
        layout.addStretch()
        self.nothing = QLabel(self.tr("No cycle yet: nothing to align."))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        theme.set_kind(self.nothing, "empty")
        self._stack = QStackedWidget(self)
        self._stack.addWidget(drawn)
        self._stack.addWidget(self.nothing)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        self.setFocusProxy(self.view)
        self._listen(Gestures(self.view))
        self.view.sigDeviceRangeChanged.connect(self._arrange)
        theme.changes().changed.connect(self._recolour)
        self._recolour()

    # What is shown

    def show_course(
        self,
        course: Course,
        analytes: Sequence[str],
        bands: Mapping[str, Sequence[GradeBand]] | None = None,
    ) -> None:
        """Draw a course with a panel for each of these analytes, by key, over the bands of grades.

        The days shown stay as they are for the same patient, otherwise the first range is shown
        and nothing is left behind the lines.
        """
        another = self._course is None or self._course.patient_id != course.patient_id
        self.clear_cursor()
        if another:
            self._behind = {}
        self._course, self._bands = course, bands or {}
        self._overlays = overlays(course, analytes)
        self._stack.setCurrentIndex(0 if course.cycles else 1)
        self._fill(course)
        self.cursor_line.show_overlays(self._overlays, tuple(self.panels))
        self.legend.show_cycles(course.cycles, self.font())
        if another:
            first, last = self._home()
            self._scale = replace(self._scale, first=first, last=last)
        self._arrange()

    def show_behind(self, behind: Mapping[str, Behind]) -> None:
        """Draw lines behind those of these analytes, by key, on days since infusion; no others."""
        self._behind = dict(behind)
        for panel in self.panels:
            analyte = panel.overlay.trend.analyte if panel.overlay else ""
            panel.show_behind(self._behind.get(analyte))

    def set_log(self, is_log: bool) -> None:
        """Draw values by powers of ten, wherever they can be, or evenly."""
        if is_log == self._is_log:
            return
        self._is_log = is_log
        if self._course is not None:
            self._fill(self._course)
            self._arrange()

    def shown_days(self) -> tuple[float, float]:
        """The first and the last day since infusion that are shown."""
        return self._scale.first, self._scale.last

    def show_home(self) -> None:
        """Show the days that are shown at first: from two weeks before to the last result."""
        self.show_days(*self._home())

    def show_all(self) -> None:
        """Show all days that a line may have, up to 84 after the infusion."""
        self.show_days(-BEFORE, AFTER + _ROOM)

    def show_days(self, first: float, last: float) -> None:
        """Show the days from `first` to `last`, within what may be drawn, at least two weeks."""
        length = min(max(last - first, _SHORTEST), BEFORE + AFTER + _ROOM)
        start = (first + last - length) / 2
        start = min(max(start, -BEFORE), AFTER + _ROOM - length)
        self._scale = replace(self._scale, first=start, last=start + length)
        self._show_scale()

    def zoom(self, factor: float, x: float = -1.0) -> None:
        """Show `factor` times as many days around a pixel, or around the cursor or the middle."""
        scale, day = self._scale, self.cursor_line.day
        if x < 0:
            x = (scale.left + scale.right) / 2 if day is None else scale.x(day)
        zoomed = scale.zoomed(max(factor, _SHORTEST / scale.length), x)
        self.show_days(zoomed.first, zoomed.last)

    # The cursor

    def set_cursor(self, day: int | None) -> None:
        """Put the cursor on a day since infusion; take it away with None."""
        self.cursor_line.put(day)

    def clear_cursor(self) -> None:
        """Take the cursor away."""
        if self.cursor_line.day is not None:
            self.cursor_line.put(None)

    def step_cursor(self, results: int) -> None:
        """Move the cursor by so many results, bringing it into sight; the first step shows it."""
        day = self.cursor_line.next(results)
        if day is None:
            return
        if not self._scale.first <= day <= self._scale.last:
            half = self._scale.length / 2
            self.show_days(day - half, day + half)
        self.set_cursor(day)

    # What hands do

    def _listen(self, gestures: Gestures) -> None:
        gestures.sides = NAMES
        gestures.hovered.connect(self._hover)
        gestures.left.connect(self.clear_cursor)
        gestures.zoomed.connect(self.zoom)
        gestures.panned.connect(self._pan)
        gestures.shifted.connect(self._shift)
        gestures.reset.connect(self.show_home)
        gestures.stepped.connect(self.step_cursor)
        gestures.scrolled.connect(self._scroll.scroll_by)
        gestures.focus_changed.connect(self._show_focus)

    def _hover(self, where: QPointF) -> None:
        if not self._scale.left <= where.x() <= self._scale.right:
            self.clear_cursor()
            return
        self.cursor_line.go_near(where.x())

    def _pan(self, pixels: float) -> None:
        moved = self._scale.moved(pixels)
        self.show_days(moved.first, moved.last)

    def _shift(self, parts: float) -> None:
        self._pan(-parts * self._scale.width)

    # Where it stands

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """Enough for the names, a narrow plot, the nadirs, and two panels."""
        return QSize(int(NAMES) + 300, 220)

    def _home(self) -> tuple[float, float]:
        ends = [float(line.days[-1]) for overlay in self._overlays for line in overlay.lines]
        return -float(BEFORE), min(max([_LEAST, *ends]), AFTER) + _ROOM

    def _fill(self, course: Course) -> None:
        while len(self.panels) > len(self._overlays):
            self.panels.pop().remove()
        while len(self.panels) < len(self._overlays):
            self.panels.append(OverlayPanel(self.view.scene()))
        cycles = tuple(cycle.number for cycle in course.cycles)
        for panel, overlay in zip(self.panels, self._overlays, strict=True):
            bands = self._bands.get(overlay.trend.analyte, ())
            panel.show_overlay(overlay, cycles, bands, self.font(), log=self._is_log)
            panel.show_behind(self._behind.get(overlay.trend.analyte))

    def _arrange(self) -> None:
        """Give every part its place; panels share the height, and scroll when it is too little."""
        if self._course is None:
            return
        beside = limits_width(self.font()) + nadirs_width(self.font())
        width = max(self.view.width() - NAMES - beside, 60.0)
        self._scale = replace(self._scale, width=width)
        self.legend.place(NAMES, width + beside)
        top = self.legend.height + _UNDER_LEGEND
        count = max(len(self.panels), 1)
        room = self.height() - self.axis.height() - self.read_out.sizeHint().height() - top
        height = min(max(room / count - _GAP, LOWEST), HIGHEST)
        whole = int(top + count * (height + _GAP))
        self._scroll.need(whole)
        for number, panel in enumerate(self.panels):
            y = round(top + number * (height + _GAP)) + 0.5
            panel.place(QRectF(NAMES + 0.5, y, width, round(height)))
        self._focus.setRect(QRectF(NAMES - 3, top - 3.5, width + 7, self._bottom() - top + 7))
        self._show_scale()

    def _bottom(self) -> float:
        """The lower edge of the last panel."""
        return self.panels[-1].frame.boundingRect().bottom() if self.panels else self.legend.height

    def _show_scale(self) -> None:
        for panel in self.panels:
            panel.show_scale(self._scale)
        self.axis.show_scale(self._scale)
        self.cursor_line.follow(self._scale, self.legend.height, self._bottom())

    def _show_focus(self) -> None:
        self._focus.setVisible(self.view.hasFocus())

    def _recolour(self) -> None:
        colours = theme.current()
        self.view.setBackground(colours.card)
        self.cursor_line.recolour()
        self._focus.setPen(QPen(QColor(colours.accent), 1.5))
        self._show_focus()
        for panel in self.panels:
            panel.recolour()
        self.legend.update()
        self.axis.update()
