"""What the small multiples of a course and of its overlay share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from gui.plots.course.behind import Behind, LinesBehind
from gui.plots.course.panel_frame import PanelFrame, VerticalLine
from gui.plots.course.panel_item import PanelItem
from gui.plots.course.value_tag import ValueTag
from gui.plots.pictures import SCREEN_ONLY
from gui.plots.time_scale import TimeScale
from gui.plots.value_scale import ValueScale, value_scale
from model.course.grades import GradeBand
from model.course.trends import Trend

MARKS = 20.0
"""The height at which marks of the cursor lie over all else; the tag is above them."""


class Panel(ABC):
    """Items of a scene that draw one analyte; made once and filled again for the next patient."""

    def __init__(self, scene: QGraphicsScene, *items: PanelItem) -> None:
        """A panel without data and place; `items` draw its data over the frame."""
        self.frame = PanelFrame()
        self.behind = LinesBehind()
        self._tag = ValueTag()
        self._scene = scene
        self._items: list[QGraphicsItem] = []
        self.rect = QRectF()
        self.scale = TimeScale(0, 1)
        self.heights = ValueScale(0.0, 1.0)
        self._drawn = (self.frame, self.behind, *items)
        for item, height in zip(self._drawn, (-200, -100, *range(len(items))), strict=True):
            self._add(item, height)
        self._add_mark(self._tag, MARKS + 1)

    @property
    @abstractmethod
    def analyte(self) -> str:
        """The key of what is drawn; empty before anything is."""

    @abstractmethod
    def mark(self, day: int | None, /) -> str:
        """Mark the results at a day and return them in words; mark nothing for None."""

    def show_trend(
        self,
        trend: Trend,
        lines: Sequence[VerticalLine],
        bands: Sequence[GradeBand],
        font: QFont,
        *,
        log: bool = False,
    ) -> None:
        """Frame a trend over the bands of grades, with lines at marked days.

        With `log` its values are on a logarithmic scale, where they can be.
        """
        self.heights = value_scale(trend, bands, log=log)
        self.frame.show_trend(trend, lines, bands, font, log=log)

    def show_behind(self, behind: Behind | None) -> None:
        """Draw lines behind the data, to compare it with; none for None."""
        self.behind.show_lines(behind)
        self.frame.show_words(behind.words if behind else "")

    def place(self, rect: QRectF) -> None:
        """Put the plot into a rectangle of the scene, its names left of it.

        The next `show_scale` draws the data there.
        """
        self.rect = rect
        self.heights = replace(self.heights, top=rect.top(), height=rect.height())

    def show_scale(self, scale: TimeScale) -> None:
        """Show other days."""
        self.scale = scale
        for item in self._drawn:
            item.place(self.rect, scale, self.heights)

    def tag_text(self) -> str:
        """Return what is written next to the results at the cursor."""
        return self._tag.text if self._tag.isVisible() else ""

    def recolour(self) -> None:
        """Take the colours of the theme."""
        for item in self._items:
            item.update()

    def remove(self) -> None:
        """Take the panel out of its scene for good."""
        for item in self._items:
            self._scene.removeItem(item)

    def _add(self, item: QGraphicsItem, height: float) -> None:
        item.setZValue(height)
        self._scene.addItem(item)
        self._items.append(item)

    def _add_mark(self, item: QGraphicsItem, height: float) -> None:
        """Add an item of the cursor, which pictures leave out."""
        self._add(item, height)
        item.setData(SCREEN_ONLY, True)
        item.hide()
