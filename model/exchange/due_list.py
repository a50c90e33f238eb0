"""The due list as a CSV file: study codes only, and no cell that a spreadsheet would run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from model import whole_file
from model.cells import neutralise
from model.due.items import DueItem
from model.exchange.tidy.writing import write_csv

HEADER = (
    *("patient_id", "what", "cycle_no", "due_on", "days", "state"),
    *("counts_from", "overdue_after", "rests_on", "last_recorded"),
)
"""`days` from the day of writing to the day it is due; negative if that has passed."""


def write(path: Path, items: Iterable[DueItem]) -> None:
    """Write the items, one per row, in their order.

    Raises KnownError if the file cannot be written; what was there is then unchanged.
    """
    with whole_file.replace_file(path) as temporary:
        write_csv(temporary, HEADER, (_row(item) for item in items))


def _row(item: DueItem) -> tuple[str, ...]:
    return (
        neutralise(item.code),
        neutralise(item.what),
        str(item.cycle or ""),
        item.due_on.isoformat(),
        str(item.days),
        item.state.value,
        item.opens_on.isoformat(),
        item.closes_on.isoformat(),
        neutralise(item.counted_from),
        item.last_on.isoformat() if item.last_on else "",
    )
