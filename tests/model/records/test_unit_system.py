"""Units SI or conventional: what the table promises, and what a converted value keeps."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.records import unit_system
from model.records.unit_system import UnitSystem
from model.reference import analytes, units
from model.reference.tables import rows
from model.store.casebook import Casebook

SI, CONVENTIONAL, AS_RECORDED = UnitSystem.SI, UnitSystem.CONVENTIONAL, UnitSystem.AS_RECORDED
TABLE = rows("unit_systems.csv")
IN_BOTH = (
    *("inr", "ph", "aptt", "methb", "egfr", "crcl", "crcl24", "mcv", "retic_pct", "blasts"),
    *("hba1c", "hba1c_ifcc", "temp", "weight"),
)
"""One unit is usual in either system."""
ENZYMES = ("ast", "alt", "alp", "ggt", "ldh", "lipase", "amylase", "ck")
"""Printed in U/L by laboratories of either system, though the SI has the katal."""


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["analyte"])
def test_both_units_fit_their_analyte_and_differ(row: dict[str, str]) -> None:
    known = units.units_of(row["analyte"])
    assert row["si"] in known
    assert row["conventional"] in known
    assert row["si"] != row["conventional"]


def test_every_analyte_is_listed_or_left_out_for_a_reason() -> None:
    listed = {row["analyte"] for row in TABLE}
    assert len(listed) == len(TABLE)
    left_out = {analyte.key for analyte in analytes.ANALYTES} - listed
    assert left_out == {*IN_BOTH, *ENZYMES}


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "system", "expected"),
    [
        ("hb", "128", "g/L", CONVENTIONAL, ("12.8", "g/dL")),
        ("hb", "12.8", "g/dL", SI, ("128", "g/L")),
        ("hb", "12.0", "g/dL", SI, ("120", "g/L")),
        ("hb", "12.80", "g/dl", CONVENTIONAL, ("12.80", "g/dL")),
        ("crea", "1.0", "mg/dL", SI, ("88", "µmol/L")),
        ("crea", "0.95", "mg/dL", SI, ("84.0", "µmol/L")),
        ("crea", "97", "umol/L", CONVENTIONAL, ("1.10", "mg/dL")),
        ("ca", "9.4", "mg/dL", SI, ("2.35", "mmol/L")),
        ("gluc", "5.5", "mmol/L", CONVENTIONAL, ("99", "mg/dL")),
        ("bili", "<0.2", "mg/dL", SI, ("<4", "µmol/L")),
        ("crea", ">15", "mg/dL", SI, (">1320", "µmol/L")),
        ("plt", "150", "G/l", CONVENTIONAL, ("150", "×10³/µL")),
        ("cd4", "350", "/uL", SI, ("0.350", "×10⁹/L")),
        ("alt", "35", "U/L", SI, ("35", "U/L")),
        ("hb", "128", "g/l", AS_RECORDED, ("128", "g/l")),
        ("hb", "128", "furlongs", SI, ("128", "furlongs")),
        ("hb", "128", None, SI, ("128", "")),
        ("Neurokinin", "3", "pmol/L", SI, ("3", "pmol/L")),
    ],
)
def test_values_are_shown_in_the_units_of_a_system(
    analyte: str, value: str, unit: str | None, system: UnitSystem, expected: tuple[str, str]
) -> None:
    assert unit_system.value_in(analyte, value, unit, system) == expected


def test_a_decimal_is_shown_as_its_text_is() -> None:
    assert unit_system.value_in("hb", Decimal("12.8"), "g/dL", SI) == ("128", "g/L")


@given(
    row=st.sampled_from(TABLE),
    value=st.decimals("0.01", 5000, places=2),
    there=st.sampled_from(["si", "conventional"]),
)
def test_a_value_there_and_back_is_within_its_last_digit(
    row: dict[str, str], value: Decimal, there: str
) -> None:
    known = units.units_of(row["analyte"])
    written, target = known[row["si"]], known[row["conventional"]]
    if there == "si":
        written, target = target, written
    once = unit_system.convert(value, written, target)
    back = Decimal(unit_system.convert(Decimal(once), target, written))
    assert abs(back - value) <= Decimal("0.01")
    assert "E" not in once


def test_a_casebook_shows_results_as_recorded_until_another_system_is_saved(
    casebook: Casebook,
) -> None:
    assert unit_system.of_casebook(casebook) is AS_RECORDED
    with casebook.step("Show SI units") as step:
        unit_system.save(step, SI)
    assert unit_system.of_casebook(casebook) is SI
    casebook.undo()
    assert unit_system.of_casebook(casebook) is AS_RECORDED


def test_an_unknown_system_is_ignored(casebook: Casebook) -> None:
    from model.store.settings import save_setting

    with casebook.step("Write a setting") as step:
        save_setting(step, unit_system.SETTING, "imperial")
    assert unit_system.of_casebook(casebook) is AS_RECORDED
