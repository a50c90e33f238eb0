"""The cycles of a patient over one another: small multiples on days since infusion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtWidgets import QWidget

from gui.plots.course.cursor import Visits
from gui.plots.course.overlay_legend import OverlayLegend
from gui.plots.course.overlay_panel import OverlayPanel, nadirs_width
from gui.plots.course.panel_frame import limits_width
from gui.plots.course.panels_plot import NAMES, SHORTEST, PanelsPlot, Range
from gui.plots.tall_view import PlotStack
from gui.plots.ticks import day_text
from gui.plots.time_axis import TimeAxis
from gui.plots.time_scale import DaysSinceScale, TimeScale
from model.course.course import Course
from model.course.overlay import DAYS_AFTER, DAYS_BEFORE, Overlay, align_by_cycle
from model.language import _

_UNDER_LEGEND = 6.0
_LEAST = 42.0  # days after the infusion that are shown at first
_ROOM = 8.0  # days right of the last result, for the number of its cycle


class OverlayPlot(PanelsPlot[OverlayPanel]):
    """Draws a course aligned by cycle; panels are kept and filled again for another patient.

    Days are counted from the infusion.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        legend = OverlayLegend()
        super().__init__(
            parent,
            name=_("Course aligned by cycle, on days since infusion"),
            hint=_(
                "Wheel or + −: zoom · drag or Shift+← →: move · double click or Home: all"
                " · ← →: from result to result"
            ),
            axis=TimeAxis(_("Days since infusion")),
            scale=DaysSinceScale(-DAYS_BEFORE, DAYS_AFTER, NAMES, 1),
            head=legend,
            whole=round,
        )
        self.legend = legend
        self._overlays: tuple[Overlay, ...] = ()
        drawn = QWidget(self)
        self._lay_out(drawn)
        self._stack = PlotStack(drawn, self, _("No cycle yet: nothing to align."))
        self.empty_label = self._stack.sentence
        self._recolour()

    # What is shown

    def set_log(self, is_log: bool) -> None:
        """Draw values on a logarithmic scale, wherever they can be, or on a linear one."""
        if is_log == self._is_log:
            return
        self._is_log = is_log
        if self._course is not None:
            analytes = [panel.analyte for panel in self.panels]
            self.show_course(self._course, analytes, self._bands)

    def _words(self, day: int) -> str:
        return _("Day {day}").format(day=day_text(day))

    def _hover(self, where: QPointF) -> None:
        if not self._scale.left <= where.x() <= self._scale.right:
            self.clear_cursor()
            return
        self.cursor_line.go_near(where.x())

    # Places

    def minimumSizeHint(self) -> QSize:
        """Return room for the names, a narrow plot, the nadirs, and two panels."""
        return QSize(int(NAMES) + 300, 220)

    def _fill(self, course: Course, analytes: Sequence[str]) -> None:
        self._overlays = tuple(align_by_cycle(course, each) for each in analytes)
        self._stack.show_plot(bool(course.cycles))
        self._keep_panels(len(self._overlays), OverlayPanel)
        cycles = tuple(cycle.number for cycle in course.cycles)
        for panel, one in zip(self.panels, self._overlays, strict=True):
            bands = self._bands.get(one.trend.analyte, ())
            panel.show_overlay(one, cycles, bands, self.font(), log=self._is_log)
            panel.show_behind(self._behind.get(one.trend.analyte))
        days = (line.days for each in self._overlays for line in each.lines)
        self.cursor_line.show_panels(tuple(self.panels), Visits(days))
        self.legend.show_cycles(course.cycles, self.font())

    def _range_days(self, range_: Range) -> tuple[float, float]:
        """Return the days from two weeks before the infusion to the last result, in both ranges."""
        ends = [float(line.days[-1]) for each in self._overlays for line in each.lines]
        return -float(DAYS_BEFORE), min(max([_LEAST, *ends]), DAYS_AFTER) + _ROOM

    def _limited(self, scale: TimeScale) -> TimeScale:
        """Return a scale with its days within those that a line may have, at least two weeks."""
        length = min(max(scale.last - scale.first, SHORTEST), DAYS_BEFORE + DAYS_AFTER + _ROOM)
        start = (scale.first + scale.last - length) / 2
        start = min(max(start, -DAYS_BEFORE), DAYS_AFTER + _ROOM - length)
        return replace(scale, first=start, last=start + length)

    def _arrange(self) -> None:
        """Give every part its place; panels share the height, and scroll when it is too little."""
        if self._course is None:
            return
        right = limits_width(self.font()) + nadirs_width(self.font())
        width = max(self.view.width() - NAMES - right, 60.0)
        self._scale = replace(self._scale, width=width)
        self.legend.place(NAMES, width + right)
        top = self.legend.height + _UNDER_LEGEND
        self._place_panels(top, width)
        bottom = self._bottom(self.legend.height)
        self._focus.setRect(QRectF(NAMES - 3, top - 3.5, width + 7, bottom - top + 7))
        self._show_scale()

    def _show_scale(self) -> None:
        for panel in self.panels:
            panel.show_scale(self._scale)
        self.axis.show_scale(self._scale)
        top = self.legend.height
        self.cursor_line.follow(self._scale, top, self._bottom(top))
