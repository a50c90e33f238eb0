"""The course as one picture: lanes over small multiples, with one axis and one cursor for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QColor, QPen, QResizeEvent
from PySide6.QtWidgets import QGraphicsRectItem, QToolTip, QVBoxLayout, QWidget

from gui import theme
from gui.plots import day_range
from gui.plots.behind import Behind
from gui.plots.breaks import breaks_of
from gui.plots.course_cursor import CourseCursor
from gui.plots.gestures import Gestures
from gui.plots.lanes import Lanes
from gui.plots.panel_frame import limits_width, lines_of
from gui.plots.pictures import SCREEN_ONLY
from gui.plots.read_out import ReadOut
from gui.plots.tall_view import TallView
from gui.plots.time_axis import TimeAxis
from gui.plots.time_scale import TimeScale
from gui.plots.trend_panel import GradeOf, TrendPanel, no_grade
from model.course import Course, Span
from model.grade_bands import GradeBand

NAMES = 152.0
"""Pixels left of the plots, for the names of lanes and panels."""

LOWEST, HIGHEST = 76.0, 190.0
_GAP = 8.0
_UNDER_LANES = 8.0


class CoursePlot(QWidget):
    """Draws a course; panels are kept and filled anew when another patient is shown."""

    read_out_changed = Signal(str)
    """What the cursor stands on, in words; empty when there is no cursor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = pg.GraphicsView(background=theme.current().card)
        self.view.setCentralItem(None)
        self.view.setAntialiasing(True)
        self.view.setAccessibleName(self.tr("Course: lanes and trends on one axis of time"))
        self.axis = TimeAxis(self)
        self.read_out = ReadOut(
            self.tr(
                "Wheel or + −: zoom · drag or Shift+← →: move · double click or Home: back"
                " · ← →: from visit to visit"
            )
        )
        self.lanes = Lanes()
        self.panels: list[TrendPanel] = []
        self._course: Course | None = None
        self._scale = TimeScale(0, 1, NAMES, 1)
        self._is_log = self._is_broken = False
        self._behind: Mapping[str, Behind] = {}
        self._bands: Mapping[str, Sequence[GradeBand]] = {}
        self._grade_of: GradeOf = no_grade
        self._focus = QGraphicsRectItem()
        self._focus.setZValue(-300)
        self._focus.setData(SCREEN_ONLY, True)
        self.view.addItem(self.lanes)
        self.view.addItem(self._focus)
        self.cursor_line = CourseCursor(self.view, self.axis)
        self.cursor_line.read.connect(self.read_out.show_text)
        self.cursor_line.read.connect(self.read_out_changed)
        self._scroll = TallView(self.view, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.axis)
        layout.addWidget(self.read_out)
        layout.addStretch()
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
        grade_of: GradeOf = no_grade,
    ) -> None:
        """Draw a course with a panel for each of these analytes, by key, over the bands of grades.

        The days shown stay as they are for the same patient, otherwise the first range is shown
        and nothing is left behind the curves. `grade_of` gives the grade that the cursor reads out.
        """
        another = self._course is None or self._course.patient_id != course.patient_id
        had_span = self._course is not None and self._course.span is not None
        if another:
            self._behind = {}
        self._course, self._bands, self._grade_of = course, bands or {}, grade_of
        self._fill(analytes)
        if another or not had_span:
            self._scale = day_range.home(self._scale, course.span)
        self._scale = replace(self._scale, breaks=breaks_of(course if self._is_broken else None))
        self._arrange()

    def show_behind(self, behind: Mapping[str, Behind]) -> None:
        """Draw lines behind the curves of these analytes, by key, and behind no others."""
        if not behind and not self._behind:
            return
        self._behind = dict(behind)
        for panel in self.panels:
            panel.show_behind(self._behind.get(panel.trend.analyte) if panel.trend else None)

    def set_axes(self, *, is_log: bool, is_broken: bool) -> None:
        """Draw values by powers of ten, where they can be; press long pauses together."""
        if (is_log, is_broken) == (self._is_log, self._is_broken):
            return
        self._is_log, self._is_broken = is_log, is_broken
        if self._course is not None:
            shown = [panel.trend.analyte for panel in self.panels if panel.trend]
            self.show_course(self._course, shown, self._bands, self._grade_of)

    def shown_days(self) -> tuple[float, float]:
        """The first and the last day that are shown."""
        return self._scale.first, self._scale.last

    def show_home(self) -> None:
        """Show the days that are shown at first: from the baseline of the first cycle."""
        home = day_range.home(self._scale, self._span())
        self.show_days(home.first, home.last)

    def show_all(self) -> None:
        """Show all days of which something is recorded."""
        if span := self._span():
            whole = day_range.whole(self._scale, span)
            self.show_days(whole.first, whole.last)

    def show_days(self, first: float, last: float) -> None:
        """Show the days from `first` to `last`, within what is recorded and not under two weeks."""
        if span := self._span():
            began_earlier = day_range.begins_earlier(self._scale, span)
            self._scale = day_range.limited(replace(self._scale, first=first, last=last), span)
            if began_earlier != day_range.begins_earlier(self._scale, span):
                self._arrange()
            else:
                self._show_scale()

    def zoom(self, factor: float, x: float = -1.0) -> None:
        """Show `factor` times as many days around a pixel, or around the cursor or the middle."""
        scale, day = self._scale, self.cursor_line.day
        if x < 0:
            x = (scale.left + scale.right) / 2 if day is None else scale.x(day)
        zoomed = scale.zoomed(max(factor, day_range.SHORTEST / scale.length), x)
        self.show_days(zoomed.first, zoomed.last)

    def set_cursor(self, day: int | None) -> None:
        """Put the cursor on a day, as `date.toordinal` counts; take it away with None."""
        self.cursor_line.put(day)

    def clear_cursor(self) -> None:
        """Take the cursor away."""
        if self.cursor_line.day is not None:
            self.cursor_line.put(None)

    def step_cursor(self, visits: int) -> None:
        """Move the cursor by so many visits, bringing it into sight; the first step shows it."""
        day = self.cursor_line.next(visits)
        if day is None:
            return
        if not self._scale.first <= day <= self._scale.last:
            half = (self._scale.last - self._scale.first) / 2
            self.show_days(day - half, day + half)
        self.set_cursor(day)

    def _listen(self, gestures: Gestures) -> None:
        gestures.sides = NAMES
        gestures.hovered.connect(self._hover)
        gestures.left.connect(self.clear_cursor)
        gestures.clicked.connect(self._click)
        gestures.zoomed.connect(self.zoom)
        gestures.panned.connect(self._pan)
        gestures.shifted.connect(self._shift)
        gestures.reset.connect(self.show_home)
        gestures.stepped.connect(self.step_cursor)
        gestures.scrolled.connect(self._scroll.scroll_by)
        gestures.focus_changed.connect(self._show_focus)

    def _hover(self, where: QPointF) -> None:
        if self._span() is None:
            return
        said = self.lanes.text_at(where)
        if said:
            QToolTip.showText(self.view.mapToGlobal(where.toPoint()), said, self.view)
        else:
            QToolTip.hideText()
        if self._scale.left <= where.x() <= self._scale.right:
            self.cursor_line.go_near(where.x())
        else:
            self.clear_cursor()

    def _click(self, where: QPointF) -> None:
        if earlier := self.lanes.earlier_at(where):
            self.show_days(earlier.toordinal() - 30, self._scale.last)

    def _pan(self, pixels: float) -> None:
        moved = self._scale.moved(pixels)
        self.show_days(moved.first, moved.last)

    def _shift(self, parts: float) -> None:
        self._pan(-parts * self._scale.width)

    # Where it stands

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Draw anew on a screen of another scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._recolour()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """Enough for the names, a narrow plot and two panels."""
        return QSize(int(NAMES) + 240, 220)

    def _span(self) -> Span | None:
        return self._course.span if self._course else None

    def _fill(self, analytes: Sequence[str]) -> None:
        """Give each analyte its panel."""
        assert self._course is not None
        course = self._course
        self.clear_cursor()
        while len(self.panels) > len(analytes):
            self.panels.pop().remove()
        while len(self.panels) < len(analytes):
            self.panels.append(TrendPanel(self.view.scene()))
        lines = lines_of(course)
        for panel, analyte in zip(self.panels, analytes, strict=True):
            bands = self._bands.get(analyte, ())
            trend = course.trend(analyte)
            panel.show_trend(trend, lines, bands, self.font(), log=self._is_log)
            panel.grade_of = self._grade_of
            panel.show_behind(self._behind.get(analyte))
        self.cursor_line.show_course(course, tuple(self.panels))

    def _arrange(self) -> None:
        """Give every part its place; panels share the height, and scroll when it is too little."""
        if self._course is None:
            return
        width = max(self.view.width() - NAMES - limits_width(self.font()), 60.0)
        self._scale = replace(self._scale, width=width)
        span = self._course.span
        earlier = span is not None and day_range.begins_earlier(self._scale, span)
        whole_scale = day_range.whole(self._scale, span) if span and earlier else None
        home = day_range.home(self._scale, span)
        self.lanes.show_course(self._course, home, whole_scale, self.font())
        top = self.lanes.height + _UNDER_LANES
        count = max(len(self.panels), 1)
        room = self.height() - self.axis.height() - self.read_out.sizeHint().height() - top
        height = min(max(room / count - _GAP, LOWEST), HIGHEST)
        self._scroll.need(int(top + count * (height + _GAP)))
        for number, panel in enumerate(self.panels):
            y = round(top + number * (height + _GAP)) + 0.5
            panel.place(QRectF(NAMES + 0.5, y, width, round(height)))
        self._focus.setRect(QRectF(NAMES - 3, -0.5, width + 7, self._bottom() + 4))
        self._show_scale()

    def _bottom(self) -> float:
        """The lower edge of the last panel."""
        return self.panels[-1].frame.boundingRect().bottom() if self.panels else self.lanes.height

    def _show_scale(self) -> None:
        self.lanes.show_scale(self._scale)
        for panel in self.panels:
            panel.show_scale(self._scale)
        self.axis.show_scale(self._scale if self._span() else None)
        self.cursor_line.follow(self._scale, self._bottom())

    def _show_focus(self) -> None:
        self._focus.setVisible(self.view.hasFocus())

    def _recolour(self) -> None:
        colours = theme.current()
        self.view.setBackground(colours.card)
        self._focus.setPen(QPen(QColor(colours.accent), 1.5))
        self._show_focus()
        self.cursor_line.recolour()
        for panel in self.panels:
            panel.recolour()
        self.lanes.update()
        self.axis.update()
