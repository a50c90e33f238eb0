"""Frozen cohorts: a selection with its numbers, kept as they were, and what has changed since.

What a paper prints has to be found again. A frozen cohort keeps the selection, the options and
every number with the patients behind it; their hash says that nobody has touched them since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from model.cohort import numbers
from model.errors import InvalidRecord, KnownError
from model.store.reader import Reader
from model.store.step import Step

if TYPE_CHECKING:
    from model.cohort.lines import CohortTable

FIGURES_READ = 4
"""Significant figures of a number as it is compared: what changes little is seen to change."""

FROZEN_TABLE = "frozen_cohort"
FIGURES = 9
"""Significant figures that are kept: what a library rounds otherwise tomorrow is no change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number as it was frozen, with the ids of the patients behind it."""

    table: str
    section: str
    measure: str
    level: str
    n: int | None
    of: int | None
    estimate: float | None
    low: float | None
    high: float | None
    unit: str
    definition: str
    patients: tuple[int, ...]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells it from the other numbers."""
        return self.table, self.section, self.measure, self.level

    @property
    def value(self) -> tuple[float | None, ...]:
        """What is compared."""
        return self.n, self.of, self.estimate, self.low, self.high

    @property
    def text(self) -> str:
        """The number as it is read: `5 of 20`, `22 (13–NR) months; 20 of 21`; NR: not reached."""
        if self.estimate is None and self.low is None:
            if self.n is None:
                return "–"
            return f"{self.n}" if self.of is None else f"{self.n} of {self.of}"
        bounds = (self.low, self.high)
        between = "" if bounds == (None, None) else f" ({'–'.join(map(_figure, bounds))})"
        counted = "" if self.n is None or self.of is None else f"; {self.n} of {self.of}"
        return f"{_figure(self.estimate)}{between} {self.unit}".strip() + counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A cohort as it was frozen. `selection` and `options` are the text they are kept as."""

    id: int | None = None
    name: str
    frozen_at: str
    version: str
    sentence: str
    selection: str
    options: str
    numbers: tuple[Number, ...]
    sha256: str

    @property
    def is_intact(self) -> bool:
        """Whether it is what was frozen: its hash is that of what it holds."""
        return self.sha256 == hash_of(self.selection, self.options, self.numbers)


class Kind(Enum):
    """In which way a number is no longer what it was."""

    VALUE = "another number"
    PATIENTS = "other patients"
    MEANING = "counted otherwise"
    GONE = "no longer there"
    NEW = "not there before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A number that is no longer what it was, and the patients who came to it and who left it."""

    kind: Kind
    was: Number | None
    now: Number | None
    came: tuple[int, ...] = ()
    left: tuple[int, ...] = ()

    @property
    def number(self) -> Number:
        """The number as it is, or else as it was."""
        known = self.now or self.was
        assert known is not None
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A frozen cohort beside the same numbers counted today by a version of Theralog."""

    frozen: Frozen
    version: str
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Whether every number is what it was, of the same patients and with the same meaning."""
        return self.frozen.is_intact and not self.differences

    def sentence(self) -> str:
        """Whether the numbers hold, in a sentence or two."""
        if not self.frozen.is_intact:
            return "What was frozen has been changed since: its hash is no longer right."
        of = len(self.frozen.numbers)
        changed = len(self.differences)
        words = (
            f"The numbers still hold: all {of} are as they were."
            if not changed
            else f"{changed} of {of} numbers {'has' if changed == 1 else 'have'} changed."
        )
        if self.version != self.frozen.version:
            words += f" Frozen with Theralog {self.frozen.version}, counted with {self.version}."
        return words


def numbers_of(tables: Iterable[CohortTable]) -> tuple[Number, ...]:
    """The numbers of tables, as they are frozen."""
    return tuple(
        Number(
            table=table.key,
            section=line.section,
            measure=line.measure,
            level=line.level,
            n=line.n,
            of=line.of,
            estimate=_rounded(line.estimate),
            low=_rounded(line.low),
            high=_rounded(line.high),
            unit=line.unit,
            definition=line.definition,
            patients=tuple(sorted(line.patients)),
        )
        for table in tables
        for line in table.lines
    )


def frozen(
    name: str,
    tables: Iterable[CohortTable],
    *,
    selection: str,
    options: str,
    sentence: str,
    version: str,
    at: str,
) -> Frozen:
    """A cohort to be kept under a name, as counted at the moment `at` (UTC)."""
    numbers = numbers_of(tables)
    return Frozen(
        name=name.strip(),
        frozen_at=at,
        version=version,
        sentence=sentence,
        selection=selection,
        options=options,
        numbers=numbers,
        sha256=hash_of(selection, options, numbers),
    )


def hash_of(selection: str, options: str, numbers: Sequence[Number]) -> str:
    """SHA-256 over the canonical JSON of selection, options and numbers.

    Canonical: keys in the order of the alphabet, no blanks, UTF-8; the numbers in their order.
    """
    whole = {
        "selection": json.loads(selection),
        "options": json.loads(options),
        "lines": [asdict(number) for number in numbers],
    }
    text = json.dumps(
        whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def compared(kept: Frozen, tables: Iterable[CohortTable], version: str) -> Comparison:
    """What has become of a frozen cohort's numbers, counted again by a version of Theralog.

    Differences stand in the order of the tables as they were; what was not there before, last.
    """
    today = {number.key: number for number in numbers_of(tables)}
    known = {number.key for number in kept.numbers}
    found = [_difference(number, today.get(number.key)) for number in kept.numbers]
    found += [_difference(None, number) for key, number in today.items() if key not in known]
    differences = tuple(filter(None, found))
    return Comparison(frozen=kept, version=version, differences=differences)


def rows(
    comparison: Comparison, codes: Mapping[int, str]
) -> tuple[tuple[str, ...], list[list[str]]]:
    """The differences as a table of texts, a header and its rows; patients by study code."""
    header = ("section", "measure", "level", "change", "was", "is", "came", "left")
    return header, [
        [
            one.number.section,
            one.number.measure,
            one.number.level,
            one.kind.value,
            _value_text(one.was, one.kind),
            _value_text(one.now, one.kind),
            _codes_text(one.came, codes),
            _codes_text(one.left, codes),
        ]
        for one in comparison.differences
    ]


def saved(reader: Reader) -> list[Frozen]:
    """The frozen cohorts of a casebook, the latest first."""
    return [
        _from_row(row)
        for row in reader.rows(
            """
            select *
              from frozen_cohort
             where deleted_at is null
             order by frozen_at desc, id desc
            """
        )
    ]


def save(step: Step, kept: Frozen) -> Frozen:
    """Keep a frozen cohort; raises InvalidRecord for a name that is missing or taken."""
    if not kept.name:
        raise InvalidRecord({"name": "A frozen cohort needs a name."})
    taken = step.rows(
        "select 1 from frozen_cohort where name = :name and deleted_at is null", name=kept.name
    )
    if taken:
        raise InvalidRecord({"name": "There is a frozen cohort of this name already."})
    row_id = step.put(
        FROZEN_TABLE,
        {
            "name": kept.name,
            "frozen_at": kept.frozen_at,
            "version": kept.version,
            "sentence": kept.sentence,
            "selection": kept.selection,
            "options": kept.options,
            "numbers": json.dumps(_packed(kept.numbers), ensure_ascii=False),
            "sha256": kept.sha256,
        },
    )
    return replace(kept, id=row_id)


def remove(step: Step, kept: Frozen) -> None:
    """Put a frozen cohort in the bin."""
    if kept.id is not None:
        step.remove(FROZEN_TABLE, kept.id)


def _difference(was: Number | None, now: Number | None) -> Difference | None:
    if was is None or now is None:
        known = now or was
        assert known is not None
        come, gone = (known.patients, ()) if was is None else ((), known.patients)
        kind = Kind.NEW if was is None else Kind.GONE
        return Difference(kind=kind, was=was, now=now, came=come, left=gone)
    if was == now:
        return None
    kind = (
        Kind.VALUE
        if was.value != now.value
        else Kind.PATIENTS
        if was.patients != now.patients
        else Kind.MEANING
    )
    return Difference(
        kind=kind,
        was=was,
        now=now,
        came=tuple(sorted(set(now.patients) - set(was.patients))),
        left=tuple(sorted(set(was.patients) - set(now.patients))),
    )


def _packed(numbers: Sequence[Number]) -> dict[str, Any]:
    """The numbers with each patient's id written once, and by its place from then on."""
    ids = sorted({patient for number in numbers for patient in number.patients})
    place = {patient: at for at, patient in enumerate(ids)}
    lines = [
        {**asdict(number), "patients": [place[patient] for patient in number.patients]}
        for number in numbers
    ]
    return {"patients": ids, "lines": lines}


def _unpacked(text: str) -> Iterator[Number]:
    packed = json.loads(text)
    ids = packed["patients"]
    for line in packed["lines"]:
        yield Number(**{**line, "patients": tuple(ids[place] for place in line["patients"])})


def _from_row(row: Mapping[str, Any]) -> Frozen:
    try:
        numbers = tuple(_unpacked(row["numbers"]))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise KnownError(
            f"The frozen cohort “{row['name']}” cannot be read. All other records are sound."
        ) from error
    columns = ("id", "name", "frozen_at", "version", "sentence", "selection", "options", "sha256")
    return Frozen(**{name: row[name] for name in columns}, numbers=numbers)


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{FIGURES}g}")


def _figure(value: float | None) -> str:
    return "NR" if value is None else numbers.figures(value, FIGURES_READ)


def _value_text(number: Number | None, kind: Kind) -> str:
    if number is None:
        return ""
    return number.definition if kind is Kind.MEANING else number.text


def _codes_text(ids: Sequence[int], codes: Mapping[int, str]) -> str:
    return ", ".join(codes.get(patient, "deleted patient") for patient in ids)
