"""The plot of a course: lanes above small multiples, which share an axis and a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtWidgets import QToolTip, QWidget

from gui.plots.breaks import Breaks, find_breaks, recorded_days
from gui.plots.course.cursor import Visits
from gui.plots.course.lanes import Lanes
from gui.plots.course.outside_count import OutsideCount
from gui.plots.course.panel_frame import limits_width, vertical_lines
from gui.plots.course.panels_plot import MIN_DAYS, NAME_WIDTH, DayRange, PanelsPlot
from gui.plots.course.trend_panel import TrendPanel
from gui.plots.gestures import Gestures
from gui.plots.time_axis import TimeAxis
from gui.plots.time_scale import TimeScale
from model.course.course import Course
from model.course.grades import PointGrades
from model.course.span import Span
from model.dates import date_text
from model.language import _

_LANES_GAP = 8.0  # pixels below the lanes
_MARGIN = 14  # days before and after records that a click brings into sight


class CoursePlot(PanelsPlot[TrendPanel]):
    """Draws a course, on days as `date.toordinal` counts them.

    Its panels are kept and filled again for another patient.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        lanes = Lanes()
        super().__init__(
            parent,
            name=_("Course: lanes and trends on one time axis"),
            hint=_(
                "Wheel or + −: zoom · drag or Shift+← →: move · double click or Home: all"
                " · ← →: from visit to visit"
            ),
            axis=TimeAxis(),
            scale=TimeScale(0, 1, NAME_WIDTH, 1),
            head=lanes,
            to_day=int,
        )
        self.lanes = lanes
        self._is_broken = self._shows_earlier = False
        self._add_layout(self)
        self._recolour()

    # Content

    def set_axes(self, *, is_log: bool, is_broken: bool) -> None:
        """Use logarithmic scales for values that fit them, and compress long pauses, or neither."""
        if (is_log, is_broken) == (self._is_log, self._is_broken):
            return
        self._is_log, self._is_broken = is_log, is_broken
        if self._course is not None:
            analytes = [panel.analyte for panel in self.panels]
            self.show_course(self._course, analytes, self._bands)

    def _listen(self, gestures: Gestures) -> None:
        super()._listen(gestures)
        gestures.clicked.connect(self._click)

    def _day_text(self, day: int) -> str:
        on = date.fromordinal(day)
        since = str(self._course.since_cycle(on)) if self._course else ""
        return " · ".join(filter(None, (date_text(on), since)))

    def _hover(self, position: QPointF) -> None:
        if self._span() is None:
            return
        count = self._outside_count_at(position)
        if tip := count.tip() if count else self.lanes.tip_at(position):
            QToolTip.showText(self.view.mapToGlobal(position.toPoint()), tip, self.view)
        else:
            QToolTip.hideText()
        shape = Qt.CursorShape.PointingHandCursor if count else Qt.CursorShape.ArrowCursor
        self.view.viewport().setCursor(shape)
        if self._scale.left <= position.x() <= self._scale.right:
            self.cursor_line.snap_to(position.x())
        else:
            self.clear_cursor()

    def _click(self, position: QPointF) -> None:
        """Bring the records into sight whose count was clicked."""
        if count := self._outside_count_at(position):
            first, last = self.shown_days()
            self.show_days(min(first, count.first - _MARGIN), max(last, count.last + _MARGIN))

    def _outside_count_at(self, position: QPointF) -> OutsideCount | None:
        """Return the count of records out of sight at a position, if there is one."""
        panel_counts = [count for panel in self.panels for count in panel.outside_counts]
        counts = [*self.lanes.outside_counts, *panel_counts]
        return next((count for count in counts if count.rect.contains(position)), None)

    # Layout

    def event(self, event: QEvent) -> bool:
        """Draw again on a screen with another scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._recolour()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """Return a size for the names, a narrow plot and two panels."""
        return QSize(int(NAME_WIDTH) + 240, 220)

    def _span(self) -> Span | None:
        return self._course.span if self._course else None

    def _fill(self, course: Course, analytes: Sequence[str]) -> None:
        breaks = find_breaks(recorded_days(course)) if self._is_broken else Breaks()
        self._scale = replace(self._scale, breaks=breaks)
        self._keep_panels(len(analytes), TrendPanel)
        lines, grade_of = vertical_lines(course), PointGrades(course)
        for panel, analyte in zip(self.panels, analytes, strict=True):
            bands = self._bands.get(analyte, ())
            panel.show_trend(course.trend(analyte), lines, bands, self.font(), log=self._is_log)
            panel.grade_of = grade_of
            panel.show_background(self._background.get(analyte))
        days = (panel.trend.days for panel in self.panels if panel.trend)
        self.cursor_line.show_panels(tuple(self.panels), Visits(days))

    def _range_days(self, range_: DayRange) -> tuple[float, float]:
        span = self._span()
        if span is None:
            return 0.0, 1.0
        days = (span.first, span.last)
        if range_ is DayRange.ALL:
            days = (span.whole_first, span.whole_last)
        return float(days[0].toordinal()), float(days[1].toordinal())

    def _limited(self, scale: TimeScale) -> TimeScale:
        """Return a scale whose days are within those of the records, and not too few.

        Lengths are compressed days, as the axis is drawn.
        """
        if self._span() is None:
            return scale
        breaks = scale.breaks
        earliest, latest = map(breaks.compress, self._range_days(DayRange.ALL))
        start, end = breaks.compress(scale.first), breaks.compress(scale.last)
        length = min(max(end - start, MIN_DAYS), latest - earliest)
        start = min(max((start + end - length) / 2, earliest), latest - length)
        return replace(scale, first=breaks.expand(start), last=breaks.expand(start + length))

    def _arrange(self) -> None:
        """Lay out all parts; panels share the height, and scroll if it is too little."""
        if self._course is None:
            return
        width = max(self.view.width() - NAME_WIDTH - limits_width(self.font()), 60.0)
        self._scale = replace(self._scale, width=width)
        scales = []
        for range_ in (DayRange.FIRST, DayRange.ALL):
            first, last = self._range_days(range_)
            scales.append(replace(self._scale, first=first, last=last))
        self._shows_earlier = self._begins_earlier()
        whole_scale = scales[1] if self._shows_earlier else None
        self.lanes.show_course(self._course, scales[0], whole_scale, self.font())
        self._place_panels(self.lanes.height + _LANES_GAP, width)
        bottom = self._bottom(self.lanes.height)
        self._focus.setRect(QRectF(NAME_WIDTH - 3, -0.5, width + 7, bottom + 4))
        self._draw_scale()

    def _show_scale(self) -> None:
        if self._begins_earlier() != self._shows_earlier:
            # Therapies before the first range have rows only while such days are in sight.
            self._arrange()
        else:
            self._draw_scale()

    def _draw_scale(self) -> None:
        self.lanes.show_scale(self._scale)
        for panel in self.panels:
            panel.show_scale(self._scale)
        self.axis.show_scale(self._scale if self._span() else None)
        self.cursor_line.follow(self._scale, 0.0, self._bottom(self.lanes.height))

    def _begins_earlier(self) -> bool:
        """Return whether days before the first range are in sight."""
        return self._scale.first < self._range_days(DayRange.FIRST)[0]
