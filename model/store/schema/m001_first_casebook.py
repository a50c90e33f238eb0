"""The tables of the first version."""

from typing import TYPE_CHECKING

from model.store.schema.columns import (
    COMMON,
    OF_PATIENT,
    is_date,
    is_partial_date,
    is_time,
    migrations,
)

if TYPE_CHECKING:
    from sqlite_utils import Database


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
        diagnosed_on text {is_partial_date("diagnosed_on")},
        functional_syndrome text,
        disease_status text check (disease_status in ('AWD', 'NED', 'DOD', 'DOC', 'DUC')),
        index_on text {is_date("index_on")},
        ctcae_version text check (ctcae_version in ('5.0', '6.0')),
        comment text,
        {COMMON}
    ) strict
    """,
    "create unique index patient_code on patient (code) where deleted_at is null",
    f"""
    create table identity (
        id integer primary key,
        {OF_PATIENT},
        family_name text,
        given_name text,
        record_number text,
        born_on text {is_partial_date("born_on")},
        {COMMON}
    ) strict
    """,
    "create unique index identity_patient on identity (patient_id) where deleted_at is null",
    f"""
    create table biopsy (
        id integer primary key,
        {OF_PATIENT},
        taken_on text {is_partial_date("taken_on")},
        event text,
        site text,
        who_grade text check (who_grade in ('NET G1', 'NET G2', 'NET G3', 'NEC')),
        differentiation text,
        ki67_percent real check (ki67_percent between 0 and 100),
        mitoses_per_2mm2 real check (mitoses_per_2mm2 >= 0),
        comment text,
        {COMMON}
    ) strict
    """,
    "create index biopsy_patient on biopsy (patient_id)",
    f"""
    create table metastasis (
        id integer primary key,
        {OF_PATIENT},
        site text not null check (site <> ''),
        found_on text {is_partial_date("found_on")},
        comment text,
        {COMMON}
    ) strict
    """,
    """
    create unique index metastasis_site on metastasis (patient_id, site)
     where deleted_at is null
    """,
    f"""
    create table therapy (
        id integer primary key,
        {OF_PATIENT},
        number integer not null check (number > 0),
        category text not null check (category <> ''),
        description text,
        started_on text {is_partial_date("started_on")},
        ended_on text {is_partial_date("ended_on")},
        ongoing integer not null default 0 check (ongoing in (0, 1)),
        concomitant integer not null default 0 check (concomitant in (0, 1)),
        best_response text check (best_response in ('CR', 'PR', 'SD', 'PD', 'NE')),
        reason_stopped text,
        comment text,
        {COMMON},
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
        {OF_PATIENT},
        number integer not null check (number > 0),
        given_on text not null {is_date("given_on")},
        ecog integer check (ecog between 0 and 5),
        weight_kg real check (weight_kg between 1 and 400),
        comment text,
        {COMMON}
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
        given_on text {is_date("given_on")},
        unit text not null check (unit in ('MBq', 'GBq')),
        prescribed_mbq real check (prescribed_mbq >= 0),
        calibrated_mbq real check (calibrated_mbq >= 0),
        calibrated_at text {is_time("calibrated_at")},
        measured_mbq real check (measured_mbq >= 0),
        measured_at text {is_time("measured_at")},
        residual_mbq real check (residual_mbq >= 0),
        residual_at text {is_time("residual_at")},
        started_at text {is_time("started_at")},
        ended_at text {is_time("ended_at")},
        administered_mbq real check (administered_mbq >= 0),
        route text,
        batch_number text,
        comment text,
        {COMMON}
    ) strict
    """,
    """
    create unique index administration_number on administration (cycle_id, number)
     where deleted_at is null
    """,
    f"""
    create table lab_result (
        id integer primary key,
        {OF_PATIENT},
        taken_on text not null {is_date("taken_on")},
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
        {COMMON}
    ) strict
    """,
    "create index lab_result_patient on lab_result (patient_id, analyte, taken_on)",
    f"""
    create table toxicity (
        id integer primary key,
        {OF_PATIENT},
        cycle_id integer references cycle,
        verbatim text,
        term text not null check (term <> ''),
        ctcae_version text not null check (ctcae_version in ('5.0', '6.0')),
        phase text check (phase in ('acute', 'long_term')),
        grade integer not null check (grade between 1 and 5),
        onset_on text {is_date("onset_on")},
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
    "create index toxicity_patient on toxicity (patient_id)",
    f"""
    create table assessment (
        id integer primary key,
        {OF_PATIENT},
        assessed_on text not null {is_date("assessed_on")},
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
        {COMMON}
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
        {OF_PATIENT},
        assessment_id integer references assessment,
        taken_on text {is_date("taken_on")},
        media_type text not null,
        caption text,
        image_data_id integer not null references image_data,
        thumbnail_data_id integer references image_data,
        {COMMON}
    ) strict
    """,
    f"""
    create table follow_up (
        id integer primary key,
        {OF_PATIENT},
        seen_on text not null {is_date("seen_on")},
        status text not null check (status in ('alive', 'dead', 'unknown')),
        cause text,
        ecog integer check (ecog between 0 and 5),
        weight_kg real check (weight_kg between 1 and 400),
        comment text,
        {COMMON}
    ) strict
    """,
    "create unique index follow_up_day on follow_up (patient_id, seen_on) where deleted_at is null",
    f"""
    create table quality_of_life (
        id integer primary key,
        {OF_PATIENT},
        stated_on text not null {is_date("stated_on")},
        statement text,
        instrument text,
        score real,
        {COMMON},
        check (statement is not null or score is not null)
    ) strict
    """,
    f"""
    create table note (
        id integer primary key,
        {OF_PATIENT},
        written_on text not null {is_date("written_on")},
        text text not null check (text <> ''),
        {COMMON}
    ) strict
    """,
)
