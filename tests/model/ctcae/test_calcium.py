"""Total calcium is graded as corrected by the albumin of its sample; ionised calcium never is."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.ctcae.calcium import correct, corrected_calcium, corrected_calcium_si
from model.ctcae.grading import Grading, grade
from model.ctcae.grading_frame import grade_frame


def graded(
    direction: str, value: str, unit: str, albumin: str = "", in_unit: str = "", **more: str
) -> Grading:
    limits = {"lln": "8.6", "uln": "10.2"} if unit == "mg/dL" else {"lln": "2.15", "uln": "2.55"}
    name = more.pop("analyte", "ca")
    limits |= more
    found = grade(
        name,
        value,
        unit,
        version="5.0",
        lln=limits["lln"],
        uln=limits["uln"],
        albumin=albumin,
        albumin_unit=in_unit,
    )
    [line] = [line for line in found if line.direction == direction]
    return line


def test_calcium_is_not_corrected_at_a_normal_albumin() -> None:
    assert corrected_calcium(9.4, 4.0) == 9.4
    assert corrected_calcium_si(2.35, 40) == 2.35


def test_calcium_is_corrected_upwards_where_albumin_is_low() -> None:
    assert corrected_calcium(8.0, 2.5) == pytest.approx(9.2)
    assert corrected_calcium_si(2.00, 25) == pytest.approx(2.30)
    assert corrected_calcium(Fraction("7.8"), Fraction("2.4")) == Fraction("9.08")


@given(calcium=st.floats(5, 15), albumin=st.floats(1, 5.5))
def test_both_forms_of_corrected_calcium_agree_within_their_rounding(
    calcium: float, albumin: float
) -> None:
    in_mmol = corrected_calcium_si(calcium * 0.2495, albumin * 10)
    assert in_mmol == pytest.approx(corrected_calcium(calcium, albumin) * 0.2495, abs=0.002)


@pytest.mark.parametrize(
    ("direction", "value", "unit", "albumin", "in_unit", "level"),
    [
        ("L", "7.8", "mg/dL", "2.4", "g/dL", 0),
        ("L", "7.8", "mg/dL", "24", "g/L", 0),
        ("L", "7.8", "mg/dL", "4.0", "g/dL", 2),
        ("L", "8.7", "mg/dL", "5.2", "g/dL", 2),  # 7.74
        ("H", "10.1", "mg/dL", "2.0", "g/dL", 2),  # 11.70
        ("H", "10.1", "mg/dL", "4.1", "g/dL", 0),
        ("L", "1.95", "mmol/L", "24", "g/L", 0),  # 2.27
        ("L", "1.95", "mmol/L", "2.4", "g/dL", 0),
        ("H", "2.52", "mmol/L", "20", "g/L", 2),  # 2.92
        ("L", "2.04", "mmol/L", "42", "g/L", 1),  # exactly 2.00
        ("L", "2.0399", "mmol/L", "42", "g/L", 2),
        ("L", "7.36", "mg/dL", "3.2", "g/dL", 1),  # exactly 8.00
        ("L", "78", "mg/L", "2.4", "g/dL", 0),
        ("L", "3.9", "mEq/L", "24", "g/L", 0),  # 1.95 mmol/L
    ],
)  # fmt: skip
def test_calcium_is_graded_as_corrected(
    direction: str, value: str, unit: str, albumin: str, in_unit: str, level: int
) -> None:
    limits = {"mg/L": {"lln": "86", "uln": "102"}, "mEq/L": {"lln": "4.3", "uln": "5.1"}}
    found = graded(direction, value, unit, albumin, in_unit, **limits.get(unit, {}))
    assert found.grade == level, found


def test_the_reason_has_both_numbers_and_the_corrected_one() -> None:
    assert graded("H", "10.1", "mg/dL", "2.0", "g/dL").reason == (
        "11.7 > 11.5 mg/dL; calcium 10.1 mg/dL corrected for albumin 2.0 g/dL"
    )


@pytest.mark.parametrize(
    ("albumin", "in_unit"),
    [("", ""), ("", "g/dL"), ("x", "g/dL"), ("<2", "g/dL"), ("2.4", ""), ("2.4", "furlong"),
     ("240", "g/dL"), ("2.4", "g/L"), ("0", "g/dL"), ("-2", "g/dL")],
)  # fmt: skip
def test_without_a_usable_albumin_it_is_graded_as_measured_and_says_so(
    albumin: str, in_unit: str
) -> None:
    found = graded("L", "7.8", "mg/dL", albumin, in_unit)
    assert found.grade == 2
    assert "not corrected for albumin" in found.reason


def test_ionised_calcium_and_a_calcium_that_was_corrected_already_stay_as_they_are() -> None:
    for name, value, unit in (("ca_ion", "0.95", "mmol/L"), ("ca_corr", "7.8", "mg/dL")):
        found = graded("L", value, unit, "2.4", "g/dL", analyte=name)
        assert found == graded("L", value, unit, analyte=name)
        assert found.grade == 2


def test_a_calcium_below_a_number_is_corrected_with_its_sign() -> None:
    corrected = correct("ca", "<6", "mg/dL", "4.5", "g/dL")
    assert corrected is not None
    assert corrected.value == "<5.6"
    assert graded("L", "<6", "mg/dL", "4.5", "g/dL").grade == 4


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ca", "Calcium", "ca_ion", "alb", "plt"]),
            st.sampled_from(["7.8", "2.0", "<6", "10.1", "x", ""]),
            st.sampled_from(["mg/dL", "mmol/L", "furlong"]),
            st.sampled_from(["2.4", "24", "<2", "", "x"]),
            st.sampled_from(["g/dL", "g/L", ""]),
        ),
        max_size=8,
    )
)
def test_a_column_of_calcium_is_graded_like_its_single_results(
    rows: list[tuple[str, str, str, str, str]],
) -> None:
    columns = [[row[i] for row in rows] for i in range(5)]
    found = grade_frame(
        version="5.0", analyte=columns[0], value=columns[1], unit=columns[2],
        lln=["8.6"] * len(rows), albumin=columns[3], albumin_unit=columns[4],
    )  # fmt: skip
    alone = [
        (line.term, -1 if line.grade is None else line.grade, line.reason)
        for name, value, unit, albumin, in_unit in rows
        for line in grade(
            name, value, unit, version="5.0", lln="8.6", albumin=albumin, albumin_unit=in_unit
        )
    ]
    assert [*zip(found.term, found.grade.tolist(), found.reason, strict=True)] == alone
