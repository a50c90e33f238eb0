"""What a change concerns."""

from __future__ import annotations

import pytest

from model.store.step import Change


def change(*tables: str, patients: tuple[int, ...] = ()) -> Change:
    return Change("Edit", frozenset(tables), frozenset(patients))


@pytest.mark.parametrize(
    ("made", "tables", "expected"),
    [
        (change("cycle", patients=(1,)), None, True),
        (change("cycle", patients=(2,)), None, False),
        (change("cycle", patients=(1, 2)), ("cycle", "toxicity"), True),
        (change("cycle", patients=(1,)), ("toxicity",), False),
        (change("cycle"), None, True),
        (change("cycle"), ("toxicity",), False),
        (change("setting", patients=(2,)), ("setting",), True),
        (change("batch", "lab_result", patients=(2,)), ("lab_result",), True),
    ],
    ids=[
        *("own record", "record of another patient", "one of several", "another table"),
        *("no patient named", "no patient named and another table", "a setting", "an import"),
    ],
)
def test_a_change_concerns_the_patients_and_tables_that_it_may_alter(made, tables, expected):
    assert made.concerns(1, tables) is expected


def test_a_change_concerns_no_patient_where_none_is_shown():
    assert not change("setting").concerns(None)
