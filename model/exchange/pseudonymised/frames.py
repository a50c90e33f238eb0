"""A cohort's frames under the codes of an export, without anything that was typed freely.

A column with a closed list keeps the values on that list, as `model.records.without_identity` does
for records. A text column that is not named here is emptied, so that a column added later reveals
nothing until somebody has reviewed it. Dates are kept, as the tables only count them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd

from model.cohort.frames import Frames
from model.cohort.selection import Selection
from model.ctcae import terms
from model.ctcae.terms import VERSIONS
from model.records import without_identity
from model.records.assessments import CRITERIA, MODALITIES, RESPONSES, TIMEPOINTS
from model.records.biopsies import EVENTS, METASTASIS_SITES, PRIMARY_SITES, WHO_GRADES
from model.records.followups import STATUSES
from model.records.patients import SEXES
from model.records.therapies import CATEGORIES
from model.records.toxicities import ATTRIBUTIONS, PHASES
from model.reference import analytes, nuclides, units
from model.reference.agent_names import LIGANDS

OLDEST_AS = without_identity.OLDEST + 1
"""The age that ages over 89 count as."""

_OTHER_NUCLIDE, _OTHER_LIGAND, _OTHER_UNIT = "other nuclide", "other ligand", "other unit"
_OTHER_ANALYTE = "other analyte"

_LISTS: Mapping[str, tuple[Collection[str], str]] = {
    "sex": (SEXES, "X"),
    "primary_site": (PRIMARY_SITES, "other"),
    "status": (STATUSES, "unknown"),
    "event": (EVENTS, "other"),
    "who_grade": (WHO_GRADES, "other"),
    "site": (METASTASIS_SITES, "other"),
    "category": (CATEGORIES, "other"),
    "ligand": (LIGANDS, _OTHER_LIGAND),
    "version": (VERSIONS, ""),
    "ctcae_version": (VERSIONS, ""),
    "phase": (PHASES, ""),
    "attribution": (ATTRIBUTIONS, ""),
    "timepoint": (TIMEPOINTS, "other"),
    "modality": (MODALITIES, "other imaging"),
    "criteria": (CRITERIA, "other criteria"),
    "response": (RESPONSES, "NE"),
    "comparator": (("<", ">"), ""),
}
KEPT = (
    *("written", "lln_text", "uln_text"),  # numbers
    *("taken_on", "diagnosed_on", "born_on", "found_on"),  # dates
    *("started_on", "ended_on", "onset_on"),
)
_AGES = ("age", "age_at_index")


def without_filters(selection: Selection) -> Selection:
    """Return what an export may reveal of a selection: T0, but not name, filters or cut-off."""
    nuclide = _nuclide(selection.t0_nuclide) if selection.t0_nuclide else ""
    return Selection(t0=selection.t0, t0_nuclide=nuclide, without_cut_off=True)


def sentence_of(selection: Selection) -> str:
    """Describe a selection: whether it has filters and a cut-off, but not which."""
    who = "The patients of a selection" if selection.filters else "All patients"
    cut = "a data cut-off" if selection.cut_off else "no data cut-off"
    return f"{who}; {cut}; {without_filters(selection).t0_words}"


def without_identity_of(
    frames: Frames, codes: Mapping[int, str], oldest: Collection[int] = ()
) -> Frames:
    """Return the frames of the same patients with `codes`, by patient id, as study codes.

    Results of unknown analytes are left out, as they are among the records. The `oldest` patients,
    by id, count as 90 wherever an age is known (see `ages.over_89`).
    """

    def labs() -> pd.DataFrame:
        frame = _frame(frames.labs, codes)
        is_known = frame["analyte"] != _OTHER_ANALYTE
        # Of a million results only what must be is copied.
        return frame if is_known.all() else frame[is_known].reset_index(drop=True)

    changed: dict[str, Any] = {
        field.name: _frame(value, codes)
        for field in fields(frames)
        if isinstance(value := getattr(frames, field.name), pd.DataFrame)
    }
    ages = {name: changed["patients"][name] for name in _AGES}
    is_old = changed["patients"].index.isin(list(oldest))
    changed["patients"] = changed["patients"].assign(
        **{name: age.mask(is_old & age.notna(), OLDEST_AS) for name, age in ages.items()}
    )
    return replace(frames, **changed, read_labs=labs)


def _frame(frame: pd.DataFrame, codes: Mapping[int, str]) -> pd.DataFrame:
    copy = frame.copy(deep=False)
    for name in map(str, copy.columns):
        column = copy[name]
        if name == "code":
            copy[name] = copy.index.map(dict(codes)).astype("str")
        elif name in _AGES:
            copy[name] = column.clip(upper=OLDEST_AS)
        elif is_text(column):
            copy[name] = _texts(column, name)
    return copy


def is_text(column: pd.Series) -> bool:
    """Return whether a column has texts, in whichever dtype pandas stores them."""
    dtype = column.dtype
    return (
        isinstance(dtype, pd.CategoricalDtype | pd.StringDtype)
        or pd.api.types.is_object_dtype(dtype)
        or pd.api.types.is_string_dtype(dtype)
    )


def _texts(column: pd.Series, name: str) -> pd.Series:
    """Return a column of texts as it may be exported; each distinct text is checked once."""
    if name in KEPT:
        return column
    replaced_by = rule(name)
    if replaced_by is None:
        return pd.Series(np.nan, index=column.index, dtype="str")
    if isinstance(column.dtype, pd.CategoricalDtype):
        texts = [replaced_by(str(text)) for text in column.cat.categories]
        distinct = list(dict.fromkeys(texts))
        new_codes = np.array([*map(distinct.index, texts), -1])
        codes = new_codes[column.cat.codes.to_numpy()]
        values = pd.Categorical.from_codes(codes, categories=pd.Index(distinct, dtype="str"))
        return pd.Series(values, index=column.index)
    words = {text: replaced_by(str(text)) for text in column.dropna().unique()}
    return column.map(words).astype(column.dtype)


def rule(name: str) -> Callable[[str], str] | None:
    """Return what replaces a text of a column; None for a column that nobody has reviewed."""
    if name in _LISTS:
        values, other = _LISTS[name]
        return lambda text: text if text in values else other
    return _SPECIAL.get(name)


def _nuclide(text: str) -> str:
    nuclide = nuclides.find(text)
    return nuclide.name if nuclide else _OTHER_NUCLIDE


def _agent(text: str) -> str:
    """Return nuclide and ligand, each checked on its own: `225Ac-DOTA-LM3`."""
    for ligand in LIGANDS:
        if text.endswith(f"-{ligand}"):
            return f"{_nuclide(text.removesuffix(f'-{ligand}'))}-{ligand}"
    if nuclides.find(text):
        return _nuclide(text)
    parts = text.split("-")
    firsts = ("-".join(parts[:n]) for n in range(len(parts) - 1, 0, -1))
    nuclide = next((first for first in firsts if nuclides.find(first)), "")
    return f"{_nuclide(nuclide)}-{_OTHER_LIGAND}"


def _term(text: str) -> str:
    terms_found = (terms.find_term(version, text) for version in VERSIONS)
    return next((term.name for term in terms_found if term), without_identity.OTHER)


def _analyte(text: str) -> str:
    return text if analytes.by_key(text) else _OTHER_ANALYTE


def _unit(text: str) -> str:
    parsed = (units.parse(analyte.key, text) for analyte in analytes.ANALYTES)
    return text if any(parsed) else _OTHER_UNIT


_SPECIAL: Mapping[str, Callable[[str], str]] = {
    "nuclide": _nuclide,
    "agent": _agent,
    "term": _term,
    "verbatim": lambda _text: "",
    "analyte": _analyte,
    "unit": _unit,
}
