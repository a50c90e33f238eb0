"""Writes that concern all records of a patient: birth, death and deletion.

Nothing may be recorded before birth or after death, so that saving an identity or a follow-up
looks at every dated record.
"""

from datetime import date

from model.dates import PartialDate, date_text
from model.errors import InvalidRecord
from model.language import _
from model.records import kinds
from model.records.followups import FollowUp
from model.records.kinds import KINDS, joins
from model.records.life import life_of
from model.records.patients import OF_THE_DEAD, Identity, Patient
from model.records.rules import non_empty
from model.records.toxicities import Toxicity
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step


def save_identity(step: Step, identity: Identity) -> Identity:
    """Save who a patient is; raises InvalidRecord when a rule is broken."""
    problems = identity.problems(life_of(step, identity.patient_id))
    if not problems and identity.born_on:
        before = problem_of_birth(step, identity.patient_id, identity.born_on)
        problems = non_empty(born_on=before)
    if problems:
        raise InvalidRecord(problems)
    return records.put(step, identity)


def save_follow_up(step: Step, follow_up: FollowUp) -> FollowUp:
    """Save a follow-up; raises InvalidRecord when a rule is broken."""
    patient_id = follow_up.patient_id
    others = [
        each for each in kinds.of_patient(step, FollowUp, patient_id) if each.id != follow_up.id
    ]
    problems = follow_up.problems(life_of(step, patient_id), others)
    if not problems and follow_up.status == "dead":
        problems = non_empty(seen_on=problem_of_death(step, patient_id, follow_up.seen_on))
    if not problems and follow_up.status == "alive":
        problems = non_empty(seen_on=_problem_of_survival(step, follow_up))
    if problems:
        raise InvalidRecord(problems)
    saved = records.put(step, follow_up)
    _refuse_missing_death(step, patient_id)
    return saved


def remove_follow_up(step: Step, follow_up: FollowUp) -> None:
    """Move a follow-up to the bin; raises InvalidRecord when the disease status needs it."""
    records.remove(step, follow_up)
    _refuse_missing_death(step, follow_up.patient_id)


def remove_patient(step: Step, patient: Patient) -> None:
    """Move a patient to the bin with all records of them."""
    for kind in reversed([each for each in KINDS if each.parent]):
        table = kind.table
        for row in step.rows(
            f"select {table}.id from {table}{joins(kind)}"
            f" where patient.id = :id and {table}.deleted_at is null",
            id=patient.id,
        ):
            step.remove(table, row["id"])
    records.remove(step, patient)


def problem_of_death(reader: Reader, patient_id: int, died_on: date) -> str | None:
    """Return why a patient cannot have died that day: the first record dated after it."""
    sentence = _("{what} of {written} is recorded after this date of death.")
    return _problem(reader, patient_id, "earliest > :day order by earliest", died_on, sentence)


def problem_of_birth(reader: Reader, patient_id: int, born_on: PartialDate) -> str | None:
    """Return why a patient cannot have been born then: the first record dated before it."""
    sentence = _("{what} of {written} is recorded before this date of birth.")
    return _problem(reader, patient_id, "latest < :day order by latest", born_on.earliest, sentence)


def _problem_of_survival(reader: Reader, alive: FollowUp) -> str | None:
    """Return why a patient cannot have been alive that day: a fatal toxicity had ended before."""
    for event in kinds.of_patient(reader, Toxicity, alive.patient_id):
        if event.is_fatal and event.resolved_on and event.resolved_on < alive.seen_on:
            sentence = _("{term}, which ended on {date}, was fatal.")
            return sentence.format(term=event.label, date=date_text(event.resolved_on))
    return None


def _problem(reader: Reader, patient_id: int, where: str, day: date, sentence: str) -> str | None:
    sql = f"select what, written from ({_DATED}) where {where} limit 1"
    rows = reader.rows(sql, patient_id=patient_id, day=day.isoformat())
    return sentence.format_map(rows[0]) if rows else None


def _refuse_missing_death(reader: Reader, patient_id: int) -> None:
    """Raise InvalidRecord when the disease status is dead without a date of death."""
    patient = records.find(reader, Patient, patient_id)
    if (
        patient
        and patient.disease_status in OF_THE_DEAD
        and not life_of(reader, patient_id).died_on
    ):
        sentence = _("The patient's disease status is {status}: change that before the death.")
        raise InvalidRecord({"status": sentence.format(status=patient.disease_status)})


# The earliest and the latest day of each dated record of a patient; dates may be partial (2021,
# 2021-03).
_DATED = " union all ".join(
    "select '{what}' as what, {column} as written,"
    " substr({column} || '-01-01', 1, 10) as earliest,"
    " {column} || substr('-12-31', length({column}) - 3) as latest from {table}"
    " where patient_id = :patient_id and deleted_at is null and {column} is not null".format(
        what=what.replace("'", "''"), column=column, table=kind.table
    )
    for kind in KINDS
    for column, what in kind.dated
)
