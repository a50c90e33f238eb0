"""The nadir of each cycle over a cohort: how low an analyte fell, when, and when it recovered.

What a nadir, a peak and a recovery are is defined in `model.course.nadirs`.
"""

from __future__ import annotations

import pandas as pd

from model.cohort.frames import Frames
from model.cohort.lines import TableLine, Why, median_and_range
from model.course.nadirs import NADIR_DAYS, RECOVERED, is_peak, nadirs_of_cohort
from model.dates import shown
from model.reference import analytes

SECTION = "nadirs"


def nadirs(frames: Frames) -> pd.DataFrame:
    """The nadirs of a cohort: see `nadirs_of_cohort`."""
    return nadirs_of_cohort(frames.graded, frames.cycles)


def lines(frames: Frames) -> list[TableLine]:
    """The section “nadirs”: for each analyte and cycle the nadir, when it came, and recovery."""
    found = nadirs(frames)
    listed = []
    order = {analyte.key: place for place, analyte in enumerate(analytes.ANALYTES)}
    groups = [*found.groupby(["analyte", "cycle"], observed=True)]
    for (key, cycle), rows in sorted(groups, key=lambda one: (order.get(one[0][0], 0), one[0])):
        listed += _of_cycle(str(key), int(cycle), rows)
    return listed


def _of_cycle(key: str, cycle: int, rows: pd.DataFrame) -> list[TableLine]:
    analyte = analytes.find(key)
    name, unit = (analyte.name, analyte.display_unit()) if analyte else (key, "")
    what = "peak" if is_peak(key) else "nadir"
    side = "highest" if is_peak(key) else "lowest"
    by_patient = rows.set_index("patient_id")
    of = len(rows)
    to_recover = by_patient[by_patient["to_recover"]]
    recovered = to_recover[to_recover["recovered_on"].notna()]
    because = _by_rows(by_patient, unit, what)
    span = f"cycle {cycle} until the next, at most {NADIR_DAYS} days"
    listed = [
        *median_and_range(
            SECTION,
            name,
            by_patient["value"],
            of,
            unit,
            f"The {side} result after {span}",
            part=what,
            cycle=cycle,
        ),
        *median_and_range(
            SECTION,
            name,
            by_patient["days"].astype("float64"),
            of,
            "days",
            f"Days from the cycle to the {what}",
            part=f"time to {what}",
            cycle=cycle,
        ),
        TableLine(
            section=SECTION,
            measure=name,
            part="recovered",
            cycle=cycle,
            n=len(recovered),
            of=len(to_recover),
            unit="patients",
            definition=f"Patients with a later result back at the baseline's grade, or at grade"
            f" {RECOVERED} or below, of those whose {what} was above both",
            patients=tuple(recovered.index.tolist()),
            because=because,
        ),
    ]
    if len(to_recover):
        listed += median_and_range(
            SECTION,
            name,
            to_recover["recovered_after"].astype("float64"),
            len(to_recover),
            "days",
            f"Days from the {what} to recovery, of those who recovered",
            part="time to recovery",
            cycle=cycle,
        )
    return listed


def _by_rows(rows: pd.DataFrame, unit: str, what: str) -> Why:
    """A patient's nadir: `nadir 48 ×10⁹/L, day 21, grade 3; recovered 24 days later`."""

    def because(patient_id: int) -> str:
        row = rows.loc[patient_id]
        sign = row["comparator"] if isinstance(row["comparator"], str) else ""
        told = f"{what} {sign}{row['value']:g} {unit}, {shown(row['taken_on'].date())}"
        if not pd.isna(row["grade"]):
            told += f", grade {row['grade']:.0f}"
        if not pd.isna(row["recovered_after"]):
            told += f"; recovered {row['recovered_after']:.0f} days later"
        return told

    return because
