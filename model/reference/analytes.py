"""The analytes, with their names, LOINC codes, units, customary limits and plausible range.

They are in `resources/analytes.csv` with their source; their units are in `resources/units.csv`.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from model.reference import units
from model.reference.tables import rows
from model.reference.units import Unit

_LIMIT_DIGITS = 12
_IGNORED = re.compile(r"[\s\-_.,;:'’]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of normal in `unit`; None for a side without a limit."""

    low: Decimal | None
    high: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Analyte:
    """A quantity that a laboratory measures; `unit` is its canonical unit (UCUM).

    `default_f` and `default_m` are the customary limits for women and men. They are shown, marked
    as defaults, for results that have no limits, and are never used for grading. Outside the range
    `plausible`, in the canonical unit, a value is probably in another unit than stated; 0 is
    plausible too if the analyte `can_be_zero` (see `plausibility`).
    """

    key: str
    name: str
    loinc: tuple[str, ...]
    unit: str
    default_f: Limits | None
    default_m: Limits | None
    plausible: tuple[Decimal, Decimal]
    can_be_zero: bool
    synonyms: tuple[str, ...]
    fasting: tuple[str, ...]
    """Names and codes that state that the sample was taken fasting: `Fasting glucose`."""
    source: str
    note: str

    @property
    def units(self) -> Mapping[str, Unit]:
        """The units that fit this analyte, by UCUM code."""
        return units.units_of(self.key)

    def default_limits(self, sex: str | None) -> Limits | None:
        """Return the customary limits for a sex; None for an analyte that has none.

        For any other sex than F and M there are limits only if women and men have the same.
        """
        if sex in ("F", "M"):
            return self.default_f if sex == "F" else self.default_m
        return self.default_f if self.default_f == self.default_m else None

    def default_limits_in(self, unit_text: str, sex: str | None) -> Limits | None:
        """Return the customary limits converted to a unit; None if there are none in that unit."""
        limits = self.default_limits(sex)
        return None if limits is None else self.in_unit(limits, unit_text)

    def in_unit(self, limits: Limits, unit_text: str) -> Limits | None:
        """Return limits converted to a written unit; None if either unit is not known."""
        own, unit = units.parse(self.key, limits.unit), units.parse(self.key, unit_text)
        if own is None or unit is None:
            return None
        factor = own.factor / unit.factor
        return Limits(
            low=_convert(limits.low, factor), high=_convert(limits.high, factor), unit=unit.ucum
        )

    def display_unit(self, ucum: str | None = None) -> str:
        """Return a unit as it is printed (``×10⁹/L``), by default the canonical one."""
        return units.display_unit(self.unit if ucum is None else ucum)


def find(text: str) -> Analyte | None:
    """Return the analyte with a key, name, synonym (English, German, Italian) or LOINC code.

    Case, accents, blanks and punctuation are ignored. None if there is no such analyte.
    """
    return _BY_FOLDED_NAME.get(fold(text))


def states_fasting(text: str) -> bool:
    """Return whether a name or LOINC code states that the sample was taken fasting (`1558-6`)."""
    return fold(text) in _FASTING_NAMES


def by_key(key: str) -> Analyte | None:
    """Return the analyte with the key that a result has; None for an unknown name."""
    return _BY_KEY.get(key)


def fold(text: str) -> str:
    """Return one form for all ways to write the same name."""
    text = unicodedata.normalize("NFKD", text.casefold())
    return _IGNORED.sub("", "".join(c for c in text if not unicodedata.combining(c)))


def to_canonical(analyte: Analyte, value: Decimal, unit_text: str) -> Decimal | None:
    """Return `value` in the analyte's canonical unit; None if the unit does not fit it."""
    unit = units.parse(analyte.key, unit_text)
    if unit is None:
        return None
    exact = Fraction(value) * unit.factor
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _convert(limit: Decimal | None, factor: Fraction) -> Decimal | None:
    """Return a limit times a factor, rounded to six significant digits if it has no finite form."""
    if limit is None or factor == 1:
        return limit
    exact = Fraction(limit) * factor
    number = Decimal(exact.numerator) / Decimal(exact.denominator)
    if len(number.as_tuple().digits) > _LIMIT_DIGITS:
        number = Context(prec=6).plus(number)
    # Written without powers of ten: 150000, not 1.5E+5.
    return Decimal(f"{number.normalize():f}")


def _limits(row: dict[str, str], sex: str) -> Limits | None:
    low, high = row[f"default_low_{sex}"], row[f"default_high_{sex}"]
    if not low and not high:
        return None
    return Limits(
        low=Decimal(low) if low else None,
        high=Decimal(high) if high else None,
        unit=row["default_unit"],
    )


ANALYTES: tuple[Analyte, ...] = tuple(
    Analyte(
        key=row["key"],
        name=row["name"],
        loinc=tuple(row["loinc"].split()),
        unit=row["unit"],
        default_f=_limits(row, "f"),
        default_m=_limits(row, "m"),
        plausible=(Decimal(row["plausible_low"].split()[-1]), Decimal(row["plausible_high"])),
        # `0 0.01` is 0, or from 0.01 on.
        can_be_zero=row["plausible_low"].split()[0] == "0",
        synonyms=tuple(filter(None, row["synonyms"].split("|"))),
        fasting=tuple(filter(None, row["fasting"].split("|"))),
        source=row["source"],
        note=row["note"],
    )
    for row in rows("analytes.csv")
)
_BY_KEY = {analyte.key: analyte for analyte in ANALYTES}
_BY_FOLDED_NAME = {
    fold(name): analyte
    for analyte in ANALYTES
    for name in (analyte.key, analyte.name, *analyte.synonyms, *analyte.loinc, *analyte.fasting)
}
_FASTING_NAMES = {fold(name) for analyte in ANALYTES for name in analyte.fasting}
