"""Limits of laboratories from a CSV file: the columns of `laboratory_limits.csv` in a tidy folder.

All rows are read before any is saved; each faulty one is named with its line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model import input_file
from model.errors import BadFolder, KnownError
from model.exchange.tidy import cells
from model.exchange.tidy.course_tables import LABORATORY_LIMITS
from model.exchange.tidy.sheets import Fault
from model.language import _, ngettext
from model.records import laboratory_limits
from model.records.laboratory_limits import LaboratoryLimit, Saved
from model.reference.vocabulary import Vocabulary

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

_FIELDS = {column.name: column for column in LABORATORY_LIMITS.columns}
_COLUMNS = Vocabulary(*_FIELDS)


def read_limits(path: Path) -> list[LaboratoryLimit]:
    """Return the limits of a CSV file.

    Raises BadFolder with a sentence for each faulty row, KnownError for a file that cannot be read.
    """
    faults: list[Fault] = []
    limits = [
        (line, limit)
        for line, values in _rows(path, faults)
        if (limit := _limit(path, line, values, faults)) is not None
    ]
    seen: dict[tuple[object, ...], int] = {}
    for line, limit in limits:
        first = seen.setdefault(laboratory_limits.case_of(limit), line)
        if first != line:
            text = _("These limits are for the same case as those of line {line}.")
            faults.append(Fault(0, line, path.name, "", text.format(line=first)))
    if faults:
        raise BadFolder([str(fault) for fault in sorted(faults)])
    return [limit for _line, limit in limits]


def saved_text(saved: Saved) -> str:
    """Return what was saved, in a sentence."""
    n = sum(saved)
    return ngettext(
        "{n} limit was read: {added} added, {changed} changed, {unchanged} already present.",
        "{n} limits were read: {added} added, {changed} changed, {unchanged} already present.",
        n,
    ).format(n=n, **saved._asdict())


def _rows(path: Path, faults: list[Fault]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line and the cells of each row that is not blank, by column."""
    csv.field_size_limit(input_file.LONGEST_CELL)
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    try:
        yield from _cells_by_column(path, reader, faults)
    except csv.Error:  # the reader has no other, as it is not strict about quotes
        text = _("A cell of this row is too long; nothing after it was read.")
        faults.append(Fault(0, reader.line_num, path.name, "", text))


def _cells_by_column(
    path: Path, reader: CsvReader, faults: list[Fault]
) -> Iterator[tuple[int, dict[str, str]]]:
    names = next(reader, [])
    if len(names) > input_file.MOST_COLUMNS:
        text = _("The header has more than {n} columns.")
        faults.append(Fault(0, 1, path.name, "", text.format(n=input_file.MOST_COLUMNS)))
        return
    header = [_COLUMNS.spell(name) for name in names]
    if len(header) == 1 and header[0].count(";") > 1:
        text = _("The columns are separated by semicolons: save the file with commas.")
        faults.append(Fault(0, 1, path.name, "", text))
        return
    if "analyte" not in header:
        faults.append(Fault(0, 1, path.name, "analyte", _("The column is missing.")))
        return
    if twice := [name for name in dict.fromkeys(header) if name and header.count(name) > 1]:
        text = _("The header has this column twice.")
        faults.append(Fault(0, 1, path.name, twice[0], text))
        return
    if unknown := [name for name in header if name and name not in _COLUMNS]:
        # It may restrict the limits: those for one sex would apply to everybody.
        text = _("The column is unknown. Use {listed}, or remove it.")
        text = text.format(listed=", ".join(_COLUMNS))
        faults.extend(Fault(0, 1, path.name, name, text) for name in unknown)
        return
    for row in reader:
        if not any(row):
            continue
        if len(row) != len(header):
            text = _("The row and the header differ in the number of cells: {cells}, {columns}.")
            text = text.format(cells=len(row), columns=len(header))
            faults.append(Fault(0, reader.line_num, path.name, "", text))
            continue
        yield reader.line_num, dict(zip(header, row, strict=True))


def _limit(
    path: Path, line: int, row: dict[str, str], faults: list[Fault]
) -> LaboratoryLimit | None:
    """Return the limits of a row; None where a cell or a rule is at fault."""
    values: dict[str, Any] = {"analyte": ""}
    problems: dict[str, str] = {}
    for name, column in _FIELDS.items():
        try:
            value = cells.read(column, row.get(name, "").strip())
        except cells.UnreadableError as error:
            problems[name] = str(error)
            continue
        if value is not None:
            values[name] = value.strip() if isinstance(value, str) else value
    limit = LaboratoryLimit(**values)
    # With an unreadable cell it cannot be told whether a rule is broken.
    problems = problems or limit.problems()
    faults.extend(Fault(0, line, path.name, name, text) for name, text in problems.items())
    return None if problems else limit


def _text(path: Path) -> str:
    try:
        return input_file.read_bytes(path).decode("utf-8-sig")
    except OSError as error:
        text = _("{file} cannot be read: {reason}.")
        raise KnownError(text.format(file=path.name, reason=error.strerror)) from error
    except UnicodeDecodeError as error:
        text = _("{file} is not text in UTF-8: save it as CSV in UTF-8.")
        raise KnownError(text.format(file=path.name)) from error
