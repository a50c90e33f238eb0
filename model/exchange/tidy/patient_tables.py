"""The tables of a tidy folder about patients and their follow-up."""

from model.exchange.tidy.columns import (
    CODE,
    COMMENT,
    DATE,
    ECOG,
    INTEGER,
    NUMBER,
    PARTIAL_DATE,
    PATIENT,
    TEXT,
    WEIGHT,
    YES_NO,
    Column,
    Table,
)
from model.records import biopsies, followups, patients, therapies, toxicities
from model.records.biopsies import Biopsy, Metastasis
from model.records.followups import FollowUp
from model.records.notes import Note, QualityOfLife
from model.records.patients import Identity, Patient
from model.records.therapies import Therapy

INDEX_BASES = ("first_cycle", "chosen")

PATIENTS = Table(
    name="patients",
    meaning="One row per patient",
    record=Patient,
    key=("patient_id",),
    columns=(
        Column("patient_id", TEXT, "code", "Study code, unique", filled=True),
        Column("sex", CODE, "sex", "Sex: female, male, other", codes=patients.SEXES),
        Column(
            "age_at_index",
            INTEGER,
            "age_at_index",
            "Age in whole years at T0; derived where the date of birth is recorded",
            unit="years",
        ),
        Column(
            "primary_site",
            TEXT,
            "primary_site",
            "Site of the primary tumour",
            codes=patients.PRIMARY_SITES,
        ),
        Column(
            "vital_status",
            CODE,
            None,
            "Vital status by the follow-ups",
            codes=followups.STATUSES,
            derived=True,
        ),
        Column(
            "disease_status",
            CODE,
            "disease_status",
            "Alive with disease, no evidence of disease, dead of disease, dead of another cause,"
            " dead of unknown cause",
            codes=patients.DISEASE_STATUSES,
        ),
        Column(
            "index_date",
            DATE,
            None,
            "T0, day zero of follow-up: the first cycle, unless index_basis is chosen",
            derived=True,
        ),
        Column(
            "last_contact_or_death",
            DATE,
            None,
            "Day of death, or the last day the patient was known to be alive",
            derived=True,
        ),
        Column("data_cutoff", DATE, None, "Data cut-off of the casebook, the same in every row"),
        Column("height_cm", NUMBER, "height_cm", "Body height", unit="cm", added=True),
        Column("diagnosed_on", PARTIAL_DATE, "diagnosed_on", "Date of first diagnosis", added=True),
        Column(
            "functional_syndrome",
            TEXT,
            "functional_syndrome",
            "Hormonal syndrome, if any",
            added=True,
        ),
        Column(
            "ctcae_version",
            CODE,
            "ctcae_version",
            "CTCAE version of the patient, if not that of the casebook",
            codes=toxicities.VERSIONS,
            added=True,
        ),
        Column(
            "index_basis",
            CODE,
            None,
            "Whether T0 is the first cycle or was chosen",
            codes=INDEX_BASES,
            added=True,
        ),
        COMMENT,
    ),
)

PATHOLOGY = Table(
    name="pathology",
    meaning="One row per biopsy or resection with histology",
    record=Biopsy,
    columns=(
        PATIENT,
        Column("date", PARTIAL_DATE, "taken_on", "Date of the tissue sample"),
        Column("event", TEXT, "event", "Occasion of the sample", codes=biopsies.EVENTS),
        Column(
            "who_grade", CODE, "who_grade", "WHO grade of the neoplasm", codes=biopsies.WHO_GRADES
        ),
        Column(
            "differentiation",
            TEXT,
            "differentiation",
            "Differentiation",
            codes=biopsies.DIFFERENTIATIONS,
        ),
        Column("ki67_pct", NUMBER, "ki67_percent", "Ki-67 labelling index", unit="%"),
        Column("site", TEXT, "site", "Where the tissue was taken", added=True),
        Column(
            "mitoses_per_2mm2", NUMBER, "mitoses_per_2mm2", "Mitoses", unit="per 2 mm²", added=True
        ),
        COMMENT,
    ),
)

PRIOR_THERAPIES = Table(
    name="prior_therapies",
    meaning="One row per therapy before or alongside radioligand therapy",
    record=Therapy,
    key=("patient_id", "seq"),
    columns=(
        PATIENT,
        Column(
            "seq", INTEGER, "number", "Place among the patient's therapies, from 1", filled=True
        ),
        Column(
            "category", TEXT, "category", "Kind of therapy", codes=therapies.CATEGORIES, filled=True
        ),
        Column("description", TEXT, "description", "The therapy in words"),
        Column("started_on", PARTIAL_DATE, "started_on", "First day", added=True),
        Column("ended_on", PARTIAL_DATE, "ended_on", "Last day", added=True),
        Column("ongoing", YES_NO, "ongoing", "Whether it is ongoing; no if empty", added=True),
        Column(
            "concomitant",
            YES_NO,
            "concomitant",
            "Whether it is given alongside the cycles; no if empty",
            added=True,
        ),
        Column(
            "best_response",
            CODE,
            "best_response",
            "Best response to it",
            codes=therapies.BEST_RESPONSES,
            added=True,
        ),
        Column("reason_stopped", TEXT, "reason_stopped", "Why it was stopped", added=True),
        COMMENT,
    ),
)

METASTASES = Table(
    name="metastases",
    meaning="One row per site of metastasis",
    record=Metastasis,
    key=("patient_id", "site"),
    columns=(
        PATIENT,
        Column(
            "site", TEXT, "site", "Site of metastasis", codes=biopsies.METASTASIS_SITES, filled=True
        ),
        Column("found_on", PARTIAL_DATE, "found_on", "Date of detection", added=True),
        COMMENT,
    ),
)

FOLLOWUP = Table(
    name="followup",
    meaning="One row per day on which vital status was recorded",
    record=FollowUp,
    key=("patient_id", "date"),
    columns=(
        PATIENT,
        Column(
            "date", DATE, "seen_on", "Day of the status; the day of death for dead", filled=True
        ),
        Column(
            "status",
            CODE,
            "status",
            "Vital status on that day",
            codes=followups.STATUSES,
            filled=True,
        ),
        Column("cause", TEXT, "cause", "Cause of death", codes=followups.CAUSES),
        ECOG,
        WEIGHT,
        COMMENT,
    ),
)

QOL = Table(
    name="qol",
    meaning="One row per statement or score of quality of life",
    record=QualityOfLife,
    columns=(
        PATIENT,
        Column("date", DATE, "stated_on", "Day of the statement or score", filled=True),
        Column("statement", TEXT, "statement", "What the patient said"),
        Column("instrument", TEXT, "instrument", "Questionnaire, if any", added=True),
        Column("score", NUMBER, "score", "Score on the questionnaire", added=True),
    ),
)

NOTES = Table(
    name="notes",
    meaning="One row per note",
    record=Note,
    always=False,
    columns=(
        PATIENT,
        Column("date", DATE, "written_on", "Day of the note", filled=True),
        Column("text", TEXT, "text", "The note", filled=True),
    ),
)

IDENTITY = Table(
    name="identity",
    meaning="One row per patient with a recorded identity; identifies people",
    record=Identity,
    key=("patient_id",),
    always=False,
    columns=(
        PATIENT,
        Column("family_name", TEXT, "family_name", "Family name"),
        Column("given_name", TEXT, "given_name", "Given name"),
        Column("record_number", TEXT, "record_number", "Hospital record number"),
        Column("born_on", PARTIAL_DATE, "born_on", "Date of birth"),
    ),
)

SETTINGS = Table(
    name="settings",
    meaning="One row per setting of the casebook",
    key=("name",),
    always=False,
    columns=(
        Column(
            "name",
            TEXT,
            None,
            "Name of the setting: data_cutoff, ctcae_version and others",
            filled=True,
        ),
        Column("value", TEXT, None, "Its value"),
    ),
)
