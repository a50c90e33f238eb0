"""Whether the treatment of a patient is finished: by a recorded end, or by the planned cycles.

A course of treatment is the cycles after the last end that a cycle followed; retreatment is a
course of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from model.dates import date_text
from model.language import _, ngettext
from model.records.outcome.ends_of_treatment import EndOfTreatment
from model.reference import nuclides

END_OF_TREATMENT = "end_of_treatment"
"""The time point of an assessment that ends treatment as well."""


class PlannedCycles(NamedTuple):
    """How many cycles a rule set plans: of a nuclide, or `alpha`, or of any kind if empty."""

    number: int
    nuclide: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentCourse:
    """The cycles of a patient up to a day, and what ended treatment."""

    cycles: tuple[tuple[date, tuple[str, ...]], ...] = ()
    """Day and nuclides of each cycle, by day."""
    ends: tuple[EndOfTreatment, ...] = ()
    """By day."""
    assessed_on: date | None = None
    """The last assessment at the end of treatment."""

    @property
    def end(self) -> EndOfTreatment | None:
        """The end of the present course: the last one, unless a cycle was given after it."""
        if not self.ends or (self.cycles and self.ends[-1].ended_on < self.cycles[-1][0]):
            return None
        return self.ends[-1]

    def count(self, nuclide: str = "") -> tuple[int, int]:
        """Return how many cycles of the present course gave a nuclide, and how many may have.

        `nuclide` is as in `PlannedCycles`. Cycles of which a nuclide is not recorded may have.
        """
        earlier = [end.ended_on for end in self.ends if end is not self.end]
        present = [given for day, given in self.cycles if not earlier or day > earlier[-1]]
        certain = sum(not nuclide or _has(nuclide, given) for given in present)
        unclear = sum(
            bool(nuclide) and not _has(nuclide, given) and _is_unclear(given) for given in present
        )
        return certain, certain + unclear

    def why_finished(self, planned: PlannedCycles | None) -> str:
        """Return why no further cycle is expected, as a sentence; empty where one is."""
        if self.end is not None:
            return self.end.sentence
        if self.assessed_on and self.cycles and self.assessed_on >= self.cycles[-1][0]:
            text = _("Treatment ended: it was assessed at its end on {date}.")
            return text.format(date=date_text(self.assessed_on))
        if planned is None:
            return ""
        given, _possible = self.count(planned.nuclide)
        return given_text(given, planned.number) + "." if given >= planned.number else ""


def given_text(given: int, planned: int) -> str:
    """Return how many of the planned cycles were given: `4 of 4 planned cycles given`."""
    return ngettext(
        "{given} of {n} planned cycle given", "{given} of {n} planned cycles given", planned
    ).format(given=given, n=planned)


def _has(nuclide: str, given: Sequence[str]) -> bool:
    found = [known for name in given if (known := nuclides.find(name))]
    return any(each.is_alpha if nuclide == "alpha" else each.name == nuclide for each in found)


def _is_unclear(given: Sequence[str]) -> bool:
    return not given or any(nuclides.find(name) is None for name in given)
