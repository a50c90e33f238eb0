import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPdfWriter
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from gui.plots import pictures
from gui.plots.course.background_lines import BackgroundLines
from gui.plots.course.course_plot import CoursePlot
from gui.plots.course.overlay_plot import OverlayPlot
from gui.plots.picture_menu import picture_menu
from gui.style import theme
from gui.widgets.messages import MessageBox, NoticeBar
from model.course.course import Course
from tests.gui.plots.conftest import C1, KEYS

CAPTION = "P-1 · course since the first cycle"


@pytest.fixture
def dark(light: QApplication) -> Iterator[QApplication]:
    theme.apply(light, theme.Scheme.DARK)
    yield light
    theme.apply(light, theme.Scheme.LIGHT)


@pytest.fixture
def menu(plot: CoursePlot) -> QMenu:
    return picture_menu(plot, lambda: plot, lambda: "P/1 course", lambda: CAPTION)


def save_as(monkeypatch: pytest.MonkeyPatch, path: Path | None) -> list[str]:
    """Answer the dialog with a path, or close it; gives back what it offered."""
    offered: list[str] = []

    def ask(_parent: object, _title: str, place: str, _filter: str) -> tuple[str, str]:
        offered.append(place)
        return (str(path) if path else "", "")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    return offered


def words(svg: bytes) -> list[str]:
    root = ElementTree.fromstring(svg)
    return [
        "".join(found.itertext()).strip() for found in root.iter() if found.tag.endswith("text")
    ]


def test_on_paper_colours_are_light_and_no_widget_is_notified(dark: QApplication, qtbot) -> None:
    with qtbot.assertNotEmitted(theme.changes().changed), theme.for_print():
        assert theme.current() is theme.LIGHT
    assert theme.current() is theme.DARK


def test_a_failure_on_paper_gives_the_colours_back(dark: QApplication) -> None:
    with pytest.raises(ZeroDivisionError), theme.for_print():
        _ = 1 / 0
    assert theme.current() is theme.DARK


def test_a_png_has_its_resolution_and_is_light_in_the_dark(
    plot: CoursePlot, dark: QApplication
) -> None:
    image = QImage.fromData(pictures.png(plot, 300))
    assert image.width() == pytest.approx(pictures.size(plot).width() * 300 / 96, abs=1)
    assert image.dotsPerMeterX() == pytest.approx(300 / 0.0254, abs=1)
    assert image.pixelColor(2, 2) == QColor(theme.LIGHT.card)


def test_the_screen_looks_as_before_a_picture_was_made(
    plot: CoursePlot, dark: QApplication
) -> None:
    before = plot.grab().toImage()
    pictures.png(plot, 96)
    dark.processEvents()
    assert plot.grab().toImage() == before


def test_cursor_and_focus_are_not_in_a_picture(plot: CoursePlot, qtbot) -> None:
    plot.view.clearFocus()
    without = pictures.image(plot, 96)
    before = plot.grab().toImage()
    plot.activateWindow()
    plot.view.setFocus()
    qtbot.waitUntil(plot.view.hasFocus)
    plot.set_cursor(C1.toordinal() + 14)
    assert plot.grab().toImage() != before
    assert pictures.image(plot, 96) == without


def test_the_whole_plot_is_drawn_not_only_what_is_in_sight(
    plot: CoursePlot, make_course: Callable[..., Course]
) -> None:
    plot.show_course(make_course(), (*KEYS, "crea", "wbc", "anc", "alt", "ast"))
    QApplication.processEvents()
    assert pictures.size(plot).height() > plot.height()
    names = [panel.trend.name.split(",")[0] for panel in plot.panels if panel.trend]
    assert set(names) <= {word.rstrip(",") for word in words(pictures.svg(plot))}


def test_words_of_an_svg_are_words_in_the_font_of_the_program(plot: CoursePlot) -> None:
    svg = pictures.svg(plot, CAPTION)
    assert {"Haemoglobin", "Platelets", "g/dL", CAPTION} <= set(words(svg))
    assert QApplication.font().family() in svg.decode()
    assert b"<image" not in svg


def test_the_caption_takes_a_line_of_its_own(plot: CoursePlot) -> None:
    assert CAPTION not in words(pictures.svg(plot))
    assert pictures.size(plot, CAPTION).height() > pictures.size(plot).height()


def test_a_picture_fits_into_a_rectangle_of_a_page(plot: CoursePlot, tmp_path: Path) -> None:
    writer = QPdfWriter(str(tmp_path / "page.pdf"))
    writer.setResolution(1200)
    painter = QPainter(writer)
    pictures.draw(painter, QRectF(0, 0, 6000, 4000), plot)
    painter.end()
    assert (tmp_path / "page.pdf").stat().st_size > 2000
    image = QImage(400, 900, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    image.setDotsPerMeterX(12000)
    image.setDotsPerMeterY(12000)
    painter = QPainter(image)
    pictures.draw(painter, QRectF(0, 0, 400, 900), plot)
    painter.end()
    drawn_until = 400 * pictures.size(plot).height() / pictures.size(plot).width()
    below = image.copy(0, int(drawn_until) + 2, 400, 100)
    assert below == _blank(below)


def test_the_overlay_can_be_a_picture(
    light: QApplication, make_course: Callable[..., Course]
) -> None:
    plot = OverlayPlot()
    plot.resize(800, 400)
    plot.show_course(make_course(), KEYS)
    plot.show()
    light.processEvents()
    assert {"Days since infusion", "C1", "C2"} <= set(words(pictures.svg(plot)))
    plot.close()
    plot.deleteLater()


def test_a_picture_is_saved_under_the_name_that_is_offered_and_its_folder_remembered(
    menu: QMenu, plot: CoursePlot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = save_as(monkeypatch, tmp_path / "course.svg")
    _, as_png, as_svg, *_ = menu.actions()
    as_svg.trigger()
    assert Path(offered[0]).name == "P-1-course.svg"
    assert CAPTION in words((tmp_path / "course.svg").read_bytes())
    assert [file.name for file in tmp_path.iterdir()] == ["course.svg"]
    assert plot.findChild(NoticeBar).text() == "The picture was saved as “course.svg”."
    again = save_as(monkeypatch, None)
    as_png.trigger()
    assert Path(again[0]) == tmp_path / "P-1-course.png"


def test_the_caption_can_be_left_away_for_good(
    menu: QMenu, plot: CoursePlot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_as(monkeypatch, tmp_path / "course.svg")
    menu.actions()[-1].trigger()
    menu.actions()[2].trigger()
    assert CAPTION not in words((tmp_path / "course.svg").read_bytes())
    another = picture_menu(plot, lambda: plot, lambda: "x", lambda: CAPTION)
    assert not another.actions()[-1].isChecked()
    another.actions()[-1].trigger()


def test_a_picture_is_copied_as_pixels_and_as_shapes(menu: QMenu) -> None:
    menu.actions()[0].trigger()
    data = QApplication.clipboard().mimeData()
    assert data.hasImage()
    assert b"<svg" in bytes(data.data("image/svg+xml").data())
    QApplication.clipboard().clear()


def test_a_file_that_cannot_be_written_is_said_in_one_sentence(
    menu: QMenu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_as(monkeypatch, tmp_path / "nowhere" / "course.png")
    said = []
    monkeypatch.setattr(MessageBox, "ask", lambda box: said.append(box.accessibleName()))
    menu.actions()[1].trigger()
    assert said == [
        f"“{tmp_path / 'nowhere' / 'course.png'}” cannot be written: No such file or directory."
    ]


def _blank(like: QImage) -> QImage:
    blank = QImage(like)
    blank.fill(QColor("white"))
    return blank


def test_no_line_of_an_svg_leaves_its_panel(plot: CoursePlot, qtbot) -> None:
    day = float(C1.toordinal())
    far = np.array([day - 400, day + 20, day + 25, day + 400])
    behind = BackgroundLines(far, np.array([150.0, 9000.0, -9000.0, 150.0]), "with 1 other patient")
    plot.show_background({"plt": behind})
    plot.show_days(day + 16, day + 30)
    QApplication.processEvents()
    scale, last = plot._scale, plot.panels[-1].frame.boundingRect()
    xs, ys = lines_of(pictures.svg(plot))
    # The picture has a margin, and the marks of results have a width.
    assert min(xs) >= scale.left
    assert max(xs) <= scale.right + 16
    assert min(ys) >= 0
    assert max(ys) <= last.bottom() + 16


def lines_of(svg: bytes) -> tuple[list[float], list[float]]:
    """The places that lines without an area run through, in the pixels of an SVG."""
    groups = [
        group
        for group in ElementTree.fromstring(svg).iter()
        if group.tag.endswith("}g") and group.get("fill") == "none"
    ]
    written = [
        shape.get("d") or shape.get("points") or "" for group in groups for shape in list(group)
    ]
    places = [place for text in written for place in re.findall(r"(-?[\d.]+),(-?[\d.]+)", text)]
    return [float(x) for x, _ in places], [float(y) for _, y in places]


def test_lines_of_pyqtgraph_are_as_wide_in_a_picture_as_on_the_screen(
    plot: CoursePlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    widths: list[float] = []

    class Panel:
        def recolour(self) -> None:
            widths.append(pictures.pen("black", 2).widthF())

    monkeypatch.setattr(plot, "panels", [Panel()])
    pictures.image(plot, dpi=288)
    assert widths == [6, 2]
    assert pictures.pen("black", 2).isCosmetic()
