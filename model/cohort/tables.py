"""Count all tables of a cohort, in the order of a report, each with its defining notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from typing import TYPE_CHECKING

from model.cohort.lines import CohortTable, TableLine
from model.cohort.messages import Message
from model.cohort.options import DEFAULT_OPTIONS, Attribution, Options, Phase, UndecidedEvents
from model.cohort.selection import EVERYONE, T0, Selection, at_cut_off
from model.language import N_

if TYPE_CHECKING:
    import pandas as pd

    from model.cohort.frames import Frames

_TOXICITY = {
    Phase.ACUTE: ("acute_toxicity", N_("Acute toxicity")),
    Phase.SUBACUTE: ("subacute_toxicity", N_("Subacute toxicity")),
    Phase.LONG_TERM: ("long_term_toxicity", N_("Long-term toxicity")),
    Phase.ALL: ("all_toxicity", N_("Toxicity")),
}
_Content = tuple[list[TableLine], list[str]]
"""The lines and the notes of a table."""

_LONG_LISTS = ("metastasis site", "prior therapy", "prior therapies")


def count_tables(
    frames: Frames,
    selection: Selection = EVERYONE,
    options: Options = DEFAULT_OPTIONS,
    only: Sequence[str] | None = None,
) -> tuple[CohortTable, ...]:
    """Count the tables of a cohort; the selection must have been applied to the frames.

    The keys are baseline, exposure, acute_toxicity, subacute_toxicity (by option),
    long_term_toxicity, all_toxicity, nadirs, shift, response and survival. `only` are the keys of
    the tables to count, or None for all. Laboratory results are read only for nadirs and shift.
    """
    selection = at_cut_off(selection, frames.cut_off)
    counters: dict[str, tuple[str, Callable[[], _Content]]] = {
        "baseline": (N_("Baseline"), lambda: _baseline(frames, selection)),
        "exposure": (N_("Exposure"), lambda: _exposure(frames)),
        **{
            key: (title, partial(_toxicity, frames, phase, options))
            for phase, (key, title) in _TOXICITY.items()
            if options.has(phase)
        },
        "nadirs": (N_("Nadirs"), lambda: _nadirs(frames)),
        "shift": (N_("Shift from baseline to worst grade"), lambda: _shift(frames)),
        "response": (N_("Best response"), lambda: _response(frames, options)),
        "survival": (N_("Survival and follow-up"), lambda: _survival(frames, selection, options)),
    }
    counted = []
    for key, (title, make) in counters.items():
        if only is None or key in only:
            lines, notes = make()
            table = CohortTable(key=key, title=title, lines=tuple(lines), notes=tuple(notes))
            counted.append(table)
    return tuple(counted)


def _baseline(frames: Frames, selection: Selection) -> _Content:
    from model.cohort import baseline

    cohort = baseline.count_cohort(frames)
    # The tumour first, as in a paper; the long lists of sites and therapies after it.
    lines = [
        *(line for line in cohort if line.measure not in _LONG_LISTS),
        *baseline.count_primary_sites(frames),
        *baseline.count_grades(frames),
        *(line for line in cohort if line.measure in _LONG_LISTS),
    ]
    return lines, [
        Message("{sentence}.", sentence=selection.sentence()),
        N_("Baseline: the latest record up to the day of the first cycle."),
        *_about_t0(frames, selection),
    ]


def _exposure(frames: Frames) -> _Content:
    from model.cohort import exposure

    return [*exposure.count_cycles(frames), *exposure.count_exposure(frames)], [
        N_("A cycle is one treatment visit; a tandem cycle has two radiopharmaceuticals or more."),
        N_("Activities of different nuclides are never added. Medians are of the known values."),
    ]


def _toxicity(frames: Frames, phase: Phase, options: Options) -> _Content:
    from model.cohort import toxicity

    versions = sorted(toxicity.counted_toxicities(frames, options)["ctcae_version"].unique())
    notes = [options.phase_sentence(phase), *options.sentences]
    if versions:
        all_versions = reduce(_and, map(str, versions))
        notes.append(Message(N_("LabGrade by CTCAE {versions}."), versions=all_versions))
    events = toxicity.recorded_toxicities(frames, options)
    if undecided := _undecided(frames, events, options):
        notes.append(undecided)
    unattributed = int(events["attribution"].isna().sum())
    if options.attribution is Attribution.RELATED and unattributed:
        notes.append(
            Message.ngettext(
                "{n} toxicity has no recorded attribution.",
                "{n} toxicities have no recorded attribution.",
                unattributed,
            )
        )
    return toxicity.count_phase(frames, phase, options), notes


def _and(first: str, second: str) -> str:
    return Message(N_("{first} and {second}"), first=first, second=second)


def _undecided(frames: Frames, events: pd.DataFrame, options: Options) -> str:
    """Return a sentence that lists the toxicities whose dates leave open whether they count.

    It is empty if there are no such toxicities.
    """
    from model.cohort import toxicity

    rows = events[toxicity.are_undecided(frames, events, options)]
    if rows.empty:
        return ""
    toxicities = [
        f"{frames.codes[patient_id]} {term} {grade}"
        for patient_id, term, grade in zip(
            rows["patient_id"], rows["term"], rows["grade"], strict=True
        )
    ]
    is_counted = options.undecided is UndecidedEvents.COUNTED
    singular, plural = _COUNTED_UNDECIDED if is_counted else _LEFT_OUT_UNDECIDED
    return Message.ngettext(singular, plural, len(rows), listed=", ".join(toxicities))


_COUNTED_UNDECIDED = (
    N_("{n} toxicity is counted although its dates leave open whether it should be: {listed}."),
    N_(
        "{n} toxicities are counted although their dates leave open whether they should be:"
        " {listed}."
    ),
)
_LEFT_OUT_UNDECIDED = (
    N_("{n} toxicity is left out, as its dates leave open whether it should count: {listed}."),
    N_(
        "{n} toxicities are left out, as their dates leave open whether they should count:"
        " {listed}."
    ),
)


def _nadirs(frames: Frames) -> _Content:
    from model.cohort.labs import nadirs
    from model.course.nadirs import NADIR_DAYS

    return nadirs.count_nadirs(frames), [
        Message(
            N_(
                "Nadir: the lowest result between a cycle and the next, at most {days} days"
                " later. The day of a cycle belongs to the time before it up to the start of the"
                " infusion, or as a whole if no times are recorded. Peak: the highest result, if"
                " CTCAE grades high values only. A result with < or > counts with its number."
            ),
            days=NADIR_DAYS,
        ),
        N_(
            "Recovery: the first later result back at the grade of the baseline, or at grade 1"
            " or below. Patients with results after that cycle are counted."
        ),
        *_left_out(frames),
    ]


def _left_out(frames: Frames) -> Iterator[Message]:
    """Yield notes on the results that are left out: those in unknown units and those questioned."""
    unknown = int(frames.labs["value"].isna().sum())
    if unknown:
        yield Message.ngettext(
            "{n} result is left out: its analyte or unit is not known.",
            "{n} results are left out: their analyte or unit is not known.",
            unknown,
        )
    questioned = int(frames.labs["is_questioned"].sum())
    if questioned:
        yield Message.ngettext(
            "{n} result is left out: it is implausible in its unit, and not confirmed.",
            "{n} results are left out: they are implausible in their unit, and not confirmed.",
            questioned,
        )


def _shift(frames: Frames) -> _Content:
    from model.cohort.labs import shift

    return shift.count_shifts(frames), [
        N_(
            "Laboratory results graded by value, in the CTCAE version of each patient; grades"
            " that need a clinical fact are not counted, and no recorded toxicity is."
        ),
        N_(
            "Baseline: the last result before the first cycle began. Where CTCAE grades against an"
            " abnormal baseline, the worst grade is against it."
        ),
        *_left_out(frames),
    ]


def _response(frames: Frames, options: Options) -> _Content:
    from model.cohort import response

    return response.count_responses(frames, options), [
        N_(
            "Best response as read, on or after the day of the first cycle and up to the first"
            " progression, by imaging or clinical (RECIST 1.1, section 4.6); not confirmed by a"
            " second assessment unless the reader required it."
        ),
        options.denominator.sentence,
        N_(
            "ORR: complete (CR) or partial response (PR). DCR: CR, PR or stable disease (SD)."
            " Both of all treated, and of those imaged; exact 95 % intervals by Clopper and"
            " Pearson."
        ),
    ]


def _survival(frames: Frames, selection: Selection, options: Options) -> _Content:
    from model.cohort import kaplan_meier, survival

    patients = len(frames.patients)
    left_out = patients - len(kaplan_meier.observation_times(frames, "OS"))
    not_followed = Message.ngettext(
        "{n} of {patients} patients is not followed: no T0, or not known to be alive or dead on or"
        " after it.",
        "{n} of {patients} patients are not followed: no T0, or not known to be alive or dead on or"
        " after it.",
        left_out,
        patients=patients,
    )
    return survival.count_survival(frames, options), [
        Message(N_("{t0}. A month is 30.4375 days."), t0=selection.t0_words),
        kaplan_meier.OS_DEFINITION,
        kaplan_meier.PFS_DEFINITION,
        N_("Kaplan-Meier with Greenwood's variance and log-log 95 % intervals."),
        *([not_followed] if left_out else []),
        *_about_t0(frames, selection),
    ]


def _about_t0(frames: Frames, selection: Selection) -> list[str]:
    """Return the notes that explain T0 in these patients."""
    patients = frames.patients
    notes: list[str] = []
    if selection.t0 is T0.FIRST_CYCLE:
        other = (patients["chosen_on"] != patients["first_on"]) & patients["chosen_on"].notna()
        if n := int(other.sum()):
            notes.append(
                Message.ngettext(
                    "In {n} patient a recorded T0 is used instead of the first cycle.",
                    "In {n} patients a recorded T0 is used instead of the first cycle.",
                    n,
                )
            )
    if n := int(patients["t0_is_about"].sum()):
        notes.append(
            Message.ngettext(
                "In {n} patient only the month or the year of T0 is known: its middle, up to the"
                " first cycle, is used.",
                "In {n} patients only the month or the year of T0 is known: its middle, up to the"
                " first cycle, is used.",
                n,
            )
        )
    if selection.t0 is T0.DIAGNOSIS:
        notes.append(
            N_(
                "From diagnosis, only patients who lived until treatment are counted: survival is"
                " overestimated, as entry is not delayed."
            )
        )
    return notes
