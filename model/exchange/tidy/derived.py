"""The derived columns of a tidy folder: computed on export, compared on import."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from model.cohort import saved_selections
from model.cohort.paragraph import abstract
from model.ctcae.terms import VERSIONS
from model.derived.person import Person
from model.due import schedule as due_schedule
from model.exchange.tidy import cells
from model.exchange.tidy.columns import DATE, Column
from model.exchange.tidy.sheets import Row, Sheet
from model.imaging import recist
from model.language import _
from model.readiness import own_rule_sets
from model.records import contents, unit_system
from model.records.administrations import Administration
from model.records.contents import Contents
from model.records.cycles import Cycle, Treatment
from model.records.followups import FollowUp
from model.records.laboratory_limits import LaboratoryLimit, with_limits
from model.records.labs import LabResult
from model.records.life import age_at_t0, t0, vital
from model.records.outcome import last_alive
from model.records.patients import Patient
from model.reference.vocabulary import Vocabulary, fold
from model.store.settings import CTCAE_VERSION, DATA_CUTOFF, SYNTHETIC

SETTING_NAMES = Vocabulary(
    *(DATA_CUTOFF, CTCAE_VERSION, SYNTHETIC, unit_system.SETTING),
    *(own_rule_sets.CHOSEN, own_rule_sets.OWN_SETS, due_schedule.DUE_SCHEDULE),
    *(saved_selections.SETTING, abstract.TEMPLATE, recist.SETTING),
)
"""The names of all settings of a casebook."""

_DATE = Column("value", DATE, "A date", field=None)


class Derived:
    """Values derived from the records of a casebook."""

    def __init__(self, records: Contents, alive_on: Mapping[int, date] | None = None) -> None:
        """Derive from records; `alive_on` is the last day alive of each patient who has one, by id.

        Without it that day is taken from the records, which must then have all laboratory results.
        """
        self._alive_on = last_alive.of_contents(records) if alive_on is None else alive_on
        self._lives = contents.lives(records)
        self._follow_ups: dict[int, list[FollowUp]] = defaultdict(list)
        for follow_up in records.of(FollowUp):
            self._follow_ups[follow_up.patient_id].append(follow_up)
        self._administrations: dict[int, list[Administration]] = defaultdict(list)
        for administration in records.of(Administration):
            self._administrations[administration.cycle_id or 0].append(administration)

    def of_patient(self, patient: Patient) -> dict[str, Any]:
        """Return the derived columns of `patients.csv`."""
        follow_ups = self._follow_ups[patient.id or 0]
        status = vital(follow_ups, self._alive_on.get(patient.id or 0))
        return {
            "vital_status": status.status if follow_ups else None,
            "index_date": self.index_on(patient),
            "last_contact_or_death": status.last_on,
        }

    def followed_until(self, patient: Patient) -> date | None:
        """Return the day of death or of the last follow-up alive, whatever else is recorded."""
        return vital(self._follow_ups[patient.id or 0]).last_on

    def index_on(self, patient: Patient) -> date | None:
        """Return T0: the chosen day, otherwise that of the first cycle."""
        return t0(patient.index_on, self._lives[patient.id].first_cycle_on)

    def age(self, patient: Patient) -> int | None:
        """Return the age at T0 from the date of birth; None if that is unknown."""
        born_on, index_on = self._lives[patient.id].born_on, self.index_on(patient)
        return age_at_t0(None, born_on, index_on)

    def results(self, records: Contents) -> list[LabResult]:
        """Return all laboratory results, with the laboratory's limits where they have none."""
        limits = records.of(LaboratoryLimit)
        if not limits:
            return records.of(LabResult)
        people = {
            patient.id: Person(
                sex=patient.sex,
                born_on=self._lives[patient.id].born_on,
                age_at_index=patient.age_at_index,
                index_on=self.index_on(patient),
            )
            for patient in records.of(Patient)
        }
        return [
            result
            for patient_id, of_patient in groupby(records.of(LabResult), attrgetter("patient_id"))
            for result in with_limits([*of_patient], limits, people.get(patient_id, Person()))
        ]

    def modality(self, cycle: Cycle) -> str | None:
        """Return monotherapy or tandem; None without administrations."""
        return Treatment(cycle, tuple(self._administrations[cycle.id or 0])).modality


def leave_out_ages(records: Contents) -> None:
    """Remove ages that follow from a date of birth: a patient record stores no such age."""
    derived = Derived(records)
    records.lists[Patient] = [
        patient if derived.age(patient) is None else replace(patient, age_at_index=None)
        for patient in records.of(Patient)
    ]


def compare(
    rows: dict[str, list[tuple[Row, Any]]],
    sheets: dict[str, Sheet],
    records: Contents,
) -> None:
    """Report derived cells that contradict the records; empty cells are not compared."""
    derived = Derived(records)
    doubts = {name: sheet.doubtful() for name, sheet in sheets.items()}
    for row, patient in rows["patients"]:
        _compare_patient(row, patient, derived, doubts)
    for row, cycle in rows["cycles"]:
        cell, expected = row.values["modality"], derived.modality(cycle)
        certain = not {None, row.values["patient_id"]} & doubts["administrations"]
        if cell is not None and certain and cell != expected:
            if expected:
                text = _("“{cell}” is given, but by the administrations it is {expected}.")
            else:
                text = _("“{cell}” is given, but no administrations support it.")
            text = text.format(cell=cell, expected=expected)
            row.fault("modality", text)
    for row, administration in rows["administrations"]:
        _compare_activity(row, administration)
    for row, toxicity in rows["toxicities"]:
        cell, expected = row.values["soc"], toxicity.soc
        if cell is not None and expected and fold(cell) != fold(expected):
            text = _("“{cell}” is given, but the term belongs to “{expected}”.").format(
                cell=cell, expected=expected
            )
            row.fault("soc", text)


def _compare_patient(
    row: Row,
    patient: Patient,
    derived: Derived,
    doubts: dict[str, set[str | None]],
) -> None:
    expected = derived.of_patient(patient)
    own = {None, patient.code}
    status = row.values["vital_status"]
    if status not in (None, expected["vital_status"] or "unknown") and not own & doubts["followup"]:
        if expected["vital_status"]:
            text = _("“{cell}” is given, but by the follow-ups it is {expected}.")
        else:
            text = _("“{cell}” is given, but no follow-up supports it.")
        row.fault("vital_status", text.format(cell=status, expected=expected["vital_status"]))
    last_on, wanted = row.values["last_contact_or_death"], expected["last_contact_or_death"]
    # Folders that count follow-ups alone are as good: the records are the same.
    known = (None, wanted, derived.followed_until(patient))
    if last_on not in known and not own & set().union(*doubts.values()):
        if wanted:
            text = _("“{cell}” is given, but no record supports it: by them it is {expected}.")
        else:
            text = _("“{cell}” is given, but no record supports it.")
        row.fault("last_contact_or_death", text.format(cell=last_on, expected=wanted))
    cell = row.values["index_date"]
    if (
        cell is not None
        and cell != expected["index_date"]
        and not own & doubts["cycles"]
        and "index_basis" not in row.unreadable
    ):
        first = expected["index_date"]
        if first:
            text = _(
                "“{cell}” is given, but the first cycle was on {day}: to keep it, set index_basis"
                " to chosen."
            )
        else:
            text = _(
                "“{cell}” is given, but no cycle is recorded: to keep it, set index_basis to"
                " chosen."
            )
        row.fault("index_date", text.format(cell=cell, day=first))
    age = derived.age(patient)
    certain = not own & (doubts["identity"] | doubts["cycles"])
    if patient.age_at_index is not None and age not in (None, patient.age_at_index) and certain:
        text = _("“{cell}” is given, but by the date of birth it is {expected}.").format(
            cell=patient.age_at_index, expected=age
        )
        row.fault("age_at_index", text)


def _compare_activity(row: Row, administration: Administration) -> None:
    """Compare to the last digit given."""
    cell, expected = row.values["activity"], administration.activity_mbq
    if cell is None or administration.measured_mbq is None or expected is None:
        return
    wanted = cells.from_mbq(expected, administration.unit)
    exponent = cell.as_tuple().exponent
    half = Decimal(5).scaleb(int(exponent) - 1) + abs(wanted) * Decimal("1e-11")
    if abs(cell - wanted) > half:
        text = _("“{cell}” is given, but measured less residual is {expected}.").format(
            cell=cell, expected=f"{float(wanted):.6g}"
        )
        row.fault("activity", text)


def settings(sheets: dict[str, Sheet]) -> dict[str, str]:
    """Return the casebook's settings: `settings.csv`, and the data cut-off of `patients.csv`."""
    values: dict[str, str] = {}
    for row in sheets["settings"].rows:
        written, value = row.values["name"], row.values["value"] or ""
        if written is None:
            continue
        name = SETTING_NAMES.find(written) or written
        if name in values:
            row.fault("name", _("There is already a line for {name}.").format(name=name))
        if name == CTCAE_VERSION:
            value = VERSIONS.spell(value)
        elif name not in SETTING_NAMES:
            text = _("There is no setting “{name}”: it has no effect.").format(name=name)
            row.sheet.faults.notes.append(str(row.sheet.described(row.line, text, "name")))
        values[name] = value
        if problem := _problem_of_setting(name, value):
            row.fault("value", problem)
    with_cutoff = [row for row in sheets["patients"].rows if row.values["data_cutoff"] is not None]
    if not with_cutoff:
        return values
    first = with_cutoff[0]
    cutoff = first.values["data_cutoff"]
    for row in with_cutoff:
        if (other := row.values["data_cutoff"]) != cutoff:
            text = _(
                "“{other}” differs from {cutoff} in line {line}: a casebook has one data cut-off."
            ).format(other=other, cutoff=cutoff, line=first.line)
            row.fault("data_cutoff", text)
    if values.get("data_cutoff", f"{cutoff}") != f"{cutoff}":
        text = _("“{cutoff}” differs from {other} in settings.csv.").format(
            cutoff=cutoff, other=values["data_cutoff"]
        )
        first.fault("data_cutoff", text)
    return values | {"data_cutoff": f"{cutoff}"}


def _problem_of_setting(name: str, value: str) -> str | None:
    try:
        if name == "data_cutoff":
            cells.read(_DATE, value)
    except cells.UnreadableError as error:
        return str(error)
    if name == "ctcae_version" and value not in VERSIONS:
        return _("“{value}” is not one of {codes}.").format(value=value, codes=", ".join(VERSIONS))
    return (
        own_rule_sets.problem_of_setting(name, value)
        or due_schedule.problem_of_setting(name, value)
        or unit_system.problem_of_setting(name, value)
    )
