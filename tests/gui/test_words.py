from __future__ import annotations

import pytest

from gui.words import who_grade_text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("NET G2", "NET G3", "NET G2→G3"),
        ("NET G3", "NEC", "NET G3→NEC"),
        ("NET G1", "NET G1", "NET G1"),
        (None, None, ""),
    ],
)
def test_a_change_of_grade_shows_both(first, last, text):
    assert who_grade_text(first, last) == text
