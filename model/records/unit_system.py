"""The system of units that results are shown in: as recorded, SI or conventional.

`resources/unit_systems.csv` has the units of every analyte whose two systems differ. All others
stay as recorded, such as enzymes in U/L, which laboratories print in both systems though the SI
unit is the katal. Stored values are never changed.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache

from model.language import _
from model.reference import units
from model.reference.tables import rows
from model.reference.units import Unit
from model.store.settings import SettingsSource, save_setting, setting
from model.store.step import Step

SETTING = "unit_system"
_WIDE = Context(prec=60)
_OUTWARDS = {"<": ROUND_CEILING, ">": ROUND_FLOOR}


class UnitSystem(StrEnum):
    """Which units results are shown in."""

    AS_RECORDED = "as_recorded"
    SI = "SI"
    CONVENTIONAL = "conventional"


def of_casebook(source: SettingsSource) -> UnitSystem:
    """Return the system that a casebook shows results in; as recorded unless another was chosen."""
    value = setting(source, SETTING)
    return next((system for system in UnitSystem if system == value), UnitSystem.AS_RECORDED)


def problem_of_setting(name: str, value: str) -> str | None:
    """Return what is wrong with the value of this setting; None if nothing, or another setting."""
    if name != SETTING or value in {*UnitSystem}:
        return None
    return _("“{value}” is not one of {listed}.").format(value=value, listed=", ".join(UnitSystem))


def save(step: Step, system: UnitSystem) -> None:
    """Save the system to show all results of the casebook in."""
    save_setting(step, SETTING, system.value)


def unit_of(analyte_key: str, system: UnitSystem) -> Unit | None:
    """Return the unit of a system for an analyte; None where results stay as recorded."""
    if system is UnitSystem.AS_RECORDED or analyte_key not in _table():
        return None
    return units.units_of(analyte_key)[_table()[analyte_key][system]]


def value_in(
    analyte_key: str, value: Decimal | str, unit: str | None, system: UnitSystem
) -> tuple[str, str]:
    """Return a value (`12.8`, `<0.3`) and its unit as shown in a system.

    They stay as written if the unit is unknown, or the system has no other unit for the analyte.
    """
    as_written = (str(value), unit or "")
    target = unit_of(analyte_key, system)
    written = units.parse(analyte_key, unit or "") if target else None
    if target is None or written is None:
        return as_written
    text = str(value)
    comparator = text[:1] if text[:1] in ("<", ">") else ""
    if written.factor != target.factor:
        number = Decimal(text.removeprefix(comparator))
        text = comparator + convert(number, written, target, comparator)
    return text, target.symbol


def convert(value: Decimal, written: Unit, target: Unit, comparator: str | None = None) -> str:
    """Return a value in another unit of its analyte, with no less precision than written.

    The conversion is exact; the last digit is the next one below the converted worth of the last
    digit written, so that calcium 9.4 mg/dL is 2.35 mmol/L and haemoglobin 128 g/L is 12.8 g/dL.
    After `<` it is rounded up and after `>` down, so that no more is claimed than was written.
    """
    factor = written.factor / target.factor
    exact = _decimal(Fraction(value) * factor)
    step = _decimal(Fraction(Decimal(1).scaleb(_exponent(value))) * factor)
    last_digit = Decimal(1).scaleb(step.adjusted())
    rounding = _OUTWARDS.get(comparator or "", ROUND_HALF_UP)
    return f"{exact.quantize(last_digit, rounding, _WIDE):f}"


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _decimal(exact: Fraction) -> Decimal:
    return _WIDE.divide(Decimal(exact.numerator), Decimal(exact.denominator))


@cache
def _table() -> dict[str, dict[UnitSystem, str]]:
    return {
        row["analyte"]: {
            UnitSystem.SI: row["si"],
            UnitSystem.CONVENTIONAL: row["conventional"],
        }
        for row in rows("unit_systems.csv")
    }
