"""A casebook of an older version is upgraded with every row it had."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from model.records import checks
from model.records.toxicities import Dismissal, Toxicity
from model.store import journal, replay
from model.store import rows as records
from model.store.casebook import Casebook
from tests.older_casebooks import older_casebook


def test_an_older_casebook_keeps_its_rows_and_its_undo(tmp_path: Path) -> None:
    path = tmp_path / "older.theralog"
    older_casebook(path, "m004")
    with Casebook.open(path) as casebook:
        (patient,) = casebook.rows("select id from patient")
        (toxicity,) = records.of_patient(casebook, Toxicity, patient["id"])
        (result,) = casebook.rows("select id from lab_result")
        assert toxicity.lab_result_id == result["id"]
        assert (toxicity.term, toxicity.grade) == ("Anemia", 2)
        assert len(casebook.rows("select 1 from toxicity")) == 2
        assert len(records.of_patient(casebook, Dismissal, patient["id"])) == 1
        assert casebook.rows("pragma foreign_key_check") == []
        assert casebook.undo() is not None
        assert casebook.rows("select 1 from patient") == []
        assert casebook.redo() is not None
        assert records.of_patient(casebook, Toxicity, patient["id"]) == [toxicity]
    assert len(list(tmp_path.glob("older before upgrade *.theralog"))) == 1


def test_an_upgraded_casebook_has_the_tables_of_a_new_one(tmp_path: Path) -> None:
    older_casebook(tmp_path / "older.theralog", "m004")

    def tables(casebook: Casebook) -> dict[str, str]:
        rows = casebook.rows("select name, sql from sqlite_master where sql is not null")
        return {row["name"]: row["sql"] for row in rows}

    with (
        Casebook.open(tmp_path / "older.theralog") as upgraded,
        Casebook.create(tmp_path / "new.theralog") as new,
    ):
        assert tables(upgraded) == tables(new)


def test_an_onset_may_be_a_month(casebook: Casebook) -> None:
    with casebook.step("Add") as step:
        patient_id = step.put("patient", {"code": "P-1"})
        onset = {"onset_on": "2024-03", "resolved_on": "2024-03-01"}
        graded = {"patient_id": patient_id, "term": "Anemia", "ctcae_version": "5.0", "grade": 2}
        step.put("toxicity", {**graded, **onset})


def test_an_upgrade_journals_the_rows_of_earlier_imports(tmp_path: Path) -> None:
    path = tmp_path / "older.theralog"
    older_casebook(path, "m005")
    assert checks.check_file(path, None, date(2024, 6, 1)).faults == []
    with Casebook.open(path) as casebook:
        assert journal.first_broken_link(casebook) is None
        assert list(replay.differences(casebook)) == []
        assert casebook.undo_label == "Edit note"
        assert casebook.undo() is not None
        assert [row["text"] for row in casebook.rows("select text from note")] == ["imported"]
        assert list(replay.differences(casebook)) == []
    assert checks.check_file(path, None, date(2024, 6, 1)).faults == []


def test_an_upgrade_says_that_the_older_journal_was_broken(tmp_path: Path) -> None:
    path = tmp_path / "older.theralog"
    older_casebook(path, "m005")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("drop trigger journal_keeps_entries")
        connection.execute("update journal set user = 'someone else' where seq = 2")
        connection.executescript(
            "create trigger journal_keeps_entries before update on journal"
            " begin select raise(abort, 'the journal is only ever added to'); end"
        )
    with Casebook.open(path) as casebook:
        (fault,) = checks.check(casebook)
    assert "entry 2" in fault
