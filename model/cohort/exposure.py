"""What the patients were given: cycles, administrations and activities, each nuclide apart."""

import pandas as pd

from model import nuclides
from model.cohort.frames import Frames
from model.cohort.lines import NOT_RECORDED, Line
from model.cycles import from_mbq


def cycles(frames: Frames) -> list[Line]:
    """The section “cycles”: how many, of which modality, and how many each patient had."""
    of = len(frames.cycles)
    agents = frames.administrations.groupby("cycle_id")["agent"].nunique()
    agents = agents.reindex(frames.cycles["cycle_id"]).fillna(0)
    treated = frames.treated
    numbers = treated["cycles"].value_counts().sort_index()
    given = frames.administrations["nuclide"].value_counts()
    modalities = {
        "monotherapy": ("one radiopharmaceutical", int((agents == 1).sum())),
        "tandem": ("two radiopharmaceuticals or more", int((agents > 1).sum())),
        NOT_RECORDED: ("no administration recorded", int((agents == 0).sum())),
    }
    return [
        _line("cycles", "cycles", n=of, unit="cycles", definition="Cycles of all patients"),
        *(
            _line("cycles", "modality", level, n, of, "cycles", f"Cycles with {what}")
            for level, (what, n) in modalities.items()
            if n or level != NOT_RECORDED
        ),
        *(
            _line(
                "cycles",
                "cycles per patient",
                f"{number}",
                int(count),
                len(treated),
                "patients",
                "Patients with exactly so many cycles, of those with at least one",
            )
            for number, count in numbers.items()
        ),
        _line(
            "cycles",
            "administrations",
            n=len(frames.administrations),
            unit="administrations",
            definition="Radiopharmaceuticals administered, of all cycles",
        ),
        *(
            _line(
                "cycles",
                "administrations",
                str(nuclide),
                int(given[nuclide]),
                len(frames.administrations),
                "administrations",
                "Administrations of this nuclide",
            )
            for nuclide in frames.administrations["nuclide"].drop_duplicates()
        ),
    ]


def exposure(frames: Frames) -> list[Line]:
    """The section “exposure”: activity per administration and cumulative activity, by nuclide.

    Alpha emitters in MBq, others in GBq; medians are of what is wholly known, sums a lower bound
    where something is not.
    """
    lines = []
    for nuclide in frames.administrations["nuclide"].drop_duplicates():
        given = frames.administrations[frames.administrations["nuclide"] == nuclide]
        unit = nuclides.unit_for(nuclide)
        activities = given["activity_mbq"]
        by_patient = activities.groupby(given["patient_id"]).agg(lambda one: one.sum(skipna=False))
        at_least = activities.isna().any()
        known = activities.dropna()
        lines += [
            _median(
                "activity per administration", nuclide, activities, unit, "Activity administered"
            ),
            _median(
                "cumulative activity per patient",
                nuclide,
                by_patient,
                unit,
                "Sum of the activities of a patient, of patients of whom all are known",
            ),
            Line(
                section="exposure",
                measure="cumulative activity of all patients",
                level=nuclide,
                n=len(known),
                of=len(activities),
                estimate=from_mbq(known.sum(), unit) if len(known) else None,
                unit=unit,
                definition="Sum of the activities that are known"
                + (": at least, as some are not known" if at_least else ""),
                share=False,
            ),
        ]
    return lines


def _median(measure: str, nuclide: str, mbq: pd.Series, unit: str, definition: str) -> Line:
    known = mbq.dropna()
    return Line(
        section="exposure",
        measure=measure,
        level=nuclide,
        n=len(known),
        of=len(mbq),
        estimate=from_mbq(known.median(), unit) if len(known) else None,
        unit=unit,
        definition=f"{definition}: median of the known values",
        share=False,
    )


def _line(
    section: str,
    measure: str,
    level: str = "",
    n: int | None = None,
    of: int | None = None,
    unit: str = "",
    definition: str = "",
) -> Line:
    return Line(
        section=section,
        measure=measure,
        level=level,
        n=n,
        of=of,
        unit=unit,
        definition=definition,
    )
