"""Results column by column: each under its own patient, in the order of time, or none at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.cohort.labs import results as lab_results
from model.cohort.labs.results import LabColumns, SharedFields
from model.errors import DamagedCasebook
from model.records import labs, patients
from model.records.labs import LabResult
from model.records.patients import Patient
from model.reference.vocabulary import collapse_blanks
from model.store.casebook import Casebook

MOMENTS = ["2024-03-02", "2024-03-01T09:30", "2024-03-01", "2023-12-31T23:59"]
ROWS = st.lists(st.tuples(st.integers(1, 6), st.integers(0, len(MOMENTS) - 1)), max_size=30)


def columns(rows: list[tuple[int, int]]) -> LabColumns:
    return LabColumns(
        patient=np.array([patient for patient, _ in rows], dtype="int64"),
        moment=np.array([moment for _, moment in rows], dtype="int32"),
        value=np.arange(len(rows), dtype="int32"),
        shared=np.zeros(len(rows), dtype="int32"),
        moments=MOMENTS,
        values=[f"{n}" for n in range(len(rows))],
        shared_fields=[],
    )


@given(ROWS, st.lists(st.integers(1, 9), unique=True))
def test_results_stand_by_patient_as_asked_for_and_by_time(
    rows: list[tuple[int, int]], wanted: list[int]
) -> None:
    found, places = columns(rows).by_patient(wanted)
    expected = sorted(
        (wanted.index(patient), MOMENTS[moment], number)
        for number, (patient, moment) in enumerate(rows)
        if patient in wanted
    )
    assert found.tolist() == [number for *_, number in expected]
    assert places.tolist() == [place for place, *_ in expected]


WRITTEN = st.builds(
    LabResult,
    patient_id=st.just(1),
    taken_on=st.just(date(2024, 3, 1)),
    analyte=st.sampled_from(("hb", "plt", "anc", "inr", "bili", "Neurokinin")),
    comparator=st.sampled_from((None, "<")),
    value=st.sampled_from(
        [
            Decimal(text)
            for text in ("0", "0.01", "1", "2", "12.8", "20", "25", "25.1", "250", "5e4")
        ]
    ),
    unit=st.sampled_from((None, "g/dL", "g/L", "10*9/L", "/uL", "umol/L", "mg/dL", "furlongs")),
    lln=st.sampled_from((None, Decimal(0), Decimal(12), Decimal(150))),
    uln=st.sampled_from((None, Decimal(16), Decimal("1.2"), Decimal(400))),
    confirmed=st.sampled_from((None, "measured twice")),
)


@given(st.lists(WRITTEN, min_size=1, max_size=12))
def test_the_questioned_results_of_a_frame_are_those_of_the_records(
    results: list[LabResult],
) -> None:
    shared_fields = [
        SharedFields(
            analyte=each.analyte,
            comparator=each.comparator,
            unit=each.unit,
            lln=None if each.lln is None else str(each.lln),
            uln=None if each.uln is None else str(each.uln),
            fasting=None,
            visit=None,
            comment=None,
            confirmed=each.confirmed,
        )
        for each in results
    ]
    places = np.arange(len(results), dtype="int32")
    values = list(dict.fromkeys(str(each.value) for each in results))
    frame = lab_results.frame(
        LabColumns(
            patient=places.astype("int64"),
            moment=np.zeros(len(results), dtype="int32"),
            value=np.array([values.index(str(each.value)) for each in results], dtype="int32"),
            shared=places,
            moments=["2024-03-01"],
            values=values,
            shared_fields=shared_fields,
        )
    ).sort_values("patient_id")
    assert frame["is_questioned"].tolist() == [each.is_questioned for each in results]


@given(ROWS)
def test_the_first_and_the_last_day_of_each_patient(rows: list[tuple[int, int]]) -> None:
    days: dict[int, list[date]] = {}
    for patient, moment in rows:
        days.setdefault(patient, []).append(date.fromisoformat(MOMENTS[moment][:10]))
    expected = [(key, end(of)) for key, of in days.items() for end in (min, max)]
    assert sorted(columns(rows).first_and_last()) == sorted(expected)


@pytest.fixture
def add(casebook: Casebook) -> Callable[..., None]:
    """Save a result of a new patient."""

    def add(code: str, **fields: Any) -> None:
        with casebook.step("Add") as step:
            patient_id = patients.save(step, Patient(code=code)).id or 0
            labs.save(step, LabResult(patient_id=patient_id, taken_on=date(2024, 3, 1), **fields))

    return add


def test_whatever_was_typed_comes_back(casebook: Casebook, add: Callable[..., None]) -> None:
    odd = "a\x1eb\x1fc\n\"d\" 'e', ü"
    add("A", analyte="hb", value=Decimal("12.0"), unit=odd, visit=odd, comment=odd)
    add("B", analyte=odd, value=Decimal("0.3"), comparator="<", taken_at=time(9, 30), fasting=True)
    found = lab_results.read(casebook)
    a, b = (found.shared_fields[place] for place in found.shared)
    assert (a.analyte, a.unit, a.visit, a.comment, a.fasting) == ("hb", odd, odd, odd, None)
    assert (b.analyte, b.comparator, b.unit, b.fasting) == (collapse_blanks(odd), "<", None, 1)
    assert [found.moments[place] for place in found.moment] == ["2024-03-01", "2024-03-01T09:30"]
    assert [found.values[place] for place in found.value] == ["12.0", "0.3"]


@pytest.mark.parametrize("value", ["'1' || char(30) || '2'", "'abc'"], ids=["two", "no number"])
def test_a_value_that_was_never_written_there_stops_the_count(
    casebook: Casebook, add: Callable[..., None], value: str
) -> None:
    for code in ("A", "B"):
        add(code, analyte="hb", value=Decimal("12.0"))
    casebook._connection.execute("pragma ignore_check_constraints = on")
    first = "(select min(id) from lab_result)"
    casebook._connection.execute(f"update lab_result set value = {value} where id = {first}")
    with pytest.raises(DamagedCasebook, match="Nothing was counted"):
        lab_results.frame(lab_results.read(casebook))
