"""Draws a readiness limit: the limit, the recorded value with its verdict, date and reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.style import theme
from model.language import _
from model.readiness.limits import Verdict
from model.readiness.outcomes import NOT_COUNTED, RuleOutcome
from model.readiness.rule_sets import Rule

Index = QModelIndex | QPersistentModelIndex
OUTCOME = int(Qt.ItemDataRole.UserRole) + 1
OPEN = int(Qt.ItemDataRole.UserRole) + 2
MARKS = {
    Verdict.PASS: ("✓", "good"),
    Verdict.FAIL: ("✕", "alert"),
    Verdict.NOT_ASSESSABLE: ("?", "warn"),
    Verdict.DOES_NOT_APPLY: ("–", "soft"),
}
"""The sign and the tone of each verdict; its word is always in the second line."""
DERIVED = "derived"

_SIDE, _ABOVE, _BETWEEN, _GAP = 6, 5, 1, 8
_AFTER_SIGN = re.compile(r"([<>≤≥×=]) ")
_AFTER_NUMBER = re.compile(r"(?<=\d) (?=\S)(?!·)")
_WRAPPED = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)


class TextLine(NamedTuple):
    """A text with its rectangle in a row, its font and tone."""

    text: str
    room: QRect
    font: QFont
    tone: str


class LimitDelegate(QStyledItemDelegate):
    """Draws a row in as many lines as its texts need."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache: dict[tuple[str, bool, int, str], tuple[RuleOutcome, list[TextLine]]] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of all lines at the width of the list."""
        width = option.widget.width() if option.widget else option.rect.width()
        lines = self._lines(index, width, option.font)
        return QSize(width, max(line.room.bottom() for line in lines) + 1 + _ABOVE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the lines, with a background if open and a border if focused."""
        colours = theme.current()
        state = QStyle.StateFlag
        is_focused = bool(option.state & state.State_HasFocus) and bool(
            option.state & state.State_Active
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(OPEN) or is_focused:
            painter.setPen(QPen(QColor(colours.accent), 1.5) if is_focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.hover) if index.data(OPEN) else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), 5, 5)
        painter.translate(option.rect.topLeft())
        width = option.rect.width()
        for line in self._lines(index, width, option.font):
            painter.setFont(line.font)
            painter.setPen(QColor(colours.tone(line.tone)))
            painter.drawText(line.room, _WRAPPED, line.text)
        painter.restore()

    def _lines(self, index: Index, width: int, font: QFont) -> list[TextLine]:
        """Return the lines of a row, cached: a list queries heights many times."""
        outcome, is_open = index.data(OUTCOME), index.data(OPEN)
        key = (outcome.rule.key, is_open, width, font.key())
        cached = self._cache.get(key)
        if cached is None or cached[0] is not outcome:
            # A copy: the font is deleted with its option.
            lines = list(_lines(outcome, is_open, width, QFont(font)))
            cached = self._cache[key] = (outcome, lines)
        return cached[1]


def details(rule: Rule) -> str:
    """Return what blocks, what the source then asks for, and the source."""
    return _(
        "What blocks: {stated}\nWhat the source then asks for: {action}\nSource: {source}"
    ).format(stated=rule.stated, action=rule.action, source=rule.source)


def _lines(outcome: RuleOutcome, is_open: bool, width: int, font: QFont) -> Iterator[TextLine]:
    """Yield the lines of a row of a width, placed relative to its top left."""
    mark, tone = MARKS[outcome.verdict]
    small, bold = theme.sized(font, 12), QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    number, room = outcome.short_value, width - 2 * _SIDE
    if QFontMetrics(bold).horizontalAdvance(f"{number} {mark}") > room * 0.4:
        number = ""
    result = f"{number} {mark}".strip()
    wide = QFontMetrics(bold).horizontalAdvance(result) + 1
    first = _wrapped(unbroken(outcome.limit), _SIDE, _ABOVE, room - wide - _GAP, font, "")
    yield first
    yield _wrapped(result, width - _SIDE - wide, _ABOVE, wide, bold, tone)
    recorded = "" if number else outcome.finding.recorded
    derived = DERIVED if outcome.finding.is_derived else ""
    value = (
        recorded,
        derived,
        outcome.when,
        outcome.finding.left,
        "" if outcome.concerns_next_cycle else NOT_COUNTED,
    )
    if outcome.verdict is Verdict.PASS:
        texts = [_dotted(outcome.verdict, *value), outcome.finding.reason if is_open else ""]
    else:
        texts = [_dotted(outcome.verdict, outcome.finding.reason), _dotted(*value)]
    if is_open:
        texts.append(details(outcome.rule))
    top = first.room.bottom() + 1
    for text in filter(None, texts):
        line = _wrapped(unbroken(text), _SIDE, top + _BETWEEN, room, small, "soft")
        yield line
        top = line.room.bottom() + 1


def _dotted(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _wrapped(text: str, left: int, top: int, width: int, font: QFont, tone: str) -> TextLine:
    room = QRect(left, top, max(width, 40), 10_000)
    needed = QFontMetrics(font).boundingRect(room, _WRAPPED, text).height()
    return TextLine(text, QRect(left, top, room.width(), needed), font, tone)


def unbroken(text: str) -> str:
    """Return a text that breaks before a sign or number, but not after it nor within a unit."""
    text = _AFTER_SIGN.sub("\\1\u00a0", text)
    text = _AFTER_NUMBER.sub("\u00a0", text)
    text = text.replace(" old", "\u00a0old")
    return text.replace("/", "\u2060/\u2060")
