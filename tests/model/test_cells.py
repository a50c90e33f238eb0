"""No spreadsheet runs a text as a formula, and it comes back as it was written."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.cells import neutralise, restore, tab_separated

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
TRICKY = st.text("';ab\"" + "".join(FORMULAS), max_size=6)


@given(TEXT | TRICKY)
def test_a_text_comes_back_and_is_never_a_formula(text: str) -> None:
    cell = neutralise(text)
    assert not cell.startswith(FORMULAS)
    assert restore(cell) == text
    # Where a semicolon begins a new cell, that is no formula either.
    assert not any(part.startswith(FORMULAS) for part in cell.split(";"))


def split_at_semicolons(file: str) -> list[str]:
    """The cells of a file with commas in a spreadsheet that expects semicolons."""
    lines = io.StringIO(file, newline=None)
    return [cell for row in csv.reader(lines, delimiter=";") for cell in row]


@pytest.mark.parametrize(
    "text", ['a;"=1+1;b', 'a"\n=1+1;b', "a,\n=1+1;b", "a,\n\t=1", 'a,\r\n"=1;b']
)
def test_known_texts_are_no_formulas_where_semicolons_begin_cells(text: str) -> None:
    rows = io.StringIO()
    csv.writer(rows).writerow(["x", text])
    assert any(cell.lstrip("\t").startswith("=1") for cell in split_at_semicolons(rows.getvalue()))
    assert restore(neutralise(text)) == text


@given(st.lists(TRICKY | st.text("a;=,'\"\r\n\t-", max_size=9), min_size=1, max_size=3))
@example(['a;"=1+1;b'])
@example(['a;""=1+1;b'])
@example(["a,\n=1+1;b"])
@example(['a,\r\n"=1;b'])
@example(["a,\n\t=1"])
def test_no_cell_is_a_formula_where_semicolons_begin_cells(texts: list[str]) -> None:
    rows = io.StringIO()
    csv.writer(rows).writerow(["x", *map(neutralise, texts)])
    for cell in split_at_semicolons(rows.getvalue()):
        assert not cell.lstrip("\t").startswith(("=", "+", "-", "@"))
    assert [restore(neutralise(text)) for text in texts] == texts


def test_a_pasted_text_that_begins_with_a_quote_stays_in_its_cell() -> None:
    cells = [['"open', "b"], ['"=1+1"', "c"]]
    pasted = list(csv.reader(io.StringIO(tab_separated(cells)), delimiter="\t"))
    assert pasted == [['"open', "b"], ['\'"=1+1"', "c"]]


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
