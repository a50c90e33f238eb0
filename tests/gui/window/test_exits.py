"""Every way by which data leaves the window has its entry in the journal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel

from gui.pages.cohort.figure_card import FigureCard
from gui.pages.cohort.number_table import NumberTable
from gui.plots.picture_menu import _PictureMaker
from gui.reports import printing
from gui.widgets import exits
from gui.window.app import name_program
from gui.window.main_window import MainWindow
from model.errors import KnownError


@pytest.fixture
def window(light, qtbot, folder_of_data, demo_copy) -> Iterator[MainWindow]:
    name_program()
    QSettings().clear()
    window = MainWindow()
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    window.begin(demo_copy)
    qtbot.waitUntil(lambda: window.places is not None, timeout=20_000)
    yield window
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _actions(window: MainWindow) -> list[str]:
    rows = window.session.casebook.rows("select action from journal order by seq")
    return [row["action"] for row in rows]


def test_opening_is_journalled(window):
    assert _actions(window)[-1] == "Open casebook"


def test_pictures_figures_numbers_and_lists_are_journalled(window, qtbot, monkeypatch, tmp_path):
    window.places.open_patient(
        window.session.casebook.rows("select min(id) as id from patient")[0]["id"]
    )
    qtbot.waitUntil(
        lambda: bool(window.places.patients.findChildren(_PictureMaker)), timeout=20_000
    )
    qtbot.waitUntil(lambda: not window.background.busy(), timeout=20_000)
    maker = next(
        each
        for each in window.places.patients.findChildren(_PictureMaker)
        if each._plot_or_notice() is not None
    )
    for ending in ("png", "svg"):
        path = tmp_path / f"picture.{ending}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, p=path: (str(p), ""))
        maker.save(ending)
        assert path.exists()
    maker.copy()
    assert _actions(window)[-3:] == ["Save picture", "Save picture", "Copy picture"]
    window.places.show("place.cohort")
    cohort = window.places._pages["place.cohort"]
    qtbot.waitUntil(lambda: not window.background.busy(), timeout=30_000)
    qtbot.waitUntil(
        lambda: any(each.figure is not None for each in cohort.findChildren(FigureCard)),
        timeout=30_000,
    )
    card = next(each for each in cohort.findChildren(FigureCard) if each.figure is not None)
    card.copy_numbers()
    path = tmp_path / "numbers.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    card.save_csv()
    qtbot.keyClick(
        cohort.findChildren(NumberTable)[0], Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier
    )
    assert _actions(window)[-3:] == ["Copy numbers", "Save numbers", "Copy numbers"]
    window.places.show("place.due")
    due = window.places._pages["place.due"]
    qtbot.waitUntil(lambda: not window.background.busy(), timeout=20_000)
    due.save_csv(tmp_path / "due.csv")
    monkeypatch.setattr(printing, "print_document", lambda *_: True)
    due.print_list()
    assert _actions(window)[-2:] == ["Export due list", "Print due list"]


def test_what_cannot_be_journalled_does_not_leave(window, monkeypatch, tmp_path):
    def refuse(*_: object) -> None:
        raise KnownError("The disk is full.")

    monkeypatch.setattr(window.session.casebook, "log", refuse)
    label = QLabel(window)
    QGuiApplication.clipboard().setText("before")
    with pytest.raises(KnownError):
        exits.copy(label, "Copy list", "P-1")
    with pytest.raises(KnownError):
        exits.copy(label, "Copy picture", QMimeData())
    assert QGuiApplication.clipboard().text() == "before"
    new, old = tmp_path / "new.csv", tmp_path / "old.csv"
    old.write_text("old")
    for path in (new, old):
        with pytest.raises(KnownError) as raised, exits.saving(label, "Save", path):
            Path(path).write_text("P-1")
    assert not new.exists()
    assert "was written, but could not be journalled" in str(raised.value)
