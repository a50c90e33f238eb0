"""The drawing of a swimmer plot: patients as bars, cycles as squares, responses as diamonds."""

from __future__ import annotations

import heapq
from functools import partial

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.plots.cohort.drawing import MARGIN, Drawing, Mark
from gui.plots.marks import diamond, nuclide_colour, polygon, response_colour
from gui.plots.texts import LINE_HEIGHT, LegendEntry, draw_text, elide, list_codes
from gui.plots.ticks import MONTH_STEPS
from gui.plots.time_scale import TimeScale
from gui.style import theme
from model.cohort import numbers
from model.cohort.figures.swimmer import Lane, LaneCycle, LaneResponse, Swimmer
from model.dates import DAYS_PER_MONTH
from model.language import _, ngettext

MIN_ROW_HEIGHT, MAX_ROW_HEIGHT = 14.0, 24.0

_TOP = 4.0
_MIN_HALF_SQUARE, _MAX_HALF_SQUARE = 2.5, 5.0
_END_WIDTH = 16.0  # pixels right of the longest bar, for its arrow or cross
_TICK_WIDTH = 44.0
_HALF_TICK = 10.0  # pixels, of a negative number of two digits
_MEASURED_CODES = 100
_UNIT = _("Months")
_RESPONSES = (("CR", _("CR or PR")), ("SD", "SD"), ("PD", "PD"), ("NE", "NE"))


class SwimmerDrawing(Drawing):
    """Lanes from the top in the order of the data, on an axis of months since T0."""

    axis_height = 24.0

    def __init__(self) -> None:
        super().__init__()
        self.swimmer = Swimmer()
        self.months = TimeScale(0, 1)
        self.row_height = MIN_ROW_HEIGHT
        self.left = 0.0
        self._code_width = 0.0
        self._legend: list[LegendEntry] = []

    def show_lanes(self, data: Swimmer) -> None:
        """Draw these lanes at the next layout."""
        self.swimmer = data
        # Measuring very many codes takes long, and the widest is among those with most letters.
        longest = heapq.nlargest(_MEASURED_CODES, {lane.code for lane in data.lanes}, key=len)
        self._code_width = max(map(self.metrics.horizontalAdvance, longest), default=0.0)
        self._legend = _legend_entries(data)

    def needed_height(self, room: QSizeF) -> float:
        """Return the height of all lanes, whose rows fill the room within their limits."""
        count = max(len(self.swimmer.lanes), 1)
        row_height = min(max((room.height() - 2 * _TOP) / count, MIN_ROW_HEIGHT), MAX_ROW_HEIGHT)
        return count * row_height + 2 * _TOP

    def notes(self) -> list[str]:
        """Return a sentence that names the patients without a lane."""
        codes = [code for _patient, code in self.swimmer.without]
        note = _("Not drawn, as T0 is unknown: {codes}").format(codes=list_codes(codes))
        return [note] if codes else []

    def arrange(self) -> None:
        """Give each lane its row."""
        code_width = min(self._code_width, 0.28 * self.rect.width())
        # The unit, left of the axis, must end before the number of the first tick.
        self.left = MARGIN + max(code_width, self.metrics.horizontalAdvance(_UNIT) + _HALF_TICK) + 8
        width = max(self.rect.width() - self.left - _END_WIDTH - MARGIN, 20.0)
        self.months = TimeScale(
            min(self.swimmer.first_day, 0) / DAYS_PER_MONTH,
            max(self.swimmer.last_day, 31) / DAYS_PER_MONTH,
            self.left,
            width,
        )
        self.row_height = (self.rect.height() - 2 * _TOP) / max(len(self.swimmer.lanes), 1)

    def lane_rect(self, row: int) -> QRectF:
        """Return the strip of a lane over the whole width."""
        return QRectF(0, _TOP + row * self.row_height, self.rect.width(), self.row_height)

    def draw(self, painter: QPainter) -> None:
        """Draw grid lines, then each visible lane with its code."""
        colours = theme.current()
        painter.setPen(QPen(QColor(colours.line), 1))
        for tick in self.months.multiples(_TICK_WIDTH, MONTH_STEPS):
            x = round(self.months.x(tick)) + 0.5
            painter.drawLine(QLineF(x, 0, x, self.rect.height()))
        exposed = self.exposed or self.rect
        first, last = self._row_at(exposed.top()), self._row_at(exposed.bottom())
        for row, lane in enumerate(self.swimmer.lanes[first : last + 1], start=first):
            self._draw_lane(painter, self.lane_rect(row), lane)

    def draw_highlight(self, painter: QPainter, mark: Mark) -> None:
        """Emphasise the lane of the mark by a line below the lane and its code."""
        strip = self.lane_rect(self._row_at(mark.rect.center().y()))
        painter.setPen(QPen(QColor(theme.current().edge), 1))
        painter.drawLine(QLineF(MARGIN, strip.bottom(), strip.right() - MARGIN, strip.bottom()))

    def draw_axis(self, painter: QPainter, width: float) -> None:
        """Draw the months."""
        colours = theme.current()
        for tick in self.months.multiples(_TICK_WIDTH, MONTH_STEPS):
            x = self.months.x(tick)
            draw_text(
                painter, QRectF(x - 20, 4, 40, LINE_HEIGHT), f"{tick}", colours.ink_soft, "centre"
            )
        draw_text(painter, QRectF(MARGIN, 4, self.left, LINE_HEIGHT), _UNIT, colours.ink_soft)

    def mark_at(self, point: QPointF) -> Mark | None:
        """Return the mark of an event at a point, or else the mark of the lane."""
        marks = reversed(self.marks_of(self._row_at(point.y())))
        return next((mark for mark in marks if mark.rect.contains(point)), None)

    def next_mark(self, mark: Mark | None, right: int, down: int) -> Mark | None:
        """Return the neighbour in the lane, or the nearest mark of the lane above or below."""
        if mark is None:
            return next(iter(self.marks_of(0)), None)
        row = self._row_at(mark.rect.center().y())
        if not down:
            marks = sorted(self.marks_of(row), key=_order)
            index = marks.index(mark) + right if mark in marks else 0
            return marks[min(max(index, 0), len(marks) - 1)] if marks else None
        others = self.marks_of(row + down) if row + down >= 0 else []
        return min(others, key=lambda other: abs(_order(other) - _order(mark)), default=mark)

    def marks_of(self, row: int) -> list[Mark]:
        """Return new marks for a lane: first the lane itself, then those of its events."""
        if not 0 <= row < len(self.swimmer.lanes):
            return []
        return self._make_lane_marks(row, self.swimmer.lanes[row])

    def _row_at(self, y: float) -> int:
        return min(max(int((y - _TOP) / self.row_height), 0), max(len(self.swimmer.lanes) - 1, 0))

    # One lane

    def _draw_lane(self, painter: QPainter, strip: QRectF, lane: Lane) -> None:
        colours = theme.current()
        middle = strip.center().y()
        name = elide(lane.code, self.metrics, self.left - MARGIN - 6)
        draw_text(
            painter, QRectF(MARGIN, strip.top(), self.left, self.row_height), name, colours.ink_soft
        )
        start, end = self._ends(lane)
        fill = QColor(colours.accent)
        fill.setAlphaF(0.36 if colours.dark else 0.28)
        height = min(self.row_height * 0.62, 12.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill if lane.status == "alive" else QColor(colours.neutral))
        painter.drawRoundedRect(QRectF(start, middle - height / 2, end - start, height), 2, 2)
        for cycle in lane.cycles:
            centre = QPointF(self._x(cycle.day), middle)
            _draw_squares(painter, centre, cycle.nuclides, self._half_square(), height)
        for response in lane.responses:
            centre = QPointF(self._x(response.day), middle)
            _draw_diamond(painter, centre, response.response, height / 2)
        _draw_end(painter, QPointF(end + 8, middle), lane.status)

    def _x(self, day: float) -> float:
        return self.months.x(day / DAYS_PER_MONTH)

    def _half_square(self) -> float:
        """Return half the width of a cycle, so that cycles a month apart do not overlap."""
        month = self.months.width / (self.months.last - self.months.first)
        return min(max(month * 0.4, _MIN_HALF_SQUARE), _MAX_HALF_SQUARE)

    def _ends(self, lane: Lane) -> tuple[float, float]:
        start = self._x(min([0, *(cycle.day for cycle in lane.cycles)]))
        return start, max(self._x(lane.end), start + 2)

    def _make_lane_marks(self, row: int, lane: Lane) -> list[Mark]:
        strip = self.lane_rect(row)
        _start, end = self._ends(lane)
        patients = (lane.patient_id,)
        height = min(self.row_height, 16.0)
        half = self._half_square() + 1.5

        def event_mark(x: float, half: float, tip: str) -> Mark:
            rect = QRectF(x - half, strip.center().y() - height / 2, 2 * half, height)
            return Mark(rect, patients, tip)

        whole = QRectF(MARGIN, strip.top() + 1, end - MARGIN, self.row_height - 2)
        return [
            Mark(whole, patients, _lane_tip(lane)),
            *(event_mark(self._x(c.day), half, _cycle_tip(lane, c)) for c in lane.cycles),
            *(event_mark(self._x(r.day), 6, _response_tip(lane, r)) for r in lane.responses),
            event_mark(end + 8, 6, f"{lane.code}\n{_end_text(lane)}"),
        ]

    def legend(self) -> list[LegendEntry]:
        """Return an entry for each kind of mark that occurs in the lanes."""
        return self._legend


def _legend_entries(data: Swimmer) -> list[LegendEntry]:
    responses = {"CR" if response == "PR" else response for response in data.responses}
    ends = {
        "alive": _("alive at last contact"),
        "dead": _("died"),
        "unknown": _("status unknown"),
    }
    cycles: list[tuple[tuple[str, ...], str]]
    cycles = [((name,), name) for name in data.nuclides]
    if data.has_unknown:
        cycles.append(((), _("no administration recorded")))
    return [
        *(
            LegendEntry(partial(_draw_squares, nuclides=nuclides, half=5, height=10), text)
            for nuclides, text in cycles
        ),
        *(
            LegendEntry(partial(_draw_diamond, response=response, half=5), text)
            for response, text in _RESPONSES
            if response in responses
        ),
        *(
            LegendEntry(partial(_draw_end, status=status), text)
            for status, text in ends.items()
            if status in data.statuses
        ),
    ]


def _draw_squares(
    painter: QPainter, centre: QPointF, nuclides: tuple[str, ...], half: float, height: float
) -> None:
    """Draw a square that is divided among the nuclides, or a hollow one if none is recorded."""
    colours = theme.current()
    left, top = centre.x() - half, centre.y() - height / 2
    if not nuclides:
        painter.setPen(QPen(QColor(colours.ink_soft), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(left, top, 2 * half, height))
        return
    painter.setPen(Qt.PenStyle.NoPen)
    width = 2 * half / len(nuclides)
    for index, nuclide in enumerate(nuclides):
        painter.setBrush(QColor(nuclide_colour(nuclide)))
        painter.drawRect(QRectF(left + index * width, top, width, height))


def _draw_diamond(painter: QPainter, centre: QPointF, response: str, half: float) -> None:
    painter.setPen(QPen(QColor(theme.current().card), 1))
    painter.setBrush(QColor(response_colour(response)))
    painter.drawPolygon(diamond(centre, half))


def _draw_end(painter: QPainter, centre: QPointF, status: str) -> None:
    """Draw an arrow for a living patient, a cross for a death, or a ring if it is not known."""
    colours = theme.current()
    if status == "alive":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.ink))
        painter.drawPolygon(polygon(centre, (-3, -3.5), (3.5, 0), (-3, 3.5)))
        return
    painter.setPen(QPen(QColor(colours.ink), 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if status == "dead":
        for rise in (3.5, -3.5):
            painter.drawLine(centre + QPointF(-3.5, -rise), centre + QPointF(3.5, rise))
    else:
        painter.drawEllipse(centre, 2.5, 2.5)


def _order(mark: Mark) -> float:
    """Return the pixel by which the marks of a lane are sorted: the lane itself comes first."""
    return mark.rect.left() if mark.rect.left() <= MARGIN else mark.rect.center().x()


def _day_text(day: int) -> str:
    month = numbers.estimate(day / DAYS_PER_MONTH, "months")
    return _("day {day} (month {month})").format(day=day, month=month)


def _lane_tip(lane: Lane) -> str:
    best = _("best response {best}").format(best=lane.best) if lane.best else ""
    n = len(lane.cycles)
    cycles = ngettext("{n} cycle", "{n} cycles", n).format(n=n)
    return "\n".join(filter(None, (lane.code, cycles, best, _end_text(lane))))


def _cycle_tip(lane: Lane, cycle: LaneCycle) -> str:
    nuclides = " + ".join(cycle.nuclides) or _("no administration recorded")
    text = _("{code}\nCycle {number}: {nuclides}\n{day}")
    return text.format(
        code=lane.code, number=cycle.number, nuclides=nuclides, day=_day_text(cycle.day)
    )


def _response_tip(lane: Lane, response: LaneResponse) -> str:
    head = f"{lane.code}\n{response.response}"
    return "\n".join(filter(None, (head, response.what, _day_text(response.day))))


def _end_text(lane: Lane) -> str:
    if lane.last_day is None:
        return _("No follow-up recorded")
    ends = {"alive": _("Alive at last contact, {when}"), "dead": _("Died, {when}")}
    return ends.get(lane.status, _("Last contact, {when}")).format(when=_day_text(lane.last_day))
