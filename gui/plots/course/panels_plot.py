"""The base of the course and of its overlay: panels below one another, one axis, one cursor."""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import Enum, auto
from typing import Generic, TypeVar

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QWidget,
)

from gui.plots.course.background_lines import BackgroundLines
from gui.plots.course.cursor import Cursor
from gui.plots.course.panel import Panel
from gui.plots.gestures import Gestures
from gui.plots.pictures import SCREEN_ONLY
from gui.plots.tall_view import TallView, make_plot_view
from gui.plots.time_axis import TimeAxis
from gui.plots.time_scale import TimeScale
from gui.style import theme
from gui.widgets.layout import column
from gui.widgets.one_line import OneLine
from model.course.course import Course
from model.course.grades import GradeBand

NAME_WIDTH = 152.0
"""Pixels left of the plots, for the names of lanes and panels."""

MIN_PANEL_HEIGHT, MAX_PANEL_HEIGHT = 76.0, 190.0
"""Limits of the height of a panel in pixels."""

MIN_DAYS = 14.0
"""The least number of days in sight."""

_GAP = 8.0


class DayRange(Enum):
    """Which days are in sight: the first two ranges follow the records, a chosen one stays."""

    FIRST = auto()
    ALL = auto()
    CHOSEN = auto()


class ReadOut(OneLine):
    """The line below a plot that describes what is at the cursor, or else shows a hint."""

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = hint
        self.show_text("")

    def show_text(self, text: str) -> None:
        """Show a text, or the hint if the text is empty."""
        super().show_text(text or self._hint)


P = TypeVar("P", bound=Panel)


class _AbstractWidget(ABCMeta, type(QWidget)):  # type: ignore[misc]
    """The metaclass of a widget with abstract methods."""


class PanelsPlot(QWidget, Generic[P], metaclass=_AbstractWidget):
    """Panels above an axis and below a head, which each subclass provides."""

    read_out_changed = Signal(str)
    """A text on what is at the cursor; empty when there is no cursor."""

    def __init__(
        self,
        parent: QWidget | None,
        *,
        name: str,
        hint: str,
        axis: TimeAxis,
        scale: TimeScale,
        head: QGraphicsItem,
        to_day: Callable[[float], int],
    ) -> None:
        """Make a plot without panels; `to_day` turns a position on the axis into a whole day."""
        super().__init__(parent)
        self.view = make_plot_view(name)
        self.axis = axis
        self.read_out = ReadOut(hint)
        self.panels: list[P] = []
        self._course: Course | None = None
        self._bands: Mapping[str, Sequence[GradeBand]] = {}
        self._background: Mapping[str, BackgroundLines] = {}
        self._is_log = False
        self._range = DayRange.FIRST
        self._scale = scale
        self._head = head
        self._focus = QGraphicsRectItem()
        self._focus.setZValue(-300)
        self._focus.setData(SCREEN_ONLY, True)
        self.view.addItem(head)
        self.view.addItem(self._focus)
        self.cursor_line = Cursor(self.view, axis, self._day_text, to_day)
        self.cursor_line.text_changed.connect(self.read_out.show_text)
        self.cursor_line.text_changed.connect(self.read_out_changed)
        self._scroll = TallView(self.view, self)
        self.setFocusProxy(self.view)
        self._listen(Gestures(self.view))
        self.view.sigDeviceRangeChanged.connect(self._arrange)
        theme.changes().changed.connect(self._recolour)

    # Methods of each plot

    @abstractmethod
    def _fill(self, course: Course, analytes: Sequence[str]) -> None:
        """Fill the panels and the head with a course."""

    @abstractmethod
    def _range_days(self, range_: DayRange) -> tuple[float, float]:
        """Return the first and the last day of a range that follows the records."""

    @abstractmethod
    def _limited(self, scale: TimeScale) -> TimeScale:
        """Return a scale whose days are within those that may be shown."""

    @abstractmethod
    def _day_text(self, day: int) -> str:
        """Return the text of a day at the cursor."""

    @abstractmethod
    def _hover(self, position: QPointF) -> None:
        """Follow the pointer."""

    @abstractmethod
    def _arrange(self) -> None:
        """Lay out all parts."""

    @abstractmethod
    def _show_scale(self) -> None:
        """Draw all parts on the scale."""

    # Content

    def show_course(
        self,
        course: Course,
        analytes: Sequence[str],
        bands: Mapping[str, Sequence[GradeBand]] | None = None,
    ) -> None:
        """Draw a course with a panel for each of these analytes, by key, over the bands of grades.

        The days in sight follow the records of a patient until the user chooses others. Another
        patient is shown with the first range, and without background lines.
        """
        if self._course is None or self._course.patient_id != course.patient_id:
            self._background = {}
            self._range = DayRange.FIRST
        self._course, self._bands = course, bands or {}
        self.clear_cursor()
        self._fill(course, analytes)
        if self._range is not DayRange.CHOSEN:
            first, last = self._range_days(self._range)
            self._scale = replace(self._scale, first=first, last=last)
        self._scale = self._limited(self._scale)
        self._arrange()

    def show_first(self) -> None:
        """Show the days of the first range, which a new patient is shown with."""
        self._show_range(DayRange.FIRST)

    def show_all(self) -> None:
        """Show all days on which something is recorded."""
        self._show_range(DayRange.ALL)

    def show_days(self, first: float, last: float) -> None:
        """Show the days from `first` to `last`, within those that may be shown, and stay there."""
        self._range = DayRange.CHOSEN
        self._move_to(first, last)

    def _show_range(self, range_: DayRange) -> None:
        self._range = range_
        self._move_to(*self._range_days(range_))

    def _move_to(self, first: float, last: float) -> None:
        self._scale = self._limited(replace(self._scale, first=first, last=last))
        self._show_scale()

    def show_background(self, background: Mapping[str, BackgroundLines]) -> None:
        """Draw lines behind the data of these analytes, by key, and behind no others."""
        if not background and not self._background:
            return
        self._background = dict(background)
        for panel in self.panels:
            panel.show_background(self._background.get(panel.analyte))

    def shown_days(self) -> tuple[float, float]:
        """Return the first and the last day in sight, as the scale counts them."""
        return self._scale.first, self._scale.last

    def zoom(self, factor: float, x: float = -1.0) -> None:
        """Show `factor` times as many days around a pixel (−1: around the cursor or the middle)."""
        scale, day = self._scale, self.cursor_line.day
        if x < 0:
            x = (scale.left + scale.right) / 2 if day is None else scale.x(day)
        zoomed = scale.zoomed(max(factor, MIN_DAYS / scale.length), x)
        self.show_days(zoomed.first, zoomed.last)

    def set_cursor(self, day: int | None) -> None:
        """Move the cursor to a day, as the scale counts it, or remove it for None."""
        self.cursor_line.move_to(day)

    def clear_cursor(self) -> None:
        """Remove the cursor."""
        if self.cursor_line.day is not None:
            self.cursor_line.move_to(None)

    def step_cursor(self, direction: int) -> None:
        """Move the cursor to the next visit (−1: the one before), and bring it into sight."""
        day = self.cursor_line.day_after(direction)
        if day is None:
            return
        if not self._scale.first <= day <= self._scale.last:
            half = (self._scale.last - self._scale.first) / 2
            self.show_days(day - half, day + half)
        self.set_cursor(day)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out all parts again."""
        super().resizeEvent(event)
        self._arrange()

    # Layout and gestures

    def _add_layout(self, parent: QWidget) -> None:
        """Give a widget a layout with panels, axis and read-out below one another."""
        column((self._scroll, 1), self.axis, self.read_out, 0, spacing=0, of=parent)

    def _listen(self, gestures: Gestures) -> None:
        gestures.plot_left = NAME_WIDTH
        gestures.hovered.connect(self._hover)
        gestures.pointer_left.connect(self.clear_cursor)
        gestures.zoomed.connect(self.zoom)
        gestures.panned.connect(self._pan)
        gestures.shifted.connect(self._shift)
        gestures.reset.connect(self.show_all)
        gestures.visit_stepped.connect(self.step_cursor)
        gestures.scrolled.connect(self._scroll.scroll_by)
        gestures.focus_changed.connect(self._show_focus)

    def _keep_panels(self, count: int, make: Callable[[QGraphicsScene], P]) -> None:
        """Add or remove panels until there are so many; existing ones are kept."""
        while len(self.panels) > count:
            self.panels.pop().remove()
        while len(self.panels) < count:
            self.panels.append(make(self.view.scene()))

    def _place_panels(self, top: float, width: float) -> None:
        """Divide the height below `top` among the panels, which scroll if it is too little."""
        count = max(len(self.panels), 1)
        room = self.height() - self.axis.height() - self.read_out.sizeHint().height() - top
        height = min(max(room / count - _GAP, MIN_PANEL_HEIGHT), MAX_PANEL_HEIGHT)
        self._scroll.set_content_height(int(top + count * (height + _GAP)))
        for index, panel in enumerate(self.panels):
            y = round(top + index * (height + _GAP)) + 0.5
            panel.place(QRectF(NAME_WIDTH + 0.5, y, width, round(height)))

    def _bottom(self, head_bottom: float) -> float:
        """Return the lower edge of the last panel, or of the head if there is no panel."""
        return self.panels[-1].rect.bottom() + 1 if self.panels else head_bottom

    def _pan(self, pixels: float) -> None:
        moved = self._scale.moved(pixels)
        self.show_days(moved.first, moved.last)

    def _shift(self, parts: float) -> None:
        self._pan(-parts * self._scale.width)

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
        self._head.update()
        self.axis.update()
