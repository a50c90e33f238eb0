"""Every sentence that a person reads can be translated."""

from __future__ import annotations

import ast
import gettext
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from model.language import CATALOGUES, DOMAIN

ROOT = Path(__file__).parents[1]
MARKS = {"_", "N_", "ngettext", "pgettext"}
SENTENCE = re.compile(r"[A-ZÄÖÜ][^\n]* [^\n]*[.?!…:]", re.DOTALL)
"""Text that looks like a sentence: a capital, several words, a full stop or the like."""

STAYS_ENGLISH = {
    "model/store/schema.py",
    "model/exchange/codebook.py",
    "model/exchange/cohort_files.py",
    "model/exchange/tidy/layout.py",
    "model/cohort/paragraph/abstract.py",
}
"""Files with SQL, with descriptions that go into exported files, or with the paper's sentences."""

OF_PROGRAMMERS = {"ValueError", "TypeError", "KeyError", "RuntimeError", "AssertionError"}
"""Errors that only a mistake in the code can raise."""


def sources() -> list[Path]:
    folders = [ROOT / name for name in ("commands", "gui", "model")]
    return [
        *sorted(ROOT.glob("*.py")),
        *(f for each in folders for f in sorted(each.rglob("*.py"))),
    ]


def extracted() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    keywords = {**DEFAULT_KEYWORDS, "N_": None}
    for file in sources():
        for _line, message, _comments, _context in extract_from_file("python", file, keywords):
            yield str(file.relative_to(ROOT)), message


def each_text(message: str | Sequence[str]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(filter(None, message))


def test_values_in_a_sentence_have_names():
    unnamed = re.compile(r"%[sdirf]|%\d|\{\d*[:}]")
    wrong = [
        f"{file}: {text}"
        for file, message in extracted()
        for text in each_text(message)
        if unnamed.search(text)
    ]
    assert wrong == []


def test_a_sentence_is_whole():
    """A sentence that begins or ends with a blank or a comma is a piece of one."""
    pieces = [
        f"{file}: {text!r}"
        for file, message in extracted()
        for text in each_text(message)
        if text != text.strip() or text.startswith((",", ";"))
    ]
    assert pieces == []


def unmarked(file: Path) -> Iterator[str]:
    """The sentences of a file outside docstrings and marks."""
    tree = ast.parse(file.read_text("utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        is_bare = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_marked = isinstance(node, ast.Call) and (
            (isinstance(node.func, ast.Name) and node.func.id in MARKS | OF_PROGRAMMERS)
            or (isinstance(node.func, ast.Attribute) and node.func.attr == "ngettext")
        )
        if is_bare or is_marked:
            skipped.update(map(id, ast.walk(node)))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in skipped
            and SENTENCE.fullmatch(node.value.strip())
            and "{ " not in node.value  # a style sheet
        ):
            yield f"{file.relative_to(ROOT)}:{node.lineno}: {node.value}"


def test_no_sentence_escapes_marking():
    files = [file for file in sources() if str(file.relative_to(ROOT)) not in STAYS_ENGLISH]
    assert [text for file in files for text in unmarked(file)] == []


def test_the_template_holds_every_sentence():
    """`make translations` brings it up to date."""
    with (CATALOGUES / f"{DOMAIN}.pot").open("rb") as file:
        template = {text for message in read_po(file) for text in each_text(message.id)}
    missing = {text for _file, message in extracted() for text in each_text(message)} - template
    assert missing == set()


def test_a_catalogue_translates_model_and_window(tmp_path):
    catalogue = Catalog(locale="de", domain=DOMAIN)
    catalogue.add("Undo", "Rückgängig")
    catalogue.add(("{n} patient", "{n} patients"), ("{n} Patient", "{n} Patienten"))
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / f"{DOMAIN}.mo").open("wb") as file:
        write_mo(file, catalogue)
    code = f"""
import gettext
load = gettext.translation
gettext.translation = lambda domain, _folder, **more: load(domain, {str(tmp_path)!r}, **more)
from gui.actions import ACTIONS
from model.language import ngettext
print(next(line.text for line in ACTIONS if line.id == "edit.undo"))
print(ngettext("{{n}} patient", "{{n}} patients", 2).format(n=2))
"""
    outcome = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            "LANGUAGE": "de",
            "LC_ALL": "C.UTF-8",
            "PYTHONUTF8": "1",
            "QT_QPA_PLATFORM": "offscreen",
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert outcome.stdout.split("\n")[:2] == ["Rückgängig", "2 Patienten"]


@pytest.mark.parametrize("catalogue", sorted(CATALOGUES.rglob("*.po")), ids=str)
def test_a_translation_keeps_the_names_of_its_values(catalogue):
    names = re.compile(r"\{(\w+)")
    with catalogue.open("rb") as file:
        for message in read_po(file):
            for text in each_text(message.string):
                assert set(names.findall(text)) <= set(
                    names.findall(" ".join(each_text(message.id)))
                )


def test_without_a_catalogue_sentences_stay_as_they_are():
    assert isinstance(
        gettext.translation(DOMAIN, CATALOGUES, ["zz"], fallback=True), gettext.NullTranslations
    )
