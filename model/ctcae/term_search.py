"""A search for CTCAE terms by everyday words.

The words people use for terms are in `resources/ctcae/synonyms.csv`; the terms that are usual in
radioligand therapy are in `usual.csv`, with their rank.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from model.ctcae.terms import Term, terms
from model.reference.tables import rows

_CODE = re.compile(r"c?\d{3,}")
_WORD = re.compile(r"[^\W_]+")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_IGNORED_WORDS = frozenset(["and", "der", "des", "in", "of", "or", "the", "with"])
_RANK_OF_OTHERS = 1_000_000
_MIN_INNER_LENGTH = 4

# How well a term matches, best first; among equal matches the usual terms come first.
_NAME, _SYNONYM, _ONE_PHRASE, _SEVERAL_PHRASES, _INSIDE_A_WORD = range(5)


def search_terms(version: str, text: str, limit: int = 20) -> list[Term]:
    """Return the terms that match a typed text, best first; the usual ones for an empty text.

    Every typed word must begin a word of the term, of one of its synonyms, or its MedDRA or NCIt
    code; a typed word of four letters or more may also be inside a word. Case, accents, British
    spelling and a plural's s make no difference. A whole name, code or synonym comes first, then
    the terms usual in radioligand therapy. A name that only the other version has finds its
    replacement; nothing but this search relates the two versions.
    """
    index = _index(version)
    typed = [_typed_forms(word) for word in _words(text)]
    typed = [forms for forms in typed if not forms & _IGNORED_WORDS] or typed
    if not typed:
        usual = sorted((rank, number) for number, rank in index.usual_ranks.items())
        return [index.terms[number] for _rank, number in usual[:limit]]
    whole = _forms(text)
    ranked = sorted(
        (quality, index.usual_ranks.get(number, _RANK_OF_OTHERS), number)
        for number, quality in _matches(index, typed, whole).items()
    )
    if not (best := ranked[:limit]):
        return []
    # How a term begins is the slowest check: it is only done for those that can be in the result.
    contenders = [
        (quality, rank, index.first_beginning(number, whole), number)
        for quality, rank, number in ranked
        if (quality, rank) <= best[-1][:2]
    ]
    return [index.terms[number] for *_, number in sorted(contenders)[:limit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """Every word that leads to a term of one version.

    A term's number is its index in `terms`. A phrase is a name, code or synonym of one term; its
    number is its index in `phrases`, which holds the term's number and the forms of the phrase.
    `words` are sorted, for searches by beginning; `joined_words` is all of them, each followed by
    a space, for searches inside words.
    """

    terms: tuple[Term, ...]
    usual_ranks: dict[int, int]
    phrases: list[tuple[int, frozenset[str]]]
    phrases_of_term: dict[int, list[int]]
    phrases_with_word: dict[str, set[int]]
    qualities: dict[str, dict[int, int]]
    """How well each term matches a phrase typed as a whole, by form of the phrase and term."""
    words: list[str]
    joined_words: str

    def beginning_with(self, forms: Iterable[str]) -> set[int]:
        """Return the phrases with a word that begins with one of these forms."""
        phrases: set[int] = set()
        for form in forms:
            position = bisect_left(self.words, form)
            while position < len(self.words) and self.words[position].startswith(form):
                word = self.words[position]
                if not _is_code(word) or _is_code(form):
                    phrases |= self.phrases_with_word[word]
                position += 1
        return phrases

    def containing(self, forms: Iterable[str]) -> set[int]:
        """Return the phrases with a word that contains one of these forms, if long enough."""
        phrases: set[int] = set()
        for form in forms:
            if len(form) < _MIN_INNER_LENGTH or _is_code(form):
                continue
            start = self.joined_words.find(form)
            while start >= 0:
                end = self.joined_words.find(" ", start)
                word = self.joined_words[self.joined_words.rfind(" ", 0, start) + 1 : end]
                phrases |= self.phrases_with_word[word]
                start = self.joined_words.find(form, end)
        return phrases

    def terms_of(self, phrases: Iterable[int]) -> set[int]:
        """Return the terms of these phrases."""
        return {self.phrases[phrase][0] for phrase in phrases}

    def first_beginning(self, term: int, whole: frozenset[str]) -> int:
        """Return 0 if the term's name begins with the typed text, 1 if a synonym does, else 2."""
        beginnings = tuple(whole)
        for index, phrase in enumerate(self.phrases_of_term[term]):
            if any(form.startswith(beginnings) for form in self.phrases[phrase][1]):
                return min(index, 1)
        return 2


def _matches(index: _Index, typed: list[frozenset[str]], whole: frozenset[str]) -> dict[int, int]:
    """Return how well each matching term matches, by the term's number."""
    quality_of: dict[int, int] = {}
    for form in whole:
        for number, quality in index.qualities.get(form, {}).items():
            quality_of[number] = min(quality, quality_of.get(number, quality))
    by_word = [index.beginning_with(forms) for forms in typed]
    for number in index.terms_of(set.intersection(*by_word)):
        quality_of.setdefault(number, _ONE_PHRASE)
    for number in set.intersection(*map(index.terms_of, by_word)):
        quality_of.setdefault(number, _SEVERAL_PHRASES)
    inside = [
        index.terms_of(phrases | index.containing(forms))
        for phrases, forms in zip(by_word, typed, strict=True)
    ]
    for number in set.intersection(*inside):
        quality_of.setdefault(number, _INSIDE_A_WORD)
    return quality_of


@cache
def _index(version: str) -> _Index:
    """Return a version's index, built at first use (some 50 ms)."""
    catalogue = terms(version)
    numbers = {term.name: number for number, term in enumerate(catalogue)}
    phrases: list[tuple[int, frozenset[str]]] = []
    phrases_of_term: dict[int, list[int]] = defaultdict(list)
    phrases_with_word: dict[str, set[int]] = defaultdict(set)
    qualities: dict[str, dict[int, int]] = defaultdict(dict)
    for number, phrase, quality in _phrases(catalogue, numbers):
        forms = _forms(phrase)
        phrases_of_term[number].append(len(phrases))
        for form in forms:
            qualities[form][number] = min(quality, qualities[form].get(number, quality))
            for word in form.split():
                phrases_with_word[word].add(len(phrases))
        phrases.append((number, forms))
    return _Index(
        terms=catalogue,
        usual_ranks={
            numbers[row["term"]]: int(row["rank"])
            for row in rows("ctcae/usual.csv")
            if row["term"] in numbers
        },
        phrases=phrases,
        phrases_of_term=phrases_of_term,
        phrases_with_word=phrases_with_word,
        qualities=qualities,
        words=sorted(phrases_with_word),
        joined_words="".join(f"{word} " for word in sorted(phrases_with_word)),
    )


def _phrases(
    catalogue: tuple[Term, ...], numbers: dict[str, int]
) -> Iterator[tuple[int, str, int]]:
    """Yield each name, code and synonym with its term's number and the quality of a whole match.

    A term's name is its first phrase. A row of synonyms belongs to the first of its terms that the
    version has; the names that the version lacks are synonyms too.
    """
    for number, term in enumerate(catalogue):
        yield number, term.name, _NAME
        for code in filter(None, (term.meddra_code, term.ncit_code)):
            yield number, code, _NAME
    for row in rows("ctcae/synonyms.csv"):
        names = row["terms"].split(" | ")
        first = next((numbers[name] for name in names if name in numbers), None)
        if first is not None:
            missing = [name for name in names if name not in numbers]
            for synonym in filter(None, (*row["synonyms"].split(" | "), *missing)):
                yield first, synonym, _SYNONYM


def _is_code(word: str) -> bool:
    return _CODE.fullmatch(word) is not None


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


def _forms(text: str) -> frozenset[str]:
    """Return the spellings under which a text is indexed, words separated by one space.

    They are: without accents ("mudigkeit"), German umlauts written out ("muedigkeit"), and as
    Americans spell what the British write with ae and oe ("anemia").
    """
    joined = " ".join(_words(text))
    american = joined.replace("ae", "e").replace("oe", "e")
    if joined.isascii():
        return frozenset([joined, american])
    plain = _without_accents(joined)
    german = _without_accents(joined.translate(_GERMAN))
    return frozenset([plain, german, _without_accents(american)])


def _typed_forms(word: str) -> frozenset[str]:
    """Return the spellings for which a typed word is searched, with the singular of a plural."""
    forms = _forms(word)
    if len(word) > _MIN_INNER_LENGTH and word.endswith("s") and word[-2] not in "aisu":
        forms |= {form[:-1] for form in forms}
    return forms


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
