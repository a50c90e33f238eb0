"""Laboratories and their limits, month-only onsets, ends of treatment."""

from typing import TYPE_CHECKING

from model.store.schema.columns import COMMON, OF_PATIENT, is_date, is_partial_date, migrations

if TYPE_CHECKING:
    from sqlite_utils import Database


@migrations()
def m005_laboratories_and_intervals(db: "Database") -> None:
    """Add laboratories and their limits, confirmed values, month-only onsets, ends of treatment.

    `toxicity` and `dismissal` are made again because a check of a column cannot be changed: an
    onset may now be a year or a month, and a proposal may rest on a weight. No other table refers
    to them.
    """
    for statement in _LABORATORIES_AND_INTERVALS:
        db.execute(statement)


_TOXICITY_COLUMNS = (
    "id, patient_id, cycle_id, verbatim, term, ctcae_version, phase, grade, onset_on, resolved_on,"
    " outcome, attribution, treatment_emergent, lab_result_id, comment, changed_at, deleted_at,"
    " batch_id"
)

_DISMISSAL_COLUMNS = (
    "id, patient_id, lab_result_id, term, ctcae_version, grade, reason, changed_at, deleted_at,"
    " batch_id"
)

_LABORATORIES_AND_INTERVALS = (
    "alter table lab_result add column laboratory text",
    # Why a value that seems implausible in its unit is right.
    "alter table lab_result add column confirmed text check (confirmed <> '')",
    # As the pathologist wrote it: `<2`, `20-25`; `ki67_percent` is the figure of the statistics.
    "alter table biopsy add column ki67_written text",
    f"""
    create table toxicity_remade (
        id integer primary key,
        {OF_PATIENT},
        cycle_id integer references cycle,
        verbatim text,
        term text not null check (term <> ''),
        ctcae_version text not null check (ctcae_version in ('5.0', '6.0')),
        phase text check (phase in ('acute', 'long_term')),
        grade integer not null check (grade between 1 and 5),
        onset_on text {is_partial_date("onset_on")},
        resolved_on text {is_date("resolved_on")},
        outcome text,
        attribution text,
        treatment_emergent integer check (treatment_emergent in (0, 1)),
        lab_result_id integer references lab_result,
        comment text,
        {COMMON},
        check (resolved_on is null or onset_on is null or resolved_on >= onset_on)
    ) strict
    """,
    f"insert into toxicity_remade ({_TOXICITY_COLUMNS}) select {_TOXICITY_COLUMNS} from toxicity",
    "drop table toxicity",
    "alter table toxicity_remade rename to toxicity",
    "create index toxicity_patient on toxicity (patient_id)",
    # A dismissed proposal rests on a result, or on a recorded weight of a day. `toxicity_id` is set
    # where it was to close that toxicity.
    f"""
    create table dismissal_remade (
        id integer primary key,
        {OF_PATIENT},
        lab_result_id integer references lab_result,
        value_on text {is_date("value_on")},
        toxicity_id integer references toxicity,
        term text not null check (term <> ''),
        ctcae_version text not null check (ctcae_version in ('5.0', '6.0')),
        grade integer not null check (grade between 1 and 5),
        reason text,
        {COMMON},
        check (lab_result_id is not null or value_on is not null)
    ) strict
    """,
    f"""
    insert into dismissal_remade ({_DISMISSAL_COLUMNS})
    select {_DISMISSAL_COLUMNS} from dismissal
    """,
    "drop table dismissal",
    "alter table dismissal_remade rename to dismissal",
    "create index dismissal_patient on dismissal (patient_id)",
    f"""
    create table end_of_treatment (
        id integer primary key,
        {OF_PATIENT},
        ended_on text not null {is_date("ended_on")},
        reason text,
        comment text,
        {COMMON}
    ) strict
    """,
    """
    create unique index end_of_treatment_day on end_of_treatment (patient_id, ended_on)
     where deleted_at is null
    """,
    # A laboratory without a name stands for any.
    f"""
    create table laboratory_limit (
        id integer primary key,
        laboratory text not null default '',
        analyte text not null check (analyte <> ''),
        unit text,
        sex text check (sex in ('F', 'M')),
        age_from integer check (age_from between 0 and 130),
        age_to integer check (age_to between 0 and 130),
        valid_from text {is_date("valid_from")},
        valid_to text {is_date("valid_to")},
        lln text,
        uln text,
        comment text,
        {COMMON},
        check (age_from is null or age_to is null or age_to >= age_from),
        check (valid_from is null or valid_to is null or valid_to >= valid_from),
        check (lln is not null or uln is not null)
    ) strict
    """,
)
