"""How long the tables of a cohort take: of 100 patients, and of 10,000 beside a DuckDB script."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from model.casebook import Casebook
from model.cohort import frames, selecting, tables
from model.cohort.selection import EVERYONE

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WITHOUT_LABS = (
    *("baseline", "exposure", "acute_toxicity", "long_term_toxicity", "all_toxicity"),
    *("response", "survival"),
)
MOST_SECONDS_OF_100 = 0.2
MOST_TIMES_DUCKDB = 1.5
MOST_MEGABYTES = 600
_MEASURED = """
import json, resource, runpy, sys, time
script, sys.argv = sys.argv[1], sys.argv[1:]
begun = time.perf_counter()
runpy.run_path(script, run_name="__main__")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": time.perf_counter() - begun, "megabytes": peak}))
"""


def beside(name: str) -> ModuleType:
    """A module of this folder, which is no package."""
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_summary_of_100_patients_takes_a_fifth_of_a_second(tmp_path: Path) -> None:
    path = tmp_path / "hundred.theralog"
    beside("large_cohort").make(path, 100, None)
    with Casebook.open(path) as casebook:

        def summarise() -> tuple[float, float]:
            begun = time.perf_counter()
            loaded = frames.load(casebook)
            between = time.perf_counter()
            tables.tables(selecting.apply(loaded, EVERYONE), only=WITHOUT_LABS)
            return between - begun, time.perf_counter() - between

        summarise()
        load, count = (min(each) for each in zip(*(summarise() for _ in range(5)), strict=True))
        told = f"100 patients: loaded in {load:.3f} s, summary in {count:.3f} s"
        sys.stdout.write(f"\n{told}\n")
        assert count < MOST_SECONDS_OF_100, told


def test_the_tables_of_10000_patients_take_little_longer_than_a_duckdb_script(
    tmp_path: Path,
) -> None:
    pytest.importorskip("duckdb")
    large = beside("large_cohort")
    path = tmp_path / "large.theralog"
    large.make(path)
    runs = {"cohort_in_theralog": [], "cohort_in_duckdb": []}
    for _ in range(2):
        for name, found in runs.items():
            folder = tmp_path / name
            folder.mkdir(exist_ok=True)
            found.append(measured(HERE / f"{name}.py", path, folder, large.PASSPHRASE))
            assert len(list(folder.glob("*.csv"))) >= 8
    own, other = (min(runs[name], key=lambda one: one["seconds"]) for name in runs)
    ratio = own["seconds"] / other["seconds"]
    peak = max(one["megabytes"] for one in runs["cohort_in_theralog"])
    told = (
        f"10,000 patients, 1,000,000 results: {own['seconds']:.1f} s and {peak:.0f} MB;"
        f" DuckDB {other['seconds']:.1f} s and {other['megabytes']:.0f} MB; ratio {ratio:.2f}"
    )
    sys.stdout.write(f"\n{told}\n")
    assert ratio <= MOST_TIMES_DUCKDB, told
    assert peak <= MOST_MEGABYTES, told


def measured(script: Path, *arguments: object) -> dict[str, float]:
    """Seconds and megabytes at most of a script in a process of its own, imports included."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(script), *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
