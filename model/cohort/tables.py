"""All tables of a cohort, in the order of a report, each with the sentences that define it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from model.cohort.lines import CohortTable
from model.cohort.options import USUAL, Options, Phase
from model.cohort.selection import EVERYONE, T0, Selection

if TYPE_CHECKING:
    from model.cohort.frames import Frames

_TOXICITY = {
    Phase.ACUTE: ("acute_toxicity", "Acute toxicity"),
    Phase.LONG_TERM: ("long_term_toxicity", "Long-term toxicity"),
    Phase.ALL: ("all_toxicity", "Toxicity"),
}


def tables(
    frames: Frames,
    selection: Selection = EVERYONE,
    options: Options = USUAL,
    only: Sequence[str] | None = None,
) -> tuple[CohortTable, ...]:
    """The tables of frames to which the selection was applied already.

    Keys: baseline, exposure, acute_toxicity, long_term_toxicity, all_toxicity, nadirs, shift,
    response, survival; `only` names some of them. Results of laboratories are read only for nadirs
    and shift.
    """
    makers: dict[str, Callable[[], CohortTable]] = {
        "baseline": lambda: _baseline(frames, selection),
        "exposure": lambda: _exposure(frames),
        **{
            key: partial(_toxicity, frames, phase, options) for phase, (key, _) in _TOXICITY.items()
        },
        "nadirs": lambda: _nadirs(frames),
        "shift": lambda: _shift(frames),
        "response": lambda: _response(frames, options),
        "survival": lambda: _survival(frames, selection, options),
    }
    return tuple(make() for key, make in makers.items() if only is None or key in only)


_LONG_LISTS = ("metastasis site", "prior therapy", "prior therapies")


def _baseline(frames: Frames, selection: Selection) -> CohortTable:
    from model.cohort import baseline

    who = baseline.cohort(frames)
    # The tumour first, as in a paper; the long lists of sites and therapies after it.
    lines = (
        *(line for line in who if line.measure not in _LONG_LISTS),
        *baseline.primary_site(frames),
        *baseline.grade(frames),
        *(line for line in who if line.measure in _LONG_LISTS),
    )
    notes = (
        f"{selection.sentence()}.",
        "Baseline: the latest record up to the day of the first cycle.",
        *_about_t0(frames, selection),
    )
    return CohortTable(key="baseline", title="Baseline", lines=lines, notes=notes)


def _exposure(frames: Frames) -> CohortTable:
    from model.cohort import exposure

    return CohortTable(
        key="exposure",
        title="Exposure",
        lines=(*exposure.cycles(frames), *exposure.exposure(frames)),
        notes=(
            "A cycle is one treatment visit; a tandem cycle has two radiopharmaceuticals or more.",
            "Activities of different nuclides are never added. Medians are of what is known.",
        ),
    )


def _toxicity(frames: Frames, phase: Phase, options: Options) -> CohortTable:
    from model.cohort import toxicity

    key, title = _TOXICITY[phase]
    choices = (options.events, options.count, options.by, options.denominator)
    versions = sorted(toxicity.counted(frames, options)["ctcae_version"].unique())
    graded = (f"Graded by CTCAE {' and '.join(versions)}.",) if versions else ()
    return CohortTable(
        key=key,
        title=title,
        lines=tuple(toxicity.of_phase(frames, phase, options)),
        notes=(phase.sentence(), *(choice.sentence() for choice in choices), *graded),
    )


def _nadirs(frames: Frames) -> CohortTable:
    from model.cohort.labs import nadirs
    from model.course.nadirs import NADIR_DAYS

    labs = frames.labs
    unknown = int(labs["value"].isna().sum())
    left_out = (
        (f"{unknown} results are left out: their analyte or unit is not known.",) if unknown else ()
    )
    return CohortTable(
        key="nadirs",
        title="Nadirs",
        lines=tuple(nadirs.lines(frames)),
        notes=(
            f"Nadir: the lowest result between a cycle and the next, at most {NADIR_DAYS} days on;"
            " the day of a cycle belongs to what came before it. Peak: the highest, where CTCAE"
            " grades high values only. A result with < or > counts with its number.",
            "Recovery: the first later result back at the grade of the baseline, or at grade 1 or"
            " below. Counted are patients with results after that cycle.",
            *left_out,
        ),
    )


def _shift(frames: Frames) -> CohortTable:
    from model.cohort.labs import shift

    return CohortTable(
        key="shift",
        title="Shift from baseline to worst grade",
        lines=tuple(shift.lines(frames)),
        notes=(
            "Laboratory results graded by number, in the CTCAE version of each patient; what needs"
            " a clinical fact is not counted, and nothing here is a recorded toxicity.",
            "Baseline: the last result up to the day of the first cycle. Where CTCAE grades by an"
            " abnormal baseline, the worst grade is against that.",
        ),
    )


def _response(frames: Frames, options: Options) -> CohortTable:
    from model.cohort import response

    return CohortTable(
        key="response",
        title="Best response",
        lines=tuple(response.response(frames, options)),
        notes=(
            "Best response as read, on or after the day of the first cycle; not confirmed by a"
            " second assessment unless the reader required it.",
            options.denominator.sentence(),
            "ORR: CR or PR. DCR: CR, PR or SD. Both of all treated, and of those imaged; exact 95 %"
            " intervals by Clopper and Pearson.",
        ),
    )


def _survival(frames: Frames, selection: Selection, options: Options) -> CohortTable:
    from model.cohort import kaplan_meier, survival

    left_out = len(frames.patients) - len(kaplan_meier.times(frames, "OS"))
    missing = (
        (
            f"{left_out} of {len(frames.patients)} patients are not followed: no T0, or nothing"
            " known of them on or after it.",
        )
        if left_out
        else ()
    )
    return CohortTable(
        key="survival",
        title="Survival and follow-up",
        lines=tuple(survival.survival(frames, options)),
        notes=(
            f"{selection.t0_words}. A month is 30.4375 days.",
            kaplan_meier.OS_DEFINITION,
            kaplan_meier.PFS_DEFINITION,
            "Kaplan-Meier with Greenwood's variance and log-log 95 % intervals.",
            *missing,
            *_about_t0(frames, selection),
        ),
    )


def _about_t0(frames: Frames, selection: Selection) -> tuple[str, ...]:
    """What has to be said of T0 in these patients."""
    patients, told = frames.patients, []
    if selection.t0 is T0.FIRST_CYCLE:
        other = (patients["chosen_on"] != patients["first_on"]) & patients["chosen_on"].notna()
        if other.any():
            told.append(
                f"Of {int(other.sum())} patients another T0 is recorded than the first cycle: it"
                " counts."
            )
    about = int(patients["t0_is_about"].sum())
    if about:
        told.append(
            f"Of {about} patients only the month or the year of T0 is known: the middle of it, up"
            " to the first cycle, counts."
        )
    if selection.t0 is T0.DIAGNOSIS:
        told.append(
            "From diagnosis, only those are counted who lived until treatment: survival is"
            " overestimated, as entry is not delayed."
        )
    return tuple(told)
