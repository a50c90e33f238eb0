"""The derived values that a course shows: each formula with its name, its units and its needs."""

from __future__ import annotations

from collections.abc import Callable

from model.dates import shown
from model.derived import formulas as derived
from model.derived.person import WEIGHT_DAYS
from model.derived.values import Input, Kind, Outcome, Sample


def _adult(sample: Sample) -> tuple[int, str, tuple[Input, ...]] | str:
    """Age and sex for a formula made from adults, or why it cannot be used."""
    person = sample.person
    if person.sex not in ("F", "M"):
        return "The formula needs the sex, F or M."
    known = person.age_on(sample.day)
    if known is None:
        return "Neither the date of birth nor the age at T0 is recorded."
    age, about = known
    if age < derived.YOUNGEST:
        return f"The formula holds from {derived.YOUNGEST} years on."
    stated = Input("Age", f"{'about ' if about else ''}{age}", "years", None)
    return age, person.sex, (stated, Input("Sex", person.sex, "", None))


def _egfr(sample: Sample) -> Outcome:
    adult = _adult(sample)
    if isinstance(adult, str):
        return adult
    if sample.values[0] <= 0:
        return "A creatinine of 0 cannot be right."
    age, sex, facts = adult
    return derived.egfr(sample.values[0], age, sex), facts


def _clearance(sample: Sample) -> Outcome:
    adult = _adult(sample)
    if isinstance(adult, str):
        return adult
    if sample.values[0] <= 0:
        return "A creatinine of 0 cannot be right."
    weighed = sample.person.weight_on(sample.day)
    if weighed is None:
        return f"No weight is recorded up to {WEIGHT_DAYS} days after {shown(sample.day)}."
    age, sex, facts = adult
    on, weight = weighed
    facts += (Input("Weight", f"{weight:g}", "kg", on),)
    return derived.creatinine_clearance(sample.values[0], age, sex, weight), facts


def _albi(sample: Sample) -> Outcome:
    bilirubin, albumin = sample.values
    if bilirubin <= 0:
        return "A bilirubin of 0 has no logarithm."
    return derived.albi(bilirubin, albumin), ()


def _of_two(
    formula: Callable[[float, float], float], *, divides: bool = False
) -> Callable[[Sample], Outcome]:
    """A formula of two laboratory values and nothing else."""

    def reckon(sample: Sample) -> Outcome:
        one, other = sample.values
        if divides and not other:
            return "A ratio to 0 lymphocytes has no value."
        return formula(one, other), ()

    return reckon


EGFR = Kind(
    key="egfr",
    name="eGFR CKD-EPI 2021",
    unit="mL/min/{1.73_m2}",
    decimals=1,
    formula="142 · min(Scr/κ, 1)^α · max(Scr/κ, 1)^−1.2 · 0.9938^age · 1.012 if female"
    " (F: κ 0.7, α −0.241; M: κ 0.9, α −0.302)",
    needs=(("crea", "mg/dL"),),
    reckon=_egfr,
)
CLEARANCE = Kind(
    key="crcl",
    name="Creatinine clearance, Cockcroft-Gault",
    unit="mL/min",
    decimals=1,
    formula="(140 − age) · actual weight / (72 · Scr) · 0.85 if female",
    needs=(("crea", "mg/dL"),),
    reckon=_clearance,
)
CALCIUM = Kind(
    key="ca_corr",
    name="Calcium, albumin-corrected",
    unit="mg/dL",
    decimals=2,
    formula="Ca + 0.8 · (4.0 − albumin), in mg/dL and g/dL",
    needs=(("ca", "mg/dL"), ("alb", "g/dL")),
    reckon=_of_two(derived.corrected_calcium),
)
CALCIUM_SI = Kind(
    key="ca_corr",
    name="Calcium, albumin-corrected",
    unit="mmol/L",
    decimals=2,
    formula="Ca + 0.02 · (40 − albumin), in mmol/L and g/L",
    needs=(("ca", "mmol/L"), ("alb", "g/L")),
    reckon=_of_two(derived.corrected_calcium_si),
)
ALBI = Kind(
    key="albi",
    name="ALBI score",
    unit="",
    decimals=2,
    formula="0.66 · log₁₀(bilirubin) − 0.085 · albumin, in µmol/L and g/L",
    needs=(("bili", "umol/L"), ("alb", "g/L")),
    reckon=_albi,
    remark=lambda score: f"ALBI grade {derived.albi_grade(score)}",
)
NLR = Kind(
    key="nlr",
    name="Neutrophil-to-lymphocyte ratio",
    unit="",
    decimals=2,
    formula="neutrophils / lymphocytes",
    needs=(("anc", "10*9/L"), ("alc", "10*9/L")),
    reckon=_of_two(derived.neutrophil_ratio, divides=True),
)
PLR = Kind(
    key="plr",
    name="Platelet-to-lymphocyte ratio",
    unit="",
    decimals=1,
    formula="platelets / lymphocytes",
    needs=(("plt", "10*9/L"), ("alc", "10*9/L")),
    reckon=_of_two(derived.platelet_ratio, divides=True),
)


_CONVENTIONAL = (EGFR, CLEARANCE, CALCIUM, ALBI, NLR, PLR)
_SI = (EGFR, CLEARANCE, CALCIUM_SI, ALBI, NLR, PLR)
_NAMES = {kind.key: kind.name for kind in _CONVENTIONAL}
KEYS = tuple(_NAMES)
"""The keys of derived values that have a trend."""


def kinds(in_si: bool) -> tuple[Kind, ...]:
    """The formulas in the order in which they are shown; corrected calcium in mmol/L or mg/dL."""
    return _SI if in_si else _CONVENTIONAL


def name_of(key: str) -> str | None:
    """What a derived value is called; None for a key that is none."""
    return _NAMES.get(key)
