"""What all figures of the cohort can: be pointed at, opened by keys, copied, and said in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.plots import pictures
from gui.plots.cohort.drawing import MARGIN
from gui.plots.cohort.figure import Figure
from gui.plots.cohort.ki67_figure import Ki67Figure
from gui.plots.cohort.survival_figure import SurvivalFigure
from gui.plots.cohort.swimmer_figure import SwimmerFigure
from gui.plots.cohort.toxicity_figure import ToxicityFigure
from gui.plots.cohort.waterfall_figure import WaterfallFigure
from gui.style import theme
from model.cohort.figures.ki67 import Ki67
from model.cohort.figures.swimmer import Swimmer
from model.cohort.figures.toxicity_bars import ToxicityBars
from model.cohort.figures.waterfall import Waterfall
from tests.gui.plots.cohort.conftest import BIG, FIGURES, swimmer_of
from tests.gui.plots.svg import overlapping, words, written

Make = Callable[..., Figure]
SIZES = [(300, 240), (560, 340), (1600, 700)]
every_figure = pytest.mark.parametrize("kind", FIGURES, ids=lambda kind: kind.__name__)


@pytest.fixture
def dark(light: QApplication) -> Iterator[QApplication]:
    theme.apply(light, theme.Scheme.DARK)
    yield light
    theme.apply(light, theme.Scheme.LIGHT)


def press(figure: Figure, key: Qt.Key) -> None:
    QTest.keyClick(figure.view, key)


@every_figure
def test_a_mark_is_chosen_by_arrows_and_opened_with_enter(make: Make, kind: type[Figure]) -> None:
    figure = make(kind)
    opened: list[int] = []
    figure.patient_clicked.connect(opened.append)
    figure.patients_clicked.connect(lambda ids, _words: opened.extend(ids))
    press(figure, Qt.Key.Key_Return)
    assert opened == []
    press(figure, Qt.Key.Key_Right)
    assert figure.chosen_mark is not None
    assert figure.view.accessibleDescription() == figure.chosen_mark.tip
    press(figure, Qt.Key.Key_Enter)
    assert opened
    assert min(opened) >= BIG
    press(figure, Qt.Key.Key_Escape)
    assert figure.chosen_mark is None


@every_figure
def test_arrows_reach_another_mark_and_never_leave_the_figure(
    make: Make, kind: type[Figure]
) -> None:
    figure = make(kind)
    seen = set()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up):
        for _ in range(6):
            press(figure, key)
            assert figure.chosen_mark is not None
            seen.add(figure.chosen_mark.tip)
    assert len(seen) > 2


@every_figure
def test_a_click_on_a_mark_opens_its_patient(make: Make, kind: type[Figure]) -> None:
    figure = make(kind)
    opened: list[object] = []
    figure.patient_clicked.connect(opened.append)
    figure.patients_clicked.connect(lambda ids, _words: opened.append(ids))
    press(figure, Qt.Key.Key_Right)
    mark = figure.chosen_mark
    assert mark is not None
    figure.clear_cursor()
    where = mark.rect.center().toPoint()
    QTest.mouseClick(figure.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert opened == [mark.patients[0] if len(mark.patients) == 1 else mark.patients]
    QTest.mouseClick(figure.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert len(opened) == 1


@every_figure
def test_a_figure_has_a_name_and_a_summary(make: Make, kind: type[Figure]) -> None:
    figure = make(kind)
    assert figure.accessibleName() == figure.view.accessibleName() != ""
    assert figure.headline()
    assert figure.view.accessibleDescription() == figure.headline()


@every_figure
def test_the_numbers_are_a_table_as_wide_as_its_header(make: Make, kind: type[Figure]) -> None:
    figure = make(kind)
    header, rows = figure.numbers()
    assert rows
    assert {len(row) for row in rows} == {len(header)}
    assert len(list(csv.reader(io.StringIO(figure.csv())))) == len(rows) + 1


@every_figure
@pytest.mark.parametrize("size", SIZES)
def test_a_picture_is_light_in_the_dark_at_every_size_and_its_words_are_words(
    make: Make, dark: QApplication, kind: type[Figure], size: tuple[int, int]
) -> None:
    figure = make(kind, size=size)
    before = figure.grab().toImage()
    image = QImage.fromData(pictures.png(figure))
    assert image.pixelColor(2, 2) == QColor(theme.LIGHT.card)
    assert image.dotsPerMeterX() == pytest.approx(300 / 0.0254, abs=1)
    svg = pictures.svg(figure, "Cohort")
    assert QSvgRenderer(svg).isValid()
    assert b"<image" not in svg
    assert b"nan" not in svg
    assert "Cohort" in words(svg)
    assert len(words(svg)) > 5
    assert figure.grab().toImage() == before


@every_figure
@pytest.mark.parametrize("size", SIZES)
def test_no_text_of_a_figure_lies_over_another(
    make: Make, kind: type[Figure], size: tuple[int, int]
) -> None:
    # They are at least two pixels apart.
    assert overlapping(written(pictures.svg(make(kind, size=size))), -2) == []


@every_figure
def test_a_chosen_mark_is_not_in_the_picture(make: Make, kind: type[Figure]) -> None:
    figure = make(kind)
    without = pictures.image(figure, 96)
    press(figure, Qt.Key.Key_Right)
    assert pictures.image(figure, 96) == without


def test_an_empty_figure_shows_the_reason(light: QApplication) -> None:
    said = []
    empty: tuple[tuple[Callable[[], Any], object], ...] = (
        (SwimmerFigure, Swimmer()),
        (WaterfallFigure, Waterfall()),
        (ToxicityFigure, ToxicityBars()),
        (ToxicityFigure, ToxicityBars(of=20, phase="acute")),
        (Ki67Figure, Ki67()),
    )
    for kind, nothing in empty:
        figure = kind()
        figure.show_data(nothing)
        assert figure.is_empty
        said.append(figure.empty_label.text())
        assert figure.view.accessibleDescription() == said[-1]
        figure.deleteLater()
    survival = SurvivalFigure()
    survival.show_curves({})
    assert survival.is_empty
    survival.deleteLater()
    assert len(set(said)) == 5
    assert all(text.endswith(".") for text in said)


def test_more_lanes_than_there_is_room_for_are_scrolled_to_by_keys(make: Make) -> None:
    figure = make(SwimmerFigure)
    assert isinstance(figure, SwimmerFigure)
    figure.show_data(swimmer_of(120))
    QApplication.processEvents()
    assert figure.view.height() > figure.height()
    assert pictures.size(figure).height() > figure.height()
    press(figure, Qt.Key.Key_Down)
    before = figure.view.y()
    for _ in range(60):
        press(figure, Qt.Key.Key_Down)
    assert figure.view.y() < before
    assert figure.chosen_mark is not None
    assert figure.chosen_mark.tip.startswith("P-60")


def test_a_segment_of_several_patients_names_what_it_counts(make: Make) -> None:
    figure = make(ToxicityFigure)
    clicks: list[tuple[object, str, object]] = []
    figure.patients_clicked.connect(lambda *clicked: clicks.append(clicked))
    mark = next(m for m in figure.drawing.marks if m.tip.startswith("Anemia: grade 3 or higher"))
    where = mark.rect.center().toPoint()
    QTest.mouseClick(figure.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert clicks == [((BIG + 6, BIG + 7), "Anemia: grade 3 or higher", mark.why)]
    assert mark.why(BIG + 6) == f"Why {BIG + 6}"
    assert "2 (25 %) of 8" in mark.tip


def test_codes_of_patients_without_a_place_are_below_the_figure(make: Make) -> None:
    for kind, code in ((SwimmerFigure, "P-late"), (WaterfallFigure, "P-9"), (Ki67Figure, "P-5")):
        svg = " ".join(words(pictures.svg(make(kind))))
        assert code in svg


def test_the_word_next_to_the_months_ends_before_the_first_of_them(make: Make) -> None:
    """Codes of one letter leave the least room at the left."""
    figure: Any = make(SwimmerFigure)
    lanes = tuple(replace(lane, code="A") for lane in swimmer_of(3).lanes)
    figure.show_data(Swimmer(lanes=lanes))
    assert "Months" in words(pictures.svg(figure))
    drawing = figure.drawing
    word = drawing.metrics.horizontalAdvance("Months")
    nought = drawing.metrics.horizontalAdvance("0")
    assert MARGIN + word < drawing.months.x(0) - nought / 2


def test_a_picture_that_would_be_too_high_has_fewer_pixels(make: Make) -> None:
    figure: Any = make(SwimmerFigure)
    figure.show_data(swimmer_of(1200))
    dpi = pictures.allowed_dpi(figure)
    assert dpi < pictures.PRINT_DPI
    image = pictures.image(figure)
    assert image.height() <= pictures.MAX_SIDE
    assert image.height() == pytest.approx(pictures.size(figure).height() * dpi / 96, abs=1)
    assert image.dotsPerMeterY() == pytest.approx(dpi / 0.0254, abs=1)
    # The last lane is drawn too: something stands in the lowest tenth.
    low = image.copy(0, image.height() * 9 // 10, image.width(), image.height() // 20)
    shades = {low.pixel(x, y) for x in range(0, low.width(), 7) for y in range(0, low.height(), 5)}
    assert len(shades) > 3


@every_figure
def test_all_of_the_height_is_in_sight_after_each_change_of_size(
    make: Make, kind: type[Figure]
) -> None:
    """A legend that takes a line less leaves more room, which is known while the view resizes."""
    figure = make(kind, size=(340, 400))
    for width in (560, 340, 760, 300):
        figure.resize(width, 400)
        for _ in range(3):
            QApplication.processEvents()
        assert figure.view.viewport().size() == figure.view.size()
        top = figure.view.mapFromScene(figure.drawing.rect.topLeft())
        assert (top.x(), top.y()) == (0, 0)
