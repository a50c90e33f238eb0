"""Records written as the tables of a tidy folder; the same records give the same bytes."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

from model.dismissals import Dismissal
from model.exchange import tidy_cells, tidy_derived, tidy_pictures
from model.exchange import tidy_layout as layout
from model.exchange.contents import Contents
from model.exchange.tidy_columns import Kind, Table
from model.toxicities import Toxicity

Rows = Iterable[dict[str, Any]]

_AT_ONCE = 1_000  # rows whose cells are there together
_ACTIVITY_DIGITS = 12  # beyond any measurement; leaves out what arithmetic adds


def write(folder: Path, contents: Contents) -> list[str]:
    """Write all tables into a folder; gives back the names of the files.

    Tables beyond the first layout that hold no row are left out. The files of key images are
    written by `tidy_pictures.write`.
    """
    files = []
    for table, rows in tables(contents):
        listed = [*cells(table, rows)]
        if listed or table.always:
            write_csv(folder / table.file, table.header, listed)
            files.append(table.file)
    return files


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    encoding: Literal["utf-8", "utf-8-sig"] = "utf-8",
) -> None:
    """Write a CSV file as the folder has them: CRLF, quotes only where needed.

    `utf-8-sig` begins it with the mark (BOM) that some spreadsheets know UTF-8 by.
    """
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        # Not all in one call: that would keep every other thread waiting until it has ended.
        rest = iter(rows)
        while part := [*islice(rest, _AT_ONCE)]:
            writer.writerows(part)


def cells(table: Table, rows: Rows) -> Iterator[tuple[str, ...]]:
    """The cells of rows of values, by column."""
    columns = [(column.name, tidy_cells.writer(column)) for column in table.columns]
    rest = iter(rows)
    while part := [*islice(rest, _AT_ONCE)]:
        # Column by column: most cells of a folder are empty, and some columns wholly.
        yield from zip(*(_column(part, name, write) for name, write in columns), strict=True)


def _column(rows: list[dict[str, Any]], name: str, write: Callable[[Any], str]) -> list[str]:
    values = [row.get(name) for row in rows]
    return ["" if value is None else write(value) for value in values]


def tables(contents: Contents) -> Iterator[tuple[Table, Rows]]:
    """Each table with its rows as values by column, in the order of the layout."""
    codes = {patient.id: patient.code for patient in contents.patients}
    yield layout.PATIENTS, _patients(contents)
    yield layout.PATHOLOGY, _rows(layout.PATHOLOGY, contents.biopsies, codes)
    yield layout.PRIOR_THERAPIES, _rows(layout.PRIOR_THERAPIES, contents.therapies, codes)
    yield layout.METASTASES, _rows(layout.METASTASES, contents.metastases, codes)
    yield layout.CYCLES, _cycles(contents, codes)
    yield layout.ADMINISTRATIONS, _administrations(contents, codes)
    yield layout.LABS, _labs(contents, codes)
    yield layout.TOXICITIES, _toxicities(contents, codes)
    yield layout.RESPONSES, _rows(layout.RESPONSES, contents.assessments, codes)
    yield layout.KEY_IMAGES, _key_images(contents, codes)
    yield layout.FOLLOWUP, _rows(layout.FOLLOWUP, contents.follow_ups, codes)
    yield layout.QOL, _rows(layout.QOL, contents.quality_of_life, codes)
    yield layout.NOTES, _rows(layout.NOTES, contents.notes, codes)
    yield layout.DISMISSALS, _dismissals(contents, codes)
    yield layout.IDENTITY, _rows(layout.IDENTITY, contents.identities, codes)
    yield (
        layout.SETTINGS,
        [{"name": name, "value": value} for name, value in sorted(contents.settings.items())],
    )


def _rows(table: Table, records: Iterable[Any], codes: dict[int | None, str]) -> Rows:
    """The rows of records that belong to a patient."""
    names, values = _fields(table)
    for record in records:
        row = dict(zip(names, values(record), strict=True))
        row["patient_id"] = codes[record.patient_id]
        yield row


def _fields(table: Table) -> tuple[list[str], Callable[[Any], tuple[Any, ...]]]:
    """The columns that hold fields of the record, and what gives their values of one."""
    names = [column.name for column in table.columns if column.field]
    return names, attrgetter(*(column.field for column in table.columns if column.field))


def _patients(contents: Contents) -> Rows:
    derived = tidy_derived.Derived(contents)
    cutoff = tidy_derived.cutoff_of(contents.settings)
    names, values = _fields(layout.PATIENTS)
    for patient in contents.patients:
        row = dict(zip(names, values(patient), strict=True))
        row |= derived.of_patient(patient)
        age = derived.age(patient)
        if age is not None:
            row["age_at_index"] = age
        row["data_cutoff"] = cutoff
        if patient.index_on:
            row["index_basis"] = "chosen"
        elif row["index_date"]:
            row["index_basis"] = "first_cycle"
        yield row


def _cycles(contents: Contents, codes: dict[int | None, str]) -> Rows:
    derived = tidy_derived.Derived(contents)
    rows = _rows(layout.CYCLES, contents.cycles, codes)
    for cycle, row in zip(contents.cycles, rows, strict=True):
        yield row | {"modality": derived.modality(cycle)}


def _administrations(contents: Contents, codes: dict[int | None, str]) -> Rows:
    names, values = _fields(layout.ADMINISTRATIONS)
    activities = [
        each.name for each in layout.ADMINISTRATIONS.columns if each.kind is Kind.ACTIVITY
    ]
    cycles = {cycle.id: cycle for cycle in contents.cycles}
    for administration in contents.administrations:
        cycle = cycles[administration.cycle_id]
        row = dict(zip(names, values(administration), strict=True))
        if administration.measured_mbq is None:
            row["activity"], row["stated"] = row["stated"], None
        elif administration.activity_mbq is not None:
            row["activity"] = float(f"{administration.activity_mbq:.{_ACTIVITY_DIGITS}g}")
        for name in activities:
            if row[name] is not None:
                row[name] = tidy_cells.from_mbq(row[name], row["activity_unit"])
        yield row | {
            "patient_id": codes[cycle.patient_id],
            "cycle_no": cycle.number,
            "date": administration.given_on or cycle.given_on,
        }


def _labs(contents: Contents, codes: dict[int | None, str]) -> Rows:
    rows = _rows(layout.LABS, contents.lab_results, codes)
    for result, row in zip(contents.lab_results, rows, strict=True):
        row["value"] = (result.comparator, result.value)
        yield row


def _toxicities(contents: Contents, codes: dict[int | None, str]) -> Rows:
    numbers = {cycle.id: cycle.number for cycle in contents.cycles}
    rows = _rows(layout.TOXICITIES, contents.toxicities, codes)
    linked = _linked(contents, contents.toxicities, rows)
    for toxicity, row in zip(contents.toxicities, linked, strict=True):
        row["cycle_no"] = numbers.get(toxicity.cycle_id)
        row["soc"] = toxicity.soc
        yield row


def _dismissals(contents: Contents, codes: dict[int | None, str]) -> Rows:
    rows = _rows(layout.DISMISSALS, contents.dismissals, codes)
    yield from _linked(contents, contents.dismissals, rows)


def _key_images(contents: Contents, codes: dict[int | None, str]) -> Rows:
    of_day: dict[tuple[int, date], list[int | None]] = defaultdict(list)
    days = {}
    for assessment in contents.assessments:
        days[assessment.id] = (assessment.patient_id, assessment.assessed_on)
        of_day[days[assessment.id]].append(assessment.id)
    hashes = contents.image_hashes
    rows = _rows(layout.KEY_IMAGES, contents.key_images, codes)
    for image, row in zip(contents.key_images, rows, strict=True):
        row["file"] = tidy_pictures.file_of(image, row["patient_id"], hashes[image.image_data_id])
        if image.thumbnail_data_id is not None:
            row["thumbnail"] = tidy_pictures.thumbnail_of(hashes[image.thumbnail_data_id])
        if day := days.get(image.assessment_id):
            row["assessment_date"] = day[1]
            if len(of_day[day]) > 1:
                row["assessment_no"] = of_day[day].index(image.assessment_id) + 1
        yield row


def _linked(contents: Contents, found: Iterable[Toxicity | Dismissal], rows: Rows) -> Rows:
    """The rows with the laboratory result that each record rests on, if any."""
    results = {result.id: result for result in contents.lab_results}
    for record, row in zip(found, rows, strict=True):
        if result := results.get(record.lab_result_id):
            row["lab_date"] = result.taken_on
            row["lab_time"] = result.taken_at
            row["lab_analyte"] = result.analyte
        yield row
