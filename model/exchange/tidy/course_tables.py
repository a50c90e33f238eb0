"""The tables of a tidy folder about treatment and its results."""

from model.ctcae.terms import VERSIONS
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
    PARTIAL_DATE,
    PATIENT,
    RESULT,
    TEXT,
    TIME,
    WEIGHT,
    YES_NO,
    Column,
    Table,
)
from model.records import (
    administrations,
    assessments,
    cycles,
    laboratory_limits,
    toxicities,
)
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.cycles import Cycle
from model.records.images import KeyImage
from model.records.laboratory_limits import LaboratoryLimit
from model.records.labs import LabResult, LimitSource
from model.records.outcome.ends_of_treatment import REASONS, EndOfTreatment
from model.records.toxicities import Dismissal, Toxicity
from model.reference import activities, nuclides
from model.reference.agent_names import LIGANDS
from model.reference.vocabulary import Vocabulary

_UNIT = "see activity_unit"


def _activity(name: str, field: str, meaning: str) -> Column:
    return Column(name, ACTIVITY, meaning, field=field, unit=_UNIT)


_LAB_LINK = (
    Column("lab_date", DATE, "Day of the laboratory result that was graded", field=None),
    Column("lab_time", TIME, "Time of that result", field=None),
    Column("lab_analyte", ANALYTE, "Analyte of that result", field=None),
)

CYCLES = Table(
    name="cycles",
    meaning="One row per cycle: one treatment visit",
    record=Cycle,
    key=("patient_id", "cycle_no"),
    columns=(
        PATIENT,
        Column("cycle_no", INTEGER, "Number of the cycle, from 1", field="number", filled=True),
        Column("date", DATE, "Day of the cycle", field="given_on", filled=True),
        Column(
            "modality",
            CODE,
            "One radiopharmaceutical, or two or more",
            codes=cycles.MODALITIES,
            derived=True,
        ),
        ECOG,
        WEIGHT,
        COMMENT,
    ),
)

ENDS_OF_TREATMENT = Table(
    name="end_of_treatment",
    meaning="One row per end of a course of treatment",
    record=EndOfTreatment,
    key=("patient_id", "date"),
    always=False,
    columns=(
        PATIENT,
        Column("date", DATE, "Day on which treatment ended", field="ended_on", filled=True),
        Column("reason", TEXT, "Why it ended", codes=REASONS),
        COMMENT,
    ),
)

ADMINISTRATIONS = Table(
    name="administrations",
    meaning="One row per radiopharmaceutical given in a cycle",
    record=Administration,
    key=("patient_id", "cycle_no", "component_no"),
    ordinal=("component_no", ("patient_id", "cycle_no")),
    columns=(
        PATIENT,
        Column("cycle_no", INTEGER, "Number of its cycle", field=None, filled=True),
        Column("component_no", INTEGER, "Place in the cycle, from 1", field="number", filled=True),
        Column(
            "nuclide", TEXT, "Radionuclide", codes=Vocabulary(*nuclides.nuclides()), filled=True
        ),
        Column("ligand", TEXT, "Ligand", codes=LIGANDS),
        Column(
            "date", DATE, "Day of administration; if empty, the day of the cycle", field="given_on"
        ),
        Column(
            "activity_unit",
            CODE,
            "Unit of the activities in this row",
            field="unit",
            codes=activities.UNITS,
        ),
        Column(
            "activity",
            ACTIVITY,
            "Activity administered, empty if unknown; if measured: measured less"
            " residual, both decayed to the start",
            field=None,
            unit=_UNIT,
        ),
        _activity("prescribed", "prescribed_mbq", "Activity prescribed"),
        _activity(
            "measured", "measured_mbq", "Activity in the syringe or vial before administration"
        ),
        Column("measured_at", DATE_TIME, "When it was measured"),
        _activity("residual", "residual_mbq", "Activity left after administration"),
        Column("residual_at", DATE_TIME, "When the residual was measured"),
        _activity("calibrated", "calibrated_mbq", "Activity as the manufacturer calibrated it"),
        Column("calibrated_at", DATE_TIME, "Calibration time"),
        Column("started_at", DATE_TIME, "Start of the administration"),
        Column("ended_at", DATE_TIME, "End of the administration"),
        _activity(
            "stated",
            "administered_mbq",
            "Administered activity as documented, if it differs from measured less residual",
        ),
        Column("route", TEXT, "Route", codes=administrations.ROUTES),
        Column("batch_number", TEXT, "Batch of the product"),
        COMMENT,
    ),
)

LABORATORY_LIMITS = Table(
    name="laboratory_limits",
    meaning="One row per limits of normal that a laboratory uses, for results without limits",
    record=LaboratoryLimit,
    always=False,
    columns=(
        Column("laboratory", TEXT, "Name of the laboratory; empty for any"),
        Column("analyte", ANALYTE, "Key, name or LOINC code of the analyte", filled=True),
        Column("unit", TEXT, "Unit of the limits"),
        Column("sex", CODE, "F or M; empty for all", codes=laboratory_limits.SEXES),
        Column("age_from", INTEGER, "From this age on", unit="years"),
        Column("age_to", INTEGER, "Up to this age, included", unit="years"),
        Column("valid_from", DATE, "First day of samples they apply to"),
        Column("valid_to", DATE, "Last day of samples they apply to"),
        Column("lln", AS_WRITTEN, "Lower limit of normal", unit="as unit says"),
        Column("uln", AS_WRITTEN, "Upper limit of normal", unit="as unit says"),
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
        Column("date", DATE, "Day of the sample", field="taken_on", filled=True),
        Column("visit", TEXT, "Name of the visit"),
        Column(
            "analyte",
            ANALYTE,
            "Key of the analyte, or the text as written if it is unknown",
            filled=True,
        ),
        Column(
            "value",
            RESULT,
            "Result with its digits as written; < or > if only known to be below or above",
            unit="see unit",
            filled=True,
        ),
        Column("unit", TEXT, "Unit as written"),
        Column(
            "lln",
            AS_WRITTEN,
            "Lower limit of normal of that laboratory on that day",
            unit="see unit",
        ),
        Column(
            "uln",
            AS_WRITTEN,
            "Upper limit of normal of that laboratory on that day",
            unit="see unit",
        ),
        Column("time", TIME, "Time of the sample", field="taken_at"),
        Column("fasting", YES_NO, "Whether the patient was fasting"),
        Column("laboratory", TEXT, "Name of the laboratory"),
        Column(
            "limits_from",
            CODE,
            "Whose the limits are: result if they were reported with it, laboratory if they are"
            " those that the casebook holds for its laboratory; these are not read on import",
            codes=(LimitSource.RESULT, LimitSource.LABORATORY),
            field=None,
        ),
        Column("confirmed", TEXT, "Why a value or limit that is implausible in its unit is right"),
        COMMENT,
    ),
)

TOXICITIES = Table(
    name="toxicities",
    meaning="One row per CTCAE-graded event at one grade",
    record=Toxicity,
    columns=(
        PATIENT,
        Column("cycle_no", INTEGER, "Number of the cycle to which it is attributed", field=None),
        Column("verbatim", TEXT, "The event as it was reported"),
        Column("ctcae_term", TEXT, "CTCAE term", field="term", filled=True),
        Column("soc", TEXT, "System organ class of the term", derived=True),
        Column(
            "ctcae_version",
            CODE,
            "CTCAE version of the grade",
            codes=VERSIONS,
            filled=True,
        ),
        Column("phase", CODE, "Acute or long-term", codes=toxicities.PHASES),
        Column("grade", INTEGER, "Grade, 1 to 5; must be one the term has", filled=True),
        Column("onset", PARTIAL_DATE, "First day at this grade", field="onset_on"),
        Column("resolved", DATE, "Last day at this grade", field="resolved_on"),
        Column("outcome", TEXT, "Outcome", codes=toxicities.OUTCOMES),
        Column("attribution", TEXT, "Attribution to the treatment", codes=toxicities.ATTRIBUTIONS),
        Column(
            "treatment_emergent",
            YES_NO,
            "Whether it is treatment-emergent as judged by the clinician; if empty, by onset",
        ),
        COMMENT,
        *_LAB_LINK,
    ),
)

DISMISSALS = Table(
    name="dismissals",
    meaning="One row per dismissed proposal: of a grade, or to close a toxicity",
    record=Dismissal,
    always=False,
    key=(
        *("patient_id", *(link.name for link in _LAB_LINK)),
        *("value_on", "ctcae_term", "ctcae_version", "grade", "closes", "toxicity_onset"),
    ),
    columns=(
        PATIENT,
        *_LAB_LINK,
        Column("ctcae_term", TEXT, "CTCAE term that was proposed", field="term", filled=True),
        Column(
            "ctcae_version",
            CODE,
            "CTCAE version of the grade",
            codes=VERSIONS,
            filled=True,
        ),
        Column("grade", INTEGER, "Grade that was proposed", filled=True),
        Column("reason", TEXT, "Reason for the dismissal"),
        Column(
            "closes",
            YES_NO,
            "Y if the proposal was to close the toxicity of this term, version and grade",
            field=None,
        ),
        Column("toxicity_onset", PARTIAL_DATE, "Onset of the toxicity to be closed", field=None),
        Column("value_on", DATE, "Day of the weight that was graded, if it was no result"),
    ),
)

RESPONSES = Table(
    name="responses",
    meaning="One row per assessment of response",
    record=Assessment,
    columns=(
        PATIENT,
        Column("date", DATE, "Day of the assessment", field="assessed_on", filled=True),
        Column("timepoint", TEXT, "Occasion of the assessment", codes=assessments.TIMEPOINTS),
        Column("modality", TEXT, "Imaging, or clinical", codes=assessments.MODALITIES),
        Column("response", CODE, "Response; empty at baseline", codes=assessments.RESPONSES),
        Column("after_cycle", INTEGER, "Number of the cycle before it; 0 before the first"),
        Column("comment", TEXT, "Comment in free text"),
        Column("criteria", TEXT, "Criteria with their edition", codes=assessments.CRITERIA),
        Column(
            "sum_of_diameters_mm",
            NUMBER,
            "Sum of diameters of the target lesions",
            unit="mm",
        ),
        Column("suvmax", NUMBER, "SUVmax of the hottest lesion"),
        Column("krenning", INTEGER, "Krenning score, 0 to 4"),
        Column("netpet", TEXT, "NETPET score"),
    ),
)

KEY_IMAGES = Table(
    name="key_images",
    meaning="One row per key image, whose file is in the folder images",
    record=KeyImage,
    always=False,
    columns=(
        PATIENT,
        Column("date", DATE, "Day of the image", field="taken_on"),
        Column("file", TEXT, "Name of its file in the folder images", field=None, filled=True),
        Column("caption", TEXT, "What it shows"),
        Column("assessment_date", DATE, "Day of its assessment", field=None),
        Column(
            "assessment_no",
            INTEGER,
            "Which of the patient's assessments on that day, in the order of responses.csv, from 1;"
            " the only one if empty",
            field=None,
        ),
        Column("thumbnail", TEXT, "Name of the file of its thumbnail, a PNG", field=None),
    ),
)

COURSE_TABLES = (
    *(CYCLES, ADMINISTRATIONS, ENDS_OF_TREATMENT, LABS, TOXICITIES, DISMISSALS, RESPONSES),
    KEY_IMAGES,
)
