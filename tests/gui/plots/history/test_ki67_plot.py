"""The marks of Ki-67 over time, and the tool tips of the therapies."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from gui.plots.history.ki67_plot import Ki67Plot
from gui.plots.history.therapy_timeline import TherapyTimelinePlot
from gui.style import theme
from model.course.therapy_lines import build_timeline
from model.dates import PartialDate
from model.records.administrations import Administration
from model.records.biopsies import Biopsy
from model.records.cycles import Cycle, Treatment
from model.records.therapies import Therapy
from tests.patient_records import make_records

C1 = date(2023, 7, 31)


def biopsy(day: str | None, grade: str | None, ki67: float | None) -> Biopsy:
    taken_on = PartialDate.parse(day) if day else None
    return Biopsy(patient_id=1, taken_on=taken_on, who_grade=grade, ki67_percent=ki67)


@pytest.fixture
def shown(light):
    held = []

    def show(plot):
        held.append(plot)
        plot.resize(460, 220)
        plot.show()
        light.processEvents()
        plot.grab()
        return plot

    yield show
    for plot in held:
        plot.close()
        plot.deleteLater()


def tip_at(plot, where: QPoint) -> str:
    QToolTip.hideText()
    event = QHelpEvent(QEvent.Type.ToolTip, where, plot.mapToGlobal(where))
    QApplication.sendEvent(plot, event)
    return QToolTip.text()


def test_each_mark_has_its_grade_and_what_is_known_of_its_date(shown):
    plot = shown(Ki67Plot())
    plot.show_biopsies(
        [
            biopsy("2023-06-05", "NET G3", 34),
            biopsy("2021", None, 12.5),
            biopsy("2022-04", "NEC", 80),
        ],
        C1,
    )
    labels = [point.label for point in plot.points]
    assert labels == ["no grade · 12.5 % · about 2021", "NEC · 80 % · about Apr 2022", "G3 · 34 %"]


@pytest.mark.parametrize("width", [260, 400, 700])
@pytest.mark.parametrize(
    "biopsies",
    [
        [("2021-03", "NET G2", 12), ("2022", "NET G2", 34), ("2023-06", "NET G3", 34)],
        [
            ("2021-03", "NET G2", 12),
            ("2022", "NET G2", 34),
            ("2023-06-05", "NET G3", 34),
            ("2023-06-05", "NET G2", 8),
        ],
    ],
)
def test_labels_hide_neither_one_another_nor_the_marks(shown, width, biopsies):
    plot = shown(Ki67Plot())
    plot.resize(width, 180)
    plot.show_biopsies([biopsy(*each) for each in biopsies], C1)
    plot.grab()
    tips = {point.tip for point in plot.points}
    rects = [area.rect for area in plot.marks.tip_areas if area.tip in tips]
    labels = rects[len(biopsies) :]
    assert len(labels) == len(biopsies)
    dots = [plot.position_of(point.middle, point.ki67) for point in plot.points]
    for number, label in enumerate(labels):
        assert not any(label.intersects(other) for other in labels[number + 1 :])
        assert not any(label.contains(dot) for dot in dots)
        assert plot.rect().toRectF().contains(label)


def test_a_tool_tip_shows_the_whole_biopsy_and_the_first_cycle(shown):
    plot = shown(Ki67Plot())
    plot.show_biopsies([biopsy("2021-03-10", "NET G2", 12), biopsy("2023-06-05", "NET G3", 34)], C1)
    plot.grab()
    centres = {area.tip: area.rect.center().toPoint() for area in plot.marks.tip_areas}
    tip = next(text for text in centres if text.startswith("NET G3"))
    assert tip_at(plot, centres[tip]) == tip
    assert tip_at(plot, centres["first cycle, 31 Jul 2023"]) == "first cycle, 31 Jul 2023"


@pytest.mark.parametrize("ki67", [0.0, 3.0, 100.0])
def test_extremes_stay_within_the_frame(shown, ki67):
    plot = shown(Ki67Plot())
    plot.show_biopsies([biopsy("2021-03-10", "NET G2", ki67)], None)
    frame = plot.box.geometry()
    assert frame.top() <= plot.position_of(0, ki67).y() <= frame.bottom()
    assert plot.position_of(0, 20).y() < plot.position_of(0, 3).y()


def test_both_plots_take_the_colours_of_the_theme(shown, light):
    plot = shown(Ki67Plot())
    plot.show_biopsies([biopsy("2021-03-10", "NET G2", 12)], None)
    before = plot.grab().toImage().pixelColor(60, 30)
    theme.apply(light, theme.Scheme.DARK)
    after = plot.grab().toImage().pixelColor(60, 30)
    theme.apply(light, theme.Scheme.LIGHT)
    assert before.lightness() > 200 > 80 > after.lightness()


def test_the_tool_tip_of_a_row_describes_its_therapy(shown):
    plot = shown(TherapyTimelinePlot())
    lines = [
        Therapy(
            patient_id=1,
            number=1,
            category="ssa",
            started_on=PartialDate(2021),
            ended_on=PartialDate(2022, 3, 1),
            best_response="SD",
            reason_stopped="progression",
        ),
        Therapy(patient_id=1, number=2, category="surgery", description="Hemicolectomy"),
    ]
    given = Administration(number=1, nuclide="225Ac", unit="MBq", administered_mbq=6)
    cycle = Treatment(Cycle(patient_id=1, number=1, given_on=C1), (given,))
    plot.show_timeline(build_timeline(make_records(therapies=lines, treatments=[cycle])))
    plot.grab()
    tip = "1 SSA, 2021 – 1 Mar 2022, best response SD, stopped: progression"
    assert tip_at(plot.rows, QPoint(30, 10)) == tip
    assert tip_at(plot.rows, QPoint(30, 40 + 22 + 10)) == "2 Hemicolectomy, no dates"
    where = plot.strip.tip_areas[0].rect.center().toPoint()
    assert tip_at(plot.strip, where) == "C1 · 6 MBq\n31 Jul 2023"


def test_without_any_date_there_is_no_axis(shown):
    plot = shown(TherapyTimelinePlot())
    plot.show_timeline(
        build_timeline(make_records(therapies=[Therapy(patient_id=1, number=1, category="ssa")]))
    )
    assert not plot.axis.isVisible()
    assert not plot.strip.isVisible()
    assert plot.rows.isVisible()
