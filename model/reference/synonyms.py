"""Synonyms for the codes of vocabularies, and a search for an entry of a list by typing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from model.reference.vocabulary import fold

SYNONYMS: dict[str, tuple[str, ...]] = {
    # Therapies
    "surgery": (
        *("resection", "operation", "debulking", "Whipple", "hepatectomy", "pancreatectomy"),
        "transplantation",
    ),
    "ssa": (
        *("somatostatin analogue", "somatostatin analog", "octreotide", "Sandostatin"),
        *("lanreotide", "Somatuline", "pasireotide"),
    ),
    "chemotherapy": (
        *("CAPTEM", "capecitabine", "temozolomide", "FOLFOX", "FOLFIRI", "streptozocin", "5-FU"),
        *("fluorouracil", "cisplatin", "carboplatin", "etoposide", "doxorubicin", "dacarbazine"),
    ),
    "targeted": (
        *("everolimus", "Afinitor", "sunitinib", "Sutent", "cabozantinib", "pazopanib"),
        *("bevacizumab", "surufatinib", "belzutifan", "tyrosine kinase inhibitor", "TKI"),
        "mTOR inhibitor",
    ),
    "prrt": (
        *("peptide receptor radionuclide therapy", "radioligand therapy", "RLT", "Lutathera"),
        *("177Lu-DOTATATE", "90Y-DOTATOC"),
    ),
    "locoregional": (
        *("TACE", "TAE", "SIRT", "TARE", "chemoembolisation", "chemoembolization"),
        *("radioembolisation", "radioembolization", "embolisation", "embolization", "RFA"),
        *("radiofrequency ablation", "microwave ablation", "cryoablation", "liver-directed"),
    ),
    "radiotherapy": (
        *("EBRT", "RT", "external beam", "irradiation", "radiation", "SBRT", "stereotactic"),
    ),
    "immunotherapy": (
        *("pembrolizumab", "nivolumab", "ipilimumab", "atezolizumab", "checkpoint inhibitor"),
    ),
    "interferon": ("IFN", "peginterferon"),
    "anticoagulation": (
        *("anticoagulant", "warfarin", "phenprocoumon", "vitamin K antagonist", "VKA", "DOAC"),
        *("NOAC", "apixaban", "rivaroxaban", "edoxaban", "dabigatran", "heparin", "LMWH"),
        *("enoxaparin", "dalteparin", "fondaparinux"),
    ),
    # Sites
    "pancreas": ("pancreatic", "PanNET", "pNET"),
    "small_bowel": ("small intestine", "ileum", "ileal", "jejunum", "jejunal", "midgut", "siNET"),
    "colorectum": ("colorectal", "colon", "rectum", "rectal", "large bowel", "hindgut"),
    "stomach": ("gastric",),
    "duodenum": ("duodenal",),
    "appendix": ("appendiceal",),
    "lung": ("pulmonary", "bronchus", "bronchial"),
    "thymus": ("thymic",),
    "paraganglioma": ("PGL",),
    "phaeochromocytoma": ("pheochromocytoma", "PCC"),
    "liver": ("hepatic",),
    "lymph_node": ("LN", "nodal"),
    "bone": ("osseous", "skeletal"),
    "peritoneum": ("peritoneal", "carcinomatosis"),
    "ovary": ("ovarian",),
    "heart": ("cardiac",),
    "adrenal": ("suprarenal",),
    "brain": ("cerebral", "CNS"),
    "skin": ("cutaneous",),
    # Histology
    "rebiopsy": ("re-biopsy", "repeat biopsy"),
    "NEC": ("neuroendocrine carcinoma", "poorly differentiated"),
    # Course
    "dead": ("died", "deceased", "death"),
    "unknown": ("not known", "lost to follow-up"),
    "end_of_treatment": ("EOT",),
    "follow_up": ("FU",),
    "intravenous": ("iv", "i.v."),
    "intra-arterial": ("ia", "i.a."),
    "MRI": ("magnetic resonance", "MR"),
    "CT": ("computed tomography",),
    "18F-FDG PET/CT": ("fluorodeoxyglucose",),
    "68Ga-DOTATATE PET/CT": ("NETSPOT", "somatostatin receptor", "SSTR"),
}
"""Other words for each code of a vocabulary."""

MIN_PART_LENGTH = 3
"""A text shorter than this is searched at the beginning of words only, not within them."""

_EXACT, _BEGINNING, _WORDS, _SYNONYM, _WITHIN, _NO_MATCH = range(6)


@dataclass(frozen=True, slots=True)
class Match:
    """A matching entry: its index in the list, and the synonym that matches, if it is one."""

    index: int
    synonym: str = ""
    is_exact: bool = False
    """Whether the whole text is the label or the code of the entry."""


def find(
    text: str,
    entries: Sequence[tuple[object, str]],
    vocabulary_synonyms: Mapping[str, tuple[str, ...]] | None = None,
) -> list[Match]:
    """Return the entries `(code, label)` that match a text, the best first.

    `vocabulary_synonyms` are those of the entries' own vocabulary, in addition to `SYNONYMS`.

    First comes an entry whose label or code is the text, then those whose label or code begins with
    it. Then come labels, and after them synonyms, in which every typed word begins a word; last
    those that contain the text. Case, accents, hyphens and underscores make no difference. A text
    without letters or digits matches nothing.
    """
    typed = _Words.of(text)
    ranked: list[tuple[int, Match]] = []
    for index, (code, label) in enumerate(entries):
        names = [label, code] if isinstance(code, str) else [label]
        ranks = [(_rank(typed, _Words.of(name)), "") for name in names]
        ranks += [
            (max(_rank(typed, _Words.of(synonym)), _SYNONYM), synonym)
            for synonym in (
                *SYNONYMS.get(str(code), ()),
                *(vocabulary_synonyms or {}).get(str(code), ()),
            )
        ]
        rank, synonym = min(ranks, key=lambda pair: pair[0])
        if rank < _NO_MATCH:
            ranked.append((rank, Match(index, synonym, rank == _EXACT)))
    ranked.sort(key=lambda pair: pair[0])
    return [match for _quality, match in ranked]


@dataclass(frozen=True, slots=True)
class _Words:
    """A text without punctuation, its words, and the parts whose beginnings are compared."""

    whole: str
    words: tuple[str, ...]
    parts: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "_Words":
        """Take a text apart: `177Lu-DOTATATE` has the parts 177Lu, 177, Lu and DOTATATE."""
        words = tuple(fold(word) for word in re.findall(r"[^\W_]+", text))
        parts = tuple(part for word in words for part in re.findall(r"\d+|[^\W\d_]+", word))
        return cls("".join(words), words, (*words, *parts))


def _rank(typed: _Words, name: _Words) -> int:
    """Return how well a typed text matches a name; the lower, the better."""
    if not typed.whole:
        return _NO_MATCH
    if typed.whole == name.whole:
        return _EXACT
    if name.whole.startswith(typed.whole):
        return _BEGINNING
    if all(any(part.startswith(word) for part in name.parts) for word in typed.words):
        return _WORDS
    is_within = len(typed.whole) >= MIN_PART_LENGTH and typed.whole in name.whole
    return _WITHIN if is_within else _NO_MATCH
