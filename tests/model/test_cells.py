"""No spreadsheet runs a text as a formula, and it comes back as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.cells import neutralise, restore, tab_separated

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
TRICKY = st.text("';ab" + "".join(FORMULAS), max_size=6)


@given(TEXT | TRICKY)
def test_a_text_comes_back_and_is_never_a_formula(text: str) -> None:
    cell = neutralise(text)
    assert not cell.startswith(FORMULAS)
    assert restore(cell) == text
    # Where a semicolon begins a new cell, that is no formula either.
    assert not any(part.startswith(FORMULAS) for part in cell.split(";"))


@pytest.mark.parametrize("text", ["'tis", "a=b", "a; =1", "a;b", "''", " =1", "10-20"])
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert neutralise(text) == text


@given(st.lists(st.lists(TEXT | TRICKY, min_size=1, max_size=4), min_size=1, max_size=4))
def test_pasted_texts_stay_in_their_cells_and_are_never_formulas(rows: list[list[str]]) -> None:
    lines = tab_separated(rows).split("\n")
    assert [len(line.split("\t")) for line in lines] == [len(row) for row in rows]
    for line in lines:
        for cell in line.split("\t"):
            number = cell.removeprefix("-").replace(".", "", 1).replace("e", "", 1)
            assert not cell.startswith(FORMULAS) or number.lstrip("+-0123456789") == ""


def test_pasted_numbers_stay_numbers() -> None:
    assert tab_separated([["−12.5", "3", "-1e-05", "−2 kg", "=1"]]) == (
        "-12.5\t3\t-1e-05\t−2 kg\t'=1"
    )
