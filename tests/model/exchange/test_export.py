"""An export is whole or not there, and mixes with nothing."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.casebook import Casebook
from model.errors import KnownError
from model.exchange import codebook, demo, summary
from model.exchange.birth import new_casebook
from model.exchange.export import export
from tests.model.exchange.conftest import DEMO


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    new_casebook(tmp_path / "demo.theralog", folder=DEMO)
    with Casebook.open(tmp_path / "demo.theralog") as casebook:
        yield casebook


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_an_export_is_journalled_and_holds_what_it_says(casebook: Casebook, tmp_path: Path) -> None:
    files = export(casebook, tmp_path / "out")
    written = (tmp_path / "out").rglob("*")
    assert {str(path.relative_to(tmp_path / "out")) for path in written if path.is_file()} == set(
        files
    )
    assert {"codebook.csv", "summary.csv", "labs.csv", "settings.csv"} <= set(files)
    assert "identity.csv" not in files
    entry = casebook.rows("select action, after from journal order by seq desc limit 1")[0]
    assert entry["action"] == "Export folder"
    assert "labs.csv" in entry["after"]


def test_every_column_of_every_file_is_in_the_codebook(casebook: Casebook, tmp_path: Path) -> None:
    export(casebook, tmp_path / "out")
    written = {}
    for path in (tmp_path / "out").glob("*.csv"):
        written[path.name] = next(csv.reader(path.read_text("utf-8").splitlines()))
    rows = list(csv.DictReader((tmp_path / "out/codebook.csv").read_text("utf-8").splitlines()))
    documented = {(row["file"], row["column"]) for row in rows}
    assert {(name, column) for name in written for column in written[name]} <= documented
    assert len(rows) == len(documented)
    assert all(row["type"] and row["meaning"] for row in rows)
    sex = next(row for row in rows if row["file"] == "patients.csv" and row["column"] == "sex")
    assert sex["codes"] == "F | M | X"
    derived = {row["column"] for row in rows if row["derived"] == "Y" and "summ" not in row["file"]}
    assert derived == {
        "vital_status",
        "index_date",
        "last_contact_or_death",
        "modality",
        "soc",
    }


def test_an_earlier_export_is_replaced_whole(casebook: Casebook, tmp_path: Path) -> None:
    export(casebook, tmp_path / "out")
    (tmp_path / "out" / "notes.csv").write_text("old")
    export(casebook, tmp_path / "out")
    assert "notes.csv" not in names(tmp_path / "out")
    assert names(tmp_path) == {"demo.theralog", "out"} | {
        name for name in names(tmp_path) if name.startswith("demo.theralog-")
    }


def test_an_empty_folder_may_be_exported_into(casebook: Casebook, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert export(casebook, tmp_path / "out")


@pytest.mark.parametrize("name", ["thesis.docx", "labs.csv"])
def test_a_folder_with_other_files_is_left_as_it_is(
    casebook: Casebook, tmp_path: Path, name: str
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("mine")
    with pytest.raises(KnownError, match="not of an earlier export"):
        export(casebook, tmp_path / "out")
    assert names(tmp_path / "out") == {name}


def test_a_failure_keeps_the_earlier_export(
    casebook: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(casebook, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.csv")}

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(summary, "write", fail)
    with pytest.raises(KnownError, match="No space left"):
        export(casebook, tmp_path / "out")
    assert before == {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.csv")}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_folder_that_cannot_be_moved_into_place_keeps_the_earlier_export(
    casebook: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(casebook, tmp_path / "out")
    before = names(tmp_path / "out")
    rename = Path.rename
    moves = []

    def refuse_second(self: Path, target: Path) -> Path:
        moves.append(target)
        if len(moves) == 2:
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse_second)
    with pytest.raises(KnownError, match="Permission denied"):
        export(casebook, tmp_path / "out")
    assert names(tmp_path / "out") == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_an_export_can_be_stopped(casebook: Casebook, tmp_path: Path) -> None:
    heard = []

    def stop(done: int, total: int, doing: str) -> None:
        heard.append((done, total, doing))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(casebook, tmp_path / "out", stop)
    assert [done for done, _, _ in heard] == [0, 1, 2]
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]


def test_the_demo_is_marked_synthetic_and_keeps_what_was_changed(tmp_path: Path) -> None:
    path = demo.make_demo(tmp_path / "data")
    with Casebook.open(path) as casebook:
        assert casebook.setting(demo.SYNTHETIC) == "yes"
        with casebook.step("Change") as step:
            step.put("setting", {"name": "mine", "value": "kept"})
    with Casebook.open(demo.make_demo(tmp_path / "data")) as casebook:
        assert casebook.setting("mine") == "kept"


def test_the_codebook_lists_files_in_one_order(tmp_path: Path) -> None:
    codebook.write(tmp_path / "codebook.csv")
    first = (tmp_path / "codebook.csv").read_bytes()
    codebook.write(tmp_path / "codebook.csv")
    assert (tmp_path / "codebook.csv").read_bytes() == first
