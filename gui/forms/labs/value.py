"""Laboratory values as written, `<0.3` or `12,5`, and remarks on their units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gui.fields.base import LineField
from model.errors import KnownError
from model.language import _
from model.records.labs import COMPARATORS, LabResult
from model.reference import analytes, units
from model.reference.written_numbers import parse_number

Value = tuple[str | None, Decimal]


def parse_value(text: str) -> Value | None:
    """Return the comparator, if any, and the number with its decimals; None if empty.

    Raises KnownError for anything that is not a number, or starts with a sign other than < or >.
    """
    typed = text.strip()
    if not typed:
        return None
    comparator = typed[0] if typed[0] in COMPARATORS else None
    rest = typed[1:] if comparator else typed
    if rest[:1] in "=≤≥<>" and rest:
        raise KnownError(_("Only < and > are allowed before a value."))
    number = parse_number(rest)
    if number is None:
        raise KnownError(_("Enter a number after {sign}.").format(sign=comparator))
    return comparator, number


def value_text(value: Value) -> str:
    """Return a value as typed, with a decimal point."""
    comparator, number = value
    return f"{comparator or ''}{number:f}"


def remark_on(
    analyte_text: str,
    value: Value | None,
    unit_text: str,
    lln: Decimal | None = None,
    uln: Decimal | None = None,
    confirmed: str | None = None,
) -> str:
    """Return what a clinician should check, though it may be saved, or an empty text.

    There are no remarks on unknown analytes.
    """
    analyte = analytes.find(analyte_text)
    if analyte is None:
        return ""
    if units.parse(analyte.key, unit_text) is None:
        if not unit_text:
            return _("Without a unit this cannot be graded.")
        unknown = _("“{unit}” is not a unit of {analyte}: it is saved, but cannot be graded.")
        return unknown.format(unit=unit_text, analyte=analyte.name)
    if value is None:
        return ""
    comparator, number = value
    result = LabResult(
        patient_id=0,
        taken_on=date.min,
        analyte=analyte.key,
        comparator=comparator,
        value=number,
        unit=unit_text,
        lln=lln,
        uln=uln,
        confirmed=confirmed,
    )
    return result.doubt


class ValueField(LineField[Value]):
    """The value of a result, optionally after `<` or `>`; None when empty."""

    def __init__(self, *, required: bool = False) -> None:
        super().__init__(_("12.5 or <0.3"), required=required)
        self._row.addStretch(1)

    def value(self) -> Value | None:
        """Return the comparator and the number; raises KnownError if they cannot be read."""
        return parse_value(self.edit.text())

    def set_value(self, value: Value | None) -> None:
        """Show a value."""
        self.edit.setText(value_text(value) if value else "")
