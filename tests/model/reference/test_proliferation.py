"""Ki-67 is read as pathologists write it; the figure for statistics is within what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import KnownError
from model.records.biopsies import Biopsy, latest_ki67
from model.records.life import Life
from model.reference.proliferation import KI67_CUT_OFFS, Ki67, parse_ki67


@pytest.mark.parametrize(
    ("text", "low", "high", "figure", "written"),
    [
        ("15", 15, 15, 15, None),
        (" 2,5 % ", 2.5, 2.5, 2.5, None),
        ("<2", 0, 1, 1, "<2"),
        ("< 2 %", 0, 1, 1, "<2"),
        ("<3", 0, 2, 2, "<3"),
        ("<1", 0, 0.5, 0.5, "<1"),
        ("<2.5", 0, 2, 2, "<2.5"),
        (">20", 21, 100, 21, ">20"),
        ("> 55%", 56, 100, 56, ">55"),
        ("≤2", 0, 2, 2, "≤2"),
        ("<=2", 0, 2, 2, "≤2"),
        ("≥20", 20, 100, 20, "≥20"),
        ("20-25", 20, 25, 22.5, "20-25"),
        ("30–40 %", 30, 40, 35, "30–40"),
        ("20% - 25%", 20, 25, 22.5, "20-25"),
        ("1 to 2", 1, 2, 1.5, "1to2"),
        ("ca. 20", 20, 20, 20, "~20"),
        ("~20%", 20, 20, 20, "~20"),
        ("100", 100, 100, 100, None),
        (">99", 100, 100, 100, ">99"),
    ],
)
def test_a_ki67_is_read_as_it_is_written(
    text: str, low: float, high: float, figure: float, written: str | None
) -> None:
    assert parse_ki67(text) == Ki67(low, high, figure, written)


@pytest.mark.parametrize(
    "text",
    ["", "high", "25-20", "101", ">100", "<0", "-5", "20-120", "1,234", "1/2", "<>3", "2-3-4"],
)
def test_what_cannot_be_a_ki67_is_refused(text: str) -> None:
    with pytest.raises(KnownError):
        parse_ki67(text)


@given(st.integers(1, 99), st.sampled_from("<>"))
def test_a_bound_is_on_its_side_of_every_cut_off(bound: int, sign: str) -> None:
    reading = parse_ki67(f"{sign}{bound}")
    assert reading.low <= reading.figure <= reading.high
    assert (reading.figure < bound) is (sign == "<")
    assert (reading.figure > bound) is (sign == ">")


@given(st.floats(0, 100))
def test_a_plain_figure_is_kept_to_the_last_digit(figure: float) -> None:
    assert parse_ki67(format(figure, ".400f")).figure == figure


def test_a_biopsy_derives_the_figure_from_what_was_written() -> None:
    biopsy = Biopsy(patient_id=1, ki67_written="30–40 %", ki67_percent=99)
    assert (biopsy.ki67_percent, biopsy.ki67_written, biopsy.ki67_text) == (35, "30–40", "30–40")
    assert Biopsy(patient_id=1, ki67_written="15").ki67_written is None
    assert Biopsy(patient_id=1, ki67_percent=15).ki67_text == "15"
    assert Biopsy(patient_id=1).ki67_text == ""
    assert latest_ki67([biopsy]) == 35
    assert set(Biopsy(patient_id=1, ki67_written="high").problems(Life())) == {"ki67_written"}


@pytest.mark.parametrize(
    ("grade", "written", "fits"),
    [
        ("NET G1", "<2", True),
        ("NET G1", "<3", True),
        ("NET G2", "<3", False),
        ("NET G1", "2-5", True),
        ("NET G2", "2-5", True),
        ("NET G3", "2-5", False),
        ("NET G3", ">20", True),
        ("NET G2", ">20", False),
        ("NET G3", "20-25", True),
        ("NET G2", "20-25", True),
        ("NEC", "<20", False),
        ("NEC", ">55", True),
    ],
)
def test_a_grade_is_judged_by_both_ends(grade: str, written: str, fits: bool) -> None:
    biopsy = Biopsy(patient_id=1, who_grade=grade, ki67_written=written)
    assert (biopsy.grade_conflict == "") is fits
    assert fits or f"Ki-67 {written} %" in biopsy.grade_conflict
    assert KI67_CUT_OFFS == (3, 20)
