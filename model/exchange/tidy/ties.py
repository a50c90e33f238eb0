"""Links between the rows of a tidy folder: to patients, cycles, results and assessments."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from model.exchange.tidy.cells import UnreadableError, in_mbq
from model.exchange.tidy.pictures import Pictures
from model.exchange.tidy.sheets import Row, Sheet
from model.language import _, ngettext
from model.records import images, labs
from model.records.labs import LimitSource
from model.reference import nuclides
from model.store.ids import new_id

NEEDED = {
    "patients": {"id"},
    "administrations": {"cycle_id", "unit"},
    "dismissals": {"patient_id"},
    "key_images": {"patient_id", "image_data_id", "media_type"},
    "settings": set[str](),
    "laboratory_limits": set[str](),
}
"""The fields that must be linked; in all other tables the patient."""

_LAB_LINK = ("lab_date", "lab_time", "lab_analyte")


@dataclass(slots=True)
class Ties:
    """The records that rows can link to, with their new ids."""

    sheets: dict[str, Sheet]
    patients: dict[str, int]
    cycles: dict[tuple[str, int], tuple[int, date | None]]
    results: dict[tuple[str, date, time | None, str], int]
    assessments: dict[tuple[str, date], list[int]]
    """Those of a patient on one day, in the order of their rows."""
    of_line: dict[int, int]
    """The assessment on each line of their file."""
    toxicities: dict[tuple[str, ...], int]
    """The first of each patient, term, version, grade and onset."""
    toxicity_of_line: dict[int, int]
    pictures: Pictures


def number(sheets: dict[str, Sheet], pictures: Pictures) -> Ties:
    """Assign ids to all patients, cycles, results and assessments, in the order of their rows."""
    ties = Ties(sheets, {}, {}, {}, {}, {}, {}, {}, pictures)
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
    for row in sheets["responses"].rows:
        ties.of_line[row.line] = new_id()
        of_day = ties.assessments.setdefault((row.values["patient_id"], row.values["date"]), [])
        of_day.append(ties.of_line[row.line])
    for row in sheets["toxicities"].rows:
        ties.toxicity_of_line[row.line] = new_id()
        ties.toxicities.setdefault(_key_of_toxicity(row, "onset"), ties.toxicity_of_line[row.line])
    return ties


def tie(ties: Ties, row: Row, values: dict[str, Any]) -> None:
    """Add the ids that a row links to to its record's values; a missing one is a fault."""
    code = row.values.get("patient_id")
    if code in ties.patients:
        values["patient_id"] = ties.patients[code]
    elif code is not None and "patient_id" not in row.unreadable and ties.sheets["patients"].usable:
        text = _("There is no patient “{code}” in patients.csv.").format(code=code)
        row.fault("patient_id", text)
    if special := _SPECIAL.get(row.sheet.table.name):
        special(ties, row, values)


def _tie_patient(_ties: Ties, row: Row, values: dict[str, Any]) -> None:
    if "patient_id" in values:
        values["id"] = values.pop("patient_id")
    if row.values["index_basis"] != "chosen":
        return
    if row.values["index_date"] is not None:
        values["index_on"] = row.values["index_date"]
    elif "index_date" not in row.unreadable:
        text = _("The cell is empty, but index_basis is chosen.")
        row.fault("index_date", text)


def _tie_biopsy(_ties: Ties, row: Row, values: dict[str, Any]) -> None:
    """Take Ki-67 apart: the figure, and what was written if it is not plain."""
    given, written = row.values["ki67_pct"], row.values["ki67_written"]
    if given and written and given.figure != written.figure:
        text = _("“{cell}” is given, but by ki67_written it is {expected}.")
        text = text.format(cell=f"{given.figure:g}", expected=f"{written.figure:g}")
        row.fault("ki67_pct", text)
    if reading := written or given:
        values["ki67_percent"], values["ki67_written"] = reading.figure, reading.written


def _tie_cycle(ties: Ties, row: Row, values: dict[str, Any]) -> None:
    key = (row.values["patient_id"], row.values["cycle_no"])
    if key in ties.cycles:
        values["id"] = ties.cycles[key][0]


def _tie_administration(ties: Ties, row: Row, values: dict[str, Any]) -> None:
    values.pop("patient_id", None)
    if cycle := _cycle_of(ties, row):
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
            text = _("“{stated}” differs from the activity, and nothing was measured.").format(
                stated=stated
            )
            row.fault("stated", text)
    for field in values:
        if field.endswith("_mbq"):
            values[field] = in_mbq(values[field], unit)


def _tie_result(ties: Ties, row: Row, values: dict[str, Any]) -> None:
    key = _key_of_result(row)
    if key in ties.results:
        values["id"] = ties.results[key]
    if row.values["limits_from"] == LimitSource.LABORATORY:
        # They are in laboratory_limits.csv, and are none of the result's own.
        for name in ("lln", "uln"):
            values.pop(name, None)
    if "value" in values:
        values["comparator"], values["value"] = values["value"]
        if "analyte" in values:
            values["canonical_value"] = labs.canonical(
                values["analyte"], values["value"], values.get("unit")
            )


def _tie_toxicity(ties: Ties, row: Row, values: dict[str, Any]) -> None:
    values["id"] = ties.toxicity_of_line[row.line]
    if row.values["cycle_no"] is not None and (cycle := _cycle_of(ties, row)):
        values["cycle_id"] = cycle[0]
    _tie_to_result(ties, row, values)


def _tie_dismissal(ties: Ties, row: Row, values: dict[str, Any]) -> None:
    _tie_to_result(ties, row, values)
    if not row.values["closes"] or row.unreadable.intersection(("closes", "toxicity_onset")):
        return
    event_id = ties.toxicities.get(_key_of_toxicity(row, "toxicity_onset"))
    if event_id is not None:
        values["toxicity_id"] = event_id
    elif not {None, row.values["patient_id"]} & ties.sheets["toxicities"].doubtful():
        text = _(
            "There is no toxicity of this patient, term, version, grade and onset in"
            " toxicities.csv."
        )
        row.fault("toxicity_onset", text)


def _tie_to_result(ties: Ties, row: Row, values: dict[str, Any]) -> None:
    day, at, analyte = (row.values[name] for name in _LAB_LINK)
    if (day, at, analyte) == (None, None, None) or row.unreadable.intersection(_LAB_LINK):
        return
    result_id = ties.results.get((row.values["patient_id"], day, at, analyte))
    if result_id is not None:
        values["lab_result_id"] = result_id
    elif not {None, row.values["patient_id"]} & ties.sheets["labs"].doubtful():
        text = _("There is no result of this patient, day, time and analyte in labs.csv.")
        row.fault("lab_date", text)


def _tie_assessment(ties: Ties, row: Row, values: dict[str, Any]) -> None:
    values["id"] = ties.of_line[row.line]


def _tie_key_image(ties: Ties, row: Row, values: dict[str, Any]) -> None:
    for column, field in (("file", "image_data_id"), ("thumbnail", "thumbnail_data_id")):
        if row.values[column] is None:
            continue
        try:
            values[field], kind = ties.pictures.find(row.values[column])
        except UnreadableError as error:
            row.fault(column, str(error))
            continue
        if column == "file":
            values["media_type"] = kind
        elif kind != images.PNG:
            text = _("“{name}” is not a PNG.").format(name=row.values[column])
            row.fault(column, text)
    day, place = row.values["assessment_date"], row.values["assessment_no"]
    if day is None or row.unreadable.intersection(("assessment_date", "assessment_no")):
        return
    of_day = ties.assessments.get((row.values["patient_id"], day), [])
    if 1 <= (place or 1) <= len(of_day) and (place or len(of_day) == 1):
        values["assessment_id"] = of_day[(place or 1) - 1]
    elif not {None, row.values["patient_id"]} & ties.sheets["responses"].doubtful():
        row.fault("assessment_date", _no_assessment(len(of_day)))


def _no_assessment(count: int) -> str:
    if not count:
        return _("There is no assessment of this patient and day in responses.csv.")
    return ngettext(
        "There is {n} assessment of this patient and day: assessment_no must be 1.",
        "There are {n} assessments of this patient and day: assessment_no must say which.",
        count,
    ).format(n=count)


def _cycle_of(ties: Ties, row: Row) -> tuple[int, date | None] | None:
    """Return the id and day of the cycle of a row; if there is none, add a fault."""
    code, cycle_no = row.values["patient_id"], row.values["cycle_no"]
    cycle = ties.cycles.get((code, cycle_no))
    if cycle is None and code in ties.patients and cycle_no is not None:
        certain = not {None, code} & ties.sheets["cycles"].doubtful()
        if certain and "cycle_no" not in row.unreadable:
            text = _("There is no cycle {number} of “{code}” in cycles.csv.").format(
                number=cycle_no, code=code
            )
            row.fault("cycle_no", text)
    return cycle


def _key_of_toxicity(row: Row, onset: str) -> tuple[str, ...]:
    names = ("patient_id", "ctcae_term", "ctcae_version", "grade", onset)
    return tuple(str(row.values[name]).casefold() for name in names)


def _key_of_result(row: Row) -> Any:
    return tuple(row.values[name] for name in ("patient_id", "date", "time", "analyte"))


_SPECIAL: dict[str, Callable[[Ties, Row, dict[str, Any]], None]] = {
    "patients": _tie_patient,
    "pathology": _tie_biopsy,
    "cycles": _tie_cycle,
    "administrations": _tie_administration,
    "labs": _tie_result,
    "toxicities": _tie_toxicity,
    "dismissals": _tie_dismissal,
    "responses": _tie_assessment,
    "key_images": _tie_key_image,
}
