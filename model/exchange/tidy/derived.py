"""What a tidy folder holds though it follows from the records: worked out, and compared."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from model.dates import PartialDate
from model.due import schedule as due_schedule
from model.exchange.tidy import cells
from model.exchange.tidy.columns import DATE, Column
from model.exchange.tidy.course_tables import ADMINISTRATIONS, CYCLES, TOXICITIES
from model.exchange.tidy.patient_tables import PATIENTS, SETTINGS
from model.exchange.tidy.sheets import Faults, Row, Sheet
from model.readiness import own_rule_sets
from model.records import contents, unit_system
from model.records.administrations import Administration
from model.records.contents import Contents
from model.records.cycles import Cycle, Treatment
from model.records.followups import FollowUp
from model.records.life import age_at_t0, t0, vital
from model.records.patients import Patient
from model.records.toxicities import VERSIONS

_DATE = Column("value", DATE, None, "A date")


class Derived:
    """What follows from the records of a casebook."""

    def __init__(self, records: Contents) -> None:
        self._lives = contents.lives(records)
        self._follow_ups: dict[int, list[FollowUp]] = defaultdict(list)
        for follow_up in records.of(FollowUp):
            self._follow_ups[follow_up.patient_id].append(follow_up)
        self._given: dict[int, list[Administration]] = defaultdict(list)
        for administration in records.of(Administration):
            self._given[administration.cycle_id or 0].append(administration)

    def of_patient(self, patient: Patient) -> dict[str, Any]:
        """The derived columns of `patients.csv`."""
        follow_ups = self._follow_ups[patient.id or 0]
        status = vital(follow_ups)
        return {
            "vital_status": status.status if follow_ups else None,
            "index_date": self.index_on(patient),
            "last_contact_or_death": status.last_on,
        }

    def index_on(self, patient: Patient) -> date | None:
        """T0: the day that was chosen, otherwise that of the first cycle."""
        return t0(patient.index_on, self._lives[patient.id].first_cycle_on)

    def age(self, patient: Patient) -> int | None:
        """Age at T0 from the date of birth; None where it does not follow."""
        born_on, index_on = self._lives[patient.id].born_on, self.index_on(patient)
        return age_at_t0(None, born_on, index_on)

    def modality(self, cycle: Cycle) -> str | None:
        """Monotherapy or tandem; None where nothing is recorded as given."""
        return Treatment(cycle, tuple(self._given[cycle.id or 0])).modality


def leave_out_ages(records: Contents) -> None:
    """Leave out the ages that follow from a date of birth, as the record wants it."""
    derived = Derived(records)
    records.lists[Patient] = [
        patient if derived.age(patient) is None else replace(patient, age_at_index=None)
        for patient in records.of(Patient)
    ]


def compare(
    made: dict[str, list[tuple[Row, Any]]],
    sheets: dict[str, Sheet],
    records: Contents,
    faults: Faults,
) -> None:
    """Find what is given otherwise than it follows; what is not given is not compared."""
    derived = Derived(records)
    doubts = {name: sheet.doubtful() for name, sheet in sheets.items()}
    for row, patient in made["patients"]:
        _compare_patient(row, patient, derived, doubts, faults)
    for row, cycle in made["cycles"]:
        given, follows = row.values["modality"], derived.modality(cycle)
        certain = not {None, row.values["patient_id"]} & doubts["administrations"]
        if given is not None and certain and given != follows:
            what = f"make it {follows}" if follows else "do not bear it out"
            text = f"“{given}” is given, but the administrations {what}."
            faults.add(CYCLES, row.line, "modality", text)
    for row, administration in made["administrations"]:
        _compare_activity(row, administration, faults)
    for row, toxicity in made["toxicities"]:
        given, follows = row.values["soc"], toxicity.soc
        if given is not None and follows and given != follows:
            text = f"“{given}” is given, but the term belongs to “{follows}”."
            faults.add(TOXICITIES, row.line, "soc", text)


def _compare_patient(
    row: Row,
    patient: Patient,
    derived: Derived,
    doubts: dict[str, set[str | None]],
    faults: Faults,
) -> None:
    follows = derived.of_patient(patient)
    own = {None, patient.code}
    for column in ("vital_status", "last_contact_or_death"):
        given = row.values[column]
        wanted = follows[column] or ("unknown" if column == "vital_status" else None)
        if given is not None and given != wanted and not own & doubts["followup"]:
            if follows[column]:
                text = f"“{given}” is given, but the follow-ups say {follows[column]}."
            else:
                text = f"“{given}” is given, but no follow-up bears it out."
            faults.add(PATIENTS, row.line, column, text)
    given = row.values["index_date"]
    if (
        given is not None
        and given != follows["index_date"]
        and not own & doubts["cycles"]
        and "index_basis" not in row.unreadable
    ):
        first = follows["index_date"]
        why = f"the first cycle was on {first}" if first else "no cycle is recorded"
        text = f"“{given}” is given, but {why}: keep it by writing chosen under index_basis."
        faults.add(PATIENTS, row.line, "index_date", text)
    age = derived.age(patient)
    certain = not own & (doubts["identity"] | doubts["cycles"])
    if patient.age_at_index is not None and age not in (None, patient.age_at_index) and certain:
        text = f"“{patient.age_at_index}” is given, but by the date of birth it is {age}."
        faults.add(PATIENTS, row.line, "age_at_index", text)


def _compare_activity(row: Row, administration: Administration, faults: Faults) -> None:
    """Compare to the last digit that is given."""
    given, follows = row.values["activity"], administration.activity_mbq
    if given is None or administration.measured_mbq is None or follows is None:
        return
    wanted = cells.from_mbq(follows, administration.unit)
    exponent = given.as_tuple().exponent
    half = Decimal(5).scaleb(int(exponent) - 1) + abs(wanted) * Decimal("1e-11")
    if abs(given - wanted) > half:
        text = f"“{given}” is given, but measured less residual gives {float(wanted):.6g}."
        faults.add(ADMINISTRATIONS, row.line, "activity", text)


def settings(sheets: dict[str, Sheet], faults: Faults) -> dict[str, str]:
    """The casebook's settings, from `settings.csv` and the data cut-off of `patients.csv`."""
    found: dict[str, str] = {}
    for row in sheets["settings"].rows:
        name, value = row.values["name"], row.values["value"] or ""
        if name is None:
            continue
        found[name] = value
        if problem := _problem_of_setting(name, value):
            faults.add(SETTINGS, row.line, "value", problem)
    cutoffs = [
        (row.line, row.values["data_cutoff"])
        for row in sheets["patients"].rows
        if row.values["data_cutoff"] is not None
    ]
    if not cutoffs:
        return found
    first_line, cutoff = cutoffs[0]
    for line, other in cutoffs:
        if other != cutoff:
            text = f"“{other}” differs from {cutoff} in line {first_line}: a casebook has one."
            faults.add(PATIENTS, line, "data_cutoff", text)
    if found.get("data_cutoff", f"{cutoff}") != f"{cutoff}":
        text = f"“{cutoff}” differs from {found['data_cutoff']} in settings.csv."
        faults.add(PATIENTS, first_line, "data_cutoff", text)
    return found | {"data_cutoff": f"{cutoff}"}


def cutoff_of(values: dict[str, str]) -> date | None:
    """The data cut-off among a casebook's settings, if it is a whole date."""
    text = values.get("data_cutoff", "")
    return None if not text or _problem_of_setting("data_cutoff", text) else _day(text)


def _problem_of_setting(name: str, value: str) -> str | None:
    try:
        if name == "data_cutoff":
            cells.read(_DATE, value)
    except cells.UnreadableError as error:
        return str(error)
    if name == "ctcae_version" and value not in VERSIONS:
        return f"“{value}” is not one of {', '.join(VERSIONS)}."
    return (
        own_rule_sets.problem_of_setting(name, value)
        or due_schedule.problem_of_setting(name, value)
        or unit_system.problem_of_setting(name, value)
    )


def _day(text: str) -> date:
    return PartialDate.parse(text).earliest
