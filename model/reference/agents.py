"""Usual and impossible activities of radiopharmaceuticals.

The ranges are in `resources/agents.csv`, each with its source. They are there to find an activity
in MBq that was entered as GBq; they do not recommend an activity.
"""

from dataclasses import dataclass
from functools import cache

from model.language import _
from model.reference import nuclides
from model.reference.activities import activity_text, from_mbq, usual_unit_text
from model.reference.tables import rows

_FAR_FACTOR = 10.0
"""An activity this many times below or above the usual range is far outside it."""


@dataclass(frozen=True, slots=True)
class Agent:
    """The activity range of one radiopharmaceutical, in MBq per administration.

    Without a ligand the range applies to all ligands of the nuclide that have none of their own.
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
        """Return whether an activity is within the usual range."""
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
    """Return the range of a radiopharmaceutical; None if there is none."""
    name, agents = nuclides.spell(nuclide), _agents()
    return agents.get((name, (ligand or "").strip().casefold())) or agents.get((name, ""))


def why_impossible(nuclide: str, ligand: str | None, mbq: float | None) -> str | None:
    """Return why an activity is refused, as a sentence; None if it is possible."""
    agent = find(nuclide, ligand)
    if agent is None or mbq is None or mbq <= agent.impossible_above:
        return None
    return _activity_sentence(
        _("{activity} of {nuclide} is impossible: {usual} is usual."), agent, mbq
    )


def why_unusual(nuclide: str, ligand: str | None, mbq: float | None) -> str | None:
    """Return why an activity must be confirmed, as a sentence; None if it is usual."""
    agent = find(nuclide, ligand)
    if agent is None or mbq is None or agent.is_usual(mbq):
        return None
    is_below = mbq < agent.usual_from
    is_far = (
        mbq * _FAR_FACTOR <= agent.usual_from if is_below else mbq >= agent.usual_to * _FAR_FACTOR
    )
    if is_below:
        sentence = _("{activity} of {nuclide} is below the usual {usual}.")
        if is_far:
            sentence = _("{activity} of {nuclide} is far below the usual {usual}.")
    else:
        sentence = _("{activity} of {nuclide} is above the usual {usual}.")
        if is_far:
            sentence = _("{activity} of {nuclide} is far above the usual {usual}.")
    return _activity_sentence(sentence, agent, mbq)


def _activity_sentence(template: str, agent: Agent, mbq: float) -> str:
    """Return a sentence on an activity, with the same figure in another unit if that is usual."""
    text = template.format(
        activity=usual_unit_text(mbq), nuclide=agent.nuclide, usual=agent.usual_text
    )
    for factor, unit in ((1000, "GBq"), (0.001, "MBq")):
        if agent.is_usual(mbq * factor):
            other = activity_text(mbq * factor, unit)
            return f"{text} {_('Do you mean {activity}?').format(activity=other)}"
    return text
