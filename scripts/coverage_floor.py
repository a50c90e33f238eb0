"""Print the coverage of each package, and fail if that of `model` is below its floor.

`make test` runs it on the JSON report that the tests write to `build/coverage.json`.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

REPORT = Path(__file__).parents[1] / "build" / "coverage.json"
FLOOR = 95.0
"""The least branch coverage of `model`, in per cent."""
COUNTS = ("covered_lines", "num_statements", "covered_branches", "num_branches")


def main() -> int:
    """Print a line for each package; return 1 if the branch coverage of `model` is too low."""
    totals: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
    for file, numbers in json.loads(REPORT.read_text("utf-8"))["files"].items():
        package = totals[Path(file).parts[0]]
        for count in COUNTS:
            package[count] += numbers["summary"][count]
    for name, package in sorted(totals.items()):
        lines = 100 * package["covered_lines"] / package["num_statements"]
        print(f"{name:10} lines {lines:5.1f} %   branches {_branches(package):5.1f} %")
    if _branches(totals["model"]) < FLOOR:
        print(f"Branch coverage of model/ is below {FLOOR:g} %.", file=sys.stderr)
        return 1
    return 0


def _branches(package: dict[str, int]) -> float:
    """Return the branch coverage in per cent, which is 100 if there are no branches."""
    return (
        100 * package["covered_branches"] / package["num_branches"]
        if package["num_branches"]
        else 100.0
    )


if __name__ == "__main__":
    sys.exit(main())
