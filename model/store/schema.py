"""The casebook's tables, as migrations: a released one is never changed, new ones are appended.

Dates are ISO text: `…_on` columns hold whole dates, those checked by `_partial` also `2021` or
`2021-03`. Times are `2024-03-07T09:30`. Missing is NULL. Activities are in MBq. Every table that a
person writes to has `changed_at`, `deleted_at` (set: in the bin) and `batch_id` (set: imported with
that batch).
"""

import re
from typing import TYPE_CHECKING

from sqlite_utils.migrations import Migrations

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x7468_6C67  # "thlg"

migrations = Migrations("theralog")


def known_migrations() -> list[str]:
    """Return the names of the migrations that this version can apply, in order."""
    return [name for name in globals() if re.fullmatch(r"m\d{3}_\w+", name)]


def _date(column: str) -> str:
    """Return a check that a column is an existing date, or NULL."""
    return f"check ({column} is null or date({column}) is {column})"


def _partial(column: str) -> str:
    """Return a check that a column is a year, a month or an existing date, or NULL."""
    whole = f"substr({column} || '-01-01', 1, 10)"
    return (
        f"check ({column} is null or (length({column}) in (4, 7, 10) and date({whole}) is {whole}))"
    )


def _time(column: str) -> str:
    """Return a check that a column is a date with hour and minute, or NULL."""
    return f"check ({column} is null or strftime('%Y-%m-%dT%H:%M', {column}) is {column})"


_COMMON = """
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch"""

_OF_PATIENT = "patient_id integer not null references patient"


@migrations()
def m001_first_casebook(db: "Database") -> None:
    """Create the tables of the first version."""
    for statement in _FIRST_TABLES:
        db.execute(statement)


_FIRST_TABLES = (
    # Written by the program itself.
    """
    create table setting (
        id integer primary key,
        name text not null unique,
        value text not null
    ) strict
    """,
    """
    create table batch (
        id integer primary key,
        kind text not null,
        file_name text not null,
        sha256 text not null check (length(sha256) = 64),
        imported_at text not null,
        row_counts text not null check (json_valid(row_counts))
    ) strict
    """,
    """
    create table journal (
        seq integer primary key,
        at text not null,
        user text not null,
        step integer not null,
        kind text not null check (kind in ('step', 'undo', 'redo', 'event')),
        action text not null,
        of_step integer check ((of_step is not null) = (kind in ('undo', 'redo'))),
        table_name text,
        row_id integer,
        before text check (before is null or json_valid(before)),
        after text check (after is null or json_valid(after)),
        reason text,
        hash text not null check (length(hash) = 64)
    ) strict
    """,
    "create index journal_step on journal (step)",
    "create index journal_row on journal (table_name, row_id)",
    """
    create trigger journal_keeps_entries before update on journal
    begin select raise(abort, 'the journal is only ever added to'); end
    """,
    """
    create trigger journal_loses_nothing before delete on journal
    begin select raise(abort, 'the journal is only ever added to'); end
    """,
    # Records of patients.
    f"""
    create table patient (
        id integer primary key,
        code text not null check (trim(code) = code and code <> ''),
        sex text check (sex in ('F', 'M', 'X')),
        age_at_index integer check (age_at_index between 0 and 130),
        height_cm real check (height_cm between 30 and 260),
        primary_site text,
        diagnosed_on text {_partial("diagnosed_on")},
        functional_syndrome text,
        disease_status text check (disease_status in ('AWD', 'NED', 'DOD', 'DOC', 'DUC')),
        index_on text {_date("index_on")},
        ctcae_version text check (ctcae_version in ('5.0', '6.0')),
        comment text,
        {_COMMON}
    ) strict
    """,
    "create unique index patient_code on patient (code) where deleted_at is null",
    f"""
    create table identity (
        id integer primary key,
        {_OF_PATIENT},
        family_name text,
        given_name text,
        record_number text,
        born_on text {_partial("born_on")},
        {_COMMON}
    ) strict
    """,
    "create unique index identity_patient on identity (patient_id) where deleted_at is null",
    f"""
    create table biopsy (
        id integer primary key,
        {_OF_PATIENT},
        taken_on text {_partial("taken_on")},
        event text,
        site text,
        who_grade text check (who_grade in ('NET G1', 'NET G2', 'NET G3', 'NEC')),
        differentiation text,
        ki67_percent real check (ki67_percent between 0 and 100),
        mitoses_per_2mm2 real check (mitoses_per_2mm2 >= 0),
        comment text,
        {_COMMON}
    ) strict
    """,
    "create index biopsy_patient on biopsy (patient_id)",
    f"""
    create table metastasis (
        id integer primary key,
        {_OF_PATIENT},
        site text not null check (site <> ''),
        found_on text {_partial("found_on")},
        comment text,
        {_COMMON}
    ) strict
    """,
    """
    create unique index metastasis_site on metastasis (patient_id, site)
     where deleted_at is null
    """,
    f"""
    create table therapy (
        id integer primary key,
        {_OF_PATIENT},
        number integer not null check (number > 0),
        category text not null check (category <> ''),
        description text,
        started_on text {_partial("started_on")},
        ended_on text {_partial("ended_on")},
        ongoing integer not null default 0 check (ongoing in (0, 1)),
        concomitant integer not null default 0 check (concomitant in (0, 1)),
        best_response text check (best_response in ('CR', 'PR', 'SD', 'PD', 'NE')),
        reason_stopped text,
        comment text,
        {_COMMON},
        check (ongoing = 0 or ended_on is null)
    ) strict
    """,
    """
    create unique index therapy_number on therapy (patient_id, number)
     where deleted_at is null
    """,
    f"""
    create table cycle (
        id integer primary key,
        {_OF_PATIENT},
        number integer not null check (number > 0),
        given_on text not null {_date("given_on")},
        ecog integer check (ecog between 0 and 5),
        weight_kg real check (weight_kg between 1 and 400),
        comment text,
        {_COMMON}
    ) strict
    """,
    "create unique index cycle_number on cycle (patient_id, number) where deleted_at is null",
    f"""
    create table administration (
        id integer primary key,
        cycle_id integer not null references cycle,
        number integer not null check (number > 0),
        nuclide text not null check (nuclide <> ''),
        ligand text,
        given_on text {_date("given_on")},
        unit text not null check (unit in ('MBq', 'GBq')),
        prescribed_mbq real check (prescribed_mbq >= 0),
        calibrated_mbq real check (calibrated_mbq >= 0),
        calibrated_at text {_time("calibrated_at")},
        measured_mbq real check (measured_mbq >= 0),
        measured_at text {_time("measured_at")},
        residual_mbq real check (residual_mbq >= 0),
        residual_at text {_time("residual_at")},
        started_at text {_time("started_at")},
        ended_at text {_time("ended_at")},
        administered_mbq real check (administered_mbq >= 0),
        route text,
        batch_number text,
        comment text,
        {_COMMON}
    ) strict
    """,
    """
    create unique index administration_number on administration (cycle_id, number)
     where deleted_at is null
    """,
    f"""
    create table lab_result (
        id integer primary key,
        {_OF_PATIENT},
        taken_on text not null {_date("taken_on")},
        taken_at text check (taken_at is null or strftime('%H:%M', taken_at) is taken_at),
        visit text,
        analyte text not null check (analyte <> ''),
        comparator text check (comparator in ('<', '>')),
        value text not null check (value not glob '*[^0-9.eE+-]*' and value glob '*[0-9]*'),
        unit text,
        canonical_value real,
        lln text,
        uln text,
        fasting integer check (fasting in (0, 1)),
        comment text,
        {_COMMON}
    ) strict
    """,
    "create index lab_result_patient on lab_result (patient_id, analyte, taken_on)",
    f"""
    create table toxicity (
        id integer primary key,
        {_OF_PATIENT},
        cycle_id integer references cycle,
        verbatim text,
        term text not null check (term <> ''),
        ctcae_version text not null check (ctcae_version in ('5.0', '6.0')),
        phase text check (phase in ('acute', 'long_term')),
        grade integer not null check (grade between 1 and 5),
        onset_on text {_date("onset_on")},
        resolved_on text {_date("resolved_on")},
        outcome text,
        attribution text,
        treatment_emergent integer check (treatment_emergent in (0, 1)),
        lab_result_id integer references lab_result,
        comment text,
        {_COMMON},
        check (resolved_on is null or onset_on is null or resolved_on >= onset_on)
    ) strict
    """,
    "create index toxicity_patient on toxicity (patient_id)",
    f"""
    create table assessment (
        id integer primary key,
        {_OF_PATIENT},
        assessed_on text not null {_date("assessed_on")},
        timepoint text,
        modality text,
        criteria text,
        response text check (response in ('CR', 'PR', 'SD', 'PD', 'NE')),
        after_cycle integer check (after_cycle >= 0),
        sum_of_diameters_mm real check (sum_of_diameters_mm >= 0),
        suvmax real check (suvmax >= 0),
        krenning integer check (krenning between 0 and 4),
        netpet text,
        comment text,
        {_COMMON}
    ) strict
    """,
    "create index assessment_patient on assessment (patient_id)",
    """
    create table image_data (
        id integer primary key,
        sha256 text not null unique check (length(sha256) = 64),
        bytes blob not null
    ) strict
    """,
    f"""
    create table key_image (
        id integer primary key,
        {_OF_PATIENT},
        assessment_id integer references assessment,
        taken_on text {_date("taken_on")},
        media_type text not null,
        caption text,
        image_data_id integer not null references image_data,
        thumbnail_data_id integer references image_data,
        {_COMMON}
    ) strict
    """,
    f"""
    create table follow_up (
        id integer primary key,
        {_OF_PATIENT},
        seen_on text not null {_date("seen_on")},
        status text not null check (status in ('alive', 'dead', 'unknown')),
        cause text,
        ecog integer check (ecog between 0 and 5),
        weight_kg real check (weight_kg between 1 and 400),
        comment text,
        {_COMMON}
    ) strict
    """,
    "create unique index follow_up_day on follow_up (patient_id, seen_on) where deleted_at is null",
    f"""
    create table quality_of_life (
        id integer primary key,
        {_OF_PATIENT},
        stated_on text not null {_date("stated_on")},
        statement text,
        instrument text,
        score real,
        {_COMMON},
        check (statement is not null or score is not null)
    ) strict
    """,
    f"""
    create table note (
        id integer primary key,
        {_OF_PATIENT},
        written_on text not null {_date("written_on")},
        text text not null check (text <> ''),
        {_COMMON}
    ) strict
    """,
)


@migrations()
def m002_dismissals(db: "Database") -> None:
    """Create the table of dismissed proposals."""
    db.execute(
        f"""
        create table dismissal (
            id integer primary key,
            {_OF_PATIENT},
            lab_result_id integer not null references lab_result,
            term text not null check (term <> ''),
            ctcae_version text not null check (ctcae_version in ('5.0', '6.0')),
            grade integer not null check (grade between 1 and 5),
            reason text,
            {_COMMON}
        ) strict
        """
    )
    db.execute("create index dismissal_patient on dismissal (patient_id)")


@migrations()
def m003_frozen_cohorts(db: "Database") -> None:
    """Create the table of frozen cohorts: a selection with its numbers and its patients."""
    db.execute(
        f"""
        create table frozen_cohort (
            id integer primary key,
            name text not null check (name <> ''),
            frozen_at text not null,
            version text not null,
            sentence text not null,
            selection text not null check (json_valid(selection)),
            options text not null check (json_valid(options)),
            numbers text not null check (json_valid(numbers)),
            sha256 text not null check (length(sha256) = 64),
            {_COMMON}
        ) strict
        """
    )
    db.execute(
        "create unique index frozen_cohort_name on frozen_cohort (name) where deleted_at is null"
    )


@migrations()
def m004_pseudonyms(db: "Database") -> None:
    """Create the table of codes of pseudonymised exports; they are never exported themselves."""
    db.execute(
        f"""
        create table pseudonym (
            id integer primary key,
            list_id integer not null,
            {_OF_PATIENT},
            code text not null check (code <> ''),
            {_COMMON}
        ) strict
        """
    )
    db.execute("create unique index pseudonym_code on pseudonym (list_id, code)")
    db.execute("create unique index pseudonym_patient on pseudonym (list_id, patient_id)")


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
        {_OF_PATIENT},
        cycle_id integer references cycle,
        verbatim text,
        term text not null check (term <> ''),
        ctcae_version text not null check (ctcae_version in ('5.0', '6.0')),
        phase text check (phase in ('acute', 'long_term')),
        grade integer not null check (grade between 1 and 5),
        onset_on text {_partial("onset_on")},
        resolved_on text {_date("resolved_on")},
        outcome text,
        attribution text,
        treatment_emergent integer check (treatment_emergent in (0, 1)),
        lab_result_id integer references lab_result,
        comment text,
        {_COMMON},
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
        {_OF_PATIENT},
        lab_result_id integer references lab_result,
        value_on text {_date("value_on")},
        toxicity_id integer references toxicity,
        term text not null check (term <> ''),
        ctcae_version text not null check (ctcae_version in ('5.0', '6.0')),
        grade integer not null check (grade between 1 and 5),
        reason text,
        {_COMMON},
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
        {_OF_PATIENT},
        ended_on text not null {_date("ended_on")},
        reason text,
        comment text,
        {_COMMON}
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
        valid_from text {_date("valid_from")},
        valid_to text {_date("valid_to")},
        lln text,
        uln text,
        comment text,
        {_COMMON},
        check (age_from is null or age_to is null or age_to >= age_from),
        check (valid_from is null or valid_to is null or valid_to >= valid_from),
        check (lln is not null or uln is not null)
    ) strict
    """,
)
