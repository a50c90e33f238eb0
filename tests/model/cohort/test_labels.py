"""What the numbers of the cohort are called."""

from __future__ import annotations

from typing import Any

import pytest

from model.cohort.labels import count_title, title_of
from model.cohort.lines import TableLine


def line(section: str, measure: str, level: str, of: int | None = 20) -> TableLine:
    place: dict[str, Any] = {"grade" if "toxicity" in section else "part": level}
    return TableLine(
        section=section,
        measure=measure,
        n=1,
        of=of,
        unit="patients",
        definition="",
        **place,
    )


@pytest.mark.parametrize(
    ("number", "title"),
    [
        # A grade is not taken for a number of patients.
        (line("all toxicity", "any", "3"), "Any term, grade 3"),
        (line("all toxicity", "Anemia", ">=3"), "Anemia, grade ≥ 3"),
        (line("all toxicity", "Anemia", "1-2"), "Anemia, grade 1–2"),
        (line("all toxicity", "Anemia", "any"), "Anemia, any grade"),
        (line("baseline", "primary site", "small_bowel"), "Primary site: Small bowel"),
        (line("cohort", "patients", ""), "Patients"),
    ],
)
def test_a_title_names_measure_and_level(number, title):
    assert title_of(number) == title


def test_a_count_is_given_with_what_it_is_out_of():
    assert count_title(line("cohort", "patients", "")) == "Patients: 1 of 20"
    assert count_title(line("cohort", "patients", "", of=None)) == "Patients: 1"
