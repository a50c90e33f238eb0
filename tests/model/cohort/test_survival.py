"""Overall and progression-free survival case by case; the curves themselves are held against R."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from scipy import stats

from model.cohort import frames as cohort_frames
from model.cohort import kaplan_meier, response, selecting, survival
from model.cohort.groups import Group, labels
from model.cohort.options import Denominator, Options
from model.cohort.selection import Selection
from model.records import assessments, cycles, patients, whole_patient
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.patients import Patient
from model.store.casebook import Casebook

FIRST = date(2024, 1, 1)
Add = Callable[..., int]


@pytest.fixture
def add(casebook: Casebook) -> Add:
    """Add a patient with one cycle, responses by day and a last follow-up; gives the id."""

    def add(
        code: str,
        read: dict[int, str] | None = None,
        last: int | None = None,
        status: str = "alive",
        treated: bool = True,
        **fields: Any,
    ) -> int:
        with casebook.step("Add") as step:
            patient_id = patients.save(step, Patient(code=code, **fields)).id
            assert patient_id is not None
            if treated:
                given = [Administration(number=1, nuclide="225Ac", unit="MBq")]
                cycle = Cycle(patient_id=patient_id, number=1, given_on=FIRST)
                cycles.save(step, cycle, given)
            for day, answer in (read or {}).items():
                on = FIRST + timedelta(days=day)
                each = Assessment(patient_id=patient_id, assessed_on=on, response=answer)
                assessments.save(step, each)
            if last is not None:
                on = FIRST + timedelta(days=last)
                whole_patient.save_follow_up(
                    step, FollowUp(patient_id=patient_id, seen_on=on, status=status)
                )
        return patient_id

    return add


def days(casebook: Casebook, kind: str) -> dict[int, tuple[int, bool]]:
    found = kaplan_meier.observation_times(cohort_frames.load(casebook), kind)
    rows: Iterator[Any] = found.itertuples()
    return {row.Index: (round(row.months * 30.4375), bool(row.event)) for row in rows}


@pytest.mark.parametrize(
    ("read", "last", "status", "expected"),
    [
        ({60: "PR", 120: "PD", 180: "PD"}, 400, "alive", (120, True)),
        ({60: "SD", 120: "NE"}, 400, "alive", (60, False)),
        ({60: "SD"}, 300, "dead", (300, True)),
        ({60: "PD"}, 300, "dead", (60, True)),
        ({}, 300, "alive", (0, False)),
        ({0: "PD", 90: "SD"}, 300, "alive", (90, False)),
        ({-20: "PD"}, None, "alive", (0, False)),
    ],
)
def test_progression_is_the_first_pd_after_t0_or_death(
    casebook: Casebook, add: Add, read: dict[int, str], last: int | None, status: str, expected: Any
) -> None:
    patient = add("P", read, last, status)
    assert days(casebook, "PFS") == {patient: expected}


def test_who_cannot_be_followed_is_left_out_and_named(casebook: Casebook, add: Add) -> None:
    followed = add("A", last=100)
    untreated = add("B", last=100, treated=False)
    before = add("D", last=-5, index_on=FIRST + timedelta(days=1))
    found = survival.estimate_survival(cohort_frames.load(casebook))
    assert found.ids("all") == (followed,)
    assert set(found.left_out) == {untreated, before}
    assert days(casebook, "OS") == {followed: (100, False)}


def test_the_living_are_followed_until_their_last_dated_record(
    casebook: Casebook, add: Add
) -> None:
    never_seen = add("A")
    scanned = add("B", {90: "SD"})
    in_vain = add("C", {90: "PR"}, last=300, status="unknown")
    seen_before = add("D", {390: "PD"}, last=100)
    dead = add("E", {60: "SD"}, last=200, status="dead")
    expected = {
        never_seen: (0, False),
        scanned: (90, False),
        in_vain: (90, False),
        seen_before: (390, False),
        dead: (200, True),
    }
    assert days(casebook, "OS") == expected
    progression_free = days(casebook, "PFS")
    assert set(progression_free) == set(expected)
    assert all(progression_free[key][0] <= expected[key][0] for key in expected)
    frames = cohort_frames.load(casebook)
    assert survival.estimate_survival(frames).left_out == ()
    assert frames.patients["status"].to_dict() == {
        never_seen: "unknown",
        scanned: "unknown",
        in_vain: "unknown",
        seen_before: "alive",
        dead: "dead",
    }


def test_who_is_known_alive_after_the_cut_off_was_alive_at_it(casebook: Casebook, add: Add) -> None:
    patient = add("A", {90: "SD", 400: "SD"})
    cut = Selection(cut_off=FIRST + timedelta(days=200))
    found = kaplan_meier.observation_times(
        selecting.apply_selection(cohort_frames.load(casebook), cut), "OS"
    )
    assert (found["months"] * 30.4375).round().to_dict() == {patient: 200}


def test_nobody_at_all_has_lines_without_numbers(casebook: Casebook) -> None:
    lines = survival.count_survival(cohort_frames.load(casebook))
    assert {line.estimate for line in lines} == {None}
    assert {line.n for line in lines} == {0}


def test_no_other_kind_of_survival_is_known(casebook: Casebook) -> None:
    with pytest.raises(ValueError, match="No such survival"):
        survival.estimate_survival(cohort_frames.load(casebook), "EFS")


def test_groups_have_their_curves_and_are_compared_by_log_rank(
    casebook: Casebook, add: Add
) -> None:
    times = {"F": [(50, True), (90, True), (200, False)], "M": [(300, True), (400, False)]}
    for sex, told in times.items():
        for number, (last, died) in enumerate(told):
            add(f"{sex}{number}", last=last, status="dead" if died else "alive", sex=sex)
    found = survival.estimate_survival(cohort_frames.load(casebook), "OS", Group.SEX)
    assert {name: (one.n, one.n_events) for name, one in found.curves.items()} == {
        "F": (3, 2),
        "M": (2, 1),
    }
    sides = [
        stats.CensoredData.right_censored(
            [last for last, _ in told], [not died for _, died in told]
        )
        for told in times.values()
    ]
    assert found.p == pytest.approx(stats.logrank(sides[0], sides[1]).pvalue)
    assert len(found.ids("F")) == 3


def test_groups_without_an_event_have_no_p(casebook: Casebook, add: Add) -> None:
    add("A", last=10, sex="F")
    add("B", last=20, sex="M")
    found = survival.estimate_survival(cohort_frames.load(casebook), "OS", Group.SEX)
    assert (found.p, dict(found.p_values)) == (None, {})


def test_three_groups_are_compared_in_pairs(casebook: Casebook, add: Add) -> None:
    for number, site in enumerate(("pancreas", "lung", "thymus")):
        for turn in range(3):
            last = 30 * (number + 1) + 10 * turn
            add(f"{site}{turn}", last=last, status="dead", primary_site=site)
    found = survival.estimate_survival(cohort_frames.load(casebook), "OS", Group.PRIMARY_SITE)
    assert set(found.p_values) == {("lung", "pancreas"), ("lung", "thymus"), ("pancreas", "thymus")}
    assert found.p is None


@pytest.mark.parametrize("group", Group)
def test_every_patient_has_a_group(casebook: Casebook, add: Add, group: Group) -> None:
    add("A", last=10)
    add("B", treated=False)
    assert labels(cohort_frames.load(casebook), group).notna().all()


def test_landmarks_are_those_that_were_asked_for(casebook: Casebook, add: Add) -> None:
    add("A", last=100, status="dead")
    add("B", last=400)
    lines = survival.count_survival(cohort_frames.load(casebook), Options(landmarks=(3, 18)))
    told = {(line.measure, line.level): line for line in lines}
    assert told["OS", "3 months"].estimate == 100
    assert told["OS", "at risk at 3 months"].n == 2
    assert told["OS", "18 months"].estimate is None
    assert ("OS", "12 months") not in told


# Response


@pytest.mark.parametrize(
    ("n", "of", "interval"),
    [
        (0, 10, (0.0, 30.8)),
        (10, 10, (69.2, 100.0)),
        (11, 20, (31.5, 76.9)),
        (0, 0, (None, None)),
    ],
)
def test_the_interval_of_a_share_is_exact(n: int, of: int, interval: Any) -> None:
    found = response.exact_interval(n, of)
    assert tuple(each if each is None else round(each, 1) for each in found) == interval


def test_the_denominator_is_the_chosen_one(casebook: Casebook, add: Add) -> None:
    add("A", {60: "PR"}, 100)
    add("B", last=100)
    add("C", treated=False)
    frames = cohort_frames.load(casebook)
    for denominator, of in (
        (Denominator.ALL, 3),
        (Denominator.TREATED, 2),
        (Denominator.IMAGED, 1),
    ):
        lines = response.count_responses(frames, Options(denominator=denominator))
        best = [line for line in lines if line.measure == "best response"]
        assert {line.of for line in best} == {of}
        rates = {line.level: line.of for line in lines if line.measure == "ORR"}
        assert rates == {"all treated": 2, "imaged": 1}


def test_who_was_last_seen_before_t0_is_in_no_plain_median(add: Add, casebook: Casebook) -> None:
    add("A", last=-30, index_on=FIRST + timedelta(days=1))
    add("B", last=61)
    found = survival.count_survival(cohort_frames.load(casebook))
    for measure in ("follow-up of those alive", "observation time"):
        (line,) = (one for one in found if (one.measure, one.level) == (measure, "minimum"))
        assert (line.n, line.of) == (1, 2)
        assert line.estimate == pytest.approx(61 / 30.4375, abs=1e-12)
