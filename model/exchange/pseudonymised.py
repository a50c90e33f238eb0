"""A casebook's records without anything that tells who the patients are, or when it was.

Records are made anew without what a person typed freely (`model.without_identity`) and stand by
their new codes, whose order tells nothing. Identities, notes, pictures, proposals that were turned
down and settings are not among them at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from model import without_identity
from model.biopsies import Metastasis
from model.cohort.lab_columns import LabColumns
from model.cohort.lines import DAYS_A_MONTH
from model.cycles import Treatment
from model.dates import PartialDate
from model.exchange import pseudonymised_ages, pseudonymised_labs, tidy_writing
from model.exchange import pseudonymised_layout as layout
from model.exchange.contents import Contents
from model.exchange.tidy_columns import Kind, Table
from model.exchange.tidy_derived import Derived
from model.exchange.tidy_layout import LABS
from model.toxicities import Toxicity

_MONTHS_A_YEAR = 12
R = TypeVar("R")


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
    for key, day in pseudonymised_ages.days_of(recorded, results):
        first_days[key] = min(first_days.get(key, day), day)
    for patient in recorded.patients:
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
) -> Iterator[tuple[Table, Iterator[Sequence[str]]]]:
    """Each table with its cells, under the codes by patient id; no time is told without day zero.

    The cells of laboratory results stand by patient and time, as those of all other tables do.
    """
    days = {key: origin.day for key, origin in origins.items()}
    ages = pseudonymised_ages.texts(recorded, results, days)
    of_code = {codes[key]: origins.get(key) for key in ages}
    for table, rows in tidy_writing.tables(_without_identity(recorded, codes)):
        if table.name not in layout.TABLES:
            continue
        _, made = layout.TABLES[table.name]
        if table is LABS:
            yield made, pseudonymised_labs.cells(results, {key: codes[key] for key in ages}, days)
        else:
            told = _rows(table, rows, of_code, {codes[key]: age for key, age in ages.items()})
            yield made, tidy_writing.cells(made, told)


def _rows(
    table: Table,
    rows: Iterable[dict[str, Any]],
    origins: Mapping[str, Origin | None],
    ages: Mapping[str, str | None],
) -> Iterator[dict[str, Any]]:
    """The rows with what is known of time told from day zero on."""
    kept = {column.name for column in layout.TABLES[table.name][1].columns}
    days = [(each, layout.day_name(each)) for each in table.columns if each.kind is Kind.DATE]
    partial = [
        (each, *layout.partial_names(each))
        for each in table.columns
        if each.kind is Kind.PARTIAL_DATE
    ]
    for row in rows:
        origin = origins[row["patient_id"]]
        told = {name: value for name, value in row.items() if name in kept}
        if origin is not None:
            for column, name in days:
                if name in kept and (day := row.get(column.name)) is not None:
                    told[name] = (day - origin.day).days
            for column, since, unit in partial:
                if since in kept and (when := row.get(column.name)) is not None:
                    told[since], told[unit] = since_day_zero(when, origin.day)
        if table.name == "patients":
            told["age_at_index"] = ages[row["patient_id"]]
            told["day_zero"] = origin.basis if origin else None
        yield told


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

    def by_code(records: Iterable[R]) -> list[R]:
        return sorted(records, key=lambda each: codes[_patient_id(each)])

    given: dict[int, list[Any]] = {}
    for administration in recorded.administrations:
        given.setdefault(administration.cycle_id or 0, []).append(administration)
    treatments = [
        without_identity.treatment(Treatment(cycle, tuple(given.get(cycle.id or 0, ()))))
        for cycle in by_code(recorded.cycles)
    ]
    return Contents(
        patients=by_code(
            without_identity.patient(each, codes[each.id or 0]) for each in recorded.patients
        ),
        biopsies=by_code(map(without_identity.biopsy, recorded.biopsies)),
        metastases=by_code(_metastases(recorded)),
        therapies=by_code(map(without_identity.therapy, recorded.therapies)),
        cycles=[treatment.cycle for treatment in treatments],
        administrations=[each for treatment in treatments for each in treatment.administrations],
        toxicities=by_code(map(_toxicity, recorded.toxicities)),
        assessments=by_code(map(without_identity.assessment, recorded.assessments)),
        follow_ups=by_code(map(without_identity.follow_up, recorded.follow_ups)),
        quality_of_life=by_code(
            without_identity.quality_of_life(each)
            for each in recorded.quality_of_life
            if each.score is not None
        ),
    )


def _patient_id(record: Any) -> int:
    return int(getattr(record, "patient_id", None) or record.id or 0)


def _metastases(recorded: Contents) -> list[Metastasis]:
    """Sites of metastasis, each once a patient: of those typed freely only the first remains."""
    found: dict[tuple[int, str], Metastasis] = {}
    for each in recorded.metastases:
        (site,) = without_identity.metastases([each.site])
        found.setdefault((each.patient_id, site), replace(each, site=site, comment=None))
    return list(found.values())


def _toxicity(event: Toxicity) -> Toxicity:
    kept = without_identity.toxicity(event)
    return replace(kept, term=without_identity.term(event.ctcae_version, event.term))
