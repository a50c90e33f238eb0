"""What the figures of a cohort draw: the values, and their numbers as tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from model.cohort import frames
from model.cohort.figures.ki67 import ki67
from model.cohort.figures.spaghetti import spaghetti
from model.cohort.figures.swimmer import Order, swimmer
from model.cohort.figures.table import FigureTable, csv_of, tab_separated
from model.cohort.figures.toxicity_bars import toxicity_bars
from model.cohort.figures.waterfall import waterfall
from model.cohort.frames import Frames
from model.cohort.groups import group_of
from model.cohort.labels import title_of
from model.cohort.options import Denominator, EventScope, Options, Phase, ToxicityRows
from model.cohort.survival import estimate_survival
from model.cohort.toxicity import count_phase
from model.dates import PartialDate
from model.records import (
    assessments,
    biopsies,
    cycles,
    labs,
    patients,
    toxicities,
    whole_patient,
)
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.biopsies import Biopsy
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.labs import LabResult, with_canonical
from model.records.patients import Patient
from model.records.toxicities import Toxicity
from model.rounding import decimals
from model.store.casebook import Casebook

FIRST = date(2024, 3, 4)
NUCLIDES = {"225Ac": "MBq", "177Lu": "GBq"}
Add = Callable[..., Any]


def on(days: int) -> date:
    return FIRST + timedelta(days=days)


@pytest.fixture
def add(casebook: Casebook) -> Add:
    """Save a record in a step of its own."""

    def add(module: Any, record: Any, *more: Any, by: str = "save") -> Any:
        with casebook.step("Add") as step:
            return getattr(module, by)(step, record, *more)

    return add


@pytest.fixture
def treat(add: Add) -> Add:
    """A patient with a cycle of these nuclides on each of these days."""

    def treat(code: str, *days: int, nuclides: tuple[str, ...] = ("225Ac",)) -> int:
        patient = add(patients, Patient(code=code))
        for number, day in enumerate(days, start=1):
            given = [
                Administration(number=place, nuclide=nuclide, unit=NUCLIDES[nuclide])
                for place, nuclide in enumerate(nuclides, start=1)
            ]
            add(cycles, Cycle(patient_id=patient.id, number=number, given_on=on(day)), given)
        return int(patient.id)

    return treat


@pytest.fixture
def see(add: Add) -> Add:
    """A follow-up on a day."""

    def see(patient_id: int, day: int, status: str = "alive") -> None:
        seen = FollowUp(patient_id=patient_id, seen_on=on(day), status=status)
        add(whole_patient, seen, by="save_follow_up")

    return see


@pytest.fixture
def read(add: Add) -> Add:
    """An assessment on a day."""

    def read(patient_id: int, day: int, **fields: Any) -> None:
        add(assessments, Assessment(patient_id=patient_id, assessed_on=on(day), **fields))

    return read


@pytest.fixture
def loaded(casebook: Casebook) -> Callable[[], Frames]:
    """The frames of the casebook as it is when they are asked for."""
    return lambda: frames.load(casebook)


# Numbers


def test_no_cell_of_the_numbers_runs_as_a_formula() -> None:
    numbers = FigureTable(("code", "value"), [("=1+1", -1.5), ("@a", None), ("b", float("nan"))])
    rows = list(csv.reader(io.StringIO(csv_of(numbers))))
    assert rows == [["code", "value"], ["'=1+1", "-1.5"], ["'@a", ""], ["b", ""]]


def test_numbers_on_the_clipboard_keep_their_cells() -> None:
    text = tab_separated(FigureTable(("code", "what"), [("P\t1", "two\nlines")]))
    assert text == "code\twhat\nP 1\ttwo lines"


# Swimmer


def test_a_lane_has_cycles_responses_and_its_end_in_days_since_t0(
    treat: Add, see: Add, read: Add, loaded: Callable[[], Frames]
) -> None:
    patient = treat("P-1", 0, 56, nuclides=("225Ac", "177Lu"))
    read(patient, 0, timepoint="baseline", response="SD")
    read(patient, 90, timepoint="post_cycle", modality="CT", response="PR")
    see(patient, 300, "dead")
    [lane] = swimmer(loaded()).lanes
    assert [(given.day, given.nuclides) for given in lane.cycles] == [
        (0, ("225Ac", "177Lu")),
        (56, ("225Ac", "177Lu")),
    ]
    assert [(one.day, one.response, one.what) for one in lane.responses] == [
        (90, "PR", "post cycle, CT")
    ]
    assert (lane.last_day, lane.status, lane.best, lane.end) == (300, "dead", "PR", 300)


def test_lanes_stand_in_the_order_that_is_asked_for(
    treat: Add, see: Add, read: Add, loaded: Callable[[], Frames]
) -> None:
    for code, days, seen, response in (
        ("P-1", (0,), 100, "PD"),
        ("P-2", (0, 56, 112), 200, "CR"),
        ("P-3", (0, 56), 300, ""),
    ):
        patient = treat(code, *days)
        see(patient, seen)
        if response:
            read(patient, 60, response=response)
    orders = {order: [lane.code[-1] for lane in swimmer(loaded(), order).lanes] for order in Order}
    assert orders == {
        Order.FOLLOW_UP: ["3", "2", "1"],
        Order.CYCLES: ["2", "3", "1"],
        Order.RESPONSE: ["2", "1", "3"],
        Order.CODE: ["1", "2", "3"],
    }


def test_a_patient_without_t0_is_named_and_not_drawn(
    treat: Add, loaded: Callable[[], Frames]
) -> None:
    treat("P-1", 0)
    treat("P-2")
    shown = swimmer(loaded())
    assert [lane.code for lane in shown.lanes] == ["P-1"]
    assert [code for _, code in shown.without] == ["P-2"]
    assert shown.numbers().rows[-1][:4] == ("P-2", None, None, "T0 not known")


def test_a_lane_without_follow_up_ends_with_what_is_known(
    treat: Add, loaded: Callable[[], Frames]
) -> None:
    treat("P-1", 0, 60)
    [lane] = swimmer(loaded()).lanes
    assert (lane.last_day, lane.end, lane.status) == (60, 60, "unknown")


# Waterfall


def test_the_best_change_is_the_smallest_sum_after_the_first_cycle_against_the_last_before_it(
    treat: Add, read: Add, loaded: Callable[[], Frames]
) -> None:
    patient = treat("P-1", 0)
    for day, size in ((-60, 90), (-7, 100), (60, 65), (120, 80)):
        read(patient, day, sum_of_diameters_mm=size)
    [fall] = waterfall(loaded()).bars
    assert (fall.change, fall.baseline_mm, fall.smallest_mm, fall.day) == (-35.0, 100, 65, 60)


def test_a_best_change_is_not_rounded_before_it_is_printed(
    treat: Add, read: Add, loaded: Callable[[], Frames]
) -> None:
    patient = treat("P-1", 0)
    read(patient, -7, sum_of_diameters_mm=100.1)
    read(patient, 60, sum_of_diameters_mm=50.0)
    [fall] = waterfall(loaded()).bars
    # -50.04995: rounded to -50.0500 first, it would be printed as -50.1.
    assert decimals(fall.change, 1) == "-50.0"


def test_the_best_change_ends_with_progression(
    treat: Add, read: Add, loaded: Callable[[], Frames]
) -> None:
    patient = treat("P-1", 0)
    for day, size, response in ((-7, 100, None), (60, 90, "SD"), (120, 130, "PD"), (200, 40, "PR")):
        read(patient, day, sum_of_diameters_mm=size, response=response)
    [fall] = waterfall(loaded()).bars
    assert (fall.change, fall.smallest_mm, fall.best) == (-10.0, 90, "SD")


def test_a_sum_that_only_grows_is_a_bar_above_zero_and_bars_fall_to_the_right(
    treat: Add, read: Add, loaded: Callable[[], Frames]
) -> None:
    for code, last in (("P-1", 50), ("P-2", 130), ("P-3", 100)):
        patient = treat(code, 0)
        read(patient, -7, sum_of_diameters_mm=100)
        read(patient, 60, sum_of_diameters_mm=last)
    falls = waterfall(loaded()).bars
    assert [(fall.code, fall.change) for fall in falls] == [
        ("P-2", 30.0),
        ("P-3", 0.0),
        ("P-1", -50.0),
    ]


def test_a_treated_patient_without_sums_is_named_with_the_reason(
    treat: Add, read: Add, loaded: Callable[[], Frames]
) -> None:
    treat("P-1", 0)
    read(treat("P-2", 0), -7, sum_of_diameters_mm=100)
    read(treat("P-3", 0), 60, sum_of_diameters_mm=100)
    treat("P-4")
    without = waterfall(loaded()).without
    assert [each.code for each in without] == ["P-1", "P-2", "P-3"]
    assert len({each.why for each in without}) == 3


# Toxicity


def test_each_patient_counts_once_in_a_term_by_the_worst_grade(
    treat: Add, add: Add, loaded: Callable[[], Frames]
) -> None:
    one, other = treat("P-1", 0), treat("P-2", 0)
    for patient, term, grade, phase in (
        (one, "Anemia", 1, "acute"),
        (one, "Anemia", 3, "long_term"),
        (other, "Nausea", 2, "acute"),
        (one, "Nausea", 1, "acute"),
    ):
        add(
            toxicities,
            Toxicity(
                patient_id=patient,
                term=term,
                ctcae_version="5.0",
                grade=grade,
                phase=phase,
                onset_on=PartialDate.of(on(10)),
            ),
        )
    bars = {bar.term: bar for bar in toxicity_bars(loaded()).bars}
    assert list(bars) == ["Nausea", "Anemia"]
    assert bars["Anemia"].counts == (1, 0, 0, 1, 0, 0)
    assert bars["Anemia"].severe == (one,)
    assert bars["Nausea"].patients[2] == (other,)
    [acute] = [bar for bar in toxicity_bars(loaded(), "acute").bars if bar.term == "Anemia"]
    assert acute.counts == (1, 1, 0, 0, 0, 0)
    anemia = toxicity_bars(loaded()).numbers().rows[1]
    assert anemia == ("Anemia", "all", 1, 0, 0, 1, 0, 0, 1, 50.0, 1, 50.0, 2)


def test_other_specify_is_named_by_what_was_specified_and_counted_by_its_term(
    treat: Add, add: Add, loaded: Callable[[], Frames]
) -> None:
    term = "Hepatobiliary disorders - Other, specify"
    a, b = treat("A", 0), treat("B", 0)
    for patient, verbatim in ((a, "liver impairment"), (b, "Liver impairment"), (b, "biloma")):
        event = Toxicity(
            patient_id=patient,
            term=term,
            verbatim=verbatim,
            ctcae_version="5.0",
            grade=2,
            onset_on=PartialDate.of(on(9)),
        )
        add(toxicities, event)
    [bar] = toxicity_bars(loaded()).bars
    assert (bar.term, bar.name) == (term, "Biloma, liver impairment")
    assert bar.reason(a) == "Liver impairment grade 2, 13 Mar 2024"
    lines = [line for line in count_phase(loaded(), Phase.ALL) if line.measure == term]
    titles = [title_of(line) for line in lines if line.grade == "2"]
    assert titles == ["Biloma, liver impairment, grade 2"]


def test_a_segment_says_what_makes_each_patient_belong_to_it(
    treat: Add, add: Add, loaded: Callable[[], Frames]
) -> None:
    a, b = treat("A", 0), treat("B", 0)
    for patient, term, grade, day in (
        (a, "Anemia", 1, 5),
        (a, "Anemia", 3, 9),
        (a, "Nausea", 2, 7),
        (b, "Anemia", 2, 8),
    ):
        event = Toxicity(
            patient_id=patient,
            term=term,
            ctcae_version="5.0",
            grade=grade,
            onset_on=PartialDate.of(on(day)),
        )
        add(toxicities, event)
    [anemia] = [bar for bar in toxicity_bars(loaded()).bars if bar.term == "Anemia"]
    assert anemia.reason(a) == "Anemia grade 1, 9 Mar 2024; Anemia grade 3, 13 Mar 2024"
    assert anemia.reason(b) == "Anemia grade 2, 12 Mar 2024"


def test_a_curve_says_what_each_patient_brings_to_it(
    treat: Add, see: Add, loaded: Callable[[], Frames]
) -> None:
    a, b = treat("A", 0), treat("B", 0)
    see(a, 61, "dead")
    see(b, 31)
    found = estimate_survival(loaded())
    assert found.why(a) == "event after 2.0 months, 4 May 2024"
    assert found.why(b) == "censored after 1.0 months, 4 Apr 2024"
    assert [(each.code, each.had_event) for each in found.people({a: "A", b: "B"})] == [
        ("A", True),
        ("B", False),
    ]


def test_toxicity_bars_count_as_the_options_have_it(
    add: Add, treat: Add, loaded: Callable[[], Frames]
) -> None:
    one, untreated = treat("P-1", 0), treat("P-2")
    liver = ("Alanine aminotransferase increased", "Aspartate aminotransferase increased")
    for patient, term, grade in ((one, liver[0], 1), (one, liver[1], 3), (untreated, liver[0], 2)):
        event = Toxicity(
            patient_id=patient,
            term=term,
            ctcae_version="5.0",
            grade=grade,
            onset_on=PartialDate.of(on(10)),
        )
        add(toxicities, event)
    group = group_of(liver[0])
    assert group
    assert group == group_of(liver[1])
    grouped = toxicity_bars(loaded(), None, Options(by=ToxicityRows.GROUP))
    assert [(bar.term, bar.counts) for bar in grouped.bars] == [(group, (0, 0, 0, 1, 0, 0))]
    everyone = Options(denominator=Denominator.ALL, events=EventScope.RECORDED)
    first = toxicity_bars(loaded(), None, everyone).bars[0]
    assert (first.term, first.counts, first.of) == (liver[0], (0, 1, 1, 0, 0, 0), 2)
    basis = toxicity_bars(loaded(), None, everyone).basis
    assert basis == "2 patients, treated or not, by worst grade"


# Ki-67


def test_diagnosis_stands_against_the_latest_biopsy_before_treatment(
    treat: Add, add: Add, loaded: Callable[[], Frames]
) -> None:
    patient = treat("P-1", 0)
    for taken, event, grade, percent in (
        (PartialDate(2019), "diagnosis", "NET G2", 12.0),
        (PartialDate.of(on(-20)), "rebiopsy", "NET G3", 40.0),
        (PartialDate.of(on(90)), "rebiopsy", "NEC", 80.0),
    ):
        add(
            biopsies,
            Biopsy(
                patient_id=patient,
                taken_on=taken,
                event=event,
                who_grade=grade,
                ki67_percent=percent,
            ),
        )
    treat("P-2", 0)
    shown = ki67(loaded())
    [pair] = shown.pairs
    assert (pair.first.ki67, pair.first.grade) == (12.0, "NET G2")
    assert (pair.last.ki67, pair.last.grade, pair.is_one) == (40.0, "NET G3", False)
    assert [code for _, code in shown.without] == ["P-2"]


def test_one_biopsy_is_said_to_be_one(treat: Add, add: Add, loaded: Callable[[], Frames]) -> None:
    patient = treat("P-1", 0)
    add(biopsies, Biopsy(patient_id=patient, event="diagnosis", ki67_percent=30))
    [pair] = ki67(loaded()).pairs
    assert pair.is_one
    assert pair.first is pair.last


# Spaghetti


def results(add: Add, patient: int, **values: float) -> None:
    """Platelets on days: `d7=120` on day 7, `m7` on the seventh before."""
    for day, value in values.items():
        sign = -1 if day[0] == "m" else 1
        add(
            labs,
            with_canonical(
                LabResult(
                    patient_id=patient,
                    taken_on=on(sign * int(day[1:])),
                    analyte="plt",
                    value=Decimal(str(value)),
                    unit="10*9/L",
                    lln=Decimal(150),
                    uln=Decimal(400),
                )
            ),
        )


def test_courses_run_from_before_a_cycle_to_the_day_of_the_next(
    treat: Add, add: Add, loaded: Callable[[], Frames]
) -> None:
    patient = treat("P-1", 0, 56)
    results(add, patient, m20=1, m7=200, d0=210, d28=90, d50=150, d56=160, d80=99, d150=2)
    drawn = spaghetti(loaded(), "plt")
    courses = {
        strand.cycle: list(
            zip(
                drawn.days[strand.start : strand.end].tolist(),
                drawn.values[strand.start : strand.end].tolist(),
                strict=True,
            )
        )
        for strand in drawn.strands
    }
    assert courses == {
        1: [(-7, 200), (0, 210), (28, 90), (50, 150), (56, 160)],
        2: [(-6, 150), (0, 160), (24, 99)],
    }
    assert np.flatnonzero(np.isnan(drawn.days)).tolist() == [5]
    assert (drawn.low, drawn.high) == (150, 400)
    assert drawn.numbers().rows[0] == ("P-1", 1, -7, "plt", "", 200.0, drawn.unit)
    assert [strand.cycle for strand in spaghetti(loaded(), "plt", 2).strands] == [2]


def test_the_median_is_of_weeks_in_which_at_least_half_of_the_courses_were_measured(
    treat: Add, add: Add, loaded: Callable[[], Frames]
) -> None:
    for number, value in enumerate((100, 200, 300, 400), start=1):
        patient = treat(f"P-{number}", 0)
        results(add, patient, d7=value, d21=50 if number < 3 else value)
        if number == 1:
            results(add, patient, d35=10)
    drawn = spaghetti(loaded(), "plt")
    assert drawn.median_days.tolist() == [4, 18]
    assert drawn.median_values.tolist() == [250, 175]


def test_an_analyte_without_results_has_no_course(treat: Add, loaded: Callable[[], Frames]) -> None:
    treat("P-1", 0)
    drawn = spaghetti(loaded(), "hb")
    assert drawn.strands == ()
    assert drawn.days.size == drawn.median_days.size == 0
    assert (drawn.low, drawn.high) == (None, None)


def test_an_empty_casebook_has_nothing_to_draw(loaded: Callable[[], Frames]) -> None:
    empty = loaded()
    assert swimmer(empty).lanes == ()
    assert waterfall(empty).bars == ()
    assert toxicity_bars(empty).bars == ()
    assert ki67(empty).pairs == ()
    assert spaghetti(empty, "plt").strands == ()
