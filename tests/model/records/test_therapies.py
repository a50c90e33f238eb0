"""Anticoagulation is known by its category, and asked about where its dates leave it open."""

from __future__ import annotations

import pytest

from model.dates import PartialDate
from model.records.life import Life
from model.records.therapies import Therapy, is_anticoagulation


@pytest.mark.parametrize(
    ("word", "is_it"),
    [
        ("anticoagulation", True),
        (" Anticoagulants ", True),
        ("ANTIKOAGULATION", True),
        ("ssa", False),
        ("other", False),
    ],
)
def test_anticoagulation_is_known_by_its_words(word: str, is_it: bool) -> None:
    assert is_anticoagulation(word) is is_it


@pytest.mark.parametrize(
    ("category", "started", "ended", "ongoing", "asked"),
    [
        ("anticoagulation", None, None, False, ["started_on"]),
        ("anticoagulation", None, "2024", False, ["started_on"]),
        ("anticoagulation", "2023", None, False, ["ended_on"]),
        ("anticoagulation", "2023", None, True, []),
        ("anticoagulation", "2023", "2024", False, []),
        ("ssa", None, None, False, []),
    ],
)
def test_open_dates_of_anticoagulation_are_asked_about(
    category: str, started: str | None, ended: str | None, ongoing: bool, asked: list[str]
) -> None:
    therapy = Therapy(
        patient_id=1,
        number=1,
        category=category,
        started_on=PartialDate.parse(started) if started else None,
        ended_on=PartialDate.parse(ended) if ended else None,
        ongoing=ongoing,
    )
    assert [*therapy.questions(Life())] == asked
