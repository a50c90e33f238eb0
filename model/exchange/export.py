"""A casebook written as a folder: tables, codebook, the cohort's numbers; whole, or not at all.

CSV files or one workbook with a sheet each, as it is recorded or pseudonymised: see `Wish`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from model import images
from model.casebook import Casebook
from model.cohort import abstract, lab_columns
from model.errors import Conflict, KnownError
from model.exchange import (
    codebook,
    contents,
    export_place,
    pseudonymised,
    pseudonymised_ages,
    pseudonymised_layout,
    pseudonyms,
    spreadsheet,
    summary,
    tables_files,
    tidy_labs,
    tidy_layout,
    tidy_pictures,
    tidy_writing,
)
from model.exchange.csv_files import CsvFiles
from model.exchange.export_place import ABSTRACT, FIGURES, problem_of
from model.exchange.small_cells import SmallCell, small_cells
from model.exchange.summary_layout import SUMMARY
from model.exchange.tidy_columns import Table
from model.exchange.wish import Wish
from model.toxicities import VERSIONS

if TYPE_CHECKING:
    from model.cohort.frames import Frames
    from model.cohort.lab_columns import LabColumns
    from model.cohort.lines import Table as CohortTable
    from model.exchange.contents import Contents

__all__ = ["EVERYTHING", "Wish", "export", "problem_of", "small_cells_of"]

EVERYTHING = Wish()
Tell = Callable[[int, int, str], object]
_STEPS = 4
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All that an export is written from, as of one moment."""

    recorded: Contents
    """Of the laboratory results those that other records rest on: all are in `results`."""
    results: LabColumns
    tables: tuple[CohortTable, ...]
    abstract: str
    codes: Mapping[int, str] = field(default_factory=dict)
    """By patient id; none for an export that is not pseudonymised."""
    origins: Mapping[int, pseudonymised.Origin] = field(default_factory=dict)


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
        with casebook.reading(), closing(_files(making, wish)) as files:
            gathered = _gathered(casebook, wish)
            others = _write(casebook, making, gathered, wish, files, say)
        written = files.files + others
        say(3, _STEPS, "Moving the folder into place")
        _keep_codes(casebook, gathered, wish)
        export_place.put_in_place(making, folder)
    _note(casebook, folder, written, wish)
    return written


def _files(making: Path, wish: Wish) -> Files:
    if wish.form == "xlsx":
        return spreadsheet.Workbook(making)
    return CsvFiles(making, with_bom=wish.with_bom)


def _write(
    casebook: Casebook, making: Path, gathered: Gathered, wish: Wish, files: Files, say: Tell
) -> list[str]:
    """Write all that was gathered; gives back the names of the files that are no tables."""

    def watched(rows: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
        for number, row in enumerate(rows):
            if number % _AT_ONCE == 0:
                say(1, _STEPS, "Writing the tables")
            yield row

    known = _put_records(files, gathered, wish, watched)
    say(2, _STEPS, "Writing the cohort")
    _put_cohort(files, gathered)
    others = _other_files(casebook, making, gathered, wish)
    if figures := [name for name in others if name.startswith(f"{FIGURES}/")]:
        files.put(codebook.FIGURES, ([Path(name).name] for name in sorted(figures)))
    tables = (*known, *codebook.OF_THE_COHORT, codebook.CODEBOOK)
    suffix = ".csv" if wish.form == "csv" else ""
    files.put(codebook.CODEBOOK, codebook.rows(tables, suffix))
    files.finish()
    return others


def small_cells_of(casebook: Casebook, wish: Wish) -> list[SmallCell]:
    """The cells of the cohort's tables that count fewer than five patients, before writing."""
    with casebook.reading():
        frames = _selected(casebook, wish)
        if wish.pseudonymised:
            from model.exchange import pseudonymised_frames

            nameless = dict.fromkeys(map(int, frames.patients.index), "")
            frames = pseudonymised_frames.without_identity_of(frames, nameless)
        return small_cells(_tables(frames, wish))


def _gathered(casebook: Casebook, wish: Wish) -> Gathered:
    results = lab_columns.read(casebook)
    frames = _selected(casebook, wish, results)
    if wish.pseudonymised:
        return _pseudonymised(casebook, results, frames, wish)
    tables = _tables(frames, wish)
    return Gathered(
        recorded=_recorded(casebook, frames),
        results=results,
        tables=tables,
        abstract=abstract.text(casebook, frames, tables, wish.selection, wish.options),
    )


def _recorded(casebook: Casebook, frames: Frames) -> Contents:
    """The records of the patients of some frames."""
    recorded = contents.load(casebook, all_results=False)
    patient_ids = [int(key) for key in frames.patients.index]
    if len(patient_ids) < len(recorded.patients):
        recorded = contents.of_patients(recorded, patient_ids)
    return recorded


def _pseudonymised(casebook: Casebook, results: LabColumns, frames: Frames, wish: Wish) -> Gathered:
    """The paragraph stands in the shipped words, as a casebook's own may say anything."""
    from model.exchange import pseudonymised_frames

    known = {} if wish.codes_of is None else pseudonyms.codes_of(casebook, wish.codes_of)
    codes = pseudonyms.completed(known, (int(key) for key in frames.patients.index))
    told = pseudonymised_frames.told_of(wish.selection)
    recorded = _recorded(casebook, frames)
    oldest = pseudonymised_ages.over_89(recorded, results)
    nameless = pseudonymised_frames.without_identity_of(frames, codes, oldest)
    tables = _tables(nameless, replace(wish, selection=told))
    versions = [each for each in abstract.versions(casebook) if each in VERSIONS]
    paragraph = abstract.paragraph(nameless, tables, told, wish.options, "", versions).whole
    said = pseudonymised_frames.sentence_of(wish.selection)
    return Gathered(
        recorded=recorded,
        results=results,
        tables=tuple(
            replace(table, notes=tuple(note.replace(told.sentence(), said) for note in table.notes))
            for table in tables
        ),
        abstract=paragraph.replace(told.sentence(), said),
        codes=codes,
        origins=pseudonymised.days_zero(recorded, results, _origins(frames, wish)),
    )


def _selected(casebook: Casebook, wish: Wish, results: LabColumns | None = None) -> Frames:
    from model.cohort import frames, selecting

    return selecting.apply(frames.load(casebook, results), wish.selection)


def _tables(frames: Frames, wish: Wish) -> tuple[CohortTable, ...]:
    from model.cohort.tables import tables

    return tables(frames, wish.selection, wish.options)


def _origins(frames: Frames, wish: Wish) -> dict[int, pseudonymised.Origin]:
    """Day zero of each patient by the selection's T0; none where the records tell it as well.

    None either where T0 stands for a date of which only the year or month is known: it is the
    middle of that, and the days since would tell the day of the year of all else.
    """
    from model.cohort.selection import T0

    bases = {
        T0.FIRST_OF_NUCLIDE: "first_of_nuclide",
        T0.DIAGNOSIS: "diagnosis",
        T0.RECORDED: "recorded",
    }
    basis = bases.get(wish.selection.t0)
    if basis is None:
        return {}
    is_about = frames.patients["t0_is_about"].astype(bool)
    days = frames.patients["index_on"][~is_about].dropna()
    return {
        int(key): pseudonymised.Origin(day.date(), basis)
        for key, day in zip(days.index, days, strict=True)
    }


def _put_records(
    files: Files,
    gathered: Gathered,
    wish: Wish,
    watched: Callable[[Iterator[Sequence[str]]], Iterator[Sequence[str]]],
) -> tuple[Table, ...]:
    """Write the tables of records; gives back all that could be among them."""
    if wish.pseudonymised:
        known = tuple(table for _, table in pseudonymised_layout.TABLES.values())
        found = pseudonymised.tables(
            gathered.recorded, gathered.results, gathered.codes, gathered.origins
        )
    else:
        known = tidy_layout.TABLES
        found = _tables_as_recorded(gathered)
    for table, all_cells in found:
        cells = watched(all_cells)
        first = next(cells, None)
        if first is not None:
            files.put(table, chain([first], cells))
        elif table.always:
            files.put(table, ())
    return known


def _tables_as_recorded(gathered: Gathered) -> Iterator[tuple[Table, Iterator[Sequence[str]]]]:
    for table, rows in tidy_writing.tables(gathered.recorded):
        if table is tidy_layout.LABS:
            yield table, tidy_labs.cells(gathered.results, gathered.recorded.patients)
        else:
            yield table, tidy_writing.cells(table, rows)


def _put_cohort(files: Files, gathered: Gathered) -> None:
    lines = {table.key: table.lines for table in gathered.tables}
    told = summary.by_section(line for table in gathered.tables for line in table.lines)
    files.put(SUMMARY, summary.rows(told))
    for each in tables_files.FILES:
        files.put(each.table, each.rows(line for key in each.keys for line in lines.get(key, ())))
    files.put(tables_files.DEFINITIONS, tables_files.definitions(gathered.tables))


def _other_files(casebook: Casebook, making: Path, gathered: Gathered, wish: Wish) -> list[str]:
    """Write what is no table: the paragraph, and what names patients, pictures and figures."""
    encoding = "utf-8-sig" if wish.with_bom else "utf-8"
    (making / ABSTRACT).write_text(gathered.abstract, encoding=encoding)
    written = [ABSTRACT]
    if wish.pseudonymised:
        return written
    written += tidy_pictures.write(
        making, gathered.recorded, lambda data_id: images.content(casebook, data_id)
    )
    if wish.figures:
        (making / FIGURES).mkdir()
        written += [f"{FIGURES}/{name}" for name in wish.figures(making / FIGURES)]
    return written


def _keep_codes(casebook: Casebook, gathered: Gathered, wish: Wish) -> None:
    """Keep whose the codes are, out of reach of undo: an export without its key tells nothing."""
    if gathered.codes:
        with casebook.step("Pseudonymised export", undoable=False) as step:
            pseudonyms.keep(step, dict(gathered.codes), wish.codes_of)


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
