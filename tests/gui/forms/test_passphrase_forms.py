"""A passphrase is chosen and changed by keys, and the casebook opens with the new one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from gui.fields.passphrase import NewPassphraseField, PassphraseField
from gui.forms.passphrase import ChangePassphraseForm


def test_a_weak_or_misspelt_passphrase_keeps_the_form_open(light, qtbot):
    form = ChangePassphraseForm(None, "mine.theralog")
    qtbot.addWidget(form)
    form.show()
    form.passphrase.set_value("short")
    form.repeated.set_value("short")
    form.accept()
    assert form.isVisible()
    assert "8 signs" in form.passphrase.problem()
    form.passphrase.set_value("four unrelated plain words")
    form.repeated.set_value("four unrelated plain word")
    form.accept()
    assert "differ" in form.repeated.problem()
    form.repeated.set_value("four unrelated plain words")
    form.accept()
    assert not form.isVisible()
    assert form._saved == "four unrelated plain words"


def test_a_passphrase_is_shown_only_on_request(light, qtbot):
    field = PassphraseField()
    qtbot.addWidget(field)
    field.show()
    assert field.edit.echoMode() is QLineEdit.EchoMode.Password
    field.show_button.click()
    assert field.edit.echoMode() is QLineEdit.EchoMode.Normal
    assert field.show_button.text() == "&Hide"


def test_caps_lock_is_told_by_the_letters(light, qtbot):
    field = PassphraseField()
    qtbot.addWidget(field)
    field.show()
    plain, shift = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
    for letter, modifiers, is_on in (
        *(("a", plain, False), ("A", shift, False), ("A", plain, True), ("7", plain, True)),
        *(("a", shift, True), ("a", plain, False)),
    ):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, modifiers, letter)
        QCoreApplication.sendEvent(field.edit, event)
        assert (field.hint() == "Caps Lock is on.") == is_on, (letter, modifiers)


def test_the_strength_is_told_while_typing(light, qtbot):
    field = NewPassphraseField()
    qtbot.addWidget(field)
    field.set_value("password")
    assert field.hint() == "Guessed at once."
    field.set_value("four unrelated plain words")
    assert "hard to guess" in field.hint().lower()
    field.set_value("")
    assert field.hint() == ""
