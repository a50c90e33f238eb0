"""Laboratory results as reported, with the limits of that laboratory on that day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import ClassVar, NamedTuple

from model.errors import InvalidRecord
from model.language import _
from model.records.life import Life, life_of
from model.records.rules import OfPatient, non_empty, not_listed
from model.reference import analytes, units
from model.reference.analytes import Limits
from model.reference.plausibility import (
    ANY,
    NumberRange,
    doubt_about,
    unquestioned_values,
)
from model.reference.vocabulary import Spellings, collapse_blanks
from model.store import rows as records
from model.store.reader import Reader
from model.store.rows import Record
from model.store.step import Step


@lru_cache(maxsize=4096)
def spell_analyte(text: str) -> str:
    """Return the key of an analyte; an unknown one as it is written, with single blanks."""
    analyte = analytes.find(text)
    return analyte.key if analyte else collapse_blanks(text)


COMPARATORS = ("<", ">")


class LimitSource(StrEnum):
    """Where the limits of a result are from."""

    RESULT = "result"
    LABORATORY = "laboratory"
    DEFAULT = "default"


class ResultLimits(NamedTuple):
    """Limits of normal in the unit of a result; None for a side without one."""

    low: Decimal | None
    high: Decimal | None
    source: LimitSource


@dataclass(frozen=True, slots=True, kw_only=True)
class LabResult(OfPatient):
    """One result of one analyte, exactly as reported; limits are in the same unit."""

    TABLE: ClassVar[str] = "lab_result"
    SPELLINGS: ClassVar[Spellings] = {"analyte": spell_analyte}

    taken_on: date
    taken_at: time | None = None
    visit: str | None = None
    analyte: str
    """The analyte's key (`hb`), or the name as written for an unknown one."""
    comparator: str | None = None
    """`<` or `>` where the result is only known to be below or above the value."""
    value: Decimal
    unit: str | None = None
    canonical_value: float | None = None
    """In the analyte's canonical unit; None when the unit is not one of the analyte's."""
    lln: Decimal | None = None
    uln: Decimal | None = None
    fasting: bool | None = None
    laboratory: str | None = None
    """The name of the laboratory that reported it."""
    comment: str | None = None
    confirmed: str | None = None
    """Why a value that seems wrong in its unit is right; None where nobody has confirmed it."""
    laboratory_limits: Limits | None = field(
        default=None, compare=False, metadata=records.NOT_STORED
    )
    """The limits of its laboratory, in its own unit, where it was reported without any."""

    @property
    def is_questioned(self) -> bool:
        """Whether value or limits cannot be right in their unit and nobody has confirmed them.

        Such a result is kept and shown, but nothing is concluded from it.
        """
        held = acceptable_values(self.analyte, self.unit, self.lln, self.uln, self.confirmed)
        return not held.holds(float(self.value))

    @property
    def doubt(self) -> str:
        """Why the result is questioned, in a sentence; empty if it is not."""
        return next(iter(self.doubts().values()), "")

    def doubts(self) -> dict[str, str]:
        """Return why the result is questioned, by field; empty if it is not."""
        if not self.is_questioned:
            return {}
        doubt = doubt_about(
            self.analyte, self.value, self.comparator, self.unit or "", self.lln, self.uln
        )
        return {doubt.field: doubt.sentence} if doubt else {}

    def questions(self, _life: Life) -> dict[str, str]:
        """Return what is unlikely in this result, by field."""
        return self.doubts()

    source: Record | None = field(default=None, compare=False, metadata=records.NOT_STORED)
    """The record that a value was computed from; None for a recorded result."""

    @property
    def value_text(self) -> str:
        """The value with its comparator, as reported: `<0.3`, `12.0`."""
        return f"{self.comparator or ''}{self.value}"

    @property
    def unit_symbol(self) -> str:
        """The unit as it is printed; as written where it is not a unit of the analyte."""
        analyte = analytes.find(self.analyte)
        unit = units.parse(analyte.key, self.unit or "") if analyte else None
        return unit.symbol if unit else self.unit or ""

    @property
    def lower_limit(self) -> Decimal | None:
        """LLN as reported; where no limit was, that of the laboratory. Results are graded by it."""
        return self.laboratory_limits.low if self.laboratory_limits else self.lln

    @property
    def upper_limit(self) -> Decimal | None:
        """ULN as reported; where no limit was, that of the laboratory. Results are graded by it."""
        return self.laboratory_limits.high if self.laboratory_limits else self.uln

    @property
    def limits_source(self) -> LimitSource | None:
        """Where the limits that the result is graded by are from; None where there are none."""
        if self.laboratory_limits:
            return LimitSource.LABORATORY
        return None if self.lln is None and self.uln is None else LimitSource.RESULT

    def limits(self, sex: str | None) -> ResultLimits | None:
        """Return the limits to show, with their source; None where there are none.

        Default limits, those for the sex, are only shown: nothing is graded by them.
        """
        source = self.limits_source
        if source is None:
            analyte = analytes.find(self.analyte)
            default = analyte.default_limits_in(self.unit or "", sex) if analyte else None
            if default is None:
                return None
            return ResultLimits(default.low, default.high, LimitSource.DEFAULT)
        return ResultLimits(self.lower_limit, self.upper_limit, source)

    def problems(self, life: Life) -> dict[str, str]:
        """Return why this result cannot be saved, by field; empty if it can."""
        return non_empty(
            taken_on=life.problem_of(self.taken_on),
            analyte=None if self.analyte.strip() else _("A result needs an analyte."),
            value=_not_a_number(self.value) or self._negative(),
            comparator=not_listed(
                self.comparator, COMPARATORS, _("Only < and > are allowed before a value.")
            ),
            lln=_not_a_number(self.lln),
            uln=_not_a_number(self.uln) or self._crossed_limits(),
        )

    def _negative(self) -> str | None:
        is_wrong = self.value < 0 and analytes.find(self.analyte)
        return _("A result cannot be negative.") if is_wrong else None

    def _crossed_limits(self) -> str | None:
        if self.lln is None or self.uln is None or not self.lln.is_finite():
            return None
        is_crossed = self.uln < self.lln
        return _("The upper limit of normal is below the lower one.") if is_crossed else None


def _not_a_number(value: Decimal | None) -> str | None:
    """Return what is wrong with a number that has to be finite."""
    return None if value is None or value.is_finite() else _("This is not a number.")


def with_valid_confirmation(result: LabResult, old: LabResult | None) -> LabResult:
    """Return an edited result, without a confirmation that was of another value or is not needed.

    Whoever changes value, unit or limits has to confirm again.
    """
    is_stale = (
        old is not None and result.confirmed == old.confirmed and _number(result) != _number(old)
    )
    is_needed = replace(result, confirmed=None).is_questioned
    return replace(result, confirmed=None) if is_stale or not is_needed else result


def _number(result: LabResult) -> tuple[object, ...]:
    return result.comparator, result.value, result.unit, result.lln, result.uln


def acceptable_values(
    analyte_key: str,
    unit: str | None,
    lln: Decimal | None,
    uln: Decimal | None,
    confirmed: str | None,
) -> NumberRange:
    """Return the values that are not questioned in a unit, with such limits; all if confirmed."""
    return ANY if confirmed else unquestioned_values(analyte_key, unit or "", lln, uln)


def save(step: Step, result: LabResult) -> LabResult:
    """Save a result; raises InvalidRecord when a rule is broken or the result already exists."""
    return save_all(step, [result])[0]


def save_all(step: Step, results: Iterable[LabResult]) -> list[LabResult]:
    """Save results of one or more patients; raises InvalidRecord for the first at fault."""
    lives: dict[int, Life] = {}
    saved = []
    for result in results:
        if result.patient_id not in lives:
            lives[result.patient_id] = life_of(step, result.patient_id)
        problems = result.problems(lives[result.patient_id])
        if not problems and _is_there_already(step, result):
            problems = {"value": _taken_text(result)}
        if problems:
            raise InvalidRecord(problems)
        saved.append(records.put(step, with_canonical(result)))
    return saved


def problem_of_repetition(reader: Reader, result: LabResult) -> str | None:
    """Return what to do where there is another result of the same analyte and moment."""
    return _taken_text(result) if _is_there_already(reader, result) else None


def _taken_text(result: LabResult) -> str:
    """Return that there is a result of the same analyte and moment already, and what to do."""
    text = _(
        "There is already a result for {analyte} on that day. Edit it, or enter the time of this"
        " one."
    )
    if result.taken_at is not None:
        text = _(
            "There is already a result for {analyte} on that day at {time}. Edit it, or correct"
            " the time of this one."
        )
    at = f"{result.taken_at:%H:%M}" if result.taken_at else ""
    return text.format(analyte=label(result.analyte), time=at)


def remove(step: Step, result: LabResult) -> None:
    """Move a result to the bin; a toxicity graded from it stays, without a result."""
    for row in step.rows(
        "select id from toxicity where lab_result_id = :id and deleted_at is null", id=result.id
    ):
        step.put("toxicity", {"id": row["id"], "lab_result_id": None})
    for row in step.rows(
        "select id from dismissal where lab_result_id = :id and deleted_at is null", id=result.id
    ):
        step.remove("dismissal", row["id"])
    records.remove(step, result)


def with_canonical(result: LabResult) -> LabResult:
    """Return the result with its value in the canonical unit, if its unit is known."""
    return replace(result, canonical_value=canonical(result.analyte, result.value, result.unit))


def canonical(analyte_key: str, value: Decimal, unit: str | None) -> float | None:
    """Return a value in its analyte's canonical unit; None for an unknown analyte or unit.

    A pure number such as an INR needs no unit.
    """
    analyte = analytes.find(analyte_key)
    if analyte is None:
        return None
    converted = analytes.to_canonical(analyte, value, unit or "")
    return None if converted is None else float(converted)


def label(analyte_key: str) -> str:
    """Return the name of an analyte; if it is unknown, the text as written."""
    analyte = analytes.find(analyte_key)
    return analyte.name if analyte else analyte_key


def result_to_copy(results: Sequence[LabResult], day: date | None) -> LabResult | None:
    """Return the result from which a new one of a day copies unit and limits.

    `results` are of one analyte, oldest first. It is the last one up to that day, else the first
    after it; without a day the last of all. A questioned one is copied only if there is no other.
    """
    results = [result for result in results if not result.is_questioned] or results
    before = [result for result in results if day is None or result.taken_on <= day]
    return next(iter([*before[-1:], *results[:1]]), None)


def _is_there_already(reader: Reader, result: LabResult) -> bool:
    rows = reader.rows(
        """
        select id from lab_result
         where patient_id = :patient_id and analyte = :analyte and taken_on = :taken_on
           and taken_at is :taken_at and deleted_at is null
        """,
        patient_id=result.patient_id,
        analyte=result.analyte,
        taken_on=result.taken_on.isoformat(),
        taken_at=result.taken_at.strftime("%H:%M") if result.taken_at else None,
    )
    return any(row["id"] != result.id for row in rows)
