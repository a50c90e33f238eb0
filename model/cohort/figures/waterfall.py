"""Compute each treated patient's best change of the sum of diameters, for the waterfall plot."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from model.cohort.figures.table import Cell, FigureTable
from model.cohort.frames import Frames
from model.cohort.response import best_responses
from model.imaging import recist
from model.language import _
from model.records.assessments import Assessment
from model.records.best_response import progressions

PARTIAL = -30.0
PROGRESSION = 20.0
"""Changes in per cent that RECIST 1.1 defines as partial response (from the baseline) and as
progression (from the smallest sum); a waterfall shows both from the baseline."""

DEFINITION = _(
    "Largest decrease (or smallest increase) of the sum of diameters after the first cycle, up to"
    " the first progression, in per cent of the last sum on or before the first cycle"
)

_NO_LATER = _("No sum of diameters was recorded after the first cycle.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterfallBar:
    """One bar: the smallest sum after the baseline, compared with the baseline."""

    patient_id: int
    code: str
    change: float
    """In per cent of the baseline; negative where the sum became smaller."""
    baseline_mm: float
    smallest_mm: float
    day: int
    """Since the first cycle."""
    best: str
    """Best response as read, independent of the sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientWithoutBar:
    """A treated patient who has no bar, and why."""

    patient_id: int
    code: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """The bars from the largest increase to the largest decrease."""

    bars: tuple[WaterfallBar, ...] = ()
    without: tuple[PatientWithoutBar, ...] = ()

    def numbers(self) -> FigureTable:
        """Return one row per treated patient; those without sums are last, with the reason."""
        header = (
            *("code", "change_percent", "baseline_mm", "smallest_mm", "day_since_first_cycle"),
            *("best_response", "remark"),
        )
        rows: list[tuple[Cell, ...]] = [
            (each.code, each.change, each.baseline_mm, each.smallest_mm, each.day, each.best, "")
            for each in self.bars
        ]
        rows += [(each.code, None, None, None, None, "", each.why) for each in self.without]
        return FigureTable(header, rows)


def waterfall(frames: Frames) -> Waterfall:
    """Return the best change of each treated patient, by `model.imaging.recist`."""
    treated = frames.treated
    best = best_responses(frames)
    read = frames.assessments[frames.assessments["sum_of_diameters_mm"].notna()]
    ended_on = progressions(frames.assessments, treated).reindex(read["patient_id"])
    read = read[ended_on.isna().to_numpy() | (read["assessed_on"] <= ended_on.set_axis(read.index))]
    sums: dict[int, list[Assessment]] = {}
    for patient_id, on, size in zip(
        read["patient_id"], read["assessed_on"], read["sum_of_diameters_mm"], strict=True
    ):
        assessment = Assessment(
            patient_id=patient_id, assessed_on=on.date(), sum_of_diameters_mm=float(size)
        )
        sums.setdefault(patient_id, []).append(assessment)
    bars: list[WaterfallBar] = []
    without: list[PatientWithoutBar] = []
    for patient_id, code, first_on in zip(
        treated.index, treated["code"], treated["first_on"], strict=True
    ):
        bar = _bar(int(patient_id), code, sums.get(patient_id, []), first_on, str(best[patient_id]))
        if isinstance(bar, WaterfallBar):
            bars.append(bar)
        else:
            without.append(bar)
    return Waterfall(
        bars=tuple(sorted(bars, key=lambda bar: (-bar.change, bar.code))),
        without=tuple(without),
    )


def _bar(
    patient_id: int, code: str, sums: list[Assessment], first_on: pd.Timestamp, best: str
) -> WaterfallBar | PatientWithoutBar:
    sums_read = recist.evaluate(sums, first_on.date())
    later = [
        (reading, reading.from_baseline)
        for reading in sums_read.readings
        if reading.from_baseline is not None
    ]
    if sums_read.why_not or not later or sums_read.baseline is None:
        return PatientWithoutBar(
            patient_id=patient_id, code=code, why=sums_read.why_not or _NO_LATER
        )
    smallest, change = min(later, key=lambda pair: pair[0].sum_mm)
    return WaterfallBar(
        patient_id=patient_id,
        code=code,
        change=float(change),
        baseline_mm=float(sums_read.baseline.sum_mm),
        smallest_mm=float(smallest.sum_mm),
        day=(smallest.on - first_on.date()).days,
        best=best,
    )
