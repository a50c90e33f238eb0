"""The system of units that the whole window shows results in: as recorded, SI or conventional.

`resources/unit_systems.csv` names, for each analyte whose two systems differ, the unit of either.
All others stay as recorded: enzymes in U/L, for one, which laboratories print in both systems
though the SI has the katal. What is stored is never touched.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache

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
    """The system that a casebook shows its results in; as recorded unless another was chosen."""
    kept = setting(source, SETTING)
    return next((system for system in UnitSystem if system == kept), UnitSystem.AS_RECORDED)


def problem_of_setting(name: str, value: str) -> str | None:
    """Why a setting of this module holds what cannot be read, if it does."""
    if name != SETTING or value in {*UnitSystem}:
        return None
    return f"“{value}” is not one of {', '.join(UnitSystem)}."


def keep(step: Step, system: UnitSystem) -> None:
    """Show all results of the casebook in a system from now on."""
    save_setting(step, SETTING, system.value)


def unit_of(analyte_key: str, system: UnitSystem) -> Unit | None:
    """The unit that a system has for an analyte; None where results stay as they are recorded."""
    if system is UnitSystem.AS_RECORDED or analyte_key not in _table():
        return None
    return units.units_of(analyte_key)[_table()[analyte_key][system]]


def shown(
    analyte_key: str, value: Decimal | str, unit: str | None, system: UnitSystem
) -> tuple[str, str]:
    """A written value (`12.8`, `<0.3`) and its unit, as a system shows them.

    As written where nothing is converted: for a unit that is not known, an analyte without a unit
    of that system, or one that is written in it already.
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
        text = comparator + converted(number, written, target, comparator)
    return text, target.shown


def converted(value: Decimal, written: Unit, target: Unit, comparator: str | None = None) -> str:
    """A value in another unit of its analyte, never more coarsely than it was written.

    The conversion is exact; the last digit is the one nearest below what the last digit written is
    worth, so 9.4 mg/dL of calcium are 2.35 mmol/L and 128 g/L of haemoglobin 12.8 g/dL. After `<`
    it is rounded up and after `>` down, so that no more is claimed than was written.
    """
    factor = written.factor / target.factor
    exact = _decimal(Fraction(value) * factor)
    step = _decimal(Fraction(Decimal(1).scaleb(_exponent(value))) * factor)
    last_digit = Decimal(1).scaleb(step.adjusted())
    rounding = _OUTWARDS.get(comparator or "", ROUND_HALF_EVEN)
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
