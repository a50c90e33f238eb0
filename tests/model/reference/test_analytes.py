import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from model.reference.analytes import ANALYTES, find, fold, states_fasting

REFERENCE = Path(__file__).parents[2] / "files" / "lab_analytes.csv"
FACTS = list(csv.DictReader(REFERENCE.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("HB", "hb"), ("hb", "hb"), ("Haemoglobin", "hb"), ("Hemoglobin", "hb"), ("718-7", "hb"),
        ("Hämoglobin", "hb"), ("emoglobina", "hb"), ("PLT", "plt"), ("Platelet count", "plt"),
        ("Thrombozyten", "plt"), ("piastrine", "plt"), ("777-3", "plt"), ("WBC", "wbc"),
        ("white blood cells", "wbc"), ("ANC", "anc"), ("Neutrophils", "anc"), ("751-8", "anc"),
        ("CREA", "crea"), ("creatinine", "crea"), ("14682-9", "crea"), ("SGPT", "alt"),
        ("GPT", "alt"), ("GOT", "ast"), ("γ-GT", "ggt"), ("Gamma GT", "ggt"), ("  k ", "k"),
        ("Kalium", "k"), ("iCa", "ca_ion"), ("corrected calcium", "ca_corr"), ("Ca", "ca"),
        ("2000-8", "ca"), ("CPK", "ck"), ("Harnsäure", "urate"), ("uric acid", "urate"),
        ("eGFR", "egfr"), ("CrCl", "crcl"), ("Cromogranina A", "cga"),
        ("5-HIAA, serum/plasma", "hiaa_p"), ("38483-4", "crea"), ("2947-0", "na"),
        ("6298-4", "k"), ("49765-1", "ca"), ("2339-0", "gluc"), ("20565-8", "hco3"),
        ("Fasting glucose", "gluc"), ("1558-6", "gluc"), ("CRP", "crp"), ("PCR", "crp"),
        ("Monozyten", "mono"), ("basophils", "baso"), ("711-2", "eos"), ("Ematocrito", "hct"),
        ("MCV", "mcv"), ("Reticulocytes", "retic"), ("Reticulocytes %", "retic_pct"),
        ("Blasts", "blasts"), ("Gesamteiweiss", "prot"), ("TSH", "tsh"), ("3016-3", "tsh"),
        ("HbA1c", "hba1c"), ("59261-8", "hba1c_ifcc"), ("Ferritin", "ferr"),
        ("Gastrin", "gast"), ("Insulin", "insulin"), ("Glucagon", "glucagon"), ("VIP", "vip"),
        ("Calcitonin", "calcitonin"), ("NT-proBNP", "ntprobnp"), ("33762-6", "ntprobnp"),
        ("UPCR", "upcr"), ("Body temperature", "temp"), ("8310-5", "temp"),
    ],
)  # fmt: skip
def test_an_analyte_is_found_by_key_name_synonym_or_code(text, key):
    assert find(text).key == key


@pytest.mark.parametrize(
    "text", ["", "XYZ", "neutrophils %", "770-8", "hb1", "Granulocytes", "20482-6"]
)
def test_an_unknown_name_is_not_found(text):
    assert find(text) is None


@pytest.mark.parametrize("text", ["Fasting glucose", "1558-6", "glicemia a digiuno", "FPG"])
def test_a_name_may_say_that_the_sample_was_taken_fasting(text):
    assert states_fasting(text)
    assert find(text).key == "gluc"


@pytest.mark.parametrize("text", ["Glucose", "2345-7", "Insulin", "", "Fasting"])
def test_other_names_do_not_say_so(text):
    assert not states_fasting(text)


def test_no_name_belongs_to_two_analytes():
    owners = defaultdict(set)
    for analyte in ANALYTES:
        for name in (
            *(analyte.key, analyte.name, *analyte.synonyms, *analyte.loinc, *analyte.fasting),
        ):
            owners[fold(name)].add(analyte.key)
    assert {name: keys for name, keys in owners.items() if len(keys) > 1} == {}


def test_every_analyte_has_its_canonical_unit_and_a_plausible_range_around_its_default_limits():
    for analyte in ANALYTES:
        assert analyte.units[analyte.unit].factor == 1
        low, high = analyte.plausible
        assert low < high
        for limits in (analyte.default_f, analyte.default_m):
            if limits:
                factor = analyte.units[limits.unit].factor
                for limit in filter(None, (limits.low, limits.high)):
                    assert low <= Decimal(float(factor)) * limit <= high, analyte.key


def test_default_limits_are_by_sex():
    assert find("hb").default_limits("F").low == Decimal("12.0")
    assert find("hb").default_limits("M").low == Decimal("13.5")
    assert find("crcl").default_limits("M") is None
    assert find("egfr").default_limits("F").high is None


def test_without_f_or_m_default_limits_are_those_that_both_sexes_share():
    for analyte in ANALYTES:
        shared = analyte.default_f if analyte.default_f == analyte.default_m else None
        assert analyte.default_limits("X") == analyte.default_limits(None) == shared


def test_default_limits_are_converted_to_another_unit_and_unknown_in_a_wrong_one():
    limits = find("hb").default_limits_in("g/L", "F")
    assert (limits.low, limits.unit) == (Decimal("120.0"), "g/L")
    assert find("hb").default_limits_in("g/dL", "F").low == Decimal("12.0")
    assert find("hb").default_limits_in("mmHg", "F") is None


@pytest.mark.parametrize("row", FACTS, ids=[row["key"] for row in FACTS])
def test_every_fact_of_the_reference_table_is_kept(row):
    analyte = find(row["key"])
    assert analyte.key == row["key"]
    assert analyte.name == row["name"]
    codes = {row["loinc_conventional"], row["loinc_si"]} - {""}
    assert codes <= set(analyte.loinc)
    conventional = analyte.units[row["unit_conventional_ucum"]]
    si = analyte.units[row["unit_si_ucum"]]
    factor = float(conventional.factor / si.factor)
    assert factor == pytest.approx(float(row["factor_conv_to_si"]), rel=3e-5)
    for sex, limits in (("F", analyte.default_f), ("M", analyte.default_m)):
        low, _, high = row[f"default_ref_{sex}"].partition("-")
        if high and high.split()[0].replace(".", "").isdigit():
            assert (limits.low, limits.high) == (Decimal(low), Decimal(high.split()[0]))
            assert limits.unit == row["default_ref_unit"]
