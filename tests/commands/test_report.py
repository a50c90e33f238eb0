"""`theralog report` and the figures of `theralog export`: drawn without a window or a display."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import main
from commands.shared import INVALID_DATA, PASSPHRASE_VARIABLE, WRONG_USAGE
from model.store.casebook import Casebook

ROOT = Path(__file__).parents[2]
OF_A_DISPLAY = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.fixture(scope="module")
def demo(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(demo_file, tmp_path_factory.mktemp("demo")))


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A page in a process of its own, without a terminal or a display."""
    return command("report", *arguments)


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, without a terminal or a display."""
    environment = {name: os.environ[name] for name in set(os.environ) - set(OF_A_DISPLAY)}
    return subprocess.run(
        [sys.executable, f"{ROOT / 'main.py'}", *map(str, arguments)],
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
    assert done.stderr == (
        f"On the page the patient is {code}; the journal keeps which patient it is.\n"
    )
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
    assert code == WRONG_USAGE
    assert "There is no patient “SYN-999”" in told
    assert not page.exists()


def test_a_file_that_is_there_is_never_written_over(demo, tmp_path, capsys):
    page = tmp_path / "page.pdf"
    page.write_text("mine")
    code, told = refused(capsys, demo, "--patient", "SYN-001", "--to", page)
    assert code == WRONG_USAGE
    assert "already" in told
    assert page.read_text() == "mine"


def test_a_folder_that_is_not_there_is_named(demo, tmp_path, capsys):
    page = tmp_path / "nowhere" / "page.pdf"
    code, told = refused(capsys, demo, "--patient", "SYN-001", "--to", page)
    assert code == WRONG_USAGE
    assert "There is no folder" in told


def test_a_wrong_passphrase_is_told(tmp_path, capsys, monkeypatch):
    locked = tmp_path / "locked.theralog"
    Casebook.create(locked, "right").close()
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "wrong")
    page = tmp_path / "page.pdf"
    code, _told = refused(capsys, locked, "--patient", "SYN-001", "--to", page)
    assert code == INVALID_DATA
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
    assert main.main(arguments) == WRONG_USAGE
    assert "There is no patient" in capsys.readouterr().err
    assert not page.exists()


def test_nobody_needs_to_listen(demo, tmp_path):
    page = tmp_path / "page.pdf"
    command = f"{sys.executable} {ROOT / 'main.py'} report {demo} --patient SYN-001 --to {page} >&-"
    done = subprocess.run(
        ["sh", "-c", command], stderr=subprocess.PIPE, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert done.stderr.startswith("On the page the patient is")
    assert page.exists()


def test_an_export_has_the_figures_of_its_cohort(demo, tmp_path):
    done = command("export", demo, "--to", tmp_path / "out", "--figures")
    assert (done.returncode, done.stdout) == (0, "")
    # One sentence on key images, and none of what draws.
    assert done.stderr.startswith("Key images are exported as the files they were imported as")
    assert done.stderr.count("\n") == 1
    folder = tmp_path / "out" / "figures"
    with (tmp_path / "out" / "figures.csv").open(encoding="utf-8", newline="") as file:
        listed = [row["file"] for row in csv.DictReader(file)]
    assert listed == sorted(path.name for path in folder.iterdir())
    # The demo has no sums of diameters: there is no waterfall.
    kinds = ("ki67", "spaghetti", "survival", "swimmer", "toxicity")
    assert listed == [f"figure_{kind}.{form}" for kind in kinds for form in ("csv", "png", "svg")]
    drawn = (folder / "figure_survival.svg").read_text(encoding="utf-8")
    assert "9 events" in drawn
    assert "Survival. All patients; data cut-off 15 Jan 2026; T0 the first cycle" in drawn
    assert (folder / "figure_swimmer.png").read_bytes().startswith(b"\x89PNG")
    codes = {row.split(",")[0] for row in (folder / "figure_swimmer.csv").read_text().splitlines()}
    assert len(codes) == 21


def test_without_patients_there_are_no_figures(tmp_path):
    assert main.main(["new", str(tmp_path / "empty.theralog")]) == 0
    done = command("export", tmp_path / "empty.theralog", "--to", tmp_path / "out", "--figures")
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "out" / "figures").exists()


def test_figures_name_patients_and_so_are_in_no_pseudonymised_export(demo, tmp_path):
    done = command("export", demo, "--to", tmp_path / "out", "--figures", "--pseudonymised")
    assert done.returncode == 2
    assert "--figures cannot be used with --pseudonymised" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("asked", "stated"),
    [
        ((), "data cut-off 15 Jan 2026"),
        (("--cut-off", "2024-06-30"), "data cut-off 30 Jun 2024"),
        (("--cut-off", "none"), "no data cut-off"),
    ],
)
def test_an_export_is_counted_at_the_cut_off_of_the_casebook_or_another(
    demo: Path, tmp_path: Path, asked: tuple[str, ...], stated: str
) -> None:
    done = command("export", demo, "--to", tmp_path / "out", *asked)
    assert done.returncode == 0
    assert stated in (tmp_path / "out" / "abstract.txt").read_text(encoding="utf-8")
    definitions = (tmp_path / "out" / "definitions.csv").read_text(encoding="utf-8")
    assert stated in definitions
    # Records are exported whatever the cut-off.
    with (tmp_path / "out" / "patients.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 20


def test_a_cut_off_that_is_no_date_is_refused(demo: Path, tmp_path: Path) -> None:
    done = command("export", demo, "--to", tmp_path / "out", "--cut-off", "soon")
    assert done.returncode == WRONG_USAGE
    assert "“soon” is not a date" in done.stderr


def test_an_export_counts_related_toxicities_by_windows_of_days(demo: Path, tmp_path: Path) -> None:
    asked = ("--attribution", "related", "--acute-days", "14", "--subacute-days", "90")
    done = command("export", demo, "--to", tmp_path / "out", *asked)
    assert done.returncode == 0
    with (tmp_path / "out" / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["section"] == "subacute toxicity"]
    assert rows
    assert all("from day 15 to day 90" in row["definition"] for row in rows)
    assert all("definite attribution" in row["definition"] for row in rows)
    done = command("export", demo, "--to", tmp_path / "no", "--subacute-days", "5")
    assert done.returncode == WRONG_USAGE
    assert "Subacute must end later than acute." in done.stderr
