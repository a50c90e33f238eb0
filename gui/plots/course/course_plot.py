"""The course as one picture: lanes over small multiples, with one axis and one cursor for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtWidgets import QToolTip, QWidget

from gui.plots.breaks import Breaks, breaks_between, recorded_days
from gui.plots.course.cursor import Visits
from gui.plots.course.lanes import Lanes
from gui.plots.course.panel_frame import limits_width, lines_of
from gui.plots.course.panels_plot import NAMES, SHORTEST, PanelsPlot
from gui.plots.course.trend_panel import GradeOf, TrendPanel, no_grade
from gui.plots.gestures import Gestures
from gui.plots.time_axis import TimeAxis
from gui.plots.time_scale import TimeScale
from model.course.course import Course, Span
from model.course.grades import GradeBand
from model.dates import shown
from model.language import _

_UNDER_LANES = 8.0
_BEFORE = 30  # days before the first of the earlier therapies, when they are shown


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
                "Wheel or + −: zoom · drag or Shift+← →: move · double click or Home: reset"
                " · ← →: from visit to visit"
            ),
            axis=TimeAxis(),
            scale=TimeScale(0, 1, NAMES, 1),
            head=lanes,
            whole=int,
        )
        self.lanes = lanes
        self._is_broken = False
        self._grade_of: GradeOf = no_grade
        self._lay_out(self)
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

        The days in sight stay for the same patient; another is shown from the first range on, and
        with nothing behind the curves. `grade_of` gives the grade in the words at the cursor.
        """
        another = self._course is None or self._course.patient_id != course.patient_id
        had_span = self._course is not None and self._course.span is not None
        if another:
            self._behind = {}
        self._course, self._bands, self._grade_of = course, bands or {}, grade_of
        self._fill(course, analytes)
        if another or not had_span:
            self._scale = _home(self._scale, course.span)
        breaks = breaks_between(recorded_days(course)) if self._is_broken else Breaks()
        self._scale = replace(self._scale, breaks=breaks)
        self._arrange()

    def set_axes(self, *, is_log: bool, is_broken: bool) -> None:
        """Draw values on a logarithmic scale, where they can be; compress long pauses."""
        if (is_log, is_broken) == (self._is_log, self._is_broken):
            return
        self._is_log, self._is_broken = is_log, is_broken
        if self._course is not None:
            analytes = [panel.analyte for panel in self.panels]
            self.show_course(self._course, analytes, self._bands, self._grade_of)

    def show_home(self) -> None:
        """Show the days that are shown at first: from the baseline of the first cycle."""
        home = _home(self._scale, self._span())
        self.show_days(home.first, home.last)

    def show_all(self) -> None:
        """Show all days on which something is recorded."""
        if span := self._span():
            whole = _whole(self._scale, span)
            self.show_days(whole.first, whole.last)

    def show_days(self, first: float, last: float) -> None:
        """Show the days from `first` to `last`, within what is recorded and at least two weeks."""
        if span := self._span():
            began_earlier = _begins_earlier(self._scale, span)
            self._scale = _limited(replace(self._scale, first=first, last=last), span)
            if began_earlier != _begins_earlier(self._scale, span):
                self._arrange()
            else:
                self._show_scale()

    def _listen(self, gestures: Gestures) -> None:
        super()._listen(gestures)
        gestures.clicked.connect(self._click)

    def _words(self, day: int) -> str:
        on = date.fromordinal(day)
        since = str(self._course.since_cycle(on)) if self._course else ""
        return " · ".join(filter(None, (shown(on), since)))

    def _hover(self, where: QPointF) -> None:
        if self._span() is None:
            return
        if tip := self.lanes.text_at(where):
            QToolTip.showText(self.view.mapToGlobal(where.toPoint()), tip, self.view)
        else:
            QToolTip.hideText()
        if self._scale.left <= where.x() <= self._scale.right:
            self.cursor_line.go_near(where.x())
        else:
            self.clear_cursor()

    def _click(self, where: QPointF) -> None:
        if earlier := self.lanes.earlier_at(where):
            self.show_days(earlier.toordinal() - _BEFORE, self._scale.last)

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
        """Give each analyte its panel."""
        self.clear_cursor()
        self._keep_panels(len(analytes), TrendPanel)
        lines = lines_of(course)
        for panel, analyte in zip(self.panels, analytes, strict=True):
            bands = self._bands.get(analyte, ())
            panel.show_trend(course.trend(analyte), lines, bands, self.font(), log=self._is_log)
            panel.grade_of = self._grade_of
            panel.show_behind(self._behind.get(analyte))
        days = (panel.trend.days for panel in self.panels if panel.trend)
        self.cursor_line.show_panels(tuple(self.panels), Visits(days))

    def _arrange(self) -> None:
        """Give every part its place; panels share the height, and scroll when it is too little."""
        if self._course is None:
            return
        width = max(self.view.width() - NAMES - limits_width(self.font()), 60.0)
        self._scale = replace(self._scale, width=width)
        span = self._course.span
        earlier = span is not None and _begins_earlier(self._scale, span)
        whole = _whole(self._scale, span) if span and earlier else None
        self.lanes.show_course(self._course, _home(self._scale, span), whole, self.font())
        self._place_panels(self.lanes.height + _UNDER_LANES, width)
        bottom = self._bottom(self.lanes.height)
        self._focus.setRect(QRectF(NAMES - 3, -0.5, width + 7, bottom + 4))
        self._show_scale()

    def _show_scale(self) -> None:
        self.lanes.show_scale(self._scale)
        for panel in self.panels:
            panel.show_scale(self._scale)
        self.axis.show_scale(self._scale if self._span() else None)
        self.cursor_line.follow(self._scale, 0.0, self._bottom(self.lanes.height))


def _home(scale: TimeScale, span: Span | None) -> TimeScale:
    """Return the scale with the days shown at first: from the baseline of the first cycle."""
    if span is None:
        return replace(scale, first=0.0, last=1.0)
    return replace(scale, first=float(span.first.toordinal()), last=float(span.last.toordinal()))


def _whole(scale: TimeScale, span: Span) -> TimeScale:
    """Return the scale with all days on which something is recorded."""
    first, last = span.whole_first.toordinal(), span.whole_last.toordinal()
    return replace(scale, first=float(first), last=float(last))


def _limited(scale: TimeScale, span: Span) -> TimeScale:
    """Return the scale with its days kept within what is recorded and long enough to be read.

    Lengths are those of the axis as it is drawn, with its pauses compressed.
    """
    breaks, all_days = scale.breaks, _whole(scale, span)
    earliest, latest = breaks.pressed(all_days.first), breaks.pressed(all_days.last)
    start, end = breaks.pressed(scale.first), breaks.pressed(scale.last)
    length = min(max(end - start, SHORTEST), latest - earliest)
    start = min(max((start + end - length) / 2, earliest), latest - length)
    return replace(scale, first=breaks.day(start), last=breaks.day(start + length))


def _begins_earlier(scale: TimeScale, span: Span) -> bool:
    """Return whether days before the first range are in sight."""
    return scale.first < span.first.toordinal()
