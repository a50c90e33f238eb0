"""The tables of a tidy folder about treatment and its results."""

from model.exchange.tidy.columns import (
    ACTIVITY,
    ANALYTE,
    AS_WRITTEN,
    CODE,
    COMMENT,
    DATE,
    DATE_TIME,
    ECOG,
    INTEGER,
    NUMBER,
    PATIENT,
    RESULT,
    TEXT,
    TIME,
    WEIGHT,
    YES_NO,
    Column,
    Table,
)
from model.records import administrations, assessments, cycles, toxicities
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.cycles import Cycle
from model.records.dismissals import Dismissal
from model.records.images import KeyImage
from model.records.labs import LabResult
from model.records.toxicities import Toxicity
from model.reference import activities

_UNIT = "as activity_unit says"

_LAB_LINK = (
    Column("lab_date", DATE, None, "Day of the laboratory result that was graded", added=True),
    Column("lab_time", TIME, None, "Time of that result", added=True),
    Column("lab_analyte", ANALYTE, None, "Analyte of that result", added=True),
)

CYCLES = Table(
    name="cycles",
    meaning="One row per cycle: one treatment visit",
    record=Cycle,
    key=("patient_id", "cycle_no"),
    columns=(
        PATIENT,
        Column("cycle_no", INTEGER, "number", "Number of the cycle, from 1", filled=True),
        Column("date", DATE, "given_on", "Day of the cycle", filled=True),
        Column(
            "modality",
            CODE,
            None,
            "One radiopharmaceutical, or two or more",
            codes=cycles.MODALITIES,
            derived=True,
        ),
        ECOG,
        WEIGHT,
        COMMENT,
    ),
)

ADMINISTRATIONS = Table(
    name="administrations",
    meaning="One row per radiopharmaceutical given in a cycle",
    record=Administration,
    key=("patient_id", "cycle_no", "component_no"),
    columns=(
        PATIENT,
        Column("cycle_no", INTEGER, None, "Number of its cycle", filled=True),
        Column("component_no", INTEGER, "number", "Place in the cycle, from 1", filled=True),
        Column("nuclide", TEXT, "nuclide", "Radionuclide", filled=True),
        Column("ligand", TEXT, "ligand", "Ligand", codes=administrations.LIGANDS),
        Column("date", DATE, "given_on", "Day it was given; that of the cycle if empty"),
        Column(
            "activity_unit",
            CODE,
            "unit",
            "Unit of the activities in this row",
            codes=activities.UNITS,
        ),
        Column(
            "activity",
            ACTIVITY,
            None,
            "Activity administered, empty if unknown; if measured: measured less"
            " residual, both decayed to the start",
            unit=_UNIT,
        ),
        Column(
            "prescribed", ACTIVITY, "prescribed_mbq", "Activity prescribed", unit=_UNIT, added=True
        ),
        Column(
            "measured",
            ACTIVITY,
            "measured_mbq",
            "Activity in the syringe or vial before giving it",
            unit=_UNIT,
            added=True,
        ),
        Column("measured_at", DATE_TIME, "measured_at", "When it was measured", added=True),
        Column(
            "residual",
            ACTIVITY,
            "residual_mbq",
            "Activity left after giving it",
            unit=_UNIT,
            added=True,
        ),
        Column(
            "residual_at", DATE_TIME, "residual_at", "When the residual was measured", added=True
        ),
        Column(
            "calibrated",
            ACTIVITY,
            "calibrated_mbq",
            "Activity as the manufacturer calibrated it",
            unit=_UNIT,
            added=True,
        ),
        Column(
            "calibrated_at",
            DATE_TIME,
            "calibrated_at",
            "Calibration time",
            added=True,
        ),
        Column("started_at", DATE_TIME, "started_at", "Start of the administration", added=True),
        Column("ended_at", DATE_TIME, "ended_at", "End of the administration", added=True),
        Column(
            "stated",
            ACTIVITY,
            "administered_mbq",
            "Activity as stated, if it differs from measured less residual",
            unit=_UNIT,
            added=True,
        ),
        Column("route", TEXT, "route", "Route", codes=administrations.ROUTES, added=True),
        Column("batch_number", TEXT, "batch_number", "Batch of the product", added=True),
        COMMENT,
    ),
)

LABS = Table(
    name="labs",
    meaning="One row per laboratory result",
    record=LabResult,
    key=("patient_id", "date", "time", "analyte"),
    columns=(
        PATIENT,
        Column("date", DATE, "taken_on", "Day of the sample", filled=True),
        Column("visit", TEXT, "visit", "Name of the visit"),
        Column(
            "analyte",
            ANALYTE,
            "analyte",
            "Key of the analyte, or the text as written if it is unknown",
            filled=True,
        ),
        Column(
            "value",
            RESULT,
            "value",
            "Result with its digits as written; < or > if only known to be below or above",
            unit="as unit says",
            filled=True,
        ),
        Column("unit", TEXT, "unit", "Unit as written"),
        Column(
            "lln",
            AS_WRITTEN,
            "lln",
            "Lower limit of normal of that laboratory on that day",
            unit="as unit says",
        ),
        Column(
            "uln",
            AS_WRITTEN,
            "uln",
            "Upper limit of normal of that laboratory on that day",
            unit="as unit says",
        ),
        Column("time", TIME, "taken_at", "Time of the sample", added=True),
        Column("fasting", YES_NO, "fasting", "Whether the patient was fasting", added=True),
        COMMENT,
    ),
)

TOXICITIES = Table(
    name="toxicities",
    meaning="One row per CTCAE-graded event at one grade",
    record=Toxicity,
    columns=(
        PATIENT,
        Column("cycle_no", INTEGER, None, "Number of the cycle to which it is attributed"),
        Column("verbatim", TEXT, "verbatim", "The event as it was reported"),
        Column("ctcae_term", TEXT, "term", "CTCAE term", filled=True),
        Column("soc", TEXT, None, "System organ class of the term", derived=True),
        Column(
            "ctcae_version",
            CODE,
            "ctcae_version",
            "CTCAE version of the grade",
            codes=toxicities.VERSIONS,
            filled=True,
        ),
        Column("phase", CODE, "phase", "Acute or long-term", codes=toxicities.PHASES),
        Column("grade", INTEGER, "grade", "Grade, 1 to 5, of those the term has", filled=True),
        Column("onset", DATE, "onset_on", "First day at this grade"),
        Column("resolved", DATE, "resolved_on", "Last day at this grade"),
        Column("outcome", TEXT, "outcome", "Outcome", codes=toxicities.OUTCOMES),
        Column(
            "attribution",
            TEXT,
            "attribution",
            "Attribution to the treatment",
            codes=toxicities.ATTRIBUTIONS,
        ),
        Column(
            "treatment_emergent",
            YES_NO,
            "treatment_emergent",
            "Whether it is treatment-emergent as judged by the clinician; if empty, by onset",
        ),
        COMMENT,
        *_LAB_LINK,
    ),
)

DISMISSALS = Table(
    name="dismissals",
    meaning="One row per dismissed proposal of a grade",
    record=Dismissal,
    always=False,
    key=("patient_id", *(link.name for link in _LAB_LINK), "ctcae_term", "ctcae_version", "grade"),
    columns=(
        PATIENT,
        *_LAB_LINK,
        Column("ctcae_term", TEXT, "term", "CTCAE term that was proposed", filled=True),
        Column(
            "ctcae_version",
            CODE,
            "ctcae_version",
            "CTCAE version of the grade",
            codes=toxicities.VERSIONS,
            filled=True,
        ),
        Column("grade", INTEGER, "grade", "Grade that was proposed", filled=True),
        Column("reason", TEXT, "reason", "Reason for the dismissal"),
    ),
)

RESPONSES = Table(
    name="responses",
    meaning="One row per assessment of response",
    record=Assessment,
    columns=(
        PATIENT,
        Column("date", DATE, "assessed_on", "Day of the assessment", filled=True),
        Column(
            "timepoint",
            TEXT,
            "timepoint",
            "Occasion of the assessment",
            codes=assessments.TIMEPOINTS,
        ),
        Column("modality", TEXT, "modality", "Imaging, or clinical", codes=assessments.MODALITIES),
        Column(
            "response", CODE, "response", "Response; empty at baseline", codes=assessments.RESPONSES
        ),
        Column(
            "after_cycle",
            INTEGER,
            "after_cycle",
            "Number of the cycle before it; 0 before the first",
        ),
        Column("comment", TEXT, "comment", "Comment in free text"),
        Column(
            "criteria",
            TEXT,
            "criteria",
            "Criteria with their edition",
            codes=assessments.CRITERIA,
            added=True,
        ),
        Column(
            "sum_of_diameters_mm",
            NUMBER,
            "sum_of_diameters_mm",
            "Sum of diameters of the target lesions",
            unit="mm",
            added=True,
        ),
        Column("suvmax", NUMBER, "suvmax", "SUVmax of the hottest lesion", added=True),
        Column("krenning", INTEGER, "krenning", "Krenning score, 0 to 4", added=True),
        Column("netpet", TEXT, "netpet", "NETPET score", added=True),
    ),
)

KEY_IMAGES = Table(
    name="key_images",
    meaning="One row per key image, whose file is in the folder images",
    record=KeyImage,
    always=False,
    columns=(
        PATIENT,
        Column("date", DATE, "taken_on", "Day of the picture"),
        Column("file", TEXT, None, "Name of its file in the folder images", filled=True),
        Column("caption", TEXT, "caption", "What it shows", added=True),
        Column("assessment_date", DATE, None, "Day of its assessment", added=True),
        Column(
            "assessment_no",
            INTEGER,
            None,
            "Which of the patient's assessments on that day, in the order of responses.csv, from 1;"
            " the only one if empty",
            added=True,
        ),
        Column("thumbnail", TEXT, None, "Name of the file of its thumbnail, a PNG", added=True),
    ),
)
