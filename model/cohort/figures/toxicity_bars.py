"""Count patients by their worst grade of each term or reporting group, for stacked bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from model.cohort import response
from model.cohort.figures.table import Cell, FigureTable
from model.cohort.frames import Frames
from model.cohort.lines import Reason
from model.cohort.messages import translate
from model.cohort.numbers import percent
from model.cohort.options import (
    DEFAULT_OPTIONS,
    Attribution,
    Denominator,
    EventScope,
    Options,
    Phase,
    PhaseSource,
)
from model.cohort.toxicity import counted_toxicities, names_of, reason_by_events
from model.language import _, ngettext
from model.records import toxicities
from model.rounding import group_thousands

GRADES = (0, 1, 2, 3, 4, 5)
"""0 is for patients without the event."""

SEVERE_GRADE = 3
_GRADE_NAMES = {
    EventScope.EMERGENT: {
        "acute": _("treatment-emergent acute grade"),
        "subacute": _("treatment-emergent subacute grade"),
        "long_term": _("treatment-emergent long-term grade"),
        "": _("treatment-emergent grade"),
    },
    EventScope.RECORDED: {
        "acute": _("acute grade"),
        "subacute": _("subacute grade"),
        "long_term": _("long-term grade"),
        "": _("grade"),
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TermBar:
    """Patients by their worst grade of one term or reporting group: ids for each of `GRADES`."""

    term: str
    name: str
    """The label of the term; for “Other, specify”, what was specified."""
    patients: tuple[tuple[int, ...], ...]
    reason: Reason | None = field(default=None, compare=False, repr=False)

    @property
    def counts(self) -> tuple[int, ...]:
        """The number of patients with each of `GRADES`."""
        return tuple(len(ids) for ids in self.patients)

    @property
    def of(self) -> int:
        """The number of patients of the denominator."""
        return sum(self.counts)

    @property
    def severe(self) -> tuple[int, ...]:
        """The patients with grade 3 or higher."""
        return tuple(patient_id for ids in self.patients[SEVERE_GRADE:] for patient_id in ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToxicityBars:
    """The bars, the most frequent term first; `phase` is as recorded, or empty for all."""

    bars: tuple[TermBar, ...] = ()
    phase: str = ""
    of: int = 0
    codes: Mapping[int, str] = field(default_factory=dict)
    """The study code of each of these patients, by id."""
    options: Options = DEFAULT_OPTIONS

    @property
    def basis(self) -> str:
        """Who is counted: `20 patients with at least one cycle, by worst acute grade`."""
        patients = {
            Denominator.TREATED: ngettext(
                "{n} patient with at least one cycle",
                "{n} patients with at least one cycle",
                self.of,
            ),
            Denominator.IMAGED: ngettext("{n} imaged patient", "{n} imaged patients", self.of),
            Denominator.ALL: ngettext(
                "{n} patient, treated or not", "{n} patients, treated or not", self.of
            ),
        }[self.options.denominator]
        return _("{patients}, by worst {grade}").format(
            patients=patients.format(n=group_thousands(self.of)),
            grade=_GRADE_NAMES[self.options.events][self.phase],
        )

    @property
    def notes(self) -> list[str]:
        """Sentences on what was counted, and on the options that are not the usual ones."""
        notes = [self.basis]
        phase = next((each for each in Phase if each.recorded == self.phase), Phase.ALL)
        if self.options.phases is PhaseSource.BY_DAY and phase is not Phase.ALL:
            notes.append(translate(self.options.phase_sentence(phase)))
        if self.options.attribution is Attribution.RELATED:
            notes.append(translate(self.options.attribution.sentence))
        return notes

    def numbers(self) -> FigureTable:
        """Return one row per term."""
        header = (
            *("term", "phase", "no_event", "grade_1", "grade_2", "grade_3", "grade_4", "grade_5"),
            *("any", "any_percent", "grade_3_or_higher", "grade_3_or_higher_percent", "of"),
        )
        phase = self.phase or "all"
        return FigureTable(header, [self._row(bar, phase) for bar in self.bars])

    def _row(self, bar: TermBar, phase: str) -> tuple[Cell, ...]:
        some, severe = bar.of - bar.counts[0], len(bar.severe)
        shares = (some, percent(some, bar.of), severe, percent(severe, bar.of), bar.of)
        return (bar.term, phase, *bar.counts, *shares)


def toxicity_bars(
    frames: Frames, phase: str | None = None, options: Options = DEFAULT_OPTIONS
) -> ToxicityBars:
    """Return the worst grade per patient and term or reporting group, of the counted patients.

    Bars are sorted by the number of patients, then of those with grade 3 or higher, then by name.
    They count patients even where the tables count events.
    """
    base = response.patients_of(frames, options.denominator)
    events = counted_toxicities(frames, options)
    events = events[events["patient_id"].isin(base)]
    if phase is not None:
        events = events[events["phase"] == phase]
    worst = events.groupby(["measure", "patient_id"])["grade"].max().reset_index()
    of_term, names = events.groupby("measure").indices, names_of(events)
    bars = [
        TermBar(
            term=str(term),
            name=names.get(str(term), toxicities.label(str(term))),
            patients=_by_grade(rows, base),
            reason=reason_by_events(events, np.asarray(of_term[term])),
        )
        for term, rows in worst.groupby("measure")
    ]
    bars.sort(key=lambda bar: (bar.counts[0], -len(bar.severe), bar.term))
    return ToxicityBars(
        bars=tuple(bars),
        phase=phase or "",
        of=len(base),
        codes={patient_id: frames.codes[patient_id] for patient_id in base.tolist()},
        options=options,
    )


def _by_grade(worst: pd.DataFrame, base: pd.Index) -> tuple[tuple[int, ...], ...]:
    """Return the patients with each grade as their worst."""
    graded = worst.set_index("patient_id")["grade"].reindex(base).fillna(0)
    return tuple(tuple(map(int, graded.index[graded == grade])) for grade in GRADES)
