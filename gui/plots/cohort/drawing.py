"""The drawing of a cohort figure: one item that knows its marks, in pixels of the view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication, QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.plots.texts import LINE, Entry, broken, draw_legend, legend_places, write
from gui.style import theme
from model.cohort.lines import Why

SIDE = 4.0
"""Pixels free at both sides of a figure."""

_UNDER = 4.0
_LINES = 3  # of a note at most
_ACROSS = 4.0  # the weight of a pixel across the direction of an arrow key


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a figure under the pointer: the patients behind it, and its tool tip."""

    rect: QRectF
    patients: tuple[int, ...]
    tip: str
    why: Why | None = field(default=None, compare=False, kw_only=True)
    """Describes why a patient belongs to the mark."""


class Drawing(QGraphicsItem):
    """The item of a figure; `place` lays it out, `draw` paints it in the colours of the theme."""

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

    def place(self, size: QSizeF) -> None:
        """Lay the figure out at a size in pixels, from the top left corner of the view."""
        self.prepareGeometryChange()
        self.rect = QRectF(0, 0, size.width(), size.height())
        self._marks = None
        self.arrange()
        self.update()

    def needed(self, room: QSizeF) -> float:
        """Return the height in pixels that the figure needs in this room."""
        return room.height()

    def legend(self) -> Sequence[Entry]:
        """Return the meanings of the marks, for the strip below the figure."""
        return ()

    def notes(self) -> Sequence[str]:
        """Return what is not drawn and why, or how it was counted, in sentences."""
        return ()

    def foot_height(self, width: float) -> float:
        """Return the height of the strip below the figure, which stays visible while it scrolls."""
        lines = len(self._note_lines(width)) + self._legend_lines(width)
        return self.axis_height + lines * LINE + (_UNDER if lines else 0.0)

    def arrange(self) -> None:
        """Lay everything out within `rect`."""

    @property
    def marks(self) -> Sequence[Mark]:
        """The marks, made on first use."""
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

    def draw_foot(self, painter: QPainter, width: float) -> None:
        """Paint the strip below the figure: an axis, the legend, the notes."""
        soft = theme.current().ink_soft
        self.draw_axis(painter, width)
        entries = self.legend()
        places = legend_places(entries, self.metrics, SIDE, width - 2 * SIDE)
        draw_legend(painter, entries, places, self.axis_height, soft)
        top = self.axis_height + self._legend_lines(width) * LINE
        for number, line in enumerate(self._note_lines(width)):
            write(painter, QRectF(SIDE, top + number * LINE, width, LINE), line, soft)

    def draw_chosen(self, painter: QPainter, mark: Mark) -> None:
        """Paint the highlight of the chosen mark over the figure."""

    def mark_at(self, where: QPointF) -> Mark | None:
        """Return the mark at a place, the smallest of several."""
        under = [mark for mark in self.marks if mark.rect.contains(where)]
        return min(under, key=lambda mark: mark.rect.width() * mark.rect.height(), default=None)

    def next_mark(self, mark: Mark | None, right: int, down: int) -> Mark | None:
        """Return the nearest mark in the direction of an arrow key; the first if none."""
        if mark is None:
            return next(iter(self.marks), None)
        here, nearest, least = mark.rect.center(), mark, float("inf")
        for other in self.marks:
            way = other.rect.center() - here
            along = way.x() * right + way.y() * down
            across = abs(way.x() * down) + abs(way.y() * right)
            if along > 0.5 and along + _ACROSS * across < least:
                nearest, least = other, along + _ACROSS * across
        return nearest

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.update()

    def _legend_lines(self, width: float) -> int:
        places = legend_places(self.legend(), self.metrics, SIDE, width - 2 * SIDE)
        return int(places[-1].y() / LINE) + 1 if places else 0

    def _note_lines(self, width: float) -> list[str]:
        room = width - 2 * SIDE
        return [line for note in self.notes() for line in broken(note, self.metrics, room, _LINES)]

    def boundingRect(self) -> QRectF:
        """Return all of the view."""
        return self.rect

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Paint the figure; in a window, only the visible part."""
        painter.setFont(self.font)
        self.exposed = QRectF(option.exposedRect) if widget else None
        self.draw(painter)
        self.exposed = None
