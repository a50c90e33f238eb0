"""How the numbers of the cohort are written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gui.pages.cohort.number_words import title_of, value_text
from model.cohort.lines import TableLine


def recovered(n: int, of: int) -> TableLine:
    return TableLine(
        section="nadirs",
        measure="Haemoglobin",
        level="cycle 1, recovered",
        n=n,
        of=of,
        unit="patients",
        definition="Patients whose result came back",
    )


@pytest.mark.parametrize(
    ("n", "of", "said"), [(0, 0, "–"), (0, 2, "0 (0 %)"), (2, 3, "2 (66.7 %)"), (3, 3, "3 (100 %)")]
)
def test_nobody_of_nobody_is_told_from_nobody_of_some(n: int, of: int, said: str) -> None:
    assert value_text(recovered(n, of)) == said


def test_a_grade_is_not_taken_for_a_number_of_patients() -> None:
    made = replace(recovered(1, 20), section="all toxicity", measure="any", level="3")
    assert title_of(made) == "Any term, grade 3"
