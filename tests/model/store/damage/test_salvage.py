"""A damaged casebook gives back what is readable, and from its journal what is not."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from model.errors import DamagedCasebook, KnownError, WrongPassphrase
from model.records import checks
from model.store import examine, journal, replay
from model.store.backups import writing
from model.store.casebook import Casebook
from model.store.damage.salvage import salvage
from model.store.damage.salvage_report import sentences
from model.store.ids import new_id

PAGE = 4096


@pytest.fixture(params=[None, "right"], ids=["plain", "encrypted"])
def casebook_file(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str | None]:
    """A casebook of 40 patients with 50 results each, most of them imported."""
    path = tmp_path / "mine.theralog"
    patients = [new_id() for _ in range(40)]
    rows: list[tuple[str, dict[str, object]]] = [
        ("patient", {"id": each, "code": f"P-{number}"}) for number, each in enumerate(patients)
    ]
    for each in patients:
        for day in range(1, 26):
            for analyte in ("hb", "plt"):
                result = {"id": new_id(), "patient_id": each, "taken_on": f"2024-03-{day:02}"}
                rows.append(("lab_result", {**result, "analyte": analyte, "value": str(day)}))
    with Casebook.create(path, request.param) as casebook:
        batch = {"kind": "folder", "file_name": "tidy", "sha256": "0" * 64}
        with casebook.step("Import folder") as step:
            step.import_rows({**batch, "imported_at": step.at, "row_counts": "{}"}, rows)
        for patient in patients[:10]:
            with casebook.step("Add note") as step:
                note = {"patient_id": patient, "written_on": "2024-04-01", "text": "n" * 300}
                step.put("note", note)
    return path, request.param


def _contents(path: Path, passphrase: str | None) -> dict[str, list[dict[str, object]]]:
    with Casebook.open(path, passphrase) as casebook:
        return {
            table: casebook.rows(f"select * from {table} order by id")
            for table in replay.journalled_tables(casebook)
        }


def _damage(path: Path, first_page: int, pages: int = 1) -> None:
    """Overwrite pages, numbered from 1."""
    content = bytearray(path.read_bytes())
    start = (first_page - 1) * PAGE
    content[start : start + pages * PAGE] = random.Random(first_page).randbytes(pages * PAGE)
    path.write_bytes(content)


def _pages_of(path: Path, passphrase: str | None, table: str) -> list[int]:
    """Return the leaf pages of a table: where a row's text is found without encryption."""
    if passphrase is not None:
        pytest.skip("the pages of a table cannot be told in an encrypted file")
    content = path.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute(
            "select rootpage from sqlite_schema where name = ?", [table]
        ).fetchone()
    pages, waiting = [], [root]
    while waiting:
        number = waiting.pop()
        page = content[(number - 1) * PAGE : number * PAGE]
        if page[0] == 13:
            pages.append(number)
            continue
        cells = int.from_bytes(page[3:5], "big")
        for cell in range(cells):
            at = int.from_bytes(page[12 + 2 * cell : 14 + 2 * cell], "big")
            waiting.append(int.from_bytes(page[at : at + 4], "big"))
        waiting.append(int.from_bytes(page[8:12], "big"))
    return sorted(pages)


def test_rows_on_a_bad_page_are_restored_from_the_journal(
    casebook_file: tuple[Path, str | None], tmp_path: Path
) -> None:
    path, passphrase = casebook_file
    before = _contents(path, passphrase)
    pages = _pages_of(path, passphrase, "lab_result")
    _damage(path, pages[len(pages) // 2])
    with pytest.raises(DamagedCasebook):
        examine.unlock(path, passphrase)
    damaged = path.read_bytes()
    salvaged = salvage(path, passphrase, tmp_path / "new.theralog")
    assert path.read_bytes() == damaged
    assert salvaged.from_journal["lab_result"] > 10
    assert salvaged.journal_is_whole
    assert "lab_result" in sentences(salvaged)[0]
    assert _contents(tmp_path / "new.theralog", passphrase) == before


@pytest.mark.parametrize("seed", range(6))
def test_whichever_page_is_bad_nearly_everything_is_kept(
    casebook_file: tuple[Path, str | None], tmp_path: Path, seed: int
) -> None:
    path, passphrase = casebook_file
    before = _contents(path, passphrase)
    with Casebook.open(path, passphrase) as casebook:
        writing.backup(casebook, at=datetime(2024, 3, 7, 9, 30))
    pages = path.stat().st_size // PAGE
    _damage(path, random.Random(seed).randint(2, pages))
    try:
        examine.unlock(path, passphrase)
    except DamagedCasebook:
        pass
    else:
        return  # a page that holds nothing
    salvage(path, passphrase, tmp_path / "new.theralog")
    after = _contents(tmp_path / "new.theralog", passphrase)
    kept = sum(row in after[table] for table, rows in before.items() for row in rows)
    assert kept >= 0.97 * sum(map(len, before.values()))
    with Casebook.open(tmp_path / "new.theralog", passphrase) as casebook:
        assert journal.first_broken_link(casebook) is None
        assert list(replay.differences(casebook)) == []
        with casebook.step("Add patient") as step:
            step.put("patient", {"code": "new"})
        assert list(checks._broken_references(casebook)) == []


def test_the_journal_goes_on_from_the_one_of_the_damaged_casebook(
    casebook_file: tuple[Path, str | None], tmp_path: Path
) -> None:
    path, passphrase = casebook_file
    with Casebook.open(path, passphrase) as casebook:
        known = journal.anchor(casebook)
    salvage(path, passphrase, tmp_path / "new.theralog")
    with Casebook.open(tmp_path / "new.theralog", passphrase) as casebook:
        assert not journal.contradicts(casebook, known)
        assert casebook.undo_label == "Add note"
        assert casebook.undo() is not None


@pytest.mark.parametrize("pages", [1, 3])
def test_a_lost_start_without_a_backup_is_told(
    casebook_file: tuple[Path, str | None], tmp_path: Path, pages: int
) -> None:
    path, passphrase = casebook_file
    _damage(path, 1, pages)
    with pytest.raises(KnownError):
        salvage(path, passphrase, tmp_path / "new.theralog")
    assert not (tmp_path / "new.theralog").exists()


@pytest.mark.parametrize("pages", [1, 3])
def test_a_lost_start_is_taken_from_a_backup_and_newer_rows_from_the_rest(
    casebook_file: tuple[Path, str | None], tmp_path: Path, pages: int
) -> None:
    path, passphrase = casebook_file
    with Casebook.open(path, passphrase) as casebook:
        writing.backup(casebook, at=datetime(2024, 3, 7, 9, 30))
        with casebook.step("Add note") as step:
            patient = step.rows("select min(id) as id from patient")[0]["id"]
            step.put("note", {"patient_id": patient, "written_on": "2024-05-01", "text": "newer"})
    before = _contents(path, passphrase)
    _damage(path, 1, pages)
    salvaged = salvage(path, passphrase, tmp_path / "new.theralog")
    assert salvaged.patched_from == "mine 2024-03-07 09-30-00.theralog"
    after = _contents(tmp_path / "new.theralog", passphrase)
    assert after["note"] == before["note"]
    assert after["lab_result"] == before["lab_result"]


def test_a_patient_whose_row_is_lost_keeps_the_other_records(
    tmp_path: Path,
) -> None:
    path = tmp_path / "mine.theralog"
    with Casebook.create(path) as casebook, casebook.step("Add") as step:
        patient = step.put("patient", {"code": "P-1"})
        step.put("note", {"patient_id": patient, "written_on": "2024-05-01", "text": "n"})
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("drop trigger journal_loses_nothing")
        connection.execute("delete from journal")
        connection.execute("delete from patient")
        connection.commit()
    salvaged = salvage(path, None, tmp_path / "new.theralog")
    assert salvaged.placeholders == 1
    contents = _contents(tmp_path / "new.theralog", None)
    assert contents["patient"][0]["code"] == f"unreadable {patient}"
    assert contents["note"][0]["text"] == "n"


def test_a_wrong_passphrase_is_told(casebook_file: tuple[Path, str | None], tmp_path: Path) -> None:
    path, passphrase = casebook_file
    if passphrase:
        with pytest.raises(WrongPassphrase):
            salvage(path, "wrong", tmp_path / "new.theralog")
    assert not (tmp_path / "new.theralog").exists()


@pytest.fixture(autouse=True)
def _nothing_stray(tmp_path: Path) -> Iterator[None]:
    yield
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []
