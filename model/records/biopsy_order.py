"""Biopsies in the order in which they were taken, and what the latest of them says.

What has no date has its place only where the events tell it: the diagnosis comes before all else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.dates import PartialDate
from model.records.biopsies import WHO_GRADES, Biopsy

DIAGNOSIS = "diagnosis"
_RANKS = {grade: rank for rank, grade in enumerate(WHO_GRADES, start=1)}


@dataclass(frozen=True, slots=True)
class Moment:
    """The biopsies of one day; or those of the diagnosis, which is one event."""

    biopsies: tuple[Biopsy, ...]

    @property
    def on(self) -> PartialDate | None:
        """The date that they share, if it is recorded."""
        return self.biopsies[0].taken_on

    @property
    def is_diagnosis(self) -> bool:
        """Whether this is the diagnosis."""
        return any(biopsy.event == DIAGNOSIS for biopsy in self.biopsies)

    @property
    def grades(self) -> tuple[str, ...]:
        """The grades that are stated, each once, the highest last."""
        stated = {biopsy.who_grade for biopsy in self.biopsies if biopsy.who_grade}
        return tuple(sorted(stated, key=lambda grade: _RANKS.get(grade, 0)))

    @property
    def highest(self) -> str | None:
        """The highest grade that is stated, if there is one."""
        return self.grades[-1] if self.grades else None


def in_order(biopsies: Sequence[Biopsy]) -> list[Biopsy]:
    """Biopsies as they were taken, as far as this is known.

    By date; the diagnosis before those that its date may lie before; without a date a diagnosis
    is first, and others are last in the order given.
    """
    ordered = [each for each in biopsies if each.taken_on is None and each.event == DIAGNOSIS]
    dated = [(each.taken_on, n) for n, each in enumerate(biopsies) if each.taken_on]
    for _, number in sorted(dated):
        biopsy, at = biopsies[number], len(ordered)
        if biopsy.event == DIAGNOSIS:
            while at and _may_follow(ordered[at - 1], biopsy):
                at -= 1
        ordered.insert(at, biopsy)
    return [
        *ordered,
        *(each for each in biopsies if each.taken_on is None and each.event != DIAGNOSIS),
    ]


def _may_follow(other: Biopsy, diagnosis: Biopsy) -> bool:
    """Whether another biopsy, that is no diagnosis, may be as late as the diagnosis."""
    if other.event == DIAGNOSIS or other.taken_on is None or diagnosis.taken_on is None:
        return False
    return other.taken_on.latest >= diagnosis.taken_on.earliest


def moments_of(biopsies: Sequence[Biopsy]) -> list[Moment]:
    """The biopsies in their order, those of one day or of the diagnosis together."""
    found: list[list[Biopsy]] = []
    for biopsy in in_order(biopsies):
        if found and _is_same_moment(found[-1][0], biopsy):
            found[-1].append(biopsy)
        else:
            found.append([biopsy])
    return [Moment(tuple(each)) for each in found]


def placed_of(moments: Sequence[Moment]) -> list[Moment]:
    """The moments that have a place in time, by date or event; all of them where none has."""
    return [moment for moment in moments if _has_a_place(moment, moments)] or list(moments)


def latest_grade(biopsies: Sequence[Biopsy]) -> str | None:
    """The WHO grade that counts now; None where none is stated.

    That of the latest biopsy that states one: of several on its day, or of several that may be
    the latest as far as their dates tell, the highest.
    """
    return Moment(_maybe_last([each for each in biopsies if each.who_grade])).highest


def latest_ki67(biopsies: Sequence[Biopsy]) -> float | None:
    """The Ki-67 in percent that counts now, by the rule of `latest_grade`; None without any."""
    last = _maybe_last([each for each in biopsies if each.ki67_percent is not None])
    return max((each.ki67_percent for each in last if each.ki67_percent is not None), default=None)


def first_grade(biopsies: Sequence[Biopsy]) -> str | None:
    """The WHO grade at diagnosis, else of the first biopsy that states one; the highest of several.

    None where none is stated.
    """
    moments = placed_of(moments_of([each for each in biopsies if each.who_grade]))
    at_diagnosis = [moment for moment in moments if moment.is_diagnosis]
    return next((moment.highest for moment in (*at_diagnosis, *moments)), None)


def is_graded_at_diagnosis(biopsies: Sequence[Biopsy]) -> bool:
    """Whether a biopsy of the diagnosis states a grade."""
    return any(each.who_grade and each.event == DIAGNOSIS for each in biopsies)


def _maybe_last(biopsies: Sequence[Biopsy]) -> tuple[Biopsy, ...]:
    """Those that are not known to have been taken before another of these."""
    moments = placed_of(moments_of(biopsies))
    last = [one for one in moments if not any(is_before(one, other) for other in moments)]
    return tuple(biopsy for moment in last for biopsy in moment.biopsies)


def _is_same_moment(one: Biopsy, other: Biopsy) -> bool:
    if one.taken_on != other.taken_on:
        return False
    both_diagnosis = one.event == other.event == DIAGNOSIS
    return both_diagnosis or (one.taken_on is not None and one.taken_on.day is not None)


def is_before(one: Moment, other: Moment) -> bool:
    """Whether one moment is known to be before another."""
    if one.on and other.on:
        if one.on.latest < other.on.earliest:
            return True
        if other.on.latest < one.on.earliest:
            return False
    return one.is_diagnosis and not other.is_diagnosis


def _has_a_place(moment: Moment, moments: Sequence[Moment]) -> bool:
    """Whether a moment is dated, or else known to be before or after each other one."""
    if moment.on:
        return True
    others = [other for other in moments if other is not moment]
    return all(is_before(moment, other) or is_before(other, moment) for other in others)
