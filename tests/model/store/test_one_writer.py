"""One program edits a casebook; a file that was moved or replaced is noticed; nothing is mixed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from model.errors import Conflict, FileReplaced, HeldElsewhere, KnownError, ReadOnlyFolder
from model.store import holder
from model.store.casebook import Access, Casebook

ROOT = Path(__file__).parents[3]

_HOLD = """
import sys, time
from pathlib import Path
from typing import Any
from model.store.casebook import Casebook
casebook = Casebook.open(Path(sys.argv[1]))
with casebook.step("Add patient") as step:
    step.put("patient", {"code": "of the other"})
print("open", flush=True)
sys.stdin.readline()
casebook.close()
"""


def _add(casebook: Casebook, code: str) -> None:
    with casebook.step("Add patient") as step:
        step.put("patient", {"code": code})


def _codes(casebook: Casebook) -> list[str]:
    return casebook.columns("select code from patient order by id")["code"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Casebook.create(tmp_path / "mine.theralog") as casebook:
        _add(casebook, "P-1")
    return tmp_path / "mine.theralog"


def _other_program(path: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def test_a_second_program_learns_who_edits_and_can_only_read(path: Path) -> None:
    other = _other_program(path)
    try:
        with pytest.raises(HeldElsewhere) as raised:
            Casebook.open(path)
        assert raised.value.holder.pid == other.pid
        assert raised.value.holder.user in str(raised.value)
        with Casebook.open(path, access=Access.READ) as reading:
            assert _codes(reading) == ["P-1", "of the other"]
            assert reading.undo_label == "Add patient"
            with pytest.raises(KnownError, match="for reading only"):
                _add(reading, "P-2")
            with pytest.raises(KnownError, match="for reading only"):
                reading.log("Export", {})
        with Casebook.open(path, access=Access.BESIDE) as beside:
            beside.log("Export folder", {"folder": "x"})
    finally:
        other.communicate("\n", timeout=60)
    with Casebook.open(path) as casebook:
        assert not casebook.ended_badly
        assert _codes(casebook) == ["P-1", "of the other"]
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_killed_program_is_taken_over_with_all_it_saved(path: Path) -> None:
    other = _other_program(path)
    other.kill()
    other.communicate(timeout=60)
    assert not holder.is_held(path)
    with Casebook.open(path) as casebook:
        assert casebook.ended_badly
        assert casebook.missing is None
        assert _codes(casebook) == ["P-1", "of the other"]
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_window_and_its_threads_share_the_right_to_edit(path: Path) -> None:
    with Casebook.open(path) as casebook:
        with casebook.new_connection() as reading, pytest.raises(KnownError, match="reading"):
            _add(reading, "P-2")
        with casebook.new_connection(Access.BESIDE) as own:
            _add(own, "P-2")
        casebook.catch_up()
        assert casebook.undo() is not None
        assert _codes(casebook) == ["P-1"]


def test_a_connection_that_reads_reads_no_journal(path: Path) -> None:
    with Casebook.open(path) as casebook:
        questions: list[str] = []
        with casebook.new_connection() as reading:
            reading._db._tracer = lambda sql, _parameters: questions.append(sql)
            reading.rows("select 1 from patient")
        assert questions == ["select 1 from patient"]


@pytest.mark.skipif(os.name != "posix", reason="Windows does not rename a file that is open")
@pytest.mark.parametrize("change", ["renamed", "deleted", "replaced"])
def test_a_file_that_is_gone_from_its_name_stops_work(path: Path, change: str) -> None:
    other = path.with_name("other.theralog")
    with Casebook.create(other) as casebook:
        _add(casebook, "of another file")
    with Casebook.open(path) as casebook:
        _add(casebook, "P-2")
        match change:
            case "renamed":
                path.rename(path.with_name("renamed.theralog"))
            case "deleted":
                path.unlink()
            case "replaced":
                other.replace(path)
        for _ in range(2):
            with pytest.raises(FileReplaced):
                _add(casebook, "P-3")
        with pytest.raises(FileReplaced):
            casebook.new_connection()
        casebook.copy_to(path.with_name("saved.theralog"))
    with Casebook.open(path.with_name("saved.theralog")) as saved:
        assert _codes(saved) == ["P-1", "P-2"]


@pytest.mark.skipif(os.name != "posix", reason="Windows does not rename a file that is open")
def test_the_log_of_a_renamed_casebook_is_not_taken_for_another_one(path: Path) -> None:
    other = path.with_name("other.theralog")
    with Casebook.create(other) as casebook:
        _add(casebook, "of another file")
    first = Casebook.open(path)
    for number in range(5):
        _add(first, f"first {number}")
    path.rename(path.with_name("renamed.theralog"))
    other.rename(path)
    with pytest.raises(HeldElsewhere):
        Casebook.open(path)
    with pytest.raises(FileReplaced):
        _add(first, "lost")
    first.close()
    with Casebook.open(path) as second:
        assert _codes(second) == ["of another file"]
    with Casebook.open(path.with_name("renamed.theralog")) as renamed:
        assert _codes(renamed) == ["P-1", *(f"first {number}" for number in range(5))]


def test_the_log_of_a_killed_program_is_set_aside_for_another_file(path: Path) -> None:
    """As after restoring a file by hand: the old log is still there."""
    other = _other_program(path)
    other.kill()
    other.communicate(timeout=60)
    log = path.with_name(path.name + "-wal")
    assert log.stat().st_size
    path.unlink()
    with Casebook.create(path.with_name("restored")) as casebook:
        _add(casebook, "restored")
    path.with_name("restored").rename(path)
    with Casebook.open(path) as casebook:
        assert _codes(casebook) == ["restored"]
    assert list(path.parent.glob(f"{log.name} of another file *"))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_can_be_looked_at(path: Path) -> None:
    path.parent.chmod(0o500)
    try:
        with pytest.raises(ReadOnlyFolder):
            Casebook.open(path)
        with Casebook.open(path, access=Access.READ) as reading:
            assert _codes(reading) == ["P-1"]
    finally:
        path.parent.chmod(0o700)


def _live_copy(path: Path, to: Path, *suffixes: str) -> Path:
    to.mkdir()
    for suffix in ("", *suffixes):
        shutil.copy(path.with_name(path.name + suffix), to / (path.name + suffix))
    return to / path.name


@pytest.mark.parametrize("passphrase", [None, "right"])
def test_a_copy_of_an_open_casebook_without_its_log_is_told(
    tmp_path: Path, passphrase: str | None
) -> None:
    path = tmp_path / "mine.theralog"
    with Casebook.create(path, passphrase) as casebook:
        for number in range(3):
            _add(casebook, f"P-{number}")
        copy = _live_copy(path, tmp_path / "copy")
        whole = _live_copy(path, tmp_path / "whole", "-wal")
    with Casebook.open(copy, passphrase) as casebook:
        assert casebook.missing is not None
        assert "copy of a casebook that was open" in casebook.missing
        assert _codes(casebook) == []
    with Casebook.open(copy, passphrase) as casebook:
        assert casebook.missing is None
    with Casebook.open(whole, passphrase) as casebook:
        assert casebook.missing is None
        assert len(_codes(casebook)) == 3


@pytest.mark.parametrize("passphrase", [None, "right"])
@pytest.mark.parametrize("damage", ["removed", "half", "quarter", "flipped", "emptied"])
def test_a_lost_or_damaged_log_is_told_with_what_is_missing(
    tmp_path: Path, damage: str, passphrase: str | None
) -> None:
    path = tmp_path / "mine.theralog"
    with Casebook.create(path, passphrase) as casebook:
        for number in range(20):
            _add(casebook, f"P-{number}")
        copy = _live_copy(path, tmp_path / "copy", "-wal")
        shutil.copy(holder.info_path(path), holder.info_path(copy))
    log = copy.with_name(copy.name + "-wal")
    content = bytearray(log.read_bytes())
    match damage:
        case "removed":
            log.unlink()
        case "half":
            log.write_bytes(content[: len(content) // 2])
        case "quarter":
            log.write_bytes(content[: len(content) // 4])
        case "flipped":
            content[len(content) // 3] ^= 4
            log.write_bytes(content)
        case "emptied":
            log.write_bytes(b"")
    with Casebook.open(copy, passphrase) as casebook:
        kept = len(_codes(casebook))
        assert kept < 20
        assert casebook.ended_badly
        assert casebook.missing is not None
        assert f"{20 - kept} entries" in casebook.missing


def test_a_kill_between_any_two_steps_loses_nothing_and_warns_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mine.theralog"
    with Casebook.create(path) as casebook:
        for number in range(12):
            _add(casebook, f"P-{number}")
            copy = _live_copy(path, tmp_path / str(number), "-wal")
            shutil.copy(holder.info_path(path), holder.info_path(copy))
            with Casebook.open(copy) as reopened:
                assert reopened.missing is None
                assert len(_codes(reopened)) == number + 1


def test_the_number_of_the_last_entry_is_kept_outside_the_log(path: Path) -> None:
    with Casebook.open(path) as casebook:
        for number in range(3):
            _add(casebook, f"more {number}")
        known = json.loads(holder.info_path(path).read_text())
        (row,) = casebook.rows("select max(seq) as seq from journal")
        assert known["seq"] == row["seq"]


def test_a_log_that_cannot_be_merged_is_told_and_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlcipher3 import dbapi2 as sqlcipher

    casebook = Casebook.open(path)
    _add(casebook, "P-2")
    execute = casebook._db.execute

    def refuse(sql: str, *rest: Any) -> object:
        if "wal_checkpoint" in sql:
            raise sqlcipher.OperationalError("database or disk is full")
        return execute(sql, *rest)

    monkeypatch.setattr(casebook._db, "execute", refuse)
    with pytest.raises(KnownError, match="could not be merged"):
        casebook.close()
    assert holder.info_path(path).exists()
    with Casebook.open(path) as again:
        assert _codes(again) == ["P-1", "P-2"]


def test_another_program_that_writes_is_told_without_a_change(path: Path) -> None:
    with Casebook.open(path) as casebook, casebook.new_connection(Access.BESIDE) as other:
        other._db.execute("begin immediate")
        with pytest.raises(Conflict, match="Another program"):
            _add(casebook, "P-2")
        other._db.execute("rollback")


def test_check_tells_a_lost_log_and_one_of_another_file(path: Path, tmp_path: Path) -> None:
    from datetime import date

    from model.records import checks

    today = date(2024, 6, 1)
    with Casebook.open(path) as casebook:
        for number in range(3):
            _add(casebook, f"more {number}")
        copy = _live_copy(path, tmp_path / "copy")
        whole = _live_copy(path, tmp_path / "whole", "-wal")
    assert "may be missing" in checks.check_file(copy, None, today).faults[0]
    shutil.copy(whole.with_name(whole.name + "-wal"), path.with_name(path.name + "-wal"))
    assert "belongs to another file" in checks.check_file(path, None, today).faults[0]


@pytest.mark.parametrize("number", [13, 28])
def test_why_a_casebook_cannot_be_held_is_told_apart(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    import filelock

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    with pytest.raises(KnownError) as raised:
        holder.take(path)
    assert isinstance(raised.value, ReadOnlyFolder) == (number == 13)
    path.with_name(path.name + "-lock").touch()
    assert not holder.is_held(path)


def test_an_older_casebook_is_not_only_read(tmp_path: Path) -> None:
    from tests.older_casebooks import older_casebook

    path = tmp_path / "older.theralog"
    older_casebook(path, "m005")
    with pytest.raises(KnownError, match="has to be upgraded"):
        Casebook.open(path, access=Access.READ)


def test_a_casebook_that_cannot_be_opened_for_writing_is_let_go(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        from sqlcipher3 import dbapi2 as sqlcipher

        raise sqlcipher.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(Casebook, "_prepare", refuse)
        with pytest.raises(KnownError, match="cannot be opened for writing"):
            Casebook.open(path)
    casebook = Casebook.open(path)
    casebook.close()
    casebook.close()
