"""Write a cohort in the sentences of an abstract, with all numbers taken from the tables.

The sentences come from a template. A sentence with an unknown number is left out. A footnote, which
no template can change, states what the numbers mean.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.cohort.lines import CohortTable, TableLine
from model.cohort.options import DEFAULT_OPTIONS, Options
from model.cohort.paragraph.names import LISTS, NUMBERS, TEXTS, Source, problems, source_of
from model.cohort.paragraph.template import (
    Piece,
    Placeholder,
    Sentence,
    at_the_start,
    sentences,
    shipped,
    written,
)
from model.cohort.selection import EVERYONE, Selection, at_cut_off
from model.errors import InvalidRecord, KnownError
from model.language import _
from model.store.reader import Reader
from model.store.settings import casebook_version, save_setting
from model.store.step import Step

if TYPE_CHECKING:
    from model.cohort.frames import Frames

TEMPLATE = "abstract_template"
"""The setting in which a casebook has its own template; empty for the shipped one."""

_NUCLIDE = re.compile(r"(?<![\w.])(\d{2,3}m?)(?=[A-Z][a-z]?\b)")
_PLAIN_MEDIANS = ("follow-up of those alive", "survival of those who died")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """The sentences in pieces, each number with its line, and the footnote on their meaning."""

    pieces: tuple[Piece, ...]
    footnote: str

    @property
    def text(self) -> str:
        """The sentences as plain text."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def html(self) -> str:
        """Sentences and footnote as HTML for a word processor, with mass numbers raised."""
        text, footnote = map(_with_superscripts, (self.text, self.footnote))
        return f"<p>{text}</p>\n<p><small>{footnote}</small></p>"

    @property
    def whole(self) -> str:
        """Sentences and footnote as plain text."""
        return f"{self.text}\n\n{self.footnote}\n"


def saved_template(reader: Reader) -> str:
    """Return the casebook's own template, or the shipped one."""
    rows = reader.rows("select value from setting where name = :name", name=TEMPLATE)
    return str(rows[0]["value"]) if rows and rows[0]["value"] else shipped()


def save_template(step: Step, template: str) -> None:
    """Save a casebook's own template; raises InvalidRecord with the problems of a wrong one."""
    if faults := problems(template):
        raise InvalidRecord({"template": " ".join(faults)})
    save_setting(step, TEMPLATE, "" if template.strip() == shipped().strip() else template)


def paragraph(
    frames: Frames,
    tables: Iterable[CohortTable],
    selection: Selection = EVERYONE,
    options: Options = DEFAULT_OPTIONS,
    template: str = "",
    ctcae: Sequence[str] = (),
) -> Paragraph:
    """Write the paragraph of a cohort from the selected frames and their tables.

    Without a template, the shipped one is used. `ctcae` are the versions in which toxicities are
    graded, by default those of the frames. Raises KnownError that lists each unknown placeholder.
    """
    selection = at_cut_off(selection, frames.cut_off)
    template = template or shipped()
    if faults := problems(template):
        raise KnownError(
            _(
                "The template of the paragraph cannot be filled in. {problems} Correct it, or"
                " restore the one that came with Theralog."
            ).format(problems=" ".join(faults))
        )
    lines = (line for table in tables for line in table.lines)
    source = source_of(lines, frames, selection, options)
    pieces: list[Piece] = []
    was_printed = True
    for sentence in sentences(template):
        if sentence.is_alternative and was_printed:
            continue
        printed = _filled_in(sentence, source)
        was_printed = printed is not None
        if printed:
            pieces += [Piece(" "), *printed] if pieces else printed
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
    options: Options = DEFAULT_OPTIONS,
) -> Paragraph:
    """Write the paragraph by the casebook's own template, or else the shipped one."""
    return paragraph(frames, tables, selection, options, saved_template(reader))


def versions(reader: Reader) -> tuple[str, ...]:
    """Return the CTCAE versions of all toxicities of a casebook, or its own if there are none."""
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
    """Return the CTCAE versions of the toxicities, or of the patients if there are none."""
    recorded = frames.toxicities["ctcae_version"].dropna().unique()
    usual = frames.patients["version"].unique()
    return tuple(sorted(map(str, recorded if len(recorded) else usual)))


def footnote(
    used: Iterable[TableLine], selection: Selection, options: Options, ctcae: Sequence[str]
) -> str:
    """State what the numbers mean: who is counted, from when, how, and with which intervals."""
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
            "Best response of each patient to imaging after the first cycle, up to progression; ORR"
            " is complete or partial response, DCR these or stable disease, with exact"
            " (Clopper-Pearson) 95 % confidence intervals."
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


def _filled_in(sentence: Sentence, source: Source) -> list[Piece] | None:
    """Return the pieces of a sentence; None if something in it is not known."""
    filled: list[Piece] = []
    for part in sentence.parts:
        pieces = [Piece(part)] if isinstance(part, str) else _pieces(part, source)
        if pieces is None:
            return None
        filled += pieces
    return [at_the_start(filled[0]), *filled[1:]] if filled else None


def _pieces(placeholder: Placeholder, source: Source) -> list[Piece] | None:
    name = placeholder.name
    if name in LISTS:
        return LISTS[name](source)
    if name in TEXTS:
        text = TEXTS[name](source)
        return [Piece(text)] if text else None
    line = source.lines.get(NUMBERS[name])
    piece = written(line, placeholder.forms) if line else None
    return [piece] if piece else None


def _with_superscripts(text: str) -> str:
    return _NUCLIDE.sub(r"<sup>\1</sup>", html.escape(text, quote=False))
