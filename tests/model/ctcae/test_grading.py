import csv
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from model.ctcae.cut_offs import cut_offs
from model.ctcae.grading import grade


def graded(analyte, value, unit, version="5.0", direction=None, term=None, **limits):
    """The one grading of a result, or the one in a direction or by a term."""
    found = grade(analyte, value, unit, version=version, **limits)
    [grading] = [g for g in found if direction in (None, g.direction) and term in (None, g.term)]
    return grading


def test_neutrophils_of_0_8_are_grade_3_in_version_5_and_grade_2_in_version_6():
    assert graded("ANC", "0.8", "10*9/L", lln="1.5").grade == 3
    assert graded("ANC", "0.8", "10*9/L", "6.0", "L", lln="1.5").grade == 2


def test_the_reason_says_it_in_numbers():
    assert graded("plt", "48", "G/l", lln=150).reason == "48 < 50 ×10⁹/L"
    assert graded("plt", "140", "G/l", lln="150").reason == "140 < LLN 150 ×10⁹/L"
    assert graded("plt", "150", "G/l", lln="150").reason == "150 is not < LLN 150 ×10⁹/L"
    assert graded("aptt", "60", "s", uln="37").reason == "60 > 1.5 × ULN 37 s"


def test_a_missing_limit_leaves_absolute_cut_offs_and_never_gives_0():
    assert graded("hb", "9", "g/dL", direction="L").grade == 2
    unlimited = graded("hb", "12", "g/dL", direction="L")
    assert (unlimited.grade, unlimited.reason) == (None, "cannot grade: no LLN")
    assert graded("ldh", "100", "U/L").grade is None
    assert graded("anc", "3", "10*9/L", "6.0", "L").grade == 0
    assert graded("wbc", "12", "10*9/L", direction="H").grade == 0


@pytest.mark.parametrize("bad", ["x", "-1", "3,5", "<4"])
def test_an_unreadable_limit_is_as_good_as_none(bad):
    assert graded("hb", "9", "g/dL", direction="L", lln=bad).grade == 2
    assert graded("hb", "12", "g/dL", direction="L", lln=bad).reason == (
        f"cannot grade: LLN '{bad}' is not a usable number"
    )


def test_an_upper_limit_of_zero_is_no_limit():
    assert graded("alt", "30", "U/L", uln="0").grade is None


@pytest.mark.parametrize(
    ("value", "unit", "level"),
    [("8.0", "mg/dL", 1), ("7.99", "mg/dL", 2), ("2.0", "mmol/L", 1), ("1.996", "mmol/L", 2)],
)
def test_calcium_is_graded_by_the_cut_off_in_its_own_unit(value, unit, level):
    # 8.0 mg/dL would be 1.996 mmol/L.
    assert graded("ca_corr", value, unit, direction="L", lln="9").grade == level


def test_total_calcium_is_graded_as_read_and_says_so():
    found = graded("ca", "7.5", "mg/dL", direction="L", lln="8.6")
    assert found.grade == 2
    assert "total calcium not corrected for albumin" in found.reason


def test_a_unit_without_a_cut_off_of_its_own_is_converted():
    found = graded("ca_ion", "4", "mg/dL", direction="L", lln="4.5")
    assert found.grade == 2
    assert found.reason == "4 mg/dL = 0.998 mmol/L < 1 mmol/L"
    assert graded("k", "5.6", "mEq/L", direction="H", uln="5").grade == 2
    assert graded("gluc", "0.54", "g/L", direction="L").grade == 2
    assert graded("uprot24", "3500", "mg/24h", uln="150").grade == 3
    assert graded("plt", "44", "/nL").grade == 3


def test_haemoglobin_in_mmol_per_litre_rises_by_grams():
    assert graded("hb", "11.2412", "mmol/L", direction="H", uln="10").grade == 1
    assert graded("hb", "11.24121", "mmol/L", direction="H", uln="10").grade == 2


def test_an_unknown_unit_cannot_be_graded():
    found = grade("hb", "9", "G/L", version="5.0", lln="12")
    assert [(g.term, g.grade) for g in found] == [("Anemia", None), ("Hemoglobin increased", None)]
    assert found[0].reason == "cannot grade: unknown unit 'G/L' for Haemoglobin"
    assert graded("k", "3", "", direction="L").reason == "cannot grade: no unit"


def test_an_unknown_analyte_or_one_without_a_term_gives_one_answer_without_a_term():
    for analyte, reason in [
        ("XYZ", "unknown analyte 'XYZ'"),
        ("Granulocytes", "unknown analyte 'Granulocytes'"),
        ("", "no analyte"),
        ("cga", "CTCAE 5.0 has no term for a single result of Chromogranin A"),
        ("hba1c", "CTCAE 5.0 has no term for a single result of HbA1c"),
    ]:
        [found] = grade(analyte, "1", "ug/L", version="5.0")
        assert (found.term, found.direction, found.grade) == ("", "", None)
        assert found.reason == reason


@pytest.mark.parametrize(
    ("value", "why"),
    [("", "no value"), (None, "no value"), (float("nan"), "no value"), ("x", "'x' is not a number"),
     ("1,234", "“1,234” can mean 1.234 or 1234: write one of these"),
     ("3,5", "'3,5' is not a number"), ("inf", "'inf' is not a number"),
     ("1_0", "'1_0' is not a number"), ("٣", "'٣' is not a number"),
     ("1e999", "'1e999' is not a number"), ("-3", "a value cannot be negative"),
     ("< x", "'x' is not a number"), ("9" * 80, f"'{'9' * 80}' is not a number")],
)  # fmt: skip
def test_what_is_no_result_is_not_graded(value, why):
    found = graded("plt", value, "G/l", lln="150")
    assert (found.grade, found.reason) == (None, f"cannot grade: {why}")


@pytest.mark.parametrize("value", ["44", 44, 44.0, Decimal("44"), " 44 ", "4.4e1", "+44", "44."])
def test_a_number_may_come_in_any_type(value):
    assert graded("plt", value, "G/l").grade == 3


def test_an_implausible_value_is_graded_and_flagged():
    found = graded("hb", "13", "g/L", direction="L")
    assert found.grade == 3
    assert found.reason.endswith("check the unit: 13 g/L is implausible")


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "limits", "note"),
    [
        ("plt", "45000", "10*9/L", {"lln": "150"}, "check the unit: 45000 ×10⁹/L is implausible"),
        ("plt", ">45000", "10*9/L", {}, "check the unit: >45000 ×10⁹/L is implausible"),
        ("wbc", "3500", "/uL", {"lln": "4.000"}, "check the limits: LLN 4.000 /µL is implausible"),
        ("crea", "0.9", "mg/dL", {"uln": "106"}, "check the limits: ULN 106 mg/dL is implausible"),
    ],
)
def test_what_is_implausible_is_named_unless_it_is_confirmed(analyte, value, unit, limits, note):
    for line in grade(analyte, value, unit, version="5.0", **limits):
        assert line.reason.endswith(f"; {note}")
    for line in grade(analyte, value, unit, version="5.0", confirmed=True, **limits):
        assert "implausible" not in line.reason


def test_limits_that_contradict_each_other_are_flagged():
    found = graded("plt", "140", "G/l", lln="150", uln="15")
    assert found.grade == 1
    assert found.reason.endswith("check the limits: LLN 150 is above ULN 15")


@pytest.mark.parametrize(
    ("written", "level"),
    [("<5", 4), ("<25", 4), ("<=25", None), ("≤24.9", 4), ("<50", None), ("<400", None),
     (">150", 0), (">=150", 0), (">149", None), (">50", None), ("> 75", None)],
)  # fmt: skip
def test_a_value_with_a_comparator_is_graded_only_when_it_is_certain(written, level):
    assert graded("plt", written, "G/l", lln="150").grade == level


def test_a_comparator_that_spans_grades_says_which():
    assert (
        graded("plt", "<50", "G/l").reason == "cannot grade: <50 may be anything from grade 3 to 4"
    )
    assert graded("bili", ">20", "mg/dL", uln="1.2").grade == 4
    assert graded("bili", "<0.2", "mg/dL", uln="1.2").grade == 0
    assert graded("ph", "<7.0", "", direction="L").grade == 3


@pytest.mark.parametrize(
    ("version", "base", "flag", "level"),
    [("5.0", "60", "", 2), ("5.0", "60", "high", 2), ("5.0", "30", "", 3), ("5.0", "", "", 3),
     ("5.0", "30", "normal", 3), ("5.0", "60", "normal", 3), ("5.0", "", "high", None),
     ("5.0", "60", "abnormal", None), ("6.0", "60", "", 3), ("6.0", "30", "", 3),
     ("6.0", "60", "HIGH", 3), ("6.0", "100", "high", 2), ("6.0", "5", "low", 3),
     ("5.0", "5", "low", 3), ("5.0", "5", "", 3), ("6.0", "5", "", 3), ("5.0", "x", "", None)],
)  # fmt: skip
def test_alt_is_graded_by_a_baseline_that_was_above_normal(version, base, flag, level):
    value = {"60": "201", "100": "200"}.get(base, "210")
    found = graded("alt", value, "U/L", version, lln="7", uln="40", baseline_value=base,
                   baseline_flag=flag)  # fmt: skip
    assert found.grade == level, found


@pytest.mark.parametrize("version", ["5.0", "6.0"])
@pytest.mark.parametrize("flag", ["", "low"])
@pytest.mark.parametrize(
    ("analyte", "value", "unit", "lln", "uln", "base"),
    [("bili", "0.7", "mg/dL", "0.3", "1.2", "0.2"), ("bili", "1.01", "mg/dL", "0.3", "1.2", "0.1"),
     ("alt", "30", "U/L", "7", "45", "5"), ("ast", "34", "U/L", "10", "40", "6"),
     ("ggt", "38", "U/L", "8", "60", "7"), ("alp", "100", "U/L", "35", "105", "30")],
)  # fmt: skip
def test_a_normal_result_after_a_low_baseline_is_not_toxic(
    analyte, value, unit, lln, uln, base, flag, version
):
    found = graded(analyte, value, unit, version, lln=lln, uln=uln, baseline_value=base,
                   baseline_flag=flag)  # fmt: skip
    assert found.grade == 0, found


def test_without_a_baseline_the_limits_decide_and_the_reason_says_so():
    found = graded("alt", "50", "U/L", uln="40")
    assert (found.grade, found.reason) == (
        1,
        "50 > ULN 40 U/L; no baseline: graded against ULN",
    )


def test_a_high_baseline_needs_no_limit_when_it_is_flagged():
    assert graded("alt", "120", "U/L", baseline_value="60", baseline_flag="high").grade == 1
    assert graded("alt", "120", "U/L", baseline_value="60").reason == "cannot grade: no ULN"


def test_the_baseline_sample_is_graded_against_its_limits_not_itself():
    limits = {"uln": "40", "baseline_value": "100", "baseline_flag": "high"}
    assert graded("alt", "100", "U/L", "6.0", **limits).reason.startswith("100 ≥ baseline 100")
    own = graded("alt", "210", "U/L", "6.0", is_baseline=True, **limits)
    assert (own.grade, own.reason) == (
        3,
        "210 > 5 × ULN 40 U/L; baseline sample: graded against its limits",
    )
    assert graded("alp", "300", "U/L", "6.0", uln="130", is_baseline=True).grade == 1
    assert graded("eos", "2", "G/l", "6.0", uln="0.5", is_baseline=True).grade == 1


def test_creatinine_takes_the_worse_of_limits_and_baseline_in_version_5():
    assert graded("crea", "1.0", "mg/dL", uln="1.1", baseline_value="0.6").grade == 2
    assert graded("crea", "1.0", "mg/dL", uln="1.1", baseline_value="0.9").grade == 0
    assert graded("crea", "1.0", "mg/dL", uln="1.1").grade == 0
    assert graded("crea", "7", "mg/dL", uln="1.1", baseline_value="1").grade == 4


def test_creatinine_in_version_6_looks_at_the_baseline_only_when_it_was_low():
    limits = {"lln": "0.5", "uln": "1.1"}
    assert graded("crea", "1.0", "mg/dL", "6.0", baseline_value="0.6", **limits).grade == 0
    assert graded("crea", "1.0", "mg/dL", "6.0", baseline_value="0.4", **limits).grade == 2
    assert graded("crea", "1.3", "mg/dL", "6.0", baseline_value="0.4", **limits).grade == 3
    assert graded("crea", "1.0", "mg/dL", "6.0", baseline_flag="low", **limits).grade is None
    unknown = graded("crea", "1.0", "mg/dL", "6.0", uln="1.1", baseline_value="0.4")
    assert unknown.reason == "cannot grade: no LLN"


def test_a_grade_that_holds_by_baseline_stands_without_the_limit_and_says_what_is_open():
    found = graded("crea", "2", "mg/dL", baseline_value="1")
    assert found.grade == 2
    assert found.could_raise == "a higher grade cannot be ruled out: no ULN"
    assert graded("crea", "1", "mg/dL", baseline_value="1").grade is None


def test_both_conditions_of_alp_in_version_6_must_hold():
    assert graded("alp", "700", "U/L", "6.0", uln="130", baseline_value="100").grade == 1
    assert graded("alp", "200", "U/L", "6.0", uln="130", baseline_value="250").grade == 0
    assert graded("alp", "120", "U/L", "6.0", uln="130").grade == 0
    assert graded("alp", "200", "U/L", "6.0", uln="130").grade is None
    assert graded("alp", "90", "U/L", "6.0", baseline_value="100").grade is None


def test_fibrinogen_falls_by_limit_by_baseline_or_outright():
    def fib(value, **limits):
        return graded("fib", value, "g/L", **limits).grade

    assert fib("1.6", lln="2") == 1
    assert fib("1.6", lln="2", baseline_value="3.2") == 3
    assert fib("1.6", lln="2", baseline_value="6.4") == 4
    assert fib("2.1", lln="2", baseline_value="9") == 0
    assert fib("0.49") == 4
    assert fib("0.5") is None
    assert graded("fib", "49", "mg/dL").grade == 4


@pytest.mark.parametrize(
    ("value", "fasting", "level"),
    [("300", None, 3), ("501", "N", 4), ("120", "Y", 1), ("120", "N", 0), ("120", None, None),
     ("90", None, 0), ("161", True, 2), ("161", False, 0), ("161", "", None), ("99", "yes", 0)],
)  # fmt: skip
def test_glucose_in_version_6(value, fasting, level):
    found = graded("gluc", value, "mg/dL", "6.0", "H", uln="99", fasting=fasting)
    assert found.grade == level, found


def test_what_has_no_numeric_cut_off_cannot_be_graded():
    for version, analyte, count in [("5.0", "phos", 2), ("6.0", "phos", 2)]:
        found = grade(analyte, "1", "mg/dL", version=version, lln="2.5", uln="4.5")
        assert [g.grade for g in found] == [None] * count
    assert "no numeric cut-off" in graded("gluc", "300", "mg/dL", direction="H").reason


def test_inr_is_graded_by_baseline_only_on_anticoagulation():
    assert graded("inr", "2.6", "", baseline_value="2.5").grade == 3
    assert graded("inr", "2.6", "", baseline_value="2.5", anticoagulated=True).grade == 1
    assert graded("inr", "2.6", "", anticoagulated=True).grade is None


@pytest.mark.parametrize(
    ("value", "level"), [("9.9", None), ("10", 3), ("25", 3), ("25.5", 2), ("49", 2), ("49.5", 0)]
)
def test_creatinine_clearance_in_version_6(value, level):
    term = "Creatinine clearance decreased"
    assert graded("crcl", value, "mL/min", "6.0", term=term).grade == level


@pytest.mark.parametrize(
    ("version", "value", "level"),
    [("5.0", "130", 1), ("5.0", "129.5", 1), ("5.0", "129", 2), ("5.0", "124.5", 2),
     ("5.0", "124", 3), ("5.0", "119", 4), ("6.0", "129.5", 2), ("6.0", "125", 2),
     ("6.0", "124.9", 3)],
)  # fmt: skip
def test_sodium_between_whole_numbers(version, value, level):
    assert graded("na", value, "mmol/L", version, "L", lln="136").grade == level


@pytest.mark.parametrize(
    ("analyte", "version", "value", "level"),
    [("alc", "6.0", "0.1", 1), ("alc", "6.0", "1.0", 0), ("alc", "5.0", "0.1", 4)],
)
def test_lymphopenia_has_only_grade_1_in_version_6(analyte, version, value, level):
    assert graded(analyte, value, "10*9/L", version, "L", lln="1.0").grade == level


def test_what_a_number_cannot_show_is_named():
    low = graded("k", "3.2", "mmol/L", direction="L", lln="3.5")
    assert low.grade == 1
    assert low.could_raise.startswith("grade 2 if there are symptoms or it needs treatment")
    assert graded("lipase", "200", "U/L", direction="H", uln="60").could_raise == (
        "grade 3 if there are signs or symptoms"
    )
    assert graded("hb", "9", "g/dL", direction="L").could_raise == (
        "grade 3 if a transfusion is needed; grade 4 if life is at risk"
    )
    assert graded("k", "4", "mmol/L", direction="L", lln="3.5").could_raise is None


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "limits", "level"),
    [("bili", "0.3", "mg/dL", {"uln": "0.2"}, 1), ("ldh", "3.6", "U/L", {"uln": "3.6"}, 0),
     ("alt", "3.6", "U/L", {"uln": "1.2"}, 1),
     ("alt", "3.6000000000000005", "U/L", {"uln": "1.2"}, 2),
     ("hb", "79.99999999999999", "g/L", {}, 3), ("hb", "80", "g/L", {}, 2),
     ("crea", "0.33", "mg/dL", {"uln": "0.22"}, 1), ("ggt", "2.75", "U/L", {"uln": "1.1"}, 1)],
)  # fmt: skip
def test_boundaries_survive_floating_point(analyte, value, unit, limits, level):
    assert grade(analyte, value, unit, version="5.0", **limits)[0].grade == level


def test_a_version_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no CTCAE version"):
        grade("hb", "9", "g/dL", version="5")


def test_bands_of_grades_lie_against_each_other_in_the_written_unit():
    assert cut_offs("plt", "10*9/L", "5.0", "L", lln=150) == [
        (1, 75, 150), (2, 50, 75), (3, 25, 50), (4, None, 25)
    ]  # fmt: skip
    assert cut_offs("plt", "/mm3", "6.0", "L") == [
        (2, 50000, 75000), (3, 10000, 50000), (4, None, 10000)
    ]  # fmt: skip
    assert cut_offs("alt", "U/L", "5.0", "H", uln=40) == [
        (1, 40, 120), (2, 120, 200), (3, 200, 800), (4, 800, None)
    ]  # fmt: skip
    assert cut_offs("alt", "U/L", "6.0", "H", uln=40, baseline=60)[0] == (1, 60, 90)
    assert cut_offs("crcl", "mL/min", "6.0", "L") == [(2, 30, 60), (3, 15, 30), (4, None, 15)]
    assert cut_offs("egfr", "mL/min/1.73m2", "5.0", "L", lln=90) == [
        (1, 59, 90), (2, 29, 59), (3, 15, 29), (4, None, 15)
    ]  # fmt: skip
    assert cut_offs("gluc", "mg/dL", "6.0", "H", uln=99)[0] == (1, 99, 160)
    assert cut_offs("wbc", "10*9/L", "5.0", "H") == [(3, 100, None)]
    assert cut_offs("k", "mmol/L", "5.0", "L", lln="3.5") == [
        (1, 3, 3.5), (3, 2.5, 3), (4, None, 2.5)
    ]  # fmt: skip
    assert cut_offs("plt", "g/L", "5.0", "L") == cut_offs("x", "", "5.0", "L") == []


def test_bands_agree_with_the_grades_inside_them():
    for analyte, unit in [("plt", "10*9/L"), ("hb", "g/L"), ("na", "mmol/L"), ("crea", "mg/dL")]:
        for direction in "LH":
            for level, low, high in cut_offs(analyte, unit, "5.0", direction, lln=140, uln=150):
                inside = ((low or 0) + (high or 2 * low)) / 2
                found = graded(analyte, inside, unit, direction=direction, lln=140, uln=150)
                assert found.grade == level


def demo(name):
    text = (Path(__file__).parents[2] / "files" / "demo_v1" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def worst_treatment_emergent_grades(version):
    """By patient and term, the worst grade after the first administration above the baseline's."""
    labs = demo("labs.csv")
    started = defaultdict(lambda: "9999")
    for row in demo("administrations.csv"):
        started[row["patient_id"]] = min(started[row["patient_id"]], row["date"])
    baselines = {(r["patient_id"], r["analyte"]): r for r in labs if r["visit"] == "baseline"}
    worst = Counter()
    for row in labs:
        patient, analyte = place = row["patient_id"], row["analyte"]
        if row["date"] < started[patient]:
            continue
        limits = {"version": version, "lln": row["lln"], "uln": row["uln"]}
        base = baselines[place]
        before = {
            g.term: g.grade
            for g in grade(analyte, base["value"], base["unit"], is_baseline=True, **limits)
        }
        for found in grade(
            analyte, row["value"], row["unit"], baseline_value=base["value"], **limits
        ):
            if found.grade and found.grade > (before[found.term] or 0):
                worst[patient, found.term] = max(worst[patient, found.term], found.grade)
    return worst


def test_the_demo_cohort_graded_against_baseline_gives_its_coded_long_term_toxicities():
    coded = Counter()
    for row in demo("toxicities.csv"):
        if row["phase"] == "long_term":
            # The study reported its patients' bilirubin as liver impairment.
            is_liver = row["verbatim"] == "liver impairment"
            term = "Blood bilirubin increased" if is_liver else row["ctcae_term"]
            place = row["patient_id"], term
            coded[place] = max(coded[place], int(row["grade"]))
    found = worst_treatment_emergent_grades("5.0")
    assert found == coded
    assert ("SYN-013", "Anemia") not in found
    assert found["SYN-007", "Neutrophil count decreased"] == 3


def test_the_same_cohort_has_a_milder_neutropenia_in_version_6():
    assert worst_treatment_emergent_grades("6.0")["SYN-007", "Neutrophil count decreased"] == 2


@pytest.mark.parametrize("name", ["Fasting glucose", "1558-6", "Glicemia a digiuno", "14771-0"])
def test_a_name_or_code_that_says_fasting_makes_the_sample_a_fasting_one(name):
    unit = "mmol/L" if name == "14771-0" else "mg/dL"
    value = "9.0" if unit == "mmol/L" else "161"
    uln = "5.5" if unit == "mmol/L" else "99"
    assert graded(name, value, unit, "6.0", "H", uln=uln).grade == 2
    assert graded(name, value, unit, "6.0", "H", uln=uln, fasting="N").grade == 0
    assert graded("gluc", value, unit, "6.0", "H", uln=uln).grade is None


def test_thousands_per_millilitre_are_a_thousandth_of_those_per_microlitre():
    assert graded("plt", "49999", "10*3/mL", "5.0", "L", lln="150000").grade == 3
    assert graded("plt", "50000", "x10^3/mL", "5.0", "L", lln="150000").grade == 2
    assert graded("anc", "499", "K/mL", "5.0", "L", lln="1500").grade == 4


def test_the_baseline_of_a_term_that_needs_a_rise_is_not_toxic_even_without_limits():
    alp = graded("alp", "300", "U/L", "6.0", "H", is_baseline=True)
    assert (alp.grade, alp.reason) == (0, "the baseline sample is not compared with itself")
    assert graded("eos", "0.9", "G/L", "5.0", "H", is_baseline=True).grade == 0
    assert graded("alp", "300", "U/L", "6.0", "H", baseline_value="200").grade is None
    limits = {"uln": "130", "is_baseline": True}
    assert graded("alp", "300", "U/L", "6.0", "H", **limits).grade == 1
    assert graded("alp", "120", "U/L", "6.0", "H", **limits).grade == 0


@pytest.mark.parametrize(
    ("value", "baseline", "anticoagulated", "level", "could_raise"),
    [
        ("2.6", "2.4", True, 1, "grade 2 if the dose had to be changed"),
        ("2.6", "2.4", "Y", 1, "grade 2 if the dose had to be changed"),
        ("2.6", "2.4", "n", 3, None),
        ("2.6", "2.4", None, 3, None),
        ("2.6", "2.4", "perhaps", 1, "grade 3 if not on anticoagulation"),
        ("1.9", "0.7", "perhaps", 2, "grade 3 if on anticoagulation"),
        ("6", "2.0", "perhaps", 3, None),
        ("1.1", "1.0", "perhaps", None, None),
        ("2.6", "", "perhaps", None, None),
        ("1.0", "1.0", "perhaps", 0, None),
    ],
)  # fmt: skip
def test_inr_is_graded_by_its_baseline_on_anticoagulation(
    value, baseline, anticoagulated, level, could_raise
):
    found = graded("inr", value, "", baseline_value=baseline, anticoagulated=anticoagulated)
    assert found.grade == level, found
    assert (could_raise or "") in (found.could_raise or "")


def test_a_reason_names_anticoagulation_that_is_not_known():
    def reason(state):
        return graded("inr", "2.6", "", baseline_value="2.4", anticoagulated=state).reason

    assert reason(True) == "2.6 > baseline 2.4; on anticoagulation"
    assert "anticoag" not in reason(False)
    assert reason(None).endswith("anticoagulation is not recorded: graded as without it")
    assert reason("perhaps").endswith("not known whether on anticoagulation that day")
    unknown = graded("inr", "1.1", "", baseline_value="1.0", anticoagulated="perhaps").reason
    assert unknown == (
        "cannot grade: not known whether on anticoagulation that day"
        " (with it grade 1, without it grade 0)"
    )


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "limits", "level", "at_most"),
    [
        ("plt", "92", "G/l", {}, None, 1),
        ("plt", "92", "G/l", {"lln": "150"}, 1, 1),
        ("plt", "200", "G/l", {}, None, 1),
        ("plt", "60", "G/l", {}, 2, 2),
        ("plt", ">90", "G/l", {"lln": "150"}, None, 1),
        ("plt", ">60", "G/l", {"lln": "150"}, None, 2),
        ("alt", "92", "U/L", {}, None, 4),
        ("alt", "x", "U/L", {"uln": "40"}, None, None),
        ("plt", "92", "furlong", {"lln": "150"}, None, None),
    ],
)
def test_the_highest_grade_that_is_possible_is_known_without_a_limit(
    analyte, value, unit, limits, level, at_most
):
    found = graded(analyte, value, unit, **limits)
    assert (found.grade, found.at_most) == (level, at_most)
