"""A casebook as large as a registry's: 10,000 patients with 1,000,000 results, all random."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from model.store.casebook import Casebook

PATIENTS = 10_000
PASSPHRASE = "a passphrase"
NOW = "2026-01-01T00:00:00.000Z"
FIRST = date(2020, 1, 6).toordinal()
# Analyte, unit, limits, range of values, digits.
ANALYTES = (
    ("hb", "g/dL", "12", "16", 7, 15, 1), ("plt", "10*9/L", "150", "400", 20, 350, 0),
    ("wbc", "10*9/L", "4", "11", 1, 10, 1), ("anc", "10*9/L", "1.5", "7.5", 0.3, 7, 1),
    ("alc", "10*9/L", "1", "4", 0.2, 3, 1), ("crea", "mg/dL", "0.5", "1.1", 0.5, 2.5, 2),
    ("alt", "U/L", None, "45", 8, 150, 0), ("ast", "U/L", None, "45", 8, 150, 0),
    ("alp", "U/L", "40", "130", 40, 400, 0), ("bili", "mg/dL", None, "1.2", 0.2, 2.5, 1),
)  # fmt: skip
VISITS = 10
SITES = ("pancreas", "small_bowel", "colorectum", "lung")
TERMS = (
    *("Anemia", "Platelet count decreased", "White blood cell decreased", "Nausea", "Fatigue"),
    "Creatinine increased",
)
COLUMNS = {
    "patient": "id, code, sex, age_at_index, primary_site",
    "cycle": "id, patient_id, number, given_on",
    "administration": "cycle_id, number, nuclide, ligand, unit, administered_mbq",
    "lab_result": "patient_id, taken_on, analyte, value, unit, lln, uln",
    "follow_up": "patient_id, seen_on, status",
    "biopsy": "patient_id, taken_on, event, who_grade, ki67_percent",
    "metastasis": "patient_id, site",
    "therapy": "patient_id, number, category",
    "toxicity": "patient_id, term, ctcae_version, phase, grade, onset_on, treatment_emergent",
    "assessment": "patient_id, assessed_on, timepoint, modality, response",
}


def make(path: Path, patients: int = PATIENTS, passphrase: str | None = PASSPHRASE) -> None:
    """Make the casebook; its rows are put there without a journal, which would take minutes."""
    with Casebook.create(path, passphrase) as casebook:
        casebook._db.execute("begin")
        chance = random.Random(11)
        for number in range(1, patients + 1):
            by_table: dict[str, list[tuple[Any, ...]]] = {}
            for table, row in _rows(number, chance):
                by_table.setdefault(table, []).append((*row, NOW))
            for table, rows in by_table.items():
                marks = ", ".join("?" * len(rows[0]))
                sql = f"insert into {table} ({COLUMNS[table]}, changed_at) values ({marks})"
                casebook._connection.executemany(sql, rows)
        casebook._db.execute("commit")


def _rows(number: int, chance: random.Random) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The rows of one patient, each with its table."""
    start = FIRST + chance.randint(0, 1500)
    site = chance.choice(SITES)
    yield "patient", (number, f"P-{number:05d}", chance.choice("FM"), chance.randint(30, 80), site)
    for cycle in range(1, chance.randint(1, 4) + 1):
        cycle_id = 10 * number + cycle
        yield "cycle", (cycle_id, number, cycle, _day(start + 56 * (cycle - 1)))
        activity = round(chance.uniform(5, 10), 1)
        yield "administration", (cycle_id, 1, "225Ac", "DOTA-LM3", "MBq", activity)
        if chance.random() < 0.7:
            beta = round(chance.uniform(1000, 7000))
            yield "administration", (cycle_id, 2, "177Lu", "DOTA-LM3", "GBq", beta)
    for visit in range(VISITS):
        on = _day(start - 3 + visit * 24 + chance.randint(0, 3) * (visit > 0))
        for key, unit, lln, uln, low, high, digits in ANALYTES:
            value = f"{chance.uniform(low, high):.{digits}f}"
            yield "lab_result", (number, on, key, value, unit, lln, uln)
    status = chance.choice(("alive", "dead"))
    yield "follow_up", (number, _day(start + chance.randint(300, 1500)), status)
    grade = chance.choice(("NET G2", "NET G3"))
    yield "biopsy", (number, "2018-05", "diagnosis", grade, chance.randint(3, 40))
    rebiopsy = _day(start - 60)
    yield "biopsy", (number, rebiopsy, "rebiopsy", "NET G3", chance.randint(21, 55))
    for place in chance.sample(("liver", "bone", "lymph_node", "lung"), 2):
        yield "metastasis", (number, place)
    for order, category in enumerate(("prrt", "surgery", "chemotherapy"), start=1):
        yield "therapy", (number, order, category)
    for turn in range(3):
        phase, term = chance.choice(("acute", "long_term")), chance.choice(TERMS)
        on = _day(start + chance.randint(1, 200))
        yield "toxicity", (number, term, "5.0", phase, chance.randint(1, 3), on, 1)
        read_on = _day(start + 60 * (turn + 1))
        response = chance.choice(("CR", "PR", "SD", "PD"))
        yield "assessment", (number, read_on, "post_cycle", "CT", response)


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
