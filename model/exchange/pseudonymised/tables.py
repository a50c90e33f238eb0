"""A casebook's records without anything that tells who the patients are, or when it was.

Records are made anew without what a person typed freely (`model.without_identity`) and stand by
their new codes, whose order tells nothing. Identities, notes, pictures, proposals that were turned
down and settings are not among them at all.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from model.cohort.labs.results import LabColumns
from model.cohort.lines import DAYS_A_MONTH
from model.dates import PartialDate
from model.exchange.pseudonymised import ages, labs, layout
from model.exchange.tidy import values, writing
from model.exchange.tidy.columns import Kind, Table
from model.exchange.tidy.course_tables import LABS
from model.exchange.tidy.derived import Derived
from model.exchange.tidy.patient_tables import PATIENTS
from model.exchange.tidy.values import Columns
from model.records.biopsies import Metastasis
from model.records.contents import Contents
from model.records.cycles import Cycle
from model.records.kinds import KINDS
from model.records.patients import Patient

_MONTHS_A_YEAR = 12
R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Origin:
    """Day zero of a patient, and what it is: a code of `pseudonymised_layout.DAY_ZERO`."""

    day: date
    basis: str


def days_zero(
    recorded: Contents, results: LabColumns, chosen: Mapping[int, Origin]
) -> dict[int, Origin]:
    """Day zero of each patient, by id.

    It is what was chosen for a patient; for one without, T0, or else the first day that is
    recorded. Those without any such day are not among them: of them no time is told.
    """
    derived = Derived(recorded)
    found: dict[int, Origin] = {}
    first_days: dict[int, date] = {}
    for key, day in ages.days_of(recorded, results):
        first_days[key] = min(first_days.get(key, day), day)
    for patient in recorded.of(Patient):
        key = patient.id or 0
        if key in chosen:
            found[key] = chosen[key]
        elif index_on := derived.index_on(patient):
            found[key] = Origin(index_on, "chosen" if patient.index_on else "first_cycle")
        elif key in first_days:
            found[key] = Origin(first_days[key], "first_record")
    return found


def tables(
    recorded: Contents,
    results: LabColumns,
    codes: Mapping[int, str],
    origins: Mapping[int, Origin],
    oldest: Collection[int],
) -> Iterator[tuple[Table, Iterator[Sequence[str]]]]:
    """Each table with its cells, under the codes by patient id; no time is told without day zero.

    The cells of laboratory results stand by patient and time, as those of all other tables do. Of
    the `oldest`, by id, no age below 90 is told (see `ages.over_89`).
    """
    days = {key: origin.day for key, origin in origins.items()}
    age_texts = ages.texts(recorded, oldest, days)
    of_code = {codes[key]: origins.get(key) for key in age_texts}
    age_of_code = {codes[key]: age for key, age in age_texts.items()}
    for table, columns in values.tables(_without_identity(recorded, codes)):
        if table.name not in layout.TABLES:
            continue
        made = layout.TABLES[table.name]
        if table is LABS:
            yield made, labs.cells(results, {key: codes[key] for key in age_texts}, days)
        else:
            told = _told(table, columns, of_code)
            if table is PATIENTS:
                told["age_at_index"] = [age_of_code[code] for code in columns["patient_id"]]
                zero = [of_code[code] for code in columns["patient_id"]]
                told["day_zero"] = [origin and origin.basis for origin in zero]
            yield made, writing.cells(made, told)


def _told(table: Table, columns: Columns, of_code: Mapping[str, Origin | None]) -> Columns:
    """The columns that are told; times from day zero on, and none where that is not known."""
    kept = {column.name for column in layout.TABLES[table.name].columns}
    told = {name: values for name, values in columns.items() if name in kept}
    origins = [of_code[code] for code in columns["patient_id"]]
    for column in table.columns:
        since, unit = layout.partial_names(column)
        day = layout.day_name(column)
        if column.kind is Kind.DATE and day in kept:
            told[day] = _since(columns[column.name], origins, lambda at, zero: (at - zero).days)
        elif column.kind is Kind.PARTIAL_DATE and since in kept:
            times = _since(columns[column.name], origins, since_day_zero)
            told[since] = [time and time[0] for time in times]
            told[unit] = [time and time[1] for time in times]
    return told


def _since(
    dates: Sequence[Any], origins: Sequence[Origin | None], told: Callable[[Any, date], T]
) -> list[T | None]:
    """What is told of dates, each with its day zero; None where either is not known."""
    return [
        None if at is None or origin is None else told(at, origin.day)
        for at, origin in zip(dates, origins, strict=True)
    ]


def since_day_zero(when: PartialDate, origin: date) -> tuple[int, str]:
    """How long after a day a date was, and in what that is told: days, months or years.

    Of a month or a year its middle counts, and the time is told in whole months or years.
    """
    days = (when.earliest - origin).days + (when.latest - when.earliest).days / 2
    if when.day is not None:
        return int(days), "days"
    if when.month is not None:
        return round(days / DAYS_A_MONTH), "months"
    return round(days / DAYS_A_MONTH / _MONTHS_A_YEAR), "years"


def _without_identity(recorded: Contents, codes: Mapping[int, str]) -> Contents:
    """The records that a pseudonymised export draws on, by code."""
    cycles = {cycle.id: cycle.patient_id for cycle in recorded.of(Cycle)}

    def code_of(record: Any) -> str:
        patient_id = getattr(record, "patient_id", None)
        return codes[patient_id or cycles[record.cycle_id]]

    found = Contents()
    for kind in KINDS:
        if kind.nameless is None:
            continue
        records = recorded.lists[kind.record]
        if kind.record is Patient:
            made = [replace(kind.nameless(each), code=codes[each.id]) for each in records]
            found.lists[Patient] = sorted(made, key=lambda patient: patient.code)
        else:
            made = [each for each in map(kind.nameless, records) if each is not None]
            found.lists[kind.record] = sorted(made, key=code_of)
    # Of the sites that were typed freely only the first of a patient remains.
    sites: dict[tuple[int, str], Metastasis] = {}
    for each in found.of(Metastasis):
        sites.setdefault((each.patient_id, each.site), each)
    found.lists[Metastasis] = [*sites.values()]
    return found
