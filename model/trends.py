"""The trend of one analyte: its results in one unit, with the limits of normal as recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from model import analytes, units
from model.analytes import Analyte
from model.labs import LabResult, label


class Since(NamedTuple):
    """How a day lies to the cycles: number of the last on or before it, and days since.

    Before the first cycle the days are negative and count to it; without a cycle both are None.
    """

    cycle: int | None
    days: int | None

    def __str__(self) -> str:
        if self.cycle is None or self.days is None:
            return ""
        if self.days == 0:
            return f"day of C{self.cycle}"
        count = f"{abs(self.days)} day" + ("" if abs(self.days) == 1 else "s")
        return f"{count} {'since' if self.days > 0 else 'before'} C{self.cycle}"


def since_cycle(day: date, cycle_days: Sequence[tuple[int, date]]) -> Since:
    """How a day lies to cycles, given by number and day, ordered by day."""
    before = [cycle for cycle in cycle_days if cycle[1] <= day]
    nearest = before[-1] if before else next(iter(cycle_days), None)
    return Since(nearest[0], (day - nearest[1]).days) if nearest else Since(None, None)


class Point(NamedTuple):
    """One result, with its value in the unit of its trend, and how it lies to the cycles."""

    result: LabResult
    value: float
    since: Since

    @property
    def on(self) -> date:
        """The day on which the sample was taken."""
        return self.result.taken_on

    @property
    def day(self) -> float:
        """Its place on a time axis: days since 1 January of the year 1, with the time of day."""
        at = self.result.taken_at
        fraction = (at.hour + at.minute / 60) / 24 if at else 0.0
        return self.result.taken_on.toordinal() + fraction

    @property
    def comparator(self) -> str | None:
        """`<` or `>` where the result only says on which side of the value it lies."""
        return self.result.comparator

    @property
    def written(self) -> str:
        """The result exactly as it was written, with its unit: `<0.3 g/dL`."""
        return " ".join(filter(None, (self.result.value_text, self.result.unit)))


class LimitsFrom(NamedTuple):
    """Limits of normal in the unit of the trend, from a day until others are recorded."""

    on: date
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """All results of one analyte that can be drawn in one unit.

    `unit` is as it is printed: the one all results were written in, or else the canonical one.
    `limits` are oldest first; `assumed` says that they are customary ones, since no result has
    its own. `not_drawn` counts the results whose unit is not known.
    """

    analyte: str
    name: str
    unit: str
    points: tuple[Point, ...]
    limits: tuple[LimitsFrom, ...]
    assumed: bool
    not_drawn: int

    def value_text(self, point: Point) -> str:
        """A point's value with its unit: the digits as written, where that was in this unit."""
        as_written = point.value == float(point.result.value)
        value = str(point.result.value) if as_written else number_text(point.value)
        return " ".join(filter(None, (f"{point.comparator or ''}{value}", self.unit)))


def trend(
    analyte_key: str,
    results: Sequence[LabResult],
    since: Mapping[date, Since],
    sex: str | None = None,
) -> Trend:
    """The trend that results of one analyte make; they come oldest first.

    `since` says for each of their days how it lies to the cycles; `sex` (F or M) chooses the
    customary limits of an analyte without recorded ones.
    """
    analyte = analytes.by_key(analyte_key)
    unit, factors = _scale(analyte, results)
    points = [
        Point(result, float(result.value) * factors[result.unit], since[result.taken_on])
        for result in results
        if result.unit in factors
    ]
    limits = _recorded_limits(results, factors)
    customary = () if limits else _customary_limits(analyte, unit, points, sex)
    return Trend(
        analyte=analyte_key,
        name=label(analyte_key),
        unit=unit if analyte is None else analyte.display_unit(unit),
        points=tuple(points),
        limits=limits or customary,
        assumed=bool(customary),
        not_drawn=len(results) - len(points),
    )


def number_text(value: float) -> str:
    """A number with up to four significant digits, never in powers of ten."""
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _scale(
    analyte: Analyte | None, results: Sequence[LabResult]
) -> tuple[str, Mapping[str | None, float]]:
    """The trend's unit, and by written unit the factor to it; a unit left out is not known."""
    written = Counter(result.unit for result in results)
    if analyte is None:
        # Nothing is known of its units: those written alike can stand on one line.
        unit = next((text for text, _ in written.most_common() if text), None)
        return (unit, {unit: 1.0}) if unit else ("", {})
    read = {text: units.parse(analyte.key, text or "") for text in written}
    known = {text: unit for text, unit in read.items() if unit is not None}
    spoken = {unit.ucum for unit in known.values()}
    ucum = spoken.pop() if len(spoken) == 1 else analyte.unit
    whole = analyte.units[ucum].factor
    return ucum, {text: float(unit.factor / whole) for text, unit in known.items()}


def _recorded_limits(
    results: Iterable[LabResult], factors: Mapping[str | None, float]
) -> tuple[LimitsFrom, ...]:
    """The limits that the results bring, each until others follow."""
    limits: list[LimitsFrom] = []
    last: tuple[object, ...] = ()
    for result in results:
        if result.lln is None and result.uln is None:
            continue
        now = (result.lln, result.uln, result.unit)
        if now == last or (factor := factors.get(result.unit)) is None:
            continue
        last = now
        lower = None if result.lln is None else float(result.lln) * factor
        upper = None if result.uln is None else float(result.uln) * factor
        if not limits or limits[-1][1:] != (lower, upper):
            limits.append(LimitsFrom(result.taken_on, lower, upper))
    return tuple(limits)


def _customary_limits(
    analyte: Analyte | None, ucum: str, points: Sequence[Point], sex: str | None
) -> tuple[LimitsFrom, ...]:
    """The customary limits for the sex, in the trend's unit; none where there are no points."""
    limits = analyte.default_limits(sex) if analyte and sex in ("F", "M") else None
    if analyte is None or limits is None or not points:
        return ()
    factor = float(analyte.units[limits.unit].factor / analyte.units[ucum].factor)
    lower = None if limits.low is None else float(limits.low) * factor
    upper = None if limits.high is None else float(limits.high) * factor
    return (LimitsFrom(points[0].on, lower, upper),)
