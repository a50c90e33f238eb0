"""A bad folder gives one sentence for each fault, with file and line, all of them at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from model import input_file
from model.errors import BadFolder, KnownError
from model.exchange.new_casebook import new_casebook
from model.exchange.tidy import reading as tidy_reading
from model.records.administrations import Administration
from model.records.biopsies import Biopsy
from model.records.patients import Patient
from model.records.therapies import Therapy

Edit = Callable[[str, str, str], None]


def faults(folder: Path) -> list[str]:
    with pytest.raises(BadFolder) as error:
        tidy_reading.read(folder)
    return error.value.faults


@pytest.mark.parametrize(
    ("name", "old", "new", "places"),
    [
        ("patients.csv", "SYN-001,F", "SYN-001,W", ["patients.csv, line 2, column sex: “W”"]),
        ("patients.csv", "AWD", "ill", ["patients.csv, line 2, column disease_status: “ill”"]),
        ("pathology.csv", "NET G2", "G2", ["pathology.csv, line 2, column who_grade: “G2”"]),
        ("responses.csv", ",PR,", ",MR,", ["responses.csv, line 3, column response: “MR”"]),
        ("toxicities.csv", "long_term", "late", ["toxicities.csv, line 2, column phase: “late”"]),
        ("followup.csv", "alive", "well", ["followup.csv, line 2, column status: “well”"]),
        (
            "cycles.csv",
            "SYN-001,2,2023-09-25",
            "SYN-001,2,2023-02-30",
            ["cycles.csv, line 3, column date: “2023-02-30” is not a date: Feb 2023 has no day 30"],
        ),
        (
            "labs.csv",
            "2023-07-28",
            "28.07.2023",
            ["labs.csv, line 2, column date: “28.07.2023” is not a date: write it like 2023-12-31"],
        ),
        (
            "labs.csv",
            ",12.8,",
            ',"12,8",',
            ["labs.csv, line 2, column value: “12,8” is not a number: write it with a decimal poi"],
        ),
        ("labs.csv", ",12.8,", ",,", ["labs.csv, line 2, column value: The cell is empty."]),
        (
            "pathology.csv",
            "well,12",
            "well,120",
            ["pathology.csv, line 2, column ki67_pct: Ki-67 must be between 0 and 100 %."],
        ),
        (
            "labs.csv",
            "SYN-001,2023-07-28,baseline,WBC",
            "SYN-001,2023-07-28,baseline,Haemoglobin",
            ["labs.csv, line 3: This row is a duplicate: it has the same patient_id, date, time,"],
        ),
        (
            "metastases.csv",
            "SYN-001,bone",
            "SYN-001,liver",
            ["metastases.csv, line 3: This row is a duplicate: it has the same patient_id, site"],
        ),
        (
            "qol.csv",
            "\r\n",
            "\r\nSYN-002,2024-10-01,tired\r\nSYN-002,2024-10-01,tired\r\n",
            ["qol.csv, line 3: This row is a duplicate of line 2."],
        ),
        (
            "patients.csv",
            "primary_site",
            "sex",
            ["patients.csv, line 1, column sex: The header has this column twice."],
        ),
        (
            "qol.csv",
            "date",
            "when",
            ["qol.csv, line 1, column date: The column is"],
        ),
        (
            "metastases.csv",
            "liver",
            "liver,x",
            ["metastases.csv, line 2: The number of cells (3) is"],
        ),
        (
            "metastases.csv",
            ",liver",
            "",
            ["metastases.csv, line 2: The number of cells (1) is not that of the header (2)."],
        ),
        (
            "metastases.csv",
            "SYN-001,liver",
            "SYN-999,liver",
            ["metastases.csv, line 2, column patient_id: There is no patient “SYN-999” in patie"],
        ),
        (
            "toxicities.csv",
            "SYN-001,1,",
            "SYN-001,7,",
            ["toxicities.csv, line 2, column cycle_no: There is no cycle 7 of “SYN-001” in cycle"],
        ),
        (
            "toxicities.csv",
            "Platelet count decreased,",
            "Platelets low,",
            ["toxicities.csv, line 2, column ctcae_term: CTCAE 5.0 has no term “Platelets low”"],
        ),
        (
            "toxicities.csv",
            "long_term,2,2023-09-11",
            "long_term,5,2023-09-11",
            ["toxicities.csv, line 2, column grade: CTCAE 5.0 has no grade 5"],
        ),
        (
            "toxicities.csv",
            "Investigations,5.0",
            "Blood,5.0",
            ["toxicities.csv, line 2, column soc: “Blood” is given, but the term belongs to “Inv"],
        ),
        (
            "toxicities.csv",
            "2023-09-11,2023-09-25",
            "2023-09-11,2023-09-01",
            ["toxicities.csv, line 2, column resolved: This is before the onset."],
        ),
        (
            "patients.csv",
            "pancreas,alive",
            "pancreas,dead",
            ["patients.csv, line 2, column vital_status: “dead” is given, but by the follow-ups"],
        ),
        (
            "followup.csv",
            "SYN-001,2025-12-31,alive,\r\n",
            "",
            [
                "patients.csv, line 2, column last_contact_or_death: “2025-12-31” is given, but no",
                "patients.csv, line 2, column vital_status: “alive” is given, but no follow-up",
            ],
        ),
        (
            "patients.csv",
            "AWD,2023-07-31",
            "AWD,2023-07-30",
            ["patients.csv, line 2, column index_date: “2023-07-30” is given, but the first cycle"],
        ),
        (
            "patients.csv",
            "2026-01-15\r\nSYN-003",
            "2026-01-16\r\nSYN-003",
            ["patients.csv, line 3, column data_cutoff: “2026-01-16” differs from 2026-01-15 in l"],
        ),
        (
            "cycles.csv",
            "SYN-001,1,2023-07-31,tandem",
            "SYN-001,1,2023-07-31,monotherapy",
            ["cycles.csv, line 2, column modality: “monotherapy” is given, but by the admini"],
        ),
        (
            "administrations.csv",
            "MBq",
            "mCi",
            ["administrations.csv, line 2, column activity_unit: “mCi” is not one of MBq, GBq."],
        ),
        (
            "administrations.csv",
            "MBq,",
            "MBq,-8",
            ["administrations.csv, line 2, column activity: An activity cannot be negative."],
        ),
        (
            "responses.csv",
            "2024-10-19,clinical",
            "2024-12-19,clinical",
            ["responses.csv, line 6, column date: The patient had died before this date."],
        ),
    ],
)
def test_a_fault_is_told_with_its_place(
    folder: Path, edit: Edit, name: str, old: str, new: str, places: list[str]
) -> None:
    edit(name, old, new)
    found = faults(folder)
    assert len(found) == len(places)
    assert all(fault.startswith(place) for fault, place in zip(found, places, strict=True)), found


def test_a_death_before_a_cycle_is_told_at_both(folder: Path, edit: Edit) -> None:
    edit("followup.csv", "SYN-005,2025-02-15", "SYN-005,2024-01-10")
    found = faults(folder)
    assert any(one.startswith("followup.csv, line 6, column date: A cycle was") for one in found)
    assert any(one.startswith("cycles.csv, line 8, column date: The patient had") for one in found)


def test_a_cycle_before_birth_is_a_fault(folder: Path) -> None:
    (folder / "identity.csv").write_text(
        "patient_id,family_name,given_name,record_number,born_on\nSYN-001,,,,2024-01-01\n"
    )
    found = faults(folder)
    assert "cycles.csv, line 2, column date: This is before the patient was born." in found


def test_an_age_is_derived_where_the_birth_is_known(folder: Path) -> None:
    header = "patient_id,family_name,given_name,record_number,born_on\n"
    (folder / "identity.csv").write_text(header + "SYN-001,Roe,Ann,,1965-01-01\n")
    assert tidy_reading.read(folder).contents.of(Patient)[0].age_at_index is None
    (folder / "identity.csv").write_text(header + "SYN-001,Roe,Ann,,1955-01-01\n")
    assert faults(folder) == [
        "patients.csv, line 2, column age_at_index: “58” is given, but by the date of birth it"
        " is 68."
    ]


def test_a_chosen_t0_is_kept(folder: Path, edit: Edit) -> None:
    edit("patients.csv", "data_cutoff\r\n", "data_cutoff,index_basis\r\n")
    text = (folder / "patients.csv").read_bytes().replace(b"2026-01-15\r", b"2026-01-15,\r")
    text = text.replace(b"2023-07-31,2025-12-31,2026-01-15,", b"2023-07-01,2025-12-31,,chosen")
    (folder / "patients.csv").write_bytes(text)
    read = tidy_reading.read(folder)
    assert str(read.contents.of(Patient)[0].index_on) == "2023-07-01"
    assert read.contents.of(Patient)[1].index_on is None
    assert read.contents.settings == {"data_cutoff": "2026-01-15"}


def test_a_measured_activity_decides(folder: Path, edit: Edit) -> None:
    path = folder / "administrations.csv"
    first, *others = path.read_text("utf-8").splitlines()
    rows = [f"{first},measured,residual", f"{others[0]}7.9,8.21,0.25"]
    path.write_text("\n".join([*rows, *(f"{other},," for other in others[1:])]) + "\n", "utf-8")
    assert faults(folder) == [
        "administrations.csv, line 2, column activity: “7.9” is given, but measured less residual"
        " is 7.96."
    ]
    path.write_text(path.read_text("utf-8").replace(",7.9,", ",8.0,"), "utf-8")
    given = tidy_reading.read(folder).contents.of(Administration)[0]
    assert given.administered_mbq is None
    assert given.activity_mbq == pytest.approx(7.96)


def test_all_faults_are_found_in_one_reading(folder: Path, edit: Edit) -> None:
    edit("patients.csv", "SYN-001,F", "SYN-001,W")
    edit("labs.csv", ",12.8,", ",high,")
    edit("labs.csv", "2023-07-28,baseline,WBC", "2023-13-28,baseline,WBC")
    edit("metastases.csv", "SYN-002,liver", "SYN-099,liver")
    edit("toxicities.csv", "long_term,2", "long_term,9")
    found = faults(folder)
    assert [one.split(":")[0] for one in found] == [
        "patients.csv, line 2, column sex",
        "metastases.csv, line 4, column patient_id",
        "labs.csv, line 2, column value",
        "labs.csv, line 3, column date",
        "toxicities.csv, line 2, column grade",
    ]


def test_several_faults_of_one_row_are_all_told(folder: Path, edit: Edit) -> None:
    edit("toxicities.csv", "long_term,2,2023-09-11,2023-09-25", "late,2,2023-09-11,2023-09-01")
    assert [one.split(":")[0] for one in faults(folder)] == [
        "toxicities.csv, line 2, column phase",
        "toxicities.csv, line 2, column resolved",
    ]


def test_a_wrong_encoding_is_told_by_line(folder: Path, edit: Edit) -> None:
    edit("pathology.csv", "SYN-002,2020-09-10,diagnosis", "SYN-002,2020-09-10,Diagnöse")
    path = folder / "pathology.csv"
    path.write_bytes(path.read_bytes().decode("utf-8").encode("latin-1"))
    (fault,) = faults(folder)
    assert fault.startswith("pathology.csv, line 4: This is not UTF-8")


def test_another_unicode_encoding_is_told_once(folder: Path) -> None:
    path = folder / "labs.csv"
    path.write_bytes(path.read_text("utf-8").encode("utf-16"))
    (fault,) = faults(folder)
    assert fault.startswith("labs.csv: The file is in UTF-16")


@pytest.mark.parametrize("name", ["labs.csv", "metastases.csv"])
@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_separator_is_told_once(folder: Path, name: str, mark: str, word: str) -> None:
    """Also where decimal commas make the rows look ragged."""
    path = folder / name
    text = path.read_text("utf-8").replace(",", mark).replace(".", ",")
    path.write_text(text, "utf-8")
    fault = next(each for each in faults(folder) if each.startswith(name))
    assert fault == f"{name}: The columns are separated by {word}: save the file with commas."
    assert sum(each.startswith(name) for each in faults(folder)) == 1


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n"])
def test_an_empty_file_is_a_fault(folder: Path, content: bytes) -> None:
    (folder / "qol.csv").write_bytes(content)
    assert faults(folder) == ["qol.csv: The file is empty: it needs a header line."]


def test_quotes_that_do_not_match_are_told_with_the_line_they_begin_on(
    folder: Path, edit: Edit
) -> None:
    edit("qol.csv", 'activity"', "activity")
    (fault,) = faults(folder)
    assert fault.startswith("qol.csv, line 2: The quotes of this row do not match")


def test_a_cell_that_is_too_long_is_not_called_a_matter_of_quotes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(input_file, "LONGEST_CELL", 300)
    (folder / "notes.csv").write_text(f"patient_id,date,text\nSYN-001,2024-01-01,{'a' * 301}\n")
    assert faults(folder) == [
        "notes.csv, line 2: A cell of this row is too long; nothing after it was read."
    ]


def test_lines_are_those_of_the_file_where_cells_span_several(folder: Path) -> None:
    (folder / "notes.csv").write_bytes(
        b'patient_id,date,text\r\nSYN-001,2024-01-01,"a\r\nb\nc"\r\nSYN-001,2024-01-99,d\r\n'
    )
    (fault,) = faults(folder)
    assert fault.startswith("notes.csv, line 5, column date")


def test_a_missing_list_of_patients_is_told_once(folder: Path) -> None:
    (folder / "patients.csv").unlink()
    assert faults(folder) == ["patients.csv: The file is missing: a tidy folder needs it."]


def test_a_column_that_is_not_known_is_no_fault(folder: Path, edit: Edit) -> None:
    edit("qol.csv", "statement\r\n", "statement,mood\r\n")
    edit("qol.csv", 'activity"', 'activity",good')
    notes = tidy_reading.read(folder).notes
    assert notes == ["qol.csv: the column “mood” is unknown and was ignored."]


def test_a_setting_must_be_what_it_is_named(folder: Path) -> None:
    (folder / "settings.csv").write_text(
        "name,value\ndata_cutoff,2026-01-14\nctcae_version,4.0\nkept,=1\n"
    )
    assert [one.split(":")[0] for one in faults(folder)] == [
        "patients.csv, line 2, column data_cutoff",
        "settings.csv, line 3, column value",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("readiness_own_sets", "{"),
        ("readiness_rule_set", "NONE_SUCH"),
        ("readiness_rule_set", "GENERIC"),
        ("due_schedule", "[1]"),
        ("due_schedule", ""),
        ("unit_system", "imperial"),
    ],
)
def test_a_setting_that_cannot_be_read_is_a_fault(folder: Path, name: str, value: str) -> None:
    (folder / "settings.csv").write_text(f"name,value\n{name},{value}\n")
    assert [one.split(":")[0] for one in faults(folder)] == ["settings.csv, line 2, column value"]


def test_settings_as_the_program_keeps_them_are_no_fault(folder: Path) -> None:
    (folder / "settings.csv").write_text(
        "name,value\nreadiness_own_sets,\nreadiness_rule_set,OWN_1\ndue_schedule,[]\n"
        "unit_system,SI\n"
    )
    assert tidy_reading.read(folder).contents.settings["readiness_rule_set"] == "OWN_1"


def test_faults_leave_no_casebook_behind(folder: Path, edit: Edit, tmp_path: Path) -> None:
    edit("patients.csv", "SYN-001,F", "SYN-001,W")
    (tmp_path / "place").mkdir()
    with pytest.raises(BadFolder):
        new_casebook(tmp_path / "place" / "new.theralog", folder=folder)
    assert list((tmp_path / "place").iterdir()) == []


def test_a_casebook_that_is_there_is_left_alone(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "there.theralog"
    path.write_bytes(b"mine")
    with pytest.raises(KnownError, match="already"):
        new_casebook(path, folder=folder)
    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["Toxicities.csv", "TOXICITIES.CSV"])
def test_a_table_in_another_case_is_taken(folder: Path, name: str) -> None:
    before = tidy_reading.read(folder)
    (folder / "toxicities.csv").rename(folder / name)
    after = tidy_reading.read(folder)
    assert (after.notes, after.row_counts, after.sha256) == ([], before.row_counts, before.sha256)


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("toxicities (1).csv", " Is it toxicities.csv?"),
        ("toxicities.csv.txt", " Is it toxicities.csv?"),
        ("toxicities.xlsx", " Is it toxicities.csv?"),
        ("Kopie von prior therapies.csv", " Is it prior_therapies.csv?"),
        ("letter.docx", ""),
    ],
)
def test_any_other_file_is_named_once(folder: Path, name: str, note: str) -> None:
    (folder / name).write_text("patient_id\nSYN-001\n")
    assert tidy_reading.read(folder).notes == [
        f"“{name}” is not the name of a table, and was ignored.{note}"
    ]


def test_of_two_files_of_a_table_the_one_with_its_exact_name_is_taken(folder: Path) -> None:
    (folder / "Labs.csv").write_text("patient_id\nSYN-001\n")
    if len([entry for entry in folder.iterdir() if entry.name.lower() == "labs.csv"]) < 2:
        pytest.skip("The file system does not tell the two names apart.")
    assert tidy_reading.read(folder).notes == ["“Labs.csv” was ignored: there is also labs.csv."]


def test_a_subfolder_is_named_once(folder: Path) -> None:
    (folder / "old").mkdir()
    (folder / "old" / "labs.csv").write_text("patient_id\n")
    assert tidy_reading.read(folder).notes == ["“old” is a folder, and was not looked into."]


def test_what_an_export_or_a_system_puts_there_is_no_surprise(folder: Path) -> None:
    names = ("summary.csv", "codebook.csv", "lab_nadirs.csv", "abstract.txt", "theralog.xlsx")
    for name in (*names, "README.md", ".DS_Store", "Thumbs.db", "desktop.ini"):
        (folder / name).write_text("x")
    (folder / "figures").mkdir()
    assert tidy_reading.read(folder).notes == []


def test_a_table_without_its_derived_and_optional_columns_is_taken(folder: Path) -> None:
    text = (folder / "patients.csv").read_text("utf-8").splitlines()
    codes = [line.split(",")[0] for line in text]
    (folder / "patients.csv").write_text("\n".join(codes) + "\n", "utf-8")
    reading = tidy_reading.read(folder)
    assert [each.code for each in reading.contents.of(Patient)] == codes[1:]
    assert reading.contents.settings == {}


def test_headers_are_known_in_any_case_and_with_blanks(folder: Path, edit: Edit) -> None:
    edit("toxicities.csv", "cycle_no,verbatim,ctcae_term", "Cycle No, Verbatim ,CTCAE Term")
    assert tidy_reading.read(folder).notes == []
    edit("toxicities.csv", "Cycle No", "Ctcae-term")
    assert faults(folder)[0].startswith("toxicities.csv, line 1, column ctcae_term: The header has")


def test_ki67_is_read_as_pathologists_write_it(folder: Path) -> None:
    """In the column of the figure, as files of others have it, or in a column of its own."""
    (folder / "pathology.csv").write_text(
        "patient_id,date,ki67_pct,ki67_written\nSYN-001,2020,<2,\nSYN-001,2021,22.5,20-25\n"
        "SYN-001,2022,,30–40 %\nSYN-001,2023,12,\n",
        "utf-8",
    )
    read = tidy_reading.read(folder).contents.of(Biopsy)
    assert [(each.ki67_percent, each.ki67_written) for each in read] == [
        (1, "<2"),
        (22.5, "20-25"),
        (35, "30–40"),
        (12, None),
    ]
    (folder / "pathology.csv").write_text(
        "patient_id,date,ki67_pct,ki67_written\nSYN-001,2021,25,20-25\nSYN-001,2022,high,\n"
    )
    assert faults(folder) == [
        "pathology.csv, line 2, column ki67_pct: “25” is given, but by ki67_written it is 22.5.",
        "pathology.csv, line 3, column ki67_pct: “high” is not a Ki-67. Write it like 15, <2, >20"
        " or 20-25.",
    ]


def test_rows_without_their_number_count_in_order(folder: Path) -> None:
    (folder / "administrations.csv").write_text(
        "patient_id,cycle_no,nuclide\nSYN-001,1,225Ac\nSYN-001,2,177Lu\nSYN-001,1,177Lu\n"
    )
    (folder / "cycles.csv").write_text(
        "patient_id,cycle_no,date\nSYN-001,1,2023-07-31\nSYN-001,2,2023-09-25\n"
    )
    (folder / "prior_therapies.csv").write_text("patient_id,category\nSYN-001,ssa\nSYN-001,prrt\n")
    for other in ("patients", "labs", "toxicities", "responses", "followup"):
        text = (folder / f"{other}.csv").read_text("utf-8").splitlines()
        keep = [text[0].replace("index_date", "unused"), *(x for x in text if "SYN-001" in x)]
        (folder / f"{other}.csv").write_text("\n".join(keep) + "\n", "utf-8")
    for other in ("pathology", "metastases", "notes", "qol", "dismissals", "key_images"):
        (folder / f"{other}.csv").unlink(missing_ok=True)
    read = tidy_reading.read(folder).contents
    assert [(each.number, each.nuclide) for each in read.of(Administration)] == [
        (1, "225Ac"),
        (1, "177Lu"),
        (2, "177Lu"),
    ]
    assert [each.number for each in read.of(Therapy)] == [1, 2]


def test_a_list_of_patients_under_another_name_is_named(folder: Path) -> None:
    (folder / "patients.csv").rename(folder / "patients (1).csv")
    assert faults(folder) == [
        "patients.csv: The file is missing: a tidy folder needs it.",
        "“patients (1).csv” is not the name of a table, and was ignored. Is it patients.csv?",
    ]
