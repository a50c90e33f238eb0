"""Count the best responses: one category for each patient, and the rates from them."""

from __future__ import annotations

import pandas as pd

from model.cohort.frames import Frames
from model.cohort.lines import Reason, TableLine, count
from model.cohort.messages import Message
from model.cohort.options import DEFAULT_OPTIONS, Denominator, Options
from model.cohort.patient_columns import records_of
from model.dates import date_text
from model.language import N_, _
from model.records import best_response
from model.records.best_response import (
    BEFORE_IMAGING,
    BEST_FIRST,
    NOT_ASSESSED,
    counted_responses,
)

_CATEGORIES = (*BEST_FIRST, BEFORE_IMAGING, NOT_ASSESSED)
_RATES = {"ORR": ("CR", "PR"), "DCR": ("CR", "PR", "SD")}
_LEVEL = 0.95
_OF_TREATED = N_(
    "Patients with {responses} as best response, of all treated; exact 95 % interval"
    " (Clopper-Pearson)"
)
_OF_IMAGED = N_(
    "Patients with {responses} as best response, of those imaged after a cycle; exact 95 %"
    " interval (Clopper-Pearson)"
)


def count_responses(frames: Frames, options: Options = DEFAULT_OPTIONS) -> list[TableLine]:
    """Count the section “response”: best response, objective response and disease control.

    Both rates are given out of all treated and out of those imaged, whatever the denominator of the
    categories, with their exact interval in per cent (Clopper and Pearson 1934).
    """
    best = best_responses(frames)
    reason = _by_assessments(frames)
    imaged = best[best.isin(BEST_FIRST)]
    of = {Denominator.IMAGED: len(imaged), Denominator.ALL: len(frames.patients)}
    lines = [
        count(
            "response",
            "best response",
            category,
            best.index[best == category],
            of.get(options.denominator, len(best)),
            N_(
                "Treated patients by best response to imaging after the first cycle, up to"
                " progression (CR, PR, SD, PD, NE in this order); those not imaged until then apart"
            ),
            reason,
        )
        for category in _CATEGORIES
        if options.denominator is not Denominator.IMAGED or category in BEST_FIRST
    ]
    for rate, responses in _RATES.items():
        for level, definition, among in (
            ("all treated", _OF_TREATED, best),
            ("imaged", _OF_IMAGED, imaged),
        ):
            responders = among.index[among.isin(responses)]
            low, high = exact_interval(len(responders), len(among))
            lines.append(
                TableLine(
                    section="response",
                    measure=rate,
                    part=level,
                    n=len(responders),
                    of=len(among),
                    estimate=100 * len(responders) / len(among) if len(among) else None,
                    low=low,
                    high=high,
                    unit="%",
                    definition=Message(definition, responses=", ".join(responses)),
                    patients=tuple(responders.tolist()),
                    reason=reason,
                )
            )
    return lines


def exact_interval(n: int, of: int) -> tuple[float | None, float | None]:
    """Return the bounds of a share in per cent, by Clopper and Pearson; None if `of` is 0."""
    from scipy import stats

    if not of:
        return None, None
    interval = stats.binomtest(n, of).proportion_ci(_LEVEL, "exact")
    return 100 * float(interval.low), 100 * float(interval.high)


def best_responses(frames: Frames) -> pd.Series:
    """Return the best response of each treated patient, by patient_id."""
    return best_response.best_responses(frames.assessments, frames.treated)


def patients_of(frames: Frames, denominator: Denominator) -> pd.Index:
    """Return the ids of the patients of a denominator, in the order of the frames."""
    match denominator:
        case Denominator.ALL:
            return frames.patients.index
        case Denominator.TREATED:
            return frames.treated.index
        case Denominator.IMAGED:
            best = best_responses(frames)
            return best.index[best.isin(BEST_FIRST)]


def _by_assessments(frames: Frames) -> Reason:
    """Return the reason by responses, `PR, 18 Sep 2023, PET/CT; …`, or by death before any."""
    read, patients = counted_responses(frames.assessments, frames.treated), frames.patients

    def reason(patient_id: int) -> str:
        columns = ("response", "assessed_on", "modality")
        reasons = [
            ", ".join(
                [response, date_text(on.date()), *([modality] if isinstance(modality, str) else [])]
            )
            for response, on, modality in records_of(read, patient_id, *columns)
        ]
        patient = patients.loc[patient_id].to_dict()
        if patient["status"] == "dead":
            reasons.append(_("died {date}").format(date=date_text(patient["last_on"].date())))
        return "; ".join(reasons) or _("No response is recorded after the first cycle.")

    return reason
