from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from gui.pages.dialogs.export import ExportDialog
from gui.session.session import Session
from model.cohort.options import Denominator, Options, ToxicityRows
from model.cohort.selection import Filter, FilterKind, Selection
from model.exchange import codebook
from model.exchange import export as exporting
from model.exchange.export_options import ExportOptions
from model.exchange.pseudonymised import pseudonyms
from model.store.casebook import Casebook
from tests.gui.pulse import LONGEST, Pulse


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
    written = [each for each in (tmp_path / "test export").rglob("*") if each.is_file()]
    assert dialog.files == len(written)
    # The export itself stands in the journal, and undo passes it over.
    assert session.casebook.undo_label == "Add patients"


def test_the_window_answers_while_the_demo_is_exported(
    shown, background, demo_copy, tmp_path, qtbot
):
    """Of each turn the work of the window's thread counts, so that a busy machine fails nothing."""
    session = Session(Casebook.open(demo_copy))
    dialog = shown(ExportDialog(None, session, background))
    dialog.folder.setText(str(tmp_path / "out"))
    qtbot.wait(200)
    pulse = Pulse()
    dialog.begin()
    qtbot.waitUntil(lambda: dialog.done_into is not None, timeout=60_000)
    pulse.stop()
    session.close()
    assert len(pulse.work) > 20
    assert max(pulse.work) < LONGEST


def test_a_folder_that_holds_something_else_is_left_alone(dialog, tmp_path, qtbot):
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("Dear colleague")
    dialog.folder.setText(str(other))
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.export_button.isEnabled, timeout=20_000)
    qtbot.waitUntil(lambda: any("contains files" in text for text in words(dialog)))
    assert dialog.isVisible()
    assert [file.name for file in other.iterdir()] == ["letter.txt"]


def test_a_typed_choice_that_there_is_not_exports_nothing(dialog, qtbot, tmp_path):
    dialog.choices.form.input().setFocus()
    dialog.choices.form.edit.selectAll()
    qtbot.keyClicks(dialog.choices.form.edit, "parquet")
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert any("No such format" in text for text in words(dialog))
    assert not [file for file in tmp_path.iterdir() if "export" in file.name]


def test_a_folder_must_be_named(dialog, qtbot):
    dialog.folder.clear()
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert any("Choose a folder" in text for text in words(dialog))


def test_cancel_leaves_nothing_behind(dialog, background, tmp_path, qtbot, monkeypatch):
    writing, cancelled = threading.Event(), threading.Event()
    original = codebook.rows

    def rows(*about):
        writing.set()
        assert cancelled.wait(10)
        return original(*about)

    monkeypatch.setattr(codebook, "rows", rows)
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(writing.is_set, timeout=20_000)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    cancelled.set()
    qtbot.waitUntil(lambda: not background.busy(), timeout=20_000)
    assert dialog.isHidden()
    assert dialog.done_into is None
    assert [file.name for file in tmp_path.iterdir() if "export" in file.name] == []


def tick(field, qtbot):
    qtbot.mouseClick(field.box, Qt.MouseButton.LeftButton, pos=QPoint(8, field.box.height() // 2))
    assert field.value()


def test_a_pseudonymised_export_names_small_counts_before_it_writes(
    dialog, session, tmp_path, qtbot
):
    tick(dialog.choices.pseudonymised, qtbot)
    assert any("random ones" in text for text in words(dialog))
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.cells.isVisible, timeout=20_000)
    found = {(cell.words, cell.n) for cell in dialog.cells.records()}
    assert ("sex, F", 1) in found
    assert any("Nothing has been written yet" in text for text in words(dialog))
    assert not (tmp_path / "test export").exists()
    assert pseudonyms.code_lists(session.casebook) == []
    assert dialog.export_button.text() == "&Export anyway"
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.done_into is not None, timeout=20_000)
    text = (tmp_path / "test export" / "patients.csv").read_text("utf-8")
    assert "P-001" not in text
    assert "90+" not in text
    assert [each.codes for each in pseudonyms.code_lists(session.casebook)] == [2]


def test_what_changes_after_the_counts_is_counted_again(dialog, tmp_path, qtbot):
    tick(dialog.choices.pseudonymised, qtbot)
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.cells.isVisible, timeout=20_000)
    dialog.choices.form.set_value("xlsx")
    assert not dialog.cells.isVisible()
    assert dialog.export_button.text() == "&Export"
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.cells.isVisible, timeout=20_000)
    assert not (tmp_path / "test export").exists()


def test_another_mark_of_the_files_is_another_export(dialog, qtbot):
    tick(dialog.choices.pseudonymised, qtbot)
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.cells.isVisible, timeout=20_000)
    tick(dialog.choices.bom, qtbot)
    assert not dialog.cells.isVisible()


def test_the_dialog_says_whose_records_are_written(session, background, shown):
    women = Selection(filters=(Filter(kind=FilterKind.SEX, values=("F",)),))
    dialog = shown(ExportDialog(None, session, background, women))
    assert any("all records of the selected patients" in text for text in words(dialog))
    dialog.choices.patients.set_value(None)
    assert any("Contains all records, the" in text for text in words(dialog))


def test_a_workbook_is_written_without_a_byte_order_mark(dialog, tmp_path, qtbot):
    tick(dialog.choices.bom, qtbot)
    dialog.choices.form.set_value("xlsx")
    assert not dialog.choices.bom.isVisible()
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.done_into is not None, timeout=20_000)
    names = {file.name for file in (tmp_path / "test export").iterdir()}
    assert names == {"theralog.xlsx", "abstract.txt"}


def test_earlier_codes_are_offered(session, background, shown, qtbot, tmp_path):
    exporting.export(session.casebook, tmp_path / "one", options=ExportOptions(pseudonymised=True))
    dialog = shown(ExportDialog(None, session, background))
    assert not dialog.choices.codes.isVisible()
    tick(dialog.choices.pseudonymised, qtbot)
    assert dialog.choices.codes.isVisible()
    assert dialog.choices.options().codes_of is None
    dialog.choices.codes.set_value(pseudonyms.code_lists(session.casebook)[0].id)
    assert dialog.choices.codes.edit.text().endswith("(2 patients)")
    assert dialog.choices.codes.edit.text().startswith("Codes of ")
    assert dialog.choices.options().codes_of == pseudonyms.code_lists(session.casebook)[0].id


def test_figures_are_drawn_into_the_folder_but_never_pseudonymised(
    session, background, shown, qtbot, tmp_path
):
    def draw():
        yield "Drawing"
        yield "swimmer.svg", b"<svg/>"

    women = Selection(filters=(Filter(kind=FilterKind.SEX, values=("F",)),))
    dialog = shown(ExportDialog(None, session, background, women, draw))
    tick(dialog.choices.pseudonymised, qtbot)
    assert not dialog.choices.figures.isEnabled()
    dialog.choices.pseudonymised.set_value(False)
    dialog.choices.patients.set_value(None)
    # The figures are of women: they are not to lie beside the records of everyone.
    assert not dialog.choices.figures.isEnabled()
    dialog.choices.patients.set_value(women)
    tick(dialog.choices.figures, qtbot)
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.done_into is not None, timeout=20_000)
    assert (tmp_path / "test export" / "figures" / "swimmer.svg").read_text() == "<svg/>"
    text = (tmp_path / "test export" / "patients.csv").read_text("utf-8")
    assert len(text.splitlines()) == 2


def test_cancel_while_figures_are_drawn_writes_nothing(session, background, shown, qtbot, tmp_path):
    turns: list[int] = []

    def draw():
        while True:
            turns.append(1)
            yield "Counting"

    dialog = shown(ExportDialog(None, session, background, None, draw))
    tick(dialog.choices.figures, qtbot)
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(turns) > 3)
    assert "Counting…" in words(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    stopped = len(turns)
    qtbot.wait(50)
    assert len(turns) == stopped
    assert [file.name for file in tmp_path.iterdir() if "export" in file.name] == []


def test_an_export_counts_as_the_page_does(session, background, shown, qtbot, tmp_path):
    options = Options(by=ToxicityRows.GROUP, denominator=Denominator.ALL)
    dialog = shown(ExportDialog(None, session, background, counting=options))
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.done_into is not None, timeout=20_000)
    assert options.denominator.sentence in (tmp_path / "test export" / "abstract.txt").read_text(
        "utf-8"
    )
