"""The course as one picture: lanes over small multiples, with one axis and one cursor for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtWidgets import QToolTip, QWidget

from gui.plots.breaks import Breaks, find_breaks, recorded_days
from gui.plots.course.cursor import Visits
from gui.plots.course.lanes import Lanes
from gui.plots.course.outside import Outside
from gui.plots.course.panel_frame import limits_width, lines_of
from gui.plots.course.panels_plot import NAMES, SHORTEST, PanelsPlot, Range
from gui.plots.course.trend_panel import TrendPanel
from gui.plots.gestures import Gestures
from gui.plots.time_axis import TimeAxis
from gui.plots.time_scale import TimeScale
from model.course.course import Course
from model.course.grades import PointGrades
from model.course.span import Span
from model.dates import date_text
from model.language import _

_UNDER_LANES = 8.0
_AROUND = 14  # days before and after records that are brought into sight


class CoursePlot(PanelsPlot[TrendPanel]):
    """Draws a course; panels are kept and filled again for another patient.

    Days are counted as `date.toordinal` does.
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
            scale=TimeScale(0, 1, NAMES, 1),
            head=lanes,
            whole=int,
        )
        self.lanes = lanes
        self._is_broken = self._shows_earlier = False
        self._lay_out(self)
        self._recolour()

    # What is shown

    def set_axes(self, *, is_log: bool, is_broken: bool) -> None:
        """Draw values on a logarithmic scale, where they can be; compress long pauses."""
        if (is_log, is_broken) == (self._is_log, self._is_broken):
            return
        self._is_log, self._is_broken = is_log, is_broken
        if self._course is not None:
            analytes = [panel.analyte for panel in self.panels]
            self.show_course(self._course, analytes, self._bands)

    def _listen(self, gestures: Gestures) -> None:
        super()._listen(gestures)
        gestures.clicked.connect(self._click)

    def _words(self, day: int) -> str:
        on = date.fromordinal(day)
        since = str(self._course.since_cycle(on)) if self._course else ""
        return " · ".join(filter(None, (date_text(on), since)))

    def _hover(self, where: QPointF) -> None:
        if self._span() is None:
            return
        outside = self._outside_at(where)
        if tip := outside.tip() if outside else self.lanes.text_at(where):
            QToolTip.showText(self.view.mapToGlobal(where.toPoint()), tip, self.view)
        else:
            QToolTip.hideText()
        is_link = Qt.CursorShape.PointingHandCursor if outside else Qt.CursorShape.ArrowCursor
        self.view.viewport().setCursor(is_link)
        if self._scale.left <= where.x() <= self._scale.right:
            self.cursor_line.go_near(where.x())
        else:
            self.clear_cursor()

    def _click(self, where: QPointF) -> None:
        """Bring the records into sight whose number was clicked."""
        if outside := self._outside_at(where):
            first, last = self.shown_days()
            self.show_days(min(first, outside.first - _AROUND), max(last, outside.last + _AROUND))

    def _outside_at(self, where: QPointF) -> Outside | None:
        """Return the number of records out of sight at a place, if one is there."""
        numbers = [*self.lanes.outside, *(one for panel in self.panels for one in panel.outside)]
        return next((one for one in numbers if one.rect.contains(where)), None)

    # Places

    def event(self, event: QEvent) -> bool:
        """Draw again on a screen of another scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._recolour()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """Return room for the names, a narrow plot and two panels."""
        return QSize(int(NAMES) + 240, 220)

    def _span(self) -> Span | None:
        return self._course.span if self._course else None

    def _fill(self, course: Course, analytes: Sequence[str]) -> None:
        breaks = find_breaks(recorded_days(course)) if self._is_broken else Breaks()
        self._scale = replace(self._scale, breaks=breaks)
        self._keep_panels(len(analytes), TrendPanel)
        lines, grade_of = lines_of(course), PointGrades(course)
        for panel, analyte in zip(self.panels, analytes, strict=True):
            bands = self._bands.get(analyte, ())
            panel.show_trend(course.trend(analyte), lines, bands, self.font(), log=self._is_log)
            panel.grade_of = grade_of
            panel.show_behind(self._behind.get(analyte))
        days = (panel.trend.days for panel in self.panels if panel.trend)
        self.cursor_line.show_panels(tuple(self.panels), Visits(days))

    def _range_days(self, range_: Range) -> tuple[float, float]:
        span = self._span()
        if span is None:
            return 0.0, 1.0
        days = (span.first, span.last)
        if range_ is Range.ALL:
            days = (span.whole_first, span.whole_last)
        return float(days[0].toordinal()), float(days[1].toordinal())

    def _limited(self, scale: TimeScale) -> TimeScale:
        """Return a scale with its days kept within what is recorded and long enough to be read.

        Lengths are those of the axis as it is drawn, with its pauses compressed.
        """
        if self._span() is None:
            return scale
        breaks = scale.breaks
        earliest, latest = map(breaks.compress, self._range_days(Range.ALL))
        start, end = breaks.compress(scale.first), breaks.compress(scale.last)
        length = min(max(end - start, SHORTEST), latest - earliest)
        start = min(max((start + end - length) / 2, earliest), latest - length)
        return replace(scale, first=breaks.expand(start), last=breaks.expand(start + length))

    def _arrange(self) -> None:
        """Give every part its place; panels share the height, and scroll when it is too little."""
        if self._course is None:
            return
        width = max(self.view.width() - NAMES - limits_width(self.font()), 60.0)
        self._scale = replace(self._scale, width=width)
        scales = []
        for range_ in (Range.FIRST, Range.ALL):
            first, last = self._range_days(range_)
            scales.append(replace(self._scale, first=first, last=last))
        self._shows_earlier = self._begins_earlier()
        whole = scales[1] if self._shows_earlier else None
        self.lanes.show_course(self._course, scales[0], whole, self.font())
        self._place_panels(self.lanes.height + _UNDER_LANES, width)
        bottom = self._bottom(self.lanes.height)
        self._focus.setRect(QRectF(NAMES - 3, -0.5, width + 7, bottom + 4))
        self._draw_scale()

    def _show_scale(self) -> None:
        if self._begins_earlier() != self._shows_earlier:
            # Therapies before the first range take rows only while they are in sight.
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
        return self._scale.first < self._range_days(Range.FIRST)[0]
