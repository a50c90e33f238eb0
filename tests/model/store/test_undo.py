"""Undo and redo: whole imports, several windows in turn, steps that can no longer be undone."""

import random
from pathlib import Path

import pytest

from model.errors import ChangedLater, Conflict, EditConflict
from model.records import checks
from model.store import batch_rows, replay
from model.store.casebook import Access, Casebook
from model.store.ids import new_id

_BATCH = {
    **{"kind": "folder", "file_name": "tidy", "sha256": "0" * 64},
    **{"imported_at": "2024-06-01T10:00:00Z", "row_counts": "{}"},
}


def _import(casebook: Casebook, patients: int) -> list[int]:
    ids = [new_id() for _ in range(patients)]
    rows = [
        *(("patient", {"id": each, "code": f"I-{n}"}) for n, each in enumerate(ids)),
        *(
            ("note", {"id": new_id(), "patient_id": each, "written_on": "2024-05-01", "text": "n"})
            for each in ids
        ),
    ]
    with casebook.step("Import folder") as step:
        step.import_rows(_BATCH, rows)
    return ids


def _codes(casebook: Casebook) -> list[str]:
    return casebook.columns("select code from patient order by id")["code"]


def test_a_whole_import_is_undone_and_redone_also_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_rows.pieces, "__defaults__", (7,))
    path = tmp_path / "c.theralog"
    with Casebook.create(path) as casebook:
        ids = _import(casebook, 20)
    with Casebook.open(path) as casebook:
        before = casebook.rows("select * from note order by id")
        assert casebook.undo_label == "Import folder"
        change = casebook.undo()
        assert change is not None
        assert change.patients == set(ids)
        assert change.tables == {"batch", "patient", "note"}
        assert _codes(casebook) == []
        assert casebook.rows("select * from note, batch") == []
        assert list(replay.differences(casebook)) == []
    with Casebook.open(path) as casebook:
        assert casebook.redo() is not None
        assert casebook.rows("select * from note order by id") == before
        assert list(replay.differences(casebook)) == []
        assert casebook.undo() is not None
        assert _codes(casebook) == []


def test_an_import_with_a_row_that_was_edited_later_stays(casebook: Casebook) -> None:
    ids = _import(casebook, 3)
    with casebook.step("Edit patient", undoable=False) as step:
        step.put("patient", {"id": ids[1], "comment": "later"})
    with pytest.raises(ChangedLater):
        casebook.undo()
    assert len(_codes(casebook)) == 3
    assert list(replay.differences(casebook)) == []


def test_a_step_that_can_no_longer_be_undone_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "c.theralog"
    with Casebook.create(path) as casebook:
        with casebook.step("Add P-1") as step:
            step.put("patient", {"code": "P-1"})
        with casebook.step("Add P-2") as step:
            second = step.put("patient", {"code": "P-2"})
        with casebook.step("Correct P-2", undoable=False) as step:
            step.put("patient", {"id": second, "code": "P-2b"})
        with pytest.raises(ChangedLater, match="Add P-2"):
            casebook.undo()
        assert casebook.undo_label == "Add P-1"
    with Casebook.open(path) as casebook:
        assert casebook.undo_label == "Add P-1"
        assert casebook.undo() is not None
        assert _codes(casebook) == ["P-2b"]
        assert checks.check(casebook) == []


def test_a_step_to_which_later_rows_refer_is_passed_over(casebook: Casebook) -> None:
    with casebook.step("Add P-1") as step:
        patient = step.put("patient", {"code": "P-1"})
    with casebook.step("Add note", undoable=False) as step:
        step.put("note", {"patient_id": patient, "written_on": "2024-05-01", "text": "n"})
    with pytest.raises(ChangedLater):
        casebook.undo()
    assert _codes(casebook) == ["P-1"]
    assert casebook.undo() is None


def test_undo_save_and_redo_in_two_windows_leave_a_casebook_that_opens(tmp_path: Path) -> None:
    path = tmp_path / "c.theralog"
    with Casebook.create(path) as one:
        with one.step("Add P-1") as step:
            step.put("patient", {"code": "P-1"})
        two = one.new_connection(Access.BESIDE)
        two.undo()
        with one.step("Add P-2") as step:
            step.put("patient", {"code": "P-2"})
        with pytest.raises(Conflict, match="Another window"):
            two.redo()
        assert two.redo() is None
        two.close()
    with Casebook.open(path) as casebook:
        assert casebook.undo_label == "Add P-2"
        assert checks.check(casebook) == []


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_steps_undo_and_redo_in_three_windows_can_be_read_again(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    path = tmp_path / "c.theralog"
    with Casebook.create(path) as first:
        windows = [first, first.new_connection(Access.BESIDE), first.new_connection(Access.BESIDE)]
        for number in range(120):
            window = chance.choice(windows)
            try:
                match chance.choice(["add", "add", "edit", "undo", "redo"]):
                    case "add":
                        with window.step(f"Add {number}") as step:
                            step.put("patient", {"code": f"P-{number}"})
                    case "edit":
                        rows = window.rows("select id from patient order by id")
                        if rows:
                            with window.step(f"Edit {number}") as step:
                                row = chance.choice(rows)
                                step.put("patient", {"id": row["id"], "comment": str(number)})
                    case "undo":
                        window.undo()
                    case "redo":
                        window.redo()
            except Conflict:
                pass
        for window in windows[1:]:
            window.close()
        first.catch_up()
        expected = _codes(first), first.undo_label, first.redo_label
    with Casebook.open(path) as casebook:
        assert (_codes(casebook), casebook.undo_label, casebook.redo_label) == expected
        assert checks.check(casebook) == []
        while casebook.undo():
            pass
        assert _codes(casebook) == []


def _opened(casebook: Casebook, patient: int) -> dict[tuple[str, int], dict[str, object]]:
    (row,) = casebook.rows("select id, code, sex, comment from patient where id = :id", id=patient)
    return {("patient", patient): row}


def test_a_row_that_was_changed_since_it_was_opened_is_not_overwritten(casebook: Casebook) -> None:
    with casebook.step("Add P-1") as step:
        patient = step.put("patient", {"code": "P-1", "comment": "old"})
    opened = _opened(casebook, patient)
    with casebook.step("Edit elsewhere") as step:
        step.put("patient", {"id": patient, "sex": "F"})
    mine = {"id": patient, "code": "P-1", "sex": None, "comment": "mine"}
    with pytest.raises(EditConflict) as raised, casebook.step("Edit", opened=opened) as step:
        step.put("patient", mine)
    conflict = raised.value
    assert not conflict.was_deleted
    assert (conflict.opened["sex"], conflict.present["sex"]) == (None, "F")
    assert (conflict.opened["comment"], conflict.wanted["comment"]) == ("old", "mine")
    decided = {("patient", patient): {name: conflict.present[name] for name in conflict.opened}}
    with casebook.step("Edit", opened=decided) as step:
        step.put("patient", {"id": patient, "comment": "mine"})
    (row,) = casebook.rows("select sex, comment from patient")
    assert (row["sex"], row["comment"]) == ("F", "mine")


def test_a_row_that_was_deleted_since_it_was_opened_is_not_saved_into_the_bin(
    casebook: Casebook,
) -> None:
    with casebook.step("Add P-1") as step:
        patient = step.put("patient", {"code": "P-1"})
    opened = _opened(casebook, patient)
    with casebook.step("Delete elsewhere") as step:
        step.remove("patient", patient)
    with pytest.raises(EditConflict) as raised, casebook.step("Edit", opened=opened) as step:
        step.put("patient", {"id": patient, "comment": "mine"})
    assert raised.value.was_deleted
    with casebook.step("Edit", opened=_opened(casebook, patient)) as step:
        step.restore("patient", patient)
        step.put("patient", {"id": patient, "comment": "mine"})
    (row,) = casebook.rows("select comment, deleted_at from patient")
    assert (row["comment"], row["deleted_at"]) == ("mine", None)
