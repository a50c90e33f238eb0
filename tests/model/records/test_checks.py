"""A sound casebook has no findings; each kind of damage to its rows has one."""

from datetime import date
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from model.errors import NotACasebook, PassphraseNeeded
from model.records import checks, cycles, patients, toxicities
from model.records.administrations import Administration
from model.records.cycles import Cycle
from model.records.notes import Note
from model.records.patients import Patient
from model.records.toxicities import Toxicity
from model.store import rows as records
from model.store.casebook import Casebook
from tests.older_casebooks import older_casebook

TODAY = date(2026, 12, 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A casebook with two patients, a cycle and a toxicity, closed."""
    path = tmp_path / "test.theralog"
    with Casebook.create(path) as casebook, casebook.step("Fill") as step:
        patient = patients.save(step, Patient(code="P-1"))
        patients.save(step, Patient(code="P-2"))
        cycle = Cycle(patient_id=patient.id or 0, number=1, given_on=date(2024, 3, 4))
        treatment = cycles.save(step, cycle, [Administration(number=1, nuclide="225Ac")])
        toxicities.save(
            step,
            Toxicity(
                patient_id=patient.id or 0,
                cycle_id=treatment.cycle.id,
                term="Anemia",
                ctcae_version="5.0",
                grade=2,
            ),
        )
    return path


def spoil(path: Path, sql: str) -> None:
    """Change a closed casebook behind its back."""
    connection = sqlcipher.connect(str(path))
    connection.executescript(sql)
    connection.close()


def test_a_sound_casebook_has_no_findings_and_is_not_touched(path: Path) -> None:
    before = path.read_bytes()
    assert checks.check_file(path, None, TODAY).faults == []
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("sql", "finding"),
    [
        (
            "drop trigger journal_keeps_entries;update journal set after = '{}' where seq = 2",
            "The journal was changed from outside: its entry 2 does not follow from the one before",
        ),
        (
            "update toxicity set grade = 5, term = 'Nausea'",
            "Patient P-1, Toxicity Nausea: CTCAE 5.0 has no grade 5 of “Nausea”",
        ),
        (
            "update toxicity set patient_id = (select id from patient where code = 'P-2')",
            "Patient P-2, Toxicity Anemia: Its cycle belongs to another patient.",
        ),
        (
            "pragma foreign_keys = off; update toxicity set lab_result_id = 77",
            "The table “toxicity” refers to a row of “lab_result” that does not exist",
        ),
        (
            "update cycle set deleted_at = 'now'",
            "Patient P-1, Toxicity Anemia: Its cycle is in the bin.",
        ),
        (
            "insert into follow_up (id, patient_id, seen_on, status, changed_at)"
            " select 1, id, '2024-01-01', 'dead', 'now' from patient where code = 'P-1'",
            "Patient P-1, Cycle 1 of 2024-03-04: The patient had died before this date.",
        ),
        (
            "update administration set nuclide = ' '",
            "Patient P-1, Administration 1 of cycle 1: An administration needs a nuclide.",
        ),
    ],
)
def test_each_fault_is_described_in_a_sentence(path: Path, sql: str, finding: str) -> None:
    spoil(path, sql)
    assert any(found.startswith(finding) for found in checks.check_file(path, None, TODAY).faults)


def test_duplicates_are_reported(casebook: Casebook, patient: Patient) -> None:
    with casebook.step("Add notes") as step:
        for _ in range(2):
            records.put(
                step, Note(patient_id=patient.id or 0, written_on=date(2024, 1, 1), text="x")
            )
    assert checks.check(casebook) == [
        "Patient P-1, Note of 2024-01-01: It is recorded twice in the same words."
    ]


def test_an_encrypted_casebook_is_checked_with_its_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "secret.theralog"
    Casebook.create(path, "open sesame").close()
    assert checks.check_file(path, "open sesame", TODAY).faults == []
    with pytest.raises(PassphraseNeeded):
        checks.check_file(path, None, TODAY)


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.theralog").write_text("Dear colleague")
    with pytest.raises(NotACasebook):
        checks.check_file(tmp_path / "letter.theralog", None, TODAY)


def test_a_casebook_of_an_older_version_is_checked_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "older.theralog"
    older_casebook(path, "m005")
    before = path.read_bytes()
    assert checks.check_file(path, None, TODAY).faults == []
    assert path.read_bytes() == before
    Casebook.open(path).close()
    assert any("before upgrade" in file.name for file in tmp_path.iterdir())


@pytest.mark.parametrize(
    "change",
    [
        "update lab_result set taken_on = '2024-0x-01' where id = {id}",
        "update lab_result set taken_on = cast(x'ff' as text) where id = {id}",
    ],
)
def test_a_value_that_cannot_be_read_is_named_by_its_row_and_the_check_goes_on(
    demo_copy: Path, change: str
) -> None:
    with Casebook.open(demo_copy) as casebook:
        casebook._db.execute("pragma ignore_check_constraints = on")
        (row,) = casebook.rows("select max(id) as id from lab_result")
        casebook._db.execute(change.format(**row))
        casebook._db.execute("update cycle set deleted_at = changed_at")
    faults = checks.check_file(demo_copy, None, TODAY).faults
    assert f"Row {row['id']} of the table “lab_result”" in faults[0]
    assert any("cycle is in the bin" in fault for fault in faults)
