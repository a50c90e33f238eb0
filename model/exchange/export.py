"""A casebook written as a folder: tables, codebook, the cohort's numbers; whole, or not at all.

CSV files or one workbook with a sheet each, as it is recorded or pseudonymised: see `Wish`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

from model.cohort.sheet import sheet
from model.errors import Conflict, KnownError
from model.exchange import codebook, export_place, spreadsheet, summary, tables_files
from model.exchange.csv_files import CsvFiles
from model.exchange.export_place import ABSTRACT, FIGURES, problem_of
from model.exchange.gathered import Gathered, gathered, small_cells_of
from model.exchange.pseudonymised import layout as pseudonymised_layout
from model.exchange.pseudonymised import pseudonyms
from model.exchange.pseudonymised import tables as pseudonymised
from model.exchange.summary_layout import SUMMARY
from model.exchange.tidy import labs as tidy_labs
from model.exchange.tidy import layout as tidy_layout
from model.exchange.tidy import pictures as tidy_pictures
from model.exchange.tidy import values as tidy_values
from model.exchange.tidy import writing as tidy_writing
from model.exchange.tidy.columns import Table
from model.exchange.wish import Wish
from model.records import images
from model.records.patients import Patient
from model.store.casebook import Casebook

__all__ = ["EVERYTHING", "Wish", "export", "problem_of", "small_cells_of"]

EVERYTHING = Wish()
Tell = Callable[[int, int, str], object]
_STEPS = 5
_AT_ONCE = 5_000
"""Rows between two moments at which an export can be stopped."""


class Files(Protocol):
    """What tables are written with: CSV files or a workbook."""

    files: list[str]

    def put(self, table: Table, rows: Iterable[Sequence[str]]) -> None:
        """Write a table."""
        ...

    def finish(self) -> None:
        """Write what is left to write."""
        ...

    def close(self) -> None:
        """Let go of what is open, whether or not all was written."""
        ...


def export(
    casebook: Casebook, folder: Path, tell: Tell | None = None, wish: Wish = EVERYTHING
) -> list[str]:
    """Write a casebook into a folder; gives back the names of the files.

    The folder is made, or takes the place of an earlier export, once all files are written: a
    failure leaves what was there. Raises KnownError for a folder that holds anything else, and for
    a wish that cannot be had. `tell` hears how far it is; what it raises stops the export, and
    nothing is left of it. The codes of a pseudonymised export are kept before it is moved.
    """
    folder = folder.resolve()
    if problem := wish.problem() or problem_of(folder):
        raise KnownError(problem)
    say = tell or _keep_quiet
    with export_place.made_beside(folder) as making:
        say(0, _STEPS, "Reading the casebook")
        with casebook.snapshot(), closing(_files(making, wish)) as files:
            found = gathered(casebook, wish, lambda: say(1, _STEPS, "Counting the cohort"))
            others = _write(casebook, making, found, wish, files, say)
            found.recorded.clear()
        written = files.files + others
        say(4, _STEPS, "Moving the folder into place")
        _keep_codes(casebook, found, wish)
        export_place.put_in_place(making, folder)
    _note(casebook, folder, written, wish)
    return written


def _files(making: Path, wish: Wish) -> Files:
    if wish.form == "xlsx":
        return spreadsheet.Workbook(making)
    return CsvFiles(making, with_bom=wish.with_bom)


def _write(
    casebook: Casebook, making: Path, found: Gathered, wish: Wish, files: Files, say: Tell
) -> list[str]:
    """Write all that was gathered; gives back the names of the files that are no tables."""

    def watched(rows: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
        for number, row in enumerate(rows):
            if number % _AT_ONCE == 0:
                say(2, _STEPS, "Writing the tables")
            yield row

    known = _put_records(files, found, wish, watched)
    say(3, _STEPS, "Writing the cohort")
    _put_cohort(files, found)
    others = _other_files(casebook, making, found, wish)
    if figures := [name for name in others if name.startswith(f"{FIGURES}/")]:
        files.put(codebook.FIGURES, ([Path(name).name] for name in sorted(figures)))
    tables = (*known, *codebook.OF_THE_COHORT, codebook.CODEBOOK)
    suffix = ".csv" if wish.form == "csv" else ""
    files.put(codebook.CODEBOOK, codebook.rows(tables, suffix))
    files.finish()
    return others


def _put_records(
    files: Files,
    found: Gathered,
    wish: Wish,
    watched: Callable[[Iterator[Sequence[str]]], Iterator[Sequence[str]]],
) -> tuple[Table, ...]:
    """Write the tables of records; gives back all that could be among them."""
    if wish.pseudonymised:
        known = tuple(table for _, table in pseudonymised_layout.TABLES.values())
        tables = pseudonymised.tables(
            found.recorded, found.results, found.codes, found.origins, found.oldest
        )
    else:
        known = tidy_layout.TABLES
        tables = _tables_as_recorded(found)
    for table, all_cells in tables:
        cells = watched(all_cells)
        first = next(cells, None)
        if first is not None:
            files.put(table, chain([first], cells))
        elif table.always:
            files.put(table, ())
    return known


def _tables_as_recorded(found: Gathered) -> Iterator[tuple[Table, Iterator[Sequence[str]]]]:
    for table, columns in tidy_values.tables(found.recorded):
        if table is tidy_layout.LABS:
            yield table, tidy_labs.cells(found.results, found.recorded.of(Patient))
        else:
            yield table, tidy_writing.cells(table, columns)


def _put_cohort(files: Files, found: Gathered) -> None:
    sheets = {table.key: sheet(table) for table in found.tables}
    told = summary.by_section(line for table in found.tables for line in table.lines)
    files.put(SUMMARY, summary.rows(told))
    for each in tables_files.FILES:
        files.put(each.table, each.rows(sheets[key] for key in each.keys if key in sheets))
    files.put(tables_files.DEFINITIONS, tables_files.definitions(found.tables))


def _other_files(casebook: Casebook, making: Path, found: Gathered, wish: Wish) -> list[str]:
    """Write what is no table: the paragraph, and what names patients, pictures and figures."""
    encoding = "utf-8-sig" if wish.with_bom else "utf-8"
    (making / ABSTRACT).write_text(found.abstract, encoding=encoding)
    written = [ABSTRACT]
    if wish.pseudonymised:
        return written
    written += tidy_pictures.write(
        making, found.recorded, lambda data_id: images.content(casebook, data_id)
    )
    if wish.figures:
        (making / FIGURES).mkdir()
        drawn = wish.figures(making / FIGURES)
        written += [f"{FIGURES}/{name}" for name in drawn]
        if not drawn:
            (making / FIGURES).rmdir()
    return written


def _keep_codes(casebook: Casebook, found: Gathered, wish: Wish) -> None:
    """Keep whose the codes are, out of reach of undo: an export without its key tells nothing."""
    if found.codes:
        with casebook.step("Pseudonymised export", undoable=False) as step:
            pseudonyms.keep(step, dict(found.codes), wish.codes_of)


def _note(casebook: Casebook, folder: Path, files: list[str], wish: Wish) -> None:
    """Note the export in the journal."""
    detail: dict[str, Any] = {"folder": folder.name, "files": files}
    if wish.pseudonymised:
        detail["pseudonymised"] = True
    if wish.selection.filters or wish.selection.cut_off:
        detail["selection"] = wish.selection.sentence()
    try:
        casebook.log("Export folder", detail)
    except Conflict as error:
        raise KnownError(
            f"“{folder}” was written whole, but the journal could not note it, as another program"
            " is writing to the casebook. Export again when it has finished."
        ) from error


def _keep_quiet(_done: int, _total: int, _doing: str) -> None:
    """Tell nobody."""
