"""A patient's derived values: which samples are put together, and what each value came from.

Laboratory values that go into one formula come from one day; age is that of the day, weight the
nearest within 30 days, or else the last before it. The formulas stand in `model.derived_kinds`.
Nothing here is stored, and a result that only says `<` or `>` gives none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import NamedTuple

from model.dates import shown
from model.derived import formulas as derived
from model.derived.person import Person
from model.records.labs import LabResult, label
from model.reference import units

BODY_SURFACE = "bsa"


class Input(NamedTuple):
    """One value that went into a formula, as it was recorded."""

    name: str
    value: str
    unit: str
    on: date | None
    """When it was measured; None for what has no day of its own (age, sex, height)."""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.value, self.unit)))


class Reckoned(NamedTuple):
    """One derived value: of which formula, from which results and which other facts."""

    kind: Kind
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
        """All that went in: results as written, then what else the formula takes."""
        return tuple(map(_as_input, self.results)) + self.facts

    @property
    def derived_from(self) -> str:
        """The inputs in words, with their day where it is another than that of the samples.

        `from Creatinine 1.0 mg/dL, Age 58 years, Sex F, Weight 70 kg (10 Mar 2025)`.
        """
        return f"from {', '.join(map(self._input_text, self.inputs))}"

    def _input_text(self, one: Input) -> str:
        return f"{one}" if one.on in (None, self.taken_on) else f"{one} ({shown(one.on)})"

    @property
    def text(self) -> str:
        """The value with the digits that make sense for it, without its unit."""
        return self.kind.text(self.value)

    @property
    def remark(self) -> str:
        """What is said beside the value: `ALBI grade 2`; empty for most."""
        return self.kind.remark(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """The latest value of one formula, or why there is none; never stored.

    `value` and `on` are None exactly where `why_not` says why. `unit` is as it is printed.
    """

    key: str
    name: str
    value: float | None
    text: str
    unit: str
    on: date | None
    formula: str
    inputs: tuple[Input, ...]
    why_not: str
    remark: str = ""


class Sample(NamedTuple):
    """What a formula is given: laboratory values of one day in its units, and whose they are."""

    values: tuple[float, ...]
    person: Person
    day: date


Outcome = tuple[float, tuple[Input, ...]] | str
"""A value with the other facts that it took; or why there is none, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """A formula made ready for a patient: what it needs, in which units, and what it gives.

    `needs` are analytes with the unit (UCUM) that the formula takes them in.
    """

    key: str
    name: str
    unit: str
    decimals: int
    formula: str
    needs: tuple[tuple[str, str], ...]
    reckon: Callable[[Sample], Outcome]
    remark: Callable[[float], str] = lambda _: ""

    def text(self, value: float) -> str:
        """A value with the digits that make sense for it."""
        return f"{value:.{self.decimals}f}"


def series(
    kind: Kind, results: Mapping[str, Sequence[LabResult]], person: Person
) -> tuple[list[Reckoned], str]:
    """All values of a formula, oldest first, and why the last sample gave none (empty if it did).

    `results` are a patient's, by analyte, oldest first. One value for each result of the first
    analyte that has all others of its day: of the same time, or else the last of that day.
    """
    outcomes = list(_newest_first(kind, results, person))
    made = [one for one in reversed(outcomes) if isinstance(one, Reckoned)]
    newest = outcomes[0] if outcomes else _nothing(kind, results)
    return made, newest if isinstance(newest, str) else ""


def latest(kind: Kind, results: Mapping[str, Sequence[LabResult]], person: Person) -> Derived:
    """The latest value of a formula as the page shows it, or why there is none.

    Where newer samples gave none, the remark says why.
    """
    why_not = ""
    for outcome in _newest_first(kind, results, person):
        if isinstance(outcome, Reckoned):
            newer = f"a newer sample was not used: {why_not}" if why_not else ""
            return replace(
                _without(kind, ""),
                value=outcome.value,
                text=outcome.text,
                on=outcome.taken_on,
                inputs=outcome.inputs,
                remark="; ".join(filter(None, (outcome.remark, newer))),
            )
        why_not = why_not or outcome
    return _without(kind, why_not or _nothing(kind, results))


def measured_instead(kind: Kind, result: LabResult) -> Derived:
    """Why nothing is derived where laboratories report the value themselves."""
    value = " ".join(filter(None, (result.value_text, result.unit)))
    measured = f"{value} on {shown(result.taken_on)}"
    return _without(kind, f"Not derived, as laboratories report it: {measured}.")


def _without(kind: Kind, why_not: str) -> Derived:
    return Derived(
        key=kind.key,
        name=kind.name,
        value=None,
        text="",
        unit=units.display_unit(kind.unit),
        on=None,
        formula=kind.formula,
        inputs=(),
        why_not=why_not,
    )


def surface(person: Person) -> Derived:
    """The body surface by the latest weight, or why it is not known."""
    weight = person.weights[-1] if person.weights else None
    missing = [
        what for what, known in (("height", person.height_cm), ("weight", weight)) if known is None
    ]
    value: float | None = None
    inputs: tuple[Input, ...] = ()
    if person.height_cm is not None and weight is not None:
        value = derived.body_surface(person.height_cm, weight[1])
        inputs = (
            Input("Height", f"{person.height_cm:g}", "cm", None),
            Input("Weight", f"{weight[1]:g}", "kg", weight[0]),
        )
    return Derived(
        key=BODY_SURFACE,
        name="Body surface area, Mosteller",
        value=value,
        text="" if value is None else f"{value:.2f}",
        unit="m²",
        on=weight[0] if weight and value is not None else None,
        formula="√(height · weight / 3600)",
        inputs=inputs,
        why_not=f"No {' and no '.join(missing)} is recorded." if missing else "",
    )


def _newest_first(
    kind: Kind, results: Mapping[str, Sequence[LabResult]], person: Person
) -> Iterator[Reckoned | str]:
    """What each sample with all that a formula needs gives, or why it gives nothing."""
    first, *others = [results.get(key, ()) for key, _ in kind.needs]
    days = [_by_day(found) for found in others]
    factors: dict[tuple[str, str | None], float | None] = {}
    for result in reversed(first):
        beside = [of_day.get(result.taken_on) for of_day in days]
        together = [result, *(_same_time(found, result) for found in beside if found)]
        if len(together) == len(kind.needs):
            yield _reckoned(kind, together, person, factors)


def _same_time(of_day: Sequence[LabResult], result: LabResult) -> LabResult:
    """Of one day's results the one taken at the same time as another, or else the last."""
    return next((other for other in of_day if other.taken_at == result.taken_at), of_day[-1])


def _nothing(kind: Kind, results: Mapping[str, Sequence[LabResult]]) -> str:
    """Why no sample has all that a formula needs."""
    missing = [label(key) for key, _ in kind.needs if not results.get(key)]
    if missing:
        return f"No result of {missing[0]} is recorded."
    names = " and ".join(label(key) for key, _ in kind.needs)
    return f"{names} were never measured on one day."


def _reckoned(
    kind: Kind,
    together: Sequence[LabResult],
    person: Person,
    factors: dict[tuple[str, str | None], float | None],
) -> Reckoned | str:
    """One value from the results of one day, or why there is none."""
    values = []
    for result, (key, ucum) in zip(together, kind.needs, strict=True):
        if result.comparator:
            return f"{_as_input(result)} is no exact value."
        written = (key, result.unit)
        if written not in factors:
            factors[written] = _factor(key, result.unit, ucum)
        factor = factors[written]
        if factor is None:
            return f"The unit of {label(key)} is not known: {result.unit or 'none is written'}."
        values.append(float(result.value) * factor)
    outcome = kind.reckon(Sample(tuple(values), person, together[0].taken_on))
    if isinstance(outcome, str):
        return outcome
    return Reckoned(kind, outcome[0], tuple(together), outcome[1])


def _factor(key: str, written: str | None, ucum: str) -> float | None:
    """What a value in a written unit is multiplied with to be in the formula's unit."""
    unit = units.parse(key, written or "")
    return None if unit is None else float(unit.factor / units.units_of(key)[ucum].factor)


def _by_day(results: Sequence[LabResult]) -> dict[date, list[LabResult]]:
    days: dict[date, list[LabResult]] = {}
    for result in results:
        days.setdefault(result.taken_on, []).append(result)
    return days


def _as_input(result: LabResult) -> Input:
    return Input(label(result.analyte), result.value_text, result.unit or "", result.taken_on)
