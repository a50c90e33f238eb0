"""A disk that is full or fails at any write: a sentence, nothing lost, nothing stray.

Every n-th write, fsync, truncation and rename below the casebook's folder fails, by a library that
is loaded before the C library (Linux, with a C compiler). `make torture` tries every n; otherwise a
few of each scenario are tried.
"""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from model.records import checks
from model.store.backups import writing
from model.store.casebook import Casebook
from tests.older_casebooks import older_casebook
from tests.torture.fault_scenarios import PASSPHRASE, SCENARIOS, STEPS

ROOT = Path(__file__).parents[2]
COMPILER = shutil.which("cc") or shutil.which("gcc")
ENOSPC, EIO = "28", "5"
_FEW = 3

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or COMPILER is None, reason="needs Linux and a C compiler"
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("faults") / "faults.so"
    source = Path(__file__).with_name("faults.c")
    command = [str(COMPILER), "-shared", "-fPIC", "-o", str(path), str(source), "-ldl"]
    subprocess.run(command, check=True, timeout=120)
    return path


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a casebook, a backup of it, an older casebook, and a tidy folder beside it."""
    base = tmp_path_factory.mktemp("prepared")
    folder = base / "work"
    folder.mkdir()
    with Casebook.create(folder / "mine.theralog") as casebook:
        for number in range(3):
            with casebook.step("Add patient") as step:
                step.put("patient", {"code": f"P-{number}"})
        writing.backup(casebook, at=datetime(2024, 3, 1))
    older_casebook(folder / "older.theralog", "m005")
    tidy = base / "tidy"
    tidy.mkdir()
    (tidy / "patients.csv").write_text("patient_id,sex\nT-1,F\nT-2,M\n")
    return base


def _run(
    scenario: str, base: Path, library: Path, at: int, errno: str, *, once: bool
) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {
        "LD_PRELOAD": str(library),
        "FAULT_FOLDER": str(base / "work"),
        "FAULT_AT": str(at),
        "FAULT_ERRNO": errno,
        "FAULT_COUNT": str(base / "count"),
        "XDG_DATA_HOME": str(base / "home"),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        **({"FAULT_ONCE": "1"} if once else {}),
    }
    return subprocess.run(
        [sys.executable, "-m", "tests.torture.fault_scenarios", scenario, str(base / "work")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def _codes(path: Path, passphrase: str | None = None) -> set[str]:
    with Casebook.open(path, passphrase) as casebook:
        assert checks.check(casebook) == []
        return set(casebook.columns("select code from patient")["code"])


def _look(scenario: str, folder: Path, done: "subprocess.CompletedProcess[str]") -> None:
    """Check that nothing is lost, untrue or stray after a run."""
    where = (done.args[-2:], done.stdout, done.stderr)
    assert done.returncode in (0, 1), where
    assert "Traceback" not in done.stderr, where
    assert (done.returncode == 0) == done.stdout.endswith("done\n"), where
    assert done.returncode == 0 or len(done.stderr.strip()) > 20, where
    assert [each.name for each in folder.iterdir() if each.name.startswith(".")] == [], where
    is_done = done.returncode == 0
    before = {"P-0", "P-1", "P-2"}
    mine = folder / "mine.theralog"
    match scenario:
        case "new":
            assert (folder / "new.theralog").exists() == is_done, where
            assert is_done or "No file was left" in done.stderr or "-wal" not in done.stderr, where
            if is_done:
                assert _codes(folder / "new.theralog") == {"T-1", "T-2"}
        case "save":
            saved = {f"S-{n}" for n in range(done.stdout.count("saved"))}
            tried = {f"S-{n}" for n in range(STEPS)}
            codes = _codes(mine)
            assert before | saved <= codes <= before | tried, where
        case "upgrade":
            with Casebook.open(folder / "older.theralog") as older:
                assert len(older.rows("select 1 from patient")) == 2, where
                assert checks.check(older) == [], where
        case "rekey":
            assert _codes(mine, PASSPHRASE) == before, where
        case "salvage":
            assert (folder / "salvaged.theralog").exists() == is_done, where
        case "erase":
            codes = _codes(mine)
            assert codes == before or codes == before - {"P-0"}, where
            assert not is_done or codes == before - {"P-0"}, where
        case "export" | "backup" | "restore":
            assert _codes(mine) == before, where
            assert not is_done or scenario != "export" or (folder / "out" / "patients.csv").exists()


def _try(scenario: str, prepared: Path, library: Path, tmp_path: Path, *, every: bool) -> int:
    count_base = Path(shutil.copytree(prepared, tmp_path / "count"))
    whole = _run(scenario, count_base, library, 0, ENOSPC, once=False)
    assert whole.returncode == 0, whole.stderr
    writes = int((count_base / "count").read_text())
    assert writes > 3
    tried = range(1, writes + 1) if every else range(1, writes + 1, max(1, writes // _FEW))
    for at in tried:
        for errno, once in ((ENOSPC, False), (EIO, True)) if every else ((ENOSPC, False),):
            base = Path(shutil.copytree(prepared, tmp_path / f"{at}-{errno}"))
            _look(scenario, base / "work", _run(scenario, base, library, at, errno, once=once))
            shutil.rmtree(base)
    return len(tried)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_full_disk_at_a_few_writes(
    scenario: str, prepared: Path, library: Path, tmp_path: Path
) -> None:
    assert _try(scenario, prepared, library, tmp_path, every=False) >= 3


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_disk_that_fails_at_every_write(
    scenario: str, prepared: Path, library: Path, tmp_path: Path
) -> None:
    assert _try(scenario, prepared, library, tmp_path, every=True) > 3
