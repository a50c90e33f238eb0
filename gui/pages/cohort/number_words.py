"""How the numbers of the cohort's tables are written on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from gui.words import nuclide_text, words
from model.cohort import numbers
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


def value_text(line: TableLine) -> str:
    """A number as it is read: `15 (75 %)`, `11 (55 %; 95 % CI 31.5–76.9)`, `14.1 MBq`."""
    if line.n is None or not line.share:
        return estimate_text(line)
    if line.of == 0:
        # Nobody of nobody is not the same as nobody of some: no one had anything to recover from.
        return "–"
    counted = f"{line.n}"
    if line.percent is None:
        return counted
    between = interval_text(line)
    share = numbers.share(line.n, line.of)
    return f"{share.removesuffix(')')}; {between})" if between else share


def estimate_text(line: TableLine) -> str:
    """An estimate with its unit and interval: `18 months (95 % CI 11–NR)`; NR: not reached."""
    between = interval_text(line)
    if line.estimate is None:
        known = _("not reached") if between or line.n else "–"
        return f"{known} ({between})" if between else known
    number = numbers.with_unit(line.estimate, line.unit).strip()
    return f"{number} ({between})" if between else number


def interval_text(line: TableLine) -> str:
    """The interval of an estimate or a share; an empty text where there is none."""
    if line.low is None and line.high is None:
        return ""
    return f"95 % CI {numbers.interval(line.low, line.high, line.interval_unit)}"


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
