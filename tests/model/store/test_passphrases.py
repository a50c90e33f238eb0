"""Passphrases: which are accepted, their spellings, and changing one without losing anything."""

import os
import signal
import subprocess
import sys
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Literal

import pytest

from model.errors import HeldElsewhere, KnownError, WrongPassphrase
from model.records import checks
from model.store import examine, journal, passphrases, rekeying, replay
from model.store.backups import files
from model.store.casebook import Casebook

ROOT = Path(__file__).parents[3]
AT = datetime(2024, 3, 7, 9, 30, 15)
NEW = "four unrelated plain words"


@pytest.mark.parametrize(
    ("passphrase", "is_weak"),
    [
        ("kurz", True),
        ("sieben7", True),
        ("password", True),
        ("12345678", True),
        ("Kräutertee7", False),
        ("correct horse battery staple", False),
    ],
)
def test_short_and_common_passphrases_are_refused(passphrase: str, is_weak: bool) -> None:
    assert (passphrases.problem(passphrase) is not None) == is_weak


@pytest.mark.parametrize("created_as", ["NFC", "NFD"])
@pytest.mark.parametrize("typed_as", ["NFC", "NFD"])
def test_both_spellings_of_a_passphrase_open_a_casebook(
    tmp_path: Path, created_as: Literal["NFC", "NFD"], typed_as: Literal["NFC", "NFD"]
) -> None:
    path = tmp_path / "mine.theralog"
    Casebook.create(path, unicodedata.normalize(created_as, "Kräuter für 7")).close()
    Casebook.open(path, unicodedata.normalize(typed_as, "Kräuter für 7")).close()
    with pytest.raises(WrongPassphrase):
        Casebook.open(path, "Krauter fur 7")


def test_a_key_that_was_derived_from_a_decomposed_passphrase_still_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.theralog"
    decomposed = unicodedata.normalize("NFD", "Kräuter für 7")
    with monkeypatch.context() as patch:
        patch.setattr(passphrases, "composed", lambda text: text)
        Casebook.create(path, decomposed).close()
    Casebook.open(path, unicodedata.normalize("NFC", decomposed)).close()


@pytest.mark.parametrize("old", [None, "open sesame"])
def test_a_changed_passphrase_keeps_every_row_and_the_journal(
    demo_copy: Path, old: str | None
) -> None:
    path, key = demo_copy, None
    if old is not None:
        key = rekeying.change_passphrase(path, None, old, at=AT)
    with Casebook(path, key) as casebook:
        tables = replay.journalled_tables(casebook)
        before = {name: casebook.rows(f"select * from {name} order by id") for name in tables}
        known = journal.anchor(casebook)
    rekeying.change_passphrase(path, key, NEW, at=AT)
    with Casebook.open(path, NEW) as casebook:
        after = {name: casebook.rows(f"select * from {name} order by id") for name in tables}
        assert after == before
        assert not journal.contradicts(casebook, known)
        assert checks.check(casebook) == []
        last = casebook.rows("select action from journal order by seq desc limit 1")
    assert last == [{"action": "Change passphrase"}]
    newest = files.all_backups(path)[0].path
    assert examine.unlock(newest, old) == key
    if old is not None:
        with pytest.raises(WrongPassphrase):
            Casebook.open(path, old)
    assert b"SQLite" not in path.read_bytes()


def test_a_weak_passphrase_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mine.theralog"
    Casebook.create(path).close()
    before = path.read_bytes()
    with pytest.raises(KnownError, match="too short"):
        rekeying.change_passphrase(path, None, "short", at=AT)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_an_open_casebook_keeps_its_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "mine.theralog"
    with Casebook.create(path), pytest.raises(HeldElsewhere):
        rekeying.change_passphrase(path, None, NEW, at=AT)
    Casebook.open(path).close()


def test_a_disk_that_refuses_the_new_file_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.theralog"
    Casebook.create(path).close()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(KnownError, match="No space"):
        rekeying.change_passphrase(path, None, NEW, at=AT)
    Casebook.open(path).close()


_CHANGE = """
import sys
from datetime import datetime
from pathlib import Path
from model.store import rekeying
print("begun", flush=True)
rekeying.change_passphrase(Path(sys.argv[1]), None, sys.argv[2], at=datetime.now())
"""


@pytest.mark.skipif(os.name != "posix", reason="a kill as on POSIX")
@pytest.mark.parametrize("milliseconds", [0, 350, 600, 900, 1_300])
def test_a_kill_at_any_moment_leaves_the_old_or_the_new_casebook(
    demo_copy: Path, milliseconds: int
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _CHANGE, str(demo_copy), NEW],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    try:
        process.communicate(timeout=milliseconds / 1000)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    with Casebook.open(demo_copy, NEW) as casebook:
        assert len(casebook.rows("select 1 from patient")) == 20
        assert list(replay.differences(casebook)) == []
