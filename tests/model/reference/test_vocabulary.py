"""A word has one spelling, however it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.records.administrations import ROUTES
from model.records.assessments import CRITERIA, MODALITIES, RESPONSES, TIMEPOINTS
from model.records.biopsies import DIFFERENTIATIONS, EVENTS, METASTASIS_SITES, PRIMARY_SITES
from model.records.followups import CAUSES, STATUSES
from model.records.patients import DISEASE_STATUSES, SEXES, SYNDROMES
from model.records.therapies import BEST_RESPONSES, CATEGORIES
from model.records.toxicities import ATTRIBUTIONS, OUTCOMES, PHASES
from model.reference import nuclides
from model.reference.activities import UNITS
from model.reference.agent_names import LIGANDS, spell_agent, spell_ligand
from model.reference.vocabulary import Vocabulary, collapse_blanks, fold, one_spelling

ALL = (
    *(LIGANDS, ROUTES, CRITERIA, MODALITIES, RESPONSES, TIMEPOINTS, DIFFERENTIATIONS, EVENTS),
    *(METASTASIS_SITES, PRIMARY_SITES, CAUSES, STATUSES, DISEASE_STATUSES, SEXES, SYNDROMES),
    *(BEST_RESPONSES, CATEGORIES, ATTRIBUTIONS, OUTCOMES, PHASES, UNITS),
)


@pytest.mark.parametrize("words", ALL)
def test_a_known_word_is_known_in_any_case_and_with_blanks(words: Vocabulary) -> None:
    for word in words:
        for written in (
            word.upper(),
            word.title(),
            f"  {word} ",
            word.replace("_", " "),
            word.replace("_", "-"),
            word.replace(" ", "_"),
            word.replace("_", "  ").capitalize(),
        ):
            assert words.spell(written) == word


@pytest.mark.parametrize("words", ALL)
def test_no_synonym_has_two_meanings(words: Vocabulary) -> None:
    names = [fold(word) for word in words]
    for word, others in words.synonyms.items():
        assert word in words
        names += {fold(other) for other in others} - {fold(word)}
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "written",
    [
        *("177Lu", "Lu-177", "177-Lu", "lu177", "LU 177", "Lutetium-177", "lutetium 177"),
        *("[177Lu]Lu", "Lutetium (177Lu)", "Lutetium Lu 177"),
        *("[177Lu]", "¹⁷⁷Lu", "Lu–177", " 177 Lu ", "lu_177"),
    ],
)
def test_lutetium_is_known_however_it_is_written(written: str) -> None:
    assert nuclides.spell(written) == "177Lu"


@pytest.mark.parametrize("name", nuclides.nuclides())
def test_every_nuclide_is_known_with_its_element_first(name: str) -> None:
    element = name.lstrip("0123456789").removeprefix("m") or name
    mass = name.removesuffix(element)
    for written in (f"{element}-{mass}", f"{mass}-{element}", f"{element}{mass}".lower()):
        assert nuclides.spell(written) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Technetium-99m", "99mTc"),
        ("actinium 225", "225Ac"),
        ("Iodine-131", "131I"),
        ("lead-212", "212Pb"),
        ("Lutetium-177m", "177mLu"),
        ("unobtainium-999", "unobtainium-999"),
        ("  of  its own ", "of its own"),
    ],
)
def test_other_nuclides(written: str, name: str) -> None:
    assert nuclides.spell(written) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("dotatate", "DOTATATE"),
        ("DOTA-TATE", "DOTATATE"),
        ("Dota Tate", "DOTATATE"),
        ("177Lu-DOTATATE", "DOTATATE"),
        ("[177Lu]Lu-DOTATATE", "DOTATATE"),
        ("Lu-177 dotatate", "DOTATATE"),
        ("dota lm3", "DOTA-LM3"),
        ("psma617", "PSMA-617"),
        ("PSMA I & T", "PSMA-I&T"),
        ("new  one", "new one"),
    ],
)
def test_ligands(written: str, name: str) -> None:
    assert spell_ligand(written) == name


def test_an_agent_has_one_name() -> None:
    written = (
        *("177Lu-DOTATATE", "Lu-177-DOTATATE", "lu177 dotatate", "[177Lu] DOTA-TATE"),
        *("[177Lu]Lu-DOTATATE", "[177Lu] Lu-DOTATATE", "Lutetium (177Lu) oxodotreotide"),
    )
    assert {spell_agent(text) for text in written} == {"177Lu-DOTATATE"}
    assert spell_agent("Lu-177") == "177Lu"


def test_unknown_words_that_are_equal_get_the_first_spelling() -> None:
    texts = ["Left kidney", "left kidney ", "LEFT_KIDNEY", "Liver", None, "spleen"]
    spellings = one_spelling(texts, METASTASIS_SITES.spell)
    assert [spellings.get(text or "") for text in texts] == [
        *("Left kidney", "Left kidney", "Left kidney", "liver", None, "spleen"),
    ]


@given(st.text())
def test_a_spelling_is_its_own_spelling(text: str) -> None:
    for words in (LIGANDS, METASTASIS_SITES):
        spelled = words.spell(text)
        assert words.spell(spelled) == spelled
    assert fold(collapse_blanks(text)) == fold(text)
