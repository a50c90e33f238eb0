"""Laboratory results as reported, with the limits of that laboratory on that day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from typing import ClassVar

from model.errors import InvalidRecord
from model.language import _
from model.records.life import Life, life_of
from model.records.rules import OfPatient, non_empty, not_listed
from model.reference import analytes, units
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step

COMPARATORS = ("<", ">")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabResult(OfPatient):
    """One result of one analyte, exactly as reported; limits are in the same unit."""

    TABLE: ClassVar[str] = "lab_result"

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
    comment: str | None = None

    @property
    def value_text(self) -> str:
        """The value with its comparator, as reported: `<0.3`, `12.0`."""
        return f"{self.comparator or ''}{self.value}"

    @property
    def shown_unit(self) -> str:
        """The unit as it is printed; as written where it is not a unit of the analyte."""
        analyte = analytes.find(self.analyte)
        unit = units.parse(analyte.key, self.unit or "") if analyte else None
        return unit.shown if unit else self.unit or ""

    def problems(self, life: Life) -> dict[str, str]:
        """Return why this result cannot be saved, by field; empty if it can."""
        return non_empty(
            taken_on=life.problem_of(self.taken_on),
            analyte=None if self.analyte.strip() else _("A result needs an analyte."),
            value=_("This is not a number.")
            if not self.value.is_finite()
            else _("A result cannot be negative.")
            if self.value < 0 and analytes.find(self.analyte)
            else None,
            comparator=not_listed(
                self.comparator, COMPARATORS, _("Only < and > are allowed before a value.")
            ),
            uln=_("The upper limit of normal is below the lower one.")
            if self.lln is not None and self.uln is not None and self.uln < self.lln
            else None,
        )


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
            problems = {
                "value": _(
                    "There is already a result for {analyte} on that day. Edit it, or enter the"
                    " time of this one."
                ).format(analyte=label(result.analyte))
            }
        if problems:
            raise InvalidRecord(problems)
        saved.append(records.put(step, with_canonical(result)))
    return saved


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
    """Return a value in its analyte's canonical unit; None for an unknown analyte or unit."""
    analyte = analytes.find(analyte_key)
    if analyte is None or unit is None:
        return None
    converted = analytes.to_canonical(analyte, value, unit)
    return None if converted is None else float(converted)


def label(analyte_key: str) -> str:
    """Return the name of an analyte; if it is unknown, the text as written."""
    analyte = analytes.find(analyte_key)
    return analyte.name if analyte else analyte_key


def latest_result(reader: Reader, patient_id: int, analyte: str) -> LabResult | None:
    """Return the patient's latest result of an analyte, from which unit and limits are copied."""
    rows = reader.rows(
        """
        select * from lab_result
         where patient_id = :patient_id and analyte = :analyte and deleted_at is null
         order by taken_on desc, id desc
         limit 1
        """,
        patient_id=patient_id,
        analyte=analyte,
    )
    return records.from_row(LabResult, rows[0]) if rows else None


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
