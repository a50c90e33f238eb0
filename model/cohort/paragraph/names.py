"""What a template may name: numbers of the tables, lists of them, and words of the selection."""

from __future__ import annotations

import difflib
from collections.abc import Callable

from model.cohort import numbers
from model.cohort.lines import EVENTS, NOT_RECORDED, TableLine
from model.cohort.options import Denominator
from model.cohort.paragraph.numbers import (
    FORMS,
    Piece,
    in_digits,
    spelled,
    with_unit,
)
from model.cohort.paragraph.template import Placeholder, sentences
from model.cohort.paragraph.told import Key, Told
from model.dates import shown

_COUNTED = {
    Denominator.TREATED: "treated patients",
    Denominator.IMAGED: "imaged patients",
    Denominator.ALL: "patients",
}
_WORDS = {
    "CR": "complete response",
    "PR": "partial response",
    "SD": "stable disease",
    "PD": "progressive disease",
    "NE": "not evaluable",
}


NUMBERS: dict[str, Key] = {
    "patients": ("cohort", "patients", ""),
    "treated": ("cohort", "patients treated", ""),
    "median age": ("cohort", "age at T0", "median"),
    "youngest": ("cohort", "age at T0", "minimum"),
    "oldest": ("cohort", "age at T0", "maximum"),
    "G3 at diagnosis": ("grade", "grade at diagnosis", "NET G3"),
    "upgraded to G3": ("grade", "upgraded to NET G3", ""),
    "median Ki-67": ("grade", "Ki-67", "median"),
    "lowest Ki-67": ("grade", "Ki-67", "minimum"),
    "highest Ki-67": ("grade", "Ki-67", "maximum"),
    "cycles": ("cycles", "cycles", ""),
    "monotherapy": ("cycles", "modality", "monotherapy"),
    "tandem": ("cycles", "modality", "tandem"),
    "any acute toxicity": ("acute toxicity", "any", "any"),
    "any long-term toxicity": ("long-term toxicity", "any", "any"),
    "any toxicity": ("all toxicity", "any", "any"),
    "any acute toxicity of grade 3 or more": ("acute toxicity", "any", ">=3"),
    "any long-term toxicity of grade 3 or more": ("long-term toxicity", "any", ">=3"),
    "any toxicity of grade 3 or more": ("all toxicity", "any", ">=3"),
    **{response: ("response", "best response", response) for response in _WORDS},
    "ORR": ("response", "ORR", "all treated"),
    "ORR of imaged": ("response", "ORR", "imaged"),
    "DCR": ("response", "DCR", "all treated"),
    "DCR of imaged": ("response", "DCR", "imaged"),
    "alive": ("survival", "vital status", "alive"),
    "died": ("survival", "vital status", "dead"),
    "follow-up of those alive": ("survival", "follow-up of those alive", "median"),
    "survival of those who died": ("survival", "survival of those who died", "median"),
    "deaths": ("survival", "OS", "events"),
    "median OS": ("survival", "OS", "median"),
    "OS at 12 months": ("survival", "OS", "12 months"),
    "median PFS": ("survival", "PFS", "median"),
    "PFS at 12 months": ("survival", "PFS", "12 months"),
    "median follow-up": ("survival", "follow-up (reverse Kaplan-Meier)", "median"),
}
"""The numbers that a template may name, with the line of the tables that each is."""


def _patients_by_cycles(told: Told) -> list[Piece] | None:
    """`seven patients received one cycle, seven two, four three and two four`; of several."""
    lines = told.of_measure("cycles", "cycles per patient")
    if sum(line.n or 0 for line in lines) < 2:  # the cycles of one patient are told already
        return None
    items = []
    for place, line in enumerate(lines):
        times = spelled(int(line.level)) if line.level.isdigit() else line.level
        count = spelled(line.n or 0) if not place else None
        first = f"{count or _count(line)} {'patient' if line.n == 1 else 'patients'}"
        cycles = f"{times} {'cycle' if line.level == '1' else 'cycles'}"
        if place:
            items.append([Piece(_count(line), line), Piece(f" {times}")])
        else:
            items.append([Piece(first, line), Piece(f" received {cycles}")])
    return _joined(items)


def _levels(section: str, measure: str) -> Callable[[Told], list[Piece] | None]:
    """`pancreas (n = 15), small bowel (n = 3) and unknown (n = 1)`."""

    def listed(told: Told) -> list[Piece] | None:
        lines = [line for line in told.of_measure(section, measure) if line.n]
        return _joined([_counted(_level(line.level), line) for line in lines])

    return listed


def _administrations(told: Told) -> list[Piece] | None:
    """`41 administrations of 225Ac and 32 of 177Lu`."""
    lines = [line for line in told.of_measure("cycles", "administrations") if line.level]
    items = []
    for place, line in enumerate(lines):
        text = _count(line) if place else with_unit(line) or ""
        items.append([Piece(text, line), Piece(f" of {line.level}")])
    return _joined(items)


def _activities(told: Told) -> list[Piece] | None:
    """`14.1 MBq of 225Ac (18 of 20 patients known) and 6.2 GBq of 177Lu (17 of 17 …)`."""
    lines = told.of_measure("exposure", "cumulative activity per patient")
    items = []
    for line in lines:
        if line.estimate is None:
            continue
        known = f" (known of {line.n} of {line.of} patients)"
        amount = Piece(f"{numbers.estimate(line.estimate, line.unit)} {line.unit}", line)
        items.append([amount, Piece(f" of {line.part}"), Piece(known, line)])
    return _joined(items)


def _toxicities(section: str) -> Callable[[Told], list[Piece] | None]:
    """`anemia grade 2 (n = 4) and grade 3 (n = 1); nausea grade 1–2 (n = 8)`.

    Grades 1 and 2 stand together where a term has patients of both.
    """

    def listed(told: Told) -> list[Piece] | None:
        measures = dict.fromkeys(key[1] for key in told.lines if key[0] == section)
        terms: list[list[Piece]] = []
        for measure in measures:
            grades = {line.grade: line for line in told.of_measure(section, measure) if line.n}
            pooled = "1" in grades and "2" in grades and "1-2" in grades
            levels = ("1-2", "3", "4", "5") if pooled else ("1", "2", "3", "4", "5")
            of_term = [
                _counted(f"grade {level.replace('-', '–')}", grades[level])
                for level in levels
                if level in grades
            ]
            if measure != "any" and (said := _joined(of_term)):
                terms.append([Piece(f"{_lower(measure)} "), *said])
        return _joined(terms, "; ", "; ")

    return listed


def _best_responses(told: Told) -> list[Piece] | None:
    lines = [line for line in told.of_measure("response", "best response") if line.n]
    return _joined([_counted(_WORDS.get(line.level, line.level), line) for line in lines])


def _counted_patients(told: Told) -> list[Piece] | None:
    """`20 treated patients`: out of whom toxicity and response are counted."""
    line = told.lines.get(NUMBERS["any toxicity"])
    if line is None or not line.of:
        return None
    who = _COUNTED[told.options.denominator]
    return [Piece(f"{line.of}", line), Piece(f" {who.removesuffix('s') if line.of == 1 else who}")]


LISTS: dict[str, Callable[[Told], list[Piece] | None]] = {
    "counted patients": _counted_patients,
    "patients by cycles": _patients_by_cycles,
    "primary sites": _levels("primary site", "primary site"),
    "administrations": _administrations,
    "cumulative activities": _activities,
    "acute toxicities": _toxicities("acute toxicity"),
    "long-term toxicities": _toxicities("long-term toxicity"),
    "toxicities": _toxicities("all toxicity"),
    "best responses": _best_responses,
}
"""The lists that a template may name."""

TEXTS: dict[str, Callable[[Told], str | None]] = {
    "radiopharmaceutical": lambda told: told.radiopharmaceutical or None,
    "partner": lambda told: told.partner or None,
    "at cut-off": lambda told: (
        f"at the data cut-off on {shown(told.selection.cut_off)}"
        if told.selection.cut_off
        else "at the last follow-up"
    ),
}
"""The words that a template may name."""


def problems(template: str) -> list[str]:
    """What a template names that is not there, a sentence a fault; empty where it is sound."""
    found = []
    for number, line in enumerate(template.splitlines(), 1):
        if not line.lstrip().startswith("#") and line.count("{") != line.count("}"):
            found.append(f"Line {number}: a brace is not closed.")
    for sentence in sentences(template):
        found += [
            f"Line {sentence.number}: {fault}"
            for part in sentence.parts
            if isinstance(part, Placeholder) and (fault := _fault(part))
        ]
    return found


def _fault(placeholder: Placeholder) -> str | None:
    name = placeholder.name
    known = [*NUMBERS, *LISTS, *TEXTS]
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        return f"there is no “{name}”." + (f" Did you mean “{near[0]}”?" if near else "")
    if placeholder.forms and name not in NUMBERS:
        return f"“{name}” is no single number and has no forms."
    for form in placeholder.forms:
        if form not in FORMS and "/" not in form:
            near = difflib.get_close_matches(form, list(FORMS), 1)
            said = f"“{name}” has no form “{form}”."
            return said + (f" Did you mean “{near[0]}”?" if near else "")
    return None


def _counted(words: str, line: TableLine) -> list[Piece]:
    if line.unit == EVENTS:
        return [
            Piece(f"{words} ("),
            Piece(f"{line.n} event{'s' * (line.n != 1)}", line),
            Piece(")"),
        ]
    return [Piece(f"{words} (n = "), Piece(in_digits(line) or "", line), Piece(")")]


def _count(line: TableLine) -> str:
    return spelled(line.n) if line.n is not None and line.n < 10 else f"{line.n}"


def _level(level: str) -> str:
    return level if level == NOT_RECORDED else level.replace("_", " ")


def _lower(term: str) -> str:
    """A term within a sentence; abbreviations keep their letters: `GGT increased`."""
    first = term.split(" ", 1)[0]
    return term if first[1:] != first[1:].lower() else term[:1].lower() + term[1:]


def _joined(
    items: list[list[Piece]], between: str = ", ", last: str = " and "
) -> list[Piece] | None:
    """Items one after the other; None where there is none."""
    found: list[Piece] = []
    for place, item in enumerate(items):
        if place:
            found.append(Piece(last if place == len(items) - 1 else between))
        found += item
    return found or None
