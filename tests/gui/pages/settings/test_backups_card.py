"""The second folder of backups is chosen, kept for this computer, and removed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFileDialog

from gui.pages.settings.backups_card import BackupsCard
from gui.session.preferences import second_backup_folder


@pytest.fixture
def card(session, shown):
    QSettings().clear()
    return shown(BackupsCard(session))


def test_a_second_folder_is_chosen_and_removed(card, tmp_path, monkeypatch, qtbot):
    assert card.second.text() == "None"
    stick = tmp_path / "stick"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(stick))
    card.choose_button.setFocus()
    qtbot.keyClick(card.choose_button, Qt.Key.Key_Space)
    assert second_backup_folder() == stick
    assert card.second.text() == str(stick)
    qtbot.keyClick(card.remove_button, Qt.Key.Key_Space)
    assert second_backup_folder() is None
    assert card.choose_button.hasFocus()


def test_the_folder_of_the_casebook_is_no_second_folder(card, session):
    card.choose(session.casebook.path.parent)
    assert card.problem.isVisible()
    assert second_backup_folder() is None
