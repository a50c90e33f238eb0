"""The limits of normal of the casebook's laboratories, for results that come without limits.

The limits of a named laboratory apply to the results of that laboratory only; those without a
laboratory apply to every result. Of several that apply to a result, the narrower wins: first one
for its laboratory, then one for the patient's sex, then the narrower range of ages, then the one
valid from the later day, then the one entered last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import ClassVar, NamedTuple, Protocol

from model.errors import InvalidRecord
from model.language import _
from model.records import patients
from model.records.labs import LabResult
from model.records.rules import non_empty, not_listed, outside
from model.reference import analytes, units
from model.reference.analytes import Limits
from model.reference.plausibility import is_plausible_limit
from model.reference.vocabulary import Vocabulary
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step

TABLE = "laboratory_limit"
SEXES = Vocabulary(*("F", "M"), synonyms={sex: patients.SEXES.synonyms[sex] for sex in ("F", "M")})
OLDEST = 130
"""Years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaboratoryLimit:
    """The limits of one analyte; what is None does not restrict where they apply."""

    TABLE: ClassVar[str] = TABLE

    id: int | None = None
    laboratory: str = ""
    """Empty for any laboratory."""
    analyte: str
    unit: str | None = None
    sex: str | None = None
    age_from: int | None = None
    age_to: int | None = None
    """In whole years, both included."""
    valid_from: date | None = None
    valid_to: date | None = None
    """Days of the sample, both included."""
    lln: Decimal | None = None
    uln: Decimal | None = None
    comment: str | None = None

    def problems(self) -> dict[str, str]:
        """Return why these limits cannot be saved, by field; empty if they can."""
        years = _("An age must be between 0 and {oldest} years.").format(oldest=OLDEST)
        backwards = _("The end is before the beginning.")
        return non_empty(
            analyte=self._analyte_problem(),
            unit=self._unit_problem(),
            sex=not_listed(self.sex, SEXES, _("“{value}” is not a sex. Use one of {listed}.")),
            age_from=outside(self.age_from, years, low=0, high=OLDEST),
            age_to=outside(self.age_to, years, low=0, high=OLDEST)
            or (backwards if _is_before(self.age_to, self.age_from) else None),
            valid_to=backwards if _is_before(self.valid_to, self.valid_from) else None,
            lln=_limit_problem(self.lln),
            uln=_limit_problem(self.uln)
            or (None if _limit_problem(self.lln) else self._both_problem()),
        )

    def _analyte_problem(self) -> str | None:
        if not self.analyte.strip():
            return _("Limits need an analyte.")
        if analytes.by_key(self.analyte) is None:
            return _("“{text}” is not a known analyte.").format(text=self.analyte)
        return None

    def _unit_problem(self) -> str | None:
        analyte = analytes.by_key(self.analyte)
        if analyte is None or units.parse(analyte.key, self.unit or "") is not None:
            return None
        if not self.unit:
            return _("Limits need a unit.")
        text = _("“{unit}” is not a unit of {analyte}.")
        return text.format(unit=self.unit, analyte=analyte.name)

    def _both_problem(self) -> str | None:
        if self.lln is None and self.uln is None:
            return _("Enter a lower or an upper limit.")
        if self.lln is not None and self.uln is not None and self.uln < self.lln:
            return _("The upper limit of normal is below the lower one.")
        if self.uln == 0:
            return _("The upper limit of normal cannot be 0.")
        analyte = analytes.by_key(self.analyte)
        unit = self.unit or ""
        if analyte and not all(
            limit is None or is_plausible_limit(self.analyte, unit, limit, upper=upper)
            for limit, upper in ((self.lln, False), (self.uln, True))
        ):
            text = _("These limits are implausible in {unit}: check the unit.")
            known = units.parse(analyte.key, self.unit or "")
            return text.format(unit=known.symbol if known else self.unit)
        return None

    def applies_to(self, result: LabResult, sex: str | None, age: int | None) -> bool:
        """Return whether these are limits for a result of a patient of this sex and age."""
        return (
            self.analyte == result.analyte
            and self.laboratory.casefold() in ("", (result.laboratory or "").strip().casefold())
            and self.sex in (None, sex)
            and _is_within(age, self.age_from, self.age_to)
            and _is_within(result.taken_on, self.valid_from, self.valid_to)
        )

    @property
    def rank(self) -> tuple[bool, bool, int, date, int]:
        """What decides between limits that apply to the same result: the highest rank wins."""
        oldest = OLDEST if self.age_to is None else self.age_to
        return (
            bool(self.laboratory),
            self.sex is not None,
            (self.age_from or 0) - oldest,
            self.valid_from or date.min,
            self.id or 0,
        )

    def limits_in(self, unit_text: str | None) -> Limits | None:
        """Return the limits in the unit of a result; None if that is not a unit of the analyte."""
        analyte = analytes.by_key(self.analyte)
        if analyte is None:
            return None
        return analyte.in_unit(
            Limits(low=self.lln, high=self.uln, unit=self.unit or ""), unit_text or ""
        )


class Subject(Protocol):
    """What limits depend on of a patient."""

    @property
    def sex(self) -> str | None:
        """F, M, X, or None where it is not recorded."""
        ...

    def age_on(self, day: date, /) -> tuple[int, bool] | None:
        """Return the age in whole years on a day, and whether it is approximate."""
        ...


def save(step: Step, limit: LaboratoryLimit) -> LaboratoryLimit:
    """Save limits; raises InvalidRecord when a rule is broken or they are there already."""
    if problems := limit.problems():
        raise InvalidRecord(problems)
    others = (other for other in all_limits(step) if other.id != limit.id)
    if case_of(limit) in map(case_of, others):
        raise InvalidRecord({"record": _("There are already limits for the same case.")})
    return records.put(step, limit)


class Saved(NamedTuple):
    """How many of several limits are new, replaced others of the same case, or were there."""

    added: int
    changed: int
    unchanged: int


def save_all(step: Step, limits: Iterable[LaboratoryLimit]) -> Saved:
    """Save limits of different cases; they replace those of the same case.

    Raises InvalidRecord for the first that breaks a rule.
    """
    present = {case_of(limit): limit for limit in all_limits(step)}
    counts = [0, 0, 0]
    for limit in limits:
        if problems := limit.problems():
            raise InvalidRecord(problems)
        old = present.get(case_of(limit))
        new = replace(limit, id=old.id if old else None)
        kind = 0 if old is None else 2 if new == old else 1
        counts[kind] += 1
        if kind != 2:
            present[case_of(limit)] = records.put(step, new)
    return Saved(*counts)


def remove(step: Step, limit: LaboratoryLimit) -> None:
    """Move limits to the bin."""
    records.remove(step, limit)


def all_limits(reader: Reader) -> list[LaboratoryLimit]:
    """Return all limits of a casebook: by laboratory, then as they were entered."""
    rows = reader.rows(f"select * from {TABLE} where deleted_at is null order by laboratory, id")
    return [records.from_row(LaboratoryLimit, row) for row in rows]


def laboratories(reader: Reader) -> list[str]:
    """Return the names of the laboratories of limits and results, in alphabetical order."""
    rows = reader.rows(
        f"""
        select laboratory from {TABLE} where deleted_at is null and laboratory <> ''
         union
        select laboratory from lab_result where deleted_at is null and laboratory <> ''
        """
    )
    return sorted((row["laboratory"] for row in rows), key=str.casefold)


def find(
    limits: Iterable[LaboratoryLimit], result: LabResult, sex: str | None, age: int | None
) -> LaboratoryLimit | None:
    """Return the limits for a result, by the rule of this module; None if there are none."""
    fitting = [limit for limit in limits if limit.applies_to(result, sex, age)]
    return max(fitting, key=lambda limit: limit.rank, default=None)


def with_limits(
    results: Sequence[LabResult], limits: Sequence[LaboratoryLimit], subject: Subject
) -> tuple[LabResult, ...]:
    """Return one patient's results, with laboratory limits where they have none of their own."""
    by_analyte: dict[str, list[LaboratoryLimit]] = defaultdict(list)
    for limit in limits:
        by_analyte[limit.analyte].append(limit)
    if not by_analyte:
        return tuple(results)
    return tuple(
        replace(result, laboratory_limits=_limits_of(result, by_analyte[result.analyte], subject))
        if result.analyte in by_analyte and result.lln is None and result.uln is None
        else result
        for result in results
    )


def _limits_of(
    result: LabResult, limits: Sequence[LaboratoryLimit], subject: Subject
) -> Limits | None:
    age = subject.age_on(result.taken_on)
    found = find(limits, result, subject.sex, age[0] if age else None)
    return found.limits_in(result.unit) if found else None


def case_of(limit: LaboratoryLimit) -> tuple[object, ...]:
    """Return what limits are for; of two for the same, neither is narrower."""
    return (
        *(limit.laboratory.casefold(), limit.analyte, limit.sex),
        *(limit.age_from, limit.age_to, limit.valid_from, limit.valid_to),
    )


def _limit_problem(limit: Decimal | None) -> str | None:
    if limit is None:
        return None
    if not limit.is_finite():
        return _("This is not a number.")
    return _("A limit cannot be negative.") if limit < 0 else None


def _is_before(end: int | date | None, start: int | date | None) -> bool:
    return end is not None and start is not None and end < start  # type: ignore[operator]


def _is_within(value: int | date | None, low: int | date | None, high: int | date | None) -> bool:
    if low is None and high is None:
        return True
    return value is not None and not _is_before(value, low) and not _is_before(high, value)
