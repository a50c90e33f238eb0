"""One look for several pictures: what the pointer is on stays there, and nothing gets lost."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.plots.images.image_panel import ImagePanel
from gui.plots.images.image_view import MAX_ZOOM, MIN_WIDTH, ImageView
from model.imaging.picture import picture_of


@pytest.fixture
def panel(light, qtbot):
    made = ImagePanel(ImageView(), "P-1 · 7 Mar 2024", "Liver")
    made.show_picture(picture_of(np.arange(10_000, dtype=np.float32).reshape(100, 100)))
    qtbot.addWidget(made)
    made.resize(400, 480)
    made.show()
    qtbot.waitExposed(made)
    return made


def wheel(panel, at: QPointF, turned: int) -> None:
    event = QWheelEvent(
        at,
        panel.mapToGlobal(at),
        QPoint(),
        QPoint(0, turned),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(panel, event)


def point(panel, at: QPointF) -> tuple[float, float]:
    """Which part of the picture lies under a pixel of the panel."""
    place = panel.image_rect()
    return (at.x() - place.left()) / place.width(), (at.y() - place.top()) / place.height()


def test_the_wheel_enlarges_around_the_pointer(panel):
    at = QPointF(150, 300)
    before = point(panel, at)
    for turned in (120, 120, -120, 240):
        wheel(panel, at, turned)
        assert point(panel, at) == pytest.approx(before)
    assert panel.image_view.zoom > 1


def test_dragging_moves_the_picture_with_the_pointer(panel):
    before = point(panel, QPointF(200, 250))
    QTest.mousePress(panel, Qt.MouseButton.LeftButton, pos=QPoint(200, 250))
    QTest.mouseMove(panel, QPoint(240, 270))
    QTest.mouseRelease(panel, Qt.MouseButton.LeftButton, pos=QPoint(240, 270))
    assert point(panel, QPointF(240, 270)) == pytest.approx(before)


def test_dragging_with_the_right_button_sets_the_window(panel):
    first = panel.bounds(panel.picture)
    QTest.mousePress(panel, Qt.MouseButton.RightButton, pos=QPoint(200, 250))
    QTest.mouseMove(panel, QPoint(50, 250))
    QTest.mouseRelease(panel, Qt.MouseButton.RightButton, pos=QPoint(50, 250))
    low, high = panel.bounds(panel.picture)
    assert high - low == pytest.approx((first[1] - first[0]) / 2)
    assert low + high == pytest.approx(sum(first))
    QTest.mouseDClick(panel, Qt.MouseButton.LeftButton, pos=QPoint(200, 250))
    assert panel.bounds(panel.picture) == first


def test_a_picture_is_never_lost_out_of_sight(panel):
    for _ in range(50):
        panel.image_view.zoom_by(3)
        panel.image_view.move(1, -1)
        panel.image_view.window_by(-1, 0.1)
    assert panel.image_view.zoom == MAX_ZOOM
    assert panel.image_rect().intersects(panel.rect().toRectF())
    assert panel.image_view.width == MIN_WIDTH


def test_the_label_is_never_covered_by_the_picture(panel):
    plain = panel.grab().toImage().copy(0, 0, 400, 50)
    panel.image_view.zoom_by(5)
    assert panel.grab().toImage().copy(0, 0, 400, 50) == plain
    assert panel.accessibleName() == "P-1 · 7 Mar 2024 · Liver"


def test_a_sentence_replaces_a_missing_image(panel):
    panel.show_sentence("The picture is no longer as it was.")
    wheel(panel, QPointF(100, 100), 120)
    panel.grab()
    assert panel.accessibleDescription() == "The picture is no longer as it was."
