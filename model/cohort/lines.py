"""The lines of a cohort's tables: one number each, with its definition and denominator."""

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
"""Why a patient, by id, is counted: “Anemia grade 3, 12 May 2024”.

It lives as long as its line, so it must hold no more than it needs: never all frames.
"""


class Statistic(StrEnum):
    """Which number of a distribution an estimate is."""

    MEDIAN = N_("median")
    MINIMUM = N_("minimum")
    MAXIMUM = N_("maximum")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLine:
    """One number of a table.

    A count is `n`, out of `of` where that makes sense. A median, a sum or a rate is `estimate` in
    `unit`, with `low` and `high` where it has an interval, from the `n` of `of` values that are
    known, and is not a `share`. `patients` are the ids of the patients behind a number, in the
    order of the frames; lines are compared without them and their reasons.
    """

    section: str
    measure: str
    name: str = field(default="", compare=False)
    """How the measure is shown, where not by its own words."""
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
    """What the definitions of a median, its minimum and its maximum have in common."""
    share: bool = True
    patients: tuple[int, ...] = field(default=(), compare=False, repr=False)
    reason: Reason | None = field(default=None, compare=False, repr=False)

    @property
    def level(self) -> str:
        """The part of the measure as one text: the key in files, templates and frozen cohorts.

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
        """Return why a patient counts in this number, in words."""
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
    """Count patients, out of `of`.

    The reason is by default the part itself: `primary site: pancreas`.
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
    """Return median, minimum and maximum of the known values; if none, a median without estimate.

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
