"""The change of grade in words: what it says, and what it leaves open."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.course.grade_history import describe_grade_history
from model.dates import PartialDate
from model.records.biopsies import EVENTS, WHO_GRADES, Biopsy, in_order

C1 = date(2023, 7, 31)


def biopsy(day: str | None, grade: str | None, ki67: float | None = None, **other) -> Biopsy:
    taken_on = PartialDate.parse(day) if day else None
    known = {"event": "rebiopsy"} | other
    return Biopsy(patient_id=1, taken_on=taken_on, who_grade=grade, ki67_percent=ki67, **known)


def diagnosis(day: str | None, grade: str | None, ki67: float | None = None, **other) -> Biopsy:
    return biopsy(day, grade, ki67, event="diagnosis", **other)


def verdict(*biopsies: Biopsy, first_cycle_on: date | None = C1) -> str:
    sentence = describe_grade_history(biopsies, first_cycle_on).sentence
    return sentence.rpartition(": ")[2].removesuffix(".")


def test_an_upgrade_is_one_sentence():
    found = describe_grade_history(
        [diagnosis("2021-03", "NET G2", 12), biopsy("2023-06", "NET G3", 34)], C1
    )
    assert found.sentence == (
        "NET G2 (Ki-67 12 %) at diagnosis, Mar 2021; NET G3 (Ki-67 34 %) at re-biopsy, Jun 2023:"
        " upgraded from G2 to G3 after 2 years 3 months, before the first cycle."
    )
    assert found.remarks == ()


def test_without_a_biopsy_nothing_is_said():
    assert describe_grade_history([], C1).sentence == ""


def test_one_biopsy_is_only_named():
    found = describe_grade_history([diagnosis("2021", "NET G2", 12)], C1)
    assert found.sentence == "NET G2 (Ki-67 12 %) at diagnosis, 2021: one biopsy only."
    bare = describe_grade_history([Biopsy(patient_id=1)], C1)
    assert bare.sentence == "Grade not stated (Ki-67 not stated), no date: one biopsy only."


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2021-03-10", "2023-06-09", "after 2 years 2 months"),
        ("2021-03-10", "2023-06-10", "after 2 years 3 months"),
        ("2021-03-10", "2021-04-02", "after 23 days"),
        ("2021-03-10", "2022-03-10", "after 1 year"),
        ("2021-03", "2021-04-02", "after 1 month"),
        ("2021-03", "2021-03-20", "within the same month"),
        ("2021", "2023-06", "after about 2 years"),
        ("2021", "2021", "within the same year"),
        ("2021", "2022-01", "in the year after"),
        (None, "2023-06", "by Jun 2023"),
        ("2021-03", None, "at a time that is not recorded"),
    ],
)
def test_the_time_is_as_exact_as_the_dates(first, last, expected):
    found = verdict(diagnosis(first, "NET G2"), biopsy(last, "NET G3"), first_cycle_on=None)
    assert found == f"upgraded from G2 to G3 {expected}"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2023-07-30", "before the first cycle"),
        ("2023-07-31", "on the day of the first cycle"),
        ("2023-08-01", "after the first cycle"),
        ("2023-07", "not known whether before the first cycle"),
        ("2023", "not known whether before the first cycle"),
    ],
)
def test_it_says_whether_the_upgrade_was_before_treatment(day, expected):
    found = verdict(diagnosis("2020", "NET G2"), biopsy(day, "NET G3"))
    assert found == f"upgraded from G2 to G3 after about 3 years, {expected}"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("NET G1", "NET G3", "upgraded from G1 to G3 after 1 year"),
        ("NET G3", "NET G2", "downgraded from G3 to G2 after 1 year"),
        ("NET G2", "NET G2", "NET G2 in all, the last after 1 year"),
        (
            "NET G3",
            "NEC",
            "classified as NEC instead of NET G3, which is not a step of grade, after 1 year",
        ),
        (
            "NEC",
            "NET G3",
            "classified as NET G3 instead of NEC, which is not a step of grade, after 1 year",
        ),
    ],
)
def test_a_change_is_called_what_it_is(old, new, expected):
    found = verdict(diagnosis("2020-01", old), biopsy("2021-01", new), first_cycle_on=None)
    assert found == expected


def test_several_changes_are_told_from_the_first_biopsy():
    found = verdict(
        diagnosis("2018-01", "NET G1"),
        biopsy("2020-03", "NET G2"),
        biopsy("2021-01", "NET G2"),
        biopsy("2022-07", "NET G3"),
        biopsy("2023-01", "NET G2"),
        first_cycle_on=None,
    )
    assert found == (
        "upgraded from G1 to G2 after 2 years 2 months, then upgraded to G3 after 4 years 6 months,"
        " then downgraded to G2 after 5 years"
    )


def test_of_many_biopsies_the_first_the_last_and_the_changes_are_told():
    many = [diagnosis("2015", "NET G2", 5)]
    many += [biopsy(f"{year}-05", "NET G2", 7) for year in range(2016, 2022)]
    many += [biopsy("2022-05", "NET G3", 30), biopsy("2023-05", "NET G3", 31)]
    sentence = describe_grade_history(many, C1).sentence
    assert sentence.count("Ki-67") == 3
    assert "upgraded from G2 to G3 after about 7 years" in sentence


def test_a_missing_grade_is_not_filled_in_from_ki67():
    found = describe_grade_history(
        [diagnosis("2021-03", "NET G2", 12), biopsy("2023-06", None, 34)], C1
    )
    assert "grade not stated (Ki-67 34 %) at re-biopsy, Jun 2023" in found.sentence
    assert found.sentence.endswith(": whether the grade changed is not known.")


def test_sites_of_one_day_stand_together_and_the_highest_grade_counts():
    found = describe_grade_history(
        [
            diagnosis("2021-03", "NET G2", 12),
            biopsy("2023-06-01", "NET G2", 15, site="lymph_node"),
            biopsy("2023-06-01", "NET G3", 34, site="liver"),
        ],
        C1,
    )
    assert found.sentence == (
        "NET G2 (Ki-67 12 %) at diagnosis, Mar 2021; NET G2 (Ki-67 15 %, lymph node) and"
        " NET G3 (Ki-67 34 %, liver) at re-biopsy, 1 Jun 2023: by the highest grade of each date,"
        " upgraded from G2 to G3 after 2 years 3 months, before the first cycle."
    )


def test_different_grades_of_one_day_alone_are_no_change():
    found = verdict(
        diagnosis("2021", "NET G2", site="pancreas"), diagnosis("2021", "NET G3", site="liver")
    )
    assert found == "different grades at the same time, so a change cannot be determined"


def test_an_order_that_the_dates_do_not_give_is_not_made_up():
    found = verdict(biopsy("2023", "NET G2"), biopsy("2023-06", "NET G3"))
    assert found == "which came first is not known from the dates"
    both = verdict(biopsy(None, "NET G2"), biopsy(None, "NET G3"))
    assert both == "which came first is not known from the dates"


def test_a_diagnosis_is_first_where_its_date_allows_it():
    late = [biopsy("2021", "NET G3"), diagnosis("2021-05", "NET G2")]
    assert [each.event for each in in_order(late)] == ["diagnosis", "rebiopsy"]
    assert verdict(*late).startswith("upgraded from G2 to G3 within the same year")
    undated = [biopsy("2023-06", "NET G3"), diagnosis(None, "NET G2")]
    assert verdict(*undated).startswith("upgraded from G2 to G3")


def test_a_diagnosis_dated_after_another_biopsy_is_remarked():
    found = describe_grade_history(
        [biopsy("2020-01", "NET G3"), diagnosis("2021-05", "NET G2")], C1
    )
    assert found.remarks == ("The biopsy at diagnosis is dated after another.",)


def test_a_biopsy_without_a_date_is_told_apart():
    found = describe_grade_history(
        [
            diagnosis("2021-03", "NET G2", 12),
            biopsy("2023-06", "NET G3", 34),
            biopsy(None, "NET G2", 8),
        ],
        C1,
    )
    assert "upgraded from G2 to G3 after 2 years 3 months" in found.sentence
    assert found.remarks == ("NET G2 (Ki-67 8 %) at re-biopsy, no date: not placed in time.",)


def test_a_grade_that_does_not_fit_its_ki67_is_remarked_and_left():
    found = describe_grade_history(
        [diagnosis("2021-03", "NET G2", 34), biopsy("2023-06", "NET G3", 40)], C1
    )
    assert "upgraded from G2 to G3" in found.sentence
    assert found.remarks == (
        "NET G2 at diagnosis, Mar 2021: Ki-67 34 % does not fit G2 (3 to 20 %)."
        " Both are shown as recorded.",
    )


@pytest.mark.parametrize(
    ("grade", "ki67", "other", "expected"),
    [
        ("NET G1", 2.9, {}, ""),
        ("NET G1", 3, {}, "Ki-67 3 % does not fit G1 (below 3 %)"),
        ("NET G2", 3, {}, ""),
        ("NET G2", 20, {}, ""),
        ("NET G2", 20.5, {}, "Ki-67 20.5 % does not fit G2 (3 to 20 %)"),
        ("NET G3", 21, {}, ""),
        (
            "NET G3",
            20,
            {},
            "Ki-67 20 % does not fit G3 (above 20 %), and no mitotic count is recorded",
        ),
        ("NET G3", 15, {"mitoses_per_2mm2": 25}, ""),
        ("NET G3", 15, {"mitoses_per_2mm2": 5}, "Ki-67 15 % does not fit G3 (above 20 %)"),
        ("NET G1", 2, {"mitoses_per_2mm2": 4}, "4 mitoses per 2 mm² do not fit G1 (below 2)"),
        ("NET G2", None, {}, ""),
        ("NET G3", None, {"mitoses_per_2mm2": 4}, ""),
        ("NEC", 80, {}, ""),
        ("NEC", 20, {}, "Ki-67 20 % does not fit NEC (above 20 %)"),
        (
            "NEC",
            80,
            {"differentiation": "well"},
            "NEC is poorly differentiated, but well differentiated is recorded",
        ),
        (
            "NET G3",
            80,
            {"differentiation": "poor"},
            "NET is well differentiated, but poorly differentiated is recorded",
        ),
        (None, 34, {}, ""),
    ],
)
def test_grade_and_findings_are_held_against_the_who_cut_offs(grade, ki67, other, expected):
    assert biopsy("2021", grade, ki67, **other).grade_conflict == expected


days = st.one_of(
    st.none(),
    st.integers(2018, 2023).map(PartialDate),
    st.builds(PartialDate, st.integers(2018, 2023), st.integers(1, 12)),
    st.dates(date(2018, 1, 1), date(2023, 12, 31)).map(PartialDate.of),
)
any_biopsy = st.builds(
    Biopsy,
    patient_id=st.just(1),
    taken_on=days,
    event=st.sampled_from([None, *EVENTS]),
    site=st.sampled_from([None, "liver"]),
    who_grade=st.sampled_from([None, *WHO_GRADES]),
    ki67_percent=st.one_of(st.none(), st.integers(0, 100).map(float)),
)


@given(found=st.lists(any_biopsy, min_size=1, max_size=7), treated=st.booleans())
def test_whatever_is_recorded_it_is_one_sentence_and_nobody_is_lost(found, treated):
    story = describe_grade_history(found, C1 if treated else None)
    assert story.sentence.endswith(".")
    assert story.sentence.count(": ") >= 1
    ordered = in_order(found)
    assert len(ordered) == len(found)
    dated = [each.taken_on for each in ordered if each.taken_on]
    for number, day in enumerate(dated):
        assert all(later.latest >= day.earliest for later in dated[number:])
    stated = {each.who_grade for each in found if each.who_grade}
    if "upgraded" in story.sentence or "downgraded" in story.sentence:
        assert len(stated) > 1


def test_without_the_first_date_the_change_is_told_by_the_date_that_is_known():
    told = verdict(diagnosis(None, "NET G1"), biopsy("2023-06-01", "NET G3"))
    assert told == "upgraded from G1 to G3 by 1 Jun 2023, before the first cycle"
