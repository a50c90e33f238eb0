"""A casebook's records without anything that reveals who the patients are, or any date.

Records are copied without free text (`model.records.without_identity`) and sorted by their new
codes, whose order reveals nothing. Identities, notes, pictures, dismissed proposals and settings
are left out altogether.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from model.cohort.labs.results import LabColumns
from model.dates import DAYS, time_since
from model.exchange.pseudonymised import ages, labs, layout
from model.exchange.tidy import values, writing
from model.exchange.tidy.columns import Kind, Table
from model.exchange.tidy.course_tables import LABS
from model.exchange.tidy.derived import Derived
from model.exchange.tidy.patient_tables import PATIENTS
from model.exchange.tidy.values import Columns
from model.records.administrations import Administration
from model.records.biopsies import Metastasis
from model.records.contents import Contents
from model.records.cycles import Cycle
from model.records.kinds import pseudonymised_kinds
from model.records.notes import QualityOfLife
from model.records.patients import Patient
from model.records.without_identity import nameless

R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Origin:
    """Day zero of a patient, and what it is: a code of `layout.DAY_ZERO`."""

    day: date
    basis: str


def days_zero(
    recorded: Contents, results: LabColumns, chosen: Mapping[int, Origin]
) -> dict[int, Origin]:
    """Return day zero of each patient, by id.

    The chosen day of a patient; without one T0, or else the first recorded day. Patients without
    any such day are missing: all their times are left empty.
    """
    derived = Derived(recorded)
    origins: dict[int, Origin] = {}
    first_days: dict[int, date] = {}
    for key, day in ages.days_of(recorded, results):
        first_days[key] = min(first_days.get(key, day), day)
    for patient in recorded.of(Patient):
        key = patient.id or 0
        if key in chosen:
            origins[key] = chosen[key]
        elif index_on := derived.index_on(patient):
            origins[key] = Origin(index_on, "chosen" if patient.index_on else "first_cycle")
        elif key in first_days:
            origins[key] = Origin(first_days[key], "first_record")
    return origins


def tables(
    recorded: Contents,
    results: LabColumns,
    codes: Mapping[int, str],
    origins: Mapping[int, Origin],
    oldest: Collection[int],
    alive_on: Mapping[int, date] | None = None,
) -> Iterator[tuple[Table, Iterator[Sequence[str]]]]:
    """Yield each table with its cells, under the codes by patient id.

    Times are empty without day zero. All rows are sorted by code, then as recorded. The `oldest`
    patients, by id, are 90+ (see `ages.over_89`).
    """
    days = {key: origin.day for key, origin in origins.items()}
    age_texts = ages.texts(recorded, oldest, days)
    of_code = {codes[key]: origins.get(key) for key in age_texts}
    age_of_code = {codes[key]: age for key, age in age_texts.items()}
    for table, columns in values.tables(_without_identity(recorded, codes), alive_on):
        if table.name not in layout.TABLES:
            continue
        written = layout.TABLES[table.name]
        if table is LABS:
            yield written, labs.cells(results, {key: codes[key] for key in age_texts}, days)
        else:
            exported = _exported(table, columns, of_code)
            if table is PATIENTS:
                exported["age_at_index"] = [age_of_code[code] for code in columns["patient_id"]]
                zero = [of_code[code] for code in columns["patient_id"]]
                exported["day_zero"] = [origin and origin.basis for origin in zero]
            yield written, writing.cells(written, exported)


def _exported(table: Table, columns: Columns, of_code: Mapping[str, Origin | None]) -> Columns:
    """Return the columns as exported: times since day zero, empty if that is unknown."""
    names = {column.name for column in layout.TABLES[table.name].columns}
    exported = {name: values for name, values in columns.items() if name in names}
    origins = [of_code[code] for code in columns["patient_id"]]
    for column in table.columns:
        since, unit = layout.partial_names(column)
        day = layout.day_name(column)
        if column.kind is Kind.DATE and day in names:
            exported[day] = _since(columns[column.name], origins, lambda at, zero: (at - zero).days)
        elif column.kind is Kind.PARTIAL_DATE and since in names:
            times = _since(columns[column.name], origins, time_since)
            exported[since] = [time and time[0] for time in times]
            exported[unit] = [time and time[1] for time in times]
            if day in names:
                exported[day] = [time[0] if time and time[1] == DAYS else None for time in times]
    return exported


def _since(
    dates: Sequence[Any], origins: Sequence[Origin | None], since: Callable[[Any, date], T]
) -> list[T | None]:
    """Return the time of dates since their day zero; None if either is unknown."""
    return [
        None if at is None or origin is None else since(at, origin.day)
        for at, origin in zip(dates, origins, strict=True)
    ]


def _without_identity(recorded: Contents, codes: Mapping[int, str]) -> Contents:
    """Return the records for a pseudonymised export, by code."""
    cycles = {cycle.id: cycle.patient_id for cycle in recorded.of(Cycle)}

    def code_of(record: Any) -> str:
        if isinstance(record, Administration):
            return codes[cycles[record.cycle_id]]
        return codes[(record.id or 0) if isinstance(record, Patient) else record.patient_id]

    exported = Contents()
    for kind in pseudonymised_kinds():
        exported.lists[kind.record] = sorted(map(nameless, recorded.of(kind.record)), key=code_of)
    exported.lists[Patient] = [
        replace(each, code=codes[each.id or 0]) for each in exported.of(Patient)
    ]
    scored = [each for each in exported.of(QualityOfLife) if each.score is not None]
    exported.lists[QualityOfLife] = scored
    # Of sites typed as free text, only the first of each patient is kept.
    sites: dict[tuple[int, str], Metastasis] = {}
    for each in exported.of(Metastasis):
        sites.setdefault((each.patient_id, each.site), each)
    exported.lists[Metastasis] = [*sites.values()]
    return exported
