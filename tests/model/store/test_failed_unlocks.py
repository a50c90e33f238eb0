"""Failed unlocks are slowed down, and journalled when the casebook is unlocked."""

import json
import time
from pathlib import Path

import pytest

from model.errors import WrongPassphrase
from model.store import failed_unlocks
from model.store.casebook import Access, Casebook


@pytest.fixture
def path(tmp_path: Path, folder_of_data: Path) -> Path:
    path = tmp_path / "secret.theralog"
    Casebook.create(path, "right").close()
    return path


def test_attempts_are_slowed_after_the_third_and_journalled(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    for _ in range(9):
        with pytest.raises(WrongPassphrase):
            Casebook.open(path, "wrong")
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 16]
    Casebook.open(path, "right", Access.READ).close()
    with Casebook.open(path, "right") as casebook:
        (entry,) = casebook.rows("select after from journal where action = 'Failed unlocks'")
    assert len(json.loads(entry["after"])["times"]) == 9
    with Casebook.open(path, "right") as casebook:
        assert len(casebook.rows("select 1 from journal where action = 'Failed unlocks'")) == 1
    assert failed_unlocks.delay(path) == 0


def test_neither_name_nor_passphrase_is_written_down(path: Path, folder_of_data: Path) -> None:
    with pytest.raises(WrongPassphrase):
        Casebook.open(path, "KANARIE")
    kept = failed_unlocks._file().read_text()
    assert "KANARIE" not in kept
    assert "secret" not in kept
    assert failed_unlocks._file().stat().st_mode & 0o077 == 0
