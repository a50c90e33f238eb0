"""How stored codes and numbers are written on the screens."""

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal

from model.language import _, ngettext
from model.records.administrations import Cumulative
from model.rounding import figures, rounded

SYNTHETIC_TEXT = _("Synthetic demo data")

_ABBREVIATIONS = {"ssa": "SSA", "prrt": "PRRT", "rebiopsy": "Re-biopsy"}
_MOST_CHANGE = 10_000  # per cent; beyond it something was mistyped


def words(code: str | None) -> str:
    """Return a code as words: `Small bowel` for `small_bowel`; an empty text for none."""
    if not code:
        return ""
    plain = _ABBREVIATIONS.get(code, code.replace("_", " "))
    return plain[:1].upper() + plain[1:]


def lower_words(code: str | None) -> str:
    """Return a code as words within a line: `lymph node` for `lymph_node`."""
    return (code or "").replace("_", " ")


def sum_text(given: Cumulative) -> str:
    """Return the sum of a nuclide: `at least 12.2 MBq 225Ac`, or `177Lu unknown`."""
    if given.mbq is None:
        return _("{nuclide} unknown").format(nuclide=given.nuclide)
    return f"{given.text} {given.nuclide}"


def who_grade_text(first: str | None, last: str | None) -> str:
    """Return the WHO grade, after the first one if it changed: `NET G2→G3`, `NET G3→NEC`."""
    if first is None or last is None or first == last:
        return last or ""
    return f"{first}→{last.removeprefix('NET ')}"


def number_text(value: float | None) -> str:
    """Return a number without a trailing fraction; an empty text for None."""
    return "" if value is None else figures(value, 6)


def change_text(per_cent: Decimal | None) -> str:
    """Return a change in per cent with its sign: `−30.0 %`.

    A change short of −30 % or +20 % is not rounded to it, but shown with three decimals.
    """
    if per_cent is None:
        return ""
    if per_cent >= _MOST_CHANGE:
        return _("over {limit} %").format(limit=_MOST_CHANGE)
    shown = rounded(per_cent, 1)
    if shown in (-30, 20) and shown != per_cent:
        shown = per_cent.quantize(Decimal("0.001"), ROUND_DOWN)
    sign = "−" if shown < 0 else "+" if shown > 0 else ""
    return f"{sign}{abs(shown)} %"


def cycles_text(number: int, kinds: Mapping[str, int]) -> str:
    """Return a number of cycles with their modalities: `3 cycles (2 tandem, 1 monotherapy)`."""
    if len(kinds) == 1 and sum(kinds.values()) == number:
        kind = next(iter(kinds))
        cycles = ngettext("{n} {kind} cycle", "{n} {kind} cycles", number)
        return cycles.format(n=number, kind=kind)
    inner = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    cycles = ngettext("{n} cycle", "{n} cycles", number).format(n=number)
    return f"{cycles} ({inner})" if inner else cycles
