"""Who the patients are: sex, age, primary site, metastases, prior therapies, grade and Ki-67."""

import pandas as pd

from model.biopsies import WHO_GRADES
from model.cohort.frames import Frames, of_patients
from model.cohort.lines import Line, by_level, median_and_range

_G3 = "NET G3"
_BELOW_G3 = ("NET G1", "NET G2")


def cohort(frames: Frames) -> list[Line]:
    """The section “cohort”: patients, sex, age at T0, sites of metastasis, prior therapies."""
    patients = frames.patients
    of = len(patients)
    prior = frames.therapies[frames.therapies["concomitant"] == 0]
    per_patient = prior.groupby("patient_id").size().reindex(patients.index).fillna(0)
    return [
        Line(
            section="cohort",
            measure="patients",
            n=of,
            unit="patients",
            definition="Patients in the casebook",
        ),
        Line(
            section="cohort",
            measure="patients treated",
            n=len(frames.treated),
            of=of,
            unit="patients",
            definition="Patients with at least one cycle",
        ),
        *by_level("cohort", "sex", patients["sex"], of, "Patients by sex"),
        *median_and_range("cohort", "age at T0", patients["age"], of, "years", "Age at T0"),
        *_by_patient(
            frames.metastases,
            patients,
            "metastasis site",
            "site",
            "Patients with metastases at this site; a patient may have several",
        ),
        *_by_patient(
            prior,
            patients,
            "prior therapy",
            "category",
            "Patients with at least one prior therapy of this kind; a patient may have several",
        ),
        *median_and_range(
            "cohort", "prior therapies", per_patient, of, "therapies", "Prior therapies per patient"
        ),
    ]


def primary_site(frames: Frames) -> list[Line]:
    """The section “primary site”."""
    return by_level(
        "primary site",
        "primary site",
        frames.patients["primary_site"],
        len(frames.patients),
        "Patients by site of the primary tumour",
    )


def grade(frames: Frames) -> list[Line]:
    """The section “grade”: WHO grade at diagnosis and before therapy, upgrades, Ki-67.

    A biopsy is pre-therapy up to the day of the first cycle; one without a date counts as the
    oldest, as history is what lacks dates.
    """
    patients = frames.patients
    of = len(patients)
    before = _before_therapy(frames)
    graded = before.dropna(subset=["who_grade"])
    diagnosis = graded[graded["event"] == "diagnosis"].groupby("patient_id")["who_grade"].first()
    first = diagnosis.combine_first(graded.groupby("patient_id")["who_grade"].first())
    last = graded.groupby("patient_id")["who_grade"].last()
    upgraded = first.isin(_BELOW_G3) & (last.reindex(first.index) == _G3)
    ki67 = before.dropna(subset=["ki67_percent"]).groupby("patient_id")["ki67_percent"].last()
    return [
        *_grades(
            "grade at diagnosis",
            first.reindex(patients.index),
            "Patients by WHO grade at diagnosis: the first biopsy of the event diagnosis, else the"
            " first of all",
        ),
        *_grades(
            "grade before therapy",
            last.reindex(patients.index),
            "Patients by WHO grade of the latest biopsy up to the first cycle",
        ),
        Line(
            section="grade",
            measure="upgraded to NET G3",
            n=int(upgraded.sum()),
            of=of,
            unit="patients",
            definition="Patients with NET G1 or G2 at diagnosis and NET G3 in the latest biopsy up"
            " to the first cycle",
        ),
        *median_and_range(
            "grade",
            "Ki-67",
            ki67.reindex(patients.index),
            of,
            "%",
            "Ki-67, latest value of each patient up to the first cycle",
        ),
    ]


def _before_therapy(frames: Frames) -> pd.DataFrame:
    biopsies = frames.biopsies[frames.biopsies["patient_id"].isin(frames.patients.index)]
    first_on = frames.patients["first_on"].dt.strftime("%Y-%m-%d")
    limits = of_patients(first_on, biopsies)
    # A partial date sorts as text by its first day, and so counts as before where it may be.
    early = biopsies["taken_on"].isna() | limits.isna() | (biopsies["taken_on"] <= limits)
    return biopsies[early]


def _grades(measure: str, levels: pd.Series, definition: str) -> list[Line]:
    lines = by_level("grade", measure, levels, len(levels), definition)
    return sorted(lines, key=lambda line: ([*WHO_GRADES, line.level]).index(line.level))


def _by_patient(
    rows: pd.DataFrame, patients: pd.DataFrame, measure: str, column: str, definition: str
) -> list[Line]:
    """How many patients have at least one row of each level."""
    rows = rows[rows["patient_id"].isin(patients.index)]
    levels = rows[["patient_id", column]].drop_duplicates()[column]
    return by_level("cohort", measure, levels, len(patients), definition)
