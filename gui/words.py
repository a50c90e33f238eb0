"""How the codes that casebooks keep are written on the screens."""

import re

_ABBREVIATIONS = {"ssa": "SSA", "prrt": "PRRT"}
_MASS_FIRST = re.compile(r"(\d{1,3}m?)([A-Z][a-z]?)")


def words(code: str | None) -> str:
    """A code as words: `small_bowel` gives `Small bowel`; an empty text for none."""
    if not code:
        return ""
    plain = _ABBREVIATIONS.get(code, code.replace("_", " "))
    return plain[:1].upper() + plain[1:]


def lower_words(code: str | None) -> str:
    """A code as words within a line: `lymph_node` gives `lymph node`."""
    return (code or "").replace("_", " ")


def nuclide_text(name: str) -> str:
    """A nuclide as it is spoken: `225Ac` gives `Ac-225`, by which the theme knows its colour."""
    match = _MASS_FIRST.fullmatch(name)
    return f"{match[2]}-{match[1]}" if match else name


def count_text(count: int, one: str, many: str) -> str:
    """A number with its noun in the right form: `1 cycle`, `2 cycles`."""
    return f"{count:,} {one if count == 1 else many}".replace(",", " ")


def number_text(value: float | None) -> str:
    """A number without a needless fraction, or an empty text."""
    return "" if value is None else f"{value:g}"
