"""The nadirs of a trend: filled marks, each with its value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.plots.course.panel_item import PanelItem
from gui.plots.course.point_words import bare_value
from gui.plots.label_places import along, around, clearest, square
from gui.plots.line_shape import Array
from gui.plots.marks import points_down, triangle
from gui.plots.texts import draw_veil
from gui.style import theme
from model.course.nadirs import Nadir
from model.course.trends import Trend

RADIUS = 4.0
_HEIGHT = 13.0
_EDGE = 2.0


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

    def __init__(self, run: Callable[[], tuple[Array, Array]]) -> None:
        """Marks with texts clear of the points that `run` gives."""
        super().__init__()
        self._trend: Trend | None = None
        self._font = QFont()
        self._run = run
        self._labels: list[NadirLabel] | None = None
        self._covered: QRectF | None = None

    def show_trend(self, trend: Trend, font: QFont) -> None:
        """Show the nadirs of another trend."""
        self._trend, self._labels = trend, None
        self._font = theme.figures(theme.sized(font, 11, QFont.Weight.DemiBold))

    def lay_out(self) -> None:
        """Forget the labels, which `labels` lays out again."""
        self._labels = None

    def labels(self) -> list[NadirLabel]:
        """Return what is drawn, from the first nadir, laid out on the first call.

        Most panels are scrolled out of sight, and grading nadirs takes time.
        """
        if self._labels is None:
            self._labels = self._laid_out()
        return self._labels

    def _laid_out(self) -> list[NadirLabel]:
        nadirs = self._trend.nadirs if self._trend else ()
        rect = self._rect
        xs = [self._scale.x(nadir.point.day) for nadir in nadirs]
        in_sight = [
            (nadir, x)
            for nadir, x in zip(nadirs, xs, strict=True)
            if rect.left() - 1 <= x <= rect.right() + 1
        ]
        if not in_sight or self._trend is None:
            return []
        metrics = QFontMetricsF(self._font)
        inner = rect.adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        line = along(*self._run())
        labels: list[NadirLabel] = []
        for nadir, x in in_sight:
            mark = QPointF(x, self._heights.y(nadir.point.value))
            text = f"{nadir.name} {bare_value(self._trend, nadir.point)}"
            size = QSizeF(metrics.horizontalAdvance(text) + 2, _HEIGHT)
            taken = [label.place for label in labels]
            taken += [square(other.mark, RADIUS) for other in labels]
            places = around(mark, size, inner, is_high=nadir.is_peak)
            place = clearest(places, line, taken)
            has_room = not any(place.intersects(other) for other in taken)
            labels.append(NadirLabel(nadir, mark, place if has_room else QRectF(), text))
        return labels

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
            draw_veil(painter, label.place.adjusted(-2, 0, 1, 0), 0.72)
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
