"""The formulas of derived values, each with its units, its inputs and its source.

Derived values are never stored. `model.derived.values` decides which results form one sample.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from model.ctcae.calcium import corrected_calcium, corrected_calcium_si
from model.dates import date_text
from model.derived.person import WEIGHT_DAYS, Person
from model.derived.values import DaySample, Formula, Input, LatestValue, Outcome
from model.language import _
from model.rounding import decimals

ALBI_GRADES = (-2.60, -1.39)
"""The highest scores of grade 1 and of grade 2 (Johnson, J Clin Oncol 2015)."""
BODY_SURFACE = "bsa"
YOUNGEST = 18
"""CKD-EPI and Cockcroft-Gault are valid from this age in years: both were derived in adults."""


def egfr(creatinine_mg_dl: float, age: int, sex: str) -> float:
    """Return the estimated GFR, CKD-EPI 2021 without race, in mL/min/1.73 m².

    142 · min(Scr/κ, 1)^α · max(Scr/κ, 1)^−1.200 · 0.9938^age (· 1.012 for women), with κ 0.7 and α
    −0.241 for women, κ 0.9 and α −0.302 for men. Serum creatinine above 0, in mg/dL; age in years;
    `sex` F or M. Source: Inker et al., N Engl J Med 2021;385:1737.
    """
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex == "F" else (0.9, -0.302, 1.0)
    relative = creatinine_mg_dl / kappa
    decline = math.pow(min(relative, 1.0), alpha) * math.pow(max(relative, 1.0), -1.2)
    return 142 * decline * math.pow(0.9938, age) * factor


def creatinine_clearance(creatinine_mg_dl: float, age: int, sex: str, weight_kg: float) -> float:
    """Return the creatinine clearance after Cockcroft and Gault, in mL/min.

    (140 − age) · weight / (72 · Scr), for women · 0.85. Serum creatinine above 0, in mg/dL; age in
    years, `sex` F or M; the actual body weight in kg, as in the original. Source: Cockcroft and
    Gault, Nephron 1976;16:31.
    """
    clearance = (140 - age) * weight_kg / (72 * creatinine_mg_dl)
    return 0.85 * clearance if sex == "F" else clearance


def body_surface(height_cm: float, weight_kg: float) -> float:
    """Return the body surface area after Mosteller in m²: √(height in cm · weight in kg / 3600).

    Source: Mosteller, N Engl J Med 1987;317:1098.
    """
    return math.sqrt(height_cm * weight_kg / 3600)


def albi(bilirubin_umol_l: float, albumin_g_l: float) -> float:
    """Return the albumin-bilirubin score: 0.66 · log₁₀(bilirubin) − 0.085 · albumin.

    Bilirubin above 0, in µmol/L; albumin in g/L. Source: Johnson et al., J Clin Oncol 2015;33:550.
    """
    return 0.66 * math.log10(bilirubin_umol_l) - 0.085 * albumin_g_l


def albi_grade(score: float) -> int:
    """Return the grade of an ALBI score: 1 up to −2.60, 2 up to −1.39, 3 above.

    Source: Johnson et al., J Clin Oncol 2015;33:550.
    """
    first, second = ALBI_GRADES
    return 1 if score <= first else 2 if score <= second else 3


def ratio(count: float, lymphocytes: float) -> float:
    """Return the ratio of a count to lymphocytes (NLR, PLR), both above 0 and in the same unit."""
    return count / lymphocytes


def _adult(sample: DaySample) -> tuple[int, str, tuple[Input, ...]] | str:
    """Return age and sex for a formula derived in adults, or why it cannot be used."""
    person = sample.person
    if person.sex not in ("F", "M"):
        return _("The formula needs the sex, F or M.")
    known = person.age_on(sample.day)
    if known is None:
        return _("Neither the date of birth nor the age at T0 is recorded.")
    age, is_approximate = known
    if age < YOUNGEST:
        return _("The formula is valid from {years} years of age.").format(years=YOUNGEST)
    years = _("about {age}").format(age=age) if is_approximate else f"{age}"
    stated = Input(_("Age"), years, _("years"), None)
    return age, person.sex, (stated, Input(_("Sex"), person.sex, "", None))


def _egfr(sample: DaySample) -> Outcome:
    adult = _adult(sample)
    if isinstance(adult, str):
        return adult
    if sample.values[0] <= 0:
        return _("A creatinine of 0 cannot be right.")
    age, sex, facts = adult
    return egfr(sample.values[0], age, sex), facts


def _clearance(sample: DaySample) -> Outcome:
    adult = _adult(sample)
    if isinstance(adult, str):
        return adult
    if sample.values[0] <= 0:
        return _("A creatinine of 0 cannot be right.")
    weighed = sample.person.weight_on(sample.day)
    if weighed is None:
        return _("No weight is recorded up to {days} days after {date}.").format(
            days=WEIGHT_DAYS, date=date_text(sample.day)
        )
    age, sex, facts = adult
    on, weight = weighed
    facts += (Input(_("Weight"), f"{weight:g}", "kg", on),)
    return creatinine_clearance(sample.values[0], age, sex, weight), facts


def _albi(sample: DaySample) -> Outcome:
    bilirubin, albumin = sample.values
    if bilirubin <= 0:
        return _("A bilirubin of 0 has no logarithm.")
    return albi(bilirubin, albumin), ()


def _of_two(
    formula: Callable[[float, float], float], *, divides: bool = False
) -> Callable[[DaySample], Outcome]:
    """Return the `compute` of a formula that needs only two laboratory values."""

    def compute(sample: DaySample) -> Outcome:
        one, other = sample.values
        if divides and not other:
            return _("A ratio to 0 lymphocytes has no value.")
        return formula(one, other), ()

    return compute


EGFR = Formula(
    key="egfr",
    name=_("eGFR CKD-EPI 2021"),
    unit="mL/min/{1.73_m2}",
    decimals=1,
    expression="142 · min(Scr/κ, 1)^α · max(Scr/κ, 1)^−1.2 · 0.9938^age · 1.012 if female"
    " (F: κ 0.7, α −0.241; M: κ 0.9, α −0.302)",
    needs=(("crea", "mg/dL"),),
    compute=_egfr,
)
CLEARANCE = Formula(
    key="crcl",
    name=_("Creatinine clearance, Cockcroft-Gault"),
    unit="mL/min",
    decimals=1,
    expression="(140 − age) · actual weight / (72 · Scr) · 0.85 if female",
    needs=(("crea", "mg/dL"),),
    compute=_clearance,
)
CALCIUM = Formula(
    key="ca_corr",
    name=_("Calcium, albumin-corrected"),
    unit="mg/dL",
    decimals=2,
    expression="Ca + 0.8 · (4.0 − albumin), in mg/dL and g/dL",
    needs=(("ca", "mg/dL"), ("alb", "g/dL")),
    compute=_of_two(corrected_calcium),
)
CALCIUM_SI = replace(
    CALCIUM,
    unit="mmol/L",
    expression="Ca + 0.02 · (40 − albumin), in mmol/L and g/L",
    needs=(("ca", "mmol/L"), ("alb", "g/L")),
    compute=_of_two(corrected_calcium_si),
)
ALBI = Formula(
    key="albi",
    name=_("ALBI score"),
    unit="",
    decimals=2,
    expression="0.66 · log₁₀(bilirubin) − 0.085 · albumin, in µmol/L and g/L",
    needs=(("bili", "umol/L"), ("alb", "g/L")),
    compute=_albi,
    remark=lambda score: _("ALBI grade {grade}").format(grade=albi_grade(score)),
)
NLR = Formula(
    key="nlr",
    name=_("Neutrophil-to-lymphocyte ratio"),
    unit="",
    decimals=2,
    expression="neutrophils / lymphocytes",
    needs=(("anc", "10*9/L"), ("alc", "10*9/L")),
    compute=_of_two(ratio, divides=True),
)
PLR = replace(
    NLR,
    key="plr",
    name=_("Platelet-to-lymphocyte ratio"),
    decimals=1,
    expression="platelets / lymphocytes",
    needs=(("plt", "10*9/L"), ("alc", "10*9/L")),
)

_CONVENTIONAL = (EGFR, CLEARANCE, CALCIUM, ALBI, NLR, PLR)
_SI = (EGFR, CLEARANCE, CALCIUM_SI, ALBI, NLR, PLR)
_NAMES = {formula.key: formula.name for formula in _CONVENTIONAL}


def formulas(in_si: bool) -> tuple[Formula, ...]:
    """Return the formulas in their order; calcium is corrected in mmol/L if `in_si`, or mg/dL."""
    return _SI if in_si else _CONVENTIONAL


def formula_name(key: str) -> str | None:
    """Return the name of a derived value; None for any other key."""
    return _NAMES.get(key)


def latest_body_surface(person: Person) -> LatestValue:
    """Return the body surface area by the latest weight, or the reason why it is not known."""
    weight = person.weights[-1] if person.weights else None
    value: float | None = None
    inputs: tuple[Input, ...] = ()
    if person.height_cm is not None and weight is not None:
        value = body_surface(person.height_cm, weight[1])
        inputs = (
            Input(_("Height"), f"{person.height_cm:g}", "cm", None),
            Input(_("Weight"), f"{weight[1]:g}", "kg", weight[0]),
        )
    return LatestValue(
        key=BODY_SURFACE,
        name=_("Body surface area, Mosteller"),
        value=value,
        text="" if value is None else decimals(value, 2),
        unit="m²",
        on=weight[0] if weight and value is not None else None,
        expression="√(height · weight / 3600)",
        inputs=inputs,
        why_not=_WITHOUT.get((person.height_cm is None, weight is None), ""),
    )


_WITHOUT = {
    (True, True): _("No height and no weight is recorded."),
    (True, False): _("No height is recorded."),
    (False, True): _("No weight is recorded."),
}
"""The reason why there is no body surface area, by whether height and weight are missing."""
