"""A cohort's frames without anything that a person typed freely, under the codes of an export.

What has a closed list keeps its value when that is on the list, as `model.without_identity` has it
for records. A column of texts that is not named here is emptied: one that is added later tells
nothing until somebody has judged it. Days stay, as the tables only count them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, replace

import numpy as np
import pandas as pd

from model.cohort.frames import Frames
from model.cohort.selection import Selection
from model.ctcae import terms
from model.records import without_identity
from model.records.administrations import LIGANDS
from model.records.assessments import CRITERIA, MODALITIES, RESPONSES, TIMEPOINTS
from model.records.biopsies import EVENTS, METASTASIS_SITES, WHO_GRADES
from model.records.followups import STATUSES
from model.records.patients import PRIMARY_SITES, SEXES
from model.records.therapies import CATEGORIES
from model.records.toxicities import PHASES, VERSIONS
from model.reference import analytes, nuclides, units

OLDEST_AS = without_identity.OLDEST + 1
"""What ages over 89 count as."""

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
    "timepoint": (TIMEPOINTS, "other"),
    "modality": (MODALITIES, "other imaging"),
    "criteria": (CRITERIA, "other criteria"),
    "response": (RESPONSES, "NE"),
    "comparator": (("<", ">"), ""),
}
_NUMBERS_AS_TEXT = ("written", "lln_text", "uln_text")
_DATES_AS_TEXT = ("taken_on", "diagnosed_on", "born_on", "found_on", "started_on")
_AGES = ("age", "age_at_index")


def told_of(selection: Selection) -> Selection:
    """What of a selection may be told: T0, and neither name, filters nor cut-off."""
    nuclide = _nuclide(selection.t0_nuclide) if selection.t0_nuclide else ""
    return Selection(t0=selection.t0, t0_nuclide=nuclide)


def sentence_of(selection: Selection) -> str:
    """A selection in words that tell neither its filters nor its cut-off, but that it has them."""
    who = "The patients of a selection" if selection.filters else "All patients"
    cut = "a data cut-off" if selection.cut_off else "no data cut-off"
    return f"{who}; {cut}; {told_of(selection).t0_words}"


def without_identity_of(
    frames: Frames, codes: Mapping[int, str], oldest: Collection[int] = ()
) -> Frames:
    """The frames of the same patients; `codes` by patient id take the study codes' place.

    Results of analytes that are not known are left out, as they are among the records. Of the
    `oldest`, by id, any age that is known counts as 90 (see `pseudonymised_ages.over_89`).
    """

    def labs() -> pd.DataFrame:
        found = _frame(frames.labs, codes)
        known = found["analyte"] != _OTHER_ANALYTE
        # Of a million results only what must be is copied.
        return found if known.all() else found[known].reset_index(drop=True)

    made = {
        field.name: _frame(value, codes)
        for field in fields(frames)
        if isinstance(value := getattr(frames, field.name), pd.DataFrame)
    }
    ages = {name: made["patients"][name] for name in _AGES}
    is_old = made["patients"].index.isin(list(oldest))
    made["patients"] = made["patients"].assign(
        **{name: age.mask(is_old & age.notna(), OLDEST_AS) for name, age in ages.items()}
    )
    return replace(frames, **made, read_labs=labs, selection=told_of(frames.selection))


def _frame(frame: pd.DataFrame, codes: Mapping[int, str]) -> pd.DataFrame:
    made = frame.copy(deep=False)
    for name in map(str, made.columns):
        column = made[name]
        if name == "code":
            made[name] = made.index.map(dict(codes)).astype("str")
        elif name in _AGES:
            made[name] = column.clip(upper=OLDEST_AS)
        elif is_text(column):
            made[name] = _texts(column, name)
    return made


def is_text(column: pd.Series) -> bool:
    """Whether a column holds texts, whichever way pandas keeps them."""
    kind = column.dtype
    return (
        isinstance(kind, pd.CategoricalDtype | pd.StringDtype)
        or pd.api.types.is_object_dtype(kind)
        or pd.api.types.is_string_dtype(kind)
    )


def _texts(column: pd.Series, name: str) -> pd.Series:
    """A column of texts, each different text judged once."""
    if name in (*_NUMBERS_AS_TEXT, *_DATES_AS_TEXT):
        return column
    judge = _judge(name)
    if judge is None:
        return pd.Series(np.nan, index=column.index, dtype="str")
    if isinstance(column.dtype, pd.CategoricalDtype):
        told = [judge(str(text)) for text in column.cat.categories]
        different = list(dict.fromkeys(told))
        places = np.array([*map(different.index, told), -1])
        codes = places[column.cat.codes.to_numpy()]
        made = pd.Categorical.from_codes(codes, categories=pd.Index(different, dtype="str"))
        return pd.Series(made, index=column.index)
    words = {text: judge(str(text)) for text in column.dropna().unique()}
    return column.map(words).astype(column.dtype)


def is_judged(name: str) -> bool:
    """Whether it is known what a column of texts may tell."""
    return name in ("code", *_NUMBERS_AS_TEXT, *_DATES_AS_TEXT) or _judge(name) is not None


def _judge(name: str) -> Callable[[str], str] | None:
    """What a text of a column becomes; None for a column that nobody has judged."""
    if name in _LISTS:
        known, other = _LISTS[name]
        return lambda text: text if text in known else other
    return _SPECIAL.get(name)


def _nuclide(text: str) -> str:
    known = nuclides.find(text)
    return known.name if known else _OTHER_NUCLIDE


def _agent(text: str) -> str:
    """Nuclide and ligand, each judged by itself: `225Ac-DOTA-LM3`."""
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
    found = (terms.find_term(version, text) for version in VERSIONS)
    return next((term.name for term in found if term), without_identity.OTHER)


def _analyte(text: str) -> str:
    return text if analytes.by_key(text) else _OTHER_ANALYTE


def _unit(text: str) -> str:
    parsed = (units.parse(analyte.key, text) for analyte in analytes.ANALYTES)
    return text if any(parsed) else _OTHER_UNIT


_SPECIAL: Mapping[str, Callable[[str], str]] = {
    "nuclide": _nuclide,
    "agent": _agent,
    "term": _term,
    "analyte": _analyte,
    "unit": _unit,
}
