"""The tables of a tidy folder about patients and their follow-up."""

from model.ctcae.terms import VERSIONS
from model.exchange.tidy.columns import (
    CODE,
    COMMENT,
    DATE,
    ECOG,
    INTEGER,
    KI67,
    NUMBER,
    PARTIAL_DATE,
    PATIENT,
    TEXT,
    WEIGHT,
    YES_NO,
    Column,
    Table,
)
from model.records import biopsies, followups, patients, therapies
from model.records.biopsies import Biopsy, Metastasis
from model.records.followups import FollowUp
from model.records.notes import Note, QualityOfLife
from model.records.patients import Identity, Patient
from model.records.therapies import Therapy
from model.reference.vocabulary import Vocabulary

INDEX_BASES = Vocabulary("first_cycle", "chosen")

PATIENTS = Table(
    name="patients",
    meaning="One row per patient",
    record=Patient,
    key=("patient_id",),
    columns=(
        Column("patient_id", TEXT, "Study code, unique", field="code", filled=True),
        Column("sex", CODE, "Sex: female, male, other", codes=patients.SEXES),
        Column(
            "age_at_index",
            INTEGER,
            "Age in whole years at T0; derived where the date of birth is recorded",
            unit="years",
        ),
        Column("primary_site", TEXT, "Site of the primary tumour", codes=biopsies.PRIMARY_SITES),
        Column(
            "vital_status",
            CODE,
            "Vital status by the follow-ups",
            codes=followups.STATUSES,
            derived=True,
        ),
        Column(
            "disease_status",
            CODE,
            "Alive with disease, no evidence of disease, dead of disease, dead of another cause,"
            " dead of unknown cause",
            codes=patients.DISEASE_STATUSES,
        ),
        Column(
            "index_date",
            DATE,
            "T0, day zero of follow-up: the first cycle, unless index_basis is chosen",
            derived=True,
        ),
        Column(
            "last_contact_or_death",
            DATE,
            "Day of death, or the last day the patient was known to be alive: the day of the last"
            " dated record, notes, T0 and the date of diagnosis apart",
            derived=True,
        ),
        Column(
            "data_cutoff", DATE, "Data cut-off of the casebook, the same in every row", field=None
        ),
        Column("height_cm", NUMBER, "Body height", unit="cm"),
        Column("diagnosed_on", PARTIAL_DATE, "Date of first diagnosis"),
        Column("functional_syndrome", TEXT, "Hormonal syndrome, if any", codes=patients.SYNDROMES),
        Column(
            "ctcae_version",
            CODE,
            "CTCAE version of the patient, if not that of the casebook",
            codes=VERSIONS,
        ),
        Column(
            "index_basis",
            CODE,
            "Whether T0 is the first cycle or was chosen",
            field=None,
            codes=INDEX_BASES,
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
        Column("date", PARTIAL_DATE, "Date of the tissue sample", field="taken_on"),
        Column("event", TEXT, "Occasion of the sample", codes=biopsies.EVENTS),
        Column("who_grade", CODE, "WHO grade of the neoplasm", codes=biopsies.WHO_GRADES),
        Column("differentiation", TEXT, "Differentiation", codes=biopsies.DIFFERENTIATIONS),
        Column(
            "ki67_pct",
            KI67,
            "Ki-67 labelling index as a number; of ki67_written 20-25 the middle, of <2 the next"
            " whole per cent below, of >20 the next above. On import it may be as written",
            field="ki67_percent",
            unit="%",
        ),
        Column("site", TEXT, "Where the tissue was taken"),
        Column("mitoses_per_2mm2", NUMBER, "Mitoses", unit="per 2 mm²"),
        Column("ki67_written", KI67, "Ki-67 as written, if not a plain number", unit="%"),
        COMMENT,
    ),
)

PRIOR_THERAPIES = Table(
    name="prior_therapies",
    meaning="One row per therapy before or alongside radioligand therapy",
    record=Therapy,
    key=("patient_id", "seq"),
    ordinal=("seq", ("patient_id",)),
    columns=(
        PATIENT,
        Column(
            "seq",
            INTEGER,
            "Place among the patient's therapies, from 1",
            field="number",
            filled=True,
        ),
        Column("category", TEXT, "Kind of therapy", codes=therapies.CATEGORIES, filled=True),
        Column("description", TEXT, "The therapy in words"),
        Column("started_on", PARTIAL_DATE, "First day"),
        Column("ended_on", PARTIAL_DATE, "Last day"),
        Column("ongoing", YES_NO, "Whether it is ongoing; no if empty"),
        Column(
            "concomitant",
            YES_NO,
            "Whether it is given alongside the cycles; no if empty",
        ),
        Column("best_response", CODE, "Best response to it", codes=therapies.BEST_RESPONSES),
        Column("reason_stopped", TEXT, "Why it was stopped"),
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
        Column("site", TEXT, "Site of metastasis", codes=biopsies.METASTASIS_SITES, filled=True),
        Column("found_on", PARTIAL_DATE, "Date of detection"),
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
            "date",
            DATE,
            "Day of the status; the day of death for dead",
            field="seen_on",
            filled=True,
        ),
        Column("status", CODE, "Vital status on that day", codes=followups.STATUSES, filled=True),
        Column("cause", TEXT, "Cause of death", codes=followups.CAUSES),
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
        Column("date", DATE, "Day of the statement or score", field="stated_on", filled=True),
        Column("statement", TEXT, "What the patient said"),
        Column("instrument", TEXT, "Questionnaire, if any"),
        Column("score", NUMBER, "Score on the questionnaire"),
    ),
)

NOTES = Table(
    name="notes",
    meaning="One row per note",
    record=Note,
    always=False,
    columns=(
        PATIENT,
        Column("date", DATE, "Day of the note", field="written_on", filled=True),
        Column("text", TEXT, "The note", filled=True),
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
        Column("family_name", TEXT, "Family name"),
        Column("given_name", TEXT, "Given name"),
        Column("record_number", TEXT, "Hospital record number"),
        Column("born_on", PARTIAL_DATE, "Date of birth"),
    ),
)

PATIENT_TABLES = (
    *(PATIENTS, PATHOLOGY, PRIOR_THERAPIES, METASTASES),
    *(FOLLOWUP, QOL, NOTES, IDENTITY),
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
            "Name of the setting: data_cutoff, ctcae_version and others",
            field=None,
            filled=True,
        ),
        Column("value", TEXT, "Its value", field=None),
    ),
)
