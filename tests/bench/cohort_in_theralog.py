"""The tables of a cohort as Theralog makes them: what `test_cohort_speed` measures."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from model.casebook import Casebook
from model.cohort import frames, selecting, tables
from model.cohort.selection import EVERYONE

NAMES = (
    *("section", "measure", "level", "n", "of", "percent", "estimate", "low", "high", "unit"),
    "definition",
)


def main(casebook: Path, folder: Path, passphrase: str) -> None:
    """Open the casebook, make every table, write each as CSV."""
    with Casebook.open(casebook, passphrase) as opened:
        selected = selecting.apply(frames.load(opened), EVERYONE)
        made = tables.tables(selected)
    for table in made:
        with (folder / f"{table.key}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(
                [getattr(line, name) for name in NAMES] for line in table.lines
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
