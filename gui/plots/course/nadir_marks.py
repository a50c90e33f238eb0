"""The nadirs of a trend: filled marks, each with its value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.plots.course.panel_item import PanelItem
from gui.plots.course.point_text import value_without_unit
from gui.plots.course.trend_curve import TrendCurve
from gui.plots.label_rects import points_along
from gui.plots.label_room import LabelRoom
from gui.plots.marks import points_down, triangle
from gui.plots.texts import draw_text_background
from gui.style import theme
from model.course.nadirs import Nadir
from model.course.trends import Trend

RADIUS = 4.0
"""Pixels of radius of a mark."""

_LABEL_HEIGHT = 13.0


LabelTexts = tuple[tuple[str, QSizeF], ...]
"""The texts that a label may have, with their sizes, from long to short."""


@dataclass(frozen=True, slots=True)
class NadirLabel:
    """A nadir in sight: its mark, its text, and the rectangle of that, empty without room."""

    nadir: Nadir
    mark: QPointF
    rect: QRectF
    text: str


class NadirMarks(PanelItem):
    """Draws the nadirs of a trend over their curve, in pixels of the scene."""

    overhang = RADIUS + 1

    def __init__(self, curve: TrendCurve) -> None:
        """Make marks whose texts keep clear of a curve."""
        super().__init__()
        self._trend: Trend | None = None
        self._font = QFont()
        self._curve = curve
        self._labels: list[NadirLabel] | None = None
        self._covering_rect: QRectF | None = None
        self._texts: list[tuple[Nadir, LabelTexts]] | None = None
        self._limits: set[float] = set()

    def show_trend(self, trend: Trend, font: QFont) -> None:
        """Show the nadirs of another trend."""
        self._trend, self._labels, self._texts = trend, None, None
        self._font = theme.figures(theme.sized(font, 11, QFont.Weight.DemiBold))
        self._limits = {limit for step in trend.limits for limit in step[1:] if limit is not None}

    def lay_out(self) -> None:
        """Forget the labels, which the next call of `labels` lays out again."""
        self._labels = None

    def labels(self) -> list[NadirLabel]:
        """Return the labels from the first nadir on; the first call lays them out.

        That takes time, as nadirs are graded, and most panels are scrolled out of sight.
        """
        if self._labels is None:
            self._labels = self._lay_out_labels()
        return self._labels

    def _lay_out_labels(self) -> list[NadirLabel]:
        rect = self._rect
        in_sight = [
            (nadir, texts, QPointF(x, self._heights.y(nadir.point.value)))
            for nadir, texts in self._label_texts()
            if rect.left() - 1 <= (x := self._scale.x(nadir.point.day)) <= rect.right() + 1
        ]
        if not in_sight:
            return []
        levels = [self._heights.y(limit) for limit in self._limits]
        xs, ys = self._curve.mark_pixels() if self._curve.radius() else (np.empty(0), np.empty(0))
        xs = np.append(xs, [mark.x() for _nadir, _texts, mark in in_sight])
        ys = np.append(ys, [mark.y() for _nadir, _texts, mark in in_sight])
        room = LabelRoom(
            rect, (xs, ys), RADIUS + 0.5, points_along(*self._curve.line_pixels()), levels
        )
        labels: dict[int, NadirLabel] = {}
        # Nadirs of the highest grade have the first choice.
        for nadir, texts, mark in sorted(in_sight, key=lambda entry: -(entry[0].grade or 0)):
            sizes = [size for _text, size in texts]
            index, rect = room.place_label(mark, sizes, is_high=nadir.is_peak) or (0, QRectF())
            labels[id(nadir)] = NadirLabel(nadir, mark, rect, texts[index][0])
        return [labels[id(nadir)] for nadir, _texts, _mark in in_sight]

    def _label_texts(self) -> list[tuple[Nadir, LabelTexts]]:
        """Return each nadir with the texts that its label may have; the first call makes them."""
        if self._texts is None:
            metrics = QFontMetricsF(self._font)
            self._texts = []
            for nadir in self._trend.nadirs if self._trend else ():
                value = value_without_unit(self._trend, nadir.point) if self._trend else ""
                texts = (f"{nadir.name} {value}", value)
                sizes = (
                    QSizeF(metrics.horizontalAdvance(text) + 2, _LABEL_HEIGHT) for text in texts
                )
                self._texts.append((nadir, tuple(zip(texts, sizes, strict=True))))
        return self._texts

    def cover(self, rect: QRectF | None) -> None:
        """Hide the texts that something else covers in a rectangle; None shows all again."""
        self._covering_rect = rect
        self.update()

    def is_written(self, label: NadirLabel) -> bool:
        """Return whether the text of a label is drawn: it has room, and nothing covers it."""
        is_covered = self._covering_rect is not None and self._covering_rect.intersects(label.rect)
        return not label.rect.isEmpty() and not is_covered

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw the texts, and the marks over them."""
        colours = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        for label in filter(self.is_written, self.labels()):
            draw_text_background(painter, label.rect.adjusted(-2, 0, 1, 0), 0.72)
            painter.setPen(QColor(colours.alert if label.nadir.grade else colours.ink_soft))
            painter.drawText(label.rect, Qt.AlignmentFlag.AlignVCenter, label.text)
        painter.setPen(QPen(QColor(colours.card), 1))
        for label in self.labels():
            painter.setBrush(QColor(colours.alert if label.nadir.grade else colours.ink))
            point = label.nadir.point
            down = points_down(point.value, point.comparator, self._heights)
            if down is None:
                painter.drawEllipse(label.mark, RADIUS + 0.5, RADIUS + 0.5)
            else:
                painter.drawPolygon(triangle(label.mark, RADIUS + 1.0, down=down))
