import math
import random
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.ctcae.criteria import plans
from model.ctcae.grading import grade
from model.ctcae.grading_frame import grade_frame
from model.reference.analytes import ANALYTES

VERSIONS = ("5.0", "6.0")
ODD_UNITS = ["", "g/L", "furlong", "G/l", "U/L"]
ODD_VALUES = [
    "",
    "abc",
    "-1",
    "nan",
    "inf",
    "1e5",
    "3,5",
    "<5",
    ">1000",
    "≥ 20",
    "<=0.5",
    "< x",
    " 7 ",
]
ODD_LIMITS = ["", "", "x", "-3", "0", " 4 "]


def random_rows(seed, count):
    """Results around their limits and cut-offs, often exactly on them, some of them odd."""
    chance = random.Random(seed)
    for _ in range(count):
        analyte = chance.choice(ANALYTES)
        unit = chance.choice([*analyte.units])
        low, high = sorted(
            chance.choice([0.2, 0.3, 1.1, 1.2, 4, 7, 35, 110, 140]) for _ in range(2)
        )
        edges = [float(part.offset) for plan in plans("5.0", analyte.key, unit)
                 for part in plan.comparisons]  # fmt: skip
        edges += [factor * limit for factor in (1, 1.5, 2.5, 3, 5) for limit in (low, high)]
        edge = chance.choice(edges)
        value = chance.choice(
            [f"{edge:.6g}", repr(edge), repr(math.nextafter(edge, 0)),
             repr(math.nextafter(edge, 9e9)),
             f"{edge * chance.uniform(0.2, 3):.4g}", f"<{edge:.3g}", f">{edge:.3g}"]
        )  # fmt: skip
        if chance.random() < 0.03:
            value = chance.choice(ODD_VALUES)
        base = chance.choice(["", "", f"{low * chance.uniform(0.5, 1.2):.3g}", f"{high:.4g}",
                              f"{high * chance.uniform(0.9, 4):.3g}", "0"])  # fmt: skip
        yield {
            "analyte": chance.choice([analyte.key, analyte.name, analyte.key.upper()])
            if chance.random() > 0.01
            else chance.choice(["", "CRP"]),
            "value": value,
            "unit": unit if chance.random() > 0.02 else chance.choice(ODD_UNITS),
            "lln": f"{low:g}" if chance.random() > 0.1 else chance.choice(ODD_LIMITS),
            "uln": f"{high:g}" if chance.random() > 0.1 else chance.choice(ODD_LIMITS),
            "baseline_value": base if chance.random() > 0.02 else "n/a",
            "baseline_flag": chance.choice(["", "", "", "low", "normal", "HIGH", "abnormal"]),
            "fasting": chance.choice(["Y", "no", ""]),
            "is_baseline": chance.random() < 0.1,
            "anticoagulated": chance.choice(["y", "N", "", None, True, False, "perhaps"]),
            "albumin": chance.choice(["", "24", "2.4", "41.5", "<20", "x"]),
            "albumin_unit": chance.choice(["g/L", "g/dL", ""]),
            "confirmed": chance.choice(["", "", "measured twice"]),
        }


def check_that_both_agree(seed, count, versions=VERSIONS):
    rows = list(random_rows(seed, count))
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    for version in versions:
        found = grade_frame(version=version, **columns)
        told = zip(found.row.tolist(), found.term, found.direction, found.grade.tolist(),
                   found.reason, found.could_raise, found.at_most, strict=True)  # fmt: skip
        for number, row in enumerate(rows):
            for alone in grade(**row, version=version):
                level = -1 if alone.grade is None else alone.grade
                expected = (number, alone.term, alone.direction, level, alone.reason,
                            alone.could_raise or "", alone.at_most)  # fmt: skip
                assert next(told) == expected, row
        assert next(told, None) is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_a_frame_is_graded_like_its_single_results(seed):
    check_that_both_agree(seed, 100)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 150))
def test_a_million_random_results_are_graded_like_single_ones(seed):
    check_that_both_agree(seed, 20_000, [VERSIONS[seed % 2]])


def test_an_empty_frame_has_no_gradings():
    found = grade_frame(version="5.0", analyte=[], value=[], unit=[])
    assert found.row.size == found.term.size == found.grade.size == found.reason.size == 0


def test_numbers_may_be_floats_decimals_and_missing():
    found = grade_frame(
        version="5.0",
        analyte=np.array(["plt"] * 4, dtype=object),
        value=np.array([44.0, 150.0, np.nan, 25.0]),
        unit=["G/l"] * 4,
        lln=[150, Decimal("150.0"), None, float("nan")],
    )
    assert found.grade.tolist() == [3, 0, -1, 3]
    assert found.reason[0] == "44.0 < 50 ×10⁹/L"
    assert found.reason[2] == "cannot grade: no value"


def test_gradings_keep_the_order_of_results_and_low_before_high():
    found = grade_frame(
        version="5.0",
        analyte=["wbc", "hb", "wbc"],
        value=["5", "9", "1"],
        unit=["G/l", "g/dL", "G/l"],
    )
    assert found.row.tolist() == [0, 0, 1, 1, 2, 2]
    assert found.direction.tolist() == ["L", "H"] * 3


def test_a_cut_that_a_float_cannot_hold_is_decided_by_the_number_as_written():
    values = ["0.3", "0.30000000000000004", "0.29999999999999999", "0.300000000000000000001"]
    found = grade_frame(
        version="5.0", analyte=["bili"] * 4, value=values, unit=["mg/dL"] * 4, uln=["0.2"] * 4
    )
    assert 1.5 * 0.2 != 0.3
    assert found.grade.tolist() == [1, 2, 1, 2]
    assert [Fraction(value) > Fraction(3, 10) for value in values] == [False, True, False, True]


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="2 are expected"):
        grade_frame(version="5.0", analyte=["hb", "hb"], value=["9"], unit=["g/dL"] * 2)
    with pytest.raises(ValueError, match="2 are expected"):
        grade_frame(
            version="5.0",
            analyte=["hb"] * 2,
            value=["9"] * 2,
            unit=["g/dL"] * 2,
            is_baseline=[True],
        )


def test_a_version_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no CTCAE version"):
        grade_frame(version="4.0", analyte=["hb"], value=["9"], unit=["g/dL"])
