"""A backup is sound, stands beside the casebook, and never takes another file's place."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from model.errors import DamagedCasebook, KnownError
from model.records import patients
from model.records.patients import Patient
from model.store import backups, examine
from model.store.casebook import Casebook

AT = datetime(2024, 3, 7, 9, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize("passphrase", [None, "open sesame"])
def test_a_backup_includes_what_is_still_in_the_log(tmp_path: Path, passphrase: str | None) -> None:
    with Casebook.create(tmp_path / "mine.theralog", passphrase) as casebook:
        with casebook.step("Add patient") as step:
            patients.save(step, Patient(code="P-1"))
        path = backups.backup(casebook, at=AT)
        last = casebook.rows("select action, after from journal order by seq desc limit 1")[0]
    assert path == tmp_path / "mine 2024-03-07 09-30-15.theralog"
    assert (last["action"], path.name in last["after"]) == ("Backup", True)
    with Casebook.open(path, passphrase) as copy:
        assert [patient.code for patient in patients.all_patients(copy)] == ["P-1"]


def test_a_backup_does_not_overwrite_another_file(casebook: Casebook, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    with pytest.raises(KnownError, match="already"):
        backups.backup(casebook, tmp_path / "there", at=AT)
    assert (tmp_path / "there").read_text() == "mine"


def test_a_folder_that_cannot_be_written_to_is_reported(casebook: Casebook, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="cannot be written"):
        backups.backup(casebook, tmp_path / "nowhere" / "copy.theralog", at=AT)


def test_a_damaged_copy_is_not_a_backup(
    casebook: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DamagedCasebook("It is damaged.")

    monkeypatch.setattr(examine, "inspect", refuse)
    with pytest.raises(DamagedCasebook):
        backups.backup(casebook, tmp_path / "copy.theralog", at=AT)
    assert {entry.name for entry in tmp_path.iterdir()} <= {
        "test.theralog",
        "test.theralog-wal",
        "test.theralog-shm",
    }
