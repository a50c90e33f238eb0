"""A tidy folder read into records, or into all of its faults; nothing is written.

Every file is read to its end, then the rows are linked (patients, cycles, results), then each
record is checked by its rules and derived cells are compared with the records.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from model import input_file
from model.errors import BadFolder, KnownError
from model.exchange import codebook, export_folder, spreadsheet
from model.exchange.pseudonymised.layout import DAY_ZERO
from model.exchange.tidy import derived
from model.exchange.tidy.columns import ANALYTE, Column, Table
from model.exchange.tidy.course_tables import LABS
from model.exchange.tidy.folder import TidyFolder
from model.exchange.tidy.layout import TABLES
from model.exchange.tidy.patient_tables import PATIENTS
from model.exchange.tidy.pictures import Pictures
from model.exchange.tidy.sheets import Faults, Row, Sheet, read_sheet
from model.exchange.tidy.ties import NEEDED, Ties, number, tie
from model.language import _
from model.records import contents
from model.records.contents import Contents
from model.records.labs import label
from model.records.patients import Patient
from model.records.questions import all_questions
from model.reference import analytes
from model.reference.vocabulary import fold
from model.store.ids import new_id
from model.store.rows import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A folder without faults: its records, its hash, and notes on what is ignored or unlikely."""

    contents: Contents
    sha256: str
    """Over the names and bytes of all of the folder's tables and pictures."""
    row_counts: dict[str, int]
    notes: list[str]
    pictures: Pictures


def read(folder: Path, today: date | None = None) -> Reading:
    """Return the records of a folder; raises BadFolder with all its faults, and writes nothing.

    Without `today` there are no notes on what is unlikely.
    """
    files = TidyFolder.of(folder, _KNOWN)
    _refuse_pseudonymised(files)
    faults = Faults(notes=files.notes)
    sheets = {
        table.name: read_sheet(files.tables.get(table.name), table, faults) for table in TABLES
    }
    if PATIENTS.name not in files.tables:
        sheets[PATIENTS.name].fail(0, _("The file is missing: a tidy folder needs it."))
    pictures = Pictures(folder)
    ties = number(sheets, pictures)
    linked = {
        table.name: _records(table, table.record, sheets[table.name], ties)
        for table in TABLES
        if table.record
    }
    records = Contents.holding(record for pairs in linked.values() for _row, record in pairs)
    _check_rules(linked, records, sheets)
    derived.compare(linked, sheets, records)
    records.settings = derived.settings(sheets)
    records.image_hashes = pictures.hashes
    if faults.entries:
        # A file under another name may be what is missing.
        others = [] if PATIENTS.name in files.tables else files.notes
        raise BadFolder([*(str(fault) for fault in sorted(faults.entries)), *others])
    derived.leave_out_ages(records)
    return Reading(
        contents=records,
        sha256=_sha256(files, pictures),
        row_counts={table.name: len(sheets[table.name].rows) for table in TABLES},
        notes=[
            *faults.notes,
            *_new_words(linked),
            *(_questions(linked, records, today) if today else []),
        ],
        pictures=pictures,
    )


_KNOWN = (
    *(table.file for table in codebook.FILES),
    *(spreadsheet.FILE, export_folder.ABSTRACT, export_folder.FIGURES),
)
"""The names of the files that an export can contain besides tables, of which nothing is read."""


def _refuse_pseudonymised(files: TidyFolder) -> None:
    """Raise BadFolder for a pseudonymised export, whose other faults would be meaningless."""
    if PATIENTS.name not in files.tables:
        return
    try:
        input_file.refuse_special(files.tables[PATIENTS.name])
        with files.tables[PATIENTS.name].open(encoding="utf-8-sig") as file:
            header = file.readline()
    except (OSError, UnicodeDecodeError, KnownError):
        return
    if DAY_ZERO.name in header.rstrip("\r\n").split(","):
        raise BadFolder(
            [
                _(
                    "“{folder}” is a pseudonymised export: it has days since T0 in place of dates,"
                    " and cannot become a casebook."
                ).format(folder=files.path.name)
            ]
        )


RecordRows = dict[str, list[tuple[Row, Any]]]
"""Rows with their record, by table; only those that make a record."""


def _records(
    table: Table, kind: type[Record], sheet: Sheet, ties: Ties
) -> list[tuple[Row, Record]]:
    """Return the records of a table's rows, without those that lack a required field."""
    columns = [(column.name, column.field) for column in table.columns if column.field]
    needed = {column.field for column in table.columns if column.field and column.filled}
    needed |= NEEDED.get(table.name, {"patient_id"})
    pairs = []
    for row in sheet.rows:
        values = {
            field: row.values[name] for name, field in columns if row.values[name] is not None
        }
        tie(ties, row, values)
        if needed <= values.keys():
            pairs.append((row, kind(**{"id": new_id()} | values)))
    return pairs


def _check_rules(linked: RecordRows, records: Contents, sheets: dict[str, Sheet]) -> None:
    """Report the records that break a rule, except in cells that already have a fault."""
    rows = {id(record): row for pairs in linked.values() for row, record in pairs}
    lost = sheets["followup"].doubtful()
    for record, problems in contents.problems(records):
        row = rows[id(record)]
        if isinstance(record, Patient) and {None, row.values["patient_id"]} & lost:
            # With an unreadable death, the disease status contradicts the status without fault.
            problems.pop("disease_status", None)
        for field, text in problems.items():
            column = _column(row, field)
            if column not in row.unreadable:
                row.fault(column, text)


def _questions(linked: RecordRows, records: Contents, today: date) -> list[str]:
    """Return what is unlikely in the records, each with its place in the folder."""
    rows = {id(record): row for pairs in linked.values() for row, record in pairs}
    faults = []
    for record, asked in all_questions(records, today):
        row = rows[id(record)]
        for field, text in asked.items():
            faults.append(row.sheet.described(row.line, text, _column(row, field)))
    return [str(fault) for fault in sorted(faults)]


_BY_NAME = {table.name: table for table in TABLES}


_COUNTED = ("nuclide", "event", "category", "timepoint", "outcome", "attribution")
"""The columns with an open list of which some words have an effect on numbers."""


def _is_listed(column: Column, word: str) -> bool:
    if column.kind is ANALYTE:
        return analytes.find(word) is not None
    return column.words.find(word) is not None


def _new_words(linked: RecordRows) -> list[str]:
    """Return the words and units that are not known, each once with its first line."""
    notes: dict[tuple[str, ...], str] = {}
    for name, pairs in linked.items():
        columns = [
            each
            for each in _BY_NAME[name].columns
            if each.field and (each.kind is ANALYTE or each.name in _COUNTED)
        ]
        for row, record in pairs:
            for column in columns:
                word = getattr(record, column.field or "")
                key: tuple[str, ...] = (name, column.name, fold(word or ""))
                if word and key not in notes and not _is_listed(column, word):
                    text = _("“{word}” is not in the list, and was kept as it is written.")
                    fault = row.sheet.described(row.line, text.format(word=word), column.name)
                    notes[key] = str(fault)
    for row, result in linked[LABS.name]:
        key = (LABS.name, "unit", result.analyte, result.unit or "")
        if result.canonical_value is None and analytes.find(result.analyte) and key not in notes:
            text = _("“{unit}” is not a unit of {analyte}: its results are kept, but not graded.")
            if not result.unit:
                text = _("{analyte} has no unit: its results are kept, but not graded.")
            text = text.format(unit=result.unit, analyte=label(result.analyte))
            notes[key] = str(row.sheet.described(row.line, text, "unit"))
    return [*notes.values()]


def _column(row: Row, field: str) -> str | None:
    """Return the column in which a field of a record was written."""
    column = row.sheet.table.column_of(field)
    return "activity" if column == "stated" and row.values["stated"] is None else column


def _sha256(files: TidyFolder, pictures: Pictures) -> str:
    digest = hashlib.sha256()
    for table in TABLES:
        if path := files.tables.get(table.name):
            content = input_file.read_bytes(path)
            digest.update(f"{table.file} {len(content)}\n".encode())
            digest.update(content)
    for sha256 in sorted(pictures.hashes.values()):
        digest.update(sha256.encode())
    return digest.hexdigest()
