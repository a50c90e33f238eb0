"""No spreadsheet runs a text as a formula, and it comes back as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.cells import neutralise, restore

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
TRICKY = st.text("'ab" + "".join(FORMULAS), max_size=6)


@given(TEXT | TRICKY)
def test_a_text_comes_back_and_is_never_a_formula(text: str) -> None:
    cell = neutralise(text)
    assert not cell.startswith(FORMULAS)
    assert restore(cell) == text


@pytest.mark.parametrize("text", ["'tis", "a=b", "''", " =1", "10-20"])
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert neutralise(text) == text
