"""Records of a patient, and the outcome of a rule for them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from model.dates import PartialDate
from model.readiness import readiness
from model.readiness.facts import facts_of
from model.readiness.limits import Verdict
from model.readiness.rule_sets import GENERIC, shipped_sets, with_generic
from model.records.administrations import Administration
from model.records.cycles import Cycle, Treatment
from model.records.followups import FollowUp
from model.records.labs import LabResult
from model.records.patient_records import PatientRecords
from model.records.patients import Patient
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


def result(analyte, value, *, days=3, unit="", uln=None, lln=None, on=None, confirmed="right"):
    """A result that is not questioned, whatever its limits, unless it is not confirmed."""
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
        confirmed=confirmed,
    )


RECORDS = ("ends", "assessments", "follow_ups")


def facts(*results, treatments=None, events=(), died_on=None, version="5.0", today=TODAY, **more):
    """The facts of a patient with these records; `more` are records, or fields of the patient."""
    records = {name: more.pop(name) for name in RECORDS if name in more}
    dead = [FollowUp(patient_id=1, seen_on=died_on, status="dead")] if died_on else []
    patient = PatientRecords(
        patient=Patient(id=1, code="P-1", ctcae_version=version, **more),
        treatments=(cycle(),) if treatments is None else treatments,
        results=tuple(sorted(results, key=lambda each: each.taken_on)),
        toxicities=tuple(events),
        **({"follow_ups": tuple(dead)} | records),
    )
    return facts_of(patient, today)


def outcome(set_key, rule_key, known, today=None):
    rules = with_generic(NAMED[set_key], NAMED[GENERIC])
    known = known if today is None else replace(known, today=today)
    outcomes = readiness.readiness(rules, known).outcomes
    return next(each for each in outcomes if each.rule.key == rule_key)


def verdict(set_key, rule_key, *results, **more):
    return outcome(set_key, rule_key, facts(*results, **more)).verdict


def event(term, grade, **more):
    more = {"onset_on": PartialDate(2025, 4, 1)} | more
    return Toxicity(patient_id=1, term=term, ctcae_version="5.0", grade=grade, **more)


def alpha(day=FIRST):
    return cycle(given_on=day, nuclides=("225Ac", "177Lu"))
