"""What a paragraph is made of: the lines of the tables by key, and what was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.cohort.lines import TableLine

if TYPE_CHECKING:
    from model.cohort.frames import Frames
    from model.cohort.options import Options
    from model.cohort.selection import Selection

Key = tuple[str, str, str]
"""Section, measure and level of a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a paragraph is made of: the lines by key in the order of the tables, and the words."""

    lines: dict[Key, TableLine]
    selection: Selection
    options: Options
    radiopharmaceutical: str = ""
    """Given in every cycle; empty where there is no such one."""
    partner: str = ""
    """Given beside it in every tandem cycle; empty where there is no such one."""

    def of_measure(self, section: str, measure: str) -> list[TableLine]:
        """The lines of a measure, in their order."""
        return [line for key, line in self.lines.items() if key[:2] == (section, measure)]


def told(
    lines: Sequence[TableLine], frames: Frames, selection: Selection, options: Options
) -> Told:
    """What the lines of a cohort's tables and its frames have to tell."""
    radiopharmaceutical, partner = _agents(frames)
    return Told(
        lines={(line.section, line.measure, line.level): line for line in lines},
        selection=selection,
        options=options,
        radiopharmaceutical=radiopharmaceutical,
        partner=partner,
    )


def _agents(frames: Frames) -> tuple[str, str]:
    """What is given in every cycle, and what beside it in every tandem cycle; empty if varied."""
    given = frames.administrations[["cycle_id", "agent"]].drop_duplicates()
    cycles = len(frames.cycles)
    counts = given["agent"].value_counts()
    always = [str(agent) for agent in counts.index if counts[agent] == cycles]
    if len(always) != 1 or not cycles:
        return "", ""
    others = given[given["agent"] != always[0]]["agent"].unique()
    if len(others) != 1:
        return always[0], ""
    partner = str(others[0])
    nuclide, _, ligand = partner.partition("-")
    return always[0], nuclide if always[0].partition("-")[2] == ligand else partner
