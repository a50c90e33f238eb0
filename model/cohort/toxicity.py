"""Count toxicity: patients by their worst grade or, by option, recorded events."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.cohort import response
from model.cohort.frames import Frames
from model.cohort.groups import group_of
from model.cohort.lines import EVENTS, PATIENTS, Reason, TableLine
from model.cohort.messages import Message
from model.cohort.options import (
    DEFAULT_OPTIONS,
    Attribution,
    Denominator,
    EventScope,
    Options,
    Phase,
    PhaseSource,
    ToxicityCount,
    ToxicityRows,
    UndecidedEvents,
)
from model.cohort.patient_columns import records_of
from model.dates import PartialDate, date_text
from model.language import N_, _
from model.records.toxicities import RELATED, label

ANY = "any"
Positions = npt.NDArray[np.int64] | slice
"""The positions of the rows of one measure."""

LEVELS: dict[str, tuple[int, ...]] = {
    **{f"{grade}": (grade,) for grade in (1, 2, 3, 4, 5)},
    "1-2": (1, 2),
    ">=3": (3, 4, 5),
    ANY: (1, 2, 3, 4, 5),
}
"""The levels of a term, with the grades of each."""

_PHASE_TEXTS = {
    Phase.ACUTE: N_("acute events only"),
    Phase.SUBACUTE: N_("subacute events only"),
    Phase.LONG_TERM: N_("long-term events only"),
    Phase.ALL: N_("whatever the phase"),
}
_DENOMINATOR_TEXTS = {
    Denominator.TREATED: N_("Treated patients"),
    Denominator.IMAGED: N_("Imaged patients"),
    Denominator.ALL: N_("Patients"),
}
_DEFINITIONS = {
    (ToxicityCount.EVENTS, EventScope.EMERGENT): N_(
        "Recorded treatment-emergent events of {what}, {phase}"
    ),
    (ToxicityCount.EVENTS, EventScope.RECORDED): N_("Recorded events of {what}, {phase}"),
    (ToxicityCount.WORST, EventScope.EMERGENT): N_(
        "{who} by their worst treatment-emergent grade of {what}, {phase}"
    ),
    (ToxicityCount.WORST, EventScope.RECORDED): N_("{who} by their worst grade of {what}, {phase}"),
}


def count_phase(
    frames: Frames, phase: Phase, options: Options = DEFAULT_OPTIONS
) -> list[TableLine]:
    """Count the section of one phase: a line for each term (or group) and level of grades.

    There are none for a phase that the options do not have. The measure “any” is all terms together
    and comes first; then the terms follow by the number of patients who had them.
    """
    if not options.has(phase):
        return []
    base = response.patients_of(frames, options.denominator)
    events = counted_toxicities(frames, options)[
        ["patient_id", "phase", "measure", "term", "verbatim", "grade", "onset_on", "onset_from"]
    ]
    is_counted = events["patient_id"].isin(base)
    if phase.recorded:
        is_counted &= events["phase"] == phase.recorded
    events = events[is_counted]
    of_any = _worst(events, ["patient_id"]) if options.count is ToxicityCount.WORST else events
    by_measure = _worst(events, ["measure", "patient_id"]) if of_any is not events else events
    incidence = by_measure.groupby("measure")["patient_id"].nunique()
    members = by_measure.groupby("measure").indices
    names = names_of(events)
    measures = sorted(incidence.index, key=lambda name: (-incidence[name], name))
    lines = _lines(phase, ANY, of_any, slice(None), len(base), options)
    for measure in measures:
        positions = np.asarray(members[measure])
        of_measure = _lines(phase, measure, by_measure, positions, len(base), options)
        name = names.get(measure, "")
        lines += [replace(line, name=name) for line in of_measure] if name else of_measure
    return lines


def names_of(events: pd.DataFrame) -> dict[str, str]:
    """Return the labels of the measures that are labelled by what was specified."""
    specified = events[events["verbatim"].notna() & (events["measure"] == events["term"])]
    named = {
        str(term): label(str(term), *sorted(verbatims.unique()))
        for term, verbatims in specified.groupby("measure")["verbatim"]
    }
    return {term: name for term, name in named.items() if name != term}


def counted_toxicities(frames: Frames, options: Options = DEFAULT_OPTIONS) -> pd.DataFrame:
    """Return the toxicities that count, with their `measure`: a term or a reporting group.

    Their `phase` is the recorded one or follows from the day of onset, depending on the options.
    """
    events = recorded_toxicities(frames, options)
    if options.undecided is UndecidedEvents.LEFT_OUT:
        events = events[~are_undecided(frames, events, options)]
    if options.attribution is Attribution.RELATED:
        events = events[events["attribution"].isin(RELATED)]
    if options.phases is PhaseSource.BY_DAY:
        events = events.assign(phase=phases_by_day(events, frames.cycles, options))
    if options.by is ToxicityRows.TERM:
        return events.assign(measure=events["term"])
    named = {term: group_of(term) or term for term in events["term"].unique()}
    return events.assign(measure=events["term"].map(named).astype("str"))


def recorded_toxicities(frames: Frames, options: Options) -> pd.DataFrame:
    """Return all toxicities, or those that are treatment-emergent, of any attribution."""
    if options.events is EventScope.EMERGENT:
        return frames.emergent
    return frames.toxicities[frames.toxicities["patient_id"].isin(frames.patients.index)]


def are_undecided(frames: Frames, events: pd.DataFrame, options: Options) -> pd.Series:
    """Return which toxicities have dates that leave open whether they count.

    The dates leave open whether it is treatment-emergent, or whether it began before the cut-off.
    """
    undecided = pd.Series(False, index=events.index)
    if options.events is EventScope.EMERGENT:
        undecided |= frames.is_emergent.reindex(events.index).isna()
    if frames.cut_off is not None:
        on = pd.Timestamp(frames.cut_off)
        undecided |= ~((events["onset_to"] <= on) | (events["resolved_on"] <= on))
    return undecided


def phases_by_day(events: pd.DataFrame, cycles: pd.DataFrame, options: Options) -> pd.Series:
    """Return the phase of each toxicity by the days from the last cycle on or before its onset.

    It is missing before the first cycle, without an onset, and if a partial date leaves it open.
    """
    given: dict[int, list[int]] = {}
    for patient_id, day in zip(cycles["patient_id"], cycles["given_on"], strict=True):
        given.setdefault(patient_id, []).append(day.toordinal())
    for days in given.values():
        days.sort()

    def phase(patient_id: int, first: pd.Timestamp, last: pd.Timestamp) -> str | None:
        days = given.get(patient_id)
        if days is None or pd.isna(first):
            return None
        phases = {
            options.phase_on(day - days[before - 1])
            if (before := bisect_right(days, day))
            else None
            for day in range(first.toordinal(), last.toordinal() + 1)
        }
        return phases.pop() if len(phases) == 1 else None

    columns = (events["patient_id"], events["onset_from"], events["onset_to"])
    return pd.Series(
        [phase(*each) for each in zip(*columns, strict=True)], index=events.index, dtype="str"
    )


def _worst(events: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return one event for each combination of keys: the highest grade with the earliest onset."""
    onset = events["onset_from"].fillna(pd.Timestamp.max.floor("s")).to_numpy()
    order = np.lexsort((onset, -events["grade"].to_numpy()))
    return events.iloc[order].drop_duplicates(keys).sort_index()


def _lines(
    phase: Phase,
    measure: str,
    rows: pd.DataFrame,
    positions: Positions,
    of: int,
    options: Options,
) -> list[TableLine]:
    """Return the lines of one measure, whose rows are at `positions`."""
    grades, ids = rows["grade"].to_numpy()[positions], rows["patient_id"].to_numpy()[positions]
    of_events = options.count is ToxicityCount.EVENTS
    measure_text = (
        N_("this term") if options.by is ToxicityRows.TERM else N_("this reporting group")
    )
    of_phase = _PHASE_TEXTS[phase]
    if options.phases is PhaseSource.BY_DAY and phase is not Phase.ALL:
        days = options.days_of(phase)
        of_phase = Message(N_("with an onset {days} since the last cycle before it"), days=days)
    definition: str = Message(
        _DEFINITIONS[options.count, options.events],
        who=_DENOMINATOR_TEXTS[options.denominator],
        what=N_("any term") if measure == ANY else measure_text,
        phase=of_phase,
    )
    if options.attribution is Attribution.RELATED:
        related = N_("{definition}, of possible, probable or definite attribution")
        definition = Message(related, definition=definition)
    reason = reason_by_events(rows, positions)
    lines = []
    for level, level_grades in LEVELS.items():
        at_level = ids[np.isin(grades, level_grades)]
        lines.append(
            TableLine(
                section=f"{phase} toxicity",
                measure=measure,
                grade=level,
                n=len(at_level),
                of=of,
                unit=EVENTS if of_events else PATIENTS,
                definition=definition,
                share=not of_events,
                patients=tuple(dict.fromkeys(at_level.tolist())),
                reason=reason,
            )
        )
    return lines


def reason_by_events(rows: pd.DataFrame, positions: Positions) -> Reason:
    """Return the reason by events: `Anemia grade 3, 12 May 2024`."""

    def reason(patient_id: int) -> str:
        columns = ("term", "verbatim", "grade", "onset_on")
        return "; ".join(
            _("{term} grade {grade}, {onset}").format(
                term=label(term, None if pd.isna(verbatim) else verbatim),
                grade=grade,
                onset=_("onset not known") if pd.isna(on) else date_text(PartialDate.parse(on)),
            )
            for term, verbatim, grade, on in records_of(rows.iloc[positions], patient_id, *columns)
        )

    return reason
