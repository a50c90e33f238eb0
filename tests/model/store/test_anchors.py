"""A journal that was cut off or made anew contradicts the anchors in backups and exports."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from model.exchange.export import export
from model.records import checks
from model.store.backups import restoring, writing
from model.store.casebook import Casebook

TODAY = date(2024, 6, 1)
AT = datetime(2024, 3, 7, 9, 30)


def _cut_off(path: Path) -> None:
    with Casebook.open(path) as casebook:
        name = "journal_loses_nothing"
        (trigger,) = casebook.rows("select sql from sqlite_schema where name = :name", name=name)
        casebook._db.execute(f"drop trigger {name}")
        casebook._db.execute("delete from journal where seq >= 2")
        casebook._db.execute(trigger["sql"])


def _write_again(path: Path) -> None:
    _cut_off(path)
    with Casebook.open(path) as casebook:
        for number in range(4):
            casebook.log("Nothing", {"number": number})


@pytest.mark.parametrize("tamper", [_cut_off, _write_again])
def test_a_tail_that_was_cut_off_or_written_again_is_found(
    tmp_path: Path, tamper: Callable[[Path], None]
) -> None:
    path = tmp_path / "mine.theralog"
    with Casebook.create(path) as casebook:
        for number in range(3):
            casebook.log("Note", {"number": number})
        export(casebook, tmp_path / "out")
    tamper(path)
    assert checks.check_file(path, None, TODAY).faults == []
    (fault,) = checks.check_file(path, None, TODAY, [tmp_path / "out"]).faults
    assert "“out”" in fault
    assert "cut off or made anew" in fault


def test_backups_next_to_the_casebook_are_compared_by_themselves(tmp_path: Path) -> None:
    path = tmp_path / "mine.theralog"
    with Casebook.create(path, "secret") as casebook:
        for number in range(3):
            casebook.log("Note", {"number": number})
        writing.backup(casebook, at=AT)
    assert checks.check_file(path, "secret", TODAY).faults == []
    with Casebook.open(path, "secret") as casebook:
        casebook._db.execute("drop trigger journal_loses_nothing")
        casebook._db.execute("delete from journal where seq >= 3")
    faults = checks.check_file(path, "secret", TODAY).faults
    assert any("mine 2024-03-07 09-30-00.theralog" in fault for fault in faults)


def test_a_casebook_that_was_restored_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "mine.theralog"
    with Casebook.create(path) as casebook:
        casebook.log("Note", {})
        first = writing.backup(casebook, at=AT)
        casebook.log("Note", {})
        writing.backup(casebook, at=AT.replace(hour=10))
    restoring.restore(path, first, None, at=AT)
    findings = checks.check_file(path, None, TODAY)
    assert findings.faults == []
    (question,) = findings.questions
    assert "restored" in question


def test_an_upgraded_casebook_does_not_contradict_the_backup_from_before(tmp_path: Path) -> None:
    from tests.older_casebooks import older_casebook

    path = tmp_path / "older.theralog"
    older_casebook(path, "m005")
    Casebook.open(path).close()
    assert list(tmp_path.glob("older before upgrade *"))
    assert checks.check_file(path, None, TODAY).faults == []
