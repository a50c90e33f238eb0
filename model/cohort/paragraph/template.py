"""Parse the template of a cohort's paragraph, and write numbers in the forms that it names.

Each line is a sentence. `{name}` and `{name | form}` stand for numbers of the tables. A line that
begins with `or:` is printed only if the sentence before it could not be. `#` begins a comment. The
paragraph is always English, as an abstract is, so its words are not translated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from model.cohort import numbers
from model.cohort.lines import TableLine
from model.rounding import group_thousands

_ALTERNATIVE = "or:"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
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
class Placeholder:
    """A name in braces, and the forms in which it is to be written."""

    name: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A line of the template in parts, which are plain text or placeholders, in order."""

    number: int
    """The line, counted from 1."""
    parts: tuple[str | Placeholder, ...]
    is_alternative: bool = False
    """Whether it is printed only if the sentence before it could not be."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a paragraph; a number has its line of the tables."""

    text: str
    line: TableLine | None = None


Form = Callable[[TableLine], str | None]
"""A function that writes the number of a line; it returns None if the number is not known."""


@cache
def shipped() -> str:
    """Return the template that comes with the program."""
    return files("resources").joinpath("abstract.txt").read_text("utf-8")


def sentences(template: str) -> list[Sentence]:
    """Parse a template; comments and empty lines are left out."""
    parsed = []
    for number, line in enumerate(template.splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        alternative = text.lower().startswith(_ALTERNATIVE)
        text = text[len(_ALTERNATIVE) :].strip() if alternative else text
        parsed.append(Sentence(number=number, parts=_parts(text), is_alternative=alternative))
    return parsed


def _parts(text: str) -> tuple[str | Placeholder, ...]:
    # After the split, plain text is at even indices and the content of braces at odd ones.
    parts: list[str | Placeholder] = []
    for index, part in enumerate(_PLACEHOLDER.split(text)):
        if index % 2:
            name, *forms = (word.strip() for word in part.split("|"))
            parts.append(Placeholder(name, tuple(forms)))
        elif part:
            parts.append(part)
    return tuple(parts)


def spelled(number: int) -> str:
    """Spell a number out up to 999, with `no` for zero; write a higher one in digits."""
    if not 0 <= number < _MOST_SPELLED:
        return group_thousands(number)
    if number < len(_ONES):
        return _ONES[number]
    if number < 100:
        ten, one = divmod(number, 10)
        return _TENS[ten - 2] + (f"-{_ONES[one]}" if one else "")
    hundred, rest = divmod(number, 100)
    return f"{_ONES[hundred]} hundred" + (f" and {spelled(rest)}" if rest else "")


def in_text(number: int) -> str:
    """Write a number within a sentence: below ten in words, otherwise in digits."""
    return spelled(number) if 0 <= number < _SPELLED_BELOW else group_thousands(number)


def number_of(line: TableLine) -> float | None:
    """Return the count of a line, or its estimate if it has no count."""
    return line.n if line.is_count else line.estimate


def plain(line: TableLine) -> str | None:
    """Write the number alone."""
    if line.is_count:
        return None if line.n is None else in_text(line.n) if line.n else "none"
    return None if line.estimate is None else numbers.estimate(line.estimate, line.unit)


def in_digits(line: TableLine) -> str | None:
    """Write the number alone, in digits even if it is small."""
    return group_thousands(line.n) if line.is_count and line.n is not None else plain(line)


def with_unit(line: TableLine) -> str | None:
    """Write the number with its unit, which is singular for one: `one cycle`, `7.0 months`."""
    text = plain(line)
    if text is None:
        return None
    if line.is_count and not line.n:
        text = spelled(0)
    is_one = number_of(line) == 1
    unit = _SINGULAR.get(line.unit, line.unit.removesuffix("s")) if is_one else line.unit
    return f"{text} {unit}".strip()


def share(line: TableLine) -> str | None:
    """Write the count, the denominator and the percentage: `11 of 20 (55 %)`."""
    return None if line.n is None or line.percent is None else numbers.share_of(line.n, line.of)


def percent(line: TableLine) -> str | None:
    """Write the percentage: `55 %`."""
    return None if line.percent is None else f"{numbers.estimate(line.percent, '%')} %"


def known(line: TableLine) -> str | None:
    """Write how many of all values are known: `19 of 20`."""
    return None if line.n is None or not line.of else numbers.count_of(line.n, line.of)


FORMS: dict[str, Form] = {
    "with unit": with_unit,
    "share": share,
    "percent": percent,
    "of": lambda line: group_thousands(line.of) if line.of else None,
    "known": known,
    "interval": lambda line: numbers.interval(line.low, line.high, line.interval_unit) or None,
    "figure": in_digits,
    "some": lambda line: plain(line) if number_of(line) else None,
}
"""The forms by name; besides them, a template may use `singular/plural`."""


def written(line: TableLine, forms: Iterable[str]) -> Piece | None:
    """Write a number in the last of the forms; None if any form has no text for it."""
    text = plain(line)
    for form in forms:
        if "/" in form:
            singular, plural = form.split("/", 1)
            if plain(line) is None:
                return None
            # Such a word only follows a number, so it is a piece without a line.
            return Piece(singular if number_of(line) == 1 else plural)
        text = FORMS[form](line)
        if text is None:
            return None
    return None if text is None else Piece(text, line)


def at_the_start(piece: Piece) -> Piece:
    """Return a piece as it starts a sentence: counts in words, the first letter capitalised."""
    text, line = piece.text, piece.line
    if line is not None and line.is_count and line.n is not None:
        digits = group_thousands(line.n)
        if text == digits or (text.startswith(f"{digits} ") and text != share(line)):
            text = spelled(line.n) + text[len(digits) :]
    return Piece(text[:1].upper() + text[1:], line)
