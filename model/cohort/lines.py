"""The lines of a cohort's tables: one number each, with what it counts and out of how many."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

DAYS_A_MONTH = 30.4375
NOT_RECORDED = "not recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One number of a table.

    A count is `n`, out of `of` where that makes sense. A median or a sum is `estimate` in `unit`,
    from the `n` of `of` values that are known, and is no `share`.
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

    @property
    def percent(self) -> float | None:
        """`n` as a percentage of `of`, to one decimal; None where it would say nothing."""
        if self.n is None or not self.of or not self.share:
            return None
        return round(100 * self.n / self.of, 1)


def by_level(
    section: str, measure: str, levels: "pd.Series", of: int, definition: str
) -> list[Line]:
    """How often each level occurs, most frequent first; missing ones as “not recorded”, last."""
    counts = levels.dropna().value_counts()
    listed = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    missing = int(levels.isna().sum())
    if missing:
        listed.append((NOT_RECORDED, missing))
    return [
        Line(
            section=section,
            measure=measure,
            level=str(level),
            n=int(count),
            of=of,
            unit="patients",
            definition=definition,
        )
        for level, count in listed
    ]


def median_and_range(
    section: str, measure: str, values: "pd.Series", of: int, unit: str, definition: str
) -> list[Line]:
    """Median, minimum and maximum of the values that are known; empty estimates where none is."""
    known = values.dropna()
    found = (
        {"median": known.median(), "minimum": known.min(), "maximum": known.max()}
        if len(known)
        else {"median": None}
    )
    return [
        Line(
            section=section,
            measure=measure,
            level=level,
            n=len(known),
            of=of,
            estimate=None if value is None else float(value),
            unit=unit,
            definition=f"{definition}: {level} of the known values",
            share=False,
        )
        for level, value in found.items()
    ]
