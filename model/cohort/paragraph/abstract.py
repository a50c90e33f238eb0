"""The cohort in the sentences of a report: every number from the tables, with its definitions.

The sentences are those of a template (`model.cohort.abstract_template`). One whose numbers are not
known is left out. What the numbers mean stands in a footnote, which no template can change.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.cohort.lines import CohortTable, TableLine
from model.cohort.options import USUAL, Options
from model.cohort.paragraph import template as abstract_template
from model.cohort.paragraph.names import LISTS, NUMBERS, TEXTS, problems
from model.cohort.paragraph.numbers import Piece, at_the_start, written
from model.cohort.paragraph.template import Placeholder, Sentence
from model.cohort.paragraph.told import Told, told
from model.cohort.selection import EVERYONE, Selection
from model.errors import KnownError
from model.store.reader import Reader
from model.store.settings import casebook_version

if TYPE_CHECKING:
    from model.cohort.frames import Frames

_NUCLIDE = re.compile(r"(?<![\w.])(\d{2,3}m?)(?=[A-Z][a-z]?\b)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """The sentences as pieces, each number with its line, and what the numbers mean."""

    pieces: tuple[Piece, ...]
    footnote: str

    @property
    def text(self) -> str:
        """The sentences as plain text."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def html(self) -> str:
        """Sentences and footnote for a word processor: mass numbers stand high."""
        return f"<p>{_raised(self.text)}</p>\n<p><small>{_raised(self.footnote)}</small></p>"

    @property
    def whole(self) -> str:
        """Sentences and footnote as plain text."""
        return f"{self.text}\n\n{self.footnote}\n"


def paragraph(
    frames: Frames,
    tables: Iterable[CohortTable],
    selection: Selection = EVERYONE,
    options: Options = USUAL,
    template: str = "",
    ctcae: Sequence[str] = (),
) -> Paragraph:
    """The paragraph of a cohort, from frames to which the selection was applied and their tables.

    An empty template is the shipped one; `ctcae` are the versions that toxicities are graded in,
    by default those of the frames. Raises KnownError naming each placeholder that there is not.
    """
    template = template or abstract_template.shipped()
    if faults := problems(template):
        raise KnownError(
            f"The template of the paragraph cannot be filled in. {' '.join(faults)}"
            " Correct it, or restore the one that came with Theralog."
        )
    lines = [line for table in tables for line in table.lines]
    of_cohort = told(lines, frames, selection, options)
    pieces: list[Piece] = []
    was_printed = True
    for sentence in abstract_template.sentences(template):
        if sentence.is_otherwise and was_printed:
            continue
        said = _said(sentence, of_cohort)
        was_printed = said is not None
        if said:
            pieces += [Piece(" "), *said] if pieces else said
    used = [piece.line for piece in pieces if piece.line is not None]
    return Paragraph(
        pieces=tuple(pieces),
        footnote=footnote(used, selection, options, ctcae or versions_of(frames)),
    )


def of_casebook(
    reader: Reader,
    frames: Frames,
    tables: Iterable[CohortTable],
    selection: Selection = EVERYONE,
    options: Options = USUAL,
) -> Paragraph:
    """The paragraph by the casebook's own template, or else the shipped one."""
    return paragraph(frames, tables, selection, options, abstract_template.kept(reader))


def text(
    reader: Reader,
    frames: Frames,
    tables: Iterable[CohortTable],
    selection: Selection = EVERYONE,
    options: Options = USUAL,
) -> str:
    """What `abstract.txt` holds: the paragraph and its footnote, as plain text."""
    return of_casebook(reader, frames, tables, selection, options).whole


def versions(reader: Reader) -> tuple[str, ...]:
    """The CTCAE versions of all toxicities of a casebook; without any, its own."""
    rows = reader.rows(
        """
        select distinct ctcae_version
          from toxicity
         where deleted_at is null
         order by ctcae_version
        """
    )
    return tuple(str(row["ctcae_version"]) for row in rows) or (casebook_version(reader),)


def versions_of(frames: Frames) -> tuple[str, ...]:
    """The CTCAE versions that the toxicities are graded in; without any, those of the patients."""
    recorded = frames.toxicities["ctcae_version"].dropna().unique()
    usual = frames.patients["version"].unique()
    return tuple(sorted(map(str, recorded if len(recorded) else usual)))


def footnote(
    used: Iterable[TableLine], selection: Selection, options: Options, ctcae: Sequence[str]
) -> str:
    """What the numbers of these lines mean: who is counted, from when, how, and which interval."""
    lines = list(used)
    sections = {line.section for line in lines}
    parts = [f"{selection.sentence()}."]
    if "cohort" in sections or "cycles" in sections:
        parts.append("Treated are the patients with at least one cycle.")
    if any(section.endswith("toxicity") for section in sections):
        graded = f"Toxicity: CTCAE {' and '.join(ctcae)}." if ctcae else "Toxicity:"
        parts.append(f"{graded} {options.sentence()}")
    if "response" in sections:
        parts.append(
            "Best response of each patient to imaging after the first cycle; ORR is complete or"
            " partial response, DCR these or stable disease, with exact (Clopper-Pearson) 95 %"
            " confidence intervals."
        )
    if any(line.section == "survival" and line.unit == "months" for line in lines):
        parts.append("Times are counted from T0 in months of 30.4375 days.")
    if any(line.measure in _PLAIN_MEDIANS for line in lines):
        parts.append(
            "Follow-up of those alive and survival of those who died are plain medians of observed"
            " times, not estimates of survival."
        )
    if any(line.section == "survival" and line.low is not None for line in lines):
        parts.append(
            "Survival by Kaplan-Meier; 95 % confidence intervals with Greenwood’s variance on the"
            " log-log scale; NR: not reached."
        )
    return " ".join(parts)


_PLAIN_MEDIANS = ("follow-up of those alive", "survival of those who died")


def _said(sentence: Sentence, of_cohort: Told) -> list[Piece] | None:
    """The pieces of a sentence; None where something in it is not known."""
    found: list[Piece] = []
    for part in sentence.parts:
        if isinstance(part, str):
            found.append(Piece(part))
            continue
        pieces = _filled(part, of_cohort)
        if pieces is None:
            return None
        found += pieces
    return [at_the_start(found[0]), *found[1:]] if found else None


def _filled(placeholder: Placeholder, of_cohort: Told) -> list[Piece] | None:
    name = placeholder.name
    if name in LISTS:
        return LISTS[name](of_cohort)
    if name in TEXTS:
        words = TEXTS[name](of_cohort)
        return [Piece(words)] if words else None
    line = of_cohort.lines.get(NUMBERS[name])
    piece = written(line, placeholder.forms) if line else None
    return [piece] if piece else None


def _raised(words: str) -> str:
    return _NUCLIDE.sub(r"<sup>\1</sup>", html.escape(words, quote=False))
