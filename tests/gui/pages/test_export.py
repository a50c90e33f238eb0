from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gui.background import Background
from gui.pages.export import ExportDialog
from model.exchange import export as exporting


@pytest.fixture
def background():
    made = Background()
    yield made
    made.close()


@pytest.fixture
def dialog(session, background, shown):
    return shown(ExportDialog(None, session, background))


def words(dialog):
    return [label.text() for label in dialog.findChildren(QLabel) if not label.isHidden()]


def test_a_folder_is_written_and_the_dialog_closes(dialog, session, tmp_path, qtbot):
    assert dialog.folder.text() == str(tmp_path / "test export")
    qtbot.keyClick(dialog.folder, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.done_into is not None, timeout=20_000)
    assert dialog.isHidden()
    assert (tmp_path / "test export" / "summary.csv").is_file()
    assert dialog.files == len(list((tmp_path / "test export").iterdir()))
    # The export itself stands in the journal, and undo passes it over.
    assert session.casebook.undo_label == "Add patients"


def test_a_folder_that_holds_something_else_is_left_alone(dialog, tmp_path, qtbot):
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("Dear colleague")
    dialog.folder.setText(str(other))
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.export_button.isEnabled, timeout=20_000)
    qtbot.waitUntil(lambda: any("holds files" in text for text in words(dialog)))
    assert dialog.isVisible()
    assert [file.name for file in other.iterdir()] == ["letter.txt"]


def test_a_folder_must_be_named(dialog, qtbot):
    dialog.folder.clear()
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert any("Name the folder" in text for text in words(dialog))


def test_cancel_leaves_nothing_behind(dialog, background, tmp_path, qtbot, monkeypatch):
    writing, cancelled = threading.Event(), threading.Event()
    original = exporting.codebook.write

    def write(path):
        writing.set()
        assert cancelled.wait(10)
        return original(path)

    monkeypatch.setattr(exporting.codebook, "write", write)
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(writing.is_set, timeout=20_000)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    cancelled.set()
    qtbot.waitUntil(lambda: not background.busy(), timeout=20_000)
    assert dialog.isHidden()
    assert dialog.done_into is None
    assert [file.name for file in tmp_path.iterdir() if "export" in file.name] == []
