"""Which grade counts now: the same one wherever it is shown or counted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.cohort import frames, histology
from model.dates import PartialDate
from model.derived.profile import profile_of
from model.records import biopsies, patients
from model.records.biopsies import (
    EVENTS,
    WHO_GRADES,
    Biopsy,
    first_grade,
    latest_grade,
    latest_ki67,
)
from model.records.patient_records import load


def biopsy(day, grade, ki67=None, event="rebiopsy") -> Biopsy:
    taken_on = PartialDate.parse(day) if day else None
    return Biopsy(patient_id=1, taken_on=taken_on, event=event, who_grade=grade, ki67_percent=ki67)


@pytest.mark.parametrize(
    ("found", "first", "last"),
    [
        ([], None, None),
        ([biopsy("2023-06-01", "NET G3"), biopsy("2023-06-01", "NET G2")], "NET G3", "NET G3"),
        ([biopsy("2023-06-01", "NET G2"), biopsy("2023-06-01", "NET G3")], "NET G3", "NET G3"),
        ([biopsy("2023", "NET G3"), biopsy(None, "NET G1", event="diagnosis")], "NET G1", "NET G3"),
        ([biopsy("2020", "NET G1", event="diagnosis"), biopsy(None, "NET G3")], "NET G1", "NET G3"),
        ([biopsy("2021-05", "NET G2"), biopsy("2021", "NET G3")], "NET G3", "NET G3"),
        ([biopsy("2021", "NET G3"), biopsy("2022", "NET G2")], "NET G3", "NET G2"),
        ([biopsy("2021", "NET G3"), biopsy("2022", None)], "NET G3", "NET G3"),
        (
            [biopsy("2019", "NET G2"), biopsy("2022", "NET G2"), biopsy(None, "NET G3")],
            "NET G2",
            "NET G2",
        ),
    ],
)
def test_the_first_and_the_current_grade(found, first, last):
    assert (first_grade(found), latest_grade(found)) == (first, last)


def test_the_highest_ki67_of_a_day_counts_and_an_undated_diagnosis_is_not_the_latest():
    of_a_day = [biopsy("2023-06-01", "NET G3", 34.0), biopsy("2023-06-01", "NET G2", 12.0)]
    undated = biopsy(None, "NET G1", 2.0, event="diagnosis")
    assert latest_ki67([*of_a_day, undated]) == 34.0
    assert latest_ki67([undated, biopsy("2024", "NET G3")]) == 2.0
    assert latest_ki67([]) is None


BIOPSIES = st.lists(
    st.builds(
        biopsy,
        st.sampled_from((None, "2019", "2021", "2021-05", "2021-05-04", "2023-01-09")),
        st.sampled_from((None, *WHO_GRADES)),
        st.sampled_from((None, 2.0, 12.0, 34.0)),
        st.sampled_from(EVENTS),
    ),
    max_size=5,
)


@given(BIOPSIES)
def test_the_current_grade_is_a_recorded_one(found):
    stated = {each.who_grade for each in found} - {None}
    assert {first_grade(found), latest_grade(found)} <= (stated or {None})


def test_header_list_and_cohort_use_the_same_grade(casebook, patient):
    told = (
        *(("2023-06-01", "NET G3", 34.0, "rebiopsy"), ("2023-06-01", "NET G2", 12.0, "rebiopsy")),
        (None, "NET G1", 2.0, "diagnosis"),
    )
    with casebook.step("Add biopsies") as step:
        for day, grade, ki67, event in told:
            taken_on = PartialDate.parse(day) if day else None
            biopsies.save(
                step,
                Biopsy(
                    patient_id=patient.id,
                    taken_on=taken_on,
                    who_grade=grade,
                    ki67_percent=ki67,
                    event=event,
                ),
            )
    today = date(2026, 6, 1)
    profile = profile_of(load(casebook, patient.id), today)
    (listed, *_others) = patients.overviews(casebook, today)
    assert (profile.first_grade, profile.grade, profile.ki67) == ("NET G1", "NET G3", "34")
    assert (listed.first_grade, listed.grade) == ("NET G1", "NET G3")
    counted = frames.load(casebook)
    assert histology.first_grade(counted)[patient.id] == "NET G1"
    assert histology.latest_grade(counted)[patient.id] == "NET G3"
    assert histology.latest_ki67(counted)[patient.id] == 34.0
