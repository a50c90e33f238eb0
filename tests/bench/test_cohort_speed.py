"""How long a cohort's numbers take: of 100 patients, and exported of 10,000 beside DuckDB."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from model.cohort import frames, selecting, tables
from model.cohort.selection import EVERYONE
from model.store.casebook import Casebook
from tests.bench import large_cohort

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WITHOUT_LABS = (
    *("baseline", "exposure", "acute_toxicity", "long_term_toxicity", "all_toxicity"),
    *("response", "survival"),
)
MOST_SECONDS_OF_100 = 0.2
RUNS = 3
MOST_TIMES_DUCKDB = 1.5
MOST_MEGABYTES = 600
_MEASURED = """
import json, resource, runpy, sys, time
script, sys.argv = sys.argv[1], sys.argv[1:]
begun = time.perf_counter()
try:
    runpy.run_path(script, run_name="__main__")
except SystemExit as end:
    assert not end.code
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": time.perf_counter() - begun, "megabytes": peak}))
"""


def test_the_summary_of_100_patients_takes_a_fifth_of_a_second(tmp_path: Path) -> None:
    path = tmp_path / "hundred.theralog"
    large_cohort.make(path, 100, None)
    with Casebook.open(path) as casebook:

        def summarise() -> tuple[float, float]:
            begun = time.perf_counter()
            loaded = frames.load(casebook)
            between = time.perf_counter()
            tables.count_tables(selecting.apply_selection(loaded, EVERYONE), only=WITHOUT_LABS)
            return between - begun, time.perf_counter() - between

        summarise()
        load, count = (min(each) for each in zip(*(summarise() for _ in range(5)), strict=True))
        told = f"100 patients: loaded in {load:.3f} s, summary in {count:.3f} s"
        sys.stdout.write(f"\n{told}\n")
        assert count < MOST_SECONDS_OF_100, told


def test_an_export_of_10000_patients_takes_little_longer_than_a_duckdb_script(
    tmp_path: Path,
) -> None:
    pytest.importorskip("duckdb")
    from tests.bench import export_in_duckdb

    casebook, passphrase = tmp_path / "large.theralog", tmp_path / "passphrase"
    large_cohort.make(casebook)
    passphrase.write_text(large_cohort.PASSPHRASE)
    own_folder, other_folder = tmp_path / "own", tmp_path / "other"
    other_folder.mkdir()
    export = ("export", casebook, "--to", own_folder, "--passphrase-file", passphrase)
    own_runs, other_runs = [], []
    for _ in range(RUNS):
        own_runs.append(measured(ROOT / "main.py", *export))
        script = HERE / "export_in_duckdb.py"
        other_runs.append(measured(script, casebook, other_folder, large_cohort.PASSPHRASE))
    for name in export_in_duckdb.RECORDS:
        rows = [lines(folder / f"{name}.csv") for folder in (own_folder, other_folder)]
        assert rows[0] == rows[1], name
    own, other = (min(runs, key=lambda one: one["seconds"]) for runs in (own_runs, other_runs))
    ratio = own["seconds"] / other["seconds"]
    peak = max(one["megabytes"] for one in own_runs)
    told = (
        f"10,000 patients, 1,000,000 results: {own['seconds']:.1f} s and {peak:.0f} MB;"
        f" DuckDB {other['seconds']:.1f} s and {other['megabytes']:.0f} MB; ratio {ratio:.2f}"
    )
    sys.stdout.write(f"\n{told}\n")
    assert ratio <= MOST_TIMES_DUCKDB, told
    assert peak <= MOST_MEGABYTES, told


def lines(path: Path) -> int:
    """How many lines a file has."""
    with path.open("rb") as file:
        return sum(1 for _ in file)


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
