"""How the numbers of the cohort's tables are written on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from gui.words import nuclide_text, words
from model.language import _

if TYPE_CHECKING:
    from model.cohort.lines import TableLine


class Named(Protocol):
    """What says of which table, measure and level a number is."""

    @property
    def section(self) -> str:
        """The table's section."""

    @property
    def measure(self) -> str:
        """What is counted or measured."""

    @property
    def level(self) -> str:
        """Which part of it; empty for all."""


_LEVELS = {"1-2": "1–2", ">=3": "≥ 3"}


def level_text(level: str) -> str:
    """A level as words: `small_bowel` gives `Small bowel`, `225Ac` gives `Ac-225`."""
    return _LEVELS.get(level) or words(nuclide_text(level))


def title_of(line: Named) -> str:
    """What a number counts: `Anemia, grade 3`, `Primary site, Small bowel`."""
    measure = words(line.measure)
    if not line.level:
        return measure
    if "toxicity" in line.section:
        if line.measure == "any":
            measure = _("Any term")
        any_grade = line.level == "any"
        grade = _("any grade") if any_grade else _("grade %s") % level_text(line.level)
        return f"{measure}, {grade}"
    return f"{measure}: {level_text(line.level)}"


def count_title(line: TableLine) -> str:
    """What a number counts and what it is: `Anemia, grade 3: 1 of 20`."""
    if line.n is None:
        return title_of(line)
    counted = f"{line.n}" if line.of is None else _("%d of %d") % (line.n, line.of)
    return f"{title_of(line)}: {counted}"
