"""Text and lines on a page, in points: text never exceeds the available width."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.style.theme import LIGHT
from model.language import _

BOLD = QFont.Weight.DemiBold
PLAIN = QFont.Weight.Normal
COMMA = ", "
_HAIR = 0.5
_ROUNDING = 0.01


class Ink:
    """Writes on one painter whose unit is the point."""

    def __init__(self, painter: QPainter, font: QFont) -> None:
        """Write in the family of a font; each call names its size."""
        self.painter = painter
        self.base = font
        self._fonts: dict[tuple[float, QFont.Weight], QFont] = {}
        self._metrics: dict[tuple[float, QFont.Weight], QFontMetricsF] = {}
        self._widths: dict[tuple[str, float, QFont.Weight], float] = {}

    def font(self, points: float, weight: QFont.Weight = PLAIN) -> QFont:
        """Return the font at a size in points."""
        key = (points, weight)
        if key not in self._fonts:
            font = QFont(self.base)
            font.setPointSizeF(points)
            font.setWeight(weight)
            self._fonts[key] = font
        return self._fonts[key]

    def metrics(self, points: float, weight: QFont.Weight = PLAIN) -> QFontMetricsF:
        """Return the metrics of the font in a size."""
        key = (points, weight)
        if key not in self._metrics:
            self._metrics[key] = QFontMetricsF(self.font(*key), self.painter.device())
        return self._metrics[key]

    def width(self, text: str, points: float, weight: QFont.Weight = PLAIN) -> float:
        """Return the width of a text."""
        key = (text, points, weight)
        if key not in self._widths:
            self._widths[key] = self.metrics(points, weight).horizontalAdvance(text)
        return self._widths[key]

    def short(self, text: str, room: float, points: float, weight: QFont.Weight = PLAIN) -> str:
        """Return as much of a text as fits, elided."""
        if self.width(text, points, weight) <= room + _ROUNDING:
            return text
        return self.metrics(points, weight).elidedText(text, Qt.TextElideMode.ElideRight, room)

    def write(
        self,
        place: QRectF,
        text: str,
        points: float,
        *,
        weight: QFont.Weight = PLAIN,
        colour: str = LIGHT.ink,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> float:
        """Write one line, centred vertically in a place; return its width."""
        shown = self.short(text, place.width(), points, weight)
        width = self.width(shown, points, weight)
        left = place.left()
        if align == Qt.AlignmentFlag.AlignRight:
            left = place.right() - width
        elif align == Qt.AlignmentFlag.AlignHCenter:
            left = place.center().x() - width / 2
        metrics = self.metrics(points, weight)
        base = place.center().y() + metrics.capHeight() / 2
        self.painter.setFont(self.font(points, weight))
        self.painter.setPen(QColor(colour))
        self.painter.drawText(QPointF(left, base), shown)
        return width

    def lines(
        self,
        text: str,
        room: float,
        points: float,
        most: int = 1,
        weight: QFont.Weight = PLAIN,
    ) -> list[str]:
        """Wrap a text at spaces into lines of a width; the last one allowed is elided."""
        words = text.split(" ")
        lines: list[str] = []
        while words:
            taken = 1
            while (
                taken < len(words)
                and self.width(" ".join(words[: taken + 1]), points, weight) <= room
            ):
                taken += 1
            if len(lines) == most - 1:
                taken = len(words)
            lines.append(self.short(" ".join(words[:taken]), room, points, weight))
            words = words[taken:]
        return lines

    def listed(
        self, names: Sequence[str], between: str, room: float, points: float, most: int
    ) -> list[str]:
        """Put names into lines of a width; the last line counts those that do not fit."""
        rows = self._rows(names, between, room, points)
        shown = len(names)
        while len(rows) > most and shown > 1:
            shown -= 1
            more = _("and {n} more").format(n=len(names) - shown)
            rows = self._rows([*names[:shown], more], between, room, points)
        return [self.short(row, room, points) for row in rows[:most]]

    def _rows(self, names: Sequence[str], between: str, room: float, points: float) -> list[str]:
        # A line may end in a comma, but not in a dot between facts.
        end = "," if between == COMMA else ""
        rows: list[str] = []
        for place, name in enumerate(names):
            longer = between.join([*rows[-1:], name])
            more = "" if place == len(names) - 1 else end
            if rows and self.width(longer + more, points) <= room:
                rows[-1] = longer
            else:
                rows.append(name)
        return [row + end for row in rows[:-1]] + rows[-1:]

    def rule(self, left: float, right: float, y: float, colour: str = LIGHT.edge) -> None:
        """Draw a hairline across."""
        self.painter.setPen(QPen(QColor(colour), _HAIR))
        self.painter.drawLine(QLineF(left, y, right, y))

    def chip(self, place: QRectF, text: str, points: float, grade: int | None) -> float:
        """Write a short text on the colour of a grade; return the width of the chip."""
        fill, ink = LIGHT.grade(grade)
        width = min(self.width(text, points, BOLD) + points, place.width())
        height = points * 1.45
        chip = QRectF(place.left(), place.center().y() - height / 2, width, height)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(fill))
        self.painter.drawRoundedRect(chip, points / 4, points / 4)
        inner = chip.adjusted(points / 2, 0, -points / 2, 0)
        self.write(inner, text, points, weight=BOLD, colour=ink)
        return width
