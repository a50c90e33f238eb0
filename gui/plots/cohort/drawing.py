"""What a figure of the cohort is drawn by: one item that knows its marks, in pixels of the view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication, QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.plots.cohort.texts import LINE, Entry, broken, draw_legend, legend_places, write
from gui.style import theme
from model.cohort.lines import Why

SIDE = 4.0
"""Pixels free at both sides of a figure."""

_UNDER = 4.0
_LINES = 3  # that a note takes at most
_ACROSS = 4.0  # how much farther a pixel across the way of an arrow key counts


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a figure that can be pointed at: who is behind it, and what is said of it."""

    rect: QRectF
    patients: tuple[int, ...]
    tip: str
    why: Why | None = field(default=None, compare=False, kw_only=True)
    """What makes one of several patients belong to it, in words."""


class Drawing(QGraphicsItem):
    """The item of a figure; `place` lays it out, `draw` paints it in the colours of the theme."""

    axis_height = 0.0
    """Pixels of the strip under the figure that `draw_axis` paints."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.rect = QRectF()
        self.exposed: QRectF | None = None
        self._marks: Sequence[Mark] | None = ()
        self.font = theme.figures(theme.sized(QApplication.font(), 11))
        self.bold = theme.sized(self.font, 11, QFont.Weight.DemiBold)
        self.metrics = QFontMetricsF(self.font)
        self.bold_metrics = QFontMetricsF(self.bold)

    def place(self, size: QSizeF) -> None:
        """Take up so many pixels from the top left corner of the view."""
        self.prepareGeometryChange()
        self.rect = QRectF(0, 0, size.width(), size.height())
        self._marks = None
        self.arrange()
        self.update()

    def needed(self, room: QSizeF) -> float:
        """The pixels of height that the figure needs where it is given this room."""
        return room.height()

    def legend(self) -> Sequence[Entry]:
        """What the marks stand for, in the strip under the figure."""
        return ()

    def notes(self) -> Sequence[str]:
        """What is not drawn and why, or how it was counted, a sentence each."""
        return ()

    def foot_height(self, width: float) -> float:
        """The height of the strip under the figure, which stays in sight while it scrolls."""
        lines = len(self._note_lines(width)) + self._legend_lines(width)
        return self.axis_height + lines * LINE + (_UNDER if lines else 0.0)

    def arrange(self) -> None:
        """Lay out everything within `rect`."""

    @property
    def marks(self) -> Sequence[Mark]:
        """What can be pointed at; made when it is first asked for."""
        if self._marks is None:
            self._marks = list(self.make_marks())
        return self._marks

    def make_marks(self) -> Iterable[Mark]:
        """The marks as they are laid out, in the order of reading."""
        return ()

    def draw(self, painter: QPainter) -> None:
        """Paint the figure."""

    def draw_axis(self, painter: QPainter, width: float) -> None:
        """Paint the top of the strip, `axis_height` pixels."""

    def draw_foot(self, painter: QPainter, width: float) -> None:
        """Paint the strip under the figure: an axis, the legend, the notes."""
        soft = theme.current().ink_soft
        self.draw_axis(painter, width)
        entries = self.legend()
        places = legend_places(entries, self.metrics, SIDE, width - 2 * SIDE)
        draw_legend(painter, entries, places, self.axis_height, soft)
        top = self.axis_height + self._legend_lines(width) * LINE
        for number, line in enumerate(self._note_lines(width)):
            write(painter, QRectF(SIDE, top + number * LINE, width, LINE), line, soft)

    def draw_chosen(self, painter: QPainter, mark: Mark) -> None:
        """Paint what belongs to the mark under the pointer or the keyboard, over the figure."""

    def mark_at(self, where: QPointF) -> Mark | None:
        """The mark at a place, the smallest where there are several."""
        found = [mark for mark in self.marks if mark.rect.contains(where)]
        return min(found, key=lambda mark: mark.rect.width() * mark.rect.height(), default=None)

    def next_mark(self, mark: Mark | None, right: int, down: int) -> Mark | None:
        """The nearest mark in a direction, as arrow keys go; the first without one before."""
        if mark is None:
            return next(iter(self.marks), None)
        here, found, least = mark.rect.center(), mark, float("inf")
        for other in self.marks:
            way = other.rect.center() - here
            along = way.x() * right + way.y() * down
            across = abs(way.x() * down) + abs(way.y() * right)
            if along > 0.5 and along + _ACROSS * across < least:
                found, least = other, along + _ACROSS * across
        return found

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
        """All of the view."""
        return self.rect

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Paint the figure with the font of figures: in a window, what of it is in sight."""
        painter.setFont(self.font)
        self.exposed = QRectF(option.exposedRect) if widget else None
        self.draw(painter)
        self.exposed = None
