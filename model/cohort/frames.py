"""The casebook's records as frames, one a table, for everything that is counted of a cohort."""

from dataclasses import dataclass

import pandas as pd

from model import followups, nuclides, records
from model.asking import Asks
from model.ctcae import terms
from model.cycles import Administration
from model.dates import PartialDate
from model.followups import FollowUp
from model.patients import age_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """Frames of a casebook's records that are not in the bin; days are datetime64, missing NaT.

    patients: one row a patient, index patient_id, by code: code, sex, primary_site, age (years at
    T0), index_on (T0), first_on (first administration), cycles (how many), status, last_on.
    biopsies: patient_id, taken_on (ISO text, may be partial), event, who_grade, ki67_percent;
    by date, those without one first. metastases: patient_id, site. therapies: patient_id,
    category, concomitant. cycles: patient_id, cycle_id, number, given_on. administrations:
    patient_id, cycle_id, nuclide, agent, activity_mbq. toxicities: patient_id, term, grade, phase,
    onset_on, resolved_on, treatment_emergent (1, 0 or missing). assessments: patient_id,
    assessed_on, timepoint, modality, response.
    """

    patients: pd.DataFrame
    biopsies: pd.DataFrame
    metastases: pd.DataFrame
    therapies: pd.DataFrame
    cycles: pd.DataFrame
    administrations: pd.DataFrame
    toxicities: pd.DataFrame
    assessments: pd.DataFrame

    @property
    def treated(self) -> pd.DataFrame:
        """The patients with at least one cycle."""
        return self.patients[self.patients["cycles"] > 0]


def load(asks: Asks) -> Frames:
    """The frames of a casebook."""
    cycles = _frame(
        asks, _CYCLES, _ID | {"cycle_id": "int64", "number": "int64"} | _texts("given_on")
    )
    cycles["given_on"] = _days(cycles["given_on"])
    toxicities = _frame(
        asks,
        _TOXICITIES,
        _ID
        | _texts("term", "ctcae_version", "phase", "onset_on", "resolved_on")
        | {"grade": "int64", "treatment_emergent": "float64"},
    )
    for name in ("onset_on", "resolved_on"):
        toxicities[name] = _days(toxicities[name])
    toxicities["term"] = [
        _term(version, term)
        for version, term in zip(toxicities.pop("ctcae_version"), toxicities["term"], strict=True)
    ]
    assessments = _frame(
        asks, _ASSESSMENTS, _ID | _texts("assessed_on", "timepoint", "modality", "response")
    )
    assessments["assessed_on"] = _days(assessments["assessed_on"])
    return Frames(
        patients=_patients(asks, cycles),
        biopsies=_frame(
            asks,
            _BIOPSIES,
            _ID | _texts("taken_on", "event", "who_grade") | {"ki67_percent": "float64"},
        ),
        metastases=_frame(asks, _METASTASES, _ID | _texts("site")),
        therapies=_frame(asks, _THERAPIES, _ID | _texts("category") | {"concomitant": "int64"}),
        cycles=cycles,
        administrations=_administrations(asks),
        toxicities=toxicities,
        assessments=assessments,
    )


def _patients(asks: Asks, cycles: pd.DataFrame) -> pd.DataFrame:
    columns = _texts("code", "sex", "primary_site", "index_on", "born_on")
    found = _frame(asks, _PATIENTS, _ID | columns | {"age_at_index": "float64"})
    found = found.set_index("patient_id")
    by_patient = cycles.groupby("patient_id")["given_on"]
    found["cycles"] = by_patient.size().reindex(found.index).fillna(0).astype("int64")
    found["first_on"] = by_patient.min().reindex(found.index)
    found["index_on"] = _days(found["index_on"]).fillna(found["first_on"])
    told_ages = zip(found.pop("age_at_index"), found.pop("born_on"), found["index_on"], strict=True)
    found["age"] = pd.Series(
        [_age(*told) for told in told_ages], index=found.index, dtype="float64"
    )
    vital: dict[int, list[FollowUp]] = {}
    for row in asks.rows("select * from follow_up where deleted_at is null"):
        vital.setdefault(row["patient_id"], []).append(records.from_row(FollowUp, row))
    told = [followups.vital(vital.get(patient_id, [])) for patient_id in found.index]
    found["status"] = [one.status for one in told]
    last_on = [one.last_on.isoformat() if one.last_on else None for one in told]
    found["last_on"] = _days(pd.Series(last_on, index=found.index, dtype="str"))
    return found


def _administrations(asks: Asks) -> pd.DataFrame:
    rows = [
        (row["patient_id"], records.from_row(Administration, row))
        for row in asks.rows(_ADMINISTRATIONS)
    ]
    columns = {
        "patient_id": [patient_id for patient_id, _ in rows],
        "cycle_id": [given.cycle_id for _, given in rows],
        "nuclide": [nuclides.spelled(given.nuclide) for _, given in rows],
        "agent": [given.agent for _, given in rows],
        "activity_mbq": [given.activity_mbq for _, given in rows],
    }
    types = {"cycle_id": "int64", "activity_mbq": "float64"} | _texts("nuclide", "agent")
    return pd.DataFrame(columns).astype(_ID | types)


def of_patients(values: pd.Series, rows: pd.DataFrame) -> pd.Series:
    """What is known of each row's patient, from values by patient_id."""
    return values.reindex(rows["patient_id"]).set_axis(rows.index)


def _frame(asks: Asks, sql: str, columns: dict[str, str]) -> pd.DataFrame:
    """The rows of a question; typed also where there are none."""
    return pd.DataFrame(asks.rows(sql), columns=list(columns)).astype(columns)


def _days(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts, format="%Y-%m-%d")


def _age(recorded: float, born_on: str | None, index_on: pd.Timestamp) -> float:
    if isinstance(born_on, str) and not pd.isna(index_on):
        return age_on(PartialDate.parse(born_on), index_on.date())
    return recorded


def _texts(*columns: str) -> dict[str, str]:
    return dict.fromkeys(columns, "str")


def _term(version: str, name: str) -> str:
    """The term as its version spells it."""
    term = terms.find_term(version, name)
    return term.name if term else name


_ID = {"patient_id": "int64"}

_PATIENTS = """
    select patient.id as patient_id, code, sex, age_at_index, primary_site, index_on, born_on
      from patient
      left join identity on identity.patient_id = patient.id and identity.deleted_at is null
     where patient.deleted_at is null
     order by code
    """

_BIOPSIES = """
    select patient_id, taken_on, event, who_grade, ki67_percent
      from biopsy
     where deleted_at is null
     order by patient_id, taken_on is not null, taken_on, id
    """

_METASTASES = "select patient_id, site from metastasis where deleted_at is null order by id"

_THERAPIES = """
    select patient_id, category, concomitant from therapy where deleted_at is null order by id
    """

_CYCLES = """
    select patient_id, id as cycle_id, number, given_on
      from cycle
     where deleted_at is null
     order by patient_id, number
    """

_ADMINISTRATIONS = """
    select administration.*, cycle.patient_id
      from administration
      join cycle on cycle.id = administration.cycle_id and cycle.deleted_at is null
     where administration.deleted_at is null
     order by cycle.patient_id, cycle.number, administration.number
    """

_TOXICITIES = """
    select patient_id, term, ctcae_version, grade, phase, onset_on, resolved_on, treatment_emergent
      from toxicity
     where deleted_at is null
     order by patient_id, onset_on, id
    """

_ASSESSMENTS = """
    select patient_id, assessed_on, timepoint, modality, response
      from assessment
     where deleted_at is null
     order by patient_id, assessed_on, id
    """
