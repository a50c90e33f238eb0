"""The formulas of derived values: check values, edges and how they move with what they take."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.derived import formulas as derived

CREATININE = st.floats(0.2, 15)
AGES = st.integers(18, 100)
SEXES = st.sampled_from(["F", "M"])
WEIGHTS = st.floats(35, 160)


@pytest.mark.parametrize(
    ("creatinine", "age", "sex", "expected"), [(1.0, 58, "F", 65.30), (1.2, 60, "M", 69.23)]
)
def test_egfr_has_its_check_values(creatinine: float, age: int, sex: str, expected: float) -> None:
    assert derived.egfr(creatinine, age, sex) == pytest.approx(expected, abs=0.005)


def test_creatinine_clearance_has_its_check_value() -> None:
    assert derived.creatinine_clearance(1.0, 58, "F", 70) == pytest.approx(67.76, abs=0.005)
    assert derived.creatinine_clearance(1.0, 58, "M", 70) == pytest.approx(67.76 / 0.85, abs=0.01)


def test_body_surface_has_its_check_value() -> None:
    assert derived.body_surface(170, 70) == pytest.approx(1.818, abs=0.0005)


def test_albi_has_its_check_value() -> None:
    assert derived.albi(20, 35) == pytest.approx(-2.116, abs=0.0005)


def test_ratios_divide_by_lymphocytes() -> None:
    assert derived.ratio(3.6, 1.2) == pytest.approx(3.0)
    assert derived.ratio(240, 1.2) == pytest.approx(200)


@pytest.mark.parametrize(("sex", "kappa", "factor"), [("F", 0.7, 1.012), ("M", 0.9, 1.0)])
def test_at_kappa_egfr_depends_on_age_alone(sex: str, kappa: float, factor: float) -> None:
    assert derived.egfr(kappa, 50, sex) == pytest.approx(142 * 0.9938**50 * factor)


@pytest.mark.parametrize(("sex", "kappa"), [("F", 0.7), ("M", 0.9)])
def test_egfr_has_no_step_at_kappa(sex: str, kappa: float) -> None:
    below, above = (derived.egfr(kappa + step, 50, sex) for step in (-1e-9, 1e-9))
    assert below == pytest.approx(above, rel=1e-7)


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        (-3.0, 1),
        (-2.60, 1),
        (math.nextafter(-2.60, 0), 2),
        (-1.39, 2),
        (math.nextafter(-1.39, 0), 3),
        (-1.0, 3),
    ],
)
def test_albi_grades_hold_up_to_their_cut_offs(score: float, grade: int) -> None:
    assert derived.albi_grade(score) == grade


@given(low=CREATININE, more=st.floats(0.01, 5), age=AGES, sex=SEXES, weight=WEIGHTS)
def test_more_creatinine_means_less_filtration(
    low: float, more: float, age: int, sex: str, weight: float
) -> None:
    assert derived.egfr(low + more, age, sex) < derived.egfr(low, age, sex)
    clearance = derived.creatinine_clearance
    assert clearance(low + more, age, sex, weight) < clearance(low, age, sex, weight)


@given(creatinine=CREATININE, age=AGES, sex=SEXES, weight=WEIGHTS)
def test_a_year_more_means_less_filtration(
    creatinine: float, age: int, sex: str, weight: float
) -> None:
    assert derived.egfr(creatinine, age + 1, sex) < derived.egfr(creatinine, age, sex)
    clearance = derived.creatinine_clearance
    older, younger = (clearance(creatinine, years, sex, weight) for years in (age + 1, age))
    assert older < younger


@given(bilirubin=st.floats(1, 800), albumin=st.floats(10, 60), more=st.floats(0.1, 20))
def test_albi_worsens_with_bilirubin_and_with_less_albumin(
    bilirubin: float, albumin: float, more: float
) -> None:
    score = derived.albi(bilirubin, albumin)
    assert derived.albi(bilirubin + more, albumin) > score
    assert derived.albi(bilirubin, albumin + more) < score
    assert derived.albi_grade(derived.albi(bilirubin + more, albumin)) >= derived.albi_grade(score)
