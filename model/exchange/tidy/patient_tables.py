"""The tables of a tidy folder that say who the patients are and how they fare."""

from model.exchange.tidy.columns import Table
from model.exchange.tidy.shared import (
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
    column,
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
    meaning="One row a patient",
    record=Patient,
    key=("patient_id",),
    columns=(
        column("patient_id", TEXT, "code", "Study code, unique", filled=True),
        column("sex", CODE, "sex", "Sex: female, male, other", codes=patients.SEXES),
        column(
            "age_at_index",
            INTEGER,
            "age_at_index",
            "Age in whole years at T0; derived where the date of birth is recorded",
            unit="years",
        ),
        column(
            "primary_site",
            TEXT,
            "primary_site",
            "Site of the primary tumour",
            codes=patients.PRIMARY_SITES,
        ),
        column(
            "vital_status",
            CODE,
            None,
            "Vital status as the follow-ups tell it",
            codes=followups.STATUSES,
            derived=True,
        ),
        column(
            "disease_status",
            CODE,
            "disease_status",
            "Alive with disease, no evidence of disease, dead of disease, dead of another cause,"
            " dead of unknown cause",
            codes=patients.DISEASE_STATUSES,
        ),
        column(
            "index_date",
            DATE,
            None,
            "T0, day zero of follow-up: the first cycle, unless index_basis says chosen",
            derived=True,
        ),
        column(
            "last_contact_or_death",
            DATE,
            None,
            "Day of death, or the last day the patient was known to be alive",
            derived=True,
        ),
        column("data_cutoff", DATE, None, "Data cut-off of the casebook, the same in every row"),
        column("height_cm", NUMBER, "height_cm", "Body height", unit="cm", added=True),
        column("diagnosed_on", PARTIAL_DATE, "diagnosed_on", "Date of first diagnosis", added=True),
        column(
            "functional_syndrome",
            TEXT,
            "functional_syndrome",
            "Hormonal syndrome, if any",
            added=True,
        ),
        column(
            "ctcae_version",
            CODE,
            "ctcae_version",
            "CTCAE version of the patient, where it is not that of the casebook",
            codes=toxicities.VERSIONS,
            added=True,
        ),
        column(
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
    meaning="One row a biopsy or resection with histology",
    record=Biopsy,
    columns=(
        PATIENT,
        column("date", PARTIAL_DATE, "taken_on", "Date of the tissue sample"),
        column("event", TEXT, "event", "Occasion of the sample", codes=biopsies.EVENTS),
        column(
            "who_grade", CODE, "who_grade", "WHO grade of the neoplasm", codes=biopsies.WHO_GRADES
        ),
        column(
            "differentiation",
            TEXT,
            "differentiation",
            "Differentiation",
            codes=biopsies.DIFFERENTIATIONS,
        ),
        column("ki67_pct", NUMBER, "ki67_percent", "Ki-67 labelling index", unit="%"),
        column("site", TEXT, "site", "Where the tissue was taken", added=True),
        column(
            "mitoses_per_2mm2", NUMBER, "mitoses_per_2mm2", "Mitoses", unit="per 2 mm²", added=True
        ),
        COMMENT,
    ),
)

PRIOR_THERAPIES = Table(
    name="prior_therapies",
    meaning="One row a therapy before or beside radioligand therapy",
    record=Therapy,
    key=("patient_id", "seq"),
    columns=(
        PATIENT,
        column(
            "seq", INTEGER, "number", "Place among the patient's therapies, from 1", filled=True
        ),
        column(
            "category", TEXT, "category", "Kind of therapy", codes=therapies.CATEGORIES, filled=True
        ),
        column("description", TEXT, "description", "The therapy in words"),
        column("started_on", PARTIAL_DATE, "started_on", "First day", added=True),
        column("ended_on", PARTIAL_DATE, "ended_on", "Last day", added=True),
        column("ongoing", YES_NO, "ongoing", "Whether it goes on; no when empty", added=True),
        column(
            "concomitant",
            YES_NO,
            "concomitant",
            "Whether it is given beside the cycles; no when empty",
            added=True,
        ),
        column(
            "best_response",
            CODE,
            "best_response",
            "Best response to it",
            codes=therapies.BEST_RESPONSES,
            added=True,
        ),
        column("reason_stopped", TEXT, "reason_stopped", "Why it was stopped", added=True),
        COMMENT,
    ),
)

METASTASES = Table(
    name="metastases",
    meaning="One row a site of metastasis",
    record=Metastasis,
    key=("patient_id", "site"),
    columns=(
        PATIENT,
        column(
            "site", TEXT, "site", "Site of metastasis", codes=biopsies.METASTASIS_SITES, filled=True
        ),
        column("found_on", PARTIAL_DATE, "found_on", "When it was found", added=True),
        COMMENT,
    ),
)

FOLLOWUP = Table(
    name="followup",
    meaning="One row a day on which vital status was asked for",
    record=FollowUp,
    key=("patient_id", "date"),
    columns=(
        PATIENT,
        column(
            "date", DATE, "seen_on", "Day the status is of; the day of death for dead", filled=True
        ),
        column(
            "status",
            CODE,
            "status",
            "Vital status on that day",
            codes=followups.STATUSES,
            filled=True,
        ),
        column("cause", TEXT, "cause", "Cause of death", codes=followups.CAUSES),
        ECOG,
        WEIGHT,
        COMMENT,
    ),
)

QOL = Table(
    name="qol",
    meaning="One row a statement or score of quality of life",
    record=QualityOfLife,
    columns=(
        PATIENT,
        column("date", DATE, "stated_on", "Day of the statement or score", filled=True),
        column("statement", TEXT, "statement", "What the patient said"),
        column("instrument", TEXT, "instrument", "Questionnaire, if any", added=True),
        column("score", NUMBER, "score", "Score on the questionnaire", added=True),
    ),
)

NOTES = Table(
    name="notes",
    meaning="One row a note",
    record=Note,
    always=False,
    columns=(
        PATIENT,
        column("date", DATE, "written_on", "Day of the note", filled=True),
        column("text", TEXT, "text", "The note", filled=True),
    ),
)

IDENTITY = Table(
    name="identity",
    meaning="One row a patient whose identity is recorded; identifies persons",
    record=Identity,
    key=("patient_id",),
    always=False,
    columns=(
        PATIENT,
        column("family_name", TEXT, "family_name", "Family name"),
        column("given_name", TEXT, "given_name", "Given name"),
        column("record_number", TEXT, "record_number", "Hospital record number"),
        column("born_on", PARTIAL_DATE, "born_on", "Date of birth"),
    ),
)

SETTINGS = Table(
    name="settings",
    meaning="One row a setting of the casebook",
    key=("name",),
    always=False,
    columns=(
        column(
            "name",
            TEXT,
            None,
            "Name of the setting: data_cutoff, ctcae_version and others",
            filled=True,
        ),
        column("value", TEXT, None, "Its value"),
    ),
)
