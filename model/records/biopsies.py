"""Biopsies with grade and Ki-67, their order in time, and the sites of metastasis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from model.dates import PartialDate
from model.errors import InvalidRecord
from model.records.life import Life, life_of, non_empty
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step

WHO_GRADES = ("NET G1", "NET G2", "NET G3", "NEC")
DIAGNOSIS = "diagnosis"
EVENTS = (DIAGNOSIS, "rebiopsy", "surgery")
_RANKS = {grade: rank for rank, grade in enumerate(WHO_GRADES, start=1)}
DIFFERENTIATIONS = ("well", "poor")
METASTASIS_SITES = (
    *("liver", "lymph_node", "bone", "peritoneum", "lung", "pancreas", "ovary", "heart"),
    *("adrenal", "brain", "skin", "other"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Biopsy:
    """One histology: where it was taken, its WHO grade and its Ki-67 in percent."""

    TABLE: ClassVar[str] = "biopsy"

    id: int | None = None
    patient_id: int
    taken_on: PartialDate | None = None
    event: str | None = None
    site: str | None = None
    who_grade: str | None = None
    differentiation: str | None = None
    ki67_percent: float | None = None
    mitoses_per_2mm2: float | None = None
    comment: str | None = None

    def problems(self, life: Life) -> dict[str, str]:
        """Why this biopsy may not be saved, by field; empty when it may."""
        return non_empty(
            taken_on=life.problem_of(self.taken_on),
            who_grade=None
            if self.who_grade in (None, *WHO_GRADES)
            else f"“{self.who_grade}” is no WHO grade: it is one of {', '.join(WHO_GRADES)}.",
            ki67_percent=None
            if self.ki67_percent is None or 0 <= self.ki67_percent <= 100
            else "Ki-67 lies between 0 and 100 %.",
            mitoses_per_2mm2=None
            if self.mitoses_per_2mm2 is None or self.mitoses_per_2mm2 >= 0
            else "A count of mitoses is not negative.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Metastasis:
    """A site of metastasis and when it was found."""

    TABLE: ClassVar[str] = "metastasis"

    id: int | None = None
    patient_id: int
    site: str
    found_on: PartialDate | None = None
    comment: str | None = None

    def problems(self, life: Life) -> dict[str, str]:
        """Why this metastasis may not be saved, by field; empty when it may."""
        return non_empty(
            site=None if self.site.strip() else "A metastasis needs its site.",
            found_on=life.problem_of(self.found_on),
        )


def save(step: Step, biopsy: Biopsy) -> Biopsy:
    """Save a biopsy; raises InvalidRecord when a rule is broken."""
    if problems := biopsy.problems(life_of(step, biopsy.patient_id)):
        raise InvalidRecord(problems)
    records.refuse_copy(step, biopsy)
    return records.put(step, biopsy)


def save_metastasis(step: Step, metastasis: Metastasis) -> Metastasis:
    """Save a metastasis; raises InvalidRecord when a rule is broken or the site is there."""
    problems = metastasis.problems(life_of(step, metastasis.patient_id))
    others = metastases_of(step, metastasis.patient_id)
    if any(other.site == metastasis.site and other.id != metastasis.id for other in others):
        problems["site"] = "This site is recorded already."
    if problems:
        raise InvalidRecord(problems)
    return records.put(step, metastasis)


def of_patient(reader: Reader, patient_id: int) -> list[Biopsy]:
    """A patient's biopsies, oldest first; those without a date at the end."""
    rows = reader.rows(
        """
        select * from biopsy
         where patient_id = :patient_id and deleted_at is null
         order by taken_on is null, taken_on, id
        """,
        patient_id=patient_id,
    )
    return [records.from_row(Biopsy, row) for row in rows]


def by_patient(reader: Reader) -> dict[int, list[Biopsy]]:
    """All biopsies by their patient's id, each patient's as `of_patient` gives them."""
    rows = reader.rows(
        "select * from biopsy where deleted_at is null order by taken_on is null, taken_on, id"
    )
    found: dict[int, list[Biopsy]] = {}
    for row in rows:
        found.setdefault(row["patient_id"], []).append(records.from_row(Biopsy, row))
    return found


def metastases_of(reader: Reader, patient_id: int) -> list[Metastasis]:
    """A patient's metastases in the order in which they were entered."""
    rows = reader.rows(
        """
        select * from metastasis
         where patient_id = :patient_id and deleted_at is null
         order by id
        """,
        patient_id=patient_id,
    )
    return [records.from_row(Metastasis, row) for row in rows]


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
