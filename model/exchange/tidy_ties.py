"""How the rows of a tidy folder belong together: to patients, to cycles, to results."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from model import labs, nuclides
from model.exchange import tidy_cells
from model.exchange.tidy_columns import Table
from model.exchange.tidy_sheets import Faults, Row, Sheet
from model.ids import new_id

NEEDED = {
    "patients": {"id"},
    "administrations": {"cycle_id", "unit"},
    "dismissals": {"patient_id", "lab_result_id"},
    "settings": set[str](),
}
"""What a record must be tied to; those of all other tables to a patient."""

_LAB_LINK = ("lab_date", "lab_time", "lab_analyte")


@dataclass(slots=True)
class Ties:
    """What rows can belong to, with the ids that it will have."""

    sheets: dict[str, Sheet]
    faults: Faults
    patients: dict[str, int]
    cycles: dict[tuple[str, int], tuple[int, date | None]]
    results: dict[tuple[str, date, time | None, str], int]


def number(sheets: dict[str, Sheet], faults: Faults) -> Ties:
    """Give ids to all patients, cycles and results, in the order of their rows."""
    ties = Ties(sheets, faults, {}, {}, {})
    for row in sheets["patients"].rows:
        if (code := row.values["patient_id"]) is not None:
            ties.patients.setdefault(code, new_id())
    for row in sheets["cycles"].rows:
        code, cycle_no = row.values["patient_id"], row.values["cycle_no"]
        if code is not None and cycle_no is not None:
            ties.cycles.setdefault((code, cycle_no), (new_id(), row.values["date"]))
    for row in sheets["labs"].rows:
        key = _key_of_result(row)
        if None not in (key[0], key[1], key[3]):
            ties.results.setdefault(key, new_id())
    return ties


def tie(ties: Ties, table: Table, row: Row, values: dict[str, Any]) -> None:
    """Add to a record's values what its row belongs to; a fault where there is no such thing."""
    code = row.values.get("patient_id")
    if code in ties.patients:
        values["patient_id"] = ties.patients[code]
    elif code is not None and "patient_id" not in row.unreadable and ties.sheets["patients"].usable:
        text = f"There is no patient “{code}” in patients.csv."
        ties.faults.add(table, row.line, "patient_id", text)
    if special := _SPECIAL.get(table.name):
        special(ties, table, row, values)


def _tie_patient(ties: Ties, table: Table, row: Row, values: dict[str, Any]) -> None:
    if "patient_id" in values:
        values["id"] = values.pop("patient_id")
    if row.values["index_basis"] != "chosen":
        return
    if row.values["index_date"] is not None:
        values["index_on"] = row.values["index_date"]
    elif "index_date" not in row.unreadable:
        text = "The cell is empty, but index_basis says chosen."
        ties.faults.add(table, row.line, "index_date", text)


def _tie_cycle(ties: Ties, _table: Table, row: Row, values: dict[str, Any]) -> None:
    key = (row.values["patient_id"], row.values["cycle_no"])
    if key in ties.cycles:
        values["id"] = ties.cycles[key][0]


def _tie_administration(ties: Ties, table: Table, row: Row, values: dict[str, Any]) -> None:
    values.pop("patient_id", None)
    if cycle := _cycle_of(ties, table, row):
        values["cycle_id"], given_on = cycle
        if values.get("given_on") == given_on:
            values.pop("given_on", None)
    if "unit" not in values and row.values["nuclide"] and "activity_unit" not in row.unreadable:
        values["unit"] = nuclides.unit_for(row.values["nuclide"])
    if "unit" not in values:
        return
    unit = values["unit"]
    activity = row.values["activity"]
    if activity is not None and "measured_mbq" not in values:
        stated = values.setdefault("administered_mbq", activity)
        if stated != activity:
            text = f"“{stated}” differs from the activity, and nothing was measured."
            ties.faults.add(table, row.line, "stated", text)
    for field in values:
        if field.endswith("_mbq"):
            values[field] = tidy_cells.in_mbq(values[field], unit)


def _tie_result(ties: Ties, _table: Table, row: Row, values: dict[str, Any]) -> None:
    key = _key_of_result(row)
    if key in ties.results:
        values["id"] = ties.results[key]
    if "value" in values:
        values["comparator"], values["value"] = values["value"]
        if "analyte" in values:
            values["canonical_value"] = labs.canonical(
                values["analyte"], values["value"], values.get("unit")
            )


def _tie_toxicity(ties: Ties, table: Table, row: Row, values: dict[str, Any]) -> None:
    if row.values["cycle_no"] is not None and (cycle := _cycle_of(ties, table, row)):
        values["cycle_id"] = cycle[0]
    _tie_to_result(ties, table, row, values)


def _tie_to_result(ties: Ties, table: Table, row: Row, values: dict[str, Any]) -> None:
    day, at, analyte = (row.values[name] for name in _LAB_LINK)
    if (day, at, analyte) == (None, None, None) or row.unreadable.intersection(_LAB_LINK):
        return
    result_id = ties.results.get((row.values["patient_id"], day, at, analyte))
    if result_id is not None:
        values["lab_result_id"] = result_id
    elif not {None, row.values["patient_id"]} & ties.sheets["labs"].doubtful():
        text = "There is no result of this patient, day, time and analyte in labs.csv."
        ties.faults.add(table, row.line, "lab_date", text)


def _cycle_of(ties: Ties, table: Table, row: Row) -> tuple[int, date | None] | None:
    """The id and day of the cycle that a row names; None, and a fault, where there is none."""
    code, cycle_no = row.values["patient_id"], row.values["cycle_no"]
    found = ties.cycles.get((code, cycle_no))
    if found is None and code in ties.patients and cycle_no is not None:
        certain = not {None, code} & ties.sheets["cycles"].doubtful()
        if certain and "cycle_no" not in row.unreadable:
            text = f"There is no cycle {cycle_no} of “{code}” in cycles.csv."
            ties.faults.add(table, row.line, "cycle_no", text)
    return found


def _key_of_result(row: Row) -> Any:
    return tuple(row.values[name] for name in ("patient_id", "date", "time", "analyte"))


_SPECIAL: dict[str, Callable[[Ties, Table, Row, dict[str, Any]], None]] = {
    "patients": _tie_patient,
    "cycles": _tie_cycle,
    "administrations": _tie_administration,
    "labs": _tie_result,
    "toxicities": _tie_toxicity,
    "dismissals": _tie_to_result,
}
