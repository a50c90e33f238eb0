"""The timeline of therapies: the cycles above, a bar for each therapy, and an axis of dates."""

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

_MARGIN = 14.0  # pixels left and right of the axis
_PADDING = 0.03  # of the days, before and after them
_MIN_DAYS = 120
_MIN_HEIGHT, _MAX_HEIGHT = 110, 380


class TherapyTimelinePlot(QWidget):
    """The therapies of a patient, which scroll between cycles and axis if they need more room.

    The tables of therapies and cycles have all of it as text.
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
        # The rows take the height that they need; the page decides how much of it is in sight.
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
        self._apply_scale()
        self.setMinimumHeight(max(self._needed_height(), _MIN_HEIGHT))

    def painted_parts(self) -> Sequence[QWidget]:
        """Return the widgets of a picture, which has all therapies, also those out of sight."""
        return [part for part in (self.strip, self.rows, self.axis) if not part.isHidden()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the same days on another width."""
        super().resizeEvent(event)
        self._apply_scale()

    def _apply_scale(self) -> None:
        scale = self._time_scale()
        self.strip.show_cycles(self.timeline.cycles, scale)
        self.rows.show_timeline(self.timeline, scale)
        self.axis.show_scale(scale)

    def _time_scale(self) -> TimeScale | None:
        if self.timeline.span is None:
            return None
        first, last = (float(day.toordinal()) for day in self.timeline.span)
        missing = max(_MIN_DAYS - (last - first), 0.0) / 2
        padding = (last - first) * _PADDING + missing
        # The scroll bar always has room, so that nothing moves when it appears.
        bar_width = self.area.verticalScrollBar().sizeHint().width()
        width = max(self.width() - 2 * _MARGIN - bar_width, 1.0)
        return TimeScale(first - padding, last + padding, _MARGIN, width)

    def _needed_height(self) -> int:
        """Return the height without scrolling, up to a limit."""
        parts = (self.strip, self.axis)
        fixed = sum(part.height() for part in parts if not part.isHidden())
        return min(fixed + self.rows.minimumHeight(), _MAX_HEIGHT)
