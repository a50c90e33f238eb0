"""Load the records of a casebook as data frames, one for each table, to count a cohort."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd

from model.cohort.labs import results as lab_results
from model.cohort.labs.limits import with_laboratory_limits
from model.cohort.labs.results import LabColumns
from model.cohort.patient_columns import with_derived_columns
from model.cohort.selection import EVERYONE
from model.ctcae import terms
from model.dates import interval_columns
from model.grading.emergent import emergent_column
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.biopsies import Biopsy, Metastasis
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.outcome import last_alive
from model.records.patients import Patient
from model.records.starts import STARTED_AT, begins_column
from model.records.therapies import ANTICOAGULATION, Therapy
from model.records.toxicities import Toxicity, same_as_column
from model.reference.vocabulary import Spellings, one_spelling
from model.store import rows as records
from model.store.reader import Reader
from model.store.rows import Record
from model.store.settings import casebook_version, data_cut_off


@dataclass(frozen=True, kw_only=True)
class Frames:
    """The records that are not in the bin, as frames; days are datetime64, missing ones NaT.

    A date that may be partial is ISO text: diagnosed_on, taken_on, found_on, started_on, ended_on,
    onset_on and born_on. The columns of each frame:

    - patients (one row for each, by code, with patient_id as index): code, sex, primary_site,
      diagnosed_on, version (of CTCAE), chosen_on (the recorded T0), age_at_index, born_on,
      alive_from and alive_on (the first and the last day with a record that shows them alive: see
      `records.outcome.last_alive`); and, computed from the other frames, age (years at T0),
      index_on (T0), t0_is_about (whether T0 is estimated from a partial date), first_on (the first
      administration), cycles (their number), status and last_on.
    - biopsies (by date, those without one first): patient_id, taken_on, event, who_grade,
      ki67_percent.
    - metastases: patient_id, site, found_on.
    - therapies: patient_id, category, concomitant and ongoing (1 or 0), started_on, ended_on.
    - cycles: patient_id, cycle_id, number, given_on, weight_kg, begins (a moment: see
      `model.records.starts`).
    - administrations: patient_id, cycle_id, number (of the cycle), given_on, nuclide, ligand,
      agent, activity_mbq.
    - toxicities: patient_id, term, verbatim, same_as, grade, phase, ctcae_version, attribution,
      onset_on, onset_from and onset_to (the first and the last day on which the onset may have
      been), resolved_on, treatment_emergent (1, 0 or missing).
    - assessments: patient_id, assessed_on, timepoint, modality, criteria, response,
      sum_of_diameters_mm, suvmax.
    - follow_ups: patient_id, seen_on, status.

    `labs` (see `labs.results.frame`) are read on first access; the casebook must still be open
    then.
    """

    patients: pd.DataFrame
    biopsies: pd.DataFrame
    metastases: pd.DataFrame
    therapies: pd.DataFrame
    cycles: pd.DataFrame
    administrations: pd.DataFrame
    toxicities: pd.DataFrame
    assessments: pd.DataFrame
    follow_ups: pd.DataFrame
    casebook_cut_off: date | None = None
    cut_off: date | None = None
    """The data cut-off that was applied: see `selecting.apply_selection`."""
    read_labs: Callable[[], pd.DataFrame] = field(repr=False)

    @cached_property
    def labs(self) -> pd.DataFrame:
        """The laboratory results."""
        return self.read_labs()

    @cached_property
    def graded(self) -> pd.DataFrame:
        """The usable results, graded against their baselines: see `labs.grading.graded`."""
        from model.cohort.labs.grading import graded

        return graded(self.labs, self.patients, self.cycles, self.therapies)

    @cached_property
    def graded_besides(self) -> pd.DataFrame:
        """Weights and computed eGFR, graded in the same way: see `labs.evidence`."""
        from model.cohort.labs.evidence import evidence_frame
        from model.cohort.labs.grading import graded

        rows = evidence_frame(self.labs, self.patients, self.cycles, self.follow_ups)
        return graded(rows, self.patients, self.cycles, self.therapies)

    @cached_property
    def emergent(self) -> pd.DataFrame:
        """The toxicities of treated patients that are treatment-emergent, or may be."""
        return self.toxicities[self.is_emergent.ne(0)]

    @cached_property
    def is_emergent(self) -> pd.Series:
        """Whether each toxicity is treatment-emergent: 1, 0, or missing if not known."""
        return emergent_column(self.toxicities, self.treated["first_on"])

    @cached_property
    def codes(self) -> dict[int, str]:
        """The study code of each patient, by id."""
        return dict(zip(self.patients.index.tolist(), self.patients["code"].tolist(), strict=True))

    @cached_property
    def treated(self) -> pd.DataFrame:
        """The patients with at least one cycle."""
        return self.patients[self.patients["cycles"] > 0]

    @cached_property
    def prior_therapies(self) -> pd.DataFrame:
        """The therapies of the tumour before treatment, without those during it."""
        of_tumour = self.therapies["category"] != ANTICOAGULATION
        return self.therapies[of_tumour & (self.therapies["concomitant"] == 0)]


def load(reader: Reader, results: LabColumns | None = None) -> Frames:
    """Return the frames of a casebook: all patients, T0 as recorded, otherwise the first cycle.

    No cut-off is applied yet. `results` are the casebook's laboratory results with their limits, if
    they have been read already.
    """
    cycles = _frame(
        reader,
        _CYCLES,
        Cycle,
        texts="started_at",
        ints="cycle_id number",
        floats="weight_kg",
        days="given_on",
    )
    cycles["begins"] = begins_column(cycles["given_on"], cycles.pop("started_at"))
    follow_ups = _frame(
        reader, _FOLLOW_UPS, FollowUp, texts="status", floats="weight_kg", days="seen_on"
    )
    biopsies = _frame(
        reader, _BIOPSIES, Biopsy, texts="taken_on event who_grade", floats="ki67_percent"
    )
    administrations = _administrations(reader)
    patients = with_derived_columns(
        _patients(reader), cycles, administrations, biopsies, follow_ups, EVERYONE
    )
    return Frames(
        patients=patients,
        biopsies=biopsies,
        metastases=_frame(reader, _METASTASES, Metastasis, texts="site found_on"),
        therapies=_frame(
            reader,
            _THERAPIES,
            Therapy,
            texts="category started_on ended_on",
            ints="concomitant ongoing",
        ),
        cycles=cycles,
        administrations=administrations,
        toxicities=_toxicities(reader),
        assessments=_frame(
            reader,
            _ASSESSMENTS,
            Assessment,
            texts="timepoint modality criteria response",
            floats="sum_of_diameters_mm suvmax",
            days="assessed_on",
        ),
        follow_ups=follow_ups,
        casebook_cut_off=data_cut_off(reader),
        read_labs=lambda: lab_results.frame(
            with_laboratory_limits(lab_results.read(reader), reader) if results is None else results
        ),
    )


def _patients(reader: Reader) -> pd.DataFrame:
    patients = _frame(
        reader,
        _PATIENTS,
        Patient,
        texts="code sex primary_site diagnosed_on version born_on",
        floats="age_at_index",
        days="chosen_on",
    ).set_index("patient_id")
    patients["version"] = patients["version"].fillna(casebook_version(reader))
    spans = last_alive.spans(reader)
    for index, name in enumerate(("alive_from", "alive_on")):
        days = [spans[key][index] if key in spans else None for key in patients.index]
        patients[name] = pd.to_datetime(pd.Series(days, index=patients.index, dtype="object"))
    return patients


def _toxicities(reader: Reader) -> pd.DataFrame:
    toxicities = _frame(
        reader,
        _TOXICITIES,
        Toxicity,
        texts="term verbatim ctcae_version phase onset_on attribution",
        ints="grade",
        floats="treatment_emergent",
        days="resolved_on",
    )
    onset = interval_columns(toxicities["onset_on"])
    toxicities["onset_from"], toxicities["onset_to"] = onset
    recorded = [*zip(toxicities["ctcae_version"], toxicities["term"], strict=True)]
    names = {each: terms.spell_term(*each) for each in set(recorded)}
    toxicities["term"] = pd.Series(
        [names[each] for each in recorded], index=toxicities.index, dtype="str"
    )
    toxicities["same_as"] = same_as_column(toxicities["term"], toxicities["verbatim"])
    return toxicities


def _administrations(reader: Reader) -> pd.DataFrame:
    administrations = _frame(
        reader,
        _ADMINISTRATIONS,
        Administration,
        texts="nuclide ligand",
        ints="id cycle_id number",
        floats="activity_mbq",
        days="given_on",
    )
    # A measured activity is decayed to the start of the infusion, by the rule of the record.
    decayed = {
        row["id"]: records.from_row(Administration, row).activity_mbq
        for row in reader.rows(_MEASURED)
    }
    measured = administrations.pop("id").map(decayed)
    administrations["activity_mbq"] = measured.astype("float64").fillna(
        administrations["activity_mbq"]
    )
    ligands = "-" + administrations["ligand"].fillna("")
    administrations["agent"] = administrations["nuclide"] + ligands.where(ligands != "-", "")
    return administrations


def _frame(
    reader: Reader,
    sql: str,
    record: type[Record],
    *,
    texts: str = "",
    ints: str = "",
    floats: str = "",
    days: str = "",
) -> pd.DataFrame:
    """Return the rows of a query; the columns have their types even if there are no rows.

    Words that differ only in spelling get the same spelling, that of the `record` if it knows the
    word.
    """
    types = dict.fromkeys(f"{texts} {days}".split(), "str")
    types |= dict.fromkeys(f"patient_id {ints}".split(), "int64")
    types |= dict.fromkeys(floats.split(), "float64")
    columns = reader.columns(sql)
    frame = pd.DataFrame({name: columns[name] for name in types}).astype(types)
    for name in days.split():
        frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d")
    spellings: Spellings = getattr(record, "SPELLINGS", {})
    for name in set(texts.split()) & spellings.keys():
        frame[name] = frame[name].map(one_spelling(frame[name], spellings[name])).astype("str")
    return frame


_PATIENTS = """
    select patient.id as patient_id, code, sex, age_at_index, primary_site, diagnosed_on,
           ctcae_version as version, index_on as chosen_on, born_on
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

_METASTASES = """
    select patient_id, site, found_on from metastasis where deleted_at is null order by id
    """

_THERAPIES = """
    select patient_id, category, concomitant, started_on, ended_on, ongoing
      from therapy
     where deleted_at is null
     order by id
    """

_CYCLES = f"""
    select patient_id, id as cycle_id, number, given_on, weight_kg, {STARTED_AT} as started_at
      from cycle
     where deleted_at is null
     order by patient_id, number
    """

_ADMINISTRATIONS = """
    select administration.id, cycle.patient_id, cycle_id, cycle.number, nuclide, ligand,
           coalesce(administration.given_on, cycle.given_on) as given_on,
           administered_mbq as activity_mbq
      from administration
      join cycle on cycle.id = administration.cycle_id and cycle.deleted_at is null
     where administration.deleted_at is null
     order by cycle.patient_id, cycle.number, administration.number
    """

_MEASURED = """
    select * from administration
     where measured_mbq is not null and deleted_at is null
     order by id
    """

_TOXICITIES = """
    select patient_id, term, verbatim, ctcae_version, grade, phase, onset_on, resolved_on,
           attribution, treatment_emergent
      from toxicity
     where deleted_at is null
     order by patient_id, onset_on, id
    """

_ASSESSMENTS = """
    select patient_id, assessed_on, timepoint, modality, criteria, response, sum_of_diameters_mm,
           suvmax
      from assessment
     where deleted_at is null
     order by patient_id, assessed_on, id
    """

_FOLLOW_UPS = """
    select patient_id, seen_on, status, weight_kg
      from follow_up
     where deleted_at is null
     order by patient_id, seen_on
    """
