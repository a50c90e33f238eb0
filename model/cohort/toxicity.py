"""Toxicity by worst grade: patients are counted, never records."""

import pandas as pd

from model.cohort.frames import Frames, of_patients
from model.cohort.lines import Line

ANY = "any"
LEVELS: dict[str, tuple[int, ...]] = {
    **{f"{grade}": (grade,) for grade in (1, 2, 3, 4, 5)},
    "1-2": (1, 2),
    ">=3": (3, 4, 5),
    ANY: (1, 2, 3, 4, 5),
}
"""The levels of a term's lines, with the grades that each takes together."""

_SECTIONS = (
    ("acute toxicity", "acute", "acute events only"),
    ("long-term toxicity", "long_term", "long-term events only"),
    ("all toxicity", None, "whatever the phase"),
)


def toxicity(frames: Frames) -> list[Line]:
    """The sections “acute toxicity”, “long-term toxicity” and “all toxicity”.

    Worst treatment-emergent grade per patient and term, of the patients with at least one cycle;
    the measure “any” takes all terms together. Terms stand by how many patients had them.
    """
    events = emergent(frames)
    of = len(frames.treated)
    lines = []
    for section, phase, what in _SECTIONS:
        chosen = events if phase is None else events[events["phase"] == phase]
        counted = "Treated patients by their worst treatment-emergent grade of"
        worst = chosen.groupby("patient_id")["grade"].max()
        lines += _lines(section, ANY, worst, of, f"{counted} any term, {what}")
        by_term = chosen.groupby(["term", "patient_id"])["grade"].max().reset_index()
        counts = by_term["term"].value_counts()
        for term in sorted(counts.index, key=lambda name: (-counts[name], name)):
            worst = by_term[by_term["term"] == term]["grade"]
            lines += _lines(section, term, worst, of, f"{counted} this term, {what}")
    return lines


def emergent(frames: Frames) -> pd.DataFrame:
    """The treatment-emergent toxicities of patients with at least one cycle.

    As the clinician judged. Where that is empty: onset on or after the first cycle (or not known),
    and worse than the same term was when treatment began.
    """
    treated = frames.treated
    events = frames.toxicities[frames.toxicities["patient_id"].isin(treated.index)]
    first_on = of_patients(treated["first_on"], events)
    earlier = events["onset_on"] < first_on
    still_there = ~(events["resolved_on"] < first_on)
    keys = [events["patient_id"], events["term"]]
    before = events["grade"].where(earlier & still_there, 0).groupby(keys).transform("max")
    derived = ~earlier & (events["grade"] > before)
    judged = events["treatment_emergent"]
    return events[judged.eq(1) | (judged.isna() & derived)]


def _lines(section: str, measure: str, worst: pd.Series, of: int, definition: str) -> list[Line]:
    return [
        Line(
            section=section,
            measure=measure,
            level=level,
            n=int(worst.isin(grades).sum()),
            of=of,
            unit="patients",
            definition=definition,
        )
        for level, grades in LEVELS.items()
    ]
