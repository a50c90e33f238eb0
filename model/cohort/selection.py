"""Which patients a table is about, up to when, and from which day on: in words and as a value."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from model.dates import shown
from model.errors import KnownError


class T0(StrEnum):
    """The day from which follow-up is counted."""

    FIRST_CYCLE = "first cycle"
    """Where another T0 is recorded for a patient, that."""
    FIRST_OF_NUCLIDE = "first cycle of a nuclide"
    DIAGNOSIS = "diagnosis"
    RECORDED = "recorded index date"


class Kind(StrEnum):
    """What a filter looks at."""

    AGENT = "radiopharmaceutical"
    NUCLIDE = "nuclide"
    LIGAND = "ligand"
    MODALITY = "modality"
    PRIMARY_SITE = "primary site"
    GRADE = "WHO grade"
    KI67 = "Ki-67"
    PRIOR_THERAPY = "prior therapy"
    FIRST_CYCLE = "first cycle"
    CYCLES = "cycles"
    STATUS = "vital status"
    SEX = "sex"
    AGE = "age at T0"
    METASTASIS = "metastasis"
    RECORDS = "records"


class Takes(StrEnum):
    """What a kind of filter is given."""

    VALUES = "values"
    NUMBERS = "numbers"
    DATES = "dates"
    RECORDS = "records"
    """One kind of record, and how many."""


TAKES: dict[Kind, Takes] = {
    **dict.fromkeys(Kind, Takes.VALUES),
    Kind.KI67: Takes.NUMBERS,
    Kind.CYCLES: Takes.NUMBERS,
    Kind.AGE: Takes.NUMBERS,
    Kind.FIRST_CYCLE: Takes.DATES,
    Kind.RECORDS: Takes.RECORDS,
}

RECORDS = (
    *("lab results", "biopsies", "prior therapies", "administrations", "toxicities"),
    *("assessments", "follow-ups"),
)
"""The records that can be asked for in a number."""

_UNITS = {Kind.KI67: " %", Kind.AGE: " years"}
_THERAPIES = {"prrt": "PRRT"}
Bound = float | date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One thing that is asked of a patient: one of some values, or a range, bounds included.

    `values` are as the frames hold them (`small_bowel`). Of `Kind.RECORDS` they are one of
    `RECORDS`, and `low` and `high` how many. `negated` asks for those of whom it is not so.
    """

    kind: Kind
    values: tuple[str, ...] = ()
    low: Bound = None
    high: Bound = None
    negated: bool = False

    @property
    def words(self) -> str:
        """What is asked, in a few words: `NET G3`, `Ki-67 20–55 %`, `not tandem`."""
        said = self._said()
        return f"not {said}" if self.negated else said

    def _said(self) -> str:
        named = " or ".join(map(_plain, self.values)) or "anything"
        match self.kind:
            case Kind.KI67 | Kind.AGE:
                return f"{self.kind} {_range(self.low, self.high)}{_UNITS[self.kind]}"
            case Kind.CYCLES:
                one = (self.low, self.high) == (1, 1)
                return f"{_range(self.low, self.high)} {'cycle' if one else 'cycles'}"
            case Kind.FIRST_CYCLE:
                return f"first cycle {_range(self.low, self.high)}"
            case Kind.RECORDS:
                return f"{_range(self.low, self.high)} {named}"
            case Kind.PRIOR_THERAPY:
                return f"prior {named}"
            case Kind.MODALITY:
                return f"{named} cycles"
            case Kind.METASTASIS:
                return f"metastases in {named}"
            case Kind.PRIMARY_SITE:
                return f"primary site {named}"
            case _:
                return named

    @property
    def clause(self) -> str:
        """The words as a part of a sentence that begins with “Patients”."""
        if self.kind in (Kind.AGENT, Kind.NUCLIDE, Kind.LIGAND):
            return f"{'not ' if self.negated else ''}treated with {self._said()}"
        return self.words

    def problem(self) -> str | None:
        """Why this filter asks nothing that can be answered, in a sentence; None when it does."""
        if TAKES[self.kind] is Takes.VALUES:
            return None if self.values else f"Choose at least one {self.kind}."
        if self.kind is Kind.RECORDS and (len(self.values) != 1 or self.values[0] not in RECORDS):
            return f"The records are one of {', '.join(RECORDS)}."
        if self.low is None and self.high is None:
            return "Give a lower or an upper bound."
        if self.low is not None and self.high is not None and self.low > self.high:  # type: ignore[operator]
            return "The lower bound is above the upper."
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The patients that fulfil all filters, as known up to a cut-off day, followed from T0 on.

    `t0_nuclide` is the nuclide of `T0.FIRST_OF_NUCLIDE`. `name` is what it is saved under.
    """

    name: str = ""
    filters: tuple[Filter, ...] = ()
    t0: T0 = T0.FIRST_CYCLE
    t0_nuclide: str = ""
    cut_off: date | None = None

    def sentence(self) -> str:
        """The whole in words: who, the data cut-off, and T0."""
        clauses = sorted((each.clause for each in self.filters), key=_treated_first)
        who = f"Patients {', '.join(clauses)}" if clauses else "All patients"
        cut = f"data cut-off {shown(self.cut_off)}" if self.cut_off else "no data cut-off"
        return f"{who}; {cut}; {self.t0_words}"

    @property
    def t0_name(self) -> str:
        """T0 as the event that it is: `first cycle of 225Ac`."""
        if self.t0 is T0.FIRST_OF_NUCLIDE:
            return f"first cycle of {self.t0_nuclide}"
        return str(self.t0)

    @property
    def t0_words(self) -> str:
        """T0 in words: `T0 the first cycle of 225Ac`."""
        return f"T0 {'' if self.t0 is T0.DIAGNOSIS else 'the '}{self.t0_name}"

    def problems(self) -> dict[str, str]:
        """Why this selection cannot be used, by field; filters by `filters.` and their place."""
        found = {
            f"filters.{place}": problem
            for place, each in enumerate(self.filters)
            if (problem := each.problem())
        }
        if self.t0 is T0.FIRST_OF_NUCLIDE and not self.t0_nuclide.strip():
            found["t0_nuclide"] = "Say of which nuclide the first cycle is T0."
        return found


EVERYONE = Selection()
"""All patients, everything that is recorded, T0 the first cycle."""


def as_text(selection: Selection) -> str:
    """A selection as JSON, always in the same order: what is saved, frozen and hashed."""
    return json.dumps(
        {
            "name": selection.name,
            "filters": [
                {
                    "kind": each.kind.value,
                    "values": list(each.values),
                    "low": _written(each.low),
                    "high": _written(each.high),
                    "negated": each.negated,
                }
                for each in selection.filters
            ],
            "t0": selection.t0.value,
            "t0_nuclide": selection.t0_nuclide,
            "cut_off": _written(selection.cut_off),
        },
        ensure_ascii=False,
    )


def from_text(text: str) -> Selection:
    """The selection that JSON holds; raises KnownError when it cannot be read."""
    try:
        told = json.loads(text)
        return Selection(
            name=str(told["name"]),
            filters=tuple(map(_filter, told["filters"])),
            t0=T0(told["t0"]),
            t0_nuclide=str(told.get("t0_nuclide") or ""),
            cut_off=date.fromisoformat(told["cut_off"]) if told.get("cut_off") else None,
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise KnownError(
            "A saved selection of this casebook cannot be read. The records are as they were:"
            " choose the filters anew."
        ) from error


def _filter(told: dict[str, Any]) -> Filter:
    kind = Kind(told["kind"])
    return Filter(
        kind=kind,
        values=tuple(map(str, told.get("values") or ())),
        low=_read(kind, told.get("low")),
        high=_read(kind, told.get("high")),
        negated=told.get("negated") is True,
    )


def _read(kind: Kind, bound: Any) -> Bound:
    if bound is None:
        return None
    return date.fromisoformat(bound) if TAKES[kind] is Takes.DATES else float(bound)


def _written(bound: Bound) -> str | float | None:
    return bound.isoformat() if isinstance(bound, date) else bound


def _range(low: Bound, high: Bound) -> str:
    first, last = _bound(low), _bound(high)
    if low is None:
        return f"up to {last}"
    if high is None:
        return f"from {first} on" if isinstance(low, date) else f"at least {first}"
    return first if first == last else f"{first}–{last}"


def _bound(bound: Bound) -> str:
    return shown(bound) if isinstance(bound, date) else "" if bound is None else f"{bound:g}"


def _plain(value: str) -> str:
    return _THERAPIES.get(value, value.replace("_", " "))


def _treated_first(clause: str) -> bool:
    return "treated with" not in clause
