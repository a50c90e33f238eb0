"""What a patient was given in all, each nuclide apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from model.records.administrations import cumulative
from model.records.cycles import Treatment
from model.reference import nuclides
from model.reference.activities import activity_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """The cumulative activity of one nuclide; never added across nuclides.

    `at_least`: the activity of some of it is not known, so that `mbq` is a lower bound; None when
    nothing of it is known. `text` is in `unit`, MBq for alpha emitters: `at least 12.2 MBq`.
    """

    nuclide: str
    mbq: float | None
    unit: str
    at_least: bool
    text: str


def exposures(treatments: Iterable[Treatment]) -> tuple[Exposure, ...]:
    """The cumulative activity of each nuclide, in the order of their first use."""
    given = [one for treatment in treatments for one in treatment.administrations]
    return tuple(
        Exposure(
            nuclide=one.nuclide,
            mbq=one.mbq,
            unit=nuclides.unit_for(one.nuclide),
            at_least=one.at_least,
            text=("at least " if one.at_least and one.mbq is not None else "")
            + activity_text(one.mbq, nuclides.unit_for(one.nuclide)),
        )
        for one in cumulative(given)
    )
