"""Write text and lines on a page, in points. Text never exceeds the available width."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.style.theme import LIGHT
from model.language import _

BOLD = QFont.Weight.DemiBold
PLAIN = QFont.Weight.Normal
COMMA = ", "
_HAIRLINE = 0.5
_ROUNDING = 0.01


class TextWriter:
    """Writes text, rules and grade chips with a painter whose unit is the point."""

    def __init__(self, painter: QPainter, font: QFont) -> None:
        """Use the family of a font; each call names the size."""
        self.painter = painter
        self.base = font
        self._fonts: dict[tuple[float, QFont.Weight], QFont] = {}
        self._metrics: dict[tuple[float, QFont.Weight], QFontMetricsF] = {}
        self._widths: dict[tuple[str, float, QFont.Weight], float] = {}

    def font(self, points: float, weight: QFont.Weight = PLAIN) -> QFont:
        """Return the font in a size."""
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

    def elide(self, text: str, room: float, points: float, weight: QFont.Weight = PLAIN) -> str:
        """Return a text, elided if it is wider than `room`."""
        if self.width(text, points, weight) <= room + _ROUNDING:
            return text
        return self.metrics(points, weight).elidedText(text, Qt.TextElideMode.ElideRight, room)

    def write(
        self,
        rect: QRectF,
        text: str,
        points: float,
        *,
        weight: QFont.Weight = PLAIN,
        colour: str = LIGHT.ink,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> float:
        """Write one line, elided and vertically centred in a rectangle; return its width."""
        elided = self.elide(text, rect.width(), points, weight)
        width = self.width(elided, points, weight)
        left = rect.left()
        if align == Qt.AlignmentFlag.AlignRight:
            left = rect.right() - width
        elif align == Qt.AlignmentFlag.AlignHCenter:
            left = rect.center().x() - width / 2
        metrics = self.metrics(points, weight)
        baseline = rect.center().y() + metrics.capHeight() / 2
        self.painter.setFont(self.font(points, weight))
        self.painter.setPen(QColor(colour))
        self.painter.drawText(QPointF(left, baseline), elided)
        return width

    def wrap(
        self,
        text: str,
        room: float,
        points: float,
        max_lines: int = 1,
        weight: QFont.Weight = PLAIN,
    ) -> list[str]:
        """Return a text wrapped at spaces into lines of a width; the last one allowed is elided."""
        words = text.split(" ")
        lines: list[str] = []
        while words:
            count = 1
            while (
                count < len(words)
                and self.width(" ".join(words[: count + 1]), points, weight) <= room
            ):
                count += 1
            if len(lines) == max_lines - 1:
                count = len(words)
            lines.append(self.elide(" ".join(words[:count]), room, points, weight))
            words = words[count:]
        return lines

    def wrap_names(
        self, names: Sequence[str], separator: str, room: float, points: float, max_lines: int
    ) -> list[str]:
        """Return lines of names of a width; the last line counts the names that do not fit."""
        lines = self._name_lines(names, separator, room, points)
        count = len(names)
        while len(lines) > max_lines and count > 1:
            count -= 1
            more = _("and {n} more").format(n=len(names) - count)
            lines = self._name_lines([*names[:count], more], separator, room, points)
        return [self.elide(line, room, points) for line in lines[:max_lines]]

    def _name_lines(
        self, names: Sequence[str], separator: str, room: float, points: float
    ) -> list[str]:
        # A line may end with a comma, but not with another separator.
        line_end = "," if separator == COMMA else ""
        lines: list[str] = []
        for index, name in enumerate(names):
            longer = separator.join([*lines[-1:], name])
            end = "" if index == len(names) - 1 else line_end
            if lines and self.width(longer + end, points) <= room:
                lines[-1] = longer
            else:
                lines.append(name)
        return [line + line_end for line in lines[:-1]] + lines[-1:]

    def rule(self, left: float, right: float, y: float, colour: str = LIGHT.edge) -> None:
        """Draw a horizontal hairline."""
        self.painter.setPen(QPen(QColor(colour), _HAIRLINE))
        self.painter.drawLine(QLineF(left, y, right, y))

    def chip(self, rect: QRectF, text: str, points: float, grade: int | None) -> float:
        """Write a short text on the colour of a grade; return the width of the chip."""
        fill, text_colour = LIGHT.grade(grade)
        width = min(self.width(text, points, BOLD) + points, rect.width())
        height = points * 1.45
        chip = QRectF(rect.left(), rect.center().y() - height / 2, width, height)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(fill))
        self.painter.drawRoundedRect(chip, points / 4, points / 4)
        inner = chip.adjusted(points / 2, 0, -points / 2, 0)
        self.write(inner, text, points, weight=BOLD, colour=text_colour)
        return width
