"""A program that is killed at any moment loses no acknowledged step and leaves nothing stray."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.torture import test_faults
from tests.torture.fault_scenarios import SCENARIOS
from tests.torture.test_faults import ROOT, prepared

__all__ = ["prepared"]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a kill as on POSIX")


def _environment(base: Path) -> dict[str, str]:
    return os.environ | {"XDG_DATA_HOME": str(base / "home"), "PYTHONPATH": str(ROOT)}


def _begin(scenario: str, base: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.torture.fault_scenarios", scenario, str(base / "work")],
        cwd=ROOT,
        env=_environment(base),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _kill(scenario: str, prepared: Path, tmp_path: Path, kills: int, chance: random.Random) -> None:
    base = Path(shutil.copytree(prepared, tmp_path / "whole"))
    begun = time.monotonic()
    whole = _begin(scenario, base)
    whole.communicate(timeout=120)
    assert whole.returncode == 0
    seconds = time.monotonic() - begun
    for number in range(kills):
        base = Path(shutil.copytree(prepared, tmp_path / str(number)))
        process = _begin(scenario, base)
        try:
            process.wait(seconds * chance.uniform(0.3, 1.05))
        except subprocess.TimeoutExpired:
            process.kill()
        stdout, stderr = process.communicate(timeout=60)
        # The next start removes what was left under temporary names.
        subprocess.run(
            [sys.executable, "main.py", "--version"],
            cwd=ROOT,
            env=_environment(base),
            check=True,
            capture_output=True,
        )
        is_done = stdout.endswith("done\n")
        done = subprocess.CompletedProcess(
            process.args, 0 if is_done else 1, stdout, stderr or "It was killed by this test."
        )
        if scenario in ("new", "salvage", "erase") and not is_done:
            # The file may be in place already, though nobody was told so.
            name = {"new": "new", "salvage": "salvaged", "erase": "mine"}[scenario]
            path = base / "work" / f"{name}.theralog"
            if path.exists():
                test_faults._codes(path)
        else:
            test_faults._look(scenario, base / "work", done)
        assert [each.name for each in (base / "work").iterdir() if each.name[0] == "."] == []
        shutil.rmtree(base)


@pytest.mark.parametrize("scenario", ["save", "rekey"])
def test_a_few_kills(scenario: str, prepared: Path, tmp_path: Path) -> None:
    _kill(scenario, prepared, tmp_path, 3, random.Random(1))


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_many_kills(scenario: str, prepared: Path, tmp_path: Path) -> None:
    _kill(scenario, prepared, tmp_path, 56, random.Random(scenario))
