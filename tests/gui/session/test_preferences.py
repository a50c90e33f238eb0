"""What is remembered between two starts, and what a damaged or old settings file leads to."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from gui.session import preferences
from gui.session.preferences import USUAL_ANALYTES, CourseOption, Layout


@pytest.fixture(autouse=True)
def _empty(qapp) -> None:
    QSettings().clear()


@pytest.fixture
def casebook(tmp_path: Path) -> Path:
    path = tmp_path / "study.theralog"
    path.touch()
    return path


def test_the_casebook_opened_last_is_first_and_listed_once(casebook, tmp_path):
    other = tmp_path / "other.theralog"
    other.touch()
    for path in (casebook, other, casebook):
        preferences.remember_casebook(path)
    assert preferences.recent_casebooks() == [casebook, other]
    other.unlink()
    assert preferences.recent_casebooks() == [casebook]


def test_only_the_last_few_casebooks_are_remembered(tmp_path):
    for number in range(12):
        path = tmp_path / f"{number}.theralog"
        path.touch()
        preferences.remember_casebook(path)
    stems = [path.stem for path in preferences.recent_casebooks()]
    assert stems == ["11", "10", "9", "8", "7", "6", "5", "4"]


def test_the_last_page_is_that_of_its_casebook(casebook, tmp_path):
    assert preferences.last_page(casebook) is None
    preferences.remember_page(casebook, 7, 2)
    assert preferences.last_page(casebook) == (7, 2)
    assert preferences.last_page(tmp_path / "other.theralog") is None
    preferences.remember_page(casebook, None, 2)
    assert preferences.last_page(casebook) is None


@pytest.mark.parametrize("stored", ["", "{", "5", '{"hb": 1}', 3])
def test_the_usual_analytes_stand_in_for_a_setting_that_cannot_be_read(casebook, stored):
    preferences.remember_analytes(casebook, ["plt"])
    (key,) = (key for key in QSettings().allKeys() if key.startswith("course_analytes/"))
    QSettings().setValue(key, stored)
    assert preferences.chosen_analytes(casebook) == USUAL_ANALYTES


def test_each_casebook_has_analytes_and_options_of_its_own(casebook, tmp_path):
    other = tmp_path / "other.theralog"
    preferences.remember_analytes(casebook, ["plt", "hb"])
    preferences.turn(casebook, CourseOption.LOG, True)
    assert preferences.chosen_analytes(casebook) == ("plt", "hb")
    assert preferences.chosen_analytes(other) == USUAL_ANALYTES
    assert preferences.is_on(casebook, CourseOption.LOG)
    assert not preferences.is_on(casebook, CourseOption.BROKEN)
    assert not preferences.is_on(other, CourseOption.LOG)
    preferences.turn(casebook, CourseOption.LOG, False)
    assert not preferences.is_on(casebook, CourseOption.LOG)


def test_a_layout_comes_back_as_it_was_saved():
    assert preferences.layout_of(Layout.WINDOW) is None
    preferences.remember_layout(Layout.WINDOW, QByteArray(b"geometry"))
    assert preferences.layout_of(Layout.WINDOW) == QByteArray(b"geometry")
    assert preferences.layout_of(Layout.PATIENTS) is None


def test_the_stored_keys_are_those_of_earlier_releases(casebook):
    preferences.remember_casebook(casebook)
    preferences.remember_page(casebook, 7, 2)
    preferences.remember_analytes(casebook, ["plt"])
    preferences.turn(casebook, CourseOption.LOG, True)
    preferences.turn(casebook, CourseOption.BROKEN, True)
    for layout in Layout:
        preferences.remember_layout(layout, QByteArray(b"state"))
    keys = {
        key.partition("/")[0] if key.startswith("course") else key for key in QSettings().allKeys()
    }
    assert keys == {
        *("recent/paths", "last/path", "last/patient", "last/tab"),
        *("course_analytes", "course_log", "course_broken_axis"),
        *("window/geometry", "patients/split"),
    }
