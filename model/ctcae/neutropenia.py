"""Low neutrophils, which make fever febrile neutropenia: below 1 ×10⁹/L in CTCAE 5.0 and 6.0."""

from fractions import Fraction

from model.ctcae.results import number, split_comparator
from model.reference import units

LIMIT = 1
"""×10⁹/L."""

YES, NO, NOT_KNOWN = "yes", "no", ""
"""Whether neutrophils were low, as the argument `neutropenic` of `model.ctcae.grading.grade`."""


def neutropenia_by(count: Fraction | float, comparator: str | None) -> str:
    """Return whether a count (×10⁹/L) is low; NOT_KNOWN where its comparator leaves it open."""
    if comparator in (">", ">=", "≥"):
        return NO if count >= LIMIT else NOT_KNOWN
    if comparator == "<":
        return YES if count <= LIMIT else NOT_KNOWN
    if comparator in ("<=", "≤"):
        return YES if count < LIMIT else NOT_KNOWN
    return YES if count < LIMIT else NO


def neutropenia_of(value: str, unit_text: str) -> str:
    """Return whether a written count is low; NOT_KNOWN unless it is a number in a known unit."""
    comparator, digits = split_comparator(value)
    amount, unit = number(digits), units.parse("anc", unit_text)
    if amount is None or unit is None:
        return NOT_KNOWN
    return neutropenia_by(amount * unit.factor, comparator)


def neutropenia_of_both(first: str | None, second: str) -> str:
    """Return whether neutrophils were low on a day with two counts.

    Low if either was, else NOT_KNOWN if either is. `first` is None where there is no other count.
    """
    states = {first, second}
    return next((state for state in (YES, NOT_KNOWN) if state in states), NO)
