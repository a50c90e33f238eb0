"""The base of the small multiples of a course and of its overlay."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from gui.plots.course.background_lines import BackgroundItem, BackgroundLines
from gui.plots.course.panel_frame import PanelFrame, VerticalLine
from gui.plots.course.panel_item import PanelItem
from gui.plots.course.value_tag import ValueTag
from gui.plots.pictures import SCREEN_ONLY
from gui.plots.time_scale import TimeScale
from gui.plots.value_scale import ValueScale, value_scale
from model.course.grades import GradeBand
from model.course.trends import Trend

MARKS_Z = 20.0
"""The z value of the marks at the cursor, which are above all else but the tag."""


class Panel(ABC):
    """Items of a scene that draw one analyte, and are filled again for another patient."""

    def __init__(self, scene: QGraphicsScene, *items: PanelItem) -> None:
        """Make a panel without data; `items` draw the data over the frame."""
        self.frame = PanelFrame()
        self.background = BackgroundItem()
        self._tag = ValueTag()
        self._scene = scene
        self._items: list[QGraphicsItem] = []
        self.rect = QRectF()
        self.scale = TimeScale(0, 1)
        self.heights = ValueScale(0.0, 1.0)
        self._placed_items = (self.frame, self.background, *items)
        for item, z in zip(self._placed_items, (-200, -100, *range(len(items))), strict=True):
            self._add(item, z)
        self._add_mark(self._tag, MARKS_Z + 1)

    @property
    @abstractmethod
    def analyte(self) -> str:
        """The key of the analyte that is drawn; empty before there is one."""

    @abstractmethod
    def mark(self, day: int | None, /) -> str:
        """Mark the results at a day and return a text on them; mark nothing for None."""

    def show_trend(
        self,
        trend: Trend,
        lines: Sequence[VerticalLine],
        bands: Sequence[GradeBand],
        font: QFont,
        *,
        log: bool = False,
    ) -> None:
        """Show the frame of a trend with the bands of grades, and lines at marked days.

        With `log` the scale is logarithmic, if the values fit one.
        """
        self.heights = value_scale(trend, bands, log=log)
        self.frame.show_trend(trend, lines, bands, font, log=log)

    def show_background(self, lines: BackgroundLines | None) -> None:
        """Draw lines behind the data for comparison, or none for None."""
        self.background.show_lines(lines)
        self.frame.show_background_caption(lines.caption if lines else "")

    def place(self, rect: QRectF) -> None:
        """Set the rectangle of the scene in which the next `show_scale` draws the data.

        Names are drawn left of it.
        """
        self.rect = rect
        self.heights = replace(self.heights, top=rect.top(), height=rect.height())

    def show_scale(self, scale: TimeScale) -> None:
        """Show other days."""
        self.scale = scale
        for item in self._placed_items:
            item.place(self.rect, scale, self.heights)

    def tag_text(self) -> str:
        """Return the text of the tag next to the results at the cursor."""
        return self._tag.text if self._tag.isVisible() else ""

    def recolour(self) -> None:
        """Take the colours of the theme."""
        for item in self._items:
            item.update()

    def remove(self) -> None:
        """Remove the panel from its scene for good."""
        for item in self._items:
            self._scene.removeItem(item)

    def _add(self, item: QGraphicsItem, z: float) -> None:
        item.setZValue(z)
        self._scene.addItem(item)
        self._items.append(item)

    def _add_mark(self, item: QGraphicsItem, z: float) -> None:
        """Add an item of the cursor, which pictures leave out."""
        self._add(item, z)
        item.setData(SCREEN_ONLY, True)
        item.hide()
