"""The names of ligands and of radiopharmaceuticals, however they are written."""

import re

from model.reference import nuclides
from model.reference.vocabulary import Vocabulary, collapse_blanks

LIGANDS = Vocabulary(
    *("DOTA-LM3", "DOTATATE", "DOTATOC", "DOTA-JR11", "DOTAMTATE", "PSMA-617", "PSMA-I&T"),
    synonyms={
        "DOTA-LM3": ("LM3",),
        "DOTATATE": ("oxodotreotide", "DOTA-octreotate", "DOTA-Tyr3-octreotate"),
        "DOTATOC": ("edotreotide", "DOTA-Tyr3-octreotide"),
        "DOTA-JR11": ("JR11", "OPS201", "satoreotide tetraxetan"),
        "PSMA-617": ("vipivotide tetraxetan",),
    },
)


def _split(agent: str) -> tuple[str | None, str]:
    """Split a text into the nuclide that it begins with, None without one, and the rest."""
    name = collapse_blanks(agent)
    for end in reversed([match.start() for match in re.finditer(r"[- ]", name)]):
        if nuclide := nuclides.find(name[:end]):
            return nuclide.name, name[end + 1 :]
    return None, name


def spell_ligand(text: str) -> str:
    """Return the name of a ligand, without a nuclide before it: `DOTATATE` for `177Lu-DOTATATE`."""
    return LIGANDS.spell(_split(text)[1])


def spell_agent(text: str) -> str:
    """Return the name of a radiopharmaceutical: `177Lu-DOTATATE` for `Lu-177 dotatate`."""
    nuclide, rest = _split(text)
    return f"{nuclide}-{LIGANDS.spell(rest)}" if nuclide else nuclides.spell(text)
