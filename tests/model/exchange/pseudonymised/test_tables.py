"""A pseudonymised export tells nothing of who the patients are, or of when anything was."""

import csv
import re
import zipfile
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import openpyxl
import pandas as pd
import pytest

from model.cohort import frames as cohort_frames
from model.cohort.selection import EVERYONE, T0, Filter, FilterKind, Selection
from model.dates import PartialDate
from model.errors import BadFolder, KnownError
from model.exchange.export import export
from model.exchange.export_content import small_cells_of
from model.exchange.export_options import ExportOptions
from model.exchange.new_casebook import new_casebook
from model.exchange.pseudonymised import frames as pseudonymised_frames
from model.exchange.pseudonymised import layout as pseudonymised_layout
from model.exchange.pseudonymised import pseudonyms
from model.exchange.tidy import reading as tidy_reading
from model.records import biopsies, cycles, labs, patients, toxicities, whole_patient
from model.records.biopsies import Biopsy
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.labs import LabResult
from model.records.patients import Identity, Patient
from model.records.toxicities import Toxicity
from model.store.casebook import Casebook
from tests.model.exchange.canaries import (
    NUMBER,
    WORD,
    dates_in,
    exported_bytes,
    planted,
    serials,
)
from tests.model.exchange.conftest import DEMO

HIDDEN = ExportOptions(pseudonymised=True)
NAMED = Selection(
    name=f"{WORD} {NUMBER}",
    filters=(Filter(kind=FilterKind.PRIMARY_SITE, values=(WORD,), negated=True),),
    t0=T0.FIRST_OF_NUCLIDE,
    t0_nuclide="225Ac",
    cut_off=date(2084, 6, 30),
)
"""A selection whose every part tells something that no export may."""


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, taken = planted(tmp_path_factory.mktemp("canaries") / "planted.theralog")
    # What is planted must be much: a schema that takes no text would make the scan empty.
    assert len(taken) > 40
    assert {("patient", "code"), ("identity", "record_number"), ("note", "text")} <= taken
    return path


@pytest.fixture
def small(casebook: Casebook) -> Casebook:
    """A woman of 93 with whole and partial dates, and a man of whom T0 is not known."""
    with casebook.step("Add") as step:
        ann = patients.save(step, Patient(code="A-1", sex="F", primary_site="left kidney")).id or 0
        born_on = PartialDate(1931, 1, 5)
        whole_patient.save_identity(step, Identity(patient_id=ann, born_on=born_on))
        for when in (PartialDate(2021), PartialDate(2023, 11), PartialDate(2024, 2, 20)):
            biopsies.save(
                step, Biopsy(patient_id=ann, taken_on=when, site="Dr. Who", ki67_percent=3)
            )
        cycles.save(step, Cycle(patient_id=ann, number=1, given_on=date(2024, 3, 1)), [])
        for analyte, unit in (("hb", "g/dL"), ("hb", "pints"), ("beer", "L")):
            day = date(2024, 3, 11) if unit == "g/dL" else date(2024, 3, 12)
            result = LabResult(
                patient_id=ann, taken_on=day, analyte=analyte, value=Decimal(12), unit=unit
            )
            labs.save(step, result)
        bob = patients.save(step, Patient(code="B-1", sex="M")).id or 0
        whole_patient.save_follow_up(
            step, FollowUp(patient_id=bob, seen_on=date(2024, 5, 1), status="alive")
        )
        whole_patient.save_follow_up(
            step, FollowUp(patient_id=bob, seen_on=date(2024, 5, 9), status="alive")
        )
    return casebook


@pytest.mark.parametrize("selection", [EVERYONE, NAMED], ids=["everyone", "selection"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_nothing_that_was_planted_anywhere_is_in_any_exported_byte(
    canaries: Path, tmp_path: Path, form: Literal["csv", "xlsx"], selection: Selection
) -> None:
    with Casebook.open(canaries) as casebook:
        codes = {row["code"] for row in casebook.rows("select code from patient")}
        days = {
            date.fromisoformat(row["day"])
            for row in casebook.rows(
                "select distinct given_on as day from cycle union select taken_on from lab_result"
            )
        }
        export(
            casebook,
            tmp_path / "out",
            options=replace(HIDDEN, file_format=form, selection=selection),
        )
    scanned = 0
    for where, content in exported_bytes(tmp_path / "out"):
        scanned += len(content)
        assert WORD.casefold().encode() not in content.lower(), where
        assert NUMBER.encode() not in content, where
        assert not [code for code in codes if code.encode() in content], where
        if not where.endswith("docProps/core.xml"):  # when the workbook was written
            assert dates_in(content) == [], where
    assert scanned > 50_000
    if form == "xlsx":
        book = openpyxl.load_workbook(tmp_path / "out" / "theralog.xlsx")
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.is_date]
        assert not {cell.value for cell in cells if isinstance(cell.value, int)} & serials(days)


def test_the_scan_finds_what_an_ordinary_export_holds(canaries: Path, tmp_path: Path) -> None:
    with Casebook.open(canaries) as casebook:
        export(casebook, tmp_path / "out")
        export(casebook, tmp_path / "xlsx", options=ExportOptions(file_format="xlsx"))
    for folder in ("out", "xlsx"):
        found = b"".join(content for _, content in exported_bytes(tmp_path / folder))
        assert WORD.encode() in found
        assert NUMBER.encode() in found
        assert dates_in(found)


def test_dates_are_days_and_what_is_partly_known_is_coarse(small: Casebook, tmp_path: Path) -> None:
    export(small, tmp_path / "out", options=HIDDEN)
    taken = table(tmp_path / "out", "pathology")
    told = [(row["taken_since_t0"], row["taken_unit"]) for row in taken]
    assert told == [("-3", "years"), ("-3", "months"), ("-10", "days")]
    assert [row["day"] for row in table(tmp_path / "out", "cycles")] == ["0"]
    found = {row["sex"]: row for row in table(tmp_path / "out", "patients")}
    assert (found["F"]["age_at_index"], found["F"]["primary_site"]) == ("90+", "other")
    assert (found["F"]["day_zero"], found["M"]["day_zero"]) == ("first_cycle", "first_record")
    assert found["M"]["last_contact_or_death_day"] == "8"
    kept = [(row["analyte"], row["unit"]) for row in table(tmp_path / "out", "labs")]
    assert kept == [("HB", "g/dL"), ("HB", "other unit")]


def test_ages_over_89_are_nowhere_told(small: Casebook, tmp_path: Path) -> None:
    export(small, tmp_path / "out", options=HIDDEN)
    ages = [row for row in table(tmp_path / "out", "summary") if row["measure"] == "age at T0"]
    assert {float(row["estimate"]) for row in ages} == {90}
    export(small, tmp_path / "named")
    ages = [row for row in table(tmp_path / "named", "summary") if row["measure"] == "age at T0"]
    assert {float(row["estimate"]) for row in ages} == {93}


def test_codes_are_new_each_time_and_the_casebook_keeps_whose_they_are(
    small: Casebook, tmp_path: Path
) -> None:
    export(small, tmp_path / "one", options=HIDDEN)
    export(small, tmp_path / "two", options=HIDDEN)
    one, two = (
        {row["patient_id"] for row in table(tmp_path / name, "patients")} for name in ("one", "two")
    )
    assert len(one) == len(two) == 2
    assert not one & two
    assert all(re.fullmatch(r"P-[2-9A-HJ-NP-Z]{6}", code) for code in one | two)
    lists = pseudonyms.code_lists(small)
    assert [each.codes for each in lists] == [2, 2]
    assert set(pseudonyms.codes_of(small, lists[1].id).values()) == one
    woman = next(row for row in table(tmp_path / "one", "patients") if row["sex"] == "F")
    [meant] = [
        key
        for key, code in pseudonyms.codes_of(small, lists[1].id).items()
        if code == woman["patient_id"]
    ]
    assert patients.find(small, meant).code == "A-1"


def test_a_code_list_can_be_taken_again_and_grows(small: Casebook, tmp_path: Path) -> None:
    export(small, tmp_path / "one", options=HIDDEN)
    kept = pseudonyms.code_lists(small)[0]
    with small.step("Add") as step:
        patients.save(step, Patient(code="C-1", sex="X"))
    export(small, tmp_path / "two", options=ExportOptions(pseudonymised=True, codes_of=kept.id))
    one, two = (
        {row["patient_id"]: row["sex"] for row in table(tmp_path / name, "patients")}
        for name in ("one", "two")
    )
    assert one.items() < two.items()
    assert [each.codes for each in pseudonyms.code_lists(small)] == [3]


def test_undo_does_not_lose_whose_a_code_is_and_the_journal_has_it(
    small: Casebook, tmp_path: Path
) -> None:
    export(small, tmp_path / "out", options=HIDDEN)
    assert small.undo_label == "Add"
    actions = [row["action"] for row in small.rows("select action from journal order by seq")]
    assert actions[-3:] == ["Pseudonymised export", "Pseudonymised export", "Export folder"]


def test_an_export_that_is_stopped_keeps_no_codes(small: Casebook, tmp_path: Path) -> None:
    def stop(done: int, _total: int, _doing: str) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(small, tmp_path / "out", stop, HIDDEN)
    assert pseudonyms.code_lists(small) == []
    assert not (tmp_path / "out").exists()


def test_codes_stay_out_of_every_export(small: Casebook, tmp_path: Path) -> None:
    export(small, tmp_path / "out", options=HIDDEN)
    codes = set(pseudonyms.codes_of(small, pseudonyms.code_lists(small)[0].id).values())
    export(small, tmp_path / "named")
    export(small, tmp_path / "other", options=ExportOptions(pseudonymised=True, file_format="xlsx"))
    for name in ("named", "other"):
        for where, content in exported_bytes(tmp_path / name):
            assert not [code for code in codes if code.encode() in content], where


def test_rows_stand_by_code_so_that_their_order_tells_nothing(
    canaries: Path, tmp_path: Path
) -> None:
    with Casebook.open(canaries) as casebook:
        export(casebook, tmp_path / "out", options=HIDDEN)
    for name in pseudonymised_layout.TABLES:
        codes = [row["patient_id"] for row in table(tmp_path / "out", name)]
        assert codes == sorted(codes)


def test_every_column_is_in_the_codebook_and_none_is_of_free_text(
    canaries: Path, tmp_path: Path
) -> None:
    with Casebook.open(canaries) as casebook:
        export(casebook, tmp_path / "out", options=HIDDEN)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert not names & {"identity.csv", "notes.csv", "settings.csv", "key_images.csv", "images"}
    book = table(tmp_path / "out", "codebook")
    known = {(row["file"], row["column"]) for row in book}
    for path in (tmp_path / "out").glob("*.csv"):
        header = next(csv.reader([path.read_text("utf-8").splitlines()[0]]))
        assert {(path.name, column) for column in header} <= known
    assert any("cannot be imported" in row["meaning"] for row in book)
    assert not [row for row in book if row["type"] in ("date", "date and time", "partial date")]


def test_it_cannot_be_imported_and_this_is_said(small: Casebook, tmp_path: Path) -> None:
    export(small, tmp_path / "out", options=HIDDEN)
    with pytest.raises(BadFolder) as caught:
        tidy_reading.read(tmp_path / "out")
    (fault,) = caught.value.faults
    assert "pseudonymised export" in fault


def test_counts_of_few_patients_are_named(small: Casebook) -> None:
    found = small_cells_of(small, HIDDEN)
    assert ("sex, F", 1) in {(cell.words, cell.n) for cell in found}
    assert all(0 < cell.n < 5 for cell in found)
    assert not [cell for cell in found if "left kidney" in cell.words]


def test_a_casebook_without_patients_tells_nothing_either(
    casebook: Casebook, tmp_path: Path
) -> None:
    with casebook.step("Set") as step:
        step.put("setting", {"name": WORD, "value": WORD})
        step.put("setting", {"name": "ctcae_version", "value": WORD})
    export(casebook, tmp_path / "out", options=HIDDEN)
    assert not [
        where for where, found in exported_bytes(tmp_path / "out") if WORD.encode() in found
    ]


def test_that_there_is_a_selection_is_said_but_not_which(canaries: Path, tmp_path: Path) -> None:
    with Casebook.open(canaries) as casebook:
        export(casebook, tmp_path / "out", options=replace(HIDDEN, selection=NAMED))
    said = "The patients of a selection; a data cut-off; T0 the first cycle of 225Ac"
    assert said in (tmp_path / "out" / "abstract.txt").read_text("utf-8")
    sentences = [row["sentence"] for row in table(tmp_path / "out", "definitions")]
    assert f"{said}." in sentences


def test_figures_are_refused(small: Casebook, tmp_path: Path) -> None:
    options = ExportOptions(pseudonymised=True, figures=lambda _folder: [])
    with pytest.raises(KnownError, match="Figures name patients"):
        export(small, tmp_path / "out", options=options)


def test_a_workbook_is_one_file_with_the_same_tables(small: Casebook, tmp_path: Path) -> None:
    export(small, tmp_path / "out", options=ExportOptions(pseudonymised=True, file_format="xlsx"))
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"theralog.xlsx", "abstract.txt"}
    assert zipfile.is_zipfile(tmp_path / "out" / "theralog.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out" / "theralog.xlsx")
    always = {name for name, each in pseudonymised_layout.TABLES.items() if each.always}
    assert always < set(book.sheetnames)


def test_every_column_of_texts_in_the_frames_was_reviewed(canaries: Path) -> None:
    with Casebook.open(canaries) as casebook:
        loaded = cohort_frames.load(casebook)
        found = {field.name: getattr(loaded, field.name) for field in fields(loaded)}
        found["labs"] = loaded.labs
    for frame in found.values():
        if isinstance(frame, pd.DataFrame):
            texts = {name for name in frame.columns if pseudonymised_frames.is_text(frame[name])}
            texts -= {"code", *pseudonymised_frames.KEPT}
            assert [name for name in texts if pseudonymised_frames.rule(name) is None] == []


def test_the_numbers_are_those_of_the_named_export(tmp_path: Path) -> None:
    new_casebook(tmp_path / "demo.theralog", folder=DEMO)
    with Casebook.open(tmp_path / "demo.theralog") as casebook:
        export(casebook, tmp_path / "named")
        export(casebook, tmp_path / "out", options=HIDDEN)
    for name in ("summary", "lab_nadirs", "shift_table", "toxicity_table", "survival_table"):
        assert table(tmp_path / "out", name) == table(tmp_path / "named", name)
    days = [int(row["day"]) for row in table(tmp_path / "out", "labs")]
    assert len(days) == len(table(tmp_path / "named", "labs"))


def test_who_was_over_89_on_any_recorded_day_is_told_as_that_whatever_t0_is(
    casebook: Casebook, tmp_path: Path
) -> None:
    with casebook.step("Add") as step:
        born = {"A": PartialDate(1931, 5, 6), "B": PartialDate(1950)}
        for code, born_on in born.items():
            diagnosed_on = PartialDate(2018, 3, 4)
            patient = Patient(code=code, sex="F", diagnosed_on=diagnosed_on)
            key = patients.save(step, patient).id or 0
            whole_patient.save_identity(step, Identity(patient_id=key, born_on=born_on))
            cycles.save(step, Cycle(patient_id=key, number=1, given_on=date(2024, 3, 1)), [])
        # 88 years at T0, and followed until she was 91.
        old = Patient(code="C", sex="M", age_at_index=88)
        key = patients.save(step, old).id or 0
        cycles.save(step, Cycle(patient_id=key, number=1, given_on=date(2021, 3, 1)), [])
        seen = FollowUp(patient_id=key, seen_on=date(2024, 3, 2), status="alive")
        whole_patient.save_follow_up(step, seen)
    since_diagnosis = ExportOptions(pseudonymised=True, selection=Selection(t0=T0.DIAGNOSIS))
    for name, options, ages, median in (
        ("usual", HIDDEN, ["74", "90+", "90+"], 90),
        # A recorded age is that at the first cycle: of another day it is not known.
        ("diagnosis", since_diagnosis, ["68", "90+", "90+"], 79),
    ):
        export(casebook, tmp_path / name, options=options)
        told = [row["age_at_index"] for row in table(tmp_path / name, "patients")]
        assert sorted(told) == ages
        (row,) = (
            row
            for row in table(tmp_path / name, "summary")
            if (row["measure"], row["level"]) == ("age at T0", "median")
        )
        assert float(row["estimate"]) == median


def test_an_onset_keeps_its_day_and_is_coarse_where_only_the_month_is_known(
    small: Casebook, tmp_path: Path
) -> None:
    (ann,) = (row["id"] for row in small.rows("select id from patient where code = 'A-1'"))
    with small.step("Add") as step:
        for onset_on in (PartialDate(2024, 3, 8), PartialDate(2024, 5)):
            event = Toxicity(
                patient_id=ann, term="Nausea", ctcae_version="5.0", grade=2, onset_on=onset_on
            )
            toxicities.save(step, event)
    export(small, tmp_path / "out", options=HIDDEN)
    names = ("onset_day", "onset_since_t0", "onset_unit")
    rows = table(tmp_path / "out", "toxicities")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("7", "7", "days"),
        ("", "2", "months"),
    ]


@pytest.mark.parametrize("diagnosed_on", [PartialDate(2021), PartialDate(2021, 3)])
def test_days_are_never_counted_from_the_made_up_day_of_a_partial_date(
    casebook: Casebook, tmp_path: Path, diagnosed_on: PartialDate
) -> None:
    with casebook.step("Add") as step:
        treated = Patient(code="A", sex="F", diagnosed_on=diagnosed_on)
        key = patients.save(step, treated).id or 0
        cycles.save(step, Cycle(patient_id=key, number=1, given_on=date(2021, 9, 9)), [])
        untreated = Patient(code="B", sex="M", diagnosed_on=diagnosed_on)
        key = patients.save(step, untreated).id or 0
        for day in (date(2021, 9, 9), date(2021, 9, 19)):
            whole_patient.save_follow_up(
                step, FollowUp(patient_id=key, seen_on=day, status="alive")
            )
        patients.save(step, Patient(code="C", sex="X", diagnosed_on=diagnosed_on))
    export(
        casebook,
        tmp_path / "out",
        options=ExportOptions(pseudonymised=True, selection=Selection(t0=T0.DIAGNOSIS)),
    )
    zero = {row["sex"]: row["day_zero"] for row in table(tmp_path / "out", "patients")}
    assert zero == {"F": "first_cycle", "M": "first_record", "X": ""}
    assert [row["day"] for row in table(tmp_path / "out", "cycles")] == ["0"]
    assert sorted(row["day"] for row in table(tmp_path / "out", "followup")) == ["0", "10"]
    told = {row["sex"]: row["diagnosed_since_t0"] for row in table(tmp_path / "out", "patients")}
    assert told["X"] == ""


def test_an_estimate_of_few_patients_is_named_as_a_count_of_few_is(casebook: Casebook) -> None:
    with casebook.step("Add") as step:
        for number in range(6):
            patient = Patient(code=f"A-{number}", age_at_index=60 if number < 2 else None)
            patients.save(step, patient)
    found = {(cell.words, cell.n) for cell in small_cells_of(casebook, HIDDEN)}
    assert ("age at T0, median", 2) in found
    assert not [words for words, _ in found if words.endswith("minimum")]


def test_a_large_result_is_written_in_digits(casebook: Casebook, tmp_path: Path) -> None:
    with casebook.step("Add") as step:
        ann = patients.save(step, Patient(code="A-1")).id or 0
        result = LabResult(
            patient_id=ann, taken_on=date(2024, 1, 1), analyte="ast", value=Decimal("1E+3")
        )
        labs.save(step, replace(result, uln=Decimal("4E+1")))
    export(casebook, tmp_path / "out", options=HIDDEN)
    (row,) = table(tmp_path / "out", "labs")
    assert (row["value"], row["uln"]) == ("1000", "40")
