"""The table of kinds: every list that names kinds of record follows from it."""

import subprocess
import sys
from datetime import date
from pathlib import Path

from model.dates import PartialDate
from model.records.kinds import BY_RECORD, KINDS
from model.store.casebook import Casebook
from model.store.rows import field_types


def test_a_new_kind_needs_one_row_and_nothing_else(tmp_path: Path) -> None:
    outcome = subprocess.run(
        [sys.executable, Path(__file__).with_name("one_more_kind.py"), tmp_path],
        cwd=Path(__file__).parents[3],
        env={"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert outcome.returncode == 0, outcome.stderr


def test_every_table_of_a_patient_is_of_a_kind(casebook: Casebook) -> None:
    tables = {
        table.name
        for table in casebook._db.tables
        if {"deleted_at", "batch_id"} <= {column.name for column in table.columns}
    }
    others = {"frozen_cohort", "pseudonym", "laboratory_limit", "person", "review", "signature"}
    assert tables - others == {kind.table for kind in KINDS}
    assert len({kind.tidy for kind in KINDS}) == len(BY_RECORD) == len(KINDS)


def test_parents_come_first_and_every_field_that_is_named_exists() -> None:
    for place, kind in enumerate(KINDS):
        types = field_types(kind.record)
        assert kind.parent is None or kind.parent in [each.record for each in KINDS[:place]]
        assert {kind.day, kind.name} <= {None, *types}
        assert all(types[column] in (date, PartialDate) for column, _ in kind.dated)
