"""Salvage where rows, their parents or entries of the journal are lost for good."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from model.errors import KnownError, PassphraseNeeded
from model.store import examine, journal
from model.store.backups import writing
from model.store.casebook import Casebook
from model.store.damage import traces
from model.store.damage.salvage import salvage
from model.store.damage.salvage_report import sentences
from tests.older_casebooks import older_casebook


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "mine.theralog"
    with Casebook.create(path) as casebook, casebook.step("Add") as step:
        patient = step.put("patient", {"code": "P-1"})
        cycle = step.put("cycle", {"patient_id": patient, "number": 1, "given_on": "2024-05-01"})
        step.put(
            "administration", {"cycle_id": cycle, "number": 1, "nuclide": "177Lu", "unit": "GBq"}
        )
        graded = {"patient_id": patient, "term": "Anemia", "ctcae_version": "5.0", "grade": 1}
        step.put("toxicity", {**graded, "cycle_id": cycle})
        step.put("note", {"patient_id": patient, "written_on": "2024-05-01", "text": "n"})
    return path


def _sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_an_existing_file_is_not_overwritten(path: Path) -> None:
    with pytest.raises(KnownError, match="already"):
        salvage(path, None, path)


def test_links_to_a_lost_cycle_are_cut_and_what_cannot_be_without_is_left_out(
    path: Path, tmp_path: Path
) -> None:
    _sql(
        path,
        "drop trigger journal_loses_nothing",
        "delete from journal",
        "delete from cycle",
        "insert into note select 7, patient_id, written_on, text, changed_at, null, null from note",
        "pragma ignore_check_constraints = on",
        "update note set written_on = '2024-13-01' where id = 7",
    )
    salvaged = salvage(path, None, tmp_path / "new.theralog")
    assert salvaged.refused == {"administration": 1, "note": 1}
    assert any("administration" in text for text in sentences(salvaged))
    with Casebook.open(tmp_path / "new.theralog") as casebook:
        assert casebook.columns("select cycle_id from toxicity") == {"cycle_id": [None]}
        assert casebook.rows("select 1 from administration") == []


@pytest.mark.parametrize(
    "damage", ["delete from journal where seq = 3", "update journal set user = 'x' where seq = 3"]
)
def test_the_journal_goes_on_from_its_last_whole_entry(
    path: Path, tmp_path: Path, damage: str
) -> None:
    triggers = ("journal_loses_nothing", "journal_keeps_entries")
    _sql(path, *(f"drop trigger {name}" for name in triggers), damage)
    salvaged = salvage(path, None, tmp_path / "new.theralog")
    assert not salvaged.journal_is_whole
    assert any("journal has lost entries" in text for text in sentences(salvaged))
    with Casebook.open(tmp_path / "new.theralog") as casebook:
        assert journal.first_broken_link(casebook) is None
        assert len(casebook.rows("select 1 from note")) == 1


def test_a_casebook_from_before_digests_is_salvaged_with_its_journal(tmp_path: Path) -> None:
    path = tmp_path / "older.theralog"
    older_casebook(path, "m005")
    salvage(path, None, tmp_path / "new.theralog")
    with Casebook.open(tmp_path / "new.theralog") as casebook:
        assert journal.first_broken_link(casebook) is None
        assert len(casebook.rows("select 1 from patient")) == 2
        assert casebook.rows("select 1 from journal where action = 'Edit note'")


def test_an_encrypted_casebook_needs_its_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "secret.theralog"
    Casebook.create(path, "right").close()
    with pytest.raises(PassphraseNeeded):
        salvage(path, None, tmp_path / "new.theralog")


def test_rows_of_patched_pages_are_those_of_the_journal(path: Path, tmp_path: Path) -> None:
    with Casebook.open(path) as casebook:
        writing.backup(casebook, at=datetime(2024, 3, 7, 9, 30))
        with casebook.step("Edit") as step:
            (patient,) = step.rows("select id from patient")
            step.put("patient", {"id": patient["id"], "comment": "newer"})
        with casebook.step("Add note") as step:
            note = {"patient_id": patient["id"], "written_on": "2024-06-01", "text": "undone"}
            step.put("note", note)
        casebook.undo()
    content = bytearray(path.read_bytes())
    content[: 4096 * 3] = bytes(4096 * 3)
    path.write_bytes(content)
    path.with_name(path.name + "-wal").write_bytes(b"")
    salvaged = salvage(path, None, tmp_path / "new.theralog")
    assert salvaged.patched_from
    assert "start of the file" in sentences(salvaged)[0]
    with Casebook.open(tmp_path / "new.theralog") as casebook:
        assert casebook.columns("select comment from patient") == {"comment": ["newer"]}
        assert len(casebook.rows("select 1 from note")) == 1


def test_a_casebook_under_another_suffix_is_known_by_its_traces(path: Path) -> None:
    other = path.with_name("mine.db")
    content = bytearray(path.read_bytes())
    content[:4096] = bytes(4096)
    other.write_bytes(content)
    assert traces.was_plain(other)
    foreign = path.with_name("foreign.db")
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("create table t (a text)")
        connection.executemany("insert into t values (?)", [("x" * 500,)] * 100)
        connection.commit()
    content = bytearray(foreign.read_bytes())
    content[:4096] = bytes(4096)
    foreign.write_bytes(content)
    assert not traces.was_plain(foreign)
    with pytest.raises(KnownError):
        examine.unlock(foreign, None)
