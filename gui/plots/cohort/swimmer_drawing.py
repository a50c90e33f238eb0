"""The drawing of a swimmer plot: patients as bars, cycles as squares, responses as diamonds."""

from __future__ import annotations

import heapq
from functools import partial

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.plots.cohort.drawing import SIDE, Drawing, Mark
from gui.plots.marks import diamond, nuclide_colour, polygon, response_colour
from gui.plots.texts import LINE_HEIGHT, LegendEntry, draw_text, elide, list_codes
from gui.plots.ticks import MONTH_STEPS
from gui.plots.time_scale import TimeScale
from gui.style import theme
from model.cohort import numbers
from model.cohort.figures.swimmer import Lane, LaneCycle, LaneResponse, Swimmer
from model.dates import DAYS_PER_MONTH
from model.language import _, ngettext

LOWEST, HIGHEST = 14.0, 24.0
_TOP = 4.0
_SLIM = 2.5
_END = 16.0  # pixels right of the longest bar, for its arrow or cross
_TICKS = 44.0
_UNIT = _("Months")
_HALF_TICK = 10.0  # pixels, of a negative month of two figures
_MEASURED = 100
_RESPONSES = (("CR", _("CR or PR")), ("SD", "SD"), ("PD", "PD"), ("NE", "NE"))


class SwimmerDrawing(Drawing):
    """Lanes from the top in the given order, on months since T0."""

    axis_height = 24.0

    def __init__(self) -> None:
        super().__init__()
        self.swimmer = Swimmer()
        self.across = TimeScale(0, 1)
        self.row = LOWEST
        self.left = 0.0
        self._widest = 0.0
        self._entries: list[LegendEntry] = []

    def show_lanes(self, data: Swimmer) -> None:
        """Draw these lanes at the next layout."""
        self.swimmer = data
        # The longest codes are nearly the widest; measuring very many takes long.
        longest = heapq.nlargest(_MEASURED, {lane.code for lane in data.lanes}, key=len)
        self._widest = max(map(self.metrics.horizontalAdvance, longest), default=0.0)
        self._entries = _entries(data)

    def needed(self, room: QSizeF) -> float:
        """Return the height of all lanes at their lowest."""
        count = max(len(self.swimmer.lanes), 1)
        row = min(max((room.height() - 2 * _TOP) / count, LOWEST), HIGHEST)
        return count * row + 2 * _TOP

    def notes(self) -> list[str]:
        """Return who has no lane."""
        codes = [code for _patient, code in self.swimmer.without]
        note = _("Not drawn, as T0 is unknown: {codes}").format(codes=list_codes(codes))
        return [note] if codes else []

    def arrange(self) -> None:
        """Give each lane its row."""
        codes = min(self._widest, 0.28 * self.rect.width())
        # The word next to the axis ends before the number of its first tick.
        self.left = SIDE + max(codes, self.metrics.horizontalAdvance(_UNIT) + _HALF_TICK) + 8
        width = max(self.rect.width() - self.left - _END - SIDE, 20.0)
        self.across = TimeScale(
            min(self.swimmer.first_day, 0) / DAYS_PER_MONTH,
            max(self.swimmer.last_day, 31) / DAYS_PER_MONTH,
            self.left,
            width,
        )
        self.row = (self.rect.height() - 2 * _TOP) / max(len(self.swimmer.lanes), 1)

    def lane_rect(self, row: int) -> QRectF:
        """Return the strip of a lane over the whole width."""
        return QRectF(0, _TOP + row * self.row, self.rect.width(), self.row)

    def draw(self, painter: QPainter) -> None:
        """Draw grid lines, then each lane with its name."""
        colours = theme.current()
        painter.setPen(QPen(QColor(colours.line), 1))
        for tick in self.across.multiples(_TICKS, MONTH_STEPS):
            x = round(self.across.x(tick)) + 0.5
            painter.drawLine(QLineF(x, 0, x, self.rect.height()))
        exposed = self.exposed or self.rect
        first, last = self._row_at(exposed.top()), self._row_at(exposed.bottom())
        for row, lane in enumerate(self.swimmer.lanes[first : last + 1], start=first):
            self._draw_lane(painter, self.lane_rect(row), lane)

    def draw_chosen(self, painter: QPainter, mark: Mark) -> None:
        """Emphasise the lane of the mark by a line below it and its name."""
        strip = self.lane_rect(self._row_at(mark.rect.center().y()))
        painter.setPen(QPen(QColor(theme.current().edge), 1))
        painter.drawLine(QLineF(SIDE, strip.bottom(), strip.right() - SIDE, strip.bottom()))

    def draw_axis(self, painter: QPainter, width: float) -> None:
        """Draw the months."""
        colours = theme.current()
        for tick in self.across.multiples(_TICKS, MONTH_STEPS):
            x = self.across.x(tick)
            draw_text(
                painter, QRectF(x - 20, 4, 40, LINE_HEIGHT), f"{tick}", colours.ink_soft, "centre"
            )
        draw_text(painter, QRectF(SIDE, 4, self.left, LINE_HEIGHT), _UNIT, colours.ink_soft)

    def mark_at(self, where: QPointF) -> Mark | None:
        """Return the mark at a place: of a cycle, a response or the end, or the lane itself."""
        lane = reversed(self.marks_of(self._row_at(where.y())))
        return next((mark for mark in lane if mark.rect.contains(where)), None)

    def next_mark(self, mark: Mark | None, right: int, down: int) -> Mark | None:
        """Go along the lane to the right and left; up and down to the nearest mark of the next."""
        if mark is None:
            return next(iter(self.marks_of(0)), None)
        here = mark.rect.center()
        row = self._row_at(here.y())
        if not down:
            lane = sorted(self.marks_of(row), key=_where)
            place = lane.index(mark) + right if mark in lane else 0
            return lane[min(max(place, 0), len(lane) - 1)] if lane else None
        others = self.marks_of(row + down) if row + down >= 0 else []
        return min(others, key=lambda other: abs(_where(other) - _where(mark)), default=mark)

    def marks_of(self, row: int) -> list[Mark]:
        """Return the marks of a lane, made on each call: the lane first, then those on it."""
        if not 0 <= row < len(self.swimmer.lanes):
            return []
        return self._make_lane(row, self.swimmer.lanes[row])

    def _row_at(self, y: float) -> int:
        return min(max(int((y - _TOP) / self.row), 0), max(len(self.swimmer.lanes) - 1, 0))

    # One lane

    def _draw_lane(self, painter: QPainter, strip: QRectF, lane: Lane) -> None:
        colours = theme.current()
        middle = strip.center().y()
        name = elide(lane.code, self.metrics, self.left - SIDE - 6)
        draw_text(painter, QRectF(SIDE, strip.top(), self.left, self.row), name, colours.ink_soft)
        begin, end = self._ends(lane)
        fill = QColor(colours.accent)
        fill.setAlphaF(0.36 if colours.dark else 0.28)
        high = min(self.row * 0.62, 12.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill if lane.status == "alive" else QColor(colours.neutral))
        painter.drawRoundedRect(QRectF(begin, middle - high / 2, end - begin, high), 2, 2)
        for cycle in lane.cycles:
            at = QPointF(self._at(cycle.day), middle)
            _draw_squares(painter, at, cycle.nuclides, self._half(), high)
        for read in lane.responses:
            _draw_diamond(painter, QPointF(self._at(read.day), middle), read.response, high / 2)
        _draw_end(painter, QPointF(end + 8, middle), lane.status)

    def _at(self, day: float) -> float:
        return self.across.x(day / DAYS_PER_MONTH)

    def _half(self) -> float:
        """Return half the width of a cycle's squares: two months must not overlap."""
        return min(
            max(self.across.width / (self.across.last - self.across.first) * 0.4, _SLIM), 5.0
        )

    def _ends(self, lane: Lane) -> tuple[float, float]:
        begin = self._at(min([0, *(cycle.day for cycle in lane.cycles)]))
        return begin, max(self._at(lane.end), begin + 2)

    def _make_lane(self, row: int, lane: Lane) -> list[Mark]:
        strip = self.lane_rect(row)
        _, end = self._ends(lane)
        who = (lane.patient_id,)
        high = min(self.row, 16.0)

        def spot(x: float, half: float) -> QRectF:
            return QRectF(x - half, strip.center().y() - high / 2, 2 * half, high)

        whole = QRectF(SIDE, strip.top() + 1, end - SIDE, self.row - 2)
        half = self._half() + 1.5
        return [
            Mark(whole, who, _lane_tip(lane)),
            *(Mark(spot(self._at(g.day), half), who, _cycle_tip(lane, g)) for g in lane.cycles),
            *(Mark(spot(self._at(r.day), 6), who, _read_tip(lane, r)) for r in lane.responses),
            Mark(spot(end + 8, 6), who, f"{lane.code}\n{_end_text(lane)}"),
        ]

    def legend(self) -> list[LegendEntry]:
        """Return the marks in these lanes, and no others."""
        return self._entries


def _entries(data: Swimmer) -> list[LegendEntry]:
    seen = {"CR" if response == "PR" else response for response in data.responses}
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
            LegendEntry(partial(_draw_squares, nuclides=nuclides, half=5, high=10), text)
            for nuclides, text in cycles
        ),
        *(
            LegendEntry(partial(_draw_diamond, response=one, half=5), text)
            for one, text in _RESPONSES
            if one in seen
        ),
        *(
            LegendEntry(partial(_draw_end, status=status), text)
            for status, text in ends.items()
            if status in data.statuses
        ),
    ]


def _draw_squares(
    painter: QPainter, at: QPointF, nuclides: tuple[str, ...], half: float, high: float
) -> None:
    """Draw a square, divided among the nuclides; hollow where none is recorded."""
    colours = theme.current()
    left, top = at.x() - half, at.y() - high / 2
    if not nuclides:
        painter.setPen(QPen(QColor(colours.ink_soft), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(left, top, 2 * half, high))
        return
    painter.setPen(Qt.PenStyle.NoPen)
    width = 2 * half / len(nuclides)
    for place, nuclide in enumerate(nuclides):
        painter.setBrush(QColor(nuclide_colour(nuclide)))
        painter.drawRect(QRectF(left + place * width, top, width, high))


def _draw_diamond(painter: QPainter, at: QPointF, response: str, half: float) -> None:
    painter.setPen(QPen(QColor(theme.current().card), 1))
    painter.setBrush(QColor(response_colour(response)))
    painter.drawPolygon(diamond(at, half))


def _draw_end(painter: QPainter, at: QPointF, status: str) -> None:
    """Draw an arrow for a living patient, a cross for a death, a ring where it is unknown."""
    colours = theme.current()
    if status == "alive":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.ink))
        painter.drawPolygon(polygon(at, (-3, -3.5), (3.5, 0), (-3, 3.5)))
        return
    painter.setPen(QPen(QColor(colours.ink), 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if status == "dead":
        for rise in (3.5, -3.5):
            painter.drawLine(at + QPointF(-3.5, -rise), at + QPointF(3.5, rise))
    else:
        painter.drawEllipse(at, 2.5, 2.5)


def _where(mark: Mark) -> float:
    """Return the pixel by which marks of a lane are ordered: the lane itself comes first."""
    return mark.rect.left() if mark.rect.left() <= SIDE else mark.rect.center().x()


def _when(day: int) -> str:
    month = numbers.estimate(day / DAYS_PER_MONTH, "months")
    return _("day {day} (month {month})").format(day=day, month=month)


def _lane_tip(lane: Lane) -> str:
    best = _("best response {best}").format(best=lane.best) if lane.best else ""
    n = len(lane.cycles)
    cycles = ngettext("{n} cycle", "{n} cycles", n).format(n=n)
    return "\n".join(filter(None, (lane.code, cycles, best, _end_text(lane))))


def _cycle_tip(lane: Lane, cycle: LaneCycle) -> str:
    what = " + ".join(cycle.nuclides) or _("no administration recorded")
    text = _("{code}\nCycle {number}: {what}\n{when}")
    return text.format(code=lane.code, number=cycle.number, what=what, when=_when(cycle.day))


def _read_tip(lane: Lane, read: LaneResponse) -> str:
    return "\n".join(filter(None, (f"{lane.code}\n{read.response}", read.what, _when(read.day))))


def _end_text(lane: Lane) -> str:
    if lane.last_day is None:
        return _("No follow-up recorded")
    ends = {"alive": _("Alive at last contact, {when}"), "dead": _("Died, {when}")}
    return ends.get(lane.status, _("Last contact, {when}")).format(when=_when(lane.last_day))
