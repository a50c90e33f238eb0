"""What the page shows, counted off the GUI thread: frames, tables, paragraph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from model.cohort import freeze
from model.cohort.comparison import Comparison, compare
from model.cohort.freeze import Frozen
from model.cohort.lines import CohortTable
from model.cohort.options import Options
from model.cohort.selection import FilterKind, Selection, as_text, at_cut_off
from model.errors import KnownError
from model.language import _
from model.reference import analytes
from model.store.reader import Reader

if TYPE_CHECKING:
    from model.cohort.frames import Frames
    from model.cohort.paragraph.abstract import Paragraph

_FIRST = ("plt", "hb", "anc", "wbc")

Progress = Callable[[str], object]
"""Called with what is being done, in words; may raise to stop."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loaded:
    """A casebook's records: frames of all patients, the paragraph's template, frozen cohorts."""

    frames: Frames
    template: str
    frozen: tuple[Frozen, ...]
    problem: str = ""
    """Why the frozen cohorts cannot be read; usually empty."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counted:
    """The cohort of a selection."""

    loaded: Loaded
    selection: Selection
    options: Options
    frames: Frames
    tables: Mapping[str, CohortTable]
    paragraph: Paragraph | None
    problem: str
    """Why there is no paragraph."""
    choices: Mapping[FilterKind, Sequence[str]]
    codes: Mapping[int, str]
    analytes: Sequence[str]
    """The keys of the analytes that have results, blood counts first."""

    @property
    def patients(self) -> int:
        """How many patients are selected."""
        return len(self.frames.patients)

    @property
    def all_patients(self) -> int:
        """How many patients the casebook has."""
        return len(self.loaded.frames.patients)

    def number(self, table: str, measure: str, level: str = "") -> int:
        """Return a count of the tables; 0 if there is none."""
        lines = self.tables[table].lines if table in self.tables else ()
        counts = (one.n for one in lines if (one.measure, one.level) == (measure, level))
        return next(counts, 0) or 0


def loaded(reader: Reader, progress: Progress = lambda _doing: None) -> Loaded:
    """Read everything that the cohort is counted from, laboratory results too."""
    from model.cohort import frames
    from model.cohort.paragraph import abstract

    progress(_("Reading the records…"))
    read = frames.load(reader)
    progress(_("Reading the results…"))
    # Read now: later there is no connection to read them from.
    _labs = read.labs
    problem = ""
    frozen: tuple[Frozen, ...] = ()
    try:
        frozen = tuple(freeze.load_frozen(reader))
    except KnownError as error:
        problem = str(error)
    return Loaded(
        frames=read,
        template=abstract.saved_template(reader),
        frozen=frozen,
        problem=problem,
    )


def counted(
    loaded: Loaded,
    selection: Selection,
    options: Options,
    progress: Progress = lambda _doing: None,
) -> Counted:
    """Count a selection of what was loaded."""
    from model.cohort import selecting
    from model.cohort.paragraph import abstract
    from model.cohort.tables import count_tables

    progress(_("Selecting the patients…"))
    chosen = selecting.apply_selection(loaded.frames, selection)
    selection = at_cut_off(selection, chosen.cut_off)
    progress(_("Counting…"))
    all_tables = count_tables(chosen, selection, options)
    progress(_("Writing the paragraph…"))
    paragraph, problem = None, ""
    try:
        paragraph = abstract.paragraph(chosen, all_tables, selection, options, loaded.template)
    except KnownError as error:
        problem = str(error)
    return Counted(
        loaded=loaded,
        selection=selection,
        options=options,
        frames=chosen,
        tables={table.key: table for table in all_tables},
        paragraph=paragraph,
        problem=problem,
        choices={kind: selecting.choices(loaded.frames, kind) for kind in FilterKind},
        analytes=_analytes(chosen),
        codes=loaded.frames.codes,
    )


def preview(counted: Counted, template: str) -> str:
    """Return the paragraph of another template, from what is counted already.

    Raises KnownError for a template with an unknown placeholder.
    """
    from model.cohort.paragraph import abstract

    every = tuple(counted.tables.values())
    whole = abstract.paragraph(counted.frames, every, counted.selection, counted.options, template)
    return whole.text


def _analytes(frames: Frames) -> list[str]:
    """Return the known analytes that have results, blood counts first, then the most frequent."""
    counts = frames.labs["analyte"].value_counts()
    keys = [str(key) for key, n in counts.items() if n and analytes.by_key(str(key))]
    return sorted(keys, key=lambda key: (*_FIRST, key).index(key))


def frozen_now(counted: Counted, name: str, version: str, at: str) -> Frozen:
    """Return what the page shows, to be frozen under a name."""
    return freeze.freeze(
        name,
        counted.tables.values(),
        selection=as_text(replace(counted.selection, name="")),
        options=counted.options.as_text(),
        sentence=counted.selection.sentence(),
        version=version,
        at=at,
    )


def compared(loaded: Loaded, frozen: Frozen, version: str) -> Comparison:
    """Compare a frozen cohort with its numbers of today.

    Raises KnownError if its selection or options cannot be read.
    """
    from model.cohort import selecting
    from model.cohort.tables import count_tables

    selection, options = frozen.chosen, Options.from_text(frozen.options)
    chosen = selecting.apply_selection(loaded.frames, selection)
    return compare(frozen, count_tables(chosen, selection, options), version)
