"""One small multiple of the overlay: an analyte's cycles over one another, and their nadirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsScene

from gui.plots.course.overlay_lines import OverlayLines, nadir_rows
from gui.plots.course.panel import MARKS, Panel
from gui.plots.course.panel_frame import VerticalLine, limits_width
from gui.plots.course.panel_item import PanelItem
from gui.plots.course.point_words import bare_value
from gui.plots.course.trend_panel import RING
from gui.plots.ticks import day_text
from gui.style import theme
from model.course.grades import GradeBand
from model.course.overlay import CycleLine, Overlay
from model.course.points import Point
from model.language import _

NEAR = 3
"""Maximum days between the cursor and a result that it reads: visits are seldom exact."""

_ROW = 14.0
_INFUSION = (VerticalLine(0),)


class OverlayPanel(Panel):
    """Draws one overlay, on days since infusion."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self.lines = OverlayLines()
        self.nadirs = NadirList()
        super().__init__(scene, self.lines, self.nadirs)
        self._rings: list[QGraphicsEllipseItem] = []
        self.overlay: Overlay | None = None

    @property
    def analyte(self) -> str:
        """The key of the analyte drawn; empty before the first."""
        return self.overlay.trend.analyte if self.overlay else ""

    def show_overlay(
        self,
        overlay: Overlay,
        cycles: tuple[int, ...],
        bands: Sequence[GradeBand],
        font: QFont,
        *,
        log: bool = False,
    ) -> None:
        """Show an overlay over the bands of grades; `cycles` are the numbers of all cycles."""
        self.overlay = overlay
        # Days since infusion are not dates: only the latest of the limits can be drawn.
        framed = replace(
            overlay.trend, limits=overlay.trend.limits[-1:], sources=overlay.trend.sources[-1:]
        )
        self.show_trend(framed, _INFUSION, bands, font, log=log)
        self.lines.show_overlay(overlay, cycles, font)
        self.nadirs.show_overlay(overlay, font)
        self.mark(None)

    def mark(self, day: int | None, /) -> str:
        """Ring the result of each cycle near a day, write the values, and return them in words.

        Empty where no cycle has a result there.
        """
        for ring in self._rings:
            ring.hide()
        results = self.results_near(day) if day is not None else []
        self._tag.setVisible(bool(results))
        self.lines.cover(QRectF())
        if not results or self.overlay is None:
            return ""
        marks = [self.lines.where(line, point.day, point.value) for line, point in results]
        for number, ((line, _point), mark) in enumerate(zip(results, marks, strict=True)):
            self._show_ring(number, mark, self.lines.tone(line.cycle))
        trend = self.overlay.trend
        values = [f"C{line.cycle} {bare_value(trend, point)}" for line, point in results]
        highest = min(marks, key=QPointF.y)
        self.lines.cover(self._tag.show_text([" · ".join(values)], highest, self.rect))
        with_days = [
            value
            if line.since(point) == day
            else _("{value} on day {day}").format(value=value, day=day_text(line.since(point)))
            for value, (line, point) in zip(values, results, strict=True)
        ]
        return " ".join(filter(None, (trend.name, ", ".join(with_days), trend.unit)))

    def results_near(self, day: int) -> list[tuple[CycleLine, Point]]:
        """Return each cycle's result nearest to a day since infusion, at most `NEAR` days off."""
        lines = self.overlay.lines if self.overlay else ()
        near = [(line, line.at(day, NEAR)) for line in lines]
        return [(line, point) for line, point in near if point]

    def _show_ring(self, number: int, mark: QPointF, colour: QColor) -> None:
        if number == len(self._rings):
            ring = QGraphicsEllipseItem(-RING, -RING, 2 * RING, 2 * RING)
            self._add_mark(ring, MARKS)
            self._rings.append(ring)
        self._rings[number].setPen(QPen(colour, 1.6))
        self._rings[number].setPos(mark)
        self._rings[number].show()


class NadirList(PanelItem):
    """The nadirs of the cycles as a short list right of a panel, the most extreme in bold."""

    def __init__(self) -> None:
        super().__init__()
        self._overlay: Overlay | None = None
        self._font = QFont()

    def show_overlay(self, overlay: Overlay, font: QFont) -> None:
        """List the nadirs of another overlay."""
        self._overlay, self._font = overlay, font

    def lay_out(self) -> None:
        """Place the list right of the panel, beyond the names of its limits."""
        left = self._rect.right() + limits_width(self._font)
        size = QSizeF(nadirs_width(self._font), self._rect.height())
        self._rect = QRectF(QPointF(left, self._rect.top()), size)

    def words(self) -> list[str]:
        """Return the lines of the list, from the first cycle."""
        return [text for _line, text in self._rows()]

    def _rows(self) -> list[tuple[CycleLine, str]]:
        room = max(int(self._rect.height() // _ROW) - 1, 1)
        return nadir_rows(self._overlay, room) if self._overlay else []

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Write the list under its title."""
        rows = self._rows()
        if self._overlay is None or not rows:
            return
        colours = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, top = self._rect.left(), self._rect.top()
        painter.setFont(theme.sized(self._font, 10))
        painter.setPen(QColor(colours.ink_soft))
        is_peak = any(line.nadir and line.nadir.is_peak for line, _text in rows)
        title = _("Peaks") if is_peak else _("Nadirs")
        line_rect = QRectF(left, top, self._rect.width(), _ROW)
        painter.drawText(line_rect, Qt.AlignmentFlag.AlignVCenter, title)
        for line, text in rows:
            is_extreme = line is self._overlay.extreme
            weight = QFont.Weight.Bold if is_extreme else QFont.Weight.Normal
            painter.setFont(theme.figures(theme.sized(self._font, 11, weight)))
            painter.setPen(QColor(colours.alert if is_extreme else colours.ink))
            sign = ("▲" if is_peak else "▼") if is_extreme else ""
            line_rect = line_rect.translated(0, _ROW)
            painter.drawText(line_rect, Qt.AlignmentFlag.AlignVCenter, f"{text} {sign}")


def nadirs_width(font: QFont) -> float:
    """Return the pixels that the list of nadirs takes right of the limits."""
    metrics = QFontMetricsF(theme.figures(theme.sized(font, 11, QFont.Weight.Bold)))
    return metrics.horizontalAdvance("C8 8888 · day 88 ▼") + 4
