"""A casebook of an older version is upgraded with every row it had."""

from pathlib import Path
from typing import Any

from model.records.toxicities import Dismissal, Toxicity
from model.store import rows as records
from model.store import schema
from model.store.casebook import Casebook

_BEFORE = "m005_laboratories_and_intervals"


def _older_casebook(path: Path, monkeypatch: Any) -> None:
    """Create a casebook without the migrations from `_BEFORE` on, with a graded result in it."""
    older = [each for each in schema.migrations._migrations if each.name < _BEFORE]
    with monkeypatch.context() as patch:
        patch.setattr(schema.migrations, "_migrations", older)
        with Casebook.create(path) as casebook, casebook.step("Add") as step:
            patient_id = step.put("patient", {"code": "P-1"})
            result_id = step.put(
                "lab_result",
                {"patient_id": patient_id, "taken_on": "2024-03-05", "analyte": "hb", "value": "9"},
            )
            graded = {"patient_id": patient_id, "term": "Anemia", "ctcae_version": "5.0"}
            step.put(
                "toxicity",
                {**graded, "grade": 2, "onset_on": "2024-03-05", "lab_result_id": result_id},
            )
            step.put("dismissal", {**graded, "grade": 1, "lab_result_id": result_id})
            step.remove("toxicity", step.put("toxicity", {**graded, "grade": 1}))


def test_an_older_casebook_keeps_its_rows_and_its_undo(tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "older.theralog"
    _older_casebook(path, monkeypatch)
    with Casebook.open(path) as casebook:
        (patient,) = casebook.rows("select id from patient")
        (toxicity,) = records.of_patient(casebook, Toxicity, patient["id"])
        (result,) = casebook.rows("select id from lab_result")
        assert toxicity.lab_result_id == result["id"]
        assert (toxicity.term, toxicity.grade) == ("Anemia", 2)
        assert len(casebook.rows("select 1 from toxicity")) == 2
        assert len(records.of_patient(casebook, Dismissal, patient["id"])) == 1
        assert casebook.rows("pragma foreign_key_check") == []
        assert casebook.undo() is not None
        assert casebook.rows("select 1 from patient") == []
        assert casebook.redo() is not None
        assert records.of_patient(casebook, Toxicity, patient["id"]) == [toxicity]
    assert len(list(tmp_path.glob("older before upgrade *.theralog"))) == 1


def test_an_upgraded_casebook_has_the_tables_of_a_new_one(tmp_path: Path, monkeypatch: Any) -> None:
    _older_casebook(tmp_path / "older.theralog", monkeypatch)

    def tables(casebook: Casebook) -> dict[str, str]:
        rows = casebook.rows("select name, sql from sqlite_master where sql is not null")
        return {row["name"]: row["sql"] for row in rows}

    with (
        Casebook.open(tmp_path / "older.theralog") as upgraded,
        Casebook.create(tmp_path / "new.theralog") as new,
    ):
        assert tables(upgraded) == tables(new)


def test_an_onset_may_be_a_month(casebook: Casebook) -> None:
    with casebook.step("Add") as step:
        patient_id = step.put("patient", {"code": "P-1"})
        onset = {"onset_on": "2024-03", "resolved_on": "2024-03-01"}
        graded = {"patient_id": patient_id, "term": "Anemia", "ctcae_version": "5.0", "grade": 2}
        step.put("toxicity", {**graded, **onset})
