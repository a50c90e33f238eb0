"""A casebook written as a folder: tables, codebook, numbers of the cohort; all of it, or nothing.

As CSV files or as one workbook, as recorded or pseudonymised: see `ExportOptions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

from model.cohort.sheet import lay_out
from model.errors import Conflict, KnownError
from model.exchange import codebook, cohort_files, export_folder, spreadsheet
from model.exchange.export_content import ExportContent, collect
from model.exchange.export_folder import ABSTRACT, FIGURES
from model.exchange.export_options import EVERYTHING, ExportOptions
from model.exchange.pseudonymised import layout as pseudonymised_layout
from model.exchange.pseudonymised import pseudonyms
from model.exchange.pseudonymised import tables as pseudonymised_tables
from model.exchange.tidy import labs, layout, pictures, values
from model.exchange.tidy.columns import Table
from model.exchange.tidy.course_tables import LABS
from model.exchange.tidy.writing import CsvFiles, cells
from model.language import N_, _
from model.records import images
from model.records.patients import Patient
from model.store import journal
from model.store.casebook import Casebook

Progress = Callable[[int, int, str], object]
"""Is called with the steps done, all steps, and what is being done."""
_STEPS = 5
Files = CsvFiles | spreadsheet.Workbook
_AT_ONCE = 5_000
"""Rows between two points at which an export can be stopped."""


def export(
    casebook: Casebook,
    folder: Path,
    progress: Progress = lambda _done, _total, _doing: None,
    options: ExportOptions = EVERYTHING,
) -> list[str]:
    """Write a casebook into a folder and return the names of the files.

    The folder is made, or replaces an earlier export, once all files are written: a failure leaves
    what was there. Raises KnownError for a folder with anything else in it, and for options that
    exclude each other. What `progress` raises stops the export, and leaves nothing behind. The
    codes of a pseudonymised export are stored before the folder is moved into place.
    """
    folder = folder.resolve()
    if problem := options.problem() or export_folder.problem_of(folder):
        raise KnownError(problem)
    with export_folder.temporary_folder(folder) as temporary:
        progress(0, _STEPS, _("Reading the casebook"))
        with casebook.snapshot(), closing(_files(temporary, options)) as files:
            content = collect(
                casebook, options, lambda: progress(1, _STEPS, _("Counting the cohort"))
            )
            others = _write(casebook, temporary, content, options, files, progress)
            content.records.clear()
        written = files.files + others
        progress(4, _STEPS, _("Moving the folder into place"))
        if content.codes:
            # Out of reach of undo: an export without its key is worthless.
            with casebook.step(N_("Pseudonymised export"), undoable=False) as step:
                pseudonyms.store(step, dict(content.codes), options.codes_of)
        export_folder.move_into_place(temporary, folder)
    _log(casebook, folder, written, options)
    return written


def _files(folder: Path, options: ExportOptions) -> Files:
    if options.file_format == "xlsx":
        return spreadsheet.Workbook(folder)
    return CsvFiles(folder, with_bom=options.with_bom)


def _write(
    casebook: Casebook,
    folder: Path,
    content: ExportContent,
    options: ExportOptions,
    files: Files,
    progress: Progress,
) -> list[str]:
    """Write all content and return the names of the files that are not tables."""

    def watched(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
        for number, row in enumerate(rows):
            if number % _AT_ONCE == 0:
                progress(2, _STEPS, _("Writing the tables"))
            yield row

    for table, all_cells in _records(content, options):
        rows = watched(all_cells)
        first = next(rows, None)
        if first is not None:
            files.put(table, chain([first], rows))
        elif table.always:
            files.put(table, ())
    progress(3, _STEPS, _("Writing the cohort"))
    _put_cohort(files, content)
    others = _other_files(casebook, folder, content, options)
    if figures := [name for name in others if name.startswith(f"{FIGURES}/")]:
        files.put(codebook.FIGURES, ([Path(name).name] for name in sorted(figures)))
    record_tables = pseudonymised_layout.TABLES.values() if options.pseudonymised else layout.TABLES
    known = journal.anchor(casebook)
    # A pseudonymised export has no dates at all.
    day = "" if options.pseudonymised else known.day
    files.put(codebook.JOURNAL_ANCHOR, ([str(known.seq), known.hash, day],))
    about_export = (codebook.JOURNAL_ANCHOR, codebook.CODEBOOK)
    documented = (*record_tables, *codebook.COHORT_TABLES, *about_export)
    files.put(
        codebook.CODEBOOK, codebook.rows(documented, ".csv" if options.file_format == "csv" else "")
    )
    files.finish()
    return others


def _records(
    content: ExportContent, options: ExportOptions
) -> Iterator[tuple[Table, Iterable[Sequence[str]]]]:
    """Yield the tables of records with their cells."""
    if options.pseudonymised:
        yield from pseudonymised_tables.tables(
            content.records,
            content.results,
            content.codes,
            content.origins,
            content.oldest,
            content.alive_on,
        )
        return
    for table, columns in values.tables(content.records, content.alive_on):
        if table is LABS:
            yield table, labs.cells(content.results, content.records.of(Patient))
        else:
            yield table, cells(table, columns)


def _put_cohort(files: Files, content: ExportContent) -> None:
    sheets = {table.key: lay_out(table) for table in content.tables}
    summary = cohort_files.summary_lines(line for table in content.tables for line in table.lines)
    files.put(cohort_files.SUMMARY, cohort_files.summary_rows(summary))
    for each in cohort_files.FILES:
        files.put(each.table, each.of(sheets))
    files.put(cohort_files.DEFINITIONS, cohort_files.definition_rows(content.tables))


def _other_files(
    casebook: Casebook, folder: Path, content: ExportContent, options: ExportOptions
) -> list[str]:
    """Write the paragraph and, as they name patients only as recorded, pictures and figures."""
    encoding = "utf-8-sig" if options.with_bom else "utf-8"
    (folder / ABSTRACT).write_text(content.abstract, encoding=encoding)
    written = [ABSTRACT]
    if options.pseudonymised:
        return written
    written += pictures.write(
        folder, content.records, lambda data_id: images.content(casebook, data_id)
    )
    if options.figures:
        (folder / FIGURES).mkdir()
        drawn = options.figures(folder / FIGURES)
        written += [f"{FIGURES}/{name}" for name in drawn]
        if not drawn:
            (folder / FIGURES).rmdir()
    return written


def _log(casebook: Casebook, folder: Path, files: list[str], options: ExportOptions) -> None:
    """Log the export in the journal."""
    detail: dict[str, Any] = {"folder": folder.name, "files": files}
    if options.pseudonymised:
        detail["pseudonymised"] = True
    if options.selection.filters or options.selection.cut_off:
        detail["selection"] = options.selection.sentence()
    try:
        casebook.log(N_("Export folder"), detail)
    except Conflict as error:
        raise KnownError(
            _(
                "“{folder}” was written completely, but not logged in the journal, as another"
                " program is writing to the casebook. Export again when it has finished."
            ).format(folder=folder)
        ) from error
