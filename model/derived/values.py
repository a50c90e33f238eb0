"""Compute a patient's derived values, and keep the inputs of each.

The laboratory values in one formula are from the same day. Age is that on the day; weight is the
nearest within 30 days, or else the last before. Nothing here is stored. A result that is questioned
or has `<` or `>` gives no derived value.
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
    """One input of a formula, as it was recorded."""

    name: str
    value: str
    unit: str
    on: date | None
    """The day of measurement; None for age, sex and height, which have none."""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.value, self.unit)))


class DaySample(NamedTuple):
    """The inputs of a formula: one day's laboratory values in the formula's units, and a person."""

    values: tuple[float, ...]
    person: Person
    day: date


Outcome = tuple[float, tuple[Input, ...]] | str
"""A value with its inputs besides results, or a sentence on why there is no value."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Formula:
    """A formula with its inputs, its unit and its function.

    `needs` are the analytes, each with the unit (UCUM) in which the formula takes it.
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
        """Return a value with the decimals of this formula."""
        return decimals(value, self.decimals)


class DerivedValue(NamedTuple):
    """One value of a formula, with the results and other facts that it was computed from."""

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
        """The time of its first sample, if recorded."""
        return self.results[0].taken_at

    @property
    def inputs(self) -> tuple[Input, ...]:
        """All inputs: results as written, then the other facts."""
        return tuple(map(_as_input, self.results)) + self.facts

    @property
    def derived_from(self) -> str:
        """The inputs in words, each with its day if that differs from the day of the samples.

        `from Creatinine 1.0 mg/dL, Age 58 years, Sex F, Weight 70 kg (10 Mar 2025)`.
        """
        inputs = (
            f"{each}" if each.on in (None, self.taken_on) else f"{each} ({date_text(each.on)})"
            for each in self.inputs
        )
        return _("from {inputs}").format(inputs=", ".join(inputs))

    @property
    def text(self) -> str:
        """The value with the decimals of its formula, without its unit."""
        return self.formula.text(self.value)

    @property
    def remark(self) -> str:
        """The remark next to the value: `ALBI grade 2`; empty for most formulas."""
        return self.formula.remark(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestValue:
    """The latest value of one formula, or the reason why there is none.

    `value` and `on` are None exactly if `why_not` gives a reason. `unit` is as it is printed.
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

    There is one value for each result of the first analyte that has results of all other analytes
    in the same sample: on the same day, and at the same time if both times are known. The reason is
    empty if the last sample gave a value.
    """
    outcomes = list(_newest_first(formula, results, person))
    values = [outcome for outcome in reversed(outcomes) if isinstance(outcome, DerivedValue)]
    newest = outcomes[0] if outcomes else _why_never(formula, results)
    return values, newest if isinstance(newest, str) else ""


def derive_latest(formula: Formula, results: Results, person: Person) -> LatestValue:
    """Return the latest value of a formula, or the reason why there is none.

    If newer samples gave no value, the remark gives the reason.
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
    """Return the statement that nothing is derived, as laboratories report the value themselves."""
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
    """Yield the value of each complete sample, or the reason why it has none."""
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
    """Return the reason why no sample has all inputs of a formula."""
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
