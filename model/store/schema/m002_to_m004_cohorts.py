"""Dismissed proposals, frozen cohorts and codes of pseudonymised exports."""

from typing import TYPE_CHECKING

from model.store.schema.columns import COMMON, OF_PATIENT, migrations

if TYPE_CHECKING:
    from sqlite_utils import Database


@migrations()
def m002_dismissals(db: "Database") -> None:
    """Create the table of dismissed proposals."""
    db.execute(
        f"""
        create table dismissal (
            id integer primary key,
            {OF_PATIENT},
            lab_result_id integer not null references lab_result,
            term text not null check (term <> ''),
            ctcae_version text not null check (ctcae_version in ('5.0', '6.0')),
            grade integer not null check (grade between 1 and 5),
            reason text,
            {COMMON}
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
            {COMMON}
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
            {OF_PATIENT},
            code text not null check (code <> ''),
            {COMMON}
        ) strict
        """
    )
    db.execute("create unique index pseudonym_code on pseudonym (list_id, code)")
    db.execute("create unique index pseudonym_patient on pseudonym (list_id, patient_id)")
