"""Count the nadirs of a cohort: how low an analyte fell after each cycle, and its recovery.

`model.course.nadirs` defines nadir, peak and recovery.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from model.cohort.frames import Frames
from model.cohort.lines import Reason, TableLine, count, median_and_range
from model.cohort.messages import Message
from model.course.nadirs import NADIR_DAYS, is_peak, nadirs_of_cohort
from model.course.trends import plain_text
from model.dates import date_text
from model.grading.recovery import RECOVERED
from model.language import N_, _
from model.reference import analytes

SECTION = "nadirs"


class _Texts(NamedTuple):
    """The definitions of the numbers about a nadir or a peak, and the text of the reason."""

    value: str
    time: str
    recovered: str
    recovery_time: str
    reason: str


_NADIR = _Texts(
    N_("The lowest result after cycle {cycle} until the next, at most {days} days"),
    N_("Days from the cycle to the nadir"),
    N_(
        "Patients with a later result back at the baseline's grade, or at grade {grade} or below,"
        " of those whose nadir was above both"
    ),
    N_("Days from the nadir to recovery, of those who recovered"),
    N_("nadir {result}, {date}"),
)
_PEAK = _Texts(
    N_("The highest result after cycle {cycle} until the next, at most {days} days"),
    N_("Days from the cycle to the peak"),
    N_(
        "Patients with a later result back at the baseline's grade, or at grade {grade} or below,"
        " of those whose peak was above both"
    ),
    N_("Days from the peak to recovery, of those who recovered"),
    N_("peak {result}, {date}"),
)


def nadirs(frames: Frames) -> pd.DataFrame:
    """Return the nadirs of a cohort: see `nadirs_of_cohort`."""
    return nadirs_of_cohort(frames.graded, frames.cycles)


def count_nadirs(frames: Frames) -> list[TableLine]:
    """Count the section “nadirs”: nadir, its time and recovery by analyte and cycle."""
    table = nadirs(frames)
    table_lines = []
    order = {analyte.key: index for index, analyte in enumerate(analytes.ANALYTES)}
    groups = [*table.groupby(["analyte", "cycle"], observed=True)]
    for (key, cycle), rows in sorted(
        groups, key=lambda group: (order.get(group[0][0], 0), group[0])
    ):
        table_lines += _of_cycle(str(key), int(cycle), rows)
    return table_lines


def _of_cycle(key: str, cycle: int, rows: pd.DataFrame) -> list[TableLine]:
    analyte = analytes.find(key)
    name, unit = (analyte.name, analyte.display_unit()) if analyte else (key, "")
    extreme, texts = ("peak", _PEAK) if is_peak(key) else ("nadir", _NADIR)
    by_patient = rows.set_index("patient_id")
    of = len(rows)
    to_recover = by_patient[by_patient["to_recover"]]
    recovered = to_recover[to_recover["recovered_on"].notna()]
    table_lines = [
        *median_and_range(
            SECTION,
            name,
            by_patient["value"],
            of,
            unit,
            Message(texts.value, cycle=cycle, days=NADIR_DAYS),
            part=extreme,
            cycle=cycle,
        ),
        *median_and_range(
            SECTION,
            name,
            by_patient["days"].astype("float64"),
            of,
            "days",
            texts.time,
            part=f"time to {extreme}",
            cycle=cycle,
        ),
        count(
            SECTION,
            name,
            "recovered",
            recovered.index,
            len(to_recover),
            Message(texts.recovered, grade=RECOVERED),
            _by_rows(by_patient, unit, texts),
            cycle=cycle,
        ),
    ]
    if len(to_recover):
        table_lines += median_and_range(
            SECTION,
            name,
            to_recover["recovered_after"].astype("float64"),
            len(to_recover),
            "days",
            texts.recovery_time,
            part="time to recovery",
            cycle=cycle,
        )
    return table_lines


def _by_rows(rows: pd.DataFrame, unit: str, texts: _Texts) -> Reason:
    """Return the reason by nadir: `nadir 48 ×10⁹/L, 12 May 2024; recovered 24 days later`."""

    def reason(patient_id: int) -> str:
        row = rows.loc[patient_id].to_dict()
        sign = row["comparator"] if isinstance(row["comparator"], str) else ""
        result = f"{sign}{plain_text(row['value'])} {unit}".strip()
        parts = [_(texts.reason).format(result=result, date=date_text(row["taken_on"].date()))]
        if not pd.isna(row["grade"]):
            parts.append(_("grade {grade}").format(grade=int(row["grade"])))
        nadir = ", ".join(parts)
        if pd.isna(row["recovered_after"]):
            return nadir
        return _("{nadir}; recovered {days} days later").format(
            nadir=nadir, days=int(row["recovered_after"])
        )

    return reason
