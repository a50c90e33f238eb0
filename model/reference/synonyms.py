"""Other words for the codes of vocabularies, and how an entry of a list is found by typing."""

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
"""For each code of a vocabulary, what else people call it."""

SHORTEST_PART = 3
"""A part from within a word finds an entry only from so many letters on."""

_EXACT, _BEGINS, _WORDS, _SYNONYM, _WITHIN, _NOT = range(6)


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that was found: its index in the list, and the synonym that it was found by."""

    index: int
    synonym: str = ""
    is_exact: bool = False
    """Whether the whole text is the label or the code of the entry."""


def find(
    text: str,
    entries: Sequence[tuple[object, str]],
    more: Mapping[str, tuple[str, ...]] | None = None,
) -> list[Match]:
    """Return the entries `(code, label)` that a text may mean, the best first.

    `more` are synonyms of the vocabulary of the entries, beside those here.

    The label or code itself comes before labels that begin so, then labels and then synonyms of
    which every typed word begins a word, then those that contain the text. Case, accents, hyphens
    and underscores make no difference. A text without letters or digits means no entry.
    """
    typed = _Words.of(text)
    ranked: list[tuple[int, Match]] = []
    for index, (code, label) in enumerate(entries):
        names = [label, code] if isinstance(code, str) else [label]
        ranks = [(_rank(typed, _Words.of(name)), "") for name in names]
        ranks += [
            (max(_rank(typed, _Words.of(synonym)), _SYNONYM), synonym)
            for synonym in (*SYNONYMS.get(str(code), ()), *(more or {}).get(str(code), ()))
        ]
        rank, synonym = min(ranks, key=lambda pair: pair[0])
        if rank < _NOT:
            ranked.append((rank, Match(index, synonym, rank == _EXACT)))
    ranked.sort(key=lambda pair: pair[0])
    return [match for _rank_of, match in ranked]


@dataclass(frozen=True, slots=True)
class _Words:
    """A text without marks, its words, and the parts that it can be found by the beginning of."""

    whole: str
    words: tuple[str, ...]
    parts: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "_Words":
        """Take a text apart: `177Lu-DOTATATE` has the parts 177Lu, 177, Lu and DOTATATE."""
        words = tuple(fold(word) for word in re.findall(r"[^\W_]+", text))
        parts = tuple(part for word in words for part in re.findall(r"\d+|[^\W\d_]+", word))
        return cls("".join(words), words, (*words, *parts))


def _rank(typed: _Words, named: _Words) -> int:
    """Return how well a typed text fits a name."""
    if not typed.whole:
        return _NOT
    if typed.whole == named.whole:
        return _EXACT
    if named.whole.startswith(typed.whole):
        return _BEGINS
    if all(any(part.startswith(word) for part in named.parts) for word in typed.words):
        return _WORDS
    is_within = len(typed.whole) >= SHORTEST_PART and typed.whole in named.whole
    return _WITHIN if is_within else _NOT
