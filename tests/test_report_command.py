"""`theralog report`: a page without a window, and one sentence when it cannot be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import main
from model.casebook import Casebook
from model.exchange.demo import make_demo

ROOT = Path(__file__).parents[1]
OF_A_DISPLAY = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_demo(tmp_path_factory.mktemp("demo"))


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, without a terminal or a display."""
    environment = {name: os.environ[name] for name in set(os.environ) - set(OF_A_DISPLAY)}
    return subprocess.run(
        [sys.executable, f"{ROOT / 'main.py'}", "report", *map(str, arguments)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=120,
        env=environment,
    )


def text_of(page: Path) -> str:
    done = subprocess.run(["pdftotext", page, "-"], capture_output=True, text=True, check=True)
    return done.stdout


def journalled(casebook: Path) -> list[dict[str, object]]:
    with Casebook.open(casebook) as opened:
        rows = opened.rows("select * from journal where action = 'Patient summary' order by seq")
    return [json.loads(row["after"]) for row in rows]


def test_a_page_is_pseudonymised_unless_asked_otherwise(demo, tmp_path):
    page = tmp_path / "page.pdf"
    done = run(demo, "--patient", "SYN-001", "--to", page)
    assert (done.returncode, done.stdout) == (0, f"{page}\n")
    noted = journalled(demo)[-1]
    code = noted["code"]
    assert done.stderr == f"The page calls the patient {code}: the journal keeps whose it is.\n"
    assert noted["identified"] is False
    assert noted["file"] == "page.pdf"
    said = text_of(page)
    assert str(code) in said
    assert "SYN-001" not in said
    assert [entry.name for entry in tmp_path.iterdir()] == ["page.pdf"]


def test_an_identified_page_on_letter_paper(demo, tmp_path):
    page = tmp_path / "page.pdf"
    done = run(demo, "--patient", "SYN-002", "--to", page, "--page", "Letter", "--identified")
    assert (done.returncode, done.stderr) == (0, "")
    assert "SYN-002" in text_of(page)
    assert journalled(demo)[-1]["identified"] is True


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str]:
    code = main.main(["report", *map(str, arguments)])
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    return code, told.err


def test_a_patient_who_is_not_there_is_named(demo, tmp_path, capsys):
    page = tmp_path / "page.pdf"
    code, told = refused(capsys, demo, "--patient", "SYN-999", "--to", page)
    assert code == main.CALL_WRONG
    assert "There is no patient “SYN-999”" in told
    assert not page.exists()


def test_a_file_that_is_there_is_never_written_over(demo, tmp_path, capsys):
    page = tmp_path / "page.pdf"
    page.write_text("mine")
    code, told = refused(capsys, demo, "--patient", "SYN-001", "--to", page)
    assert code == main.CALL_WRONG
    assert "already" in told
    assert page.read_text() == "mine"


def test_a_folder_that_is_not_there_is_named(demo, tmp_path, capsys):
    page = tmp_path / "nowhere" / "page.pdf"
    code, told = refused(capsys, demo, "--patient", "SYN-001", "--to", page)
    assert code == main.CALL_WRONG
    assert "There is no folder" in told


def test_a_wrong_passphrase_is_told(tmp_path, capsys, monkeypatch):
    locked = tmp_path / "locked.theralog"
    Casebook.create(locked, "right").close()
    monkeypatch.setenv(main.PASSPHRASE_VARIABLE, "wrong")
    page = tmp_path / "page.pdf"
    code, _told = refused(capsys, locked, "--patient", "SYN-001", "--to", page)
    assert code == main.DATA_AT_FAULT
    assert not page.exists()


def test_a_display_that_cannot_be_reached_is_not_asked_for(demo, tmp_path):
    done = subprocess.run(
        [
            *(sys.executable, f"{ROOT / 'main.py'}", "report", demo, "--patient", "SYN-001"),
            *("--to", tmp_path / "page.pdf"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | {"QT_QPA_PLATFORM": "xcb", "DISPLAY": ""},
    )
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert (tmp_path / "page.pdf").exists()


def test_a_code_that_is_no_text_is_no_patient(demo, tmp_path, capsys):
    page = tmp_path / "page.pdf"
    arguments = ["report", str(demo), "--patient", "SYN\udcff", "--to", str(page)]
    assert main.main(arguments) == main.CALL_WRONG
    assert "There is no patient" in capsys.readouterr().err
    assert not page.exists()


def test_nobody_needs_to_listen(demo, tmp_path):
    page = tmp_path / "page.pdf"
    command = f"{sys.executable} {ROOT / 'main.py'} report {demo} --patient SYN-001 --to {page} >&-"
    done = subprocess.run(
        ["sh", "-c", command], stderr=subprocess.PIPE, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert done.stderr.startswith("The page calls the patient")
    assert page.exists()
