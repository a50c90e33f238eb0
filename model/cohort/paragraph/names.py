"""The names that a template may use, for numbers of the tables, lists of them, and texts."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.cohort import numbers
from model.cohort.lines import EVENTS, TableLine
from model.cohort.options import Attribution, Denominator, Options, Phase
from model.cohort.paragraph.template import (
    FORMS,
    Piece,
    Placeholder,
    in_digits,
    in_text,
    sentences,
    spelled,
    with_unit,
)
from model.cohort.selection import Selection
from model.dates import date_text
from model.language import _
from model.records import toxicities
from model.rounding import group_thousands

if TYPE_CHECKING:
    from model.cohort.frames import Frames

LineKey = tuple[str, str, str]
"""Section, measure and level of a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The data of a paragraph: the lines by key in the order of the tables, and what was given."""

    lines: dict[LineKey, TableLine]
    selection: Selection
    options: Options
    radiopharmaceutical: str = ""
    """The radiopharmaceutical given in every cycle; empty if it varied."""
    partner: str = ""
    """The second one, given in every tandem cycle; empty if it varied."""

    def of_measure(self, section: str, measure: str) -> list[TableLine]:
        """Return the lines of a measure, in their order."""
        return [line for key, line in self.lines.items() if key[:2] == (section, measure)]


def source_of(
    lines: Iterable[TableLine], frames: Frames, selection: Selection, options: Options
) -> Source:
    """Collect the data of a paragraph."""
    radiopharmaceutical, partner = _agents(frames)
    return Source(
        lines={(line.section, line.measure, line.level): line for line in lines},
        selection=selection,
        options=options,
        radiopharmaceutical=radiopharmaceutical,
        partner=partner,
    )


def _agents(frames: Frames) -> tuple[str, str]:
    """Return the agent given in every cycle, and its partner in tandem cycles; empty if varied."""
    administrations = frames.administrations[["cycle_id", "agent"]].drop_duplicates()
    cycles = len(frames.cycles)
    counts = administrations["agent"].value_counts()
    always = [str(agent) for agent in counts.index if counts[agent] == cycles]
    if len(always) != 1 or not cycles:
        return "", ""
    others = administrations[administrations["agent"] != always[0]]["agent"].unique()
    if len(others) != 1:
        return always[0], ""
    partner = str(others[0])
    nuclide, _dash, ligand = partner.partition("-")
    return always[0], nuclide if always[0].partition("-")[2] == ligand else partner


_DENOMINATORS = {
    Denominator.TREATED: "treated patients",
    Denominator.IMAGED: "imaged patients",
    Denominator.ALL: "patients",
}
_RESPONSES = {
    "CR": "complete response",
    "PR": "partial response",
    "SD": "stable disease",
    "PD": "progressive disease",
    "NE": "not evaluable",
}

NUMBERS: dict[str, LineKey] = {
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
    "any subacute toxicity": ("subacute toxicity", "any", "any"),
    "any long-term toxicity": ("long-term toxicity", "any", "any"),
    "any toxicity": ("all toxicity", "any", "any"),
    "any acute toxicity of grade 3 or more": ("acute toxicity", "any", ">=3"),
    "any long-term toxicity of grade 3 or more": ("long-term toxicity", "any", ">=3"),
    "any toxicity of grade 3 or more": ("all toxicity", "any", ">=3"),
    **{response: ("response", "best response", response) for response in _RESPONSES},
    "ORR": ("response", "ORR", "all treated"),
    "ORR of imaged": ("response", "ORR", "imaged"),
    "DCR": ("response", "DCR", "all treated"),
    "DCR of imaged": ("response", "DCR", "imaged"),
    "alive": ("survival", "vital status", "alive"),
    "died": ("survival", "vital status", "dead"),
    "unknown vital status": ("survival", "vital status", "unknown"),
    "follow-up of those alive": ("survival", "follow-up of those alive", "median"),
    "survival of those who died": ("survival", "survival of those who died", "median"),
    "deaths": ("survival", "OS", "events"),
    "median OS": ("survival", "OS", "median"),
    "OS at 12 months": ("survival", "OS", "12 months"),
    "median PFS": ("survival", "PFS", "median"),
    "PFS at 12 months": ("survival", "PFS", "12 months"),
    "median follow-up": ("survival", "follow-up (reverse Kaplan-Meier)", "median"),
}
"""The numbers that a template may name, each with the key of its line in the tables."""

Pieces = list[Piece] | None


def _patients_by_cycles(source: Source) -> Pieces:
    """Write `seven patients received one cycle, seven two and four three`; None for one patient."""
    lines = source.of_measure("cycles", "cycles per patient")
    if sum(line.n or 0 for line in lines) < 2:  # the number of cycles is stated already
        return None
    items = []
    for index, line in enumerate(lines):
        times = spelled(int(line.part)) if line.part.isdigit() else line.part
        if index:
            items.append([Piece(in_text(line.n or 0), line), Piece(f" {times}")])
        else:
            patients = f"{in_text(line.n or 0)} {'patient' if line.n == 1 else 'patients'}"
            cycles = f" received {times} {'cycle' if line.part == '1' else 'cycles'}"
            items.append([Piece(patients, line), Piece(cycles)])
    return _join(items)


def _primary_sites(source: Source) -> Pieces:
    """Write `pancreas (n = 15), small bowel (n = 3) and unknown (n = 1)`."""
    lines = [line for line in source.of_measure("primary site", "primary site") if line.n]
    return _join([_counted(line.part.replace("_", " "), line) for line in lines])


def _administrations(source: Source) -> Pieces:
    """Write `41 administrations of 225Ac and 32 of 177Lu`."""
    lines = [line for line in source.of_measure("cycles", "administrations") if line.part]
    texts = [in_text(line.n or 0) if index else with_unit(line) for index, line in enumerate(lines)]
    return _join(
        [
            [Piece(text or "", line), Piece(f" of {line.part}")]
            for text, line in zip(texts, lines, strict=True)
        ]
    )


def _activities(source: Source) -> Pieces:
    """Write `14.1 MBq of 225Ac (known in 18 of 20 patients) and 6.2 GBq of 177Lu (…)`."""
    return _join(
        [
            [
                Piece(f"{numbers.estimate(line.estimate, line.unit)} {line.unit}", line),
                Piece(f" of {line.part}"),
                Piece(f" (known in {numbers.count_of(line.n or 0, line.of)} patients)", line),
            ]
            for line in source.of_measure("exposure", "cumulative activity per patient")
            if line.estimate is not None
        ]
    )


def _toxicities(section: str) -> Callable[[Source], Pieces]:
    """Return a function that writes `anemia grade 2 (n = 4) and grade 3 (n = 1); nausea …`.

    Grades 1 and 2 are pooled if a term has patients with both.
    """

    def listed(source: Source) -> Pieces:
        measures = dict.fromkeys(key[1] for key in source.lines if key[0] == section)
        terms: list[list[Piece]] = []
        for measure in measures:
            lines = source.of_measure(section, measure)
            grades = {line.grade: line for line in lines if line.n}
            pooled = "1" in grades and "2" in grades and "1-2" in grades
            levels = ("1-2", "3", "4", "5") if pooled else ("1", "2", "3", "4", "5")
            of_term = [
                _counted(f"grade {grade.replace('-', '–')}", grades[grade])
                for grade in levels
                if grade in grades
            ]
            if measure != "any" and (pieces := _join(of_term)):
                name = lines[0].name or toxicities.label(measure)
                terms.append([Piece(f"{_lower(name)} "), *pieces])
        return _join(terms, "; ", "; ")

    return listed


def _best_responses(source: Source) -> Pieces:
    lines = [line for line in source.of_measure("response", "best response") if line.n]
    return _join([_counted(_RESPONSES.get(line.part, line.part), line) for line in lines])


def _counted_patients(source: Source) -> Pieces:
    """Write `20 treated patients`, the denominator of toxicity and response."""
    line = source.lines.get(NUMBERS["any toxicity"])
    if line is None or not line.of:
        return None
    denominator = _DENOMINATORS[source.options.denominator]
    return [
        Piece(group_thousands(line.of), line),
        Piece(f" {denominator.removesuffix('s') if line.of == 1 else denominator}"),
    ]


LISTS: dict[str, Callable[[Source], Pieces]] = {
    "counted patients": _counted_patients,
    "patients by cycles": _patients_by_cycles,
    "primary sites": _primary_sites,
    "administrations": _administrations,
    "cumulative activities": _activities,
    "acute toxicities": _toxicities("acute toxicity"),
    "subacute toxicities": _toxicities("subacute toxicity"),
    "long-term toxicities": _toxicities("long-term toxicity"),
    "toxicities": _toxicities("all toxicity"),
    "best responses": _best_responses,
}
"""The lists that a template may name."""


def _toxicity(phase: Phase) -> Callable[[Source], str | None]:
    """Return a function that writes `treatment-related acute toxicity`, if there is the phase."""

    def named(source: Source) -> str | None:
        if not source.options.has(phase):
            return None
        is_related = source.options.attribution is Attribution.RELATED
        return f"treatment-related {phase} toxicity" if is_related else f"{phase} toxicity"

    return named


TEXTS: dict[str, Callable[[Source], str | None]] = {
    "acute toxicity": _toxicity(Phase.ACUTE),
    "subacute toxicity": _toxicity(Phase.SUBACUTE),
    "long-term toxicity": _toxicity(Phase.LONG_TERM),
    "radiopharmaceutical": lambda source: source.radiopharmaceutical or None,
    "partner": lambda source: source.partner or None,
    "at cut-off": lambda source: (
        f"at the data cut-off on {date_text(source.selection.cut_off)}"
        if source.selection.cut_off
        else "at the last follow-up"
    ),
}
"""The texts that a template may name."""


def problems(template: str) -> list[str]:
    """Return a sentence for each problem of a template."""
    line_problems = [
        (number, _("a brace is not closed."))
        for number, line in enumerate(template.splitlines(), 1)
        if not line.lstrip().startswith("#") and line.count("{") != line.count("}")
    ]
    line_problems += [
        (sentence.number, problem)
        for sentence in sentences(template)
        for part in sentence.parts
        if isinstance(part, Placeholder) and (problem := _problem(part))
    ]
    return [
        _("Line {number}: {problem}").format(number=number, problem=problem)
        for number, problem in line_problems
    ]


def _problem(placeholder: Placeholder) -> str | None:
    name = placeholder.name
    known = [*NUMBERS, *LISTS, *TEXTS]
    if name not in known:
        return _("there is no “{name}”.").format(name=name) + _suggestion(name, known)
    if placeholder.forms and name not in NUMBERS:
        return _("“{name}” is not a single number, so it has no forms.").format(name=name)
    for form in placeholder.forms:
        if form not in FORMS and "/" not in form:
            unknown = _("“{name}” has no form “{form}”.").format(name=name, form=form)
            return unknown + _suggestion(form, list(FORMS))
    return None


def _suggestion(typed: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(typed, known, 1)
    return " " + _("Did you mean “{name}”?").format(name=near[0]) if near else ""


def _counted(words: str, line: TableLine) -> list[Piece]:
    if line.unit == EVENTS:
        events = f"{group_thousands(line.n or 0)} event{'s' * (line.n != 1)}"
        return [Piece(f"{words} ("), Piece(events, line), Piece(")")]
    return [Piece(f"{words} (n = "), Piece(in_digits(line) or "", line), Piece(")")]


def _lower(term: str) -> str:
    """Return a term as used within a sentence; an abbreviation keeps its case: `GGT increased`."""
    first = term.split(" ", 1)[0]
    return term if first[1:] != first[1:].lower() else term[:1].lower() + term[1:]


def _join(items: Sequence[list[Piece]], between: str = ", ", last: str = " and ") -> Pieces:
    """Join the items with commas and “and”; None if there are no items."""
    joined: list[Piece] = []
    for index, item in enumerate(items):
        if index:
            joined.append(Piece(last if index == len(items) - 1 else between))
        joined += item
    return joined or None
