"""The base of all cohort figures: an item that draws itself and knows its marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication, QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.plots.texts import LINE_HEIGHT, LegendEntry, draw_legend, draw_text, legend_positions, wrap
from gui.style import theme
from model.cohort.lines import Reason

MARGIN = 4.0
"""Pixels left and right of a figure."""

_BOTTOM_MARGIN = 4.0  # pixels below legend and notes
_MAX_NOTE_LINES = 3
_ACROSS_COST = 4.0  # a pixel across the direction of an arrow key counts as so many along it


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a figure that pointer or keys can choose, with its patients and its tool tip."""

    rect: QRectF
    patients: tuple[int, ...]
    tip: str
    why: Reason | None = field(default=None, compare=False, kw_only=True)
    """Returns the reason why a patient counts here, by id."""


class Drawing(QGraphicsItem):
    """A figure as one item in pixels of its view.

    A subclass lays the figure out in `arrange` and paints it in `draw`. While it is painted in a
    window, `exposed` is the part to paint; in a picture it is None.
    """

    axis_height = 0.0
    """Pixels of the strip below the figure that `draw_axis` paints."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.rect = QRectF()
        self.exposed: QRectF | None = None
        self._marks: Sequence[Mark] | None = ()
        self.font = theme.figures(theme.sized(QApplication.font(), 11))
        self.bold = theme.sized(self.font, 11, QFont.Weight.DemiBold)
        self.metrics = QFontMetricsF(self.font)

    def lay_out(self, size: QSizeF) -> None:
        """Lay the figure out in the whole view, whose size is in pixels."""
        self.prepareGeometryChange()
        self.rect = QRectF(0, 0, size.width(), size.height())
        self._marks = None
        self.arrange()
        self.update()

    def needed_height(self, room: QSizeF) -> float:
        """Return the height in pixels that the figure needs in a view of this size."""
        return room.height()

    def legend(self) -> Sequence[LegendEntry]:
        """Return the entries of the legend in the strip below the figure."""
        return ()

    def notes(self) -> Sequence[str]:
        """Return sentences on what is left out and why, or on how the figure was counted."""
        return ()

    def strip_height(self, width: float) -> float:
        """Return the height of the strip below the figure, which does not scroll."""
        lines = len(self._note_lines(width)) + self._legend_lines(width)
        return self.axis_height + lines * LINE_HEIGHT + (_BOTTOM_MARGIN if lines else 0.0)

    def arrange(self) -> None:
        """Lay everything out within `rect`."""

    @property
    def marks(self) -> Sequence[Mark]:
        """The marks, which are made on first use."""
        if self._marks is None:
            self._marks = list(self.make_marks())
        return self._marks

    def make_marks(self) -> Iterable[Mark]:
        """Return the marks in reading order."""
        return ()

    def draw(self, painter: QPainter) -> None:
        """Paint the figure."""

    def draw_axis(self, painter: QPainter, width: float) -> None:
        """Paint the top `axis_height` pixels of the strip below the figure."""

    def draw_strip(self, painter: QPainter, width: float) -> None:
        """Paint the strip below the figure: the axis, the legend and the notes."""
        soft = theme.current().ink_soft
        self.draw_axis(painter, width)
        entries = self.legend()
        positions = legend_positions(entries, self.metrics, MARGIN, width - 2 * MARGIN)
        draw_legend(painter, entries, positions, self.axis_height, soft)
        top = self.axis_height + self._legend_lines(width) * LINE_HEIGHT
        for index, line in enumerate(self._note_lines(width)):
            draw_text(
                painter, QRectF(MARGIN, top + index * LINE_HEIGHT, width, LINE_HEIGHT), line, soft
            )

    def draw_highlight(self, painter: QPainter, mark: Mark) -> None:
        """Paint the highlight of the chosen mark over the figure."""

    def mark_at(self, point: QPointF) -> Mark | None:
        """Return the mark at a point; if there are several, the smallest."""
        marks = [mark for mark in self.marks if mark.rect.contains(point)]
        return min(marks, key=lambda mark: mark.rect.width() * mark.rect.height(), default=None)

    def next_mark(self, mark: Mark | None, right: int, down: int) -> Mark | None:
        """Return the nearest mark in the direction of an arrow key, or the first if none is chosen.

        `right` and `down` are 1, −1 or 0. If there is no mark in that direction, return the same.
        """
        if mark is None:
            return next(iter(self.marks), None)
        nearest, min_cost = mark, float("inf")
        for other in self.marks:
            offset = other.rect.center() - mark.rect.center()
            along = offset.x() * right + offset.y() * down
            across = abs(offset.x() * down) + abs(offset.y() * right)
            cost = along + _ACROSS_COST * across
            if along > 0.5 and cost < min_cost:
                nearest, min_cost = other, cost
        return nearest

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.update()

    def _legend_lines(self, width: float) -> int:
        positions = legend_positions(self.legend(), self.metrics, MARGIN, width - 2 * MARGIN)
        return int(positions[-1].y() / LINE_HEIGHT) + 1 if positions else 0

    def _note_lines(self, width: float) -> list[str]:
        room = width - 2 * MARGIN
        return [
            line
            for note in self.notes()
            for line in wrap(note, self.metrics, room, _MAX_NOTE_LINES)
        ]

    def boundingRect(self) -> QRectF:
        """Return the rectangle of the whole view."""
        return self.rect

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Paint the figure; in a window, only the part that Qt asks for."""
        painter.setFont(self.font)
        self.exposed = QRectF(option.exposedRect) if widget else None
        self.draw(painter)
        self.exposed = None
