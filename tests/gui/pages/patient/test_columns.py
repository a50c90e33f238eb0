"""Columns of a field show its value, and nothing if it is empty."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from gui.pages.patient.columns import code_column, date_column, number_column, text_column

FULL = SimpleNamespace(
    on=date(2025, 3, 4), site="small_bowel", note="Well.", cycle=SimpleNamespace(ecog=1)
)
EMPTY = SimpleNamespace(on=None, site=None, note=None, cycle=SimpleNamespace(ecog=None))


def test_columns_show_and_sort_by_the_field():
    on, ecog = date_column("Date", "on"), number_column("ECOG", "cycle.ecog")
    assert [on.text(FULL), ecog.text(FULL)] == ["4 Mar 2025", "1"]
    assert [column.sort_by(FULL) for column in (on, ecog)] == [date(2025, 3, 4), 1]
    assert code_column("Site", "site").text(FULL) == "Small bowel"
    assert text_column("Note", "note").text(FULL) == "Well."


def test_an_empty_field_is_empty_and_a_date_that_is_always_shown_a_dash():
    columns = [
        *(number_column("ECOG", "cycle.ecog"), code_column("Site", "site")),
        *(text_column("Note", "note"), date_column("Date", "on", optional=True)),
    ]
    assert [column.text(EMPTY) for column in columns] == [""] * 4
    assert date_column("Date", "on").text(EMPTY) == "–"


def test_a_stretching_column_is_always_visible():
    assert not text_column("Note", "note", stretch=True).optional
    assert not code_column("Site", "site", stretch=True).optional
