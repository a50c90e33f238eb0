"""What grading needs to know about a sample besides its result.

These are the albumin of the sample, by which calcium is corrected; whether the patient was on
anticoagulation, because INR is then graded by its baseline; and whether neutrophils were low that
day, because fever is then febrile neutropenia. Anticoagulation is a therapy of that category, whose
dates may be partial or open. The column forms apply the row forms to the rows that they concern.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from model.ctcae.neutropenia import neutropenia_by, neutropenia_of_both
from model.dates import PartialDate
from model.records.labs import LabResult
from model.records.therapies import Therapy, is_anticoagulation
from model.reference import units
from model.reference.samples import same_sample

if TYPE_CHECKING:
    import pandas as pd

YES, NO, NOT_RECORDED, NOT_KNOWN = "yes", "no", "", "unknown"
"""Whether a patient was on anticoagulation on a day, as grading takes it."""


class TherapyPeriod(NamedTuple):
    """When a therapy was given, as far as that is known."""

    started_on: PartialDate | None
    ended_on: PartialDate | None
    ongoing: bool

    def covers(self, day: date) -> bool | None:
        """Return whether the therapy was given on a day; None if its dates do not decide that."""
        start, end = self.started_on, self.ended_on
        if (start and day < start.earliest) or (end and day > end.latest):
            return False
        has_begun = start is not None and start.latest <= day
        has_not_ended = self.ongoing or (end is not None and day <= end.earliest)
        return True if has_begun and has_not_ended else None


@dataclass(frozen=True, slots=True)
class Samples:
    """What grading needs to know about one patient's samples besides the results."""

    albumin: Mapping[date, Sequence[LabResult]] = field(default_factory=dict)
    """Each day's albumin, where it has an exact value in a known unit."""
    anticoagulation: Sequence[TherapyPeriod] = ()
    neutropenia: Mapping[date, str] = field(default_factory=dict)
    """For each day with neutrophils, whether these were below 1 ×10⁹/L."""

    def albumin_of(self, result: LabResult) -> LabResult | None:
        """Return the albumin of the sample of a total calcium; None for any other analyte."""
        if result.analyte != "ca":
            return None
        albumins = self.albumin.get(result.taken_on, ())
        index = same_sample([albumin.taken_at for albumin in albumins], result.taken_at)
        return None if index is None else albumins[index]

    def anticoagulated(self, result: LabResult) -> str:
        """Return whether the patient was on anticoagulation; NOT_RECORDED but for INR."""
        if result.analyte != "inr":
            return NOT_RECORDED
        return anticoagulation_on(self.anticoagulation, result.taken_on)

    def neutropenic(self, result: LabResult) -> str:
        """Return whether neutrophils were low that day; NOT_RECORDED but for temperatures."""
        if result.analyte != "temp":
            return NOT_RECORDED
        return self.neutropenia.get(result.taken_on, NOT_RECORDED)


NO_SAMPLES = Samples()
"""Nothing is known besides the results."""


def samples_of(results: Iterable[LabResult], therapies: Iterable[Therapy]) -> Samples:
    """Return what is known about one patient's samples; `results` are oldest first."""
    albumin: dict[date, list[LabResult]] = defaultdict(list)
    neutropenia: dict[date, str] = {}
    for result in results:
        if result.analyte == "anc" and (unit := units.parse("anc", result.unit or "")):
            state = neutropenia_by(Fraction(result.value) * unit.factor, result.comparator)
            neutropenia[result.taken_on] = neutropenia_of_both(
                neutropenia.get(result.taken_on), state
            )
        if result.analyte == "alb" and not result.comparator and _is_known_unit(result):
            albumin[result.taken_on].append(result)
    return Samples(
        dict(albumin),
        tuple(
            TherapyPeriod(therapy.started_on, therapy.ended_on, therapy.ongoing)
            for therapy in therapies
            if is_anticoagulation(therapy.category)
        ),
        neutropenia,
    )


def anticoagulation_on(periods: Sequence[TherapyPeriod], day: date) -> str:
    """Return whether a patient with these periods of anticoagulation was on it on a day."""
    if not periods:
        return NOT_RECORDED
    answers = {period.covers(day) for period in periods}
    if True in answers:
        return YES
    return NOT_KNOWN if None in answers else NO


def albumin_rows(labs: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the row of the albumin of each total calcium; −1 for all other results (n,).

    `labs` has patient_id, taken_on, minute (−1 where no time is recorded), analyte and comparator
    (categories), in known units, with the results of a patient and analyte oldest first.
    """
    rows = np.full(len(labs), -1, dtype="int64")
    calcium = _rows(labs, labs["analyte"] == "ca")
    albumin = _rows(labs, (labs["analyte"] == "alb") & labs["comparator"].isna())
    of_day: dict[tuple[Any, Any], list[tuple[int, int | None]]] = defaultdict(list)
    for row, patient, day, minute in albumin:
        of_day[patient, day].append((row, minute))
    for row, patient, day, minute in calcium:
        albumins = of_day.get((patient, day), [])
        index = same_sample([time for _row, time in albumins], minute)
        if index is not None:
            rows[row] = albumins[index][0]
    return rows


def anticoagulation_column(labs: pd.DataFrame, therapies: pd.DataFrame) -> list[str]:
    """Return, for each INR, whether the patient was on anticoagulation; else NOT_RECORDED (n,).

    `labs` is as for `albumin_rows`; `therapies` has patient_id, category, started_on and ended_on
    (ISO text, may be partial) and ongoing (1 or 0).
    """
    states = [NOT_RECORDED] * len(labs)
    is_chosen = therapies["category"].map(is_anticoagulation).astype(bool)
    periods: dict[Any, list[TherapyPeriod]] = defaultdict(list)
    for patient, started, ended, ongoing in zip(
        *(
            therapies.loc[is_chosen, name].tolist()
            for name in ("patient_id", "started_on", "ended_on", "ongoing")
        ),
        strict=True,
    ):
        period = TherapyPeriod(_partial_date(started), _partial_date(ended), bool(ongoing))
        periods[patient].append(period)
    if periods:
        for row, patient, day, _minute in _rows(labs, labs["analyte"] == "inr"):
            states[row] = anticoagulation_on(periods.get(patient, ()), day)
    return states


def neutropenia_column(labs: pd.DataFrame) -> list[str]:
    """Return, for each temperature, whether neutrophils were low; else NOT_RECORDED (n,).

    `labs` is as for `albumin_rows`, with the value in the canonical unit.
    """
    states = [NOT_RECORDED] * len(labs)
    temperatures = [*_rows(labs, labs["analyte"] == "temp")]
    if not temperatures:
        return states
    of_day: dict[tuple[Any, Any], str] = {}
    rows = _rows(labs, labs["analyte"] == "anc")
    values = labs["value"].to_numpy()
    comparators = labs["comparator"].astype("object").to_numpy()
    for row, patient, day, _minute in rows:
        comparator = comparators[row] if isinstance(comparators[row], str) else None
        state = neutropenia_by(float(values[row]), comparator)
        of_day[patient, day] = neutropenia_of_both(of_day.get((patient, day)), state)
    for row, patient, day, _minute in temperatures:
        states[row] = of_day.get((patient, day), NOT_RECORDED)
    return states


def _is_known_unit(result: LabResult) -> bool:
    return units.parse(result.analyte, result.unit or "") is not None


def _partial_date(text: object) -> PartialDate | None:
    return PartialDate.parse(text) if isinstance(text, str) and text else None


def _rows(labs: pd.DataFrame, is_chosen: pd.Series) -> Iterable[tuple[int, Any, date, int | None]]:
    """Return row, patient, day and minute of the day (None if not recorded) of chosen results."""
    rows = np.flatnonzero(is_chosen.to_numpy())
    chosen = labs.iloc[rows]
    return zip(
        rows.tolist(),
        chosen["patient_id"].tolist(),
        chosen["taken_on"].dt.date.tolist(),
        [None if minute < 0 else minute for minute in chosen["minute"].tolist()],
        strict=True,
    )
