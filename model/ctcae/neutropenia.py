"""Low neutrophils as febrile neutropenia needs them: below 1 ×10⁹/L, in CTCAE 5.0 and 6.0."""

from fractions import Fraction

from model.ctcae.results import bounds, number
from model.reference import units

LIMIT = 1
"""×10⁹/L."""

YES, NO, NOT_KNOWN = "yes", "no", ""
"""Whether neutrophils were low, in the words that grading takes."""


def neutropenia_by(count: Fraction | float, comparator: str | None) -> str:
    """Return whether a count (×10⁹/L) is low; not known where `<` or `>` leaves it open."""
    if comparator == ">":
        return NO if count >= LIMIT else NOT_KNOWN
    if comparator == "<":
        return YES if count <= LIMIT else NOT_KNOWN
    return YES if count < LIMIT else NO


def neutropenia_of(value: str, unit_text: str) -> str:
    """Return whether a written count is low; not known for what is no count in a known unit."""
    reach = bounds(value)
    amount, unit = number(reach[0] if reach else value), units.parse("anc", unit_text)
    if amount is None or unit is None:
        return NOT_KNOWN
    return neutropenia_by(amount * unit.factor, value[0] if reach else None)


def worse(one: str | None, other: str) -> str:
    """Return what is known of a day with two counts: low if one was, else open if one is."""
    states = {one, other}
    return next((state for state in (YES, NOT_KNOWN) if state in states), NO)
