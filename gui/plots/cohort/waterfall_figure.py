"""The waterfall: best change of the sum of diameters per patient, from growth to shrinkage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.plots.cohort.drawing import SIDE, Drawing, Mark
from gui.plots.cohort.figure import Figure
from gui.plots.marks import response_colour
from gui.plots.texts import LINE_HEIGHT, LegendEntry, draw_text, list_codes
from gui.plots.ticks import round_values
from gui.plots.value_scale import ValueScale
from gui.style import theme
from gui.words import change_text
from model.cohort.figures.table import FigureTable
from model.cohort.figures.waterfall import DEFINITION, PARTIAL, PROGRESSION, Waterfall, WaterfallBar
from model.language import _, ngettext
from model.rounding import group_thousands

_TOP = 8.0
_NAMES = 78.0  # pixels that the codes under the bars take at most
_ROOM_FOR_NAME, _ROOM_FOR_LETTERS = 13.0, 18.0
_WIDEST = 48.0
_NARROWEST = 160.0
_LINES = ((PARTIAL, _("PR −30 %")), (PROGRESSION, _("PD +20 %")))
_RESPONSES = (("CR", _("CR or PR")), ("SD", "SD"), ("PD", "PD"), ("", _("other")))


class WaterfallDrawing(Drawing):
    """Bars above their codes, with the lines of partial response and of progression."""

    def __init__(self) -> None:
        super().__init__()
        self.waterfall = Waterfall()
        self.heights = ValueScale(-100, 100)
        self.frame = QRectF()
        self.step = 1.0

    def arrange(self) -> None:
        """Share the width among the bars."""
        falls = self.waterfall.bars
        left = SIDE + self.metrics.horizontalAdvance("−100 %") + 8
        right = max(self.metrics.horizontalAdvance(text) for _value, text in _LINES) + 8
        width = max(self.rect.width() - left - right - SIDE, 20.0)
        self.step = min(width / max(len(falls), 1), _WIDEST)
        width = min(width, max(self.step * len(falls), _NARROWEST))
        codes = max((self.metrics.horizontalAdvance(fall.code) for fall in falls), default=0.0)
        under = min(codes, _NAMES) + 8 if self.step >= _ROOM_FOR_NAME else 4.0
        if under > 0.4 * self.rect.height():
            under = 4.0
        height = max(self.rect.height() - _TOP - under, 20.0)
        self.frame = QRectF(left, _TOP, width, height)
        changes = [fall.change for fall in falls]
        high, low = max([PROGRESSION, *changes]), min([PARTIAL, *changes])
        beyond = (high - low) * (LINE_HEIGHT + 2) / max(height - 2 * LINE_HEIGHT, LINE_HEIGHT)
        self.heights = ValueScale(low - beyond, high + beyond, _TOP, height)

    def make_marks(self) -> Iterator[Mark]:
        """Yield the column of each bar."""
        for place, fall in enumerate(self.waterfall.bars):
            yield Mark(self._column(place), (fall.patient_id,), _tip(fall))

    def legend(self) -> list[LegendEntry]:
        """Return the responses that occur."""
        seen = {_kind(fall) for fall in self.waterfall.bars}
        return [
            LegendEntry(partial(_draw_sample, kind=kind), text)
            for kind, text in _RESPONSES
            if kind in seen
        ]

    def notes(self) -> list[str]:
        """Return what was measured, and who has no bar and why."""
        reasons: dict[str, list[str]] = defaultdict(list)
        for each in self.waterfall.without:
            reasons[each.why].append(each.code)
        patients = (
            ngettext(
                "{n} patient without a bar ({codes}): {why}",
                "{n} patients without a bar ({codes}): {why}",
                len(codes),
            ).format(n=group_thousands(len(codes)), codes=list_codes(codes), why=why)
            for why, codes in reasons.items()
        )
        colours = _("{definition}. Colour and letters: best response as read.")
        return [colours.format(definition=DEFINITION), *patients]

    def draw(self, painter: QPainter) -> None:
        """Draw values and lines, then the bars."""
        colours = theme.current()
        self._draw_grid(painter)
        zero = self.heights.y(0)
        for place, fall in enumerate(self.waterfall.bars):
            column = self._column(place)
            end = self.heights.y(fall.change)
            width = max(self.step * 0.76, 1.0)
            bar = QRectF(column.center().x() - width / 2, min(zero, end), width, abs(end - zero))
            if bar.height() < 2:
                bar = QRectF(bar.left(), zero - 1, width, 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(response_colour(_kind(fall))))
            painter.drawRect(bar)
            if self.step >= _ROOM_FOR_LETTERS and _kind(fall):
                y = bar.top() - LINE_HEIGHT + 1 if fall.change > 0 else bar.bottom() - 1
                beyond = QRectF(column.left(), y, self.step, LINE_HEIGHT)
                draw_text(painter, beyond, fall.best, colours.ink_soft, "centre")
            if self.step >= _ROOM_FOR_NAME and self.frame.bottom() + 10 < self.rect.height():
                self._write_name(painter, fall.code, column.center().x())
        painter.setPen(QPen(QColor(colours.ink_soft), 1))
        painter.drawLine(QLineF(self.frame.left(), zero, self.frame.right(), zero))

    def _draw_grid(self, painter: QPainter) -> None:
        colours = theme.current()
        marked = dict(_LINES)
        for value in round_values(
            max(self.heights.low, -100.0), self.heights.high, self.heights.height
        ):
            y = self.heights.y(value)
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(QLineF(self.frame.left(), y, self.frame.right(), y))
            place = QRectF(SIDE, y - LINE_HEIGHT / 2, self.frame.left() - SIDE - 6, LINE_HEIGHT)
            draw_text(painter, place, _per_cent(value), colours.ink_soft, "right")
        for value, text in marked.items():
            y = self.heights.y(value)
            painter.setPen(QPen(QColor(colours.ink_soft), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(self.frame.left(), y, self.frame.right(), y))
            place = QRectF(self.frame.right() + 6, y - LINE_HEIGHT / 2, 10, LINE_HEIGHT)
            draw_text(painter, place, text, colours.ink_soft)

    def _write_name(self, painter: QPainter, code: str, x: float) -> None:
        painter.save()
        painter.translate(x, self.frame.bottom() + 4)
        painter.rotate(-90)
        text = self.metrics.elidedText(code, Qt.TextElideMode.ElideRight, _NAMES)
        place = QRectF(-_NAMES, -LINE_HEIGHT / 2, _NAMES, LINE_HEIGHT)
        draw_text(painter, place, text, theme.current().ink_soft, "right")
        painter.restore()

    def _column(self, place: int) -> QRectF:
        """Return the column of a bar, from the top to its code."""
        left = self.frame.left() + place * self.step
        return QRectF(left, _TOP, self.step, self.rect.height() - _TOP - 2)


class WaterfallFigure(Figure):
    """The bars of all treated patients with recorded sums of diameters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._bars = WaterfallDrawing()
        super().__init__(self._bars, _("Waterfall: best change of the sum of diameters"), parent)

    def show_data(self, data: Waterfall) -> None:
        """Draw these bars, from the left."""
        self._bars.waterfall = data
        empty = ""
        if not data.bars:
            empty = _("No patient has a sum of diameters before and after the first cycle.")
        self.refresh(empty=empty)

    def numbers(self) -> FigureTable:
        """Return one row per treated patient."""
        return self._bars.waterfall.numbers()

    def headline(self) -> str:
        """Return how many patients have a bar, and in how many the sum fell by 30 % or more."""
        falls = self._bars.waterfall.bars
        fallen = sum(fall.change <= PARTIAL for fall in falls)
        return ngettext(
            "{n} patient · {fallen} with −30 % or less",
            "{n} patients · {fallen} with −30 % or less",
            len(falls),
        ).format(n=group_thousands(len(falls)), fallen=fallen)


def _kind(fall: WaterfallBar) -> str:
    """Return the response that colours a bar; CR and PR have one colour."""
    return {"CR": "CR", "PR": "CR", "SD": "SD", "PD": "PD"}.get(fall.best, "")


def _per_cent(value: float) -> str:
    sign = "−" if value < 0 else "+" if value > 0 else ""
    return f"{sign}{abs(value):g} %"


def _tip(fall: WaterfallBar) -> str:
    change = change_text(Decimal(repr(fall.change)))
    sums = f"{fall.baseline_mm:g} mm → {fall.smallest_mm:g} mm"
    text = _(
        "{code}\n{change} ({sums}), day {day} since the first cycle\nBest response as read: {best}"
    )
    return text.format(code=fall.code, change=change, sums=sums, day=fall.day, best=fall.best)


def _draw_sample(painter: QPainter, at: QPointF, kind: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(response_colour(kind)))
    painter.drawRect(QRectF(at.x() - 4, at.y() - 5, 8, 10))
