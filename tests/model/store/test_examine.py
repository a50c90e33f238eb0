"""A file that is no sound casebook is named for what it is, and left byte for byte as it was."""

import random
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from model.errors import (
    DamagedCasebook,
    KnownError,
    NewerCasebook,
    NotACasebook,
    PassphraseNeeded,
    WrongPassphrase,
)
from model.store import keys, schema
from model.store.backups import writing
from model.store.casebook import Casebook


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "plain.theralog"
    _fill(path, None)
    return path


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.theralog"
    _fill(path, "right")
    return path


def _fill(path: Path, passphrase: str | None) -> None:
    with Casebook.create(path, passphrase) as casebook, casebook.step("Fill") as step:
        for number in range(200):
            step.put("patient", {"code": f"P-{number}", "comment": "x" * 300})


@contextmanager
def untouched(path: Path) -> Iterator[None]:
    """Nothing in the file, and nothing beside it, changes."""
    before = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    yield
    after = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    assert after == before


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="no file"):
        Casebook.open(tmp_path / "none.theralog")


def test_a_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(NotACasebook, match="folder"):
        Casebook.open(tmp_path)


def test_an_empty_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "empty.theralog"
    path.touch()
    with untouched(path), pytest.raises(NotACasebook, match="0 bytes"):
        Casebook.open(path)


@pytest.mark.parametrize(
    "content",
    [
        b"a letter to the clinic",
        b"a,b\r\n" * 5000,
        b"%PDF-1.7" + random.Random(1).randbytes(9000),
        b"PK\x03\x04" + random.Random(2).randbytes(9000),
        b"SQLite format 3\x00" + b"\x00" * 5000,
        b"SQLite format 3\x00",
        bytes(4096 * 20),
        b"ftypmp42" + bytes(4088) + random.Random(4).randbytes(9000),
    ],
)
def test_a_foreign_file_is_reported(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "foreign.theralog"
    path.write_bytes(content)
    with untouched(path), pytest.raises(NotACasebook, match="not a Theralog casebook"):
        Casebook.open(path, "some passphrase")


def test_a_database_of_another_program_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("create table bookmark (url text)")
    connection.close()
    with untouched(path), pytest.raises(NotACasebook):
        Casebook.open(path)


@pytest.mark.parametrize("passphrase", [None, "right"])
def test_a_newer_casebook_is_refused(tmp_path: Path, passphrase: str | None) -> None:
    path = tmp_path / "newer.theralog"
    with Casebook.create(path, passphrase) as casebook:
        casebook._db.table("_sqlite_migrations").insert(
            {"migration_set": "theralog", "name": "m999_from_the_future", "applied_at": ""}
        )
    with untouched(path), pytest.raises(NewerCasebook, match="newer version"):
        Casebook.open(path, passphrase)


@pytest.mark.parametrize("passphrase", [None, "right"])
def test_a_casebook_that_lost_its_list_of_migrations_is_damaged(
    tmp_path: Path, passphrase: str | None
) -> None:
    path = tmp_path / "lost.theralog"
    with Casebook.create(path, passphrase) as casebook:
        casebook._db.execute("drop table _sqlite_migrations")
    with untouched(path), pytest.raises(DamagedCasebook, match="damaged"):
        Casebook.open(path, passphrase)


def test_an_encrypted_casebook_needs_its_passphrase(secret: Path) -> None:
    with untouched(secret), pytest.raises(PassphraseNeeded):
        Casebook.open(secret)


def test_a_wrong_passphrase_has_its_own_error(secret: Path) -> None:
    with untouched(secret), pytest.raises(WrongPassphrase):
        Casebook.open(secret, "Right")


@pytest.mark.parametrize("at", [100, 4096 + 50, -30])
def test_damage_is_not_reported_as_a_wrong_passphrase(secret: Path, at: int) -> None:
    content = bytearray(secret.read_bytes())
    content[at] ^= 0xFF
    secret.write_bytes(content)
    with untouched(secret), pytest.raises(DamagedCasebook, match="damaged"):
        Casebook.open(secret, "right")
    with untouched(secret), pytest.raises(WrongPassphrase):
        Casebook.open(secret, "wrong")


def _overwrite_start(path: Path, size: int, content: str, *, keep_salt: bool = False) -> None:
    data = bytearray(path.read_bytes())
    size = min(size, len(data) - 8192)
    start = keys.SALT_SIZE if keep_salt else 0
    new = {"zeros": bytes(size), "random": random.Random(size).randbytes(size)}[content]
    data[start:size] = new[start:]
    path.write_bytes(data)


@pytest.mark.parametrize("size", [100, 1024, 4096, 16 * 1024, 64 * 4096])
@pytest.mark.parametrize("passphrase", [None, "right"])
def test_a_zeroed_start_is_damage(tmp_path: Path, passphrase: str | None, size: int) -> None:
    path = tmp_path / "cut.theralog"
    _fill(path, passphrase)
    _overwrite_start(path, size, "zeros")
    with untouched(path), pytest.raises(DamagedCasebook):
        Casebook.open(path, passphrase)


@pytest.mark.parametrize("size", [4096, 65 * 4096])
def test_a_start_overwritten_behind_the_salt_is_damage(secret: Path, size: int) -> None:
    _overwrite_start(secret, size, "random", keep_salt=True)
    with untouched(secret), pytest.raises(DamagedCasebook):
        Casebook.open(secret, "right")
    with untouched(secret), pytest.raises(WrongPassphrase):
        Casebook.open(secret, "wrong")


def test_a_start_overwritten_with_the_salt_is_damage_where_a_backup_has_the_salt(
    secret: Path,
) -> None:
    with Casebook.open(secret, "right") as casebook:
        backup = writing.backup(casebook, at=datetime(2024, 3, 7, 9, 30))
    _overwrite_start(secret, 65 * 4096, "random")
    with untouched(secret), pytest.raises(DamagedCasebook, match=backup.name):
        Casebook.open(secret, "right")
    with untouched(secret), pytest.raises(WrongPassphrase):
        Casebook.open(secret, "wrong")


def test_a_backup_is_named_with_its_age_only_where_there_is_one(plain: Path) -> None:
    _overwrite_start(plain, 4096, "zeros")
    with pytest.raises(DamagedCasebook, match="No backup"):
        Casebook.open(plain)
    at = datetime.now() - timedelta(hours=3)
    (plain.parent / f"plain {at:%Y-%m-%d %H-%M-%S}.theralog").write_bytes(b"x")
    with pytest.raises(DamagedCasebook, match=r"plain .* \(3 h ago\)"):
        Casebook.open(plain)


def test_a_foreign_file_with_our_id_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.theralog"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table _sqlite_migrations (migration_set text, name text)")
        connection.execute("insert into _sqlite_migrations values ('other', 'm001')")
        connection.execute(f"pragma application_id = {schema.APPLICATION_ID}")
        connection.commit()
    with untouched(path), pytest.raises(NotACasebook):
        Casebook.open(path)


@pytest.mark.parametrize("missing", ["m001_first_casebook", "m003_frozen_cohorts"])
def test_a_casebook_with_a_missing_migration_is_left_alone(plain: Path, missing: str) -> None:
    with closing(sqlite3.connect(plain)) as connection:
        connection.execute("delete from _sqlite_migrations where name = ?", [missing])
        connection.commit()
    with untouched(plain), pytest.raises(DamagedCasebook):
        Casebook.open(plain)


@pytest.mark.parametrize("length", [5000, 4096 * 3, 4096 * 3 + 17])
@pytest.mark.parametrize("passphrase", [None, "right"])
def test_a_truncated_casebook_is_damaged(
    tmp_path: Path, passphrase: str | None, length: int
) -> None:
    path = tmp_path / "cut.theralog"
    _fill(path, passphrase)
    path.write_bytes(path.read_bytes()[:length])
    with untouched(path), pytest.raises(DamagedCasebook):
        Casebook.open(path, passphrase)


def test_damage_inside_a_plain_casebook_is_found(plain: Path) -> None:
    content = bytearray(plain.read_bytes())
    for at in range(4096 * 5, 4096 * 6):
        content[at] = 0xAA
    plain.write_bytes(content)
    with untouched(plain), pytest.raises(DamagedCasebook):
        Casebook.open(plain)


def test_what_a_crash_left_in_the_log_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "live.theralog"
    casebook = Casebook.create(path, "right")
    with casebook.step("Add patient") as step:
        step.put("patient", {"code": "P-1"})
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for file in tmp_path.glob("live.theralog*"):
        if not file.name.endswith("-shm"):
            (crashed / file.name).write_bytes(file.read_bytes())
    casebook.close()
    with Casebook.open(crashed / "live.theralog", "right") as reopened:
        assert len(reopened.rows("select * from patient")) == 1


def test_the_key_is_the_one_that_sqlcipher_derives(secret: Path) -> None:

    connection = sqlcipher.connect(str(secret))
    connection.execute("pragma key = 'right'")
    assert connection.execute("select count(*) from patient").fetchone() == (200,)
    connection.close()
    key = keys.key_for(secret, "right")
    assert keys.count_verified_pages(secret, key, 10_000) == secret.stat().st_size // 4096
    assert "right" not in repr(key)
    assert key.secret.hex() not in repr(key)


def test_no_casebook_begins_like_a_file_of_another_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = iter([b"MZ" + bytes(range(14)), b"\x1f\x8b" + bytes(range(14)), bytes(range(100, 116))])
    monkeypatch.setattr(secrets, "token_bytes", lambda _size: next(drawn))
    assert keys.new_key("right").salt == bytes(range(100, 116))


def test_an_unreadable_log_is_not_reported_as_damage(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from model.store import examine

    def refuse(*_: object, **__: object) -> None:
        raise sqlcipher.OperationalError("unable to open database file")

    monkeypatch.setattr(examine, "connect", refuse)
    with pytest.raises(KnownError, match="cannot be read here") as raised:
        Casebook.open(plain)
    assert not isinstance(raised.value, DamagedCasebook)
