"""What is due as a CSV file: study codes only, and no cell that a spreadsheet would run."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import Path

from model.cells import neutralised
from model.due.items import DueItem
from model.errors import KnownError
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
    making = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        write_csv(making, HEADER, (_row(item) for item in items))
        making.replace(path)
    except OSError as error:
        raise KnownError(
            f"“{path}” cannot be written: {error.strerror}. What was there is as it was."
        ) from error
    finally:
        making.unlink(missing_ok=True)


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
