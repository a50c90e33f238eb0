"""Read the cohort's records and count a selection of them: tables, paragraph and choices.

Everything here may run off the GUI thread; pandas is imported when it is first needed.
"""

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
from model.language import _, ngettext
from model.reference import analytes
from model.rounding import group_thousands
from model.store.reader import Reader

if TYPE_CHECKING:
    from model.cohort.frames import Frames
    from model.cohort.paragraph.abstract import Paragraph

_BLOOD_COUNTS = ("plt", "hb", "anc", "wbc")

Progress = Callable[[str], object]
"""Called with a sentence on what is being done; may raise to stop."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CohortRecords:
    """What the casebook holds: frames of all patients, paragraph template, frozen cohorts."""

    frames: Frames
    template: str
    frozen: tuple[Frozen, ...]
    problem: str = ""
    """Why the frozen cohorts cannot be read; usually empty."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CohortCounts:
    """The tables and the paragraph of one selection, and the records that they were counted from.

    `frames` holds only the selected patients.
    """

    records: CohortRecords
    selection: Selection
    options: Options
    frames: Frames
    tables: Mapping[str, CohortTable]
    paragraph: Paragraph | None
    problem: str
    """Why there is no paragraph."""
    choices: Mapping[FilterKind, Sequence[str]]
    """The values that occur in the casebook, for each kind of filter."""
    codes: Mapping[int, str]
    """The study code of each patient in the casebook, by id."""
    analytes: Sequence[str]
    """The keys of the analytes that have results, blood counts first."""

    @property
    def patients(self) -> int:
        """How many patients are selected."""
        return len(self.frames.patients)

    @property
    def all_patients(self) -> int:
        """How many patients the casebook has."""
        return len(self.records.frames.patients)

    def number(self, table: str, measure: str, level: str = "") -> int:
        """Return the count of a line of a table, or 0 if there is no such line."""
        lines = self.tables[table].lines if table in self.tables else ()
        counts = (line.n for line in lines if (line.measure, line.level) == (measure, level))
        return next(counts, 0) or 0

    def summary(self) -> str:
        """Return how many patients and cycles are counted, and how many of each modality."""
        if self.patients != self.all_patients:
            text = ngettext(
                "{chosen} of {n} patient", "{chosen} of {n} patients", self.all_patients
            )
        else:
            text = ngettext("{n} patient", "{n} patients", self.all_patients)
        patients = text.format(chosen=self.patients, n=group_thousands(self.all_patients))
        cycles = self.number("exposure", "cycles")
        if not cycles:
            return f"· {patients}"
        treatments = ngettext(
            "{n} cycle ({monotherapy} monotherapy, {tandem} tandem)",
            "{n} cycles ({monotherapy} monotherapy, {tandem} tandem)",
            cycles,
        ).format(
            n=group_thousands(cycles),
            monotherapy=self.number("exposure", "modality", "monotherapy"),
            tandem=self.number("exposure", "modality", "tandem"),
        )
        return f"· {patients} · {treatments}"


def load_cohort(reader: Reader, progress: Progress = lambda _activity: None) -> CohortRecords:
    """Read everything that the cohort is counted from, laboratory results too."""
    from model.cohort import frames
    from model.cohort.paragraph import abstract

    progress(_("Reading the records…"))
    all_frames = frames.load(reader)
    progress(_("Reading the results…"))
    # The property reads them on first use, when the connection may be closed.
    _labs = all_frames.labs
    problem = ""
    frozen: tuple[Frozen, ...] = ()
    try:
        frozen = tuple(freeze.load_frozen(reader))
    except KnownError as error:
        problem = str(error)
    return CohortRecords(
        frames=all_frames,
        template=abstract.saved_template(reader),
        frozen=frozen,
        problem=problem,
    )


def count_cohort(
    records: CohortRecords,
    selection: Selection,
    options: Options,
    progress: Progress = lambda _activity: None,
) -> CohortCounts:
    """Count the patients of a selection."""
    from model.cohort import selecting
    from model.cohort.paragraph import abstract
    from model.cohort.tables import count_tables

    progress(_("Selecting the patients…"))
    selected = selecting.apply_selection(records.frames, selection)
    selection = at_cut_off(selection, selected.cut_off)
    progress(_("Counting…"))
    tables = count_tables(selected, selection, options)
    progress(_("Writing the paragraph…"))
    paragraph, problem = None, ""
    try:
        paragraph = abstract.paragraph(selected, tables, selection, options, records.template)
    except KnownError as error:
        problem = str(error)
    return CohortCounts(
        records=records,
        selection=selection,
        options=options,
        frames=selected,
        tables={table.key: table for table in tables},
        paragraph=paragraph,
        problem=problem,
        choices={kind: selecting.choices(records.frames, kind) for kind in FilterKind},
        analytes=_analytes_with_results(selected),
        codes=records.frames.codes,
    )


def preview_paragraph(counts: CohortCounts, template: str) -> str:
    """Return the paragraph that another template yields, without counting again.

    Raises KnownError for a template with an unknown placeholder.
    """
    from model.cohort.paragraph import abstract

    tables = tuple(counts.tables.values())
    return abstract.paragraph(
        counts.frames, tables, counts.selection, counts.options, template
    ).text


def freeze_counts(counts: CohortCounts, name: str, version: str, at: str) -> Frozen:
    """Return the numbers that the page shows as a frozen cohort, which is not saved yet."""
    return freeze.freeze(
        name,
        counts.tables.values(),
        selection=as_text(replace(counts.selection, name="")),
        options=counts.options.as_text(),
        sentence=counts.selection.sentence(),
        version=version,
        at=at,
    )


def compare_with_today(records: CohortRecords, frozen: Frozen, version: str) -> Comparison:
    """Count a frozen cohort's selection again and compare its numbers with the frozen ones.

    Raises KnownError if its selection or options cannot be read.
    """
    from model.cohort import selecting
    from model.cohort.tables import count_tables

    selection, options = frozen.chosen, Options.from_text(frozen.options)
    selected = selecting.apply_selection(records.frames, selection)
    return compare(frozen, count_tables(selected, selection, options), version)


def _analytes_with_results(frames: Frames) -> list[str]:
    """Return the keys of known analytes, blood counts first, then the most frequent."""
    counts = frames.labs["analyte"].value_counts()
    keys = [str(key) for key, n in counts.items() if n and analytes.by_key(str(key))]
    return sorted(keys, key=lambda key: (*_BLOOD_COUNTS, key).index(key))
