"""Numbers in a sentence: spelled out below ten, and each with the line of the tables it is from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from model.cohort import numbers
from model.cohort.lines import TableLine

_SPELLED_BELOW = 10
_MOST_SPELLED = 1000
_ONES = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SINGULAR = {"therapies": "therapy"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a paragraph; where they are a number, the line of the tables that it is."""

    text: str
    line: TableLine | None = None


Form = Callable[[TableLine], str | None]
"""How a line's number is written; None where it is not known."""


def spelled(number: int) -> str:
    """A number in words up to 999, `no` for none; in digits beyond."""
    if not 0 <= number < _MOST_SPELLED:
        return f"{number}"
    if number < len(_ONES):
        return _ONES[number]
    if number < 100:
        ten, one = divmod(number, 10)
        return _TENS[ten - 2] + (f"-{_ONES[one]}" if one else "")
    hundred, rest = divmod(number, 100)
    return f"{_ONES[hundred]} hundred" + (f" and {spelled(rest)}" if rest else "")


def as_read(number: int) -> str:
    """A number that stands alone within a sentence: in words below ten, else in digits."""
    if not number:
        return "none"
    return spelled(number) if number < _SPELLED_BELOW else f"{number}"


def number_of(line: TableLine) -> float | None:
    """What a line's number is: its estimate where it is one, else its count."""
    return line.n if line.is_count else line.estimate


def plain(line: TableLine) -> str | None:
    """The number alone."""
    if line.is_count:
        return None if line.n is None else as_read(line.n)
    return None if line.estimate is None else numbers.estimate(line.estimate, line.unit)


def in_digits(line: TableLine) -> str | None:
    """The number alone, in digits however small."""
    return f"{line.n}" if line.is_count and line.n is not None else plain(line)


def with_unit(line: TableLine) -> str | None:
    """The number with its unit, in the singular for one: `one cycle`, `7.0 months`."""
    text = plain(line)
    if text is None:
        return None
    if line.is_count and not line.n:
        text = spelled(0)
    one = number_of(line) == 1
    unit = _SINGULAR.get(line.unit, line.unit.removesuffix("s")) if one else line.unit
    return f"{text} {unit}".strip()


def share(line: TableLine) -> str | None:
    """How many of how many, and the percentage: `11 of 20 (55 %)`."""
    return None if line.n is None or line.percent is None else numbers.share_of(line.n, line.of)


def percent(line: TableLine) -> str | None:
    """The percentage."""
    return None if line.percent is None else f"{numbers.estimate(line.percent, '%')} %"


def of(line: TableLine) -> str | None:
    """The denominator; None where it is nobody."""
    return f"{line.of}" if line.of else None


def known(line: TableLine) -> str | None:
    """How many values an estimate rests on, of how many: `19 of 20 patients`."""
    if line.n is None or not line.of:
        return None
    return f"{line.n} of {line.of}"


def interval(line: TableLine) -> str | None:
    """The bounds of the interval; `NR` for one that is not reached, None where there is neither."""
    return numbers.interval(line.low, line.high, line.interval_unit) or None


def some(line: TableLine) -> str | None:
    """The number, unless it is zero."""
    return plain(line) if number_of(line) else None


FORMS: dict[str, Form] = {
    "with unit": with_unit,
    "share": share,
    "percent": percent,
    "of": of,
    "known": known,
    "interval": interval,
    "figure": in_digits,
    "some": some,
}
"""The forms that a template may ask for, by name; `one/many` beside them."""


def written(line: TableLine, forms: Iterable[str]) -> Piece | None:
    """A line's number in the forms asked for, the last of which is seen; None where not known."""
    text = plain(line)
    for form in forms:
        if "/" in form:
            one, many = form.split("/", 1)
            text = None if plain(line) is None else one if number_of(line) == 1 else many
            # A word that follows a number is no number.
            return None if text is None else Piece(text)
        text = FORMS[form](line)
        if text is None:
            return None
    return None if text is None else Piece(text, line)


def at_the_start(piece: Piece) -> Piece:
    """A piece as it begins a sentence: a count in words, the first letter in upper case."""
    text, line = piece.text, piece.line
    if line is not None and line.is_count and line.n is not None:
        digits = f"{line.n}"
        if text == digits or (text.startswith(f"{digits} ") and text != share(line)):
            text = spelled(line.n) + text[len(digits) :]
    return Piece(text[:1].upper() + text[1:], line)
