from decimal import Decimal

import pytest

from model.reference.analytes import ANALYTES, find, to_canonical
from model.reference.units import display_unit, fold, parse


@pytest.mark.parametrize(
    "text",
    [
        "10*9/L", "10^9/L", "10^9/l", "x10E9/L", "x10^9/l", "×10⁹/L", "10⁹/L", "x 10^9/L",
        "10e9/L", "10E+09/L", "10**9/L", "10(9)/L", "10 9/L", "G/L", "G/l", "Giga/L", "giga/l",
        "Gpt/L",
    ],
)  # fmt: skip
def test_giga_per_litre_is_read_however_it_is_printed(text):
    for key in ("plt", "wbc", "anc", "alc", "eos", "cd4"):
        assert parse(key, text).ucum == "10*9/L"


@pytest.mark.parametrize(
    "text",
    [
        "K/uL", "K/µL", "k/μl", "10*3/uL", "10^3/µL", "10³/µl", "x10E3/uL", "thou/uL", "Tsd/µl",
        "10*3/mm3", "10^3/mm³", "K/mm3", "x 10^3/mmc", "10^3/mcL",
    ],
)  # fmt: skip
def test_thousands_per_microlitre_are_read_however_they_are_printed(text):
    assert parse("plt", text).ucum == "10*3/uL"


@pytest.mark.parametrize(
    "text", ["/uL", "/µl", "/mm3", "/mm³", "/mm^3", "cells/mm3", "1/µL", "/cmm"]
)
def test_cells_per_microlitre_are_a_thousandth_of_giga_per_litre(text):
    assert to_canonical(find("plt"), Decimal(44000), text) == 44


@pytest.mark.parametrize("text", ["g/L", "g/l", "T/L", "10*3/dL", "mg/dL", "", "10*9/dL", "plt"])
def test_a_unit_that_does_not_fit_a_count_is_unknown(text):
    assert parse("plt", text) is None


def test_capital_g_per_litre_is_never_grams():
    assert parse("hb", "G/L") is None
    assert parse("hb", "G/l") is None
    assert parse("hb", "g/L").ucum == "g/L"
    assert parse("alb", "G/L") is None


@pytest.mark.parametrize(
    ("key", "text", "ucum"),
    [
        ("hb", "g/dl", "g/dL"), ("hb", "G/DL", "g/dL"), ("hb", "g%", "g/dL"),
        ("hb", "mmol/l", "mmol/L"), ("crea", "µmol/L", "umol/L"), ("crea", "μmol/l", "umol/L"),
        ("crea", "umol/l", "umol/L"), ("crea", "MG/DL", "mg/dL"), ("ast", "IU/L", "U/L"),
        ("ast", "[iU]/L", "U/L"), ("ast", "µkat/l", "ukat/L"), ("na", "mEq/L", "meq/L"),
        ("inr", "", "{INR}"), ("inr", "INR", "{INR}"), ("inr", "1", "{INR}"), ("ph", "", "[pH]"),
        ("egfr", "mL/min/1.73m²", "mL/min/{1.73_m2}"), ("uprot24", "g/24h", "g/(24.h)"),
        ("aptt", "sec", "s"), ("rbc", "T/L", "10*12/L"), ("methb", "%", "%"),
    ],
)  # fmt: skip
def test_spellings_of_other_units(key, text, ucum):
    assert parse(key, text).ucum == ucum


@pytest.mark.parametrize(
    ("key", "text"),
    [("hb", "10*9/L"), ("crea", "g/dL"), ("cga", "nmol/L"), ("egfr", "mL/min"), ("k", ""),
     ("ast", "mg/dL"), ("crcl", "mL/min/1.73m2"), ("methb", "")],
)  # fmt: skip
def test_a_unit_that_does_not_fit_its_analyte_is_unknown(key, text):
    assert parse(key, text) is None


def test_every_unit_of_every_analyte_is_recognised_by_its_code_and_as_it_is_shown():
    for analyte in ANALYTES:
        for ucum, unit in analyte.units.items():
            assert parse(analyte.key, ucum) is unit
            assert parse(analyte.key, unit.symbol) is unit, (analyte.key, unit.symbol)
            assert unit.factor > 0
            assert unit.source


@pytest.mark.parametrize(
    ("key", "value", "unit", "canonical"),
    [
        ("hb", "125", "g/L", "12.5"), ("alb", "3.5", "g/dL", "35"), ("ast", "1", "ukat/L", "60"),
        ("na", "140", "mEq/L", "140"), ("crea", "88.4", "umol/L", "1"),
        ("bili", "17.1", "umol/L", "1"), ("hb", "6.206", "mmol/L", "10"),
        ("ca", "2.495", "mmol/L", "10"), ("gluc", "5.551", "mmol/L", "100"),
        ("bun", "3.57", "mmol/L", "10"), ("urea", "1.665", "mmol/L", "10"),
        ("ca_ion", "10", "mg/dL", "2.495"), ("mg", "0.8228", "mEq/L", "1"),
        ("uprot24", "1500", "mg/24h", "1.5"), ("plt", "150000", "10*3/mL", "150"),
        ("hct", "0.42", "L/L", "42"), ("crp", "1.2", "mg/dL", "12"), ("prot", "7", "g/dL", "70"),
        ("tsh", "2.5", "µIU/mL", "2.5"), ("tsh", "2.5", "mU/L", "2.5"),
        ("ferr", "2.247", "pmol/L", "1"), ("gast", "0.481", "pmol/L", "1"),
        ("insulin", "60", "pmol/L", "10"), ("upcr", "0.5", "g/g", "500"),
        ("upcr", "100", "mg/mmol", "884"), ("mcv", "90", "µm³", "90"),
        ("retic", "0.05", "10*12/L", "50"), ("retic_pct", "12", "‰", "1.2"),
        ("weight", "100", "lb", "45.359237"), ("temp", "38.5", "°C", "38.5"),
    ],
)  # fmt: skip
def test_conversion_to_the_canonical_unit(key, value, unit, canonical):
    assert to_canonical(find(key), Decimal(value), unit) == Decimal(canonical)


def test_conversion_of_an_unknown_unit_gives_nothing():
    assert to_canonical(find("plt"), Decimal(44), "g/L") is None


def test_units_are_shown_as_printed():
    assert display_unit("10*9/L") == "×10⁹/L"
    assert display_unit("umol/L") == "µmol/L"
    assert find("plt").display_unit() == "×10⁹/L"
    assert display_unit("furlong") == "furlong"


def test_folding_twice_changes_nothing():
    for analyte in ANALYTES:
        for unit in analyte.units.values():
            assert fold(fold(unit.symbol)) == fold(unit.symbol)
