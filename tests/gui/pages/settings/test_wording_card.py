"""NCI's wording is loaded, shown, refused with a sentence, and removed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths

from gui.pages.settings.wording_card import WordingCard
from gui.session import wording_store
from gui.widgets.messages import NoticeBar
from gui.window.app import name_program
from model.ctcae.terms import terms
from model.ctcae.wording import Wording, save_wording
from model.user_folder import user_folder


@pytest.fixture
def card(folder_of_data, background, shown):
    return shown(WordingCard(background))


def made_up(version: str) -> Wording:
    return Wording(
        version=version,
        texts={
            term.name: {grade: f"{term.name}, {grade}" for grade in term.grades}
            for term in terms(version)
        },
    )


def test_the_folder_is_the_one_that_qt_names(folder_of_data):
    name_program()
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    assert user_folder() == Path(place)


def test_a_relative_folder_of_data_is_passed_over(monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", "somewhere")
    assert user_folder() == Path.home() / ".local" / "share" / "Theralog" / "Theralog"


def test_nothing_is_loaded_at_first(card):
    assert [card.state(version) for version in ("5.0", "6.0")] == ["not loaded", "not loaded"]
    assert not card.remove_buttons["5.0"].isVisible()
    assert wording_store.wording_to_show("5.0") is None


@pytest.mark.parametrize(("version", "count"), [("5.0", 837), ("6.0", 850)])
def test_an_official_workbook_is_loaded_and_told(card, qtbot, nci_workbook, version, count):
    card.load(nci_workbook(version))
    assert not card.load_button.isEnabled()
    qtbot.waitUntil(card.load_button.isEnabled, timeout=20_000)
    assert card.state(version) == f"loaded, {count} terms"
    said = f"NCI's wording of CTCAE {version} was loaded: {count} terms."
    assert card.findChild(NoticeBar).text() == said
    official = wording_store.wording_to_show(version)
    assert official is not None
    assert len(official.texts) == count


def test_another_file_is_refused_with_a_sentence(card, qtbot, tmp_path):
    wrong = tmp_path / "wrong.xlsx"
    wrong.write_text("not a workbook")
    card.load(wrong)
    qtbot.waitUntil(card.load_button.isEnabled)
    assert card.problem.text() == (
        "NCI's wording was not loaded: wrong.xlsx is not an Excel workbook (.xlsx)."
    )
    assert card.state("5.0") == "not loaded"


def test_what_was_loaded_is_removed(card, qtbot):
    save_wording(made_up("6.0"), user_folder())
    card.show_state()
    assert card.state("6.0") == "loaded, 850 terms"
    card.remove_buttons["6.0"].click()
    assert card.state("6.0") == "not loaded"
    assert wording_store.wording_to_show("6.0") is None


def test_a_kept_file_that_is_damaged_is_named_and_not_used(card):
    path = save_wording(made_up("5.0"), user_folder())
    path.write_text("{")
    card.show_state()
    assert "is damaged; load the workbook again" in card.state("5.0")
    assert card.remove_buttons["5.0"].isVisible()
    assert wording_store.wording_to_show("5.0") is None
