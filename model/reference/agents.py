"""The activities that radiopharmaceuticals are given in: which are usual, which are impossible.

The ranges stand in `resources/agents.csv`, each with its source. They keep MBq from being taken
for GBq, and recommend no activity.
"""

from dataclasses import dataclass
from functools import cache

from model.reference import nuclides
from model.reference.activities import activity_text, from_mbq, near_text
from model.reference.tables import rows

_FAR = 10.0
"""So many times outside the usual range is far outside."""


@dataclass(frozen=True, slots=True)
class Agent:
    """The range of one radiopharmaceutical, in MBq for one administration.

    Without a ligand it holds for every ligand of the nuclide that has no range of its own.
    """

    nuclide: str
    ligand: str
    usual_from: float
    usual_to: float
    impossible_above: float
    source: str

    @property
    def usual_text(self) -> str:
        """The usual range: `1–12 GBq`."""
        unit = "GBq" if self.usual_from >= 100 and self.usual_to >= 1000 else "MBq"
        return f"{from_mbq(self.usual_from, unit):g}–{activity_text(self.usual_to, unit)}"

    def is_usual(self, mbq: float) -> bool:
        """Whether an activity lies within the usual range."""
        return self.usual_from <= mbq <= self.usual_to


@cache
def _agents() -> dict[tuple[str, str], Agent]:
    return {
        (row["nuclide"], row["ligand"].casefold()): Agent(
            row["nuclide"],
            row["ligand"],
            float(row["usual_from_mbq"]),
            float(row["usual_to_mbq"]),
            float(row["impossible_above_mbq"]),
            row["source"],
        )
        for row in rows("agents.csv")
    }


def find(nuclide: str, ligand: str | None) -> Agent | None:
    """The range of a radiopharmaceutical; None for one of which none is known."""
    name = nuclides.spelled(nuclide)
    known = _agents()
    return known.get((name, (ligand or "").strip().casefold())) or known.get((name, ""))


def impossible(nuclide: str, ligand: str | None, mbq: float | None) -> str | None:
    """Why an activity is refused, as a sentence; None for one that can be."""
    agent = find(nuclide, ligand)
    if agent is None or mbq is None or mbq <= agent.impossible_above:
        return None
    said = f"{near_text(mbq)} of {agent.nuclide} is impossible: {agent.usual_text} is usual."
    return said + _meant(agent, mbq)


def unusual(nuclide: str, ligand: str | None, mbq: float | None) -> str | None:
    """Why an activity is asked about, as a sentence; None for a usual one or no range."""
    agent = find(nuclide, ligand)
    if agent is None or mbq is None or agent.is_usual(mbq):
        return None
    below = mbq < agent.usual_from
    far = mbq * _FAR <= agent.usual_from if below else mbq >= agent.usual_to * _FAR
    where = f"{'far ' if far else ''}{'below' if below else 'above'}"
    said = f"{near_text(mbq)} of {agent.nuclide} is {where} the usual {agent.usual_text}."
    return said + _meant(agent, mbq)


def _meant(agent: Agent, mbq: float) -> str:
    """The same figure in the other unit, where that would be usual."""
    for factor, other in ((1000, "GBq"), (0.001, "MBq")):
        if agent.is_usual(mbq * factor):
            return f" Do you mean {activity_text(mbq * factor, other)}?"
    return ""
