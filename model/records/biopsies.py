"""Biopsies with grade and Ki-67, and the sites of metastasis."""

from dataclasses import dataclass
from typing import ClassVar

from model.dates import PartialDate
from model.errors import InvalidRecord
from model.records.life import Life, life_of, non_empty
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step

WHO_GRADES = ("NET G1", "NET G2", "NET G3", "NEC")
EVENTS = ("diagnosis", "rebiopsy", "surgery")
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
