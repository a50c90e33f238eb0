"""Apply a selection to frames: choose the patients, cut their records off, and set T0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from model.cohort import histology
from model.cohort.frames import Frames
from model.cohort.lines import NOT_RECORDED
from model.cohort.patient_columns import with_derived_columns
from model.cohort.selection import Filter, FilterKind, Selection, at_cut_off
from model.records.biopsies import METASTASIS_SITES, PRIMARY_SITES
from model.records.cycles import modality_of
from model.records.therapies import CATEGORIES
from model.reference import nuclides
from model.reference.agent_names import spell_agent, spell_ligand
from model.reference.vocabulary import collapse_blanks, fold

_RECORDS_OF_PATIENTS = (
    *("biopsies", "metastases", "therapies", "cycles", "administrations", "toxicities"),
    *("assessments", "follow_ups"),
)
"""The frames with a row for each record of a patient."""


def apply_selection(frames: Frames, selection: Selection) -> Frames:
    """Return the frames of the patients that meet all filters, as known at the cut-off, with T0.

    `frames` are those of `frames.load`. The cut-off is the casebook's unless the selection has its
    own. Records after the cut-off are left out, as are patients who have no others. A patient who
    was seen alive or died after the cut-off counts as alive on it. Filters apply to the remaining
    records. The order of patients and of records is kept.
    """
    selection = at_cut_off(selection, frames.casebook_cut_off)
    cut = _cut_off_records(frames, selection)
    patients = with_derived_columns(
        cut.patients, cut.cycles, cut.administrations, cut.biopsies, cut.follow_ups, selection
    )
    cut = replace(cut, patients=patients)
    is_selected = pd.Series(True, index=patients.index)
    for condition in selection.filters:
        is_selected &= meets_filter(cut, condition)
    return _only_patients(cut, patients.index[is_selected])


def meets_filter(frames: Frames, condition: Filter) -> pd.Series:
    """Return whether each patient meets a filter, by patient_id."""
    patients = frames.patients
    if condition.kind in _NUMBERS:
        fulfilled = _within(_NUMBERS[condition.kind](frames), condition)
    elif condition.kind is FilterKind.RECORDS:
        fulfilled = _within(_count_records(frames, condition.values[0]), condition)
    elif condition.kind in _SINGLE_LEVELS:
        levels = _SINGLE_LEVELS[condition.kind](frames).fillna(NOT_RECORDED)
        fulfilled = _is_one_of(levels, condition)
    else:
        rows, levels = _MULTIPLE_LEVELS[condition.kind](frames)
        meeting = rows[_is_one_of(levels, condition)]
        fulfilled = pd.Series(patients.index.isin(meeting), index=patients.index)
    return ~fulfilled if condition.negated else fulfilled


def _is_one_of(levels: pd.Series, condition: Filter) -> pd.Series:
    """Return whether levels are among the values of a filter, in any spelling."""
    spelled = _SPELLED.get(condition.kind, collapse_blanks)
    values = {fold(spelled(value)) for value in condition.values}
    meeting = [level for level in levels.dropna().unique() if fold(level) in values]
    return levels.isin(meeting)


_SPELLED = {
    FilterKind.PRIMARY_SITE: PRIMARY_SITES.spell,
    FilterKind.NUCLIDE: nuclides.spell,
    FilterKind.LIGAND: spell_ligand,
    FilterKind.AGENT: spell_agent,
    FilterKind.PRIOR_THERAPY: CATEGORIES.spell,
    FilterKind.METASTASIS: METASTASIS_SITES.spell,
}


def choices(frames: Frames, kind: FilterKind) -> list[str]:
    """Return the values of a kind of filter that occur in frames, sorted."""
    if kind in _SINGLE_LEVELS:
        levels = _SINGLE_LEVELS[kind](frames).fillna(NOT_RECORDED)
    elif kind in _MULTIPLE_LEVELS:
        levels = _MULTIPLE_LEVELS[kind](frames)[1].dropna()
    else:
        return []
    return sorted(map(str, levels.unique()))


def _cut_off_records(frames: Frames, selection: Selection) -> Frames:
    """Return what was known at the cut-off."""
    if selection.cut_off is None:
        return replace(frames, cut_off=None, read_labs=lambda: frames.labs)
    on, text = pd.Timestamp(selection.cut_off), selection.cut_off.isoformat()
    toxicities = frames.toxicities[~(frames.toxicities["onset_from"] > on)].copy()
    resolved = toxicities["resolved_on"]
    toxicities["resolved_on"] = resolved.where(~(resolved > on))
    cycles = frames.cycles[frames.cycles["given_on"] <= on]
    administrations = frames.administrations
    administrations = administrations[
        administrations["cycle_id"].isin(cycles["cycle_id"]) & (administrations["given_on"] <= on)
    ]
    patients = frames.patients[~frames.patients.index.isin(_not_yet_known(frames, on))].copy()
    diagnosed = patients["diagnosed_on"]
    patients["diagnosed_on"] = diagnosed.where(~(diagnosed > text))
    patients["alive_on"] = patients["alive_on"].where(~(patients["alive_on"] > on), on)
    cut = replace(
        frames,
        patients=patients,
        # A partial date sorts as text by its first day: it is kept if it may be early enough.
        biopsies=_until(frames.biopsies, "taken_on", text),
        metastases=_until(frames.metastases, "found_on", text),
        therapies=_until(frames.therapies, "started_on", text),
        cycles=cycles,
        administrations=administrations,
        toxicities=toxicities,
        assessments=frames.assessments[frames.assessments["assessed_on"] <= on],
        follow_ups=_seen_until(frames.follow_ups, on),
        cut_off=selection.cut_off,
        read_labs=lambda: frames.labs[frames.labs["taken_on"] <= on],
    )
    return _only_patients(cut, patients.index)


def _until(rows: pd.DataFrame, column: str, text: str) -> pd.DataFrame:
    return rows[~(rows[column] > text)]


def _seen_until(follow_ups: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """Return the follow-ups up to a day; a patient seen later, alive or dead, was alive on it."""
    later = follow_ups["seen_on"] > on
    cut = follow_ups[~(later & (follow_ups["status"] == "unknown"))].copy()
    later = later.reindex(cut.index)
    cut.loc[later, "status"] = "alive"
    cut.loc[later, "seen_on"] = on
    return cut


def _not_yet_known(frames: Frames, on: pd.Timestamp) -> pd.Index:
    """Return the patients all of whose dated records are after a day."""
    days = [
        (frames.cycles, "given_on"),
        (frames.toxicities, "onset_from"),
        (frames.assessments, "assessed_on"),
        (frames.follow_ups, "seen_on"),
        (frames.biopsies, "taken_on"),
        (frames.therapies, "started_on"),
        (frames.patients.reset_index(), "diagnosed_on"),
        (frames.patients.reset_index(), "alive_from"),
    ]
    first = pd.concat(
        [
            rows.set_index("patient_id")[column].dropna().astype("str").str[:10]
            for rows, column in days
        ]
    )
    return first.groupby(level=0).min().loc[lambda day: day > on.strftime("%Y-%m-%d")].index


def _only_patients(frames: Frames, ids: pd.Index) -> Frames:
    """Return the frames of these patients only."""
    if len(ids) == len(frames.patients):
        return frames

    def of_these(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["patient_id"].isin(ids)]

    records: dict[str, Any] = {
        name: of_these(getattr(frames, name)) for name in _RECORDS_OF_PATIENTS
    }
    patients = frames.patients.loc[ids]
    return replace(frames, patients=patients, read_labs=lambda: of_these(frames.labs), **records)


def _within(values: pd.Series, condition: Filter) -> pd.Series:
    """Return whether values are within the bounds of a filter, which a missing value never is."""
    fulfilled = values.notna()
    if condition.low is not None:
        fulfilled &= values >= _comparable(condition.low)
    if condition.high is not None:
        fulfilled &= values <= _comparable(condition.high)
    return fulfilled


def _comparable(bound: date | float) -> pd.Timestamp | float:
    return pd.Timestamp(bound) if isinstance(bound, date) else bound


def _count_records(frames: Frames, records: str) -> pd.Series:
    rows = _RECORD_FRAMES[records](frames)
    counts = rows["patient_id"].value_counts()
    return counts.reindex(frames.patients.index).fillna(0)


def _modalities(frames: Frames) -> tuple[pd.Series, pd.Series]:
    by_cycle = frames.administrations.groupby(["patient_id", "cycle_id"])
    agents = by_cycle["agent"].nunique().reset_index()
    return agents["patient_id"], agents["agent"].map(modality_of).astype("str")


_NUMBERS: dict[FilterKind, Callable[[Frames], pd.Series]] = {
    FilterKind.KI67: lambda frames: histology.latest_ki67(frames),
    FilterKind.CYCLES: lambda frames: frames.patients["cycles"],
    FilterKind.AGE: lambda frames: frames.patients["age"],
    FilterKind.FIRST_CYCLE: lambda frames: frames.patients["first_on"],
}
_SINGLE_LEVELS: dict[FilterKind, Callable[[Frames], pd.Series]] = {
    FilterKind.PRIMARY_SITE: lambda frames: frames.patients["primary_site"],
    FilterKind.SEX: lambda frames: frames.patients["sex"],
    FilterKind.STATUS: lambda frames: frames.patients["status"],
    FilterKind.GRADE: lambda frames: histology.latest_grade(frames),
}
_MULTIPLE_LEVELS: dict[FilterKind, Callable[[Frames], tuple[pd.Series, pd.Series]]] = {
    FilterKind.AGENT: lambda frames: _levels(frames.administrations, "agent"),
    FilterKind.NUCLIDE: lambda frames: _levels(frames.administrations, "nuclide"),
    FilterKind.LIGAND: lambda frames: _levels(frames.administrations, "ligand"),
    FilterKind.MODALITY: _modalities,
    FilterKind.PRIOR_THERAPY: lambda frames: _levels(frames.prior_therapies, "category"),
    FilterKind.METASTASIS: lambda frames: _levels(frames.metastases, "site"),
}
_RECORD_FRAMES: dict[str, Callable[[Frames], pd.DataFrame]] = {
    "lab results": lambda frames: frames.labs,
    "biopsies": lambda frames: frames.biopsies,
    "prior therapies": lambda frames: frames.prior_therapies,
    "administrations": lambda frames: frames.administrations,
    "toxicities": lambda frames: frames.toxicities,
    "assessments": lambda frames: frames.assessments,
    "follow-ups": lambda frames: frames.follow_ups,
}


def _levels(rows: pd.DataFrame, column: str) -> tuple[pd.Series, pd.Series]:
    return rows["patient_id"], rows[column]
