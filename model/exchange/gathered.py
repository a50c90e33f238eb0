"""All that an export is written from, as of one moment: records, results, tables, paragraph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

from model.cohort import lab_results
from model.cohort.paragraph import abstract
from model.exchange.pseudonymised import ages as pseudonymised_ages
from model.exchange.pseudonymised import pseudonyms
from model.exchange.pseudonymised import tables as pseudonymised
from model.exchange.pseudonymised.small_cells import SmallCell, small_cells
from model.exchange.wish import Wish
from model.records import contents
from model.records.patients import Patient
from model.records.toxicities import VERSIONS
from model.store.casebook import Casebook

if TYPE_CHECKING:
    from model.cohort.frames import Frames
    from model.cohort.lab_results import LabColumns
    from model.cohort.lines import CohortTable
    from model.records.contents import Contents


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
    oldest: frozenset[int] = frozenset()
    """Those over 89, by id, where that matters: see `pseudonymised_ages.over_89`."""


def small_cells_of(casebook: Casebook, wish: Wish) -> list[SmallCell]:
    """The cells of the cohort's tables that count fewer than five patients, before writing."""
    with casebook.snapshot():
        frames = _selected(casebook, wish)
        if wish.pseudonymised:
            from model.exchange.pseudonymised import frames as pseudonymised_frames

            nameless = dict.fromkeys(map(int, frames.patients.index), "")
            frames = pseudonymised_frames.without_identity_of(frames, nameless)
        return small_cells(_tables(frames, wish))


def gathered(casebook: Casebook, wish: Wish, count: Callable[[], object]) -> Gathered:
    """Everything that is wanted; the caller sees to it that all is of one moment.

    `count` is called before each part that takes long once all was read; what it raises stops it.
    """
    # The tables want it, and SQLite leaves the time to other threads while it reads the results.
    Thread(target=import_module, args=("scipy.stats",)).start()
    results = lab_results.read(casebook)
    frames = _selected(casebook, wish, results)
    count()
    if wish.pseudonymised:
        return _pseudonymised(casebook, results, frames, wish, count)
    tables = _tables(frames, wish)
    count()
    return Gathered(
        recorded=_recorded(casebook, frames),
        results=results,
        tables=tables,
        abstract=abstract.of_casebook(casebook, frames, tables, wish.selection, wish.options).whole,
    )


def _recorded(casebook: Casebook, frames: Frames) -> Contents:
    """The records of the patients of some frames."""
    recorded = contents.load(casebook, all_results=False)
    patient_ids = [int(key) for key in frames.patients.index]
    if len(patient_ids) < len(recorded.of(Patient)):
        recorded = contents.of_patients(recorded, patient_ids)
    return recorded


def _pseudonymised(
    casebook: Casebook,
    results: LabColumns,
    frames: Frames,
    wish: Wish,
    count: Callable[[], object],
) -> Gathered:
    """The paragraph stands in the shipped words, as a casebook's own may say anything."""
    from model.exchange.pseudonymised import frames as pseudonymised_frames

    known = {} if wish.codes_of is None else pseudonyms.codes_of(casebook, wish.codes_of)
    codes = pseudonyms.completed(known, (int(key) for key in frames.patients.index))
    told = pseudonymised_frames.told_of(wish.selection)
    recorded = _recorded(casebook, frames)
    count()
    oldest = pseudonymised_ages.over_89(recorded, results)
    nameless = pseudonymised_frames.without_identity_of(frames, codes, oldest)
    count()
    tables = _tables(nameless, replace(wish, selection=told))
    count()
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
        oldest=oldest,
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
