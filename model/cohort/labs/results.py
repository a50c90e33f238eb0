"""Read all laboratory results of a casebook as columns and as a frame: a million at once.

They are read in parts. Each column of a part is read as one long text, which takes a third of the
time of single rows. Equal texts are stored once, and a result refers to them by position.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.errors import DamagedCasebook
from model.language import _
from model.records.labs import LimitSource, acceptable_values
from model.records.starts import moments_column
from model.reference import analytes, units
from model.reference.plausibility import each_holds
from model.store.reader import Reader

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

DAY = len("2024-03-01")
"""The length of the day in a moment."""

_PART = 100_000  # rows at a time, so that only one part is in memory as text
_BETWEEN = "\x1e"  # separates the rows of a part; no JSON, date or number contains it


class SharedFields(NamedTuple):
    """The fields that many results have in common, as recorded; None if empty.

    `limits_from` is `laboratory` if the limits are those of the laboratory and not of the result.
    """

    analyte: str
    comparator: str | None
    unit: str | None
    lln: str | None
    uln: str | None
    fasting: int | None
    visit: str | None
    comment: str | None
    confirmed: str | None = None
    laboratory: str | None = None
    limits_from: str = ""

    @property
    def source(self) -> str:
        """The source of the limits: `result`, `laboratory`, or empty if there are none."""
        if self.lln is None and self.uln is None:
            return ""
        return self.limits_from or LimitSource.RESULT.value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabColumns:
    """The results that are not in the bin, in the order in which they were entered.

    `patient` are ids (n,). `moment`, `value` and `shared` are positions in `moments`, `values` and
    `shared_fields` (n,). A moment is `2024-03-01`, or `2024-03-01T09:30` if a time is recorded;
    moments sort as text. A value is the number as it was written, without its comparator.
    """

    patient: Array
    moment: Array
    value: Array
    shared: Array
    moments: list[str]
    values: list[str]
    shared_fields: list[SharedFields]

    def by_patient(self, patient_ids: Sequence[int]) -> tuple[Array, Array]:
        """Return the rows of some patients, and the position of each row's patient among them.

        Patients are in the given order, their results by moment, then as entered.
        """
        if not patient_ids:
            return np.empty(0, dtype="int64"), np.empty(0, dtype="int64")
        positions = np.argsort(patient_ids)
        ordered = np.array(patient_ids, dtype="int64")[positions]
        nearest = np.minimum(np.searchsorted(ordered, self.patient), len(ordered) - 1)
        known = np.flatnonzero(ordered[nearest] == self.patient)
        position = positions[nearest[known]]
        order = np.lexsort([self._ranks()[self.moment[known]], position])
        return known[order], position[order]

    def first_and_last(self) -> Iterator[tuple[int, date]]:
        """Yield the first and the last day of each patient's results, with the patient's id."""
        rows = np.lexsort([self._ranks()[self.moment], self.patient])
        if not len(rows):
            return
        new = np.diff(self.patient[rows]) != 0
        for of_each in (np.append(True, new), np.append(new, True)):
            for row in rows[of_each].tolist():
                moment = self.moments[self.moment[row]]
                yield int(self.patient[row]), date.fromisoformat(moment[:DAY])

    def _ranks(self) -> Array:
        """Return the rank of each moment in time."""
        ranks = np.empty(len(self.moments), dtype="int64")
        ranks[np.argsort(np.array(self.moments, dtype="str"))] = np.arange(len(ranks))
        return ranks


def read(reader: Reader) -> LabColumns:
    """Read all results of a casebook; raises DamagedCasebook if rows cannot be separated."""
    moments, values, shared_fields = _TextNumbers(), _TextNumbers(), _TextNumbers()
    none = np.empty(0, dtype="int32")
    parts: list[tuple[Array, ...]] = [(none.astype("int64"), none, none, none)]
    parts += (
        (
            np.array(_split(row, "patient"), dtype="int64"),
            moments.of(_split(row, "moment")),
            values.of(_split(row, "value")),
            shared_fields.of(_split(row, "about")),
        )
        for row in _parts(reader)
    )
    patient, moment, value, about = (np.concatenate(each) for each in zip(*parts, strict=True))
    return LabColumns(
        patient=patient,
        moment=moment,
        value=value,
        shared=about,
        moments=moments.texts,
        values=values.texts,
        shared_fields=[SharedFields(*json.loads(text)) for text in shared_fields.texts],
    )


def _parts(reader: Reader) -> Iterator[dict[str, Any]]:
    last = 0
    while True:
        [row] = reader.rows(_RESULTS, after=last, size=_PART)
        if not row["size"]:
            return
        last = row["last"]
        yield row


def _split(row: dict[str, Any], column: str) -> list[str]:
    """Return the texts of a column; raises DamagedCasebook if their number is wrong."""
    texts: list[str] = row[column].split(_BETWEEN)
    if len(texts) != row["size"]:
        raise damaged(_("an unexpected separator ({column})").format(column=column))
    return texts


def damaged(content: str) -> DamagedCasebook:
    """Return the error for a result with an impossible content."""
    return DamagedCasebook(
        _(
            "A laboratory result contains {what}. Nothing was counted. Run theralog check, and open"
            " the newest backup."
        ).format(what=content)
    )


class _TextNumbers:
    """The distinct texts of a column, numbered by first occurrence."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = defaultdict(count().__next__)

    @property
    def texts(self) -> list[str]:
        return list(self._numbers)

    def of(self, texts: list[str]) -> Array:
        return np.fromiter(map(self._numbers.__getitem__, texts), dtype="int32", count=len(texts))


_RESULTS = """
    select max(id) as last, count(*) as size,
           group_concat(patient_id, char(30)) as patient,
           group_concat(taken_on || coalesce('T' || taken_at, ''), char(30)) as moment,
           group_concat(value, char(30)) as value,
           group_concat(
               json_array(analyte, comparator, unit, lln, uln, fasting, visit, comment,
                          confirmed, laboratory), char(30)
           ) as about
      from (select * from lab_result
             where id > :after and deleted_at is null
             order by id
             limit :size)
    """


_CATEGORIES = {
    "analyte": "analyte",
    "comparator": "comparator",
    "unit": "unit",
    "lln_text": "lln",
    "uln_text": "uln",
}
_IN_UNIT = {"value": "written", "lln": "lln_text", "uln": "uln_text"}


def frame(results: LabColumns) -> pd.DataFrame:
    """Return all results, by patient_id, analyte and time, then in the order they were entered.

    The columns are patient_id; taken_on (datetime64); minute (of the day, −1 if no time is
    recorded); moment (see `model.records.starts`); analyte, comparator, written (the value), unit,
    lln_text, uln_text (categories, as they were written); fasting (1, 0 or missing); value, lln,
    uln (in the analyte's canonical unit, missing if the analyte or the unit is not known);
    is_questioned (see `LabResult.is_questioned`).
    """
    about = results.shared_fields
    categories = {
        name: _categories([getattr(a, field) for a in about]) for name, field in _CATEGORIES.items()
    }
    days = np.array([moment[:DAY] for moment in results.moments], dtype="datetime64[D]")
    minutes = np.array([*map(_minute, results.moments)], dtype="int16")
    fasting = np.array([np.nan if a.fasting is None else a.fasting for a in about], "float32")
    factors = np.array([_factor(a.analyte, a.unit or "") for a in about], dtype="float64")
    order = np.lexsort(
        [
            minutes[results.moment],
            days[results.moment],
            categories["analyte"].codes[results.shared],
            results.patient,
        ]
    )
    which, when = results.shared[order], results.moment[order]
    result_frame = pd.DataFrame(
        {
            "taken_on": days[when].astype("datetime64[s]"),
            "patient_id": results.patient[order],
            "minute": minutes[when],
            "fasting": fasting[which],
            "written": pd.Categorical.from_codes(
                results.value[order], categories=_index(results.values)
            ),
            **{name: column.take(which) for name, column in categories.items()},
        }
    )
    for name, text in _IN_UNIT.items():
        result_frame[name] = as_numbers(result_frame[text]) * factors[which]
    result_frame["moment"] = moments_column(result_frame["taken_on"], result_frame["minute"])
    ranges = [
        acceptable_values(a.analyte, a.unit, *_reported_limits(a), a.confirmed) for a in about
    ]
    result_frame["is_questioned"] = ~each_holds(ranges, which, as_numbers(result_frame["written"]))
    return result_frame


def as_numbers(texts: pd.Series) -> Floats:
    """Return the texts of a categorical column as numbers; NaN if missing."""
    try:
        numbers = np.array([*map(float, texts.cat.categories), np.nan])
    except ValueError as error:
        raise damaged(_("a value or a limit that is not a number")) from error
    values: Floats = numbers[texts.cat.codes.to_numpy()]
    return values


def _categories(texts: Sequence[str | None]) -> pd.Categorical:
    """Return texts as categories in order of first occurrence; empty texts are missing."""
    different = [text for text in dict.fromkeys(texts) if text]
    return pd.Categorical([text or None for text in texts], categories=_index(different))


def _index(texts: Sequence[str]) -> pd.Index:
    return pd.Index(list(texts), dtype="str")


def _minute(moment: str) -> int:
    time = moment[DAY + 1 :]
    return int(time[:2]) * 60 + int(time[3:]) if time else -1


def _reported_limits(about: SharedFields) -> tuple[Decimal | None, Decimal | None]:
    """Return the limits that were reported with a result, not those of its laboratory."""
    if about.source != LimitSource.RESULT:
        return None, None
    lln, uln = (None if text is None else Decimal(text) for text in (about.lln, about.uln))
    return lln, uln


def _factor(key: str, unit: str) -> float:
    """Return the factor from a unit to the canonical unit; NaN for an unknown unit."""
    analyte = analytes.find(key)
    known = units.parse(analyte.key, unit) if analyte else None
    return float(known.factor) if known else np.nan
