"""Compare a frozen cohort with its numbers of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from model.cohort.freeze import Frozen, FrozenNumber, numbers_of
from model.language import N_, _, ngettext

if TYPE_CHECKING:
    from model.cohort.lines import CohortTable


class ChangeKind(Enum):
    """How a number has changed."""

    VALUE = N_("another number")
    PATIENTS = N_("other patients")
    MEANING = N_("counted differently")
    GONE = N_("no longer there")
    NEW = N_("new")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A number that has changed, with the patients added to it and removed from it."""

    kind: ChangeKind
    was: FrozenNumber | None
    now: FrozenNumber | None
    added: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()

    @property
    def number(self) -> FrozenNumber:
        """The number as it is, or as it was if it is gone."""
        number = self.now or self.was
        if number is None:
            raise ValueError("A difference needs a number.")
        return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A frozen cohort, and how its numbers differ when counted with `version` of Theralog."""

    frozen: Frozen
    version: str
    differences: tuple[Difference, ...]

    @property
    def is_unchanged(self) -> bool:
        """Whether every number has the same value, patients and definition."""
        return self.frozen.is_intact and not self.differences

    def sentence(self) -> str:
        """Return one or two sentences on whether the numbers are unchanged."""
        if not self.frozen.is_intact:
            return _("The frozen cohort was altered after it was frozen: its hash does not match.")
        of, changed = len(self.frozen.numbers), len(self.differences)
        sentences = [_("The numbers still hold: all {of} are as they were.").format(of=of)]
        if changed:
            text = ngettext(
                "{n} of {of} numbers has changed.", "{n} of {of} numbers have changed.", changed
            )
            sentences = [text.format(n=changed, of=of)]
        if self.version != self.frozen.version:
            text = _("Frozen with Theralog {frozen}, counted with {version}.")
            sentences.append(text.format(frozen=self.frozen.version, version=self.version))
        return " ".join(sentences)


def compare(frozen: Frozen, tables: Iterable[CohortTable], version: str) -> Comparison:
    """Compare a frozen cohort with its tables of today, which `version` of Theralog counted.

    Differences are in the order of the frozen numbers; new numbers are last.
    """
    today = {number.key: number for number in numbers_of(tables)}
    known = {number.key for number in frozen.numbers}
    changes = [_difference(number, today.get(number.key)) for number in frozen.numbers]
    changes += [_difference(None, number) for key, number in today.items() if key not in known]
    differences = tuple(filter(None, changes))
    return Comparison(frozen=frozen, version=version, differences=differences)


def difference_rows(
    comparison: Comparison, codes: Mapping[int, str]
) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return the differences as a header and rows of texts; patients are named by study code."""
    header = ("section", "measure", "level", "change", "was", "is", "came", "left")
    return header, [
        [
            difference.number.section,
            difference.number.measure,
            difference.number.level,
            difference.kind.value,
            _value_text(difference.was, difference.kind),
            _value_text(difference.now, difference.kind),
            _codes_text(difference.added, codes),
            _codes_text(difference.removed, codes),
        ]
        for difference in comparison.differences
    ]


def _difference(was: FrozenNumber | None, now: FrozenNumber | None) -> Difference | None:
    if was is None:
        added = now.patients if now else ()
        return Difference(kind=ChangeKind.NEW, was=None, now=now, added=added)
    if now is None:
        return Difference(kind=ChangeKind.GONE, was=was, now=None, removed=was.patients)
    if was == now:
        return None
    kind = (
        ChangeKind.VALUE
        if was.value != now.value
        else ChangeKind.PATIENTS
        if was.patients != now.patients
        else ChangeKind.MEANING
    )
    return Difference(
        kind=kind,
        was=was,
        now=now,
        added=tuple(sorted(set(now.patients) - set(was.patients))),
        removed=tuple(sorted(set(was.patients) - set(now.patients))),
    )


def _value_text(number: FrozenNumber | None, kind: ChangeKind) -> str:
    if number is None:
        return ""
    return number.definition if kind is ChangeKind.MEANING else number.text


def _codes_text(ids: Sequence[int], codes: Mapping[int, str]) -> str:
    return ", ".join(codes.get(patient, _("deleted patient")) for patient in ids)
