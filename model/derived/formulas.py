"""What is reckoned from measured values: plain formulas, each with its units and its source.

Values in, value out; nothing here is ever stored. What a formula needs and which samples may be
put together is decided in `model.derivation`.
"""

from __future__ import annotations

import math

ALBI_GRADES = (-2.60, -1.39)
"""Up to the first a score is grade 1, up to the second grade 2 (Johnson, J Clin Oncol 2015)."""
YOUNGEST = 18
"""Years from which on CKD-EPI and Cockcroft-Gault hold: both were made from adults."""


def egfr(creatinine_mg_dl: float, age: int, sex: str) -> float:
    """Estimated glomerular filtration rate, CKD-EPI 2021 without race, in mL/min/1.73 m².

    142 · min(Scr/κ, 1)^α · max(Scr/κ, 1)^−1.200 · 0.9938^age (· 1.012 for women), with κ 0.7 and α
    −0.241 for women, κ 0.9 and α −0.302 for men. Serum creatinine above 0, in mg/dL; age in years;
    `sex` F or M. Source: Inker et al., N Engl J Med 2021;385:1737.
    """
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex == "F" else (0.9, -0.302, 1.0)
    relative = creatinine_mg_dl / kappa
    decline = math.pow(min(relative, 1.0), alpha) * math.pow(max(relative, 1.0), -1.2)
    return 142 * decline * math.pow(0.9938, age) * factor


def creatinine_clearance(creatinine_mg_dl: float, age: int, sex: str, weight_kg: float) -> float:
    """Creatinine clearance after Cockcroft and Gault, in mL/min.

    (140 − age) · weight / (72 · Scr), for women · 0.85. Serum creatinine above 0, in mg/dL; age in
    years, `sex` F or M; the actual body weight in kg, as in the original. Source: Cockcroft and
    Gault, Nephron 1976;16:31.
    """
    clearance = (140 - age) * weight_kg / (72 * creatinine_mg_dl)
    return 0.85 * clearance if sex == "F" else clearance


def body_surface(height_cm: float, weight_kg: float) -> float:
    """Body surface area after Mosteller in m²: √(height in cm · weight in kg / 3600).

    Source: Mosteller, N Engl J Med 1987;317:1098.
    """
    return math.sqrt(height_cm * weight_kg / 3600)


def corrected_calcium(calcium_mg_dl: float, albumin_g_dl: float) -> float:
    """Total calcium corrected for albumin, in mg/dL: Ca + 0.8 · (4.0 − albumin in g/dL).

    Source: Payne et al., Br Med J 1973;4:643, in the form that is used in conventional units.
    """
    return calcium_mg_dl + 0.8 * (4.0 - albumin_g_dl)


def corrected_calcium_si(calcium_mmol_l: float, albumin_g_l: float) -> float:
    """Total calcium corrected for albumin, in mmol/L: Ca + 0.02 · (40 − albumin in g/L).

    The two forms are rounded apart and are no exact conversions of one another. Source: Payne et
    al., Br Med J 1973;4:643, in the form that is used in SI units.
    """
    return calcium_mmol_l + 0.02 * (40.0 - albumin_g_l)


def albi(bilirubin_umol_l: float, albumin_g_l: float) -> float:
    """The albumin-bilirubin score: 0.66 · log₁₀(bilirubin) − 0.085 · albumin.

    Bilirubin above 0, in µmol/L; albumin in g/L. Source: Johnson et al., J Clin Oncol 2015;33:550.
    """
    return 0.66 * math.log10(bilirubin_umol_l) - 0.085 * albumin_g_l


def albi_grade(score: float) -> int:
    """The grade of an ALBI score: 1 up to −2.60, 2 up to −1.39, 3 above.

    Source: Johnson et al., J Clin Oncol 2015;33:550.
    """
    first, second = ALBI_GRADES
    return 1 if score <= first else 2 if score <= second else 3


def neutrophil_ratio(neutrophils: float, lymphocytes: float) -> float:
    """Neutrophil-to-lymphocyte ratio (NLR), both absolute counts in one unit; lymphocytes not 0."""
    return neutrophils / lymphocytes


def platelet_ratio(platelets: float, lymphocytes: float) -> float:
    """Platelet-to-lymphocyte ratio (PLR), both absolute counts in one unit; lymphocytes not 0."""
    return platelets / lymphocytes
