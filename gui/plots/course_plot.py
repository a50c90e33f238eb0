"""The course as one picture: lanes over small multiples, with one axis and one cursor for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsLineItem,
    QGraphicsRectItem,
    QScrollArea,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.plots.gestures import Gestures
from gui.plots.lanes import Lanes
from gui.plots.panel_frame import VerticalLine, limits_width
from gui.plots.time_axis import TimeAxis
from gui.plots.time_scale import TimeScale
from gui.plots.trend_panel import TrendPanel
from gui.plots.visits import Visits
from model.course import Course
from model.dates import shown
from model.grade_bands import GradeBand

NAMES = 152.0
"""Pixels left of the plots, for the names of lanes and panels."""

LOWEST, HIGHEST = 86.0, 190.0
_GAP = 8.0
_UNDER_LANES = 8.0
_NEAR = 14.0  # pixels within which the cursor goes to a visit
_SHORTEST = 14.0  # days


class CoursePlot(QWidget):
    """Draws a course; panels are kept and filled anew when another patient is shown."""

    read_out_changed = Signal(str)
    """What the cursor stands on, in words; empty when there is no cursor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = pg.GraphicsView(background=theme.current().card)
        self.view.setCentralItem(None)
        self.view.setAntialiasing(True)
        self.view.setAccessibleName("Course: lanes and trends on one axis of time")
        self.axis = TimeAxis(self)
        self.lanes = Lanes()
        self.panels: list[TrendPanel] = []
        self._course: Course | None = None
        self._scale = TimeScale(0, 1, NAMES, 1)
        self._visits = Visits()
        self._cursor: int | None = None
        self._line = QGraphicsLineItem()
        self._focus = QGraphicsRectItem()
        self._line.setZValue(10)
        self._focus.setZValue(-300)
        self._line.hide()
        for item in (self.lanes, self._line, self._focus):
            self.view.addItem(item)
        self._scroll = QScrollArea(self)
        self._scroll.setWidget(self.view)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.axis)
        layout.addStretch()
        self.setFocusProxy(self.view)
        self._gestures = Gestures(self.view)
        self._gestures.sides = NAMES
        self._gestures.hovered.connect(self._hover)
        self._gestures.left.connect(self.clear_cursor)
        self._gestures.clicked.connect(self._click)
        self._gestures.zoomed.connect(self.zoom)
        self._gestures.panned.connect(self._pan)
        self._gestures.reset.connect(self.show_home)
        self._gestures.stepped.connect(self.step_cursor)
        self._gestures.scrolled.connect(self._scroll_by)
        self._gestures.focus_changed.connect(self._show_focus)
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

        The days shown stay as they are for the same patient, otherwise the first range is shown.
        """
        another = self._course is None or self._course.patient_id != course.patient_id
        had_span = self._course is not None and self._course.span is not None
        self.clear_cursor()
        self._course = course
        while len(self.panels) > len(analytes):
            self.panels.pop().remove()
        while len(self.panels) < len(analytes):
            self.panels.append(TrendPanel(self.view.scene(), self.devicePixelRatioF()))
        lines = [VerticalLine(cycle.on.toordinal()) for cycle in course.cycles]
        if course.died_on:
            lines.append(VerticalLine(course.died_on.toordinal(), is_cycle=False))
        for panel, analyte in zip(self.panels, analytes, strict=True):
            behind = (bands or {}).get(analyte, ())
            panel.show_trend(course.trend(analyte), tuple(lines), behind, self.font())
        trends = [panel.trend for panel in self.panels if panel.trend]
        self._visits = Visits(point.on.toordinal() for trend in trends for point in trend.points)
        if another or not had_span:
            first, last = self._home()
            self._scale = TimeScale(first, last, NAMES, self._scale.width)
        self._arrange()

    def shown_days(self) -> tuple[float, float]:
        """The first and the last day that are shown."""
        return self._scale.first, self._scale.last

    def show_home(self) -> None:
        """Show the days that are shown at first: from the baseline of the first cycle."""
        self.show_days(*self._home())

    def show_all(self) -> None:
        """Show all days of which something is recorded."""
        if self._course and self._course.span:
            span = self._course.span
            self.show_days(span.whole_first.toordinal(), span.whole_last.toordinal())

    def show_days(self, first: float, last: float) -> None:
        """Show the days from `first` to `last`, within what is recorded and not under two weeks."""
        if self._course is None or self._course.span is None:
            return
        span = self._course.span
        earliest, latest = span.whole_first.toordinal(), span.whole_last.toordinal()
        length = min(max(last - first, _SHORTEST), latest - earliest)
        middle = (first + last) / 2
        first = min(max(middle - length / 2, earliest), latest - length)
        was_whole = self._whole() is not None
        self._scale = TimeScale(first, first + length, NAMES, self._scale.width)
        if was_whole != (self._whole() is not None):
            self._arrange()
        else:
            self._show_scale()

    def zoom(self, factor: float, x: float = -1.0) -> None:
        """Show `factor` times as many days around a pixel, or around the cursor or the middle."""
        if x < 0:
            x = self._scale.left + self._scale.width / 2
            if self._cursor is not None:
                x = self._scale.x(self._cursor)
        day = self._scale.day(x)
        first = day - (day - self._scale.first) * factor
        self.show_days(first, first + (self._scale.last - self._scale.first) * factor)

    # The cursor

    def set_cursor(self, day: int | None) -> None:
        """Put the cursor on a day, as `date.toordinal` counts; take it away with None."""
        self._cursor = day
        x = self._scale.x(day) if day is not None else -1.0
        visible = day is not None and self._scale.left <= x <= self._scale.right
        self._line.setVisible(visible)
        if day is None or not visible or self._course is None:
            for panel in self.panels:
                panel.mark(None)
            self._say(x, "", [])
            return
        self._line.setLine(x, 0, x, self._bottom())
        values = [panel.mark(day, self._scale) for panel in self.panels]
        on = date.fromordinal(day)
        words = (shown(on), str(self._course.since_cycle(on)))
        self._say(x, " · ".join(filter(None, words)), values)

    def clear_cursor(self) -> None:
        """Take the cursor away."""
        if self._cursor is not None:
            self.set_cursor(None)

    def step_cursor(self, visits: int) -> None:
        """Move the cursor by so many visits, bringing it into sight; the first step shows it."""
        day = self._visits.next(self._cursor, visits, self._scale.first, self._scale.last)
        if day is None:
            return
        if not self._scale.first <= day <= self._scale.last:
            half = (self._scale.last - self._scale.first) / 2
            self.show_days(day - half, day + half)
        self.set_cursor(day)

    def _say(self, x: float, text: str, values: Sequence[str]) -> None:
        self.axis.show_cursor(x, text)
        spoken = "; ".join(filter(None, (text, *values)))
        if self.view.accessibleDescription() != spoken:
            self.view.setAccessibleDescription(spoken)
            self.read_out_changed.emit(spoken)

    def _hover(self, where: QPointF) -> None:
        if self._course is None or self._course.span is None:
            return
        said = self.lanes.text_at(where)
        if said:
            QToolTip.showText(self.view.mapToGlobal(where.toPoint()), said, self.view)
        else:
            QToolTip.hideText()
        if not self._scale.left <= where.x() <= self._scale.right:
            self.clear_cursor()
            return
        day = self._scale.day(where.x())
        near = self._visits.near(day, _NEAR * (self._scale.day(1) - self._scale.day(0)))
        near = int(day) if near is None else near
        if near != self._cursor:
            self.set_cursor(near)

    def _click(self, where: QPointF) -> None:
        if earlier := self.lanes.earlier_at(where):
            self.show_days(earlier.toordinal() - 30, self._scale.last)

    def _pan(self, pixels: float) -> None:
        days = pixels / self._scale.width * (self._scale.last - self._scale.first)
        self.show_days(self._scale.first - days, self._scale.last - days)

    def _scroll_by(self, pages: float) -> None:
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.value() + int(pages * bar.pageStep()))

    # Where it stands

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Draw with pens of another width on a screen of another scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._recolour()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """Enough for the names, a narrow plot and two panels."""
        return QSize(int(NAMES) + 260, 220)

    def _home(self) -> tuple[float, float]:
        span = self._course.span if self._course else None
        return (span.first.toordinal(), span.last.toordinal()) if span else (0.0, 1.0)

    def _whole(self) -> TimeScale | None:
        """All recorded days as a scale, when days before the first range are in sight."""
        span = self._course.span if self._course else None
        if span is None or self._scale.first >= span.first.toordinal():
            return None
        first, last = span.whole_first.toordinal(), span.whole_last.toordinal()
        return TimeScale(first, last, NAMES, self._scale.width)

    def _arrange(self) -> None:
        """Give every part its place; panels share the height, and scroll when it is too little."""
        if self._course is None:
            return
        width = max(self.view.width() - NAMES - limits_width(self.font()), 60.0)
        first, last = self._home()
        self._scale = TimeScale(self._scale.first, self._scale.last, NAMES, width)
        home = TimeScale(first, last, NAMES, width)
        self.lanes.show_course(self._course, home, self._whole(), self.font())
        top = self.lanes.height + _UNDER_LANES
        count = max(len(self.panels), 1)
        room = self.height() - self.axis.height() - top
        height = min(max(room / count - _GAP, LOWEST), HIGHEST)
        whole = int(top + count * (height + _GAP))
        if self.view.minimumHeight() != whole:
            self.view.setMinimumHeight(whole)
            self._scroll.setMaximumHeight(whole)
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
        known = self._course is not None and self._course.span is not None
        self.axis.show_scale(self._scale if known else None)
        if self._cursor is not None:
            self.set_cursor(self._cursor)

    def _show_focus(self) -> None:
        self._focus.setVisible(self.view.hasFocus())

    def _recolour(self) -> None:
        colours = theme.current()
        self.view.setBackground(colours.card)
        self._line.setPen(QPen(QColor(colours.ink_soft), 1))
        self._focus.setPen(QPen(QColor(colours.accent), 1.5))
        self._show_focus()
        for panel in self.panels:
            panel.recolour(self.devicePixelRatioF())
        self.lanes.update()
        self.axis.update()
