"""The lines of a cohort's tables: one number each, with what it counts and out of how many."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from model.cohort import numbers

if TYPE_CHECKING:
    import pandas as pd

DAYS_A_MONTH = 30.4375
NOT_RECORDED = "not recorded"

Why = Callable[[int], str]
"""What makes one patient, by id, count, in words: “Anemia grade 3, 12 May 2024”.

It is kept for as long as its line, and so should hold no more than it needs: never all frames.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLine:
    """One number of a table.

    A count is `n`, out of `of` where that makes sense. A median, a sum or a rate is `estimate` in
    `unit`, with `low` and `high` where it has an interval, from the `n` of `of` values that are
    known, and is no `share`. `patients` are the ids of those behind a number, in the order of the
    frames; they and the reasons do not tell two lines apart.
    """

    section: str
    measure: str
    level: str = ""
    n: int | None = None
    of: int | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    definition: str
    share: bool = True
    patients: tuple[int, ...] = field(default=(), compare=False, repr=False)
    because: Why | None = field(default=None, compare=False, repr=False)

    @property
    def percent(self) -> float | None:
        """`n` as a percentage of `of`, to one decimal; None where it would say nothing."""
        return None if self.n is None or not self.share else numbers.percent(self.n, self.of)

    @property
    def interval_unit(self) -> str:
        """The unit of `low` and `high`: the interval of a share is in per cent."""
        return "%" if self.share else self.unit

    def why(self, patient_id: int) -> str:
        """What makes a patient count in this number, in words; found when it is asked for."""
        return self.because(patient_id) if self.because else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortTable:
    """Lines that belong together under a title, with the sentences that say how they count."""

    key: str
    title: str
    lines: tuple[TableLine, ...]
    notes: tuple[str, ...] = ()


def count(
    section: str,
    measure: str,
    level: str,
    patients: "pd.Index | Iterable[int]",
    of: int | None,
    definition: str,
    because: Why | None = None,
) -> TableLine:
    """How many patients, who they are, and out of how many.

    Without a reason, what counts is the level: `primary site: pancreas`.
    """
    said = ": ".join(filter(None, (measure, level)))
    ids = tuple(patients.tolist() if hasattr(patients, "tolist") else patients)
    return TableLine(
        section=section,
        measure=measure,
        level=level,
        n=len(ids),
        of=of,
        unit="patients",
        definition=definition,
        patients=ids,
        because=because or (lambda _patient_id: said),
    )


def by_level(
    section: str,
    measure: str,
    levels: "pd.Series",
    of: int,
    definition: str,
    because: Why | None = None,
) -> list[TableLine]:
    """How many patients have each level, most frequent first; missing ones last, as such.

    `levels` has the patients' ids as its index, a patient once for each of their levels.
    """
    members: Mapping[object, pd.Index] = levels.groupby(levels, observed=True).groups
    listed = sorted(members.items(), key=lambda item: (-len(item[1]), str(item[0])))
    missing = levels.index[levels.isna()]
    if len(missing):
        listed.append((NOT_RECORDED, missing))
    return [
        count(section, measure, str(level), ids, of, definition, because) for level, ids in listed
    ]


def median_and_range(
    section: str,
    measure: str,
    values: "pd.Series",
    of: int,
    unit: str,
    definition: str,
    level: str = "",
) -> list[TableLine]:
    """Median, minimum and maximum of the values that are known; empty estimates where none is.

    `values` has the patients' ids as its index. A `level` stands before which of the three it is.
    """
    known = values.dropna()
    found = (
        {"median": known.median(), "minimum": known.min(), "maximum": known.max()}
        if len(known)
        else {"median": None}
    )
    ids = tuple(known.index.tolist())

    def because(patient_id: int) -> str:
        told = known[[patient_id]].tolist()
        return f"{measure}: {', '.join(f'{value:g}' for value in told)} {unit}"

    return [
        TableLine(
            section=section,
            measure=measure,
            level=", ".join(filter(None, (level, which))),
            n=len(known),
            of=of,
            estimate=None if value is None else float(value),
            unit=unit,
            definition=f"{definition}: {which} of the known values",
            share=False,
            patients=ids,
            because=because,
        )
        for which, value in found.items()
    ]
