"""The template of a cohort's paragraph: its sentences, its faults, and the casebook's own one.

A line is a sentence. `{name}` and `{name | form}` stand for what the tables say; a line that begins
with `or:` is printed only where the sentence before it could not be. `#` begins a comment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from model.errors import InvalidRecord
from model.store.reader import Reader
from model.store.settings import save_setting
from model.store.step import Step

TEMPLATE = "abstract_template"
"""The setting under which a casebook keeps its own template; empty for the shipped one."""

_OTHERWISE = "or:"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What stands in braces: a name of the tables, and the forms that are asked for."""

    name: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A line of the template in parts: plain words and placeholders, in their order."""

    number: int
    """The line, counted from 1."""
    parts: tuple[str | Placeholder, ...]
    is_otherwise: bool = False
    """Whether it stands for the sentence before it where that could not be printed."""


@cache
def shipped() -> str:
    """The template that comes with the program."""
    return files("resources").joinpath("abstract.txt").read_text("utf-8")


def kept(reader: Reader) -> str:
    """The casebook's own template, or the shipped one."""
    rows = reader.rows("select value from setting where name = :name", name=TEMPLATE)
    return str(rows[0]["value"]) if rows and rows[0]["value"] else shipped()


def keep(step: Step, template: str) -> None:
    """Keep a casebook's own template; raises InvalidRecord naming what it cannot stand for."""
    from model.cohort.paragraph.names import problems

    if faults := problems(template):
        raise InvalidRecord({"template": " ".join(faults)})
    save_setting(step, TEMPLATE, "" if template.strip() == shipped().strip() else template)


def restore(step: Step) -> None:
    """Use the shipped template again."""
    save_setting(step, TEMPLATE, "")


def sentences(template: str) -> list[Sentence]:
    """The sentences of a template, comments and empty lines left out."""
    found = []
    for number, line in enumerate(template.splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        otherwise = text.lower().startswith(_OTHERWISE)
        text = text[len(_OTHERWISE) :].strip() if otherwise else text
        found.append(Sentence(number=number, parts=_parts(text), is_otherwise=otherwise))
    return found


def _parts(text: str) -> tuple[str | Placeholder, ...]:
    parts: list[str | Placeholder] = []
    at = 0
    for match in _PLACEHOLDER.finditer(text):
        parts.append(text[at : match.start()])
        name, *forms = (part.strip() for part in match[1].split("|"))
        parts.append(Placeholder(name, tuple(forms)))
        at = match.end()
    parts.append(text[at:])
    return tuple(part for part in parts if part)
