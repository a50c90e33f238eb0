from datetime import date, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QFont, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from gui.plots.bar_shape import FADE_WIDTH, bar_shape
from gui.plots.course.lane_bars import draw_bars, group_bars, lay_out_bars
from gui.plots.texts import TipArea
from gui.plots.time_scale import TimeScale
from model.course.marks import Bar, covered_days
from model.dates import PartialDate
from tests.gui.plots.svg import Written, overlapping, written

SCALE = TimeScale(date(2021, 1, 1).toordinal(), date(2024, 1, 1).toordinal(), 100, 1095)
START = date(2022, 3, 1)


def x(day: date) -> float:
    return SCALE.x(day.toordinal())


def bar(began: PartialDate | None, ended: PartialDate | None, **more: object) -> Bar:
    values: dict[str, Any] = {"name": "CAPTEM", "began": began, "ended": ended}
    return Bar(**(values | more))


def graded(grade: int, after: int, days: int, name: str = "Anemia") -> Bar:
    first = START + timedelta(days=after)
    last = first + timedelta(days=days)
    return bar(PartialDate.of(first), PartialDate.of(last), name=name, grade=grade)


def test_a_bar_with_whole_dates_has_sharp_ends() -> None:
    shape = bar_shape(bar(PartialDate(2022, 3, 1), PartialDate(2022, 9, 1)), SCALE)
    assert shape.is_sharp
    assert (shape.left, shape.right) == (x(date(2022, 3, 1)), x(date(2022, 9, 1)))


def test_a_year_alone_fades_over_that_year() -> None:
    shape = bar_shape(bar(PartialDate(2022), PartialDate(2023, 6, 1)), SCALE)
    assert (shape.left, shape.solid_left) == (x(date(2022, 1, 1)), x(date(2023, 1, 1)))
    assert not shape.is_sharp


def test_the_same_year_at_both_ends_is_likeliest_in_its_middle() -> None:
    shape = bar_shape(bar(PartialDate(2022), PartialDate(2022)), SCALE)
    assert shape.left < shape.solid_left == shape.solid_right < shape.right


def test_an_end_that_is_not_known_fades_away_shortly() -> None:
    shape = bar_shape(bar(PartialDate(2022, 3, 1), None), SCALE)
    assert shape.right == pytest.approx(shape.solid_right + FADE_WIDTH)
    shape = bar_shape(bar(None, PartialDate(2022, 3, 1)), SCALE)
    assert shape.left == pytest.approx(shape.solid_left - FADE_WIDTH)


@pytest.mark.parametrize("began", [PartialDate(2022), PartialDate(2022, 3, 1), None])
@pytest.mark.parametrize("ended", [PartialDate(2022), PartialDate(2022, 3, 1), None])
def test_every_bar_has_a_body_that_can_be_painted(
    qapp: QApplication, began: PartialDate | None, ended: PartialDate | None
) -> None:
    if began or ended:
        shape = bar_shape(bar(began, ended), SCALE)
        assert shape.left <= shape.solid_left <= shape.right
        assert shape.right - shape.left >= 5
        assert shape.path(0, 16).boundingRect().width() > 0
        shape.brush("#000000")


def test_all_records_of_a_toxicity_share_a_row_and_each_therapy_is_on_its_own(
    qapp: QApplication,
) -> None:
    bars = [graded(2, 0, 20), graded(1, 5, 3, "Nausea"), graded(3, 20, 30), graded(1, 300, 5)]
    assert group_bars(bars) == [(0, 2, 3), (1,)]
    assert lay_out_bars(bars, SCALE, QFont()) == (0, 1, 0, 0)
    same = [bar(PartialDate(2021), PartialDate(2022)), bar(PartialDate(2021), PartialDate(2022))]
    assert group_bars(same) == [(0,), (1,)]


def test_fourteen_records_of_one_term_take_one_row(qapp: QApplication) -> None:
    bars = [graded(1 + number % 3, 20 * number, 10) for number in range(14)]
    assert set(lay_out_bars(bars, SCALE, QFont())) == {0}


def test_labels_behind_short_bars_have_room(qapp: QApplication) -> None:
    bars = [graded(1, 0, 1, "Palmar-plantar erythrodysesthesia syndrome"), graded(1, 60, 3)]
    assert lay_out_bars(bars, SCALE, QFont()) == (0, 1)


def test_what_ended_before_the_axis_takes_no_row(qapp: QApplication) -> None:
    early = [bar(PartialDate(2015 + n), PartialDate(2018), name=f"T{n}") for n in range(3)]
    assert lay_out_bars([*early, bar(PartialDate(2022), PartialDate(2023))], SCALE, QFont()) == (
        *(0, 0, 0, 0),
    )


def drawn(bars: list[Bar], scale: TimeScale) -> tuple[list[Written], list[TipArea]]:
    """The texts of a lane and the tip areas of its bars, as they are drawn."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    painter = QPainter(generator)
    rows = lay_out_bars(bars, scale, QFont("Inter"))
    tip_areas = draw_bars(painter, scale, bars, rows, 0, QFont("Inter"))
    painter.end()
    return written(bytes(buffer.data().data())), tip_areas


days = st.integers(-400, 1500).map(lambda day: START + timedelta(days=day))
names = st.sampled_from(["Anemia", "White blood cell decreased", "Nausea", "Fatigue"])
toxicities = st.builds(
    lambda name, grade, first, length: bar(
        PartialDate.of(first),
        PartialDate.of(first + timedelta(days=length)),
        name=name,
        grade=grade,
    ),
    name=names,
    grade=st.integers(1, 4),
    first=days,
    length=st.integers(0, 300),
)


@given(
    bars=st.lists(toxicities, max_size=14),
    first=st.integers(-300, 300),
    length=st.integers(60, 1500),
)
def test_no_text_of_a_lane_lies_over_another_or_over_another_bar(
    qapp: QApplication, bars: list[Bar], first: int, length: int
) -> None:
    bars.sort(key=covered_days)
    begin = START.toordinal() + first
    texts, tip_areas = drawn(bars, TimeScale(begin, begin + length, 150, 500))
    assert overlapping(texts) == []
    for text in texts:
        over = [area for area in tip_areas if area.rect.contains(text.rect.center())]
        assert all(text.text[:4] in area.tip or text.text.isdigit() for area in over)


@pytest.mark.parametrize("began", [-900, 1200])
def test_a_bar_out_of_sight_explains_nothing_at_the_edge(qapp: QApplication, began: int) -> None:
    """One grade of a toxicity is in sight, the other is not."""
    bars = [graded(1, began, 3), graded(2, 100, 30)]
    _texts, tip_areas = drawn(bars, SCALE)
    assert [area.tip.partition("\n")[0] for area in tip_areas] == ["Anemia 2"]
    assert all(SCALE.left <= area.rect.left() < SCALE.right for area in tip_areas)


def test_grades_are_steps_of_one_row_and_the_name_is_written_once(qapp: QApplication) -> None:
    near = TimeScale(START.toordinal(), START.toordinal() + 300, 150, 500)
    steps = [graded(2, 20, 15), graded(3, 35, 20), graded(1, 150, 14)]
    texts, tip_areas = drawn(steps, near)
    assert [text.text for text in texts] == ["2", "3", "1", "Anemia 1"]
    assert len({area.rect.top() for area in tip_areas}) == 1
    far = TimeScale(START.toordinal() - 200, START.toordinal() + 800, 150, 500)
    texts, _tip_areas = drawn(steps, far)
    assert {text.text for text in texts} == {"2 → 3", "Anemia 1"}


def test_a_toxicity_is_named_wherever_its_row_has_room(qapp: QApplication) -> None:
    """Beside its last grade, or another; before its first; in part."""
    name = "White blood cell decreased"
    begin = START.toordinal()
    near = TimeScale(begin, begin + 300, 150, 500)

    def labels(*bars: Bar) -> list[str]:
        texts, _tip_areas = drawn(list(bars), near)
        return [text.text for text in texts if not text.text.isdigit()]

    assert labels(graded(2, 5, 9, name), graded(3, 60, 9, name)) == [f"{name} 3"]
    assert labels(graded(2, 5, 9, name), graded(3, 280, 9, name)) == [f"{name} 2"]
    assert labels(graded(2, 200, 90, name)) == [f"{name} 2"]
    (part,) = labels(graded(2, 75, 9, name), graded(3, 150, 9, name), graded(1, 230, 20, name))
    assert part.startswith("White")
    assert part.endswith(("… 2", "… 3", "… 1"))
