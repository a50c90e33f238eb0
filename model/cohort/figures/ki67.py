"""Pair each patient's Ki-67 and WHO grade at diagnosis with those before treatment."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from model.cohort.figures.table import Cell, FigureTable
from model.cohort.frames import Frames
from model.cohort.histology import before_therapy, latest_ki67
from model.language import _
from model.records.biopsies import DIAGNOSIS

_RANKS = ("NET G1", "NET G2", "NET G3")

DEFINITION = _(
    "Diagnosis: the first biopsy of the event diagnosis, otherwise the first of all. Before"
    " treatment: the latest up to the first cycle. A biopsy without a date counts as the oldest. A"
    " Ki-67 written as a range counts as its middle, <2 as 1, >20 as 21."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BiopsyResult:
    """The result of one biopsy; `taken_on` is ISO text and may be partial or empty."""

    ki67: float | None
    grade: str
    taken_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A patient's tumour at diagnosis and before treatment."""

    patient_id: int
    code: str
    first: BiopsyResult
    last: BiopsyResult
    is_one: bool
    """Whether both are from the same biopsy, the only one."""

    @property
    def is_higher(self) -> bool:
        """Whether the grade is higher before treatment; NEC is not above NET G3."""
        first, last = self.first.grade, self.last.grade
        return first in _RANKS and last in _RANKS and last > first


@dataclass(frozen=True, slots=True, kw_only=True)
class Ki67:
    """The pairs by code; `without` are the patients without any Ki-67."""

    pairs: tuple[Pair, ...] = ()
    without: tuple[tuple[int, str], ...] = ()
    """Id and code of each."""

    def numbers(self) -> FigureTable:
        """Return one row per patient."""
        header = (
            *("code", "ki67_diagnosis", "grade_diagnosis", "taken_diagnosis"),
            *("ki67_before", "grade_before", "taken_before", "one_biopsy"),
        )
        rows: list[tuple[Cell, ...]] = [
            (
                *(pair.code, pair.first.ki67, pair.first.grade, pair.first.taken_on),
                *(pair.last.ki67, pair.last.grade, pair.last.taken_on),
                "yes" if pair.is_one else "no",
            )
            for pair in self.pairs
        ]
        rows += [(code, None, "", "", None, "", "", "") for _, code in self.without]
        return FigureTable(header, rows)


def ki67(frames: Frames) -> Ki67:
    """Return the pairs of all patients with a Ki-67 up to the first cycle."""
    before = before_therapy(frames)
    latest = latest_ki67(frames)
    by_patient: dict[int, list[tuple[str, BiopsyResult]]] = {}
    for patient_id, event, percent, grade, taken_on in zip(
        *(before["patient_id"], before["event"], before["ki67_percent"]),
        *(before["who_grade"], before["taken_on"]),
        strict=True,
    ):
        result = BiopsyResult(
            ki67=None if pd.isna(percent) else float(percent),
            grade="" if pd.isna(grade) else grade,
            taken_on="" if pd.isna(taken_on) else taken_on,
        )
        by_patient.setdefault(patient_id, []).append(("" if pd.isna(event) else event, result))
    pairs, without = [], []
    for patient_id, code in frames.codes.items():
        pair = _pair(patient_id, code, by_patient.get(patient_id, []), latest[patient_id])
        if pair is None:
            without.append((patient_id, code))
        else:
            pairs.append(pair)
    return Ki67(pairs=tuple(pairs), without=tuple(without))


def _pair(
    patient_id: int, code: str, biopsies: list[tuple[str, BiopsyResult]], latest: float
) -> Pair | None:
    stated = [(event, result) for event, result in biopsies if result.ki67 is not None]
    if not stated:
        return None
    at_diagnosis = [result for event, result in stated if event == DIAGNOSIS]
    first = (at_diagnosis or [stated[0][1]])[0]
    # `latest_ki67` decides which is the latest: of several on one day, the highest.
    last = next(result for _, result in reversed(stated) if result.ki67 == latest)
    return Pair(patient_id=patient_id, code=code, first=first, last=last, is_one=first is last)
