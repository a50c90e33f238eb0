"""The three versions of a field of a record that was changed while the user edited it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gui.fields.base import Field
from gui.fields.choice import CheckField
from gui.fields.number import NumberField
from gui.fields.search import SearchField
from model.errors import KnownError
from model.language import _

Fields = Mapping[str, Field[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """A field, or several that are decided together, in the words of the form.

    `opened` is the text when the form was opened, `present` what was saved meanwhile, `wanted` what
    the user wants to save. `saved` and `typed` are whether the first was changed into these.
    """

    names: tuple[str, ...]
    label: str
    opened: str
    present: str
    wanted: str
    saved: bool
    typed: bool

    @property
    def takes_present(self) -> bool | None:
        """Whether the present value is taken; None where both were changed: the user decides."""
        return None if self.saved and self.typed else self.saved


def versions_of_fields(
    opened: Fields, present: Fields, wanted: Fields, together: Sequence[tuple[str, ...]] = ()
) -> list[Versions]:
    """Return the fields in which the saved value differs from the wanted one.

    The three are the fields of the same form, filled from the three versions of a record. The
    fields of a group in `together` are returned as one.
    """
    group_of = {name: group for group in together for name in group}
    groups = dict.fromkeys(group_of.get(name, (name,)) for name in wanted)
    return [
        Versions(
            names=group,
            label=_label((opened, present, wanted), group),
            opened=_text(opened, group),
            present=_text(present, group),
            wanted=_text(wanted, group),
            saved=_values(opened, group) != _values(present, group),
            typed=_values(opened, group) != _values(wanted, group),
        )
        for group in groups
        if _values(present, group) != _values(wanted, group)
    ]


def field_text(field: Field[Any]) -> str:
    """Return what a field shows, as one reads it: with its unit; an empty text if it is empty."""
    match field:
        case CheckField():
            return _("Yes") if field.value() else _("No")
        case SearchField():
            return field.edit.text()
        case NumberField():
            return f"{field.raw()} {field.unit()}".rstrip() if field.raw() else ""
    raw = field.raw()
    return "" if raw is None else str(raw)


def _label(versions: Sequence[Fields], names: Sequence[str]) -> str:
    """Return the labels of the fields that are not the same in all versions."""
    differing = [
        name
        for name in names
        if any(_value(each[name]) != _value(versions[0][name]) for each in versions)
    ]
    return ", ".join(versions[-1][name].label for name in differing)


def _text(fields: Fields, names: Sequence[str]) -> str:
    """Return what fields show; of several, one line each with its label."""
    if len(names) == 1:
        return field_text(fields[names[0]])
    texts = {fields[name].label: field_text(fields[name]) for name in names}
    return "\n".join(f"{label}: {text}" for label, text in texts.items() if text)


def _values(fields: Fields, names: Iterable[str]) -> list[object]:
    return [_value(fields[name]) for name in names]


def _value(field: Field[Any]) -> object:
    """Return what a field holds, so that two spellings of one value are equal."""
    try:
        value = field.value()
    except KnownError:
        return field.raw()
    return (value, field.unit()) if isinstance(field, NumberField) and value is not None else value
