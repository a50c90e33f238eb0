"""Records to judge readiness by, and what a rule says of them."""

from datetime import date, timedelta
from decimal import Decimal

from model.readiness import readiness
from model.readiness.facts import Facts
from model.readiness.limits import Verdict
from model.readiness.rule_sets import GENERIC, shipped_sets, with_generic
from model.records.administrations import Administration
from model.records.cycles import Cycle, Treatment
from model.records.labs import LabResult
from model.records.toxicities import Toxicity

ALPHA, US = "ALPHA_PRRT_DEFAULT", "LUTATHERA_US_2024"
TODAY = date(2025, 5, 20)
FIRST = date(2025, 3, 10)
NAMED = {one.key: one for one in shipped_sets()}
PASS, FAIL, OPEN, NONE = Verdict
UNITS = {"hb": "g/dL", "crea": "mg/dL", "bili": "mg/dL", "alb": "g/L", "crcl": "mL/min"}


def cycle(number=1, given_on=FIRST, nuclides=("177Lu",)):
    return Treatment(
        Cycle(patient_id=1, number=number, given_on=given_on),
        tuple(
            Administration(number=n, nuclide=nuclide, administered_mbq=7400.0)
            for n, nuclide in enumerate(nuclides, start=1)
        ),
    )


def result(analyte, value, *, days=3, unit="", uln=None, lln=None, on=None):
    comparator = value[0] if value[0] in "<>" else None
    return LabResult(
        patient_id=1,
        taken_on=on or TODAY - timedelta(days=days),
        analyte=analyte,
        comparator=comparator,
        value=Decimal(value.lstrip("<>")),
        unit=UNITS.get(analyte, "10*9/L") if unit == "" else unit,
        uln=None if uln is None else Decimal(uln),
        lln=None if lln is None else Decimal(lln),
    )


def facts(*results, treatments=None, **more):
    treatments = (cycle(),) if treatments is None else treatments
    ordered = sorted(results, key=lambda each: each.taken_on)
    newest_on = ordered[-1].taken_on if ordered else None
    return Facts(results=tuple(ordered), newest_on=newest_on, treatments=treatments, **more)


def judged(set_key, rule_key, known, today=TODAY):
    rules = with_generic(NAMED[set_key], NAMED[GENERIC])
    found = readiness.readiness(rules, known, today)
    return next(each for each in found.judged if each.rule.key == rule_key)


def verdict(set_key, rule_key, *results, **more):
    return judged(set_key, rule_key, facts(*results, **more)).verdict


def event(term, grade, **more):
    more = {"onset_on": date(2025, 4, 1)} | more
    return Toxicity(patient_id=1, term=term, ctcae_version="5.0", grade=grade, **more)


def alpha(day=FIRST):
    return cycle(given_on=day, nuclides=("225Ac", "177Lu"))
