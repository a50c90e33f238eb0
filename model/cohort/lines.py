"""The lines of a cohort's tables, each with one number, its definition and its denominator."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from model.cohort import numbers
from model.cohort.messages import Message
from model.language import N_

if TYPE_CHECKING:
    import pandas as pd

NOT_RECORDED = "not recorded"
NO_BASELINE = "no baseline"
PATIENTS = "patients"
EVENTS = "events"
"""The unit of toxicities where events are counted, which are not a share of the patients."""

Reason = Callable[[int], str]
"""A function of a patient's id that returns why they are counted: “Anemia grade 3, 12 May 2024”.

It is kept as long as its line, so it must refer only to the rows that it needs, not to all frames.
"""


class Statistic(StrEnum):
    """The statistic that an estimate is."""

    MEDIAN = N_("median")
    MINIMUM = N_("minimum")
    MAXIMUM = N_("maximum")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLine:
    """One number of a table.

    A count is `n`, with the denominator `of` if it has one. A median, a sum or a rate is `estimate`
    in `unit`, computed from the `n` of `of` values that are known; `low` and `high` are the bounds
    of its interval, if any, and `share` is false. `patients` are the ids of the patients behind the
    number, in the order of the frames. Comparisons of lines ignore patients and reasons.
    """

    section: str
    measure: str
    name: str = field(default="", compare=False)
    """The label of the measure, if it is not that of its code."""
    part: str = ""
    """The part of the measure that is counted: a site, a nuclide, the time to the nadir."""
    cycle: int | None = None
    """The number of the treatment cycle that it follows."""
    baseline: str = ""
    """The grade at baseline that a shift starts from."""
    grade: str = ""
    """A grade, several together (`1-2`, `>=3`) or `any`."""
    statistic: Statistic | None = None
    n: int | None = None
    of: int | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    definition: str
    common_definition: str = ""
    """The part of the definition that a median shares with its minimum and maximum."""
    share: bool = True
    patients: tuple[int, ...] = field(default=(), compare=False, repr=False)
    reason: Reason | None = field(default=None, compare=False, repr=False)

    @property
    def level(self) -> str:
        """All parts of the measure as one text, the key in files, templates and frozen cohorts.

        `small_bowel`, `cycle 2, time to nadir, median`, `0 → 3`, `>=3`.
        """
        grades = f"{self.baseline} → {self.grade}" if self.baseline else self.grade
        cycle = "" if self.cycle is None else f"cycle {self.cycle}"
        return ", ".join(filter(None, (cycle, self.part, grades, self.statistic)))

    @property
    def is_count(self) -> bool:
        """Whether the number is a count, not a median, a sum or a rate."""
        return self.share or self.unit == EVENTS

    @property
    def is_not_reached(self) -> bool:
        """Whether it is a Kaplan-Meier median that was not reached."""
        is_median = self.statistic is Statistic.MEDIAN and not self.common_definition
        return is_median and self.estimate is None and bool(self.n)

    @property
    def percent(self) -> float | None:
        """`n` as a percentage of `of`, to one decimal; None if it is not a share."""
        return None if self.n is None or not self.share else numbers.percent(self.n, self.of)

    @property
    def interval_unit(self) -> str:
        """The unit of `low` and `high`: the interval of a share is in per cent."""
        return "%" if self.share else self.unit

    def why(self, patient_id: int) -> str:
        """Return the reason why a patient counts in this number; empty if there is none."""
        return self.reason(patient_id) if self.reason else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortTable:
    """Lines under a title, with the sentences that define how they count."""

    key: str
    title: str
    lines: tuple[TableLine, ...]
    notes: tuple[str, ...] = ()


def count(
    section: str,
    measure: str,
    part: str,
    patients: "pd.Index | Iterable[int]",
    of: int | None,
    definition: str,
    reason: Reason | None = None,
    *,
    cycle: int | None = None,
    baseline: str = "",
    grade: str = "",
) -> TableLine:
    """Return a line that counts patients; `of` is the denominator.

    The default reason is measure and part: `primary site: pancreas`.
    """
    part_of_measure = ": ".join(filter(None, (measure, part)))
    ids = tuple(patients.tolist() if hasattr(patients, "tolist") else patients)
    return TableLine(
        section=section,
        measure=measure,
        part=part,
        cycle=cycle,
        baseline=baseline,
        grade=grade,
        n=len(ids),
        of=of,
        unit=PATIENTS,
        definition=definition,
        patients=ids,
        reason=reason or (lambda _patient_id: part_of_measure),
    )


def by_level(
    section: str,
    measure: str,
    levels: "pd.Series",
    of: int,
    definition: str,
    reason: Reason | None = None,
) -> list[TableLine]:
    """Count the patients with each level, the most frequent first; “not recorded” is last.

    `levels` has the patients' ids as its index, a patient once for each of their levels.
    """
    members: Mapping[object, pd.Index] = levels.groupby(levels, observed=True).groups
    ordered = sorted(members.items(), key=lambda item: (-len(item[1]), str(item[0])))
    missing = levels.index[levels.isna()]
    if len(missing):
        ordered.append((NOT_RECORDED, missing))
    return [
        count(section, measure, str(level), ids, of, definition, reason) for level, ids in ordered
    ]


def median_and_range(
    section: str,
    measure: str,
    values: "pd.Series",
    of: int,
    unit: str,
    definition: str,
    *,
    part: str = "",
    cycle: int | None = None,
) -> list[TableLine]:
    """Return median, minimum and maximum of the known values, or a median without estimate.

    `values` has the patients' ids as its index.
    """
    import numpy as np

    known = values.dropna()
    estimates: dict[Statistic, float | None] = {Statistic.MEDIAN: None}
    if len(known):
        of_all = known.to_numpy(dtype=np.float64)
        estimates = {
            Statistic.MEDIAN: float(np.median(of_all)),
            Statistic.MINIMUM: float(of_all.min()),
            Statistic.MAXIMUM: float(of_all.max()),
        }
    ids = tuple(known.index.tolist())

    def reason(patient_id: int) -> str:
        of_patient = (numbers.estimate(value, unit) for value in known[[patient_id]].tolist())
        return f"{measure}: {', '.join(of_patient)} {unit}"

    return [
        TableLine(
            section=section,
            measure=measure,
            part=part,
            cycle=cycle,
            statistic=statistic,
            n=len(known),
            of=of,
            estimate=estimate,
            unit=unit,
            definition=Message(
                N_("{definition}: {statistic} of the known values"),
                definition=definition,
                statistic=statistic.value,
            ),
            common_definition=definition,
            share=False,
            patients=ids,
            reason=reason,
        )
        for statistic, estimate in estimates.items()
    ]
