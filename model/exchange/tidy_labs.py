"""`labs.csv` straight from the casebook, a patient at a time: there may be a million results.

The cells are those that `tidy_writing` writes from records, at a fraction of time and memory.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from model.asking import Asks
from model.exchange import tidy_cells
from model.exchange.tidy_layout import LABS
from model.patients import Patient

_YES_NO = {None: "", 0: "N", 1: "Y"}
_text = lru_cache(maxsize=4096)(tidy_cells.neutralised)


@lru_cache(maxsize=4096)
def _analyte(key: str) -> str:
    return tidy_cells.written(LABS.column("analyte"), key)


def cells(asks: Asks, patients: Iterable[Patient]) -> Iterator[list[str]]:
    """The cells of the results of these patients, in their order, each patient's by time."""
    for patient in patients:
        code = tidy_cells.neutralised(patient.code)
        for row in asks.rows(_RESULTS, patient_id=patient.id):
            yield _cells(code, row)


def _cells(code: str, row: dict[str, Any]) -> list[str]:
    return [
        code,
        row["taken_on"],
        _text(row["visit"] or ""),
        _analyte(row["analyte"]),
        (row["comparator"] or "") + row["value"],
        _text(row["unit"] or ""),
        row["lln"] or "",
        row["uln"] or "",
        row["taken_at"] or "",
        _YES_NO[row["fasting"]],
        tidy_cells.neutralised(row["comment"] or ""),
    ]


_RESULTS = """
    select taken_on, visit, analyte, comparator, value, unit, lln, uln, taken_at, fasting, comment
      from lab_result
     where patient_id = :patient_id and deleted_at is null
     order by taken_on, taken_at, id
    """
