"""The list of the nadirs of the cycles, right of a panel of the overlay."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from gui.plots.course.panel_frame import limits_width
from gui.plots.course.panel_item import PanelItem
from gui.plots.course.point_text import value_without_unit
from gui.style import theme
from model.course.overlay import CycleLine, Overlay
from model.language import _

_ROW_HEIGHT = 14.0


class NadirList(PanelItem):
    """Draws the list, with the most extreme nadir in bold."""

    def __init__(self) -> None:
        super().__init__()
        self._overlay: Overlay | None = None
        self._font = QFont()

    def show_overlay(self, overlay: Overlay, font: QFont) -> None:
        """List the nadirs of another overlay."""
        self._overlay, self._font = overlay, font

    def lay_out(self) -> None:
        """Place the list right of the limits of the panel."""
        left = self._rect.right() + limits_width(self._font)
        size = QSizeF(nadirs_width(self._font), self._rect.height())
        self._rect = QRectF(QPointF(left, self._rect.top()), size)

    def texts(self) -> list[str]:
        """Return the lines of the list, from the first cycle on."""
        return [text for _line, text in self._rows()]

    def _rows(self) -> list[tuple[CycleLine, str]]:
        max_rows = max(int(self._rect.height() // _ROW_HEIGHT) - 1, 1)
        return nadir_rows(self._overlay, max_rows) if self._overlay else []

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw the title and the list below it."""
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
        line_rect = QRectF(left, top, self._rect.width(), _ROW_HEIGHT)
        painter.drawText(line_rect, Qt.AlignmentFlag.AlignVCenter, title)
        for line, text in rows:
            is_extreme = line is self._overlay.extreme
            weight = QFont.Weight.Bold if is_extreme else QFont.Weight.Normal
            painter.setFont(theme.figures(theme.sized(self._font, 11, weight)))
            painter.setPen(QColor(colours.alert if is_extreme else colours.ink))
            arrow = ("▲" if is_peak else "▼") if is_extreme else ""
            line_rect = line_rect.translated(0, _ROW_HEIGHT)
            painter.drawText(line_rect, Qt.AlignmentFlag.AlignVCenter, f"{text} {arrow}")


def nadirs_width(font: QFont) -> float:
    """Return the pixels that the list of nadirs takes right of the limits."""
    metrics = QFontMetricsF(theme.figures(theme.sized(font, 11, QFont.Weight.Bold)))
    return metrics.horizontalAdvance("C8 8888 · day 88 ▼") + 4


def nadir_rows(overlay: Overlay, max_rows: int) -> list[tuple[CycleLine, str]]:
    """Return cycles with the texts of their nadirs, such as `C2 31 · day 36`, in their order.

    If there are more than `max_rows`, the most extreme nadir and the latest others are returned.
    """
    with_nadir = [line for line in overlay.lines if line.nadir]
    extreme = overlay.extreme
    others = [line for line in with_nadir if line is not extreme]
    other_rows = max_rows - 1 if extreme else max_rows
    rows = [*others[max(len(others) - other_rows, 0) :], *([extreme] if extreme else [])]
    rows.sort(key=lambda line: line.given_on)
    return [
        (
            line,
            _("C{cycle} {value} · day {day}").format(
                cycle=line.cycle,
                value=value_without_unit(overlay.trend, line.nadir.point),
                day=line.nadir.days,
            ),
        )
        for line in rows[:max_rows]
        if line.nadir
    ]
