"""A selection: which patients are counted, up to which day, and from which day on.

Its sentences are English as strings; see `model.cohort.messages`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import reduce

from model.cohort.messages import Message, join
from model.dates import date_text
from model.errors import KnownError
from model.language import N_, _
from model.rounding import figures


class T0(StrEnum):
    """The day from which follow-up is counted."""

    FIRST_CYCLE = N_("first cycle")
    """For a patient with a recorded T0, the recorded one."""
    FIRST_OF_NUCLIDE = N_("first cycle of a nuclide")
    DIAGNOSIS = N_("diagnosis")
    RECORDED = N_("recorded index date")


_T0_TEXTS = {
    T0.FIRST_CYCLE: N_("T0 the first cycle"),
    T0.DIAGNOSIS: N_("T0 diagnosis"),
    T0.RECORDED: N_("T0 the recorded index date"),
}


class FilterKind(StrEnum):
    """The property that a filter tests."""

    AGENT = N_("radiopharmaceutical")
    NUCLIDE = N_("nuclide")
    LIGAND = N_("ligand")
    MODALITY = N_("modality")
    PRIMARY_SITE = N_("primary site")
    GRADE = N_("WHO grade")
    KI67 = N_("Ki-67")
    PRIOR_THERAPY = N_("prior therapy")
    FIRST_CYCLE = N_("first cycle")
    CYCLES = N_("cycles")
    STATUS = N_("vital status")
    SEX = N_("sex")
    AGE = N_("age at T0")
    METASTASIS = N_("metastasis")
    RECORDS = N_("records")


class FilterInput(StrEnum):
    """The input that a kind of filter takes."""

    VALUES = "values"
    NUMBERS = "numbers"
    DATES = "dates"
    RECORDS = "records"
    """A kind of record, and bounds for the number of such records."""


FILTER_INPUTS: dict[FilterKind, FilterInput] = {
    **dict.fromkeys(FilterKind, FilterInput.VALUES),
    FilterKind.KI67: FilterInput.NUMBERS,
    FilterKind.CYCLES: FilterInput.NUMBERS,
    FilterKind.AGE: FilterInput.NUMBERS,
    FilterKind.FIRST_CYCLE: FilterInput.DATES,
    FilterKind.RECORDS: FilterInput.RECORDS,
}

RECORDS = (
    *("lab results", "biopsies", "prior therapies", "administrations", "toxicities"),
    *("assessments", "follow-ups"),
)
"""The kinds of record whose number can be filtered by."""

_THERAPIES = {"prrt": "PRRT"}
Bound = float | date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A condition on a patient: one of some values, or a range with its bounds included.

    `values` are as the frames have them (`small_bowel`). For `FilterKind.RECORDS` they are one of
    `RECORDS`, and `low` and `high` bound their number. `negated` selects all other patients.
    """

    kind: FilterKind
    values: tuple[str, ...] = ()
    low: Bound = None
    high: Bound = None
    negated: bool = False

    @property
    def label(self) -> str:
        """A short label of the condition: `NET G3`, `Ki-67 20–55 %`, `not tandem cycles`."""
        label = self._label()
        return Message(N_("not {words}"), words=label) if self.negated else label

    def _label(self) -> str:
        names = [_name(value) for value in self.values]
        values = reduce(_either, names) if names else N_("anything")
        extent = _range(self.low, self.high)
        match self.kind:
            case FilterKind.KI67:
                return Message(N_("Ki-67 {range} %"), range=extent)
            case FilterKind.AGE:
                return Message(N_("age at T0 {range} years"), range=extent)
            case FilterKind.CYCLES if (self.low, self.high) == (1, 1):
                return N_("1 cycle")
            case FilterKind.CYCLES:
                return Message(N_("{range} cycles"), range=extent)
            case FilterKind.FIRST_CYCLE:
                return Message(N_("first cycle {range}"), range=extent)
            case FilterKind.RECORDS:
                return Message(N_("{range} {records}"), range=extent, records=values)
            case FilterKind.PRIOR_THERAPY:
                return Message(N_("prior {therapies}"), therapies=values)
            case FilterKind.MODALITY:
                return Message(N_("{modality} cycles"), modality=values)
            case FilterKind.METASTASIS:
                return Message(N_("metastases in {sites}"), sites=values)
            case FilterKind.PRIMARY_SITE:
                return Message(N_("primary site {sites}"), sites=values)
            case _other:
                return values

    @property
    def is_of_treatment(self) -> bool:
        """Whether the filter is about the radiopharmaceuticals given."""
        return self.kind in (FilterKind.AGENT, FilterKind.NUCLIDE, FilterKind.LIGAND)

    @property
    def clause(self) -> str:
        """The condition as the part of a sentence that begins with “Patients”."""
        if not self.is_of_treatment:
            return self.label
        if self.negated:
            return Message(N_("not treated with {agents}"), agents=self._label())
        return Message(N_("treated with {agents}"), agents=self._label())

    def problem(self) -> str | None:
        """Return why this filter is incomplete or contradicts itself, or None."""
        if FILTER_INPUTS[self.kind] is FilterInput.VALUES:
            if self.values:
                return None
            return _("Choose at least one {kind}.").format(kind=_(self.kind))
        if self.kind is FilterKind.RECORDS and (
            len(self.values) != 1 or self.values[0] not in RECORDS
        ):
            return _("The records are one of {kinds}.").format(kinds=", ".join(RECORDS))
        if self.low is None and self.high is None:
            return _("Enter a lower or an upper bound.")
        if self.low is not None and self.high is not None and self.low > self.high:  # type: ignore[operator]
            return _("The lower bound is above the upper bound.")
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The patients that meet all filters, as known at a cut-off day, followed from T0 on.

    If a selection has no cut-off, that of the casebook applies (see `at_cut_off`), unless
    `without_cut_off` is set. `t0_nuclide` is the nuclide of `T0.FIRST_OF_NUCLIDE`. A saved
    selection has a `name`.
    """

    name: str = ""
    filters: tuple[Filter, ...] = ()
    t0: T0 = T0.FIRST_CYCLE
    t0_nuclide: str = ""
    cut_off: date | None = None
    without_cut_off: bool = False

    def sentence(self) -> str:
        """Describe the patients, the data cut-off and T0 in a sentence without a full stop."""
        ordered = sorted(self.filters, key=lambda each: not each.is_of_treatment)
        clauses = join(", ", [each.clause for each in ordered])
        patients = (
            Message(N_("Patients {clauses}"), clauses=clauses) if ordered else N_("All patients")
        )
        cut_off = N_("no data cut-off")
        if self.cut_off:
            cut_off = Message(N_("data cut-off {date}"), date=date_text(self.cut_off))
        return Message("{who}; {cut_off}; {t0}", who=patients, cut_off=cut_off, t0=self.t0_words)

    @property
    def t0_name(self) -> str:
        """T0 as an event: `first cycle of 225Ac`."""
        if self.t0 is T0.FIRST_OF_NUCLIDE:
            return Message(N_("first cycle of {nuclide}"), nuclide=self.t0_nuclide)
        return self.t0.value

    @property
    def t0_words(self) -> str:
        """T0 as part of a sentence: `T0 the first cycle of 225Ac`."""
        if self.t0 is T0.FIRST_OF_NUCLIDE:
            return Message(N_("T0 the first cycle of {nuclide}"), nuclide=self.t0_nuclide)
        return _T0_TEXTS[self.t0]

    def problems(self) -> dict[str, str]:
        """Return why this selection cannot be used, by field; filters are `filters.0` and so on."""
        problems = {
            f"filters.{index}": problem
            for index, each in enumerate(self.filters)
            if (problem := each.problem())
        }
        if self.t0 is T0.FIRST_OF_NUCLIDE and not self.t0_nuclide.strip():
            problems["t0_nuclide"] = _("Choose the nuclide whose first cycle is T0.")
        return problems


EVERYONE = Selection()
"""All patients, everything recorded up to the casebook's data cut-off, T0 the first cycle."""


def at_cut_off(selection: Selection, of_casebook: date | None) -> Selection:
    """Return a selection with the casebook's data cut-off, unless it states its own or none."""
    if selection.without_cut_off or selection.cut_off is not None:
        return selection
    return replace(selection, cut_off=of_casebook)


def as_text(selection: Selection) -> str:
    """Return a selection as JSON with keys in a fixed order, to be saved, frozen and hashed."""
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
            "without_cut_off": selection.without_cut_off,
        },
        ensure_ascii=False,
    )


def from_text(text: str) -> Selection:
    """Parse the selection in a JSON text; raises KnownError if it cannot be read."""
    try:
        saved = json.loads(text)
        return Selection(
            name=str(saved["name"]),
            filters=tuple(map(_filter, saved["filters"])),
            t0=T0(saved["t0"]),
            t0_nuclide=str(saved.get("t0_nuclide") or ""),
            cut_off=date.fromisoformat(saved["cut_off"]) if saved.get("cut_off") else None,
            without_cut_off=saved.get("without_cut_off") is True,
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise KnownError(
            _(
                "A saved selection of this casebook cannot be read. No record is affected: choose"
                " the filters again."
            )
        ) from error


def _filter(saved: Mapping[str, object]) -> Filter:
    kind = FilterKind(str(saved["kind"]))
    values = saved.get("values")
    return Filter(
        kind=kind,
        values=tuple(map(str, values)) if isinstance(values, list) else (),
        low=_read(kind, saved.get("low")),
        high=_read(kind, saved.get("high")),
        negated=saved.get("negated") is True,
    )


def _read(kind: FilterKind, bound: object) -> Bound:
    if bound is None:
        return None
    return (
        date.fromisoformat(str(bound))
        if FILTER_INPUTS[kind] is FilterInput.DATES
        else float(str(bound))
    )


def _written(bound: Bound) -> str | float | None:
    return bound.isoformat() if isinstance(bound, date) else bound


def _range(low: Bound, high: Bound) -> str:
    first, last = _bound(low), _bound(high)
    if low is None:
        return Message(N_("up to {last}"), last=last)
    if high is None and isinstance(low, date):
        return Message(N_("from {first} on"), first=first)
    if high is None:
        return Message(N_("at least {first}"), first=first)
    return first if first == last else f"{first}–{last}"


def _bound(bound: Bound) -> str:
    return (
        date_text(bound) if isinstance(bound, date) else "" if bound is None else figures(bound, 12)
    )


def _name(value: str) -> str:
    return _THERAPIES.get(value, value.replace("_", " "))


def _either(first: str, other: str) -> str:
    return Message(N_("{first} or {other}"), first=first, other=other)
