"""Digests of journal entries, rows of imports, people, reviews and signatures."""

from typing import TYPE_CHECKING

from model.store import journal
from model.store.schema.columns import COMMON, OF_PATIENT, is_date, migrations

if TYPE_CHECKING:
    from sqlite_utils import Database


@migrations()
def m006_trust(db: "Database") -> None:
    """Chain the journal over digests, and create the tables of people, reviews and signatures."""
    for statement in _TABLES:
        db.execute(statement)
    journal.chain_anew(db)
    for statement in _TRIGGERS:
        db.execute(statement)


_TABLES = (
    "drop trigger journal_keeps_entries",
    # The digest of an entry is taken over its salt and its content, the hash over the hash before
    # and the digest. An entry whose content was erased keeps its digest, so that the chain holds.
    "alter table journal add column salt text",
    "alter table journal add column digest text",
    "alter table journal add column withheld integer not null default 0 check (withheld in (0, 1))",
    # The secret of the chain. It is as secret as the casebook: readable without a passphrase.
    """
    create table journal_key (
        id integer primary key check (id = 1),
        key blob not null check (length(key) = 32)
    ) strict
    """,
    # Rows that an import inserted, compressed: an entry of the journal has their SHA-256.
    """
    create table journal_content (
        id integer primary key,
        row_count integer not null,
        sha256 blob not null check (length(sha256) = 32),
        bytes blob not null,
        withheld integer not null default 0 check (withheld in (0, 1))
    ) strict
    """,
    f"""
    create table person (
        id integer primary key,
        name text not null check (trim(name) = name and name <> ''),
        role text not null check (role in ('reads', 'enters', 'owns')),
        {COMMON}
    ) strict
    """,
    "create unique index person_name on person (name) where deleted_at is null",
    # How far somebody has seen the journal, of one patient or of all. Not journalled.
    """
    create table last_look (
        id integer primary key,
        user text not null,
        patient_id integer references patient,
        seq integer not null,
        at text not null
    ) strict
    """,
    "create unique index last_look_user on last_look (user, coalesce(patient_id, 0))",
    # What somebody has looked at and found right: one row of a table, all of a patient's day, or
    # the patient. `seq` is the last entry of the journal that it covers.
    f"""
    create table review (
        id integer primary key,
        {OF_PATIENT},
        table_name text,
        row_id integer,
        day text {is_date("day")},
        user text not null,
        seq integer not null,
        comment text,
        {COMMON},
        check ((table_name is null) = (row_id is null)),
        check (row_id is null or day is null)
    ) strict
    """,
    "create index review_patient on review (patient_id)",
    # A signed patient or frozen cohort is locked until it is unlocked with a reason.
    f"""
    create table signature (
        id integer primary key,
        patient_id integer references patient,
        frozen_cohort_id integer references frozen_cohort,
        user text not null,
        meaning text not null check (meaning <> ''),
        signed_at text not null,
        seq integer not null,
        sha256 text not null check (length(sha256) = 64),
        unlocked_at text,
        unlocked_by text,
        unlock_reason text check (unlock_reason <> ''),
        {COMMON},
        check ((patient_id is null) <> (frozen_cohort_id is null)),
        check ((unlocked_at is null) = (unlock_reason is null))
    ) strict
    """,
    "create index signature_patient on signature (patient_id)",
)

_KEPT = " or ".join(
    f"new.{name} is not old.{name}"
    for name in (
        *("seq", "at", "user", "step", "kind", "action", "of_step"),
        *("table_name", "row_id", "digest", "hash"),
    )
)
_EMPTIED = " or ".join(f"new.{name} is not null" for name in ("before", "after", "reason", "salt"))

_TRIGGERS = (
    # The content of an entry can only be erased as a whole.
    f"""
    create trigger journal_keeps_entries before update on journal
    when new.withheld <> 1 or {_KEPT} or {_EMPTIED}
    begin select raise(abort, 'the journal is only ever added to'); end
    """,
    """
    create trigger journal_content_keeps_rows before update on journal_content
    when new.withheld <> 1
    begin select raise(abort, 'the journal is only ever added to'); end
    """,
    """
    create trigger journal_content_loses_nothing before delete on journal_content
    begin select raise(abort, 'the journal is only ever added to'); end
    """,
)
