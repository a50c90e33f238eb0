from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import Any

import pytest

from model.due.items import DueItem, DueState
from model.due.schedule import DueKind
from model.errors import KnownError
from model.exchange import due_list

DAY = date(2023, 12, 4)


def item(**changes) -> DueItem:
    made: dict[str, Any] = {
        "patient_id": 1,
        "code": "P-0007",
        "what": "CBC",
        "kind": DueKind.LABS,
        "due_on": DAY,
        "opens_on": DAY - timedelta(days=4),
        "closes_on": DAY + timedelta(days=3),
        "days": 7,
        "state": DueState.UPCOMING,
        "counted_from": "42 d after C2, 23 Oct 2023",
        "last_on": date(2023, 11, 20),
    }
    return DueItem(**(made | changes))


def read(path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_each_item_is_a_row_with_dates_as_dates_and_days_as_numbers(tmp_path):
    path = tmp_path / "due.csv"
    due_list.write(path, [item(), item(what="Next cycle", cycle=3, days=-2, last_on=None)])
    first, second = read(path)
    assert first == {
        "patient_id": "P-0007",
        "what": "CBC",
        "cycle_no": "",
        "due_on": "2023-12-04",
        "days": "7",
        "state": "upcoming",
        "counts_from": "2023-11-30",
        "overdue_after": "2023-12-07",
        "rests_on": "42 d after C2, 23 Oct 2023",
        "last_recorded": "2023-11-20",
    }
    assert (second["cycle_no"], second["days"], second["last_recorded"]) == ("3", "-2", "")


def test_no_spreadsheet_runs_a_code_or_a_name(tmp_path):
    path = tmp_path / "due.csv"
    due_list.write(path, [item(code="=1+1", what="@SUM(A1)")])
    (row,) = read(path)
    assert (row["patient_id"], row["what"]) == ("'=1+1", "'@SUM(A1)")


def test_what_cannot_be_written_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "due.csv"
    path.write_text("before")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(due_list, "write_csv", fail)
    with pytest.raises(KnownError, match="No space left on device"):
        due_list.write(path, [item()])
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]
