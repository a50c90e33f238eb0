"""What the numbers of the cohort are called."""

from __future__ import annotations

from gui.pages.cohort.number_words import title_of
from model.cohort.lines import TableLine


def test_a_grade_is_not_taken_for_a_number_of_patients() -> None:
    line = TableLine(
        section="all toxicity", measure="any", grade="3", n=1, of=20, unit="patients", definition=""
    )
    assert title_of(line) == "Any term, grade 3"
