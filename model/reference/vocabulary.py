"""Vocabularies: one spelling for each word, however it is written on a form or in a file.

Two words that differ only in case, accents, blanks, underscores or punctuation are the same word. A
word of a vocabulary gets its spelling there. Any other word is kept as written, with single blanks,
and compared in the same way: “Left kidney ” is “left kidney”.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

_IGNORED = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return one form for all ways to write the same word, for comparison."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _IGNORED.sub("", plain) or collapse_blanks(plain)


def collapse_blanks(text: str) -> str:
    """Return a text without blanks around it, and with single blanks in it."""
    return " ".join(text.split())


class Vocabulary(tuple[str, ...]):
    """The known words for one field, with synonyms."""

    _by_fold: dict[str, str]
    synonyms: Mapping[str, tuple[str, ...]]
    """Other words of the same meaning, by word. Forms also search for those in
    `reference.synonyms`."""

    def __new__(
        cls, *words: str, synonyms: Mapping[str, tuple[str, ...]] | None = None
    ) -> Vocabulary:
        """Return a vocabulary; `synonyms` has other words for some of its words."""
        self = super().__new__(cls, words)
        self.synonyms = synonyms or {}
        self._by_fold = {
            fold(name): word
            for word, names in (*self.synonyms.items(), *((word, (word,)) for word in words))
            for name in names
        }
        return self

    def find(self, text: str) -> str | None:
        """Return the known word that a text means; None for any other."""
        return self._by_fold.get(fold(text))

    def spell(self, text: str) -> str:
        """Return the known word that a text means; any other as it is, with single blanks."""
        return self.find(text) or collapse_blanks(text)


def one_spelling(
    texts: Iterable[str | None], spell: Callable[[str], str] = collapse_blanks
) -> dict[str, str]:
    """Return the spelling of each text, so that the same word always has the same spelling.

    `spell` is that of a vocabulary. An unknown word gets the first spelling in which it occurs.
    """
    first: dict[str, str] = {}
    spellings = {}
    for text in texts:
        if isinstance(text, str) and text not in spellings:
            word = spell(text)
            spellings[text] = first.setdefault(fold(word), word)
    return spellings


Spellings = Mapping[str, Callable[[str], str]]
"""The functions that return the spelling of a word, by the field that holds the word."""


def respell(record: Any, spellings: Spellings) -> None:
    """Give the words of a frozen record their spelling; called in its `__post_init__`.

    An optional field that holds only blanks becomes None.
    """
    for name, spell in spellings.items():
        word = getattr(record, name)
        if isinstance(word, str):
            spelling = spell(word) or empty_word(type(record), name)
            if spelling != word:
                object.__setattr__(record, name, spelling)


def empty_word(record: type[Any], name: str) -> str | None:
    """Return the value of an empty field of a class of records: None if it is optional, else ""."""
    return None if record.__dataclass_fields__[name].default is None else ""
