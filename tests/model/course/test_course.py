from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from model.course import course
from model.course.course import Course
from model.course.grades import PointGrades, grade_bands
from model.dates import PartialDate
from model.grading import proposals
from model.records import cycles, labs, patients, unit_system, whole_patient
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.cycles import Cycle, Treatment
from model.records.followups import FollowUp
from model.records.labs import LabResult, with_canonical
from model.records.patient_records import load
from model.records.patients import Identity, Patient
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity
from model.records.unit_system import UnitSystem
from model.store.casebook import Casebook
from tests.patient_records import make_records

C1, C2 = date(2023, 7, 31), date(2023, 9, 25)


def treatment(number: int, given_on: date, *given: Administration) -> Treatment:
    return Treatment(Cycle(patient_id=1, number=number, given_on=given_on), given)


def result(on: date, value: str, analyte: str = "plt", unit: str | None = "10*9/L", **more: Any):
    made = LabResult(
        patient_id=1, taken_on=on, analyte=analyte, value=Decimal(value), unit=unit, **more
    )
    return with_canonical(made)


def therapy(number: int, **more: Any) -> Therapy:
    return Therapy(patient_id=1, number=number, category="ssa", **more)


def toxicity(**more: Any) -> Toxicity:
    values: dict[str, Any] = {"term": "Anemia", "ctcae_version": "5.0", "grade": 2}
    return Toxicity(patient_id=1, **(values | more))


CYCLES = [treatment(1, C1), treatment(2, C2)]


def told(**records: Any) -> Course:
    """The course that these records tell; two cycles unless others are given."""
    given = {
        "treatments": CYCLES,
        "results": [],
        "sex": "F",
    }
    return course.build_course(make_records(**(given | records)))


@pytest.mark.parametrize(
    ("on", "since"),
    [
        (C1 - timedelta(days=3), "3 days before C1"),
        (C1, "day of C1"),
        (C1 + timedelta(days=1), "1 day since C1"),
        (C2 - timedelta(days=1), "55 days since C1"),
        (C2, "day of C2"),
        (C2 + timedelta(days=42), "42 days since C2"),
    ],
)
def test_each_result_counts_its_days_from_the_last_cycle(on: date, since: str) -> None:
    (point,) = told(results=[result(on, "150")]).trend("plt").points
    assert str(point.since) == since


def test_without_a_cycle_no_days_are_counted() -> None:
    (point,) = told(treatments=[], results=[result(C1, "150")]).trend("plt").points
    assert point.since == (None, None)
    assert str(point.since) == ""


def test_results_in_one_unit_stay_in_it_digit_for_digit() -> None:
    trend = told(results=[result(C1, "128", "hb", "g/L"), result(C2, "90.0", "hb", "g/l")]).trend(
        "hb"
    )
    assert trend.unit == "g/L"
    assert [trend.value_text(point) for point in trend.points] == ["128 g/L", "90.0 g/L"]


def test_results_in_several_units_share_the_canonical_one() -> None:
    trend = told(results=[result(C1, "128", "hb", "g/L"), result(C2, "9.1", "hb", "g/dL")]).trend(
        "hb"
    )
    assert trend.unit == "g/dL"
    assert [point.value for point in trend.points] == pytest.approx([12.8, 9.1])
    assert [trend.value_text(point) for point in trend.points] == ["12.8 g/dL", "9.1 g/dL"]
    assert [point.written for point in trend.points] == ["128 g/L", "9.1 g/dL"]


def test_limits_are_converted_with_their_results() -> None:
    limits = {"lln": Decimal(120), "uln": Decimal(160)}
    trend = told(
        results=[
            result(C1, "128", "hb", "g/L", **limits),
            result(C2, "9.1", "hb", "g/dL", lln=Decimal(12), uln=Decimal(16)),
        ]
    ).trend("hb")
    (limits_from,) = trend.limits
    assert limits_from[0] == C1
    assert limits_from[1] == pytest.approx(12.0)
    assert limits_from[2] == pytest.approx(16.0)
    assert not trend.assumed


def test_a_result_in_an_unknown_unit_is_counted_and_not_drawn() -> None:
    trend = told(results=[result(C1, "150"), result(C2, "90", unit="furlongs")]).trend("plt")
    assert len(trend.points) == 1
    assert trend.not_drawn == 1


def test_a_pure_number_needs_no_unit() -> None:
    trend = told(results=[result(C1, "1.1", "inr", None)]).trend("inr")
    assert trend.not_drawn == 0
    assert trend.value_text(trend.points[0]) == "1.1"


def test_an_analyte_that_is_not_known_is_drawn_as_it_was_written() -> None:
    trend = told(
        results=[
            result(C1, "3", "Neurokinin", "pmol/L"),
            result(C2, "4", "Neurokinin", "pmol/L"),
            result(C2 + timedelta(days=1), "5", "Neurokinin", "ng/L"),
        ]
    ).trend("Neurokinin")
    assert (trend.name, trend.unit, trend.not_drawn) == ("Neurokinin", "pmol/L", 1)
    assert [point.value for point in trend.points] == [3, 4]


def test_limits_change_where_others_were_recorded() -> None:
    trend = told(
        results=[
            result(C1, "150", lln=Decimal(150), uln=Decimal(400)),
            result(C1 + timedelta(days=7), "150", lln=Decimal("150.0"), uln=Decimal(400)),
            result(C1 + timedelta(days=14), "140"),
            result(C2, "130", lln=Decimal(140), uln=None),
        ]
    ).trend("plt")
    assert trend.limits == ((C1, 150, 400), (C2, 140, None))


@pytest.mark.parametrize(("sex", "lower"), [("F", 12.0), ("M", 13.5)])
def test_customary_limits_serve_where_none_are_recorded_and_say_so(sex: str, lower: float) -> None:
    trend = told(sex=sex, results=[result(C1, "11", "hb", "g/dL")]).trend("hb")
    assert trend.assumed
    assert trend.limits[0].lower == pytest.approx(lower)


@pytest.mark.parametrize("sex", [None, "X"])
def test_customary_limits_are_not_assumed_for_an_unknown_sex(sex: str | None) -> None:
    trend = told(sex=sex, results=[result(C1, "11", "hb", "g/dL")]).trend("hb")
    assert trend.limits == ()
    assert not trend.assumed


def test_comparators_and_the_time_of_day_are_kept() -> None:
    (point,) = (
        told(results=[result(C1, "20", comparator="<", taken_at=time(18, 0))]).trend("plt").points
    )
    assert (point.comparator, point.written) == ("<", "<20 10*9/L")
    assert point.day == C1.toordinal() + 0.75


def test_nothing_with_a_date_gives_no_axis() -> None:
    empty = told(treatments=[], therapies=[therapy(1, description="Lanreotide")])
    assert empty.span is None
    assert empty.undated_therapies == ("Lanreotide",)
    assert empty.trend("hb").points == ()


def test_a_toxicity_that_goes_on_reaches_to_the_last_contact() -> None:
    seen = [FollowUp(patient_id=1, seen_on=date(2024, 5, 1), status="alive")]
    events = [
        toxicity(onset_on=PartialDate.of(C1)),
        toxicity(onset_on=PartialDate.of(C2), outcome="recovered"),
    ]
    going_on, recovered = told(toxicities=events, follow_ups=seen).toxicities
    assert going_on.ongoing
    assert going_on.ended == PartialDate(2024, 5, 1)
    assert not recovered.ongoing
    assert recovered.ended is None
    assert recovered.when == "25 Sep 2023 – end not known"


def test_a_toxicity_without_dates_is_named_apart() -> None:
    assert told(toxicities=[toxicity()]).undated_toxicities == ("Anemia 2",)


def test_partial_dates_of_therapies_stay_partial() -> None:
    (bar,) = told(therapies=[therapy(1, started_on=PartialDate(2021), ongoing=True)]).therapies
    assert bar.began == PartialDate(2021)
    assert bar.when == "2021 – ongoing"
    assert bar.label == "SSA"


def given(nuclide: str, unit: str, mbq: float | None) -> Administration:
    return Administration(number=1, nuclide=nuclide, unit=unit, administered_mbq=mbq)


@pytest.mark.parametrize(
    ("administrations", "label"),
    [
        ([given("225Ac", "MBq", 6.0), given("177Lu", "GBq", 4000)], "C1 · 6 MBq + 4 GBq"),
        ([given("225Ac", "MBq", 6.0), given("177Lu", "GBq", None)], "C1 · 6 MBq + 177Lu unknown"),
        ([given("225Ac", "MBq", None), given("177Lu", "GBq", None)], "C1 · activity unknown"),
        ([], "C1 · activity unknown"),
    ],
)
def test_activities_stand_side_by_side_and_are_never_added(
    administrations: list[Administration], label: str
) -> None:
    assert told(treatments=[treatment(1, C1, *administrations)]).cycles[0].label == label


def test_an_assessment_is_called_by_its_response_or_its_timepoint() -> None:
    images = told(
        assessments=[
            Assessment(patient_id=1, assessed_on=C1, timepoint="baseline"),
            Assessment(patient_id=1, assessed_on=C2, timepoint="post_cycle", response="PR"),
        ]
    ).images
    assert [image.label for image in images] == ["baseline", "PR"]


def test_death_is_on_the_course() -> None:
    seen = [FollowUp(patient_id=1, seen_on=date(2024, 5, 1), status="dead")]
    assert told(follow_ups=seen).died_on == date(2024, 5, 1)


def test_the_course_of_a_patient_is_read_from_the_casebook(
    casebook: Casebook, patient: Patient
) -> None:
    assert patient.id is not None
    with casebook.step("Add records") as step:
        cycles.save(
            step,
            Cycle(patient_id=patient.id, number=1, given_on=C1),
            [given("225Ac", "MBq", 6.0)],
        )
        labs.save(
            step,
            LabResult(
                patient_id=patient.id,
                taken_on=C2,
                analyte="plt",
                value=Decimal(48),
                unit="G/l",
            ),
        )
    read = course.build_course(load(casebook, patient.id))
    assert [cycle.label for cycle in read.cycles] == ["C1 · 6 MBq"]
    assert [str(point.since) for point in read.trend("plt").points] == ["56 days since C1"]


def test_derived_values_have_a_trend_beside_the_measured_ones() -> None:
    found = told(
        age_at_index=58,
        results=[
            result(C1 - timedelta(days=3), "1.0", "crea", "mg/dL"),
            result(C1 + timedelta(days=14), "1.5", "crea", "mg/dL"),
        ],
    )
    assert list(found.trends) == ["crea", "egfr"]
    trend = found.trend("egfr")
    assert (trend.name, trend.unit) == ("eGFR CKD-EPI 2021", "mL/min/1.73 m²")
    assert trend.formula.startswith("142 ·")
    first, second = trend.points
    assert first.result is None
    assert trend.value_text(first) == "65.3 mL/min/1.73 m²"
    assert first.written == "from Creatinine 1.0 mg/dL, Age about 58 years, Sex F"
    assert str(second.since) == "14 days since C1"
    assert trend.baseline == first
    assert [nadir.point for nadir in trend.nadirs] == [second]
    assert trend.nadirs[0].grade == 2
    assert [one.text for one in found.derived if one.key == "egfr"] == [f"{second.value:.1f}"]


def test_measured_values_win_over_derived_ones_of_the_same_kind() -> None:
    found = told(
        age_at_index=58,
        results=[
            result(C1, "1.0", "crea", "mg/dL"),
            result(C2, "71", "egfr", "mL/min/1.73m2"),
        ],
    )
    trend = found.trend("egfr")
    assert [point.value for point in trend.points] == [71]
    assert trend.formula == ""
    (derived,) = [one for one in found.derived if one.key == "egfr"]
    assert derived.value is None
    assert derived.why_not == (
        "Not derived, as laboratories report it: 71 mL/min/1.73m2 on 25 Sep 2023."
    )


def test_a_computed_egfr_is_drawn_over_bands_graded_and_proposed() -> None:
    results = [result(C1 - timedelta(days=1), "1.0", "crea", "mg/dL")]
    results += [result(C2, "3.0", "crea", "mg/dL", uln=Decimal(9))]
    records = make_records(
        sex="F", age_at_index=58, ctcae_version="6.0", treatments=CYCLES, results=results
    )
    found = course.build_course(records)
    bands = grade_bands(found.trend("egfr"), "6.0")
    assert {band.grade for band in bands} == {2, 3, 4}
    [proposal] = proposals.propose_grades(records)
    assert (proposal.term, proposal.grade) == ("Chronic kidney disease", 3)
    assert proposal.reason == (
        "17.47 < 30 mL/min/1.73 m²; chronic only if it lasts longer than three months;"
        " computed from creatinine 3.0 mg/dL"
    )
    nadir = found.trend("egfr").nadirs[0]
    assert nadir.grade == 3
    assert PointGrades(found)(nadir.point) == 3


def test_scores_without_criteria_have_no_nadir() -> None:
    found = told(
        results=[
            result(C1 + timedelta(days=7), "20", "bili", "umol/L"),
            result(C1 + timedelta(days=7), "35", "alb", "g/L"),
        ]
    )
    assert [found.trend("albi").value_text(point) for point in found.trend("albi").points] == [
        "-2.12"
    ]
    assert found.trend("albi").nadirs == ()


def test_the_system_of_units_holds_for_all_that_is_drawn() -> None:
    results = [
        result(C1, "12.8", "hb", "g/dL", lln=Decimal(12), uln=Decimal(16)),
        result(C1, "9.0", "ca", "mg/dL"),
        result(C1, "3.5", "alb", "g/dL"),
        result(C2, "91", "hb", "g/L"),
        result(C2, "92", "hb", "furlongs"),
    ]
    found = told(results=results, system=UnitSystem.SI)
    hb = found.trend("hb")
    assert (hb.unit, hb.not_drawn, hb.limits) == ("g/L", 1, ((C1, 120, 160),))
    assert [hb.value_text(point) for point in hb.points] == ["128 g/L", "91 g/L"]
    assert hb.values.tolist() == [128, 91]
    assert found.trend("ca").unit == found.trend("ca_corr").unit == "mmol/L"
    assert found.trend("crea").unit == "µmol/L"
    conventional = told(results=results, system=UnitSystem.CONVENTIONAL)
    assert conventional.trend("ca_corr").unit == "mg/dL"
    assert [point.value for point in conventional.trend("hb").points] == [12.8, 9.1]


def test_calcium_is_corrected_in_the_unit_that_it_was_written_in_last() -> None:
    results = [result(C1, "2.30", "ca", "mmol/L"), result(C1, "35", "alb", "g/L")]
    trend = told(results=results).trend("ca_corr")
    assert [trend.value_text(point) for point in trend.points] == ["2.40 mmol/L"]


def test_intervals_and_cumulative_activity_are_told() -> None:
    found = told(
        treatments=[
            treatment(1, C1, given("225Ac", "MBq", 6.0)),
            treatment(2, C2, given("225Ac", "MBq", None)),
        ]
    )
    assert found.intervals == (56,)
    assert [one.text for one in found.exposure] == ["at least 6 MBq"]


def test_the_worst_grades_are_treatment_emergent() -> None:
    found = told(
        toxicities=[
            toxicity(onset_on=PartialDate.of(C1 - timedelta(days=9))),
            toxicity(onset_on=PartialDate.of(C2), grade=3),
        ]
    )
    assert [(one.toxicity.term, one.toxicity.grade, one.cycle) for one in found.worst] == [
        ("Anemia", 3, 2)
    ]


def test_arrays_hold_what_the_points_say() -> None:
    trend = told(
        results=[result(C1, "150", taken_at=time(12, 0)), result(C2, "90", comparator="<")]
    ).trend("plt")
    assert trend.days.tolist() == [point.day for point in trend.points]
    assert trend.values.tolist() == [point.value for point in trend.points]
    assert trend.points[-1].comparator == "<"
    assert len(trend.points) == len(trend.points[:]) == 2


def test_baselines_are_the_last_values_up_to_the_first_cycle() -> None:
    found = told(results=[result(C1, "150"), result(C2, "90"), result(C2, "12", "hb", "g/dL")])
    baselines = {key: each.baseline for key, each in found.trends.items() if each.baseline}
    assert {key: point.value for key, point in baselines.items()} == {"plt": 150}


def test_age_height_weight_and_units_are_read_from_the_casebook(
    casebook: Casebook, patient: Patient
) -> None:
    assert patient.id is not None
    with casebook.step("Add records") as step:
        patients.save(step, replace(patient, sex="F", height_cm=170.0, ctcae_version="6.0"))
        whole_patient.save_identity(
            step, Identity(patient_id=patient.id, born_on=PartialDate(1965, 3, 1))
        )
        cycles.save(step, Cycle(patient_id=patient.id, number=1, given_on=C1, weight_kg=70.0), [])
        labs.save(step, replace(result(C1, "88.4", "crea", "umol/L"), patient_id=patient.id))
        unit_system.save(step, UnitSystem.CONVENTIONAL)
    read = course.build_course(load(casebook, patient.id))
    assert (read.version, read.system) == ("6.0", UnitSystem.CONVENTIONAL)
    assert {one.key: one.text for one in read.derived if one.value is not None} == {
        "egfr": "65.3",
        "crcl": "67.8",
        "bsa": "1.82",
    }
    assert read.trend("crea").value_text(read.trend("crea").points[0]) == "1.000 mg/dL"
    as_written = course.build_course(load(casebook, patient.id), UnitSystem.AS_RECORDED)
    assert as_written.trend("crea").unit == "µmol/L"
