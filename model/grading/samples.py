"""What is known of a patient's samples besides the result: their albumin, and anticoagulation.

Calcium is corrected by the albumin of its sample; INR is graded by its baseline while the patient
is on anticoagulation: a therapy of that category, whose dates may be partial or open. The forms for
a cohort apply the rules for one result to the few rows that they concern.
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
"""Whether a patient was on anticoagulation on a day, in the words that grading takes."""


class Span(NamedTuple):
    """When a therapy was given, as far as that is known."""

    started_on: PartialDate | None
    ended_on: PartialDate | None
    ongoing: bool

    def covers(self, day: date) -> bool | None:
        """Return whether it was given on a day; None where its dates do not decide that."""
        start, end = self.started_on, self.ended_on
        if (start and day < start.earliest) or (end and day > end.latest):
            return False
        has_begun = start is not None and start.latest <= day
        has_not_ended = self.ongoing or (end is not None and day <= end.earliest)
        return True if has_begun and has_not_ended else None


@dataclass(frozen=True, slots=True)
class Samples:
    """What grading needs of one patient's samples: each day's albumin, and anticoagulation.

    Only an albumin with an exact value in a known unit is of use.
    """

    albumin: Mapping[date, Sequence[LabResult]] = field(default_factory=dict)
    anticoagulation: Sequence[Span] = ()
    neutropenia: Mapping[date, str] = field(default_factory=dict)
    """For each day with neutrophils, whether these were below 1 ×10⁹/L."""

    def albumin_of(self, result: LabResult) -> LabResult | None:
        """Return the albumin of the sample of a total calcium; None for any other analyte."""
        if result.analyte != "ca":
            return None
        others = self.albumin.get(result.taken_on, ())
        index = same_sample([other.taken_at for other in others], result.taken_at)
        return None if index is None else others[index]

    def anticoagulated(self, result: LabResult) -> str:
        """Return whether the patient was on anticoagulation; not recorded for all but INR."""
        if result.analyte != "inr":
            return NOT_RECORDED
        return anticoagulation_on(self.anticoagulation, result.taken_on)

    def neutropenic(self, result: LabResult) -> str:
        """Return whether neutrophils of the day were low; not recorded for all but temperatures."""
        if result.analyte != "temp":
            return NOT_RECORDED
        return self.neutropenia.get(result.taken_on, NOT_RECORDED)


NO_SAMPLES = Samples()
"""Nothing is known besides the results."""


def samples_of(results: Iterable[LabResult], therapies: Iterable[Therapy]) -> Samples:
    """Return what is known of one patient's samples; `results` are oldest first."""
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
            Span(therapy.started_on, therapy.ended_on, therapy.ongoing)
            for therapy in therapies
            if is_anticoagulation(therapy.category)
        ),
        neutropenia,
    )


def anticoagulation_on(spans: Sequence[Span], day: date) -> str:
    """Return whether a patient with these spans of anticoagulation was on it on a day."""
    if not spans:
        return NOT_RECORDED
    covered = {span.covers(day) for span in spans}
    if True in covered:
        return YES
    return NOT_KNOWN if None in covered else NO


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
        others = of_day.get((patient, day), [])
        index = same_sample([time for _row, time in others], minute)
        if index is not None:
            rows[row] = others[index][0]
    return rows


def anticoagulation_column(labs: pd.DataFrame, therapies: pd.DataFrame) -> list[str]:
    """Return whether each patient was on anticoagulation; not recorded for all but INR (n,).

    `labs` as for `albumin_rows`; `therapies` has patient_id, category, started_on and ended_on (ISO
    text, may be partial) and ongoing (1 or 0).
    """
    states = [NOT_RECORDED] * len(labs)
    kinds = therapies["category"].map(is_anticoagulation).astype(bool)
    spans: dict[Any, list[Span]] = defaultdict(list)
    for patient, started, ended, ongoing in zip(
        *(
            therapies.loc[kinds, name].tolist()
            for name in ("patient_id", "started_on", "ended_on", "ongoing")
        ),
        strict=True,
    ):
        spans[patient].append(Span(_partial(started), _partial(ended), bool(ongoing)))
    if spans:
        for row, patient, day, _minute in _rows(labs, labs["analyte"] == "inr"):
            states[row] = anticoagulation_on(spans.get(patient, ()), day)
    return states


def neutropenia_column(labs: pd.DataFrame) -> list[str]:
    """Return whether neutrophils were low that day; not recorded for all but temperatures (n,).

    `labs` as for `albumin_rows`, with the value in the canonical unit.
    """
    found = [NOT_RECORDED] * len(labs)
    temperatures = [*_rows(labs, labs["analyte"] == "temp")]
    if not temperatures:
        return found
    of_day: dict[tuple[Any, Any], str] = {}
    rows = _rows(labs, labs["analyte"] == "anc")
    values, signs = labs["value"].to_numpy(), labs["comparator"].astype("object").to_numpy()
    for row, patient, day, _minute in rows:
        sign = signs[row] if isinstance(signs[row], str) else None
        state = neutropenia_by(float(values[row]), sign)
        of_day[patient, day] = neutropenia_of_both(of_day.get((patient, day)), state)
    for row, patient, day, _minute in temperatures:
        found[row] = of_day.get((patient, day), NOT_RECORDED)
    return found


def _is_known_unit(result: LabResult) -> bool:
    return units.parse(result.analyte, result.unit or "") is not None


def _partial(text: object) -> PartialDate | None:
    return PartialDate.parse(text) if isinstance(text, str) and text else None


def _rows(labs: pd.DataFrame, chosen: pd.Series) -> Iterable[tuple[int, Any, date, int | None]]:
    """Return row, patient, day and minute of the day (None where not recorded) of some results."""
    rows = np.flatnonzero(chosen.to_numpy())
    some = labs.iloc[rows]
    return zip(
        rows.tolist(),
        some["patient_id"].tolist(),
        some["taken_on"].dt.date.tolist(),
        [None if minute < 0 else minute for minute in some["minute"].tolist()],
        strict=True,
    )
