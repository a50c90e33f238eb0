"""The CTCAE terms of both versions, and a search by everyday words.

The catalogues are in `resources/ctcae/terms.csv` (NCI: CTCAE 5.0 of 2017 with MedDRA 20.1
codes, 837 terms; CTCAE 6.0 of 2025 with MedDRA 28.0 codes, 850 terms), the words people use for
them in `synonyms.csv`, and those usual in radioligand therapy, in order, in `usual.csv`.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from model.reference.tables import rows
from model.reference.vocabulary import Vocabulary, collapsed, fold

VERSIONS = Vocabulary(
    "5.0", "6.0", synonyms={"5.0": ("5", "v5", "v5.0"), "6.0": ("6", "v6", "v6.0")}
)

_CODE = re.compile(r"c?\d{3,}")
_WORD = re.compile(r"[^\W_]+")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# Words that a search ignores.
_EMPTY_WORDS = frozenset(["and", "der", "des", "in", "of", "or", "the", "with"])
_NOT_USUAL = 1_000_000
_MIN_INNER = 4

# How well a term matches, best first; within one of these the usual terms come first.
_NAME, _SYNONYM, _ONE_PHRASE, _SEVERAL_PHRASES, _INSIDE_A_WORD = range(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of one CTCAE version, with the grades that exist for it: no others are offered."""

    version: str
    soc: str
    name: str
    meddra_code: str
    ncit_code: str
    grades: tuple[int, ...]


@cache
def terms(version: str) -> tuple[Term, ...]:
    """Return all terms of "5.0" or "6.0" in NCI's order; raises ValueError for other versions."""
    if version not in VERSIONS:
        raise ValueError(f"There is no CTCAE version {version!r}.")
    return tuple(
        Term(
            version=version,
            soc=row["soc"],
            name=row["term"],
            meddra_code=row["meddra_code"],
            ncit_code=row["ncit_code"],
            grades=tuple(map(int, row["grades"])),
        )
        for row in rows("ctcae/terms.csv")
        if row["version"] == version
    )


def find_term(version: str, name: str) -> Term | None:
    """Return the term of this name; None if the version has no such term.

    Case, blanks, hyphens and punctuation make no difference.
    """
    return _by_name(version).get(fold(name))


def spelled_term(version: str, name: str) -> str:
    """Return a term as its version spells it; an unknown one as it is, with single blanks."""
    term = find_term(version, name) if version in VERSIONS else None
    return term.name if term else collapsed(name)


def search(version: str, text: str, limit: int = 20) -> list[Term]:
    """Return the terms that match a typed text, best first; the usual ones for an empty text.

    Every word typed must begin a word of the term, of one of its synonyms, or its MedDRA or NCIt
    code; from four letters on it may also be inside a word. Case, accents, British spelling and a
    plural's s make no difference. A whole name, code or synonym comes first, then the terms usual
    in radioligand therapy. A name that only the other version has leads to its replacement; only
    this search relates the two versions.
    """
    index = _index(version)
    typed = [_typed_forms(word) for word in _words(text)]
    typed = [forms for forms in typed if not forms & _EMPTY_WORDS] or typed
    if not typed:
        answers = [(rank, number) for number, rank in index.usual.items()]
        return [index.terms[number] for _, number in sorted(answers)[:limit]]
    whole = _forms(text)
    ranked = sorted(
        (quality, index.usual.get(number, _NOT_USUAL), number)
        for number, quality in _answers(index, typed, whole).items()
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

    Terms are numbered by their index in `terms`; a phrase is a name, code or synonym of one term.
    `words` are sorted for searches by beginning; `text` is all of them, one space after each, for
    searches inside words.
    """

    terms: tuple[Term, ...]
    usual: dict[int, int]
    phrases: list[tuple[int, frozenset[str]]]
    of_term: dict[int, list[int]]
    whole: dict[str, dict[int, int]]
    words: list[str]
    text: str
    phrases_of: dict[str, set[int]]

    def beginning_with(self, forms: Iterable[str]) -> set[int]:
        """Return the phrases with a word that begins with one of these forms."""
        phrases: set[int] = set()
        for form in forms:
            at = bisect_left(self.words, form)
            while at < len(self.words) and self.words[at].startswith(form):
                if not _is_code(self.words[at]) or _CODE.fullmatch(form):
                    phrases |= self.phrases_of[self.words[at]]
                at += 1
        return phrases

    def containing(self, forms: Iterable[str]) -> set[int]:
        """Return the phrases with a word that contains one of these forms, if long enough."""
        phrases: set[int] = set()
        for form in forms:
            if len(form) < _MIN_INNER or _is_code(form):
                continue
            at = self.text.find(form)
            while at >= 0:
                end = self.text.find(" ", at)
                word = self.text[self.text.rfind(" ", 0, at) + 1 : end]
                phrases |= self.phrases_of[word]
                at = self.text.find(form, end)
        return phrases

    def terms_of(self, phrases: Iterable[int]) -> set[int]:
        """Return the terms of these phrases."""
        return {self.phrases[phrase][0] for phrase in phrases}

    def first_beginning(self, number: int, whole: frozenset[str]) -> int:
        """Return 0 if the term's name begins with the typed text, 1 if a synonym does, else 2."""
        starts = tuple(whole)
        for index, phrase in enumerate(self.of_term[number]):
            if any(form.startswith(starts) for form in self.phrases[phrase][1]):
                return min(index, 1)
        return 2


def _answers(index: _Index, typed: list[frozenset[str]], whole: frozenset[str]) -> dict[int, int]:
    """Return how well each matching term matches, by the term's number."""
    quality_of: dict[int, int] = {}
    for form in whole:
        for number, quality in index.whole.get(form, {}).items():
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
def _by_name(version: str) -> dict[str, Term]:
    return {fold(term.name): term for term in terms(version)}


@cache
def _index(version: str) -> _Index:
    """Return a version's index, built at first use (some 50 ms)."""
    listed = terms(version)
    numbers = {term.name: number for number, term in enumerate(listed)}
    phrases: list[tuple[int, frozenset[str]]] = []
    of_term: dict[int, list[int]] = defaultdict(list)
    whole: dict[str, dict[int, int]] = defaultdict(dict)
    phrases_of: dict[str, set[int]] = defaultdict(set)
    for number, phrase, quality in _phrases(listed, numbers):
        forms = _forms(phrase)
        of_term[number].append(len(phrases))
        for form in forms:
            whole[form][number] = min(quality, whole[form].get(number, quality))
            for word in form.split():
                phrases_of[word].add(len(phrases))
        phrases.append((number, forms))
    return _Index(
        terms=listed,
        usual={
            numbers[row["term"]]: int(row["rank"])
            for row in rows("ctcae/usual.csv")
            if row["term"] in numbers
        },
        phrases=phrases,
        of_term=of_term,
        whole=whole,
        words=sorted(phrases_of),
        text="".join(f"{word} " for word in sorted(phrases_of)),
        phrases_of=phrases_of,
    )


def _phrases(listed: tuple[Term, ...], numbers: dict[str, int]) -> Iterator[tuple[int, str, int]]:
    """Yield each name, code and synonym with its term's number and the quality of a whole match.

    A term's name is its first phrase. A row of synonyms belongs to the first of its terms that the
    version has; the names that it lacks are synonyms too.
    """
    for number, term in enumerate(listed):
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
    """Return the spellings for which a text is indexed, words separated by one space.

    Without accents ("mudigkeit"), in German without umlauts ("muedigkeit"), and as Americans
    spell what the British write with ae and oe ("anemia").
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
    if len(word) > _MIN_INNER and word.endswith("s") and word[-2] not in "aisu":
        forms |= {form[:-1] for form in forms}
    return forms


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
