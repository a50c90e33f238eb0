"""Every criterion of both versions at each boundary and just beside it.

What is expected comes from a second, plain reading of the table of facts, not from the engine's
own table: rows are found by the words of their condition, cells are read by `cut`.
"""

import csv
import math
import re
from fractions import Fraction
from pathlib import Path

import pytest

from model.ctcae.grading import grade
from model.reference.analytes import find

TABLE = Path(__file__).parents[2] / "files" / "lab_thresholds.csv"
FACTS = [
    row
    for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())
    if row["term"] != "Chronic kidney disease"
]
KEYS = {
    "Hemoglobin": ["hb"], "Leukocytes": ["wbc"], "Neutrophils (ANC)": ["anc"],
    "Neutrophils": ["anc"], "Lymphocytes": ["alc"], "Platelets": ["plt"],
    "CD4 lymphocytes": ["cd4"], "Eosinophils": ["eos"], "aPTT": ["aptt"], "INR": ["inr"],
    "Fibrinogen": ["fib"], "ALT": ["alt"], "AST": ["ast"], "ALP": ["alp"], "GGT": ["ggt"],
    "Bilirubin total": ["bili"], "LDH": ["ldh"], "Haptoglobin": ["hapto"],
    "Bicarbonate": ["hco3"], "Creatine kinase": ["ck"], "Lipase": ["lipase"],
    "Amylase": ["amylase"], "Creatinine": ["crea"], "Creatinine clearance": ["crcl", "crcl24"],
    "Cholesterol total": ["chol"], "Triglycerides": ["tg"], "HDL cholesterol": ["hdl"],
    "LDL cholesterol": ["ldl"], "Vitamin D": ["vitd"],
    "Calcium, albumin-corrected": ["ca_corr", "ca"], "Calcium, ionized": ["ca_ion"],
    "Potassium": ["k"], "Sodium": ["na"], "Magnesium": ["mg"], "Glucose": ["gluc"],
    "Albumin": ["alb"], "Urate": ["urate"], "Phosphate": ["phos"], "pH": ["ph"],
    "Methemoglobin": ["methb"], "Urine protein 24 h": ["uprot24"],
}  # fmt: skip
WRITTEN = {"pH": "", "g/24h": "g/24h"}
# What "present" stands for, and what the qualifiers of fibrinogen say in words.
PRESENT = {"L": "<LLN", "H": ">ULN"}
FALLS = {4: Fraction(25, 100), 3: Fraction(50, 100), 2: Fraction(75, 100)}
TOO_LOW = {"g/L": Fraction(1, 2), "mg/dL": Fraction(50)}


def cut(cell, case):
    """A cell as (sign, cut-offs that must all be passed), or None where a limit is missing."""
    cell = cell.replace(" (fasting)", "")
    if match := re.fullmatch(r"\d+ - (\d+)", cell):
        cell = f"<={match[1]}"
    sign = re.match("[<>]=?", cell)[0]
    cuts = []
    for part in cell.split(" and "):
        body = part.lstrip("<>=")
        number = re.search(r"[\d.]+", body)
        name = re.search("LLN|ULN|BASE", body)
        if name is None:
            cuts.append(Fraction(number[0]))
            continue
        limit = case[name[0]]
        if limit is None:
            return None
        if number is None:
            cuts.append(Fraction(limit))
        elif "*" in body:
            cuts.append(Fraction(number[0]) * Fraction(limit))
        else:
            cuts.append(Fraction(limit) + Fraction(number[0]))
    return sign, cuts


def applies(row, case):
    """Whether a row of the table counts for a case, from the words of its condition."""
    condition, flag = row["baseline_condition"], case["flag"]
    if condition.startswith("baseline normal"):
        return flag in (None, "normal", "low")
    if condition in ("baseline abnormal", "baseline >ULN"):
        return flag == "high"
    if condition == "any (baseline arm, OR)":
        return case["BASE"] is not None
    if condition == "baseline arm only if baseline < LLN":
        return flag == "low"
    if condition.endswith("on anticoagulation"):
        return case["anticoagulated"] != condition.startswith("not")
    return not condition.startswith(
        ("with signs", "symptomatic", "moderate/severe", "with physiologic")
    )


def expected(rows, unit, value, case):
    """The highest grade that any of these rows gives; None when it cannot be told."""
    if not any(row[f"g{grade}"] for row in rows for grade in range(1, 5)):
        qualifiers = rows[0]["clinical_qualifiers"]
        if '"Present"' not in qualifiers:
            return None
        rows = [{**rows[0], "g1": PRESENT[rows[0]["direction"]]}]
    if rows[0]["term"] == "Creatinine clearance decreased" and value < 10:
        return None
    best, unknown = 0, False
    for row in filter(lambda row: applies(row, case), rows):
        for level in range(1, 5):
            cell = row[f"g{level}"]
            if not cell or ("(fasting)" in cell and not case["fasting"]):
                continue
            found = cut(cell, case)
            if found is None:
                unknown = True
            elif all(passes(value, found[0], limit) for limit in found[1]):
                best = max(best, level)
    if rows[0]["term"] == "Fibrinogen decreased":
        if value < TOO_LOW[unit]:
            best = 4
        if case["BASE"] and case["LLN"] and value < Fraction(case["LLN"]):
            falls = [
                level for level, rest in FALLS.items() if value <= rest * Fraction(case["BASE"])
            ]
            best = max([best, *falls])
    return best if best or not unknown else None


def passes(value, sign, limit):
    return {
        "<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit
    }[sign]  # fmt: skip


def groups():
    """Each term of each version, for each analyte and unit that the table gives it in."""
    found = {}
    for row in FACTS:
        for key in KEYS[row["analyte"]]:
            units = [WRITTEN.get(row["unit"], row["unit"])]
            if row["unit"] in ("ratio", "any"):
                units = ["g/L", "mg/dL"] if key == "fib" else [find(key).unit]
            for unit in units:
                place = (f"{row['version']}.0", row["term"], row["direction"], key, unit)
                found.setdefault(place, []).append(row)
    return found


GROUPS = groups()
LIMITS = [
    ("0.7", "1.1"),
    ("0.2", "0.3"),
    ("7", "35"),
    ("110", "120"),
    ("136", "145"),
    ("3.5", "5.1"),
]
LIMITS += [("12.1", "16.3"), (None, None), ("33", "402"), ("1.2", "1.4")]
FLAGS = [(None, None), ("normal", "0.9"), ("high", "1.3"), ("high", "61.7"), ("low", "0.1"),
         ("low", "8"), ("normal", "4.1")]  # fmt: skip


def cases(rows):
    """Limits and baselines, as far as these rows have to do with them."""
    words = " ".join(" ".join(row.values()) for row in rows)
    by_limits = any(word in words for word in ("LLN", "ULN", "Present"))
    for lln, uln in LIMITS if by_limits else LIMITS[:1]:
        by_baseline = "BASE" in words or "baseline" in words
        baselines = [(flag, base, flag or "") for flag, base in FLAGS if by_baseline or not flag]
        if by_baseline and lln is not None:
            # Without a written flag, the limits tell that a baseline was low, normal or high.
            low, high = float(lln), float(uln)
            for flag, number in (
                ("low", low / 8),
                ("normal", (low + high) / 2),
                ("high", high * 3),
            ):
                baselines.append((flag, f"{number:g}", ""))
        for flag, base, written_flag in baselines:
            yield {
                "LLN": lln,
                "ULN": uln,
                "BASE": base,
                "flag": flag,
                "written_flag": written_flag,
                "fasting": True,
                "anticoagulated": False,
            }


def written(exact):
    """A cut-off as decimal text, and the floats just below and above it as they print."""
    text = f"{float(exact):.12g}" if Fraction(f"{float(exact):.12g}") == exact else None
    near = [math.nextafter(float(exact), way) for way in (0, math.inf)]
    return [text for text in (text, repr(float(exact)), *map(repr, near)) if text]


def boundaries(rows, case):
    cells = {row[f"g{level}"] for row in rows for level in range(1, 5)} - {""}
    if any('"Present"' in row["clinical_qualifiers"] for row in rows):
        cells.add(PRESENT[rows[0]["direction"]])
    cuts = {limit for cell in cells if (found := cut(cell, case)) for limit in found[1]}
    if rows[0]["term"] == "Creatinine clearance decreased":
        cuts.add(Fraction(10))
    if rows[0]["term"] == "Fibrinogen decreased":
        cuts |= {*TOO_LOW.values(), *(r * Fraction(case["BASE"] or 1) for r in FALLS.values())}
    return sorted({text for exact in cuts for text in written(exact)})


def graded(place, value, case):
    version, term, direction, key, unit = place
    found = grade(
        key,
        value,
        unit,
        version=version,
        lln=case["LLN"],
        uln=case["ULN"],
        baseline_value=case["BASE"],
        baseline_flag=case.get("written_flag", ""),
        fasting=case["fasting"],
        anticoagulated=case["anticoagulated"],
    )
    [grading] = [g for g in found if (g.term, g.direction) == (term, direction)]
    return grading


@pytest.mark.parametrize("place", GROUPS, ids=lambda place: "-".join(place))
def test_every_boundary_and_one_ulp_to_either_side(place):
    rows = GROUPS[place]
    checked = 0
    for case in cases(rows):
        for value in boundaries(rows, case):
            told = graded(place, value, case)
            assert told.grade == expected(rows, place[4], Fraction(value), case), (
                value,
                case,
                told,
            )
            checked += 1
    assert checked or not any(row[f"g{level}"] for row in rows for level in range(1, 5))


@pytest.mark.parametrize("version", ["5.0", "6.0"])
def test_every_boundary_of_inr_on_anticoagulation(version):
    place = (version, "INR increased", "H", "inr", "{INR}")
    for base in ("1.1", "0.9", "2.3", "0.7"):
        case = {"LLN": None, "ULN": None, "BASE": base, "flag": None, "fasting": True,
                "anticoagulated": True}  # fmt: skip
        for value in boundaries(GROUPS[place], case):
            told = graded(place, value, case)
            assert told.grade == expected(GROUPS[place], "", Fraction(value), case), (value, told)


@pytest.mark.parametrize("unit", ["mg/dL", "mmol/L"])
def test_glucose_that_is_not_fasting_has_no_grade_1_or_2(unit):
    place = ("6.0", "Hyperglycemia", "H", "gluc", unit)
    for case in ({**case, "fasting": False} for case in cases(GROUPS[place])):
        for value in boundaries(GROUPS[place], case):
            told = graded(place, value, case)
            assert told.grade == expected(GROUPS[place], unit, Fraction(value), case), (value, told)
