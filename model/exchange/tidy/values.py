"""The values of the tables of a tidy folder, from records, column by column."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from model.exchange.tidy.cells import from_mbq
from model.exchange.tidy.columns import Kind, Table
from model.exchange.tidy.course_tables import (
    ADMINISTRATIONS,
    CYCLES,
    DISMISSALS,
    KEY_IMAGES,
    LABORATORY_LIMITS,
    LABS,
    TOXICITIES,
)
from model.exchange.tidy.derived import Derived
from model.exchange.tidy.layout import TABLES
from model.exchange.tidy.patient_tables import PATIENTS
from model.exchange.tidy.pictures import file_of, thumbnail_of
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.contents import Contents
from model.records.cycles import Cycle
from model.records.images import KeyImage
from model.records.laboratory_limits import LaboratoryLimit
from model.records.labs import LabResult
from model.records.patients import Patient
from model.records.toxicities import Dismissal, Toxicity
from model.store.rows import Record
from model.store.settings import data_cut_off

Columns = dict[str, Sequence[Any]]
"""The values of a table's rows, by column; an empty column may be left out."""

_ACTIVITY_DIGITS = 12  # beyond any measurement; hides rounding errors of floats


def tables(
    contents: Contents, alive_on: Mapping[int, date] | None = None
) -> Iterator[tuple[Table, Columns]]:
    """Yield each table with its values by column, in the order of the layout.

    `alive_on` is the last day alive of each patient who has one, by id: see `Derived`.
    """
    codes = {patient.id: patient.code for patient in contents.of(Patient)}
    derived = Derived(contents, alive_on)
    for table in TABLES:
        if table.record is None:
            names = sorted(contents.settings)
            yield table, {"name": names, "value": [*map(contents.settings.get, names)]}
        elif table.record in _SPECIAL:
            yield table, _SPECIAL[table.record](contents, codes, derived)
        else:
            yield table, _columns(table, contents.of(table.record), codes)


Codes = dict[int | None, str]


def _columns(table: Table, records: Sequence[Any], codes: Codes) -> Columns:
    """Return the columns of records that belong to a patient."""
    return _fields(table, records) | {"patient_id": [codes[each.patient_id] for each in records]}


def _fields(table: Table, records: Sequence[Any]) -> Columns:
    """Return the columns with fields of records."""
    return {
        column.name: [*map(attrgetter(column.field), records)]
        for column in table.columns
        if column.field
    }


def _patients(contents: Contents, _codes: Codes, derived: Derived) -> Columns:
    patients = contents.of(Patient)
    columns = _fields(PATIENTS, patients)
    of_patients = [derived.of_patient(patient) for patient in patients]
    for name in ("vital_status", "index_date", "last_contact_or_death"):
        columns[name] = [each[name] for each in of_patients]
    columns["age_at_index"] = [
        recorded if age is None else age
        for recorded, age in zip(columns["age_at_index"], map(derived.age, patients), strict=True)
    ]
    columns["data_cutoff"] = [data_cut_off(contents.settings)] * len(patients)
    columns["index_basis"] = [
        "chosen" if patient.index_on else "first_cycle" if index_on else None
        for patient, index_on in zip(patients, columns["index_date"], strict=True)
    ]
    return columns


def _cycles(contents: Contents, codes: Codes, derived: Derived) -> Columns:
    columns = _columns(CYCLES, contents.of(Cycle), codes)
    return columns | {"modality": [*map(derived.modality, contents.of(Cycle))]}


def _administrations(contents: Contents, codes: Codes, _derived: Derived) -> Columns:
    administrations = contents.of(Administration)
    by_id = {cycle.id: cycle for cycle in contents.of(Cycle)}
    cycles = [by_id[each.cycle_id] for each in administrations]
    columns = _fields(ADMINISTRATIONS, administrations)
    columns["activity"] = [_activity(each) for each in administrations]
    columns["stated"] = [
        None if each.measured_mbq is None else each.administered_mbq for each in administrations
    ]
    units = columns["activity_unit"]
    for column in ADMINISTRATIONS.columns:
        if column.kind is Kind.ACTIVITY:
            columns[column.name] = [
                None if mbq is None else from_mbq(mbq, unit)
                for mbq, unit in zip(columns[column.name], units, strict=True)
            ]
    return columns | {
        "patient_id": [codes[cycle.patient_id] for cycle in cycles],
        "cycle_no": [cycle.number for cycle in cycles],
        "date": [
            each.given_on or cycle.given_on
            for each, cycle in zip(administrations, cycles, strict=True)
        ],
    }


def _activity(administration: Administration) -> float | None:
    """Return the activity in MBq: as stated, or as measured less residual."""
    mbq = administration.activity_mbq
    if mbq is None or administration.measured_mbq is None:
        return mbq
    return float(f"{mbq:.{_ACTIVITY_DIGITS}g}")


def _labs(contents: Contents, codes: Codes, derived: Derived) -> Columns:
    results = derived.results(contents)
    sources = [each.limits_source for each in results]
    return _columns(LABS, results, codes) | {
        "value": [(each.comparator, each.value) for each in results],
        "lln": [each.lower_limit for each in results],
        "uln": [each.upper_limit for each in results],
        "limits_from": [source and source.value for source in sources],
    }


def _laboratory_limits(contents: Contents, _codes: Codes, _derived: Derived) -> Columns:
    return _fields(LABORATORY_LIMITS, contents.of(LaboratoryLimit))


def _toxicities(contents: Contents, codes: Codes, _derived: Derived) -> Columns:
    toxicities = contents.of(Toxicity)
    numbers = {cycle.id: cycle.number for cycle in contents.of(Cycle)}
    return _columns(TOXICITIES, toxicities, codes) | {
        **_linked(contents, toxicities),
        "cycle_no": [numbers.get(each.cycle_id) for each in toxicities],
        "soc": [each.soc for each in toxicities],
    }


def _dismissals(contents: Contents, codes: Codes, _derived: Derived) -> Columns:
    dismissals = contents.of(Dismissal)
    events = {event.id: event for event in contents.of(Toxicity)}
    closing = [events.get(each.toxicity_id) for each in dismissals]
    return _columns(DISMISSALS, dismissals, codes) | {
        **_linked(contents, dismissals),
        "closes": [True if event else None for event in closing],
        "toxicity_onset": [event and event.onset_on for event in closing],
    }


def _key_images(contents: Contents, codes: Codes, _derived: Derived) -> Columns:
    pictures, hashes = contents.of(KeyImage), contents.image_hashes
    of_day: dict[tuple[int, date], list[int | None]] = defaultdict(list)
    days = {}
    for assessment in contents.of(Assessment):
        days[assessment.id] = (assessment.patient_id, assessment.assessed_on)
        of_day[days[assessment.id]].append(assessment.id)
    named = [days.get(picture.assessment_id) for picture in pictures]
    return _columns(KEY_IMAGES, pictures, codes) | {
        "file": [
            file_of(each, codes[each.patient_id], hashes[each.image_data_id]) for each in pictures
        ],
        "thumbnail": [
            None if each.thumbnail_data_id is None else thumbnail_of(hashes[each.thumbnail_data_id])
            for each in pictures
        ],
        "assessment_date": [day and day[1] for day in named],
        "assessment_no": [
            of_day[day].index(each.assessment_id) + 1 if day and len(of_day[day]) > 1 else None
            for each, day in zip(pictures, named, strict=True)
        ],
    }


def _linked(contents: Contents, records: Sequence[Toxicity | Dismissal]) -> Columns:
    """Return the laboratory result that each record refers to, if any."""
    results = {result.id: result for result in contents.of(LabResult)}
    linked = [results.get(each.lab_result_id) for each in records]
    return {
        "lab_date": [result and result.taken_on for result in linked],
        "lab_time": [result and result.taken_at for result in linked],
        "lab_analyte": [result and result.analyte for result in linked],
    }


_SPECIAL: dict[type[Record], Callable[[Contents, Codes, Derived], Columns]] = {
    Patient: _patients,
    Cycle: _cycles,
    Administration: _administrations,
    LabResult: _labs,
    LaboratoryLimit: _laboratory_limits,
    Toxicity: _toxicities,
    KeyImage: _key_images,
    Dismissal: _dismissals,
}
"""The kinds with columns that are not fields of their record; `_columns` writes all others."""
