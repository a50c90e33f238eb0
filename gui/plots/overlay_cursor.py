"""The one cursor through all panels of the overlay, on days since infusion."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsLineItem

from gui import theme
from gui.plots.overlay_panel import OverlayPanel
from gui.plots.pictures import SCREEN_ONLY
from gui.plots.since_axis import SinceAxis
from gui.plots.since_scale import SinceScale, day_text
from gui.plots.visits import Visits
from model.overlay import Overlay

_NEAR = 14.0  # pixels within which it goes to a result


class OverlayCursor(QObject):
    """A line at a day, with the day on the axis and what each cycle has near it in each panel."""

    read = Signal(str)
    """What it stands on, in words; empty when there is no cursor."""

    def __init__(self, view: pg.GraphicsView, axis: SinceAxis) -> None:
        super().__init__(view)
        self._view = view
        self._axis = axis
        self._panels: Sequence[OverlayPanel] = ()
        self._visits = Visits()
        self._scale = SinceScale(0, 1, 0, 1)
        self._top = self._bottom = 0.0
        self.day: int | None = None
        self._line = QGraphicsLineItem()
        self._line.setZValue(10)
        self._line.setData(SCREEN_ONLY, True)
        self._line.hide()
        view.addItem(self._line)
        self.recolour()

    def show_overlays(self, overlays: Sequence[Overlay], panels: Sequence[OverlayPanel]) -> None:
        """Go over to other overlays in these panels."""
        self._panels = panels
        self._visits = Visits(line.days for overlay in overlays for line in overlay.lines)

    def follow(self, scale: SinceScale, top: float, bottom: float) -> None:
        """Stay on the day while other days are shown, or the panels reach elsewhere."""
        self._scale, self._top, self._bottom = scale, top, bottom
        if self.day is not None:
            self.put(self.day)

    def put(self, day: int | None) -> None:
        """Put the cursor on a day since infusion; take it away with None."""
        self.day = day
        x = self._scale.x(day) if day is not None else -1.0
        visible = day is not None and self._scale.left <= x <= self._scale.right
        self._line.setVisible(visible)
        if day is None or not visible:
            for panel in self._panels:
                panel.mark(None)
            self._say(x, "", [])
            return
        self._line.setLine(x, self._top, x, self._bottom)
        values = [panel.mark(day) for panel in self._panels]
        self._say(x, self.tr("Day %s") % day_text(day), values)

    def go_near(self, x: float) -> None:
        """Go to the result near a pixel, or else to its own day."""
        day = self._scale.day(x)
        near = self._visits.near(day, self._scale.day(x + _NEAR) - day)
        near = round(day) if near is None else near
        if near != self.day:
            self.put(near)

    def next(self, results: int) -> int | None:
        """The day so many results further on; None when there is none."""
        return self._visits.next(self.day, results, self._scale.first, self._scale.last)

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self._line.setPen(QPen(QColor(theme.current().ink_soft), 1))

    def _say(self, x: float, text: str, values: Sequence[str]) -> None:
        self._axis.show_cursor(x, text)
        said = "; ".join(filter(None, (text, *values)))
        if self._view.accessibleDescription() != said:
            self._view.setAccessibleDescription(said)
            self.read.emit(said)
