"""A casebook is made, opened, closed and reopened; steps are kept whole, undone and done again."""

import sqlite3
from pathlib import Path

import pytest

from model.errors import Conflict, KnownError
from model.records.kinds import KINDS
from model.store import journal, schema
from model.store.casebook import Access, Casebook
from model.store.step import Step


def test_a_new_casebook_is_one_file_after_closing(tmp_path: Path) -> None:
    path = tmp_path / "new.theralog"
    with Casebook.create(path) as casebook, casebook.step("Add patient") as step:
        step.put("patient", {"code": "P-1"})
    assert [file.name for file in tmp_path.iterdir()] == ["new.theralog"]


def test_records_are_there_after_reopening_with_the_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "secret.theralog"
    with Casebook.create(path, "Kräuter 7") as casebook, casebook.step("Add patient") as step:
        step.put("patient", {"code": "P-1"})
    with Casebook.open(path, "Kräuter 7") as casebook:
        assert [row["code"] for row in casebook.rows("select code from patient")] == ["P-1"]


def test_columns_and_rows_are_equal(casebook: Casebook) -> None:
    with casebook.step("Add patients") as step:
        for code, sex in (("P-1", "F"), ("P-2", None), ("P-3", "M")):
            step.put("patient", {"code": code, "sex": sex})
        asked = "select code, sex as s from patient where code < :code order by code desc"
        assert step.columns(asked, code="P-3") == {"code": ["P-2", "P-1"], "s": [None, "F"]}
    assert casebook.columns(asked, code="P-3") == {"code": ["P-2", "P-1"], "s": [None, "F"]}
    assert casebook.columns(asked, code="P-1") == {"code": [], "s": []}


def test_an_encrypted_file_reveals_nothing(tmp_path: Path) -> None:
    path = tmp_path / "secret.theralog"
    with Casebook.create(path, "x") as casebook, casebook.step("Add patient") as step:
        step.put("patient", {"code": "CANARY-CODE", "comment": "canary in the mine"})
    content = path.read_bytes()
    assert b"CANARY" not in content
    assert b"SQLite" not in content
    assert b"patient" not in content


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "taken.theralog"
    path.write_text("something")
    with pytest.raises(KnownError, match="already"):
        Casebook.create(path)
    assert path.read_text() == "something"


def test_an_empty_passphrase_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.theralog"
    with pytest.raises(KnownError, match="empty"):
        Casebook.create(path, "")
    assert not path.exists()


def test_every_table_is_strict_and_has_the_common_columns(tmp_path: Path) -> None:
    with Casebook.create(tmp_path / "c.theralog") as casebook:
        tables = {
            row["name"]: row["strict"]
            for row in casebook.rows("pragma table_list")
            if not row["name"].startswith(("sqlite_", "_sqlite"))
        }
        assert {kind.table for kind in KINDS} < set(tables)
        assert all(tables.values())
        for table in (kind.table for kind in KINDS):
            columns = {row["name"] for row in casebook.rows(f"pragma table_info({table})")}
            assert {"id", "changed_at", "deleted_at", "batch_id"} <= columns


def test_the_application_id_marks_the_file(tmp_path: Path) -> None:
    path = tmp_path / "c.theralog"
    Casebook.create(path).close()
    with sqlite3.connect(path) as connection:
        (found,) = connection.execute("pragma application_id").fetchone()
    connection.close()
    assert found == schema.APPLICATION_ID


def test_a_failed_step_changes_nothing(casebook: Casebook) -> None:
    def fail(step: Step) -> None:
        step.put("patient", {"code": "P-2"})
        raise RuntimeError

    with pytest.raises(RuntimeError), casebook.step("Add patient") as step:
        fail(step)
    assert casebook.rows("select * from patient") == []
    assert casebook.rows("select * from journal") == []
    assert casebook.undo_label is None


def test_a_step_that_changes_nothing_leaves_no_trace(casebook: Casebook) -> None:
    with casebook.step("Add patient") as step:
        patient_id = step.put("patient", {"code": "P-1"})
    with casebook.step("Edit patient") as step:
        step.put("patient", {"id": patient_id, "code": "P-1"})
    assert casebook.undo_label == "Add patient"
    assert len(casebook.rows("select * from journal")) == 1


def test_a_step_reports_what_it_changed(casebook: Casebook) -> None:
    with casebook.step("Add cycle") as step:
        patient_id = step.put("patient", {"code": "P-1"})
        cycle_id = step.put(
            "cycle", {"patient_id": patient_id, "number": 1, "given_on": "2024-01-02"}
        )
        step.put(
            "administration",
            {"cycle_id": cycle_id, "number": 1, "nuclide": "177Lu", "unit": "GBq"},
        )
    assert step.change is not None
    assert step.change.tables == {"patient", "cycle", "administration"}
    assert step.change.patients == {patient_id}


def test_undo_and_redo_survive_closing(tmp_path: Path) -> None:
    path = tmp_path / "c.theralog"
    with Casebook.create(path) as casebook, casebook.step("Add patient") as step:
        step.put("patient", {"code": "P-1"})
    with Casebook.open(path) as casebook:
        assert casebook.undo_label == "Add patient"
        casebook.undo()
        assert casebook.rows("select * from patient") == []
    with Casebook.open(path) as casebook:
        assert (casebook.undo_label, casebook.redo_label) == (None, "Add patient")
        casebook.redo()
        assert len(casebook.rows("select * from patient")) == 1
    with Casebook.open(path) as casebook:
        assert (casebook.undo_label, casebook.redo_label) == ("Add patient", None)


def test_a_new_step_clears_what_can_be_redone(casebook: Casebook) -> None:
    for code in ("P-1", "P-2"):
        with casebook.step(f"Add {code}") as step:
            step.put("patient", {"code": code})
    casebook.undo()
    with casebook.step("Add P-3") as step:
        step.put("patient", {"code": "P-3"})
    assert casebook.redo_label is None
    assert casebook.redo() is None
    assert casebook.undo_label == "Add P-3"


def test_undo_refuses_rows_changed_elsewhere_later(casebook: Casebook) -> None:
    with casebook.step("Add patient") as step:
        patient_id = step.put("patient", {"code": "P-1"})
    assert casebook.undo_label == "Add patient"
    other = casebook.new_connection(Access.BESIDE)
    with other.step("Edit patient") as step:
        step.put("patient", {"id": patient_id, "code": "P-2"})
    other.close()
    with pytest.raises(Conflict, match="Another window has saved changes"):
        casebook.undo()
    assert [row["code"] for row in casebook.rows("select code from patient")] == ["P-2"]


def test_updating_a_deleted_row_is_a_conflict(casebook: Casebook) -> None:
    with pytest.raises(Conflict, match="no longer exists"), casebook.step("Edit") as step:
        step.put("patient", {"id": 12345, "code": "P-1"})


def test_journal_entries_cannot_be_changed_or_deleted(casebook: Casebook) -> None:
    with casebook.step("Add patient") as step:
        step.put("patient", {"code": "P-1"})
    for statement in ("update journal set user = 'x'", "delete from journal"):
        with pytest.raises(Exception, match="only ever added to"):
            casebook._db.execute(statement)


def test_a_changed_entry_breaks_the_chain(casebook: Casebook) -> None:
    for code in ("P-1", "P-2", "P-3"):
        with casebook.step("Add patient") as step:
            step.put("patient", {"code": code})
    assert journal.first_broken_link(casebook) is None
    casebook._db.execute("drop trigger journal_keeps_entries")
    casebook._db.execute("update journal set user = 'someone else' where seq = 2")
    assert journal.first_broken_link(casebook) == 2


def test_a_lost_entry_breaks_the_chain(casebook: Casebook) -> None:
    for code in ("P-1", "P-2", "P-3"):
        with casebook.step("Add patient") as step:
            step.put("patient", {"code": code})
    casebook._db.execute("drop trigger journal_loses_nothing")
    casebook._db.execute("delete from journal where seq = 2")
    assert journal.first_broken_link(casebook) == 2


def test_the_journal_has_the_history_of_a_row(casebook: Casebook) -> None:
    with casebook.step("Add patient") as step:
        patient_id = step.put("patient", {"code": "P-1"})
    with casebook.step("Edit patient", reason="misread") as step:
        step.put("patient", {"id": patient_id, "code": "P-9"})
    rows = casebook.rows("select * from journal where row_id = :id order by seq", id=patient_id)
    first, second = (journal.Entry(**row) for row in rows)
    assert (first.action, first.before) == ("Add patient", None)
    assert second.reason == "misread"
    assert second.before is not None
    assert second.after is not None
    assert '"P-1"' in second.before
    assert '"P-9"' in second.after


def test_a_copy_includes_what_is_still_in_the_log(casebook: Casebook, tmp_path: Path) -> None:
    with casebook.step("Add patient") as step:
        step.put("patient", {"code": "P-1"})
    casebook.copy_to(tmp_path / "copy.theralog")
    with Casebook.open(tmp_path / "copy.theralog") as copy:
        assert len(copy.rows("select * from patient")) == 1


def test_a_locked_file_is_a_conflict(casebook: Casebook) -> None:
    casebook._db.execute("pragma busy_timeout = 50")
    other = casebook.new_connection(Access.BESIDE)
    with other.step("Add patient") as step:
        step.put("patient", {"code": "P-2"})
        with pytest.raises(Conflict, match="Another program"), casebook.step("Add patient"):
            pass
    other.close()
    with casebook.step("Add patient") as step:
        step.put("patient", {"code": "P-1"})
    assert len(casebook.rows("select * from patient")) == 2
