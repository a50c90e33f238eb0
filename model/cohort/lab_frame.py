"""Laboratory results as one frame, however many there are: kept in codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.cohort.lab_columns import DAY, LabColumns, damaged
from model.reference import analytes, units

Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]

_WORDS = {
    "analyte": "analyte",
    "comparator": "comparator",
    "unit": "unit",
    "lln_text": "lln",
    "uln_text": "uln",
}
_IN_UNIT = {"value": "written", "lln": "lln_text", "uln": "uln_text"}


def frame(results: LabColumns) -> pd.DataFrame:
    """All results, by patient_id, analyte and time, of one time in the order they were entered.

    patient_id; taken_on (datetime64); minute (of the day, −1 where no time is recorded); analyte,
    comparator, written (the value), unit, lln_text, uln_text (categories, as they were written);
    fasting (1, 0 or missing); value, lln, uln (in the analyte's canonical unit, missing where the
    analyte or the unit is not known).
    """
    about = results.abouts
    words = {
        name: _categories([getattr(a, field) for a in about]) for name, field in _WORDS.items()
    }
    days = np.array([moment[:DAY] for moment in results.moments], dtype="datetime64[D]")
    minutes = np.array([*map(_minute, results.moments)], dtype="int16")
    fasting = np.array([np.nan if a.fasting is None else a.fasting for a in about], "float32")
    factors = np.array([_factor(a.analyte, a.unit or "") for a in about], dtype="float64")
    order = np.lexsort(
        [
            minutes[results.moment],
            days[results.moment],
            words["analyte"].codes[results.about],
            results.patient,
        ]
    )
    which, when = results.about[order], results.moment[order]
    found = pd.DataFrame(
        {
            "taken_on": days[when].astype("datetime64[s]"),
            "patient_id": results.patient[order],
            "minute": minutes[when],
            "fasting": fasting[which],
            "written": pd.Categorical.from_codes(
                results.value[order], categories=_index(results.values)
            ),
            **{name: word.take(which) for name, word in words.items()},
        }
    )
    for name, text in _IN_UNIT.items():
        found[name] = as_numbers(found[text]) * factors[which]
    return found


def as_numbers(texts: pd.Series) -> Floats:
    """What is written in a column of categories, as numbers; NaN where nothing is."""
    try:
        numbers = np.array([*map(float, texts.cat.categories), np.nan])
    except ValueError as error:
        raise damaged("a value or a limit that is no number") from error
    found: Floats = numbers[texts.cat.codes.to_numpy()]
    return found


def _categories(texts: Sequence[str | None]) -> pd.Categorical:
    """Texts as categories in the order in which they are met; empty ones are missing."""
    different = [text for text in dict.fromkeys(texts) if text]
    return pd.Categorical([text or None for text in texts], categories=_index(different))


def _index(texts: Sequence[str]) -> pd.Index:
    return pd.Index(texts, dtype="str")


def _minute(moment: str) -> int:
    time = moment[DAY + 1 :]
    return int(time[:2]) * 60 + int(time[3:]) if time else -1


def _factor(key: str, unit: str) -> float:
    """What a value is multiplied with to be in the canonical unit; NaN where none is known."""
    analyte = analytes.find(key)
    known = units.parse(analyte.key, unit) if analyte else None
    return float(known.factor) if known else np.nan
