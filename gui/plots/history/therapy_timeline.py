"""Therapies as bars by date, each below its text; cycles are above, undated ones below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from gui.plots.history.therapy_rows import CycleStrip, TherapyRows
from gui.plots.time_axis import TimeAxis
from gui.plots.time_scale import TimeScale
from gui.style import theme
from gui.widgets.layout import column
from model.course.therapy_lines import TherapyTimeline
from model.language import _

_SIDE = 14.0
_PADDING = 0.03
_SHORTEST = 120  # days that the axis shows at least
_LOWEST, _HIGHEST = 110, 380


class TherapyTimelinePlot(QWidget):
    """The therapies of a patient; more than there is room for scroll between cycles and axis.

    All of it is in the tables of therapies and cycles as well.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Therapies over time"))
        self.timeline = TherapyTimeline()
        self.strip = CycleStrip()
        self.rows = TherapyRows()
        self.axis = TimeAxis()
        self.area = QScrollArea()
        self.area.setWidget(self.rows)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.set_kind(self.rows, "plain")
        # Its rows take the height they need; the page decides how much is in sight.
        self.area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        column(self.strip, (self.area, 1), self.axis, spacing=0, of=self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(260)
        self.show_timeline(self.timeline)

    def show_timeline(self, timeline: TherapyTimeline) -> None:
        """Draw these therapies and cycles."""
        self.timeline = timeline
        lines = (*timeline.dated, *timeline.undated)
        self.setAccessibleDescription("; ".join(line.sentence for line in lines))
        self.strip.setVisible(bool(timeline.cycles))
        self.axis.setVisible(timeline.span is not None)
        self._scale()
        self.setMinimumHeight(max(self._needed(), _LOWEST))

    def painted_parts(self) -> Sequence[QWidget]:
        """Return the parts of its picture: all therapies, also those out of sight."""
        return [part for part in (self.strip, self.rows, self.axis) if not part.isHidden()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the same days on another width."""
        super().resizeEvent(event)
        self._scale()

    def _scale(self) -> None:
        scale = self._time_scale()
        self.strip.show_cycles(self.timeline.cycles, scale)
        self.rows.show_timeline(self.timeline, scale)
        self.axis.show_scale(scale)

    def _time_scale(self) -> TimeScale | None:
        if self.timeline.span is None:
            return None
        first, last = (float(day.toordinal()) for day in self.timeline.span)
        short = max(_SHORTEST - (last - first), 0.0) / 2
        padding = (last - first) * _PADDING + short
        # Room for the bar of the scroll area, so that nothing moves when it appears.
        bar = self.area.verticalScrollBar().sizeHint().width()
        width = max(self.width() - 2 * _SIDE - bar, 1.0)
        return TimeScale(first - padding, last + padding, _SIDE, width)

    def _needed(self) -> int:
        """Return the height without scrolling, up to a limit."""
        parts = (self.strip, self.axis)
        fixed = sum(part.height() for part in parts if not part.isHidden())
        return min(fixed + self.rows.minimumHeight(), _HIGHEST)
