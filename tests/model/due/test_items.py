from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.due import schedule as due_schedule
from model.due.facts import Facts, Situation, facts_of_patient, facts_of_patients
from model.due.items import DueItem, DueState, find_due, most_pressing, of_casebook, of_patient
from model.due.schedule import AppliesTo, CountedFrom, DueKind, DueRule, default_schedule
from model.readiness import own_rule_sets
from model.records import assessments, cycles, kinds, labs, patients, whole_patient
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.labs import LabResult
from model.records.outcome.ends_of_treatment import EndOfTreatment
from model.records.outcome.finished import PlannedCycles, TreatmentCourse
from model.records.patient_records import load
from model.records.patients import Patient
from model.store import rows
from model.store.casebook import Casebook
from model.store.ids import new_id

C2 = date(2023, 10, 23)
CBC = DueRule(
    what="CBC",
    kind=DueKind.LABS,
    needs="hb, plt, anc|wbc",
    after=CountedFrom.CYCLE,
    day=14,
    every=14,
    until=56,
    early=4,
    late=3,
    applies=AppliesTo.ON_TREATMENT,
)
WHOLE = ("hb", "plt", "anc")


def day(number: int) -> date:
    return C2 + timedelta(days=number)


def facts(**known) -> Facts:
    made: dict[str, Any] = {
        "patient_id": 7,
        "code": "P-0007",
        "cycle": (2, C2),
        "is_alpha": True,
        "seen_on": C2,
    }
    return Facts(**(made | known))


def measured(on: date, *keys: str) -> dict[str, date]:
    return dict.fromkeys(keys or WHOLE, on)


def the_one(items: tuple[DueItem, ...], what: str = "CBC") -> DueItem:
    (item,) = [item for item in items if item.what == what]
    return item


# The day itself


@pytest.mark.parametrize(
    ("today", "state", "words"),
    [
        (day(9), DueState.UPCOMING, "in 5 d"),
        (day(10), DueState.NOW, "in 4 d"),
        (day(13), DueState.NOW, "in 1 d"),
        (day(14), DueState.NOW, "today"),
        (day(15), DueState.NOW, "due 1 d ago"),
        (day(17), DueState.NOW, "due 3 d ago"),
        (day(18), DueState.OVERDUE, "4 d overdue"),
    ],
)
def test_before_on_and_after_the_day(today, state, words):
    item = the_one(find_due((CBC,), facts(), today))
    assert (item.due_on, item.state, item.time_text) == (day(14), state, words)
    assert item.counted_from == "14 d after C2, 23 Oct 2023"


@pytest.mark.parametrize(
    ("taken", "due_on"),
    [
        (day(0), day(14)),
        (day(9), day(14)),  # too early to count
        (day(10), day(28)),
        (day(13), day(28)),  # one day early
        (day(14), day(28)),
        (day(20), day(28)),  # late, but it makes up for the day that was missed
        (day(24), day(42)),
        (day(55), None),  # the last of them
    ],
)
def test_a_result_fulfils_the_day_that_it_lies_at(taken, due_on):
    items = find_due((CBC,), facts(measured=measured(taken)), day(56))
    assert (items[0].due_on if items else None) == due_on


def test_a_panel_is_there_when_all_of_it_is():
    half = measured(day(14), "hb", "plt")
    assert the_one(find_due((CBC,), facts(measured=half), day(14))).due_on == day(14)
    either = half | measured(day(14), "wbc")
    item = the_one(find_due((CBC,), facts(measured=either), day(14)))
    assert (item.due_on, item.last_on) == (day(28), day(14))


# Who it holds of


def test_of_the_dead_nothing_is_due():
    assert find_due(default_schedule(), facts(has_died=True), day(400)) == ()


def test_of_those_out_of_reach_only_a_follow_up_is_due():
    lost = facts(missed_on=day(100), followed_on=day(100))
    assert lost.situation(day(150)) is Situation.OUT_OF_REACH
    (call,) = find_due(default_schedule(), lost, day(150))
    assert (call.what, call.due_on) == ("Follow-up call", day(184))
    assert call.counted_from.startswith("84 d after the last attempt")
    seen_since = replace(lost, seen_on=day(101))
    assert seen_since.situation(day(150)) is Situation.ON_TREATMENT


def test_the_next_cycle_is_due_while_on_treatment_only():
    item = the_one(find_due(default_schedule(), facts(), day(35)), "Next cycle")
    assert (item.due_on, item.cycle, item.title) == (day(56), 3, "Next cycle (C3)")
    ended = facts(course=TreatmentCourse(assessed_on=day(20), cycles=((C2, ("225Ac",)),)))
    assert ended.situation(day(35)) is Situation.AFTER_TREATMENT
    assert "Next cycle" not in {item.what for item in find_due(default_schedule(), ended, day(35))}
    assert "Next cycle" in {item.what for item in find_due(default_schedule(), facts(), day(182))}
    assert "Next cycle" not in {
        item.what for item in find_due(default_schedule(), facts(), day(183))
    }


def test_an_end_of_treatment_before_the_last_cycle_ended_another_treatment():
    course = TreatmentCourse(assessed_on=day(-1), cycles=((C2, ("225Ac",)),))
    assert facts(course=course).situation(day(5)) is Situation.ON_TREATMENT
    assert "Next cycle" in {
        item.what for item in find_due(default_schedule(), facts(course=course), C2)
    }


def ended(on: date, reason: str | None = "progression") -> EndOfTreatment:
    return EndOfTreatment(patient_id=7, ended_on=on, reason=reason)


def cycles_on(*days: date, nuclide: str = "177Lu") -> tuple[tuple[date, tuple[str, ...]], ...]:
    return tuple((on, (nuclide,)) for on in days)


def whats(known: Facts, today: date, planned: PlannedCycles | None = None) -> set[str]:
    return {item.what for item in find_due(default_schedule(), known, today, planned)}


def test_a_recorded_end_stops_the_next_cycle_and_what_is_due_before_it():
    before = facts(course=TreatmentCourse(cycles=cycles_on(C2)))
    assert {"Next cycle", "Creatinine, LFT", "CBC"} <= whats(before, day(60))
    done = facts(course=TreatmentCourse(cycles=cycles_on(C2), ends=(ended(day(3)),)))
    assert "Next cycle" not in whats(done, day(60))
    # The nadir of the last cycle is still to come.
    assert "CBC" in whats(done, day(10))
    assert done.situation(day(84)) is Situation.ON_TREATMENT
    assert done.situation(day(85)) is Situation.AFTER_TREATMENT


def test_an_end_before_the_last_cycle_ended_an_earlier_course():
    course = TreatmentCourse(cycles=cycles_on(day(-200), C2), ends=(ended(day(-100)),))
    assert "Next cycle" in whats(facts(course=course), day(40))
    assert course.count("177Lu") == (1, 1)


@pytest.mark.parametrize(
    ("nuclide", "planned", "is_due"),
    [
        ("177Lu", PlannedCycles(4, "177Lu"), False),
        ("177Lu", PlannedCycles(4), False),
        ("177Lu", PlannedCycles(5, "177Lu"), True),
        ("225Ac", PlannedCycles(4, "177Lu"), True),
        ("225Ac", PlannedCycles(4, "alpha"), False),
        ("177Lu", None, True),
    ],
)
def test_the_next_cycle_is_due_until_all_planned_ones_were_given(nuclide, planned, is_due):
    days = (day(-168), day(-112), day(-56), C2)
    known = facts(cycle=(4, C2), course=TreatmentCourse(cycles=cycles_on(*days, nuclide=nuclide)))
    for today in (day(56), day(162)):
        assert ("Next cycle" in whats(known, today, planned)) is is_due
    # Blood is still taken after the last cycle.
    assert "CBC" in whats(known, day(14), planned)


def test_the_rule_set_of_the_casebook_says_how_many_cycles_are_planned(casebook, patient):
    with casebook.step("Fill") as step:
        for number in range(1, 5):
            treat(step, patient.id, number, day(56 * (number - 4)), "177Lu")
    names = [item.what for item in of_casebook(casebook, day(162))]
    assert "Next cycle" in names
    with casebook.step("Choose") as step:
        own_rule_sets.choose(step, "LUTATHERA_US_2024")
    for items in (
        of_casebook(casebook, day(162)),
        of_patient(load(casebook, patient.id), day(162)),
    ):
        assert "Next cycle" not in [item.what for item in items]


def test_beta_cycles_have_a_rule_of_their_own():
    later = tuple(
        replace(rule, day=70) if rule.after is CountedFrom.BETA_CYCLE else rule
        for rule in default_schedule()
    )
    assert the_one(find_due(later, facts(), day(1)), "Next cycle").due_on == day(56)
    beta = facts(is_alpha=False)
    assert the_one(find_due(later, beta, day(1)), "Next cycle").due_on == day(70)


def test_what_is_due_before_the_next_cycle_follows_its_day():
    taken = facts(measured=measured(day(28), "crea", "bili", "ast"))
    item = the_one(find_due(default_schedule(), taken, day(35)), "Creatinine, LFT")
    assert (item.due_on, item.closes_on) == (day(49), day(56))
    assert item.counted_from == "7 d before the next cycle, 18 Dec 2023"
    later = tuple(
        replace(rule, day=84) if rule.after is CountedFrom.ALPHA_CYCLE else rule
        for rule in default_schedule()
    )
    assert the_one(find_due(later, taken, day(35)), "Creatinine, LFT").due_on == day(56)


def test_of_two_rules_of_one_name_the_earlier_is_shown():
    items = find_due(default_schedule(), facts(), day(1))
    assert [item.what for item in items] == [
        *("CBC", "Creatinine, LFT", "Next cycle", "Follow-up call", "Imaging")
    ]
    assert the_one(items, "Creatinine, LFT").due_on == day(28)


def test_the_imaging_of_a_modality_is_told_by_its_name():
    rule = next(rule for rule in default_schedule() if rule.kind is DueKind.IMAGING)
    sstr = replace(rule, needs="DOTA | SSTR")
    ct = facts(imaged={"CT": day(80)})
    assert the_one(find_due((sstr,), ct, day(85)), "Imaging").due_on == day(84)
    assert the_one(find_due((rule,), ct, day(85)), "Imaging").due_on == day(168)
    pet = facts(imaged={"68Ga-dotatate PET/CT": day(80)})
    assert the_one(find_due((sstr,), pet, day(85)), "Imaging").due_on == day(168)


def test_from_the_second_year_imaging_is_further_apart():
    scanned = facts(imaged={"CT": day(330)}, seen_on=day(330))
    assert the_one(find_due(default_schedule(), scanned, day(400)), "Imaging").due_on == day(504)


def test_without_a_record_nothing_is_due():
    unknown = Facts(patient_id=1, code="P-1")
    assert unknown.situation(C2) is Situation.NOT_TREATED
    assert find_due(default_schedule(), unknown, C2) == ()


def test_what_is_overdue_is_the_most_pressing_and_said_in_two_words():
    today = day(35)
    pressing = most_pressing(find_due(default_schedule(), facts(), today))[7]
    assert pressing.short_text(today) == "labs overdue"
    taken = facts(measured=measured(day(42), *WHOLE, "crea", "bili", "alt"))
    soon = most_pressing(find_due(default_schedule(), taken, day(43)))[7]
    assert soon.short_text(day(43)) == "C3 due 18 Dec"
    far = replace(taken, cycle=(2, day(42)), seen_on=day(42))
    only_scan = tuple(rule for rule in default_schedule() if rule.kind is DueKind.IMAGING)
    assert most_pressing(find_due(only_scan, far, day(43))) == {}


# Any schedule, any patient

DAYS = st.integers(0, 500).map(day)


@st.composite
def patients_known(draw):
    keys = draw(st.lists(st.sampled_from(["hb", "plt", "anc", "wbc", "crea", "bili", "alt"])))
    return facts(
        cycle=draw(st.one_of(st.none(), st.tuples(st.integers(1, 6), DAYS))),
        is_alpha=draw(st.booleans()),
        course=TreatmentCourse(
            cycles=draw(st.sampled_from(((), cycles_on(C2)))),
            ends=draw(st.sampled_from(((), (ended(day(3)),)))),
            assessed_on=draw(st.one_of(st.none(), DAYS)),
        ),
        measured={key: draw(DAYS) for key in keys},
        imaged=draw(st.dictionaries(st.sampled_from(["CT", "PET/CT"]), DAYS)),
        seen_on=draw(st.one_of(st.none(), DAYS)),
        missed_on=draw(st.one_of(st.none(), DAYS)),
    )


@given(patients_known(), DAYS)
def test_every_item_is_consistent_and_of_each_name_there_is_one(known, today):
    items = find_due(default_schedule(), known, today)
    assert len({item.key for item in items}) == len(items)
    assert list(items) == sorted(items, key=lambda item: item.due_on)
    for item in items:
        assert item.opens_on <= item.due_on <= item.closes_on
        assert item.days == (item.due_on - today).days
        assert (item.state is DueState.OVERDUE) == (today > item.closes_on)
        assert (item.state is DueState.UPCOMING) == (today < item.opens_on)
        assert item.last_on is None or item.last_on < item.opens_on


@given(patients_known(), DAYS)
def test_what_is_recorded_today_is_not_asked_for_again_today(known, today):
    done = replace(
        known,
        measured=measured(today, "hb", "plt", "anc", "crea", "bili", "alt"),
        imaged={"CT": today},
        followed_on=today,
        seen_on=today,
    )
    for item in find_due(default_schedule(), done, today):
        assert item.kind is DueKind.CYCLE or item.state is DueState.UPCOMING


@given(patients_known(), DAYS, st.integers(-300, 300))
def test_moving_every_date_moves_every_day(known, today, by):
    def moved(when: date | None) -> date | None:
        return when and when + timedelta(days=by)

    other = replace(
        known,
        cycle=known.cycle and (known.cycle[0], moved(known.cycle[1])),
        course=TreatmentCourse(
            cycles=tuple((moved(on), names) for on, names in known.course.cycles),
            ends=tuple(replace(end, ended_on=moved(end.ended_on)) for end in known.course.ends),
            assessed_on=moved(known.course.assessed_on),
        ),
        measured={key: moved(on) for key, on in known.measured.items()},
        imaged={key: moved(on) for key, on in known.imaged.items()},
        seen_on=moved(known.seen_on),
        missed_on=moved(known.missed_on),
    )
    before = [
        (item.what, moved(item.due_on), item.time_text)
        for item in find_due(default_schedule(), known, today)
    ]
    after = [
        (item.what, item.due_on, item.time_text)
        for item in find_due(default_schedule(), other, today + timedelta(by))
    ]
    assert after == before


# Of a casebook


def treat(step, patient_id: int, number: int, on: date, nuclide: str = "225Ac") -> None:
    cycles.save(
        step,
        Cycle(patient_id=patient_id, number=number, given_on=on),
        [Administration(number=1, nuclide="177Lu"), Administration(number=2, nuclide=nuclide)],
    )


def measure(step, patient_id: int, on: date, *keys: str) -> None:
    labs.save_all(
        step,
        [
            LabResult(patient_id=patient_id, taken_on=on, analyte=key, value=Decimal(5))
            for key in keys
        ],
    )


def test_the_facts_are_the_latest_of_each_kind_up_to_the_day(casebook, patient):
    with casebook.step("Fill") as step:
        treat(step, patient.id, 1, day(-56), "177Lu")
        treat(step, patient.id, 2, C2)
        treat(step, patient.id, 3, day(60), "177Lu")
        measure(step, patient.id, day(13), "hb", "plt")
        measure(step, patient.id, day(14), "hb", "wbc")
        measure(step, patient.id, day(70), "hb")
        for on, timepoint, modality in (
            (day(-60), "baseline", "CT"),
            (day(15), "post_cycle", "CT"),
            (day(16), "clinical", "clinical"),
            (day(17), "end_of_treatment", None),
        ):
            assessments.save(
                step,
                Assessment(
                    patient_id=patient.id, assessed_on=on, timepoint=timepoint, modality=modality
                ),
            )
        for on, status in ((day(18), "alive"), (day(19), "unknown"), (day(90), "alive")):
            whole_patient.save_follow_up(
                step, FollowUp(patient_id=patient.id, seen_on=on, status=status)
            )
    (known,) = facts_of_patients(casebook, day(30))
    assert known == Facts(
        patient_id=patient.id,
        code="P-1",
        cycle=(2, C2),
        is_alpha=True,
        course=TreatmentCourse(
            cycles=((day(-56), ("177Lu", "177Lu")), (C2, ("177Lu", "225Ac"))), assessed_on=day(17)
        ),
        measured={"hb": day(14), "plt": day(13), "wbc": day(14)},
        imaged={"CT": day(15), "": day(17)},
        seen_on=day(18),
        followed_on=day(19),
        missed_on=day(19),
    )
    assert facts_of_patients(casebook, day(60))[0].is_alpha is False


def test_what_lies_in_the_bin_does_not_count(casebook, patient):
    with casebook.step("Fill") as step:
        treat(step, patient.id, 1, C2)
        measure(step, patient.id, day(14), *WHOLE)
    assert the_one(of_casebook(casebook, day(14))).due_on == day(28)
    with casebook.step("Delete") as step:
        labs.remove(step, kinds.of_patient(casebook, LabResult, patient.id)[0])
    assert the_one(of_casebook(casebook, day(14))).due_on == day(14)
    with casebook.step("Delete patient") as step:
        whole_patient.remove_patient(step, patient)
    assert of_casebook(casebook, day(14)) == ()


def test_some_patients_may_be_asked_for_alone(casebook, patient):
    with casebook.step("Fill") as step:
        other = patients.save(step, Patient(code="P-2"))
        treat(step, patient.id, 1, C2)
        treat(step, other.id, 1, day(7))
    asked = of_casebook(casebook, day(20), [other.id])
    assert {item.code for item in asked} == {"P-2"}
    assert asked == tuple(i for i in of_casebook(casebook, day(20)) if i.code == "P-2")
    assert of_casebook(casebook, day(20), []) == ()


def test_a_death_ends_it_all(casebook, patient):
    with casebook.step("Fill") as step:
        treat(step, patient.id, 1, C2)
        whole_patient.save_follow_up(
            step, FollowUp(patient_id=patient.id, seen_on=day(30), status="dead", cause="other")
        )
    assert of_casebook(casebook, day(40)) == ()


def test_the_casebooks_own_schedule_is_gone_by(casebook, patient):
    with casebook.step("Fill") as step:
        treat(step, patient.id, 1, C2)
        due_schedule.save(step, [replace(CBC, what="Blood", day=7)])
    assert [(item.what, item.due_on) for item in of_casebook(casebook, day(0))] == [
        ("Blood", day(7))
    ]


def _on(record: LabResult | Assessment | FollowUp | EndOfTreatment) -> tuple[date, str | None]:
    """What may be recorded once only: one follow-up a day, one result of an analyte a day."""
    match record:
        case LabResult():
            return record.taken_on, record.analyte
        case Assessment():
            return record.assessed_on, f"{record.timepoint} {record.modality}"
        case FollowUp():
            return record.seen_on, None
        case EndOfTreatment():
            return record.ended_on, None


DAYS = st.integers(-60, 60).map(day)
RECORDED = st.lists(
    st.one_of(
        st.builds(
            lambda on, key: LabResult(patient_id=1, taken_on=on, analyte=key, value=Decimal(1)),
            DAYS,
            st.sampled_from(("hb", "plt")),
        ),
        st.builds(
            lambda on, at, by: Assessment(
                patient_id=1, assessed_on=on, timepoint=at, modality=by, comment=f"{on}"
            ),
            DAYS,
            st.sampled_from((None, "clinical", "end_of_treatment")),
            st.sampled_from((None, "clinical", "CT", "MRI")),
        ),
        st.builds(
            lambda on, status: FollowUp(patient_id=1, seen_on=on, status=status),
            DAYS,
            st.sampled_from(("alive", "unknown", "dead")),
        ),
        st.builds(ended, DAYS, st.sampled_from((None, "completed"))),
        st.tuples(DAYS, st.sampled_from((None, "177Lu", "225Ac"))),
    ),
    max_size=8,
    unique_by=lambda each: (type(each), each if isinstance(each, tuple) else _on(each)),
)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A casebook that each example adds a patient to."""
    with Casebook.create(tmp_path_factory.mktemp("due") / "many.theralog") as casebook:
        yield casebook


@given(RECORDED, DAYS)
def test_the_facts_of_one_patient_are_those_found_for_all(many, recorded, today):
    with many.step("Fill") as step:
        patient = patients.save(step, Patient(code=f"P-{new_id()}"))
        # Straight into the tables, whatever the rules: what counts is that both read the same.
        for number, each in enumerate(dict.fromkeys(recorded), start=1):
            if not isinstance(each, tuple):
                rows.put(step, replace(each, patient_id=patient.id))
                continue
            on, nuclide = each
            cycle = rows.put(step, Cycle(patient_id=patient.id, number=number, given_on=on))
            if nuclide:
                rows.put(step, Administration(cycle_id=cycle.id, number=1, nuclide=nuclide))
    records = load(many, patient.id)
    assert (facts_of_patient(records, today),) == facts_of_patients(many, today, [patient.id])
