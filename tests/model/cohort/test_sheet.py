"""Tables in rows and cells: what window, PDF, CSV files and paragraph print is the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from model.cohort import frames as cohort_frames
from model.cohort import numbers, selecting
from model.cohort.frames import Frames
from model.cohort.lines import CohortTable, Statistic, TableLine
from model.cohort.options import Options, ToxicityCount, ToxicityRows
from model.cohort.paragraph import abstract
from model.cohort.selection import EVERYONE
from model.cohort.sheet import Sheet, SheetCell, lay_out, text_of
from model.cohort.tables import count_tables
from model.exchange import cohort_files
from model.exchange.new_casebook import new_casebook
from model.store.casebook import Casebook

ROOT = Path(__file__).parents[3]
OPTIONS = (Options(), Options(count=ToxicityCount.EVENTS, by=ToxicityRows.GROUP))
NUMBER = re.compile(r"\d+(?:\.\d+)?")
CSV_ESTIMATES = ("estimate", "median", "minimum", "maximum", "low", "high")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Frames]:
    path = tmp_path_factory.mktemp("sheet") / "demo.theralog"
    new_casebook(path, folder=ROOT / "tests" / "files" / "demo_v1")
    with Casebook.open(path) as casebook:
        yield selecting.apply_selection(cohort_frames.load(casebook), EVERYONE)


@pytest.fixture(scope="module", params=OPTIONS, ids=("worst", "events"))
def counted(
    demo: Frames, request: pytest.FixtureRequest
) -> tuple[Options, tuple[CohortTable, ...], dict[str, Sheet]]:
    made = count_tables(demo, EVERYONE, request.param)
    return request.param, made, {table.key: lay_out(table) for table in made}


def cells(of: Sheet) -> Iterator[SheetCell]:
    for row in of.rows:
        yield from (cell for cell in row.cells if cell.lines)


def line(**fields: object) -> TableLine:
    given = {"section": "s", "measure": "m", "unit": "patients", "definition": "d", **fields}
    return TableLine(**given)  # type: ignore[arg-type]


def test_every_line_is_in_one_place_of_its_sheet(counted) -> None:
    _options, made, sheets = counted
    for table in made:
        lines = {lines for cell in cells(sheets[table.key]) if (lines := cell.lines)}
        assert sorted(map(repr, table.lines)) == sorted(repr(one) for each in lines for one in each)


def test_paper_prints_what_the_window_prints(counted) -> None:
    for of in counted[2].values():
        for row, printed in zip(of.rows, of.spread().rows, strict=True):
            assert printed.label == row.label
            if of.titles:
                assert printed.cells == row.cells
            elif row.cells:
                (window,) = (cell.text for cell in row.cells)
                for text in (cell.text for cell in printed.cells):
                    first = text.partition(" of ")[0] if row.cells[0].lines[0].is_count else text
                    is_known = " of " in text and not row.cells[0].lines[0].is_count
                    assert is_known or first in window, (row.label, text)


def test_csv_files_round_to_what_the_window_prints(counted) -> None:
    sheets = counted[2]
    known = 0
    for file in cohort_files.FILES:
        names = [column.name for column in file.table.columns]
        printed: dict[str, list[str]] = {}
        for cell in (cell for key in file.keys for cell in cells(sheets[key])):
            level = "" if "term" in names else replace(cell.lines[0], statistic=None).level
            place = f"{cell.lines[0].section}, {cell.lines[0].measure}, {level}"
            printed.setdefault(place, []).extend(NUMBER.findall(cell.text))
        for row in file.rows(sheets[key] for key in file.keys):
            values = dict(zip(names, row, strict=True))
            name = values.get("term") or values["measure"]
            texts = printed[f"{values['section']}, {name}, {values.get('level', '')}"]
            for column, text in values.items():
                if not text or (column not in CSV_ESTIMATES and not column.endswith("percent")):
                    continue
                is_share = column.endswith("percent") or values.get("percent")
                one = numbers.estimate(float(text), "%" if is_share else values["unit"])
                # Zero patients are printed without their percentage.
                assert one in texts or one == "0", (values, column)
                known += 1
    assert known > 400


def test_the_paragraph_says_what_the_window_prints(counted, demo: Frames) -> None:
    options, made, sheets = counted
    paragraph = abstract.paragraph(demo, made, EVERYONE, options)
    texts = {one: cell.text for of in sheets.values() for cell in cells(of) for one in cell.lines}
    known = 0
    for piece in paragraph.pieces:
        if piece.line is None:
            continue
        counts = {f"{piece.line.n}", f"{piece.line.of}"}
        for number in NUMBER.findall(piece.text):
            if number not in counts:
                assert number in NUMBER.findall(texts[piece.line]), piece.text
                known += 1
    assert known > 20


def test_events_are_counted_and_not_taken_for_an_estimate() -> None:
    assert text_of([line(n=5, of=20, unit="events", share=False)], in_grid=True) == "5"


@pytest.mark.parametrize(
    ("n", "of", "text"), [(0, 0, "–"), (0, 2, "0 (0 %)"), (2, 3, "2 (66.7 %)"), (3, 3, "3 (100 %)")]
)
def test_nobody_of_nobody_is_not_nobody_of_some(n: int, of: int, text: str) -> None:
    assert text_of([line(n=n, of=of)]) == text
    assert text_of([line(n=n, of=of)], in_grid=True) == ("0" if n == 0 and of else text)


def test_an_estimate_that_is_not_reached_is_not_one_that_is_unknown() -> None:
    median = line(statistic=Statistic.MEDIAN, unit="months", share=False, n=9, of=9)
    assert text_of([median]) == "not reached"
    assert text_of([line(unit="months", share=False, n=0, of=9)]) == "–"
    assert (
        text_of([line(unit="months", share=False, n=9, low=3.25, estimate=16.0)])
        == "16.0 months (95 % CI 3.3–NR)"
    )


def test_a_median_has_its_range_beside_it(demo: Frames) -> None:
    (baseline,) = count_tables(demo, EVERYONE, only=["baseline"])
    rows = {row.label: row for row in lay_out(baseline).rows}
    assert rows["Age at T0, median (range)"].cells[0].text == "60.5 (46–73) years"
    assert [one.level for one in rows["Age at T0, median (range)"].cells[0].lines] == [
        *("median", "minimum", "maximum")
    ]
    assert rows["Small bowel"].is_indented


def test_a_heading_stays_when_columns_without_numbers_are_left_out(demo: Frames) -> None:
    (exposure,) = count_tables(demo, EVERYONE, only=["exposure"])
    printed = lay_out(exposure).spread()
    assert printed.titles == ("n", "%", "Value")
    assert [len(row) for row in printed.texts()[:3]] == [4, 4, 1]
