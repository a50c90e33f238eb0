"""The plot of a course aligned by cycle: small multiples on days since infusion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtWidgets import QWidget

from gui.plots.course.cursor import Visits
from gui.plots.course.nadir_list import nadirs_width
from gui.plots.course.overlay_legend import OverlayLegend
from gui.plots.course.overlay_panel import OverlayPanel
from gui.plots.course.panel_frame import limits_width
from gui.plots.course.panels_plot import MIN_DAYS, NAME_WIDTH, DayRange, PanelsPlot
from gui.plots.tall_view import PlotStack
from gui.plots.ticks import day_text
from gui.plots.time_axis import TimeAxis
from gui.plots.time_scale import DaysSinceScale, TimeScale
from model.course.course import Course
from model.course.overlay import DAYS_AFTER, DAYS_BEFORE, Overlay, align_by_cycle
from model.language import _

_LEGEND_GAP = 6.0  # pixels below the legend
_MIN_DAYS_AFTER = 42.0  # days after the infusion that are shown at first
_EXTRA_DAYS = 8.0  # after the last result, for the number of its cycle


class OverlayPlot(PanelsPlot[OverlayPanel]):
    """Draws the cycles of a course over one another, on days since their infusion.

    Its panels are kept and filled again for another patient.
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
            scale=DaysSinceScale(-DAYS_BEFORE, DAYS_AFTER, NAME_WIDTH, 1),
            head=legend,
            to_day=round,
        )
        self.legend = legend
        self._overlays: tuple[Overlay, ...] = ()
        plot = QWidget(self)
        self._add_layout(plot)
        self._stack = PlotStack(plot, self, _("No cycle yet: nothing to align."))
        self.empty_label = self._stack.sentence
        self._recolour()

    # Content

    def set_log(self, is_log: bool) -> None:
        """Use logarithmic scales for values that fit them, or only linear ones."""
        if is_log == self._is_log:
            return
        self._is_log = is_log
        if self._course is not None:
            analytes = [panel.analyte for panel in self.panels]
            self.show_course(self._course, analytes, self._bands)

    def _day_text(self, day: int) -> str:
        return _("Day {day}").format(day=day_text(day))

    def _hover(self, position: QPointF) -> None:
        if not self._scale.left <= position.x() <= self._scale.right:
            self.clear_cursor()
            return
        self.cursor_line.snap_to(position.x())

    # Layout

    def minimumSizeHint(self) -> QSize:
        """Return a size for the names, a narrow plot, the nadirs, and two panels."""
        return QSize(int(NAME_WIDTH) + 300, 220)

    def _fill(self, course: Course, analytes: Sequence[str]) -> None:
        self._overlays = tuple(align_by_cycle(course, analyte) for analyte in analytes)
        self._stack.show_plot(bool(course.cycles))
        self._keep_panels(len(self._overlays), OverlayPanel)
        cycles = tuple(cycle.number for cycle in course.cycles)
        for panel, overlay in zip(self.panels, self._overlays, strict=True):
            bands = self._bands.get(overlay.trend.analyte, ())
            panel.show_overlay(overlay, cycles, bands, self.font(), log=self._is_log)
            panel.show_background(self._background.get(overlay.trend.analyte))
        days = (line.days for overlay in self._overlays for line in overlay.lines)
        self.cursor_line.show_panels(tuple(self.panels), Visits(days))
        self.legend.show_cycles(course.cycles, self.font())

    def _range_days(self, range_: DayRange) -> tuple[float, float]:
        """Return the same days for both ranges, up to the last result and a margin."""
        ends = [float(line.days[-1]) for overlay in self._overlays for line in overlay.lines]
        return -float(DAYS_BEFORE), min(max([_MIN_DAYS_AFTER, *ends]), DAYS_AFTER) + _EXTRA_DAYS

    def _limited(self, scale: TimeScale) -> TimeScale:
        """Return a scale whose days are within those that a line may have, at least two weeks."""
        length = min(
            max(scale.last - scale.first, MIN_DAYS), DAYS_BEFORE + DAYS_AFTER + _EXTRA_DAYS
        )
        start = (scale.first + scale.last - length) / 2
        start = min(max(start, -DAYS_BEFORE), DAYS_AFTER + _EXTRA_DAYS - length)
        return replace(scale, first=start, last=start + length)

    def _arrange(self) -> None:
        """Lay out all parts; panels share the height, and scroll if it is too little."""
        if self._course is None:
            return
        right = limits_width(self.font()) + nadirs_width(self.font())
        width = max(self.view.width() - NAME_WIDTH - right, 60.0)
        self._scale = replace(self._scale, width=width)
        self.legend.lay_out(NAME_WIDTH, width + right)
        top = self.legend.height + _LEGEND_GAP
        self._place_panels(top, width)
        bottom = self._bottom(self.legend.height)
        self._focus.setRect(QRectF(NAME_WIDTH - 3, top - 3.5, width + 7, bottom - top + 7))
        self._show_scale()

    def _show_scale(self) -> None:
        for panel in self.panels:
            panel.show_scale(self._scale)
        self.axis.show_scale(self._scale)
        top = self.legend.height
        self.cursor_line.follow(self._scale, top, self._bottom(top))
