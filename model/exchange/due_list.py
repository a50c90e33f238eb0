"""What is due as a CSV file: study codes only, and no cell that a spreadsheet would run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from model import whole_file
from model.cells import neutralised
from model.due.items import DueItem
from model.exchange.tidy.writing import write_csv

HEADER = (
    *("patient_id", "what", "cycle_no", "due_on", "days", "state"),
    *("counts_from", "overdue_after", "rests_on", "last_recorded"),
)
"""`days` from the day it was written to the day it is due; negative when that has passed."""


def write(path: Path, items: Iterable[DueItem]) -> None:
    """Write what is due, one thing a row, in the order given.

    Raises KnownError when it cannot be written; then what was there is as it was.
    """
    with whole_file.replacing(path) as making:
        write_csv(making, HEADER, (_row(item) for item in items))


def _row(item: DueItem) -> tuple[str, ...]:
    return (
        neutralised(item.code),
        neutralised(item.what),
        str(item.cycle or ""),
        item.due_on.isoformat(),
        str(item.days),
        item.state.value,
        item.opens_on.isoformat(),
        item.closes_on.isoformat(),
        neutralised(item.rests_on),
        item.last_on.isoformat() if item.last_on else "",
    )
