"""Which values and limits can be right in their unit."""

from decimal import Decimal

import pytest

from model.reference.analytes import ANALYTES
from model.reference.plausibility import (
    ANY,
    NONE,
    is_plausible_limit,
    plausible_values,
    unquestioned_values,
)


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "holds"),
    [
        ("hb", 12.8, "g/dL", True),
        ("hb", 128, "g/dL", False),
        ("hb", 128, "g/L", True),
        ("hb", 13, "g/L", False),
        ("hb", 0, "g/dL", False),
        ("hb", 2, "g/dL", True),
        ("hb", 20, "g/L", True),
        ("hb", 25, "g/dL", True),
        ("hb", 250, "g/L", True),
        ("plt", 45, "10*9/L", True),
        ("plt", 45000, "10*9/L", False),
        ("plt", 45000, "/uL", True),
        ("plt", 45, "/uL", False),
        # A patient whose count is low is the one that must not pass.
        ("wbc", 900, "10*9/L", False),
        ("anc", 400, "10*9/L", False),
        ("alc", 300, "10*9/L", False),
        ("anc", 0, "10*9/L", True),
        ("anc", 0.01, "10*9/L", True),
        ("anc", 2.5, "/uL", False),
        ("anc", 2500, "/uL", True),
        ("crea", 0.9, "mg/dL", True),
        ("crea", 88, "mg/dL", False),
        ("crea", 0.9, "umol/L", False),
        ("alb", 29, "g/dL", False),
        ("alb", 4, "g/L", False),
        ("ca", 9.4, "mmol/L", False),
        ("k", 42, "mmol/L", False),
        ("inr", 1.1, "", True),
        ("inr", 110, "", False),
    ],
)
def test_a_value_is_plausible_in_its_unit(
    analyte: str, value: float, unit: str, holds: bool
) -> None:
    assert plausible_values(analyte, unit).holds(value) is holds


def test_nothing_is_known_of_an_unknown_analyte_or_unit() -> None:
    assert plausible_values("Neurokinin", "pg/mL") is ANY
    assert plausible_values("hb", "10*9/L") is ANY
    assert plausible_values("hb", "") is ANY


@pytest.mark.parametrize(
    ("analyte", "limit", "unit", "upper", "holds"),
    [
        ("wbc", "4.000", "/uL", False, False),
        ("wbc", "4000", "/uL", False, True),
        ("anc", "1.5", "/uL", False, False),
        ("plt", "150", "/uL", False, False),
        ("hb", "12", "g/L", False, False),
        ("hb", "120", "g/dL", False, False),
        ("crea", "1.1", "umol/L", True, False),
        ("bili", "1.2", "umol/L", True, False),
        ("bili", "21", "umol/L", True, True),
        ("bili", "0", "mg/dL", False, True),
        ("ast", "35", "ukat/L", True, False),
        ("ast", "0.6", "ukat/L", True, True),
        ("alp", "300", "U/L", True, True),
        ("eos", "0", "10*9/L", False, True),
        ("cga", "100", "ug/L", True, True),
    ],
)
def test_a_limit_must_fit_its_unit(
    analyte: str, limit: str, unit: str, upper: bool, holds: bool
) -> None:
    assert is_plausible_limit(analyte, unit, Decimal(limit), upper=upper) is holds


def test_with_a_limit_that_does_not_fit_no_value_can_be_judged() -> None:
    assert unquestioned_values("wbc", "/uL", Decimal("4.000"), None) is NONE
    assert unquestioned_values("wbc", "/uL", Decimal("4000"), None).holds(3500)


def test_customary_limits_are_plausible_in_every_unit() -> None:
    for analyte in ANALYTES:
        for unit in analyte.units:
            for sex in ("F", "M"):
                limits = analyte.default_limits_in(unit, sex)
                for limit, upper in ((limits.low, False), (limits.high, True)) if limits else ():
                    if limit is not None:
                        assert is_plausible_limit(analyte.key, unit, limit, upper=upper), analyte
