"""Best response: one category a patient, of all treated and of those imaged."""

import pandas as pd

from model.cohort.frames import Frames, of_patients
from model.cohort.lines import Line

BEFORE_IMAGING = "clinical progression or death before imaging"
NOT_ASSESSED = "not assessed"
_BEST_FIRST = ("CR", "PR", "SD", "PD", "NE")
_CATEGORIES = (*_BEST_FIRST, BEFORE_IMAGING, NOT_ASSESSED)
_RATES = {"ORR": ("CR", "PR"), "DCR": ("CR", "PR", "SD")}


def response(frames: Frames) -> list[Line]:
    """The section “response”: best response, objective response and disease control."""
    best = best_responses(frames)
    imaged = best[best.isin(_BEST_FIRST)]
    lines = [
        Line(
            section="response",
            measure="best response",
            level=category,
            n=int((best == category).sum()),
            of=len(best),
            unit="patients",
            definition="Treated patients by best response to imaging after the first cycle"
            " (CR, PR, SD, PD, NE in this order); those never imaged apart",
        )
        for category in _CATEGORIES
    ]
    for rate, counted in _RATES.items():
        for level, among in (("all treated", best), ("imaged", imaged)):
            lines.append(
                Line(
                    section="response",
                    measure=rate,
                    level=level,
                    n=int(among.isin(counted).sum()),
                    of=len(among),
                    unit="patients",
                    definition=f"Patients with {', '.join(counted)} as best response, of"
                    f" {'all treated' if level != 'imaged' else 'those imaged after a cycle'}",
                )
            )
    return lines


def best_responses(frames: Frames) -> pd.Series:
    """The category of each treated patient, by patient_id.

    The best of the responses read from imaging on or after the day of the first cycle, baseline
    left out. A patient without any who died, or has a clinical NE or PD, is “clinical progression
    or death before imaging”; else “not assessed”.
    """
    treated = frames.treated
    read = frames.assessments[frames.assessments["patient_id"].isin(treated.index)]
    after = read["assessed_on"] >= of_patients(treated["first_on"], read)
    read = read[after & (read["timepoint"] != "baseline") & read["response"].notna()]
    clinical = (read["timepoint"] == "clinical") | (read["modality"] == "clinical")
    ranks = read["response"].map({name: rank for rank, name in enumerate(_BEST_FIRST)})
    best = ranks[~clinical].groupby(read["patient_id"]).min().map(dict(enumerate(_BEST_FIRST)))
    worse = read[clinical & read["response"].isin(["NE", "PD"])]["patient_id"]
    lost = (treated["status"] == "dead") | treated.index.isin(worse)
    category = pd.Series(NOT_ASSESSED, index=treated.index, dtype=object)
    category[lost] = BEFORE_IMAGING
    category[best.index] = best
    return category
