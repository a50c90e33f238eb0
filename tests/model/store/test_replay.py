"""Rows that were edited, deleted or inserted past the program are found, in every table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from model.records import checks
from model.store import replay
from model.store.casebook import Casebook
from model.store.replay import Difference


@pytest.fixture
def demo(demo_copy: Path) -> Iterator[Casebook]:
    """The demo, with a row in tables that it leaves empty."""
    casebook = Casebook.open(demo_copy)
    patient = casebook.rows("select min(id) as id from patient")[0]["id"]
    with casebook.step("Fill the other tables") as step:
        step.put("person", {"name": "A. Nurse", "role": "enters"})
        step.put("pseudonym", {"list_id": 1, "patient_id": patient, "code": "X"})
    yield casebook
    casebook.close()


def test_the_demo_is_as_its_journal_says(demo: Casebook) -> None:
    assert list(replay.differences(demo)) == []
    assert checks.check(demo) == []


def test_one_row_edited_deleted_or_inserted_in_each_table_is_found(demo: Casebook) -> None:
    db = demo._db
    db.execute("pragma foreign_keys = off")
    tables = [
        table for table in replay.journalled_tables(demo) if demo.rows(f"select 1 from {table}")
    ]
    assert len(tables) > 15
    for table in tables:
        row = demo.rows(f"select * from {table} order by id limit 1")[0]
        for difference, sql in _tampering(table, row):
            db.execute("savepoint tampering")
            db.execute(sql)
            assert difference in list(replay.differences(demo)), (table, sql)
            assert any(f"“{table}”" in fault for fault in checks._broken_journal(demo))
            db.execute("rollback to tampering")
            db.execute("release tampering")
    assert list(replay.differences(demo)) == []


def _tampering(table: str, row: dict[str, Any]) -> list[tuple[Difference, str]]:
    row_id = row["id"]
    changed = next(name for name in ("changed_at", "value", "file_name") if name in row)
    return [
        (
            Difference(table, row_id, "edited"),
            f"update {table} set {changed} = {changed} || ' ' where id = {row_id}",
        ),
        (Difference(table, row_id, "deleted"), f"delete from {table} where id = {row_id}"),
        (
            Difference(table, 77, "inserted"),
            f"update {table} set id = 77 where id = {row_id}",
        ),
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "drop trigger journal_loses_nothing",
        "drop table person",
        "drop index patient_code",
        "create trigger quiet after insert on note begin delete from note; end",
    ],
)
def test_a_changed_structure_is_found(casebook: Casebook, sql: str) -> None:
    assert checks.check(casebook) == []
    casebook._db.execute(sql)
    faults = checks.check(casebook)
    assert faults
    assert all("structure" in fault for fault in faults)


def test_a_lost_piece_of_an_import_is_found(demo: Casebook, tmp_path: Path) -> None:
    demo._db.execute("drop trigger journal_content_keeps_rows")
    demo._db.execute("update journal_content set bytes = x'00'")
    kinds = {each.kind for each in replay.differences(demo) if each.table == "cycle"}
    assert "unreadable" in kinds
