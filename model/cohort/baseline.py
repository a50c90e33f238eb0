"""Count the patients at baseline: sex, age, primary site, metastases, therapies, grade, Ki-67."""

from __future__ import annotations

import pandas as pd

from model.cohort import histology
from model.cohort.frames import Frames
from model.cohort.lines import Reason, TableLine, by_level, count, median_and_range
from model.cohort.patient_columns import records_of
from model.dates import PartialDate, date_text
from model.language import N_, _
from model.records.biopsies import WHO_GRADES

_G3 = "NET G3"
_BELOW_G3 = ("NET G1", "NET G2")


def count_cohort(frames: Frames) -> list[TableLine]:
    """Count the section “cohort”: patients, sex, age at T0, metastases, prior therapies."""
    patients = frames.patients
    of = len(patients)
    prior = frames.prior_therapies
    per_patient = prior.groupby("patient_id").size().reindex(patients.index).fillna(0)
    return [
        count("cohort", "patients", "", patients.index, None, N_("Patients of the selection")),
        count(
            "cohort",
            "patients treated",
            "",
            frames.treated.index,
            of,
            N_("Patients with at least one cycle"),
        ),
        *by_level("cohort", "sex", patients["sex"], of, N_("Patients by sex")),
        *median_and_range("cohort", "age at T0", patients["age"], of, "years", N_("Age at T0")),
        *_by_patient(
            frames.metastases,
            patients,
            "metastasis site",
            "site",
            N_("Patients with metastases at this site; a patient may have several"),
        ),
        *_by_patient(
            prior,
            patients,
            "prior therapy",
            "category",
            N_("Patients with at least one prior therapy of this kind; a patient may have several"),
        ),
        *median_and_range(
            "cohort",
            "prior therapies",
            per_patient,
            of,
            "therapies",
            N_("Prior therapies per patient"),
        ),
    ]


def count_primary_sites(frames: Frames) -> list[TableLine]:
    """Count the section “primary site”."""
    return by_level(
        "primary site",
        "primary site",
        frames.patients["primary_site"],
        len(frames.patients),
        N_("Patients by site of the primary tumour"),
    )


def count_grades(frames: Frames) -> list[TableLine]:
    """Count the section “grade”: WHO grade at diagnosis and before therapy, upgrades, Ki-67."""
    of = len(frames.patients)
    first, last = histology.first_grade(frames), histology.latest_grade(frames)
    upgraded = first.isin(_BELOW_G3) & (last == _G3)
    reason = _by_biopsies(frames)
    return [
        *_grades(
            "grade at diagnosis",
            first,
            N_(
                "Patients by WHO grade at diagnosis: the first biopsy of the event diagnosis, else"
                " the first of all"
            ),
            reason,
        ),
        *_grades(
            "grade before therapy",
            last,
            N_("Patients by WHO grade of the latest biopsy up to the first cycle"),
            reason,
        ),
        count(
            "grade",
            "upgraded to NET G3",
            "",
            upgraded.index[upgraded],
            of,
            N_(
                "Patients with NET G1 or G2 at diagnosis and NET G3 in the latest biopsy up to the"
                " first cycle"
            ),
            reason,
        ),
        *median_and_range(
            "grade",
            "Ki-67",
            histology.latest_ki67(frames),
            of,
            "%",
            N_(
                "Ki-67, latest value of each patient up to the first cycle; a range counts as its"
                " middle, <2 as 1, >20 as 21"
            ),
        ),
    ]


def _grades(measure: str, levels: pd.Series, definition: str, reason: Reason) -> list[TableLine]:
    lines = by_level("grade", measure, levels, len(levels), definition, reason)
    return sorted(lines, key=lambda line: ([*WHO_GRADES, line.level]).index(line.level))


def _by_biopsies(frames: Frames) -> Reason:
    """Return the reason by graded biopsies: `NET G2, Aug 2019; NET G3, 1 Jun 2023`."""
    biopsies = histology.before_therapy(frames).dropna(subset=["who_grade"])

    def reason(patient_id: int) -> str:
        graded = records_of(biopsies, patient_id, "who_grade", "taken_on")
        return "; ".join(f"{grade}, {_day(taken_on)}" for grade, taken_on in graded)

    return reason


def _day(text: object) -> str:
    return date_text(PartialDate.parse(text)) if isinstance(text, str) else _("no date")


def _by_patient(
    rows: pd.DataFrame, patients: pd.DataFrame, measure: str, column: str, definition: str
) -> list[TableLine]:
    """Count the patients with at least one row of each level."""
    rows = rows[rows["patient_id"].isin(patients.index)]
    levels = rows[["patient_id", column]].drop_duplicates().set_index("patient_id")[column]
    return by_level("cohort", measure, levels, len(patients), definition)
