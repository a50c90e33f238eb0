"""The catalogue of CTCAE terms of both versions.

It is in `resources/ctcae/terms.csv` (NCI: CTCAE 5.0 of 2017 with MedDRA 20.1 codes, 837 terms;
CTCAE 6.0 of 2025 with MedDRA 28.0 codes, 850 terms).
"""

from dataclasses import dataclass
from functools import cache

from model.reference.tables import rows
from model.reference.vocabulary import Vocabulary, collapse_blanks, fold

VERSIONS = Vocabulary(
    "5.0", "6.0", synonyms={"5.0": ("5", "v5", "v5.0"), "6.0": ("6", "v6", "v6.0")}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of one CTCAE version, with the grades that exist for it.

    No other grades are offered.
    """

    version: str
    soc: str
    name: str
    meddra_code: str
    ncit_code: str
    grades: tuple[int, ...]


@cache
def terms(version: str) -> tuple[Term, ...]:
    """Return all terms of "5.0" or "6.0" in NCI's order; raises ValueError for other versions."""
    if version not in VERSIONS:
        raise ValueError(f"There is no CTCAE version {version!r}.")
    return tuple(
        Term(
            version=version,
            soc=row["soc"],
            name=row["term"],
            meddra_code=row["meddra_code"],
            ncit_code=row["ncit_code"],
            grades=tuple(map(int, row["grades"])),
        )
        for row in rows("ctcae/terms.csv")
        if row["version"] == version
    )


def find_term(version: str, name: str) -> Term | None:
    """Return the term of this name; None if the version has no such term.

    Case, blanks, hyphens and punctuation make no difference.
    """
    return _by_name(version).get(fold(name))


def spell_term(version: str, name: str) -> str:
    """Return a term as its version spells it; an unknown one as it is, with single blanks."""
    term = find_term(version, name) if version in VERSIONS else None
    return term.name if term else collapse_blanks(name)


@cache
def _by_name(version: str) -> dict[str, Term]:
    return {fold(term.name): term for term in terms(version)}
