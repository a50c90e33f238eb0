"""Build the trend of one analyte: its results in one unit, with their limits of normal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np

from model.course import nadirs
from model.course.nadirs import Nadir
from model.course.points import DaysSinceCycle, Floats, Moment, Point, Points
from model.derived import formulas
from model.derived.values import DerivedValue, Formula
from model.grading.samples import NO_SAMPLES, Samples
from model.language import _
from model.records import unit_system
from model.records.labs import LabResult, LimitSource, label
from model.records.starts import CycleStart
from model.records.unit_system import UnitSystem
from model.reference import analytes, units
from model.reference.analytes import Analyte
from model.rounding import decimals, figures


class LimitsFrom(NamedTuple):
    """Limits of normal in the unit of the trend, which apply from a day until others follow."""

    on: date
    lower: float | None
    upper: float | None


@dataclass(frozen=True, kw_only=True)
class Trend:
    """All results of one analyte that can be drawn in one unit, or one formula's values.

    `unit` is written as it is printed: that of the system of units, or else the one unit of all
    results, or the canonical unit. `limits` are oldest first; `assumed` is true if they are default
    limits, as no result has its own. `not_drawn` counts the results whose unit is not known, and
    `questioned` those that are implausible in their unit: neither has a point. `formula` is empty
    unless the values are derived. Baseline and nadirs follow from `cycles`, which are in order of
    time, from `version`, that of CTCAE, and from `samples`.
    """

    analyte: str
    name: str
    unit: str
    points: Sequence[Point]
    limits: tuple[LimitsFrom, ...]
    assumed: bool
    not_drawn: int
    questioned: int = 0
    formula: str = ""
    cycles: tuple[CycleStart, ...] = ()
    version: str = ""
    samples: Samples = NO_SAMPLES
    sources: tuple[LimitSource, ...] = ()
    """Where each of `limits` is from, unless they are assumed."""

    def mark(self, limits: LimitsFrom) -> str:
        """Return the mark next to limits that were not reported with results, otherwise empty."""
        if self.assumed:
            return _("assumed")
        if self.sources and self.sources[self.limits.index(limits)] is LimitSource.LABORATORY:
            return _("laboratory")
        return ""

    @cached_property
    def days(self) -> Floats:
        """The position of each point on a time axis (n,)."""
        if isinstance(self.points, Points):
            return self.points.days
        return np.array([point.day for point in self.points], dtype=float)

    @cached_property
    def values(self) -> Floats:
        """The value of each point (n,)."""
        if isinstance(self.points, Points):
            return self.points.values
        return np.array([point.value for point in self.points], dtype=float)

    @cached_property
    def baseline(self) -> Point | None:
        """The last point before the first cycle began; None without a cycle."""
        return nadirs.last_before(self.points, self.days, self.cycles[0]) if self.cycles else None

    @cached_property
    def nadirs(self) -> tuple[Nadir, ...]:
        """The nadir, or peak, after each cycle; graded on first access (milliseconds)."""
        return nadirs.find_nadirs(
            self.analyte,
            self.points,
            self.days,
            self.values,
            self.cycles,
            self.version,
            self.samples,
        )

    def value_text(self, point: Point) -> str:
        """Return a point's value with its unit, in the written digits if the unit is the same."""
        return " ".join(filter(None, (f"{point.comparator or ''}{self._digits(point)}", self.unit)))

    def _digits(self, point: Point) -> str:
        if isinstance(point.source, DerivedValue):
            return point.source.text
        written = point.source.value
        if point.value == float(written):
            return str(written)
        unit, own = (
            units.parse(self.analyte, text) for text in (point.source.unit or "", self.unit)
        )
        if unit is None or own is None:
            return number_text(point.value)
        return unit_system.convert(written, unit, own, point.comparator)


class Trends(Mapping[str, Trend]):
    """A patient's trends by key: measured ones first, then derived ones, built on access."""

    def __init__(
        self, measured: Mapping[str, Trend], later: Mapping[str, Callable[[], Trend]]
    ) -> None:
        self._trends = dict(measured)
        self._later = later
        self._keys = (*measured, *later)

    def __getitem__(self, key: str) -> Trend:
        if key not in self._trends and key in self._later:
            self._trends[key] = self._later[key]()
        return self._trends[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def build_trend(
    analyte_key: str,
    results: Sequence[LabResult],
    since: Mapping[Moment, DaysSinceCycle],
    sex: str | None = None,
    *,
    cycles: tuple[CycleStart, ...] = (),
    version: str = "",
    system: UnitSystem = UnitSystem.AS_RECORDED,
    samples: Samples = NO_SAMPLES,
    questioned: int = 0,
) -> Trend:
    """Return the trend of one analyte's usable results, oldest first.

    `since` has the days since the cycles for each moment of the results. `sex` (F or M) chooses the
    default limits if none are recorded. `system` chooses the unit if it has one for the analyte.
    `questioned` is the number of results that are not usable.
    """
    analyte = analytes.by_key(analyte_key)
    chosen = unit_system.unit_of(analyte_key, system)
    unit, factors = _scale(analyte, results, chosen.ucum if chosen else None)
    convertible = [result for result in results if result.unit in factors]
    limits, sources = _recorded_limits(results, factors)
    default = (
        () if limits or not convertible else _default_limits(analyte, unit, convertible[0], sex)
    )
    return Trend(
        analyte=analyte_key,
        name=analyte.name if analyte else formulas.formula_name(analyte_key) or label(analyte_key),
        unit=unit if analyte is None else analyte.display_unit(unit),
        points=Points(convertible, factors, since),
        limits=limits or default,
        assumed=bool(default),
        sources=sources,
        not_drawn=len(results) - len(convertible),
        questioned=questioned,
        cycles=cycles,
        version=version,
        samples=samples,
    )


def build_derived_trend(
    formula: Formula,
    values: Sequence[DerivedValue],
    since: Mapping[Moment, DaysSinceCycle],
    sex: str | None,
    cycles: tuple[CycleStart, ...],
    version: str,
) -> Trend:
    """Return the trend of one formula's values, oldest first, in the formula's unit.

    Laboratories report no limits for them, so the default limits of the analyte are used, if any.
    """
    analyte = analytes.by_key(formula.key)
    limits = _default_limits(analyte, formula.unit, values[0], sex) if values else ()
    return Trend(
        analyte=formula.key,
        name=formula.name,
        unit=units.display_unit(formula.unit),
        points=Points(values, {}, since),
        limits=limits,
        assumed=bool(limits),
        not_drawn=0,
        formula=formula.expression,
        cycles=cycles,
        version=version,
    )


def number_text(value: float) -> str:
    """Return a number with up to four significant digits, never in powers of ten."""
    return decimals(value, 0) if abs(value) >= 1000 else figures(value, 4)


def plain_text(value: float) -> str:
    """Return a number with up to six significant digits, never in powers of ten."""
    return decimals(value, 0) if abs(value) >= 100_000 else figures(value, 6)


def _scale(
    analyte: Analyte | None, results: Sequence[LabResult], chosen: str | None
) -> tuple[str, Mapping[str | None, float]]:
    """Return the unit of the trend, and the factor to it from each known written unit."""
    if analyte is None:
        # Its units are unknown: results in the same written unit can share a line.
        written = Counter(result.unit for result in results)
        unit = next((text for text, _ in written.most_common() if text), None)
        return (unit, {unit: 1.0}) if unit else ("", {})
    written_units = {result.unit for result in results}
    parsed = {text: units.parse(analyte.key, text or "") for text in written_units}
    known = {text: unit for text, unit in parsed.items() if unit is not None}
    ucums = {unit.ucum for unit in known.values()}
    ucum = chosen or (ucums.pop() if len(ucums) == 1 else analyte.unit)
    divisor = analyte.units[ucum].factor
    return ucum, {text: float(unit.factor / divisor) for text, unit in known.items()}


def _recorded_limits(
    results: Iterable[LabResult], factors: Mapping[str | None, float]
) -> tuple[tuple[LimitsFrom, ...], tuple[LimitSource, ...]]:
    """Return the limits of the results or of their laboratories, in order of time."""
    limits: list[LimitsFrom] = []
    sources: list[LimitSource] = []
    last: tuple[object, ...] = ()
    for result in results:
        source = LimitSource.LABORATORY if result.laboratory_limits else LimitSource.RESULT
        now = (result.lower_limit, result.upper_limit, result.unit, source)
        if now == last or now[:2] == (None, None):
            continue
        last = now
        if (factor := factors.get(result.unit)) is None:
            continue
        lower, upper = (None if limit is None else float(limit) * factor for limit in now[:2])
        if not limits or (*limits[-1][1:], sources[-1]) != (lower, upper, source):
            limits.append(LimitsFrom(result.taken_on, lower, upper))
            sources.append(source)
    return tuple(limits), tuple(sources)


def _default_limits(
    analyte: Analyte | None, ucum: str, first: LabResult | DerivedValue, sex: str | None
) -> tuple[LimitsFrom, ...]:
    """Return the default limits for the sex in the trend's unit, from the first value on."""
    limits = analyte.default_limits_in(ucum, sex) if analyte else None
    if limits is None:
        return ()
    lower = None if limits.low is None else float(limits.low)
    upper = None if limits.high is None else float(limits.high)
    return (LimitsFrom(first.taken_on, lower, upper),)
