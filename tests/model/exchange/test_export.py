"""An export is whole or not there, and mixes with nothing."""

import csv
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Literal

import openpyxl
import pytest

from model.cohort.labs import results as lab_results
from model.cohort.selection import Filter, Selection
from model.cohort.selection import FilterKind as FilterKind
from model.errors import KnownError
from model.exchange import codebook, cohort_files, demo, export_folder, spreadsheet
from model.exchange.cohort_files import SECTIONS
from model.exchange.export import export
from model.exchange.export_options import ExportOptions
from model.exchange.new_casebook import new_casebook
from model.exchange.pseudonymised import pseudonyms
from model.exchange.tidy import labs as tidy_labs
from model.exchange.tidy import values as tidy_values
from model.exchange.tidy import writing as tidy_writing
from model.exchange.tidy.columns import Table
from model.exchange.tidy.course_tables import LABS
from model.exchange.tidy.writing import CsvFiles
from model.records import contents
from model.records.labs import LabResult
from model.records.patients import Patient
from model.store.casebook import Casebook
from model.store.settings import SYNTHETIC
from tests.model.exchange.canaries import planted


@pytest.fixture
def casebook(demo_copy: Path) -> Iterator[Casebook]:
    with Casebook.open(demo_copy) as casebook:
        yield casebook


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_an_export_is_journalled_and_holds_what_it_says(casebook: Casebook, tmp_path: Path) -> None:
    files = export(casebook, tmp_path / "out")
    written = (tmp_path / "out").rglob("*")
    assert {str(path.relative_to(tmp_path / "out")) for path in written if path.is_file()} == set(
        files
    )
    assert {"codebook.csv", "summary.csv", "labs.csv", "settings.csv"} <= set(files)
    assert "identity.csv" not in files
    entry = casebook.rows("select action, after from journal order by seq desc limit 1")[0]
    assert entry["action"] == "Export folder"
    assert "labs.csv" in entry["after"]


def test_the_summary_stands_section_summary_lines(casebook: Casebook, tmp_path: Path) -> None:
    export(casebook, tmp_path / "out")
    with (tmp_path / "out" / "summary.csv").open(encoding="utf-8", newline="") as file:
        sections = [row["section"] for row in csv.DictReader(file)]
    assert [section for section, _ in groupby(sections)] == list(SECTIONS)


def test_every_column_of_every_file_is_in_the_codebook(casebook: Casebook, tmp_path: Path) -> None:
    export(casebook, tmp_path / "out")
    written = {}
    for path in (tmp_path / "out").glob("*.csv"):
        written[path.name] = next(csv.reader(path.read_text("utf-8").splitlines()))
    rows = list(csv.DictReader((tmp_path / "out/codebook.csv").read_text("utf-8").splitlines()))
    documented = {(row["file"], row["column"]) for row in rows}
    assert {(name, column) for name in written for column in written[name]} <= documented
    assert len(rows) == len(documented)
    assert all(row["type"] and row["meaning"] for row in rows)
    sex = next(row for row in rows if row["file"] == "patients.csv" and row["column"] == "sex")
    assert sex["codes"] == "F | M | X"
    of_cohort = {each.file for each in (*codebook.COHORT_TABLES, codebook.JOURNAL_ANCHOR)}
    derived = {
        row["column"] for row in rows if row["derived"] == "Y" and row["file"] not in of_cohort
    }
    assert derived == {
        "vital_status",
        "index_date",
        "last_contact_or_death",
        "modality",
        "soc",
    }


def test_an_earlier_export_is_replaced_whole(casebook: Casebook, tmp_path: Path) -> None:
    export(casebook, tmp_path / "out")
    (tmp_path / "out" / "notes.csv").write_text("old")
    export(casebook, tmp_path / "out")
    assert "notes.csv" not in names(tmp_path / "out")
    assert names(tmp_path) == {"demo.theralog", "out"} | {
        name for name in names(tmp_path) if name.startswith("demo.theralog-")
    }


def test_an_empty_folder_may_be_exported_into(casebook: Casebook, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert export(casebook, tmp_path / "out")


@pytest.mark.parametrize("name", ["thesis.docx", "labs.csv"])
def test_a_folder_with_other_files_is_left_as_it_is(
    casebook: Casebook, tmp_path: Path, name: str
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("mine")
    with pytest.raises(KnownError, match="not of an earlier export"):
        export(casebook, tmp_path / "out")
    assert names(tmp_path / "out") == {name}


def test_a_failure_keeps_the_earlier_export(
    casebook: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(casebook, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.csv")}

    put = CsvFiles.put

    def fail(self: CsvFiles, table: Table, rows: Iterable[list[str]]) -> None:
        if table.name == "summary":
            raise OSError(28, "No space left on device")
        put(self, table, rows)

    monkeypatch.setattr(CsvFiles, "put", fail)
    with pytest.raises(KnownError, match="No space left"):
        export(casebook, tmp_path / "out")
    assert before == {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.csv")}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_folder_that_cannot_be_moved_into_place_keeps_the_earlier_export(
    casebook: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(casebook, tmp_path / "out")
    before = names(tmp_path / "out")
    rename = Path.rename
    moves = []

    def refuse_second(self: Path, target: Path) -> Path:
        moves.append(target)
        if len(moves) == 2:
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse_second)
    with pytest.raises(KnownError, match="Permission denied"):
        export(casebook, tmp_path / "out")
    assert names(tmp_path / "out") == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("pseudonymised", [False, True])
@pytest.mark.parametrize("last", range(5))
def test_an_export_can_be_stopped_in_each_of_its_parts(
    casebook: Casebook, tmp_path: Path, last: int, pseudonymised: bool
) -> None:
    heard = []

    def stop(done: int, total: int, doing: str) -> None:
        heard.append((done, total, doing))
        if done == last:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(casebook, tmp_path / "out", stop, ExportOptions(pseudonymised=pseudonymised))
    assert [done for done, _ in groupby(done for done, _, _ in heard)] == [*range(last + 1)]
    assert {total for _, total, _ in heard} == {5}
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]
    assert pseudonyms.code_lists(casebook) == []


def test_the_demo_is_marked_synthetic_and_keeps_what_was_changed(tmp_path: Path) -> None:
    path = demo.make_demo(tmp_path / "data")
    with Casebook.open(path) as casebook:
        assert casebook.setting(SYNTHETIC) == "yes"
        with casebook.step("Change") as step:
            step.put("setting", {"name": "mine", "value": "kept"})
    with Casebook.open(demo.make_demo(tmp_path / "data")) as casebook:
        assert casebook.setting("mine") == "kept"


def test_the_codebook_lists_files_in_one_order() -> None:
    assert list(codebook.rows(codebook.FILES)) == list(codebook.rows(codebook.FILES))


def test_the_folder_has_the_tables_of_the_cohort_and_the_paragraph(
    casebook: Casebook, tmp_path: Path
) -> None:
    files = export(casebook, tmp_path / "out")
    wanted = {"abstract.txt", "baseline_table.csv", "toxicity_table.csv", "lab_nadirs.csv"}
    wanted |= {each.table.file for each in cohort_files.FILES} | {"definitions.csv"}
    assert wanted <= set(files)
    text = (tmp_path / "out" / "abstract.txt").read_text("utf-8")
    assert text.startswith("Twenty patients received 41 cycles")
    rows = list(
        csv.DictReader((tmp_path / "out/toxicity_table.csv").read_text("utf-8").splitlines())
    )
    nausea = next(row for row in rows if row["term"] == "Nausea" and "acute" in row["section"])
    assert (nausea["grade_1_n"], nausea["grade_1_percent"], nausea["of"]) == ("8", "40.0", "20")
    rows = list(
        csv.DictReader((tmp_path / "out/baseline_table.csv").read_text("utf-8").splitlines())
    )
    age = next(row for row in rows if row["measure"] == "age at T0")
    assert [float(age[name]) for name in ("median", "minimum", "maximum")] == [60.5, 46, 73]


def test_every_file_can_begin_with_a_byte_order_mark_and_is_still_read(
    casebook: Casebook, tmp_path: Path
) -> None:
    export(casebook, tmp_path / "out", options=ExportOptions(with_bom=True))
    texts = [path for path in (tmp_path / "out").iterdir() if path.is_file()]
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in texts)
    new_casebook(tmp_path / "again.theralog", folder=tmp_path / "out")
    export(casebook, tmp_path / "out")
    assert not (tmp_path / "out" / "labs.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_workbook_takes_the_place_of_files_and_they_of_it(
    casebook: Casebook, tmp_path: Path
) -> None:
    for form in ("csv", "xlsx", "xlsx", "csv"):
        export(casebook, tmp_path / "out", options=ExportOptions(file_format=form))
        assert ("labs.csv" in names(tmp_path / "out")) == (form == "csv")
        assert (spreadsheet.FILE in names(tmp_path / "out")) == (form == "xlsx")
        assert "images" in names(tmp_path / "out")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("folder", ["images", "figures"])
def test_a_file_of_somebody_else_among_the_pictures_is_left_alone(
    casebook: Casebook, tmp_path: Path, form: Literal["csv", "xlsx"], folder: str
) -> None:
    def draw(into: Path) -> list[str]:
        (into / "swimmer.svg").write_text("<svg/>")
        return ["swimmer.svg"]

    options = ExportOptions(file_format=form, figures=draw)
    export(casebook, tmp_path / "out", options=options)
    assert "figures/swimmer.svg" in export(casebook, tmp_path / "out", options=options)
    (tmp_path / "out" / folder / "mine.png").write_bytes(b"mine")
    with pytest.raises(KnownError, match="not of an earlier export"):
        export(casebook, tmp_path / "out", options=options)
    assert (tmp_path / "out" / folder / "mine.png").read_bytes() == b"mine"


def test_a_workbook_of_somebody_else_is_left_alone(casebook: Casebook, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    openpyxl.Workbook().save(tmp_path / "out" / spreadsheet.FILE)
    assert export_folder.problem_of(tmp_path / "out")


def test_a_selection_leaves_other_patients_out_of_every_table(
    casebook: Casebook, tmp_path: Path
) -> None:
    women = Selection(name="women", filters=(Filter(kind=FilterKind.SEX, values=("F",)),))
    export(casebook, tmp_path / "out", options=ExportOptions(selection=women))
    sexes, codes = set(), set()
    for row in csv.DictReader((tmp_path / "out/patients.csv").read_text("utf-8").splitlines()):
        sexes.add(row["sex"])
        codes.add(row["patient_id"])
    assert (sexes, len(codes)) == ({"F"}, 9)
    for path in (tmp_path / "out").glob("*.csv"):
        rows = csv.DictReader(path.read_text("utf-8").splitlines())
        assert {row["patient_id"] for row in rows if "patient_id" in row} <= codes
    summary = (tmp_path / "out" / "summary.csv").read_text("utf-8")
    assert "cohort,patients,,9," in summary
    new_casebook(tmp_path / "women.theralog", folder=tmp_path / "out")


def test_a_sheet_that_cannot_hold_all_rows_says_so(
    casebook: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 100)
    with pytest.raises(KnownError, match="export as CSV files"):
        export(casebook, tmp_path / "out", options=ExportOptions(file_format="xlsx"))
    assert not (tmp_path / "out").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_only_csv_files_begin_with_a_mark(casebook: Casebook, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="byte order mark"):
        export(casebook, tmp_path / "out", options=ExportOptions(file_format="xlsx", with_bom=True))


def test_results_straight_from_the_casebook_are_those_of_the_records(tmp_path: Path) -> None:
    path, _ = planted(tmp_path / "planted.theralog", "=1+1")
    with Casebook.open(path) as casebook:
        recorded = contents.load(casebook)
        columns = dict(tidy_values.tables(recorded))[LABS]
        wanted = [*tidy_writing.cells(LABS, columns)]
        found = tidy_labs.cells(lab_results.read(casebook), recorded.of(Patient))
        assert [*found] == wanted
        linked = contents.load(casebook, all_results=False)
        assert len(linked.of(LabResult)) < len(wanted)
        export(casebook, tmp_path / "out")
    tidy_writing.write(tmp_path, recorded)
    for name in ("labs", "toxicities", "dismissals"):
        file = f"{name}.csv"
        assert (tmp_path / "out" / file).read_bytes() == (tmp_path / file).read_bytes()
