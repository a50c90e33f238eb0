"""Ki-67 as a pathologist writes it, and the WHO grade that follows from Ki-67 and mitoses.

Reports give a figure, a bound (`<2`) or a range (`20-25`), which is kept as written. Statistics
need one figure. It is always within what was written: the middle of a range; for `<2` the next
whole per cent below, which is 1 (for `<1` one half); for `>20` the next above, which is 21. Grades
are judged by both ends of a range.

The cut-offs are those of the WHO classification 2019 and 2022 of digestive neuroendocrine
neoplasms. NET G1 has Ki-67 below 3 %, G2 has 3 to 20 % and G3 above 20 %; mitoses per 2 mm² are
below 2, 2 to 20, and above 20. The higher of the two grades counts. NEC has Ki-67 above 20 %.
"""

import math
import re
from dataclasses import dataclass

from model.errors import KnownError
from model.language import _

KI67_CUT_OFFS = (3.0, 20.0)
"""The Ki-67 in percent from which a NET is G2, and above which it is G3."""
MITOSES_CUT_OFFS = (2.0, 20.0)
EXAMPLES = _("Write it like 15, <2, >20 or 20-25.")

_RANGES = {1: _("below {low}"), 2: _("{low} to {high}"), 3: _("above {high}")}
_FIGURE = r"(\d{1,3}(?:\.\d*|,\d{1,2})?)"
_SINGLE = re.compile(rf"(<=|=<|>=|=>|[<>≤≥~≈]|ca\.?|about)?{_FIGURE}", re.IGNORECASE)
_RANGE = re.compile(rf"{_FIGURE}(?:[-\u2010-\u2015\u2212]|to|bis){_FIGURE}", re.IGNORECASE)
_SIGNS = {"<=": "≤", "=<": "≤", ">=": "≥", "=>": "≥", "≈": "~", "ca": "~", "ca.": "~", "about": "~"}


@dataclass(frozen=True, slots=True)
class Ki67:
    """A Ki-67 in percent: the lowest and highest value, and the figure that statistics use."""

    low: float
    high: float
    figure: float
    written: str | None = None
    """As it was written, without blanks and “%”; None for a plain figure."""


def parse_ki67(text: str) -> Ki67:
    """Return the Ki-67 that was written: `15`, `<2 %`, `20-25`, `30–40 %`, `>20`, `ca. 20`.

    Raises KnownError for anything else.
    """
    typed = re.sub(r"[\s%]", "", text)
    if match := _RANGE.fullmatch(typed):
        low, high = (_number(figure) for figure in match.groups())
        reading = Ki67(low, high, (low + high) / 2, typed)
        if low > high:
            raise KnownError(_("“{text}” ends below its beginning.").format(text=text.strip()))
    elif match := _SINGLE.fullmatch(typed):
        reading = _reading(match[1] or "", _number(match[2]), match[2])
    else:
        sentence = _("“{text}” is not a Ki-67. {examples}")
        raise KnownError(sentence.format(text=text.strip(), examples=EXAMPLES))
    if not 0 <= reading.low <= reading.high <= 100:
        raise KnownError(_("Ki-67 must be between 0 and 100 %."))
    return reading


def _reading(sign: str, value: float, figure: str) -> Ki67:
    """Return the Ki-67 written as a figure with or without a sign."""
    sign = _SIGNS.get(sign.casefold(), sign)
    written = f"{sign}{figure}" if sign else None
    match sign:
        case "<":
            below = math.ceil(value) - 1.0 if value > 1 else value / 2
            # Nothing is below 0, so `<0` gets bounds that `parse_ki67` refuses.
            return Ki67(0, below if value else -1, below, written)
        case ">":
            above = math.floor(value) + 1.0
            return Ki67(above, 100, above, written)
        case "≤":
            return Ki67(0, value, value, written)
        case "≥":
            return Ki67(value, 100, value, written)
        case _:
            return Ki67(value, value, value, written)


def _number(figure: str) -> float:
    return float(figure.replace(",", "."))


def grade_conflict(
    who_grade: str | None,
    differentiation: str | None,
    ki67: Ki67 | None,
    mitoses: float | None,
) -> str:
    """Return how a stated grade and the other findings disagree; empty if they do not.

    Nothing is corrected, because only the pathologist can tell which of the two is right.
    """
    ends: tuple[float | None, ...] = (ki67.low, ki67.high) if ki67 else (None,)
    ki67_text = (ki67.written or f"{ki67.figure:g}") if ki67 else ""
    conflicts = [
        _conflict(who_grade, differentiation, end, ki67_text, mitoses)
        for end in dict.fromkeys(ends)
    ]
    return "" if "" in conflicts else conflicts[0]


def _conflict(
    who_grade: str | None,
    differentiation: str | None,
    ki67: float | None,
    ki67_text: str,
    mitoses: float | None,
) -> str:
    if who_grade == "NEC":
        if differentiation == "well":
            return _("NEC is poorly differentiated, but well differentiated is recorded")
        if ki67 is not None and ki67 <= KI67_CUT_OFFS[1]:
            return _("Ki-67 {ki67} % does not fit NEC (above 20 %)").format(ki67=ki67_text)
        return ""
    if who_grade is None or not who_grade[-1:].isdigit():
        return ""
    if differentiation == "poor":
        return _("NET is well differentiated, but poorly differentiated is recorded")
    return _conflict_of_net(int(who_grade[-1]), ki67, ki67_text, mitoses)


def _conflict_of_net(grade: int, ki67: float | None, ki67_text: str, mitoses: float | None) -> str:
    by_ki67 = _grade(ki67, KI67_CUT_OFFS)
    by_mitoses = _grade(mitoses, MITOSES_CUT_OFFS)
    if max(by_ki67, by_mitoses) == grade:
        return ""
    if by_mitoses > grade and by_mitoses >= by_ki67:
        text = _("{mitoses} mitoses per 2 mm² do not fit G{grade} ({range})")
        expected = _range_text(grade, MITOSES_CUT_OFFS)
        return text.format(mitoses=f"{mitoses:g}", grade=grade, range=expected)
    if by_ki67 and (by_ki67 > grade or by_mitoses < grade):
        text = _("Ki-67 {ki67} % does not fit G{grade} ({range} %)")
        if by_ki67 < grade and mitoses is None:
            text = _(
                "Ki-67 {ki67} % does not fit G{grade} ({range} %), and no mitotic count is recorded"
            )
        expected = _range_text(grade, KI67_CUT_OFFS)
        return text.format(ki67=ki67_text, grade=grade, range=expected)
    return ""


def _range_text(grade: int, cut_offs: tuple[float, float]) -> str:
    low, high = cut_offs
    return _RANGES.get(grade, "").format(low=f"{low:g}", high=f"{high:g}")


def _grade(value: float | None, cut_offs: tuple[float, float]) -> int:
    """Return the grade that a value alone would give; 0 without a value."""
    if value is None:
        return 0
    return 1 if value < cut_offs[0] else 2 if value <= cut_offs[1] else 3
