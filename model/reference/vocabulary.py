"""Words of records: one spelling for each, however it is written on a form or in a file.

Case, accents, blanks, underscores and punctuation do not distinguish two words. A word of the list
gets the spelling of the list; any other is kept as it is written, with single blanks, and compared
in the same way: “Left kidney ” is “left kidney”.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

_NOISE = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return one form of all ways to write the same word, for comparison."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _NOISE.sub("", plain) or collapsed(plain)


def collapsed(text: str) -> str:
    """Return a word without blanks around it, and with single ones in it."""
    return " ".join(text.split())


class Vocabulary(tuple[str, ...]):
    """The known words for one field, with synonyms."""

    _by_fold: dict[str, str]
    synonyms: Mapping[str, tuple[str, ...]]
    """Other words of the same meaning, in no particular spelling. A list of a form is also searched
    for related words: see `reference.synonyms`."""

    def __new__(
        cls, *words: str, synonyms: Mapping[str, tuple[str, ...]] | None = None
    ) -> Vocabulary:
        """Return a vocabulary; `synonyms` are other words for some of its words."""
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

    def spelled(self, text: str) -> str:
        """Return the known word that a text means; any other as it is, with single blanks."""
        return self.find(text) or collapsed(text)


def one_spelling(
    texts: Iterable[str | None], spelled: Callable[[str], str] = collapsed
) -> dict[str, str]:
    """Return the spelling of each text, so that words that are equal have equal spellings.

    `spelled` is that of the vocabulary. Of several spellings of an unknown word the first counts.
    """
    first: dict[str, str] = {}
    spellings = {}
    for text in texts:
        if isinstance(text, str) and text not in spellings:
            word = spelled(text)
            spellings[text] = first.setdefault(fold(word), word)
    return spellings


Spellings = Mapping[str, Callable[[str], str]]
"""How a word is spelled, by the field that holds it."""


def respell(record: Any, spellings: Spellings) -> None:
    """Give the words of a frozen record their spelling, by field; for its `__post_init__`.

    Blanks alone are no word: an optional field is then None.
    """
    for name, spelled in spellings.items():
        word = getattr(record, name)
        if isinstance(word, str):
            spelling = spelled(word) or empty_word(type(record), name)
            if spelling != word:
                object.__setattr__(record, name, spelling)


def empty_word(record: type[Any], name: str) -> str | None:
    """Return the value of a field without a word: None if it is optional."""
    return None if record.__dataclass_fields__[name].default is None else ""
