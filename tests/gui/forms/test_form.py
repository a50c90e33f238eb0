from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QRect, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFormLayout, QLabel, QPushButton

from gui.fields.choice import ChoiceField
from gui.fields.dates import DateField
from gui.fields.number import NumberField
from gui.fields.text import MultilineField, TextField
from gui.forms.form import FRAME, HEIGHT, Form
from gui.widgets.messages import MessageBox
from model.errors import InvalidRecord, KnownError


class PatientForm(Form[str]):
    def __init__(self, parent=None, *, code="", refuse=None):
        super().__init__(parent, "New patient")
        self.refuse = refuse
        self.add_section("Patient")
        self.code = self.add_row("code", "&Code", TextField(required=True))
        self.born = self.add_row("born_on", "&Birth date", DateField(today=date(2024, 7, 20)))
        self.sex = self.add_row("sex", "&Sex", ChoiceField([("f", "Female"), ("m", "Male")]))
        self.note = self.add_row("note", "&Note", MultilineField())
        self.code.set_value(code)

    def save(self):
        if self.refuse:
            raise self.refuse
        return self.code.value()


@pytest.fixture
def form(light, qtbot):
    form = PatientForm()
    qtbot.addWidget(form, before_close_func=Form.remember)
    form.show()
    qtbot.waitExposed(form)
    form.activateWindow()
    form.code.setFocus()
    qtbot.waitUntil(form.code.input().hasFocus)
    return form


def answer(qtbot, press):
    """Press a button of the box that comes up, and give what it asked."""
    asked = []

    def act():
        box = QApplication.activeModalWidget()
        assert isinstance(box, MessageBox)
        asked.extend(label.text() for label in box.findChildren(QLabel))
        if press is None:
            qtbot.keyClick(box, Qt.Key.Key_Escape)
            return
        button = next(b for b in box.findChildren(QPushButton) if b.text() == press)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    QTimer.singleShot(50, act)
    return asked


def test_every_field_has_a_label_with_a_mnemonic_and_a_name(form):
    rows = form.findChild(QFormLayout)
    for name, field in form.fields.items():
        label = rows.labelForField(field)
        assert "&" in label.text(), name
        assert label.buddy() is field.input()
        assert field.input().accessibleName() == label.text().replace("&", "")


def test_the_form_gives_what_was_saved_and_is_gone(light, qtbot):
    def act():
        form: Any = QApplication.activeModalWidget()
        qtbot.keyClicks(form.code.input(), "P-0007")
        qtbot.keyClick(form.code.input(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    QTimer.singleShot(100, act)
    assert PatientForm.ask(None) == "P-0007"


def test_a_form_given_up_gives_none(light, qtbot):
    QTimer.singleShot(
        100, lambda: qtbot.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Escape)
    )
    assert PatientForm.ask(None, code="P-1") is None


def test_enter_goes_on_to_the_next_field_and_never_closes(form, qtbot):
    passed = []
    for _ in range(3):
        passed.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert passed == [form.code.input(), form.born.input(), form.sex.input()]
    assert form.note.input().hasFocus()
    qtbot.keyClick(form.note.input(), Qt.Key.Key_Return)
    assert form.note.raw() == "\n"
    assert form.isVisible()


def test_tab_reaches_the_buttons_after_the_last_field(form, qtbot):
    form.note.setFocus()
    passed = []
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        passed.append(QApplication.focusWidget())
    assert passed == [form.save_button, form.cancel_button, form.code.input()]


def test_the_first_field_has_the_keyboard_when_a_form_opens(light, qtbot):
    form = PatientForm()
    qtbot.addWidget(form)
    form.show()
    qtbot.waitExposed(form)
    assert form.focusWidget() is form.code.input()


def test_enter_on_a_button_presses_it(form, qtbot):
    form.cancel_button.setFocus()
    qtbot.keyClick(form.cancel_button, Qt.Key.Key_Return)
    assert not form.isVisible()


@pytest.mark.parametrize(
    "keys",
    [
        (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier),
    ],
)
def test_keys_save_from_any_field(form, qtbot, keys):
    qtbot.keyClicks(form.code.input(), "P-1")
    form.note.setFocus()
    qtbot.keyClick(form.note.input(), *keys)
    assert not form.isVisible()
    assert form.saved() == "P-1"


def test_a_missing_value_keeps_the_form_open_and_takes_the_keyboard_there(form, qtbot):
    form.note.setFocus()
    form.accept()
    assert form.isVisible()
    assert form.code.problem() == "Code is needed."
    assert form.code.input().hasFocus()
    assert form.saved() is None


def test_a_value_that_cannot_be_read_is_told_before_anything_is_saved(form, qtbot):
    form.refuse = AssertionError("save was called")
    form.code.set_value("P-1")
    form.born.edit.setText("31.2.1960")
    form.accept()
    assert form.born.problem() == "Feb 1960 has no day 31."


def test_a_broken_rule_is_shown_under_its_field(form):
    form.code.set_value("P-1")
    form.refuse = InvalidRecord({"born_on": "Born after the first cycle.", "": "And more."})
    form.accept()
    assert form.isVisible()
    assert form.born.problem() == "Born after the first cycle."
    assert form.problem() == "And more."
    assert form.born.input().hasFocus()


def test_any_other_known_error_is_shown_at_the_foot(form):
    form.code.set_value("P-1")
    form.refuse = KnownError("The disk is full. Nothing was written.")
    form.accept()
    assert form.isVisible()
    assert form.problem() == "The disk is full. Nothing was written."
    form.refuse = None
    form.accept()
    assert not form.isVisible()


def test_a_bug_is_not_caught(form, qtbot):
    form.code.set_value("P-1")
    form.refuse = ZeroDivisionError()
    with qtbot.capture_exceptions(), pytest.raises(ZeroDivisionError):
        form.accept()


def test_escape_closes_at_once_when_nothing_was_touched(form, qtbot):
    qtbot.keyClick(form.code.input(), Qt.Key.Key_Escape)
    assert not form.isVisible()


@pytest.mark.parametrize(
    ("press", "open_after"), [("Keep editing", True), (None, True), ("Discard", False)]
)
def test_escape_asks_before_what_was_typed_is_lost(form, qtbot, press, open_after):
    qtbot.keyClicks(form.code.input(), "P-0007")
    asked = answer(qtbot, press)
    qtbot.keyClick(form.code.input(), Qt.Key.Key_Escape)
    assert asked[0] == "Discard what you typed?"
    assert form.isVisible() is open_after
    assert form.saved() is None
    if open_after:
        assert form.code.value() == "P-0007"


def test_the_windows_own_cross_asks_too(form, qtbot):
    qtbot.keyClicks(form.code.input(), "P")
    asked = answer(qtbot, "Keep editing")
    form.close()
    assert asked
    assert form.isVisible()


def test_text_put_back_as_it_was_is_not_a_change(form, qtbot):
    qtbot.keyClicks(form.code.input(), "P")
    assert form.is_touched()
    qtbot.keyClick(form.code.input(), Qt.Key.Key_Backspace)
    assert not form.is_touched()


def test_text_that_cannot_be_read_counts_as_typed(form):
    form.born.edit.setText("nonsense")
    assert form.is_touched()


def test_a_hidden_row_is_not_asked_for(form):
    form.show_row(form.code, False)
    form.accept()
    assert not form.isVisible()


class LongForm(Form[None]):
    """A form of whatever rows a test adds, with nothing to save."""

    def save(self) -> None:
        """Nothing to save."""


def test_a_long_form_scrolls_to_the_field_that_is_at_fault_and_fits_a_small_screen(light, qtbot):
    form = LongForm(None, "Long")
    fields = [form.add_row(f"value_{n}", f"Value {n}", NumberField(minimum=0)) for n in range(40)]
    qtbot.addWidget(form, before_close_func=Form.remember)
    form.show()
    qtbot.waitExposed(form)
    assert form.height() <= HEIGHT
    fields[0].set_value(Decimal(1))
    fields[39].edit.setText("-1")
    form.accept()
    qtbot.waitUntil(lambda: not fields[39].visibleRegion().isEmpty())
    assert fields[39].input().hasFocus() or form.focusWidget() is fields[39].input()


@pytest.fixture
def long_form(light, qtbot, monkeypatch):
    """A form of many rows on a small screen at 200 %."""
    screen = SimpleNamespace(availableGeometry=lambda: QRect(0, 0, 520, 384))
    monkeypatch.setattr(Form, "screen", lambda _form: screen)
    form = LongForm(None, "Long")
    for n in range(20):
        form.add_row(f"value_{n}", f"Value {n}", NumberField(minimum=0))
    form.add_row("zeal", "&Zeal", TextField())
    qtbot.addWidget(form, before_close_func=Form.remember)
    form.show()
    qtbot.waitExposed(form)
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    return form


def test_save_is_in_sight_on_an_enlarged_screen(long_form):
    assert long_form.height() <= 384 - FRAME
    assert long_form.width() <= 520 - FRAME
    for button in (long_form.save_button, long_form.cancel_button):
        assert long_form.rect().contains(button.geometry())
    long_form.add_row("one_more", "One more", TextField())
    long_form.show_problem("It cannot be saved.")
    QApplication.processEvents()
    assert long_form.height() <= 384 - FRAME


def test_a_field_that_is_gone_to_by_its_letter_comes_into_sight(long_form, qtbot):
    last = long_form.fields["zeal"]
    assert last.visibleRegion().isEmpty()
    qtbot.keyClick(long_form.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.AltModifier)
    assert last.input().hasFocus()
    assert not last.visibleRegion().isEmpty()


def test_a_short_form_is_no_higher_than_it_needs_to_be(form, qtbot):
    assert form._scroll.verticalScrollBar().maximum() == 0
    assert form.height() < 440


def test_a_form_leaves_nothing_behind_when_it_fails_to_open(light, qapp, qtbot):
    class Broken(Form[None]):
        def exec(self):
            raise RuntimeError

    with qtbot.capture_exceptions(), pytest.raises(RuntimeError):
        Broken.ask(None, "Broken")
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, Broken)]
