"""A patient's derived values: which results belong to one sample, and what a value came from.

The laboratory values that go into one formula are of the same day. Age is taken on that day; weight
is the nearest within 30 days, or else the last before. Nothing here is stored. A result that only
states `<` or `>`, or is questioned, gives no derived value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from model.dates import date_text
from model.derived.person import Person
from model.language import _
from model.records.labs import LabResult, label
from model.reference import units
from model.reference.samples import same_sample
from model.rounding import decimals

_day = attrgetter("taken_on")

Results = Mapping[str, Sequence[LabResult]]
"""A patient's results by analyte, oldest first."""


class Input(NamedTuple):
    """One value that went into a formula, as it was recorded."""

    name: str
    value: str
    unit: str
    on: date | None
    """When it was measured; None for what has no day of its own (age, sex, height)."""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.value, self.unit)))


class DaySample(NamedTuple):
    """What a formula is computed from: one day's laboratory values in its units, and a person."""

    values: tuple[float, ...]
    person: Person
    day: date


Outcome = tuple[float, tuple[Input, ...]] | str
"""A value with the other facts used for it; or a sentence with the reason why there is none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Formula:
    """What a formula needs, in which units, and what it gives.

    `needs` are analytes with the unit (UCUM) that the formula takes them in.
    """

    key: str
    name: str
    unit: str
    decimals: int
    expression: str
    needs: tuple[tuple[str, str], ...]
    compute: Callable[[DaySample], Outcome]
    remark: Callable[[float], str] = lambda _: ""

    def text(self, value: float) -> str:
        """Return a value with the digits that make sense for it."""
        return decimals(value, self.decimals)


class DerivedValue(NamedTuple):
    """One value of a formula, with the results and other facts it came from."""

    formula: Formula
    value: float
    results: tuple[LabResult, ...]
    facts: tuple[Input, ...]

    @property
    def taken_on(self) -> date:
        """The day of its samples."""
        return self.results[0].taken_on

    @property
    def taken_at(self) -> time | None:
        """The time of its first sample, where that is recorded."""
        return self.results[0].taken_at

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Everything that went in: results as written, then the other facts."""
        return tuple(map(_as_input, self.results)) + self.facts

    @property
    def derived_from(self) -> str:
        """The inputs in words, with their day where it differs from that of the samples.

        `from Creatinine 1.0 mg/dL, Age 58 years, Sex F, Weight 70 kg (10 Mar 2025)`.
        """
        inputs = (
            f"{each}" if each.on in (None, self.taken_on) else f"{each} ({date_text(each.on)})"
            for each in self.inputs
        )
        return _("from {inputs}").format(inputs=", ".join(inputs))

    @property
    def text(self) -> str:
        """The value with the digits that make sense for it, without its unit."""
        return self.formula.text(self.value)

    @property
    def remark(self) -> str:
        """A remark shown next to the value: `ALBI grade 2`; empty for most."""
        return self.formula.remark(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestValue:
    """The latest value of one formula, or why there is none.

    `value` and `on` are None exactly where `why_not` gives the reason. `unit` is as it is printed.
    """

    key: str
    name: str
    value: float | None = None
    text: str = ""
    unit: str
    on: date | None = None
    expression: str
    inputs: tuple[Input, ...] = ()
    why_not: str = ""
    remark: str = ""


def derive_all(
    formula: Formula, results: Results, person: Person
) -> tuple[list[DerivedValue], str]:
    """Return all values of a formula, oldest first, and why the last sample gave none.

    There is one value for each result of the first analyte with all others of its sample: of the
    same day, and of the same time where both are known. The reason is empty where the last sample
    gave a value.
    """
    outcomes = list(_newest_first(formula, results, person))
    values = [one for one in reversed(outcomes) if isinstance(one, DerivedValue)]
    newest = outcomes[0] if outcomes else _why_never(formula, results)
    return values, newest if isinstance(newest, str) else ""


def derive_latest(formula: Formula, results: Results, person: Person) -> LatestValue:
    """Return the latest value of a formula, or why there is none.

    Where newer samples gave none, the remark gives the reason.
    """
    why_not = ""
    for outcome in _newest_first(formula, results, person):
        if isinstance(outcome, DerivedValue):
            newer = _("a newer sample was not used: {reason}").format(reason=why_not)
            return replace(
                _without_value(formula, ""),
                value=outcome.value,
                text=outcome.text,
                on=outcome.taken_on,
                inputs=outcome.inputs,
                remark="; ".join(filter(None, (outcome.remark, newer if why_not else ""))),
            )
        why_not = why_not or outcome
    return _without_value(formula, why_not or _why_never(formula, results))


def measured_instead(formula: Formula, result: LabResult) -> LatestValue:
    """Return why nothing is derived where laboratories report the value themselves."""
    value = " ".join(filter(None, (result.value_text, result.unit)))
    return _without_value(
        formula,
        _("Not derived, as laboratories report it: {value} on {date}.").format(
            value=value, date=date_text(result.taken_on)
        ),
    )


def _without_value(formula: Formula, why_not: str) -> LatestValue:
    return LatestValue(
        key=formula.key,
        name=formula.name,
        unit=units.display_unit(formula.unit),
        expression=formula.expression,
        why_not=why_not,
    )


def _newest_first(
    formula: Formula, results: Results, person: Person
) -> Iterator[DerivedValue | str]:
    """Yield the value of each complete sample, or why it has none."""
    first, *others = [results.get(key, ()) for key, _unit in formula.needs]
    days = [{day: [*of_day] for day, of_day in groupby(each, _day)} for each in others]
    factors: dict[tuple[str, str | None], float | None] = {}
    for result in reversed(first):
        same_day = (of_day.get(result.taken_on, []) for of_day in days)
        sample = [result, *(other for each in same_day if (other := _same_sample(each, result)))]
        if len(sample) == len(formula.needs):
            yield _derive(formula, sample, person, factors)


def _same_sample(of_day: Sequence[LabResult], result: LabResult) -> LabResult | None:
    """Return the result of the day that is of the same sample as another, if any."""
    index = same_sample([other.taken_at for other in of_day], result.taken_at)
    return None if index is None else of_day[index]


def _why_never(formula: Formula, results: Results) -> str:
    """Return why no sample has everything that a formula needs."""
    names = [label(key) for key, _unit in formula.needs]
    for (key, _unit), name in zip(formula.needs, names, strict=True):
        if not results.get(key):
            return _("No result of {analyte} is recorded.").format(analyte=name)
    return _("No sample has both {first} and {second}.").format(first=names[0], second=names[-1])


def _derive(
    formula: Formula,
    sample: Sequence[LabResult],
    person: Person,
    factors: dict[tuple[str, str | None], float | None],
) -> DerivedValue | str:
    """Compute one value from the results of one day, or return why there is none."""
    values = []
    for result, (key, ucum) in zip(sample, formula.needs, strict=True):
        if result.is_questioned:
            return f"{label(key)}: {result.doubt}"
        if result.comparator:
            return _("{result} is not an exact value.").format(result=_as_input(result))
        written = (key, result.unit)
        if written not in factors:
            factors[written] = _factor(key, result.unit, ucum)
        factor = factors[written]
        if factor is None:
            return _unknown_unit(result)
        values.append(float(result.value) * factor)
    outcome = formula.compute(DaySample(tuple(values), person, sample[0].taken_on))
    if isinstance(outcome, str):
        return outcome
    return DerivedValue(formula, outcome[0], tuple(sample), outcome[1])


def _unknown_unit(result: LabResult) -> str:
    name = label(result.analyte)
    if not result.unit:
        return _("No unit of {analyte} is recorded.").format(analyte=name)
    return _("Unknown unit of {analyte}: {unit}.").format(analyte=name, unit=result.unit)


def _factor(key: str, written: str | None, ucum: str) -> float | None:
    """Return the factor from a written unit to the formula's; None if the unit is unknown."""
    unit = units.parse(key, written or "")
    return None if unit is None else float(unit.factor / units.units_of(key)[ucum].factor)


def _as_input(result: LabResult) -> Input:
    return Input(label(result.analyte), result.value_text, result.unit or "", result.taken_on)
