"""The patient: a study code and lasting characteristics; the identity is a record of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from model.ctcae.terms import VERSIONS
from model.dates import PartialDate, date_text, is_before
from model.errors import InvalidRecord
from model.language import _
from model.records import biopsies
from model.records.biopsies import PRIMARY_SITES
from model.records.life import DEATHS, Age, Life, age_of, age_on, life_of, t0
from model.records.rules import OfPatient, non_empty, not_listed, outside
from model.reference.vocabulary import Spellings, Vocabulary, respell
from model.store import rows as records
from model.store.reader import Reader
from model.store.rows import stored_date
from model.store.settings import SettingsSource, casebook_version
from model.store.step import Step

SEXES = Vocabulary(
    *("F", "M", "X"),
    synonyms={"F": ("female", "woman"), "M": ("male", "man"), "X": ("other", "diverse")},
)
DISEASE_STATUSES = Vocabulary(
    *("AWD", "NED", "DOD", "DOC", "DUC"),
    synonyms={
        "AWD": ("alive with disease",),
        "NED": ("no evidence of disease",),
        "DOD": ("dead of disease", "died of disease"),
        "DOC": ("dead of other cause", "dead of other causes", "dead of another cause"),
        "DUC": ("dead of unknown cause",),
    },
)
"""Alive with disease, no evidence of disease, dead of disease, of other, of unknown cause."""

SYNDROMES = Vocabulary(
    *("none", "carcinoid", "insulinoma", "gastrinoma", "glucagonoma", "VIPoma"),
    *("somatostatinoma", "ectopic ACTH"),
    synonyms={
        "none": ("no", "non-functional", "non-functioning"),
        "carcinoid": ("carcinoid syndrome",),
    },
)

YOUNGEST, OLDEST = 10, 95
"""Years at T0 beyond which an age is questioned."""

OF_THE_DEAD = ("DOD", "DOC", "DUC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One patient of the casebook, identified by the study code."""

    TABLE: ClassVar[str] = "patient"
    SPELLINGS: ClassVar[Spellings] = {
        "sex": SEXES.spell,
        "primary_site": PRIMARY_SITES.spell,
        "functional_syndrome": SYNDROMES.spell,
        "disease_status": DISEASE_STATUSES.spell,
        "ctcae_version": VERSIONS.spell,
    }

    id: int | None = None
    code: str
    sex: str | None = None
    age_at_index: int | None = None
    """In whole years at T0; empty where the date of birth is recorded."""
    height_cm: float | None = None
    primary_site: str | None = None
    diagnosed_on: PartialDate | None = None
    functional_syndrome: str | None = None
    disease_status: str | None = None
    index_on: date | None = None
    """T0, if chosen; otherwise T0 is the first cycle."""
    ctcae_version: str | None = None
    """If the patient is graded in another version than the casebook."""
    comment: str | None = None

    def __post_init__(self) -> None:
        respell(self, self.SPELLINGS)

    def problems(self, life: Life) -> dict[str, str]:
        """Return why this patient may not be saved, by field; empty when they may."""
        return non_empty(
            code=_code_problem(self.code),
            sex=not_listed(self.sex, SEXES, _("“{value}” is not a sex. Use one of {listed}.")),
            age_at_index=outside(
                self.age_at_index, _("An age must be between 0 and 130 years."), low=0, high=130
            ),
            height_cm=outside(
                self.height_cm, _("A height must be between 30 and 260 cm."), low=30, high=260
            ),
            diagnosed_on=life.problem_of(self.diagnosed_on),
            disease_status=not_listed(
                self.disease_status,
                DISEASE_STATUSES,
                _("“{value}” is not a disease status. Use one of {listed}."),
            )
            or (
                _("{status} needs a follow-up with the date of death.").format(
                    status=self.disease_status
                )
                if self.disease_status in OF_THE_DEAD and life.died_on is None
                else None
            ),
            index_on=life.problem_of(self.index_on),
        )

    def questions(self, life: Life) -> dict[str, str]:
        """Return what is unlikely in this patient, by field."""
        height = _("{height} cm is an unusual height.").format(height=f"{self.height_cm or 0:g}")
        is_alive = self.disease_status is not None and self.disease_status not in OF_THE_DEAD
        first = life.first_cycle_on
        is_late = self.diagnosed_on and first and self.diagnosed_on.earliest > first
        age = _("{age} years is an unusual age at T0.").format(age=self.age_at_index)
        return non_empty(
            age_at_index=outside(self.age_at_index, age, low=YOUNGEST, high=OLDEST),
            height_cm=outside(self.height_cm, height, low=120, high=220),
            diagnosed_on=_("The first cycle was given before this diagnosis.") if is_late else None,
            disease_status=_(
                "The patient died on {date}, but {status} is a status of the living."
            ).format(date=date_text(life.died_on), status=self.disease_status)
            if is_alive and life.died_on
            else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(OfPatient):
    """The patient's name, record number and birth; never part of a pseudonymised export."""

    TABLE: ClassVar[str] = "identity"

    family_name: str | None = None
    given_name: str | None = None
    record_number: str | None = None
    born_on: PartialDate | None = None

    def problems(self, life: Life) -> dict[str, str]:
        """Return why this identity may not be saved, by field; empty when it may."""
        if self.born_on is None:
            return {}
        first = life.first_cycle_on
        if is_before(first, self.born_on):
            return {"born_on": _("The first cycle was given before this date of birth.")}
        if is_before(life.died_on, self.born_on):
            return {"born_on": _("The patient died before this date of birth.")}
        return {}

    def questions(self, life: Life) -> dict[str, str]:
        """Return what is unlikely in this identity, by field."""
        first = life.first_cycle_on
        if self.born_on is None or first is None:
            return {}
        age = age_on(self.born_on, first)
        sentence = _("By this date of birth the age at the first cycle is {age} years.")
        return non_empty(born_on=outside(age, sentence.format(age=age), low=YOUNGEST, high=OLDEST))


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A patient as shown in the list."""

    id: int
    code: str
    name: str
    sex: str | None
    age: Age
    """On the day that the list was made for, or at death."""
    primary_site: str | None
    grade: str | None
    """Current WHO grade: `biopsies.latest_grade`."""
    first_grade: str | None
    """WHO grade at diagnosis, otherwise of the first graded biopsy."""
    cycles: int
    worst_grade: int | None
    """Highest recorded grade of any toxicity."""
    died: bool

    def matches(self, text: str) -> bool:
        """Return whether every word of the text occurs in code, name or site."""
        place = " ".join((self.code, self.name, (self.primary_site or "").replace("_", " ")))
        return all(word in place.casefold() for word in text.casefold().replace("_", " ").split())


def save(step: Step, patient: Patient) -> Patient:
    """Save a patient; raises InvalidRecord when a rule is broken or the code is taken."""
    problems = patient.problems(life_of(step, patient.id))
    other = with_code(step, patient.code)
    if not problems and other and other.id != patient.id:
        problems = {"code": _("There is already a patient “{code}”.").format(code=patient.code)}
    if problems:
        raise InvalidRecord(problems)
    return records.put(step, patient)


def ctcae_version(patient: Patient | None, settings: SettingsSource) -> str:
    """Return the CTCAE version a patient is graded in: their own, otherwise the casebook's."""
    return (patient and patient.ctcae_version) or casebook_version(settings)


def with_code(reader: Reader, code: str) -> Patient | None:
    """Return the patient with a study code, if there is one."""
    rows = reader.rows("select * from patient where code = :code and deleted_at is null", code=code)
    return records.from_row(Patient, rows[0]) if rows else None


def find(reader: Reader, patient_id: int) -> Patient | None:
    """Return the patient with an id, unless in the bin."""
    return records.find(reader, Patient, patient_id)


def identity_of(reader: Reader, patient_id: int) -> Identity | None:
    """Return who a patient is, if recorded."""
    rows = reader.rows(
        "select * from identity where patient_id = :patient_id and deleted_at is null",
        patient_id=patient_id,
    )
    return records.from_row(Identity, rows[0]) if rows else None


def all_patients(reader: Reader) -> list[Patient]:
    """Return all patients by code."""
    rows = reader.rows("select * from patient where deleted_at is null order by code, id")
    return [records.from_row(Patient, row) for row in rows]


def overviews(reader: Reader, today: date) -> list[Overview]:
    """Return all patients as shown in the list on a day, by code."""
    histology = biopsies.by_patient(reader)
    rows = reader.rows(
        f"""
        with
        treated as (
            select patient_id, count(*) as cycles, min(given_on) as first_on
              from cycle where deleted_at is null group by patient_id
        ),
        worst as (
            select patient_id, max(grade) as grade
              from toxicity where deleted_at is null group by patient_id
        )
        select patient.id, patient.code, patient.sex, patient.primary_site, patient.age_at_index,
               patient.index_on, treated.first_on,
               identity.family_name, identity.given_name, identity.born_on,
               coalesce(treated.cycles, 0) as cycles,
               worst.grade as worst_grade, died.died_on
          from patient
          left join identity on identity.patient_id = patient.id and identity.deleted_at is null
          left join treated on treated.patient_id = patient.id
          left join worst on worst.patient_id = patient.id
          left join ({DEATHS}) as died on died.patient_id = patient.id
         where patient.deleted_at is null
         order by patient.code, patient.id
        """
    )
    return [
        Overview(
            id=row["id"],
            code=row["code"],
            name=", ".join(filter(None, (row["family_name"], row["given_name"]))),
            sex=row["sex"],
            age=age_of(
                PartialDate.parse(row["born_on"]) if row["born_on"] else None,
                row["age_at_index"],
                t0(_day(row, "index_on"), _day(row, "first_on")),
                died_on=_day(row, "died_on"),
                today=today,
            ),
            primary_site=row["primary_site"] and PRIMARY_SITES.spell(row["primary_site"]),
            grade=biopsies.latest_grade(histology.get(row["id"], ())),
            first_grade=biopsies.first_grade(histology.get(row["id"], ())),
            cycles=row["cycles"],
            worst_grade=row["worst_grade"],
            died=row["died_on"] is not None,
        )
        for row in rows
    ]


def _day(row: Mapping[str, Any], column: str) -> date | None:
    return stored_date(row[column], column) if row[column] else None


def _code_problem(code: str) -> str | None:
    if not code:
        return _("A patient needs a study code.")
    if code != code.strip() or not code.isprintable():
        return _("A study code cannot start or end with a space or contain control characters.")
    return None
