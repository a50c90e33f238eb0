"""The strip of days since infusion under the overlay."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent

from gui.plots.time_axis import TimeAxis
from gui.style import theme


class SinceAxis(TimeAxis):
    """An axis that says left of its ticks what they count."""

    TITLE = "Days since infusion"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ticks, and the title where names of panels stand."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setFont(theme.sized(self.font(), 11))
        painter.setPen(QColor(theme.current().ink_soft))
        painter.drawText(QRectF(0, 6, 140, 16), Qt.AlignmentFlag.AlignVCenter, self.TITLE)
        painter.end()
