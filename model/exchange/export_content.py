"""Everything that an export is written from, in one snapshot: records, results, tables, text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from threading import Thread

from model.cohort import frames as cohort_frames
from model.cohort import selecting
from model.cohort.frames import Frames
from model.cohort.labs import results as lab_results
from model.cohort.labs.limits import with_laboratory_limits
from model.cohort.labs.results import LabColumns
from model.cohort.lines import CohortTable
from model.cohort.paragraph import abstract
from model.cohort.selection import T0, at_cut_off
from model.cohort.tables import count_tables
from model.ctcae.terms import VERSIONS
from model.exchange.export_options import ExportOptions
from model.exchange.pseudonymised import ages, pseudonyms
from model.exchange.pseudonymised import frames as pseudonymised_frames
from model.exchange.pseudonymised.small_cells import SmallCell, small_cells
from model.exchange.pseudonymised.tables import Origin, days_zero
from model.records import contents
from model.records.contents import Contents
from model.records.outcome import last_alive
from model.records.patients import Patient
from model.store.casebook import Casebook

_BASES = {
    T0.FIRST_OF_NUCLIDE: "first_of_nuclide",
    T0.DIAGNOSIS: "diagnosis",
    T0.RECORDED: "recorded",
}
"""The code of day zero for each T0 that the records alone do not give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportContent:
    """Everything that an export is written from, read in one snapshot."""

    records: Contents
    """Of the laboratory results only those that other records refer to; `results` has them all."""
    results: LabColumns
    tables: tuple[CohortTable, ...]
    abstract: str
    alive_on: Mapping[int, date]
    """The last day alive of each patient who has one, by id."""
    codes: Mapping[int, str] = field(default_factory=dict)
    """By patient id; empty for an export that is not pseudonymised."""
    origins: Mapping[int, Origin] = field(default_factory=dict)
    oldest: frozenset[int] = frozenset()
    """The ids of the patients over 89, for a pseudonymised export: see `ages.over_89`."""


def small_cells_of(casebook: Casebook, options: ExportOptions) -> list[SmallCell]:
    """Return the cells of the cohort's tables that count fewer than five patients."""
    with casebook.snapshot():
        frames = _selected(casebook, options)
        options = replace(options, selection=at_cut_off(options.selection, frames.cut_off))
        if options.pseudonymised:
            no_codes = dict.fromkeys(map(int, frames.patients.index), "")
            frames = pseudonymised_frames.without_identity_of(frames, no_codes)
        return small_cells(count_tables(frames, options.selection, options.counting))


def collect(
    casebook: Casebook, options: ExportOptions, before_counting: Callable[[], object]
) -> ExportContent:
    """Read everything that an export contains; the caller opens the snapshot.

    `before_counting` is called before each long step once all is read; what it raises stops the
    export.
    """
    # The tables need it, and while SQLite reads the results other threads have time to import.
    Thread(target=import_module, args=("scipy.stats",)).start()
    results = with_laboratory_limits(lab_results.read(casebook), casebook)
    frames = _selected(casebook, options, results)
    options = replace(options, selection=at_cut_off(options.selection, frames.cut_off))
    before_counting()
    if options.pseudonymised:
        return _pseudonymised(casebook, results, frames, options, before_counting)
    cohort_tables = count_tables(frames, options.selection, options.counting)
    before_counting()
    return ExportContent(
        records=_records(casebook, frames, options),
        results=results,
        alive_on=last_alive.of_casebook(casebook),
        tables=cohort_tables,
        abstract=abstract.of_casebook(
            casebook, frames, cohort_tables, options.selection, options.counting
        ).whole,
    )


def _selected(
    casebook: Casebook, options: ExportOptions, results: LabColumns | None = None
) -> Frames:
    return selecting.apply_selection(cohort_frames.load(casebook, results), options.selection)


def _records(casebook: Casebook, frames: Frames, options: ExportOptions) -> Contents:
    """Return the records of the patients that the selection's filters leave, or of all."""
    records = contents.load(casebook, all_results=False)
    if not options.selection.filters:
        return records  # whatever the cut-off leaves out of the cohort
    return contents.of_patients(records, [int(key) for key in frames.patients.index])


def _pseudonymised(
    casebook: Casebook,
    results: LabColumns,
    frames: Frames,
    options: ExportOptions,
    before_counting: Callable[[], object],
) -> ExportContent:
    """Return the content under codes.

    The paragraph uses the template that Theralog ships, as a casebook's own may contain anything.
    """
    taken = {} if options.codes_of is None else pseudonyms.codes_of(casebook, options.codes_of)
    records = _records(casebook, frames, options)
    codes = pseudonyms.completed(taken, (each.id or 0 for each in records.of(Patient)))
    selection = pseudonymised_frames.without_filters(options.selection)
    before_counting()
    oldest = ages.over_89(records, results)
    coded_frames = pseudonymised_frames.without_identity_of(frames, codes, oldest)
    before_counting()
    coded_tables = count_tables(coded_frames, selection, options.counting)
    before_counting()
    versions = [each for each in abstract.versions(casebook) if each in VERSIONS]
    paragraph = abstract.paragraph(
        coded_frames, coded_tables, selection, options.counting, "", versions
    ).whole
    sentence = pseudonymised_frames.sentence_of(options.selection)

    def mended(text: str) -> str:
        return text.replace(selection.sentence(), sentence)

    return ExportContent(
        records=records,
        results=results,
        alive_on=last_alive.of_casebook(casebook),
        tables=tuple(
            replace(table, notes=tuple(map(mended, table.notes))) for table in coded_tables
        ),
        abstract=mended(paragraph),
        codes=codes,
        origins=days_zero(records, results, _origins(frames, options)),
        oldest=oldest,
    )


def _origins(frames: Frames, options: ExportOptions) -> dict[int, Origin]:
    """Return day zero of each patient by the selection's T0; none if the records give it as well.

    A T0 from a date of which only the year or month is known is excluded: it is the middle of that
    period, and the days since would reveal the day of the year of all other dates.
    """
    basis = _BASES.get(options.selection.t0)
    if basis is None:
        return {}
    is_partial = frames.patients["t0_is_about"].astype(bool)
    days = frames.patients["index_on"][~is_partial].dropna()
    return {int(key): Origin(day.date(), basis) for key, day in zip(days.index, days, strict=True)}
