"""The base of the items that draw a panel in pixels of the scene."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsItem

from gui.plots.time_scale import TimeScale
from gui.plots.value_scale import ValueScale


class PanelItem(QGraphicsItem):
    """An item in a rectangle of the scene, with a scale of days and a scale of values."""

    overhang = 0.0
    """Pixels by which marks may exceed the rectangle to the left and right."""

    def __init__(self) -> None:
        super().__init__()
        self._rect = QRectF()
        self._scale = TimeScale(0, 1)
        self._heights = ValueScale(0, 1)

    def place(self, rect: QRectF, scale: TimeScale, heights: ValueScale) -> None:
        """Draw in another rectangle, or with other scales."""
        self.prepareGeometryChange()
        self._rect, self._scale, self._heights = rect, scale, heights
        self.lay_out()
        self.update()

    def lay_out(self) -> None:
        """Prepare the drawing for the rectangle and the scales."""

    def boundingRect(self) -> QRectF:
        """Return the rectangle with its overhang."""
        return self._rect.adjusted(-self.overhang, 0, self.overhang, 0)
