"""Freeze a cohort with its numbers, and save it in the casebook.

The numbers of a paper must be reproducible. A frozen cohort stores the selection, the options and
every number with its patients; a hash over them shows whether anything was altered since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from model.cohort import numbers
from model.cohort.selection import Selection, from_text
from model.errors import InvalidRecord, KnownError
from model.language import _
from model.rounding import figures
from model.store.reader import Reader
from model.store.step import Step

if TYPE_CHECKING:
    from model.cohort.lines import CohortTable

_PRINTED_FIGURES = 4
"""Significant figures of a printed number, enough to see small changes."""

FROZEN_TABLE = "frozen_cohort"
_STORED_FIGURES = 9
"""Significant figures that are stored, so that other rounding in a library is no change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenNumber:
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
        """The key that identifies the number within a cohort."""
        return self.table, self.section, self.measure, self.level

    @property
    def value(self) -> tuple[float | None, ...]:
        """The values that are compared."""
        return self.n, self.of, self.estimate, self.low, self.high

    @property
    def text(self) -> str:
        """The number in words: `5 of 20`, `22 (13–NR) months; 20 of 21`; NR: not reached."""
        if self.estimate is None and self.low is None:
            if self.n is None:
                return "–"
            return numbers.count_of(self.n, self.of)
        bounds = (self.low, self.high)
        between = "" if bounds == (None, None) else f" ({'–'.join(map(_figure, bounds))})"
        counted = (
            "" if self.n is None or self.of is None else f"; {numbers.count_of(self.n, self.of)}"
        )
        return f"{_figure(self.estimate)}{between} {self.unit}".strip() + counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A cohort as it was frozen; `selection` and `options` are JSON."""

    id: int | None = None
    name: str
    frozen_at: str
    version: str
    sentence: str
    selection: str
    options: str
    numbers: tuple[FrozenNumber, ...]
    sha256: str

    @property
    def chosen(self) -> Selection:
        """The selection, with the cut-off of the time, whatever the casebook's is today.

        Raises KnownError when it cannot be read.
        """
        selection = from_text(self.selection)
        return replace(selection, without_cut_off=selection.cut_off is None)

    @property
    def is_intact(self) -> bool:
        """Whether the hash is that of the content, so nothing was altered."""
        return self.sha256 == hash_of(self.selection, self.options, self.numbers)


def numbers_of(tables: Iterable[CohortTable]) -> tuple[FrozenNumber, ...]:
    """Return all numbers of tables in the form in which they are frozen."""
    return tuple(
        FrozenNumber(
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


def freeze(
    name: str,
    tables: Iterable[CohortTable],
    *,
    selection: str,
    options: str,
    sentence: str,
    version: str,
    at: str,
) -> Frozen:
    """Return a frozen cohort to be saved under a name; it was counted at the time `at` (UTC)."""
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


def hash_of(selection: str, options: str, numbers: Sequence[FrozenNumber]) -> str:
    """Return the SHA-256 of the canonical JSON of selection, options and numbers.

    Canonical: sorted keys, no blanks, UTF-8; the numbers in their order.
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


def load_frozen(reader: Reader) -> list[Frozen]:
    """Return the frozen cohorts of a casebook, the latest first."""
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


def save(step: Step, cohort: Frozen) -> Frozen:
    """Save a frozen cohort; raises InvalidRecord if its name is missing or already used."""
    if not cohort.name:
        raise InvalidRecord({"name": _("Enter a name for the frozen cohort.")})
    same_name = step.rows(
        "select 1 from frozen_cohort where name = :name and deleted_at is null", name=cohort.name
    )
    if same_name:
        raise InvalidRecord({"name": _("There is already a frozen cohort with this name.")})
    row_id = step.put(
        FROZEN_TABLE,
        {
            "name": cohort.name,
            "frozen_at": cohort.frozen_at,
            "version": cohort.version,
            "sentence": cohort.sentence,
            "selection": cohort.selection,
            "options": cohort.options,
            "numbers": json.dumps(_pack(cohort.numbers), ensure_ascii=False),
            "sha256": cohort.sha256,
        },
    )
    return replace(cohort, id=row_id)


def remove(step: Step, cohort: Frozen) -> None:
    """Move a frozen cohort to the bin."""
    if cohort.id is not None:
        step.remove(FROZEN_TABLE, cohort.id)


def _pack(numbers: Sequence[FrozenNumber]) -> dict[str, Any]:
    """Return the numbers with patients as positions in one list of ids, to save space."""
    ids = sorted({patient for number in numbers for patient in number.patients})
    position = {patient: index for index, patient in enumerate(ids)}
    lines = [
        {**asdict(number), "patients": [position[patient] for patient in number.patients]}
        for number in numbers
    ]
    return {"patients": ids, "lines": lines}


def _unpack(text: str) -> Iterator[FrozenNumber]:
    packed = json.loads(text)
    ids = packed["patients"]
    for line in packed["lines"]:
        yield FrozenNumber(**{**line, "patients": tuple(ids[index] for index in line["patients"])})


def _from_row(row: Mapping[str, Any]) -> Frozen:
    try:
        numbers = tuple(_unpack(row["numbers"]))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise KnownError(
            _("The frozen cohort “{name}” cannot be read. No other record is affected.").format(
                name=row["name"]
            )
        ) from error
    columns = ("id", "name", "frozen_at", "version", "sentence", "selection", "options", "sha256")
    return Frozen(**{name: row[name] for name in columns}, numbers=numbers)


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_STORED_FIGURES}g}")


def _figure(value: float | None) -> str:
    return _("NR") if value is None else figures(value, _PRINTED_FIGURES)
