"""The nadirs of a trend: filled marks, each with its value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.plots.course.panel_item import PanelItem
from gui.plots.course.point_words import bare_value
from gui.plots.course.trend_curve import TrendCurve
from gui.plots.label_rects import points_along
from gui.plots.label_room import LabelRoom
from gui.plots.marks import points_down, triangle
from gui.plots.texts import draw_text_background
from gui.style import theme
from model.course.nadirs import Nadir
from model.course.trends import Trend

RADIUS = 4.0
_HEIGHT = 13.0


Texts = tuple[tuple[str, QSizeF], ...]
"""Texts for a label with their sizes, from long to short."""


@dataclass(frozen=True, slots=True)
class NadirLabel:
    """A nadir in sight: its mark, and its text with the place, which is empty without room."""

    nadir: Nadir
    mark: QPointF
    place: QRectF
    text: str


class NadirMarks(PanelItem):
    """Draws nadirs over their curve, in pixels of the scene."""

    overhang = RADIUS + 1

    def __init__(self, curve: TrendCurve) -> None:
        """Nadirs with texts that keep clear of a curve."""
        super().__init__()
        self._trend: Trend | None = None
        self._font = QFont()
        self._curve = curve
        self._labels: list[NadirLabel] | None = None
        self._covered: QRectF | None = None
        self._texts: list[tuple[Nadir, Texts]] | None = None
        self._limits: set[float] = set()

    def show_trend(self, trend: Trend, font: QFont) -> None:
        """Show the nadirs of another trend."""
        self._trend, self._labels, self._texts = trend, None, None
        self._font = theme.figures(theme.sized(font, 11, QFont.Weight.DemiBold))
        self._limits = {limit for step in trend.limits for limit in step[1:] if limit is not None}

    def lay_out(self) -> None:
        """Forget the labels, which `labels` lays out again."""
        self._labels = None

    def labels(self) -> list[NadirLabel]:
        """Return what is drawn, from the first nadir; it is laid out on the first call.

        Most panels are scrolled out of sight, and grading nadirs takes time.
        """
        if self._labels is None:
            self._labels = self._laid_out()
        return self._labels

    def _laid_out(self) -> list[NadirLabel]:
        rect = self._rect
        in_sight = [
            (nadir, texts, QPointF(x, self._heights.y(nadir.point.value)))
            for nadir, texts in self._written()
            if rect.left() - 1 <= (x := self._scale.x(nadir.point.day)) <= rect.right() + 1
        ]
        if not in_sight:
            return []
        levels = [self._heights.y(limit) for limit in self._limits]
        xs, ys = self._curve.marks() if self._curve.radius() else (np.empty(0), np.empty(0))
        xs = np.append(xs, [mark.x() for _nadir, _texts, mark in in_sight])
        ys = np.append(ys, [mark.y() for _nadir, _texts, mark in in_sight])
        room = LabelRoom(rect, (xs, ys), RADIUS + 0.5, points_along(*self._curve.run()), levels)
        labels: dict[int, NadirLabel] = {}
        # The gravest have the first choice.
        for nadir, texts, mark in sorted(in_sight, key=lambda one: -(one[0].grade or 0)):
            sizes = [size for _text, size in texts]
            index, place = room.place_label(mark, sizes, is_high=nadir.is_peak) or (0, QRectF())
            labels[id(nadir)] = NadirLabel(nadir, mark, place, texts[index][0])
        return [labels[id(nadir)] for nadir, _texts, _mark in in_sight]

    def _written(self) -> list[tuple[Nadir, Texts]]:
        """Return each nadir with its texts, from long to short; found on the first call."""
        if self._texts is None:
            metrics = QFontMetricsF(self._font)
            self._texts = []
            for nadir in self._trend.nadirs if self._trend else ():
                value = bare_value(self._trend, nadir.point) if self._trend else ""
                texts = (f"{nadir.name} {value}", value)
                sizes = (QSizeF(metrics.horizontalAdvance(text) + 2, _HEIGHT) for text in texts)
                self._texts.append((nadir, tuple(zip(texts, sizes, strict=True))))
        return self._texts

    def cover(self, place: QRectF | None) -> None:
        """Hide the texts that something else now covers; show all again for None."""
        self._covered = place
        self.update()

    def is_written(self, label: NadirLabel) -> bool:
        """Return whether a label's text is shown: there is room for it, and nothing covers it."""
        covered = self._covered is not None and self._covered.intersects(label.place)
        return not label.place.isEmpty() and not covered

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw the texts, and over them the marks."""
        colours = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        for label in filter(self.is_written, self.labels()):
            draw_text_background(painter, label.place.adjusted(-2, 0, 1, 0), 0.72)
            painter.setPen(QColor(colours.alert if label.nadir.grade else colours.ink_soft))
            painter.drawText(label.place, Qt.AlignmentFlag.AlignVCenter, label.text)
        painter.setPen(QPen(QColor(colours.card), 1))
        for label in self.labels():
            painter.setBrush(QColor(colours.alert if label.nadir.grade else colours.ink))
            point = label.nadir.point
            down = points_down(point.value, point.comparator, self._heights)
            if down is None:
                painter.drawEllipse(label.mark, RADIUS + 0.5, RADIUS + 0.5)
            else:
                painter.drawPolygon(triangle(label.mark, RADIUS + 1.0, down=down))
