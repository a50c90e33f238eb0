"""Laboratory results as one frame, however many there are: read in parts, kept in codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from model import analytes, units
from model.asking import Asks

Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]

_PART = 100_000  # rows at a time: what was read of one part is gone before the next
_ROW, _FIELD = "\x1e", "\x1f"  # what parts rows and fields, and stands in no text
_ABOUT = ("comparator", "lln_text", "uln_text", "fasting", "taken_at", "analyte", "unit")
_WORDS = ("analyte", "comparator", "unit", "lln_text", "uln_text")
_IN_UNIT = {"value": "written", "lln": "lln_text", "uln": "uln_text"}


def read(asks: Asks) -> pd.DataFrame:
    """All results, by patient_id, analyte and time, of one time in the order they were entered.

    patient_id; taken_on (datetime64); minute (of the day, −1 where no time is recorded); analyte,
    comparator, written (the value), unit, lln_text, uln_text (categories, as they were written);
    fasting (1, 0 or missing); value, lln, uln (in the analyte's canonical unit, missing where the
    analyte or the unit is not known).
    """
    values, days, about = _Words(), _Words(), _Words()
    none = np.empty(0, dtype="int32")
    parts: list[tuple[Array, ...]] = [(none.astype("int64"), none, none, none)]
    parts += (
        (
            np.array(row["patient_id"].split(_ROW), dtype="int64"),
            *(
                words.codes(row[name].split(_ROW))
                for name, words in zip(
                    ("day", "written", "about"), (days, values, about), strict=True
                )
            ),
        )
        for row in _parts(asks)
    )
    patient, date, value, which = (np.concatenate(each) for each in zip(*parts, strict=True))
    parts.clear()
    day = np.array(days.texts, dtype="datetime64[D]")[date]
    told = [text.split(_FIELD, len(_ABOUT) - 1) for text in about.texts]
    of_about = {name: [each[place] for each in told] for place, name in enumerate(_ABOUT)}
    words = {name: _categories(of_about[name]) for name in _WORDS}
    minutes = np.array([*map(_minute, of_about["taken_at"])], dtype="int16")
    fasting = np.array([float(each or "nan") for each in of_about["fasting"]], dtype="float32")
    order = np.lexsort([minutes[which], day, words["analyte"].codes[which], patient])
    which = which[order]
    found = pd.DataFrame(
        {
            "taken_on": day[order].astype("datetime64[s]"),
            "patient_id": patient[order],
            "minute": minutes[which],
            "fasting": fasting[which],
            "written": pd.Categorical.from_codes(value[order], categories=_index(values.texts)),
            **{name: word.take(which) for name, word in words.items()},
        }
    )
    factors = np.array([*map(_factor, of_about["analyte"], of_about["unit"])], dtype="float64")
    for name, text in _IN_UNIT.items():
        found[name] = as_numbers(found[text]) * factors[which]
    return found


def as_numbers(texts: pd.Series) -> Floats:
    """What is written in a column of categories, as numbers; NaN where nothing is."""
    numbers = np.array([*map(float, texts.cat.categories), np.nan])
    found: Floats = numbers[texts.cat.codes.to_numpy()]
    return found


def _parts(asks: Asks) -> Iterator[dict[str, Any]]:
    last = 0
    while True:
        [row] = asks.rows(_RESULTS, after=last, size=_PART)
        if not row["size"]:
            return
        last = row["last"]
        yield row


class _Words:
    """The different texts of a column, numbered as they are met."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = defaultdict(count().__next__)

    @property
    def texts(self) -> list[str]:
        return list(self._numbers)

    def codes(self, texts: list[str]) -> Array:
        return np.fromiter(map(self._numbers.__getitem__, texts), dtype="int32", count=len(texts))


def _categories(texts: Sequence[str]) -> pd.Categorical:
    """Texts as categories in the order in which they are met; empty ones are missing."""
    different = [text for text in dict.fromkeys(texts) if text]
    return pd.Categorical([text or None for text in texts], categories=_index(different))


def _index(texts: Sequence[str]) -> pd.Index:
    return pd.Index(texts, dtype="str")


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:]) if text else -1


def _factor(key: str, unit: str) -> float:
    """What a value is multiplied with to be in the canonical unit; NaN where none is known."""
    analyte = analytes.find(key)
    known = units.parse(analyte.key, unit) if analyte else None
    return float(known.factor) if known else np.nan


# One row a part, its columns as text: a million dictionaries would take three times as long. What
# many results have in common goes as one text, in the order of `_ABOUT`.
_RESULTS = """
    select max(id) as last, count(*) as size,
           group_concat(patient_id, char(30)) as patient_id,
           group_concat(taken_on, char(30)) as day,
           group_concat(value, char(30)) as written,
           group_concat(
               format('%s' || char(31) || '%s' || char(31) || '%s' || char(31) || '%s' || char(31)
                      || '%s' || char(31) || '%s', comparator, lln, uln, fasting, taken_at,
                      replace(analyte || char(31) || coalesce(unit, ''), char(30), ' ')),
               char(30)
           ) as about
      from (select * from lab_result
             where id > :after and deleted_at is null
             order by id
             limit :size)
    """
