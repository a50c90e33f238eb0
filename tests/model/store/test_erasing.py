"""An erased patient is in no byte of the file any more, and the journal still holds."""

from datetime import datetime
from pathlib import Path

import pytest

from model.errors import ChangedLater
from model.records import checks
from model.store import journal, replay
from model.store.backups import writing
from model.store.casebook import Casebook
from model.store.erasing import erase
from model.store.ids import new_id

CANARY = "Kanarienvogel"


@pytest.fixture
def demo(demo_copy: Path) -> Path:
    """The demo, with a patient of which every text is the canary, partly imported and undone."""
    with Casebook.open(demo_copy) as casebook:
        patient = new_id()
        rows = [
            ("patient", {"id": patient, "code": f"{CANARY}-1", "comment": CANARY}),
            (
                "note",
                {
                    **{"id": new_id(), "patient_id": patient, "written_on": "2024-05-01"},
                    "text": f"{CANARY} imported",
                },
            ),
        ]
        batch = {"kind": "folder", "file_name": "x", "sha256": "0" * 64, "row_counts": "{}"}
        with casebook.step("Import folder", undoable=False) as step:
            step.import_rows({**batch, "imported_at": step.at}, rows)
        with casebook.step("Add identity", reason=f"{CANARY} said so") as step:
            step.put("identity", {"patient_id": patient, "family_name": CANARY})
            cycle = step.put(
                "cycle", {"patient_id": patient, "number": 1, "given_on": "2024-05-01"}
            )
            step.put(
                "administration",
                {"cycle_id": cycle, "number": 1, "nuclide": "177Lu", "unit": "GBq"}
                | {"comment": CANARY},
            )
        with casebook.step("Add note") as step:
            step.put("note", {"patient_id": patient, "written_on": "2024-05-02", "text": CANARY})
        assert casebook.undo() is not None
        with casebook.step("Edit note") as step:
            note = step.rows("select id from note where patient_id = :id", id=patient)[0]["id"]
            step.put("note", {"id": note, "text": f"{CANARY} edited"})
        casebook.log("Save picture", {"file": f"{CANARY}-1 course.png"})
    return demo_copy


def test_nothing_of_an_erased_patient_is_left_in_the_file(demo: Path) -> None:
    assert CANARY.encode() in demo.read_bytes()
    with Casebook.open(demo) as casebook:
        backup = writing.backup(casebook, at=datetime(2024, 3, 7))
        (patient,) = casebook.rows("select id from patient where code like 'Kanarien%'")
        others = casebook.rows("select count(*) as n from lab_result")
        erased = erase(casebook, patient["id"], "On request")
        assert erased.rows == 5
        assert erased.journal_entries >= 6
        assert erased.backups == [backup]
        assert journal.first_broken_link(casebook) is None
        assert list(replay.differences(casebook)) == []
        assert checks.check(casebook) == []
        assert casebook.rows("select count(*) as n from lab_result") == others
        (entry,) = casebook.rows("select * from journal where action = 'Erase patient'")
        assert entry["reason"] == "On request"
        assert '"rows": 5' in entry["after"]
        with pytest.raises(ChangedLater):
            casebook.undo()
    assert CANARY.encode() not in demo.read_bytes()
    assert sorted(each.name for each in demo.parent.iterdir() if demo.name in each.name) == [
        demo.name
    ]


def test_the_other_patients_of_the_import_can_still_be_undone(demo: Path, tmp_path: Path) -> None:
    path = tmp_path / "import.theralog"
    ids = [new_id() for _ in range(3)]
    batch = {"kind": "folder", "file_name": "x", "sha256": "0" * 64, "row_counts": "{}"}
    with Casebook.create(path) as casebook:
        with casebook.step("Import folder") as step:
            step.import_rows(
                {**batch, "imported_at": step.at},
                [("patient", {"id": each, "code": f"P-{each}"}) for each in ids],
            )
        erase(casebook, ids[1], "On request")
        assert list(replay.differences(casebook)) == []
        assert casebook.undo() is not None
        assert casebook.rows("select 1 from patient") == []
        assert casebook.redo() is not None
        assert casebook.columns("select id from patient order by id")["id"] == [ids[0], ids[2]]
