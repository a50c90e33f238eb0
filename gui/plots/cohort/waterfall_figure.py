"""The waterfall plot: each patient's best change of the sum of diameters, in falling order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.plots.cohort.drawing import MARGIN, Drawing, Mark
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
_MAX_CODE_WIDTH = 78.0  # pixels that the codes below the bars take at most
_MIN_STEP_FOR_CODE, _MIN_STEP_FOR_LETTERS = 13.0, 18.0
_MAX_STEP = 48.0  # pixels from bar to bar
_MIN_WIDTH = 160.0
_LIMITS = ((PARTIAL, _("PR −30 %")), (PROGRESSION, _("PD +20 %")))
_RESPONSES = (("CR", _("CR or PR")), ("SD", "SD"), ("PD", "PD"), ("", _("other")))


class WaterfallDrawing(Drawing):
    """Bars above the codes of their patients, with lines at partial response and progression."""

    def __init__(self) -> None:
        super().__init__()
        self.waterfall = Waterfall()
        self.heights = ValueScale(-100, 100)
        self.frame = QRectF()
        self.step = 1.0

    def arrange(self) -> None:
        """Divide the width among the bars."""
        bars = self.waterfall.bars
        left = MARGIN + self.metrics.horizontalAdvance("−100 %") + 8
        right = max(self.metrics.horizontalAdvance(text) for _value, text in _LIMITS) + 8
        width = max(self.rect.width() - left - right - MARGIN, 20.0)
        self.step = min(width / max(len(bars), 1), _MAX_STEP)
        width = min(width, max(self.step * len(bars), _MIN_WIDTH))
        code_width = max((self.metrics.horizontalAdvance(bar.code) for bar in bars), default=0.0)
        below = min(code_width, _MAX_CODE_WIDTH) + 8 if self.step >= _MIN_STEP_FOR_CODE else 4.0
        if below > 0.4 * self.rect.height():
            below = 4.0
        height = max(self.rect.height() - _TOP - below, 20.0)
        self.frame = QRectF(left, _TOP, width, height)
        changes = [bar.change for bar in bars]
        high, low = max([PROGRESSION, *changes]), min([PARTIAL, *changes])
        # Above and below the bars there is room for a line of text.
        room = (high - low) * (LINE_HEIGHT + 2) / max(height - 2 * LINE_HEIGHT, LINE_HEIGHT)
        self.heights = ValueScale(low - room, high + room, _TOP, height)

    def make_marks(self) -> Iterator[Mark]:
        """Yield a mark for the column of each bar."""
        for index, bar in enumerate(self.waterfall.bars):
            yield Mark(self._column(index), (bar.patient_id,), _tip(bar))

    def legend(self) -> list[LegendEntry]:
        """Return an entry for each response that occurs."""
        colours = {_colour_key(bar) for bar in self.waterfall.bars}
        return [
            LegendEntry(partial(_draw_sample, response=response), text)
            for response, text in _RESPONSES
            if response in colours
        ]

    def notes(self) -> list[str]:
        """Return what was measured, and which patients have no bar and why."""
        codes_by_reason: dict[str, list[str]] = defaultdict(list)
        for patient in self.waterfall.without:
            codes_by_reason[patient.why].append(patient.code)
        sentences = (
            ngettext(
                "{n} patient without a bar ({codes}): {why}",
                "{n} patients without a bar ({codes}): {why}",
                len(codes),
            ).format(n=group_thousands(len(codes)), codes=list_codes(codes), why=why)
            for why, codes in codes_by_reason.items()
        )
        definition = _("{definition}. Colour and letters: best response as read.")
        return [definition.format(definition=DEFINITION), *sentences]

    def draw(self, painter: QPainter) -> None:
        """Draw the grid, then the bars with their letters and codes."""
        colours = theme.current()
        self._draw_grid(painter)
        zero = self.heights.y(0)
        for index, bar in enumerate(self.waterfall.bars):
            column = self._column(index)
            end = self.heights.y(bar.change)
            width = max(self.step * 0.76, 1.0)
            rect = QRectF(column.center().x() - width / 2, min(zero, end), width, abs(end - zero))
            if rect.height() < 2:
                rect = QRectF(rect.left(), zero - 1, width, 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(response_colour(_colour_key(bar))))
            painter.drawRect(rect)
            if self.step >= _MIN_STEP_FOR_LETTERS and _colour_key(bar):
                y = rect.top() - LINE_HEIGHT + 1 if bar.change > 0 else rect.bottom() - 1
                label = QRectF(column.left(), y, self.step, LINE_HEIGHT)
                draw_text(painter, label, bar.best, colours.ink_soft, "centre")
            if self.step >= _MIN_STEP_FOR_CODE and self.frame.bottom() + 10 < self.rect.height():
                self._draw_code(painter, bar.code, column.center().x())
        painter.setPen(QPen(QColor(colours.ink_soft), 1))
        painter.drawLine(QLineF(self.frame.left(), zero, self.frame.right(), zero))

    def _draw_grid(self, painter: QPainter) -> None:
        colours = theme.current()
        for value in round_values(
            max(self.heights.low, -100.0), self.heights.high, self.heights.height
        ):
            y = self.heights.y(value)
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(QLineF(self.frame.left(), y, self.frame.right(), y))
            label = QRectF(MARGIN, y - LINE_HEIGHT / 2, self.frame.left() - MARGIN - 6, LINE_HEIGHT)
            draw_text(painter, label, _per_cent(value), colours.ink_soft, "right")
        for value, text in _LIMITS:
            y = self.heights.y(value)
            painter.setPen(QPen(QColor(colours.ink_soft), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(self.frame.left(), y, self.frame.right(), y))
            label = QRectF(self.frame.right() + 6, y - LINE_HEIGHT / 2, 10, LINE_HEIGHT)
            draw_text(painter, label, text, colours.ink_soft)

    def _draw_code(self, painter: QPainter, code: str, x: float) -> None:
        """Draw a study code upwards below the frame."""
        painter.save()
        painter.translate(x, self.frame.bottom() + 4)
        painter.rotate(-90)
        text = self.metrics.elidedText(code, Qt.TextElideMode.ElideRight, _MAX_CODE_WIDTH)
        rect = QRectF(-_MAX_CODE_WIDTH, -LINE_HEIGHT / 2, _MAX_CODE_WIDTH, LINE_HEIGHT)
        draw_text(painter, rect, text, theme.current().ink_soft, "right")
        painter.restore()

    def _column(self, index: int) -> QRectF:
        """Return the rectangle of a bar and its code over the whole height."""
        left = self.frame.left() + index * self.step
        return QRectF(left, _TOP, self.step, self.rect.height() - _TOP - 2)


class WaterfallFigure(Figure):
    """The bars of all treated patients with recorded sums of diameters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._drawing = WaterfallDrawing()
        super().__init__(self._drawing, _("Waterfall: best change of the sum of diameters"), parent)

    def show_data(self, data: Waterfall) -> None:
        """Draw these bars, from the left."""
        self._drawing.waterfall = data
        empty = ""
        if not data.bars:
            empty = _("No patient has a sum of diameters before and after the first cycle.")
        self.refresh(empty=empty)

    def numbers(self) -> FigureTable:
        """Return one row per treated patient."""
        return self._drawing.waterfall.numbers()

    def headline(self) -> str:
        """Return how many patients have a bar, and in how many the sum fell by 30 % or more."""
        bars = self._drawing.waterfall.bars
        fallen = sum(bar.change <= PARTIAL for bar in bars)
        return ngettext(
            "{n} patient · {fallen} with −30 % or less",
            "{n} patients · {fallen} with −30 % or less",
            len(bars),
        ).format(n=group_thousands(len(bars)), fallen=fallen)


def _colour_key(bar: WaterfallBar) -> str:
    """Return the response whose colour a bar has; CR and PR share one."""
    return {"CR": "CR", "PR": "CR", "SD": "SD", "PD": "PD"}.get(bar.best, "")


def _per_cent(value: float) -> str:
    sign = "−" if value < 0 else "+" if value > 0 else ""
    return f"{sign}{abs(value):g} %"


def _tip(bar: WaterfallBar) -> str:
    change = change_text(Decimal(repr(bar.change)))
    sums = f"{bar.baseline_mm:g} mm → {bar.smallest_mm:g} mm"
    text = _(
        "{code}\n{change} ({sums}), day {day} since the first cycle\nBest response as read: {best}"
    )
    return text.format(code=bar.code, change=change, sums=sums, day=bar.day, best=bar.best)


def _draw_sample(painter: QPainter, centre: QPointF, response: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(response_colour(response)))
    painter.drawRect(QRectF(centre.x() - 4, centre.y() - 5, 8, 10))
