"""The biopsies of a patient as points of the Ki-67 plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from model.course.grade_history import biopsy_text
from model.dates import PartialDate, date_text
from model.language import _
from model.records.biopsies import Biopsy, in_order


@dataclass(frozen=True, slots=True)
class Ki67Point:
    """A biopsy with its date, its Ki-67 in per cent, its label and its tool tip."""

    on: PartialDate
    ki67: float
    label: str
    tip: str

    @property
    def is_vague(self) -> bool:
        """Whether the day is not known."""
        return self.on.day is None

    @property
    def ends(self) -> tuple[date, date]:
        """The first and the last possible day."""
        return self.on.earliest, self.on.latest

    @property
    def middle(self) -> float:
        """The day of the mark, as `date.toordinal` counts it: the middle of a vague date."""
        return (self.on.earliest.toordinal() + self.on.latest.toordinal()) / 2


def ki67_points(biopsies: Sequence[Biopsy]) -> list[Ki67Point]:
    """Return the biopsies with a date and a Ki-67 as points, oldest first."""
    return [
        Ki67Point(
            biopsy.taken_on,
            biopsy.ki67_percent,
            _label(biopsy),
            biopsy_text(biopsy, with_site=True),
        )
        for biopsy in in_order(biopsies)
        if biopsy.taken_on is not None and biopsy.ki67_percent is not None
    ]


def _label(biopsy: Biopsy) -> str:
    """Return a label such as `G3 · 34 %`, followed by `about 2021` if the day is not known."""
    grade = (biopsy.who_grade or _("no grade")).removeprefix("NET ")
    on = biopsy.taken_on
    about = _("about {date}").format(date=date_text(on)) if on and on.day is None else ""
    return " · ".join(filter(None, (grade, f"{biopsy.ki67_text} %", about)))
