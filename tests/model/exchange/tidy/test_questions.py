"""An import names what is unlikely once, with file and line, and refuses what is impossible."""

from datetime import date
from pathlib import Path

import pytest

from model.errors import BadFolder
from model.exchange.new_casebook import new_casebook
from model.exchange.tidy.reading import read
from model.records import checks

TODAY = date(2026, 12, 1)
TABLES = {
    "patients": "patient_id\nT-1\n",
    "cycles": "patient_id,cycle_no,date,modality\nT-1,1,2024-03-01,\n",
    "administrations": "patient_id,cycle_no,component_no,nuclide,ligand,date,activity_unit,activity"
    "\nT-1,1,1,177Lu,DOTA-LM3,2024-03-01,GBq,7.4\n",
}


def made(folder: Path, **tables: str) -> Path:
    folder.mkdir()
    for name, text in (TABLES | tables).items():
        (folder / f"{name}.csv").write_text(text)
    return folder


ADMINISTRATIONS = TABLES["administrations"]
TOXICITIES = (
    "patient_id,cycle_no,ctcae_term,ctcae_version,grade,onset,resolved,outcome\n"
    "T-1,,Sepsis,5.0,5,2024-04-01,{resolved},{outcome}\n"
)


@pytest.mark.parametrize(
    ("tables", "note"),
    [
        (
            {"patients": "patient_id,age_at_index\nT-1,0\n"},
            "patients.csv, line 2, column age_at_index: 0 years is an unusual age at T0.",
        ),
        (
            {"identity": "patient_id,born_on\nT-1,2022\n"},
            "identity.csv, line 2, column born_on: By this date of birth the age at the first cycle"
            " is 2 years.",
        ),
        (
            {"cycles": TABLES["cycles"] + "T-1,2,2024-03-01,\n"},
            "cycles.csv, line 3, column date: Given 0 days after the cycle before.",
        ),
        (
            {
                "cycles": TABLES["cycles"].replace("2024", "1924"),
                "administrations": ADMINISTRATIONS.replace("2024", "1924"),
            },
            "cycles.csv, line 2, column date: Was this cycle given in 1924? There was no"
            " radioligand therapy then.",
        ),
        (
            {"administrations": ADMINISTRATIONS.replace("GBq,7.4", "MBq,7.4")},
            "administrations.csv, line 2, column activity: 7.4 MBq of 177Lu is far below the usual"
            " 1–12 GBq. Do you mean 7.4 GBq?",
        ),
        (
            {"administrations": ADMINISTRATIONS.replace("2024-03-01", "2023-03-01")},
            "administrations.csv, line 2, column date: Given on 1 Mar 2023, but its cycle was on 1"
            " Mar 2024.",
        ),
        (
            {"followup": "patient_id,date,status\nT-1,2042-09-01,dead\n"},
            "followup.csv, line 2, column date: 1 Sept 2042 is in the future.",
        ),
        (
            {"labs": "patient_id,date,analyte,value,unit\nT-1,2042-03-20,hb,9.5,g/dL\n"},
            "labs.csv, line 2, column date: 20 Mar 2042 is in the future.",
        ),
        (
            {"pathology": "patient_id,date,who_grade,ki67_pct\nT-1,2023-06,NET G1,85\n"},
            "pathology.csv, line 2, column who_grade: Ki-67 85 % does not fit G1 (below 3 %).",
        ),
        (
            {"toxicities": TOXICITIES.format(resolved="", outcome="fatal")},
            "toxicities.csv, line 2, column outcome: This toxicity is fatal, but no death of the"
            " patient is recorded.",
        ),
        (
            {"toxicities": "patient_id,ctcae_term,ctcae_version,grade,onset\nT-1,Nausea,5.0,2,\n"},
            "toxicities.csv, line 2, column onset: There is no onset: it may not count as"
            " treatment-emergent.",
        ),
    ],
)
def test_what_is_unlikely_is_named_once(tmp_path: Path, tables: dict[str, str], note: str) -> None:
    folder = made(tmp_path / "in", **tables)
    path = tmp_path / "new.theralog"
    assert new_casebook(path, folder=folder, today=TODAY) == [note.replace("Sept", "Sep")]
    findings = checks.check_file(path, None, TODAY)
    assert findings.faults == []
    (question,) = findings.questions
    assert question.startswith(("Patient T-1, ", "Patient T-1: "))
    assert question.endswith(note.replace("Sept", "Sep").split(": ", 1)[1])


@pytest.mark.parametrize(
    ("tables", "fault"),
    [
        (
            {
                "toxicities": TOXICITIES.format(resolved="2024-04-05", outcome="fatal"),
                "followup": "patient_id,date,status\nT-1,2024-09-01,alive\n",
            },
            "toxicities.csv, line 2, column resolved: This toxicity is fatal, but the patient was"
            " seen alive on 1 Sep 2024.",
        ),
        (
            {
                "administrations": "patient_id,cycle_no,component_no,nuclide,activity_unit,measured"
                ",measured_at,started_at\nT-1,1,1,177Lu,GBq,7.4,2023-03-01T10:00,2024-03-01T11:00\n"
            },
            "administrations.csv, line 2, column measured_at: Over 10 half-lives of 177Lu lie"
            " between measurement and administration.",
        ),
        (
            {
                "administrations": ADMINISTRATIONS.replace("2024-03-01", "2024-03-05"),
                "followup": "patient_id,date,status\nT-1,2024-03-04,dead\n",
            },
            "administrations.csv, line 2, column date: The patient had died before this date.",
        ),
        (
            {"followup": "patient_id,date,status\nT-1,2024-04-01,dead\nT-1,2024-05-01,dead\n"},
            "followup.csv, line 2, column date: The patient's death is already recorded.",
        ),
    ],
)
def test_what_is_impossible_is_refused(tmp_path: Path, tables: dict[str, str], fault: str) -> None:
    folder = made(tmp_path / "in", **tables)
    with pytest.raises(BadFolder) as error:
        new_casebook(tmp_path / "new.theralog", folder=folder, today=TODAY)
    assert error.value.faults[0] == fault


def test_a_likely_folder_has_no_notes(tmp_path: Path) -> None:
    folder = made(tmp_path / "in")
    assert new_casebook(tmp_path / "new.theralog", folder=folder, today=TODAY) == []


def test_a_setting_is_known_in_any_case(tmp_path: Path) -> None:
    """A data cut-off under “Data_Cutoff” was kept and had no effect."""
    settings = "name,value\nData_Cutoff,2024-12-31\nCTCAE version,v6\n"
    reading = read(made(tmp_path / "in", settings=settings), TODAY)
    assert reading.contents.settings == {"data_cutoff": "2024-12-31", "ctcae_version": "6.0"}
    assert reading.notes == []
    with pytest.raises(BadFolder, match="There is already a line for data_cutoff"):
        read(made(tmp_path / "two", settings=settings + "data cutoff,2025-12-31\n"), TODAY)


@pytest.mark.parametrize(
    ("tables", "note"),
    [
        (
            {"administrations": ADMINISTRATIONS.replace("177Lu", "n.c.a. 177Lu")},
            "administrations.csv, line 2, column nuclide: “n.c.a. 177Lu” is not in the list, and"
            " was kept as it is written.",
        ),
        (
            {"labs": "patient_id,date,analyte,value,unit\nT-1,2024-03-01,hb,9.5,g/dll\n"},
            "labs.csv, line 2, column unit: “g/dll” is not a unit of Haemoglobin: its results are"
            " kept, but not graded.",
        ),
        (
            {"labs": "patient_id,date,analyte,value,unit\nT-1,2024-03-01,foo,9.5,g/dL\n"},
            "labs.csv, line 2, column analyte: “foo” is not in the list, and was kept as it is"
            " written.",
        ),
        (
            {"settings": "name,value\ncut_off,2024-12-31\n"},
            "settings.csv, line 2, column name: There is no setting “cut_off”: it has no effect.",
        ),
    ],
)
def test_a_word_or_unit_without_effect_is_named(
    tmp_path: Path, tables: dict[str, str], note: str
) -> None:
    """A result that is never graded, or an attribution that never counts, was kept in silence."""
    assert read(made(tmp_path / "in", **tables), TODAY).notes == [note]
