"""What the page shows, reasoned in one go off the GUI thread: frames, tables, paragraph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from model.cohort import freeze, options_text
from model.cohort.freeze import Comparison, Frozen
from model.cohort.lines import CohortTable
from model.cohort.options import Options
from model.cohort.selection import Kind, Selection, as_text, from_text
from model.errors import KnownError
from model.reference import analytes
from model.store.reader import Reader

if TYPE_CHECKING:
    from model.cohort.frames import Frames
    from model.cohort.paragraph.abstract import Paragraph

_FIRST = ("plt", "hb", "anc", "wbc")

Told = Callable[[str], object]
"""Hears what is being done, in words; raises when it is no longer wanted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loaded:
    """A casebook's records as they were read: frames of all patients, and what words need."""

    frames: Frames
    template: str
    frozen: tuple[Frozen, ...]
    problem: str = ""
    """Why the frozen cohorts cannot be read; usually empty."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counted:
    """The cohort of a selection, of what was loaded."""

    loaded: Loaded
    selection: Selection
    options: Options
    frames: Frames
    tables: Mapping[str, CohortTable]
    paragraph: Paragraph | None
    problem: str
    """Why there is no paragraph."""
    choices: Mapping[Kind, Sequence[str]]
    codes: Mapping[int, str]
    analytes: Sequence[str]
    """The keys of those that have results, blood counts first."""

    @property
    def patients(self) -> int:
        """How many patients are chosen."""
        return len(self.frames.patients)

    @property
    def all_patients(self) -> int:
        """How many patients the casebook has."""
        return len(self.loaded.frames.patients)

    def number(self, table: str, measure: str, level: str = "") -> int:
        """A count of the tables; 0 where there is none."""
        lines = self.tables[table].lines if table in self.tables else ()
        found = (one.n for one in lines if (one.measure, one.level) == (measure, level))
        return next(found, 0) or 0


def loaded(reader: Reader, tell: Told) -> Loaded:
    """Read everything that the cohort is counted from, laboratory results too."""
    from model.cohort import frames
    from model.cohort.paragraph import abstract

    tell("Reading the records…")
    found = frames.load(reader)
    tell("Reading the results…")
    # Read here and now: later there is no connection to read them from.
    _read = found.labs
    problem = ""
    frozen: tuple[Frozen, ...] = ()
    try:
        frozen = tuple(freeze.saved(reader))
    except KnownError as error:
        problem = str(error)
    return Loaded(
        frames=found,
        template=abstract.saved_template(reader),
        frozen=frozen,
        problem=problem,
    )


def counted(known: Loaded, selection: Selection, options: Options, tell: Told) -> Counted:
    """Everything of a selection, from what was loaded; tells what it is about before each part."""
    from model.cohort import selecting
    from model.cohort.paragraph import abstract
    from model.cohort.tables import tables

    tell("Choosing the patients…")
    chosen = selecting.apply(known.frames, selection)
    tell("Counting…")
    made = tables(chosen, selection, options)
    tell("Writing the paragraph…")
    paragraph, problem = None, ""
    try:
        paragraph = abstract.paragraph(chosen, made, selection, options, known.template)
    except KnownError as error:
        problem = str(error)
    return Counted(
        loaded=known,
        selection=selection,
        options=options,
        frames=chosen,
        tables={table.key: table for table in made},
        paragraph=paragraph,
        problem=problem,
        choices={kind: selecting.choices(known.frames, kind) for kind in Kind},
        analytes=_analytes(chosen),
        codes={int(key): str(code) for key, code in known.frames.patients["code"].items()},
    )


def preview(counted: Counted, template: str) -> str:
    """What another template of the paragraph comes to, of what is counted already.

    Raises KnownError for a template that names what there is not.
    """
    from model.cohort.paragraph import abstract

    made = tuple(counted.tables.values())
    whole = abstract.paragraph(counted.frames, made, counted.selection, counted.options, template)
    return whole.text


def _analytes(frames: Frames) -> list[str]:
    """The keys of the known analytes that have results, blood counts first, then by number."""
    counts = frames.labs["analyte"].value_counts()
    found = [str(key) for key, n in counts.items() if n and analytes.by_key(str(key))]
    return sorted(found, key=lambda key: (*_FIRST, key).index(key))


def frozen_now(counted: Counted, name: str, version: str, at: str) -> Frozen:
    """What the page shows, to be frozen under a name."""
    return freeze.frozen(
        name,
        counted.tables.values(),
        selection=as_text(replace(counted.selection, name="")),
        options=options_text.as_text(counted.options),
        sentence=counted.selection.sentence(),
        version=version,
        at=at,
    )


def compared(known: Loaded, kept: Frozen, version: str) -> Comparison:
    """A frozen cohort beside its numbers of today.

    Raises KnownError when what it was counted by cannot be read.
    """
    from model.cohort import selecting
    from model.cohort.tables import tables

    selection, options = from_text(kept.selection), options_text.from_text(kept.options)
    chosen = selecting.apply(known.frames, selection)
    return freeze.compared(kept, tables(chosen, selection, options), version)
