"""Sentences that are English in files and translated for people."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

from model.cohort import messages
from model.cohort.messages import Message, join, translate

GERMAN = {
    "{n} cycles of {what}": "{n} Zyklen mit {what}",
    "pancreas": "Pankreas",
    "": "Project-Id-Version: x",
}


@pytest.fixture(autouse=True)
def _german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_", lambda text: GERMAN.get(text, text))


def test_a_message_is_english_as_a_string_and_translated_with_its_values() -> None:
    message = Message("{n} cycles of {what}", n=3, what="pancreas")
    assert message == "3 cycles of pancreas"
    assert json.dumps({"text": message}) == '{"text": "3 cycles of pancreas"}'
    assert translate(message) == "3 Zyklen mit Pankreas"
    assert translate(deepcopy(message)) == "3 Zyklen mit Pankreas"


def test_a_marked_text_is_translated_and_an_empty_one_stays_empty() -> None:
    assert translate("pancreas") == "Pankreas"
    assert translate("small bowel") == "small bowel"
    assert translate("") == ""


def test_joined_messages_are_each_translated() -> None:
    text = join("; ", ["pancreas", Message("{n} cycles of {what}", n=1, what="x")])
    assert text == "pancreas; 1 cycles of x"
    assert translate(text) == "Pankreas; 1 Zyklen mit x"


def test_a_message_of_a_count_has_a_singular(monkeypatch: pytest.MonkeyPatch) -> None:
    forms = ("{n} result of {what}", "{n} results of {what}")
    monkeypatch.setattr(
        messages, "ngettext", lambda _one, _many, n: "{n} Wert" if n == 1 else "{n} Werte"
    )
    texts = [Message.ngettext(*forms, n, what="pancreas") for n in (0, 1, 2)]
    assert texts == ["0 results of pancreas", "1 result of pancreas", "2 results of pancreas"]
    assert [translate(text) for text in texts] == ["0 Werte", "1 Wert", "2 Werte"]
