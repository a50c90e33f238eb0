"""The kinds of record, one row each: every list that names the kinds follows from this table.

A new kind takes its own file in `model/records`, its form, a migration in `model/store/schema.py`
and a row here. Loading, checking, counting and deleting, the tidy folder and the pseudonymised
export then include it.
"""

from dataclasses import dataclass

from model.language import _
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.biopsies import Biopsy, Metastasis
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.images import KeyImage
from model.records.labs import LabResult
from model.records.notes import Note, QualityOfLife
from model.records.outcome.ends_of_treatment import EndOfTreatment
from model.records.patients import Identity, Patient
from model.records.therapies import Therapy
from model.records.toxicities import Dismissal, Toxicity
from model.store import rows as records
from model.store.reader import Reader
from model.store.rows import R, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind:
    """One kind of record: where it is stored, what it is called, where it is shown and exported."""

    record: type[Record]
    label: str
    tidy: str
    """Name of its table in a tidy folder."""
    parent: type[Record] | None = Patient
    order: str = ""
    """SQL order among a patient's records of this kind; ties go by id."""
    name: str | None = None
    """Field with the number or word that a finding of `checks` names it by."""
    undated: str | None = None
    """Field with its date, if that need not lie within the patient's life."""
    dated: tuple[tuple[str, str], ...] = ()
    """Columns with a date that must lie within the life, each with what a sentence calls it."""
    counted: bool = True
    """Whether the tabs of the patient's page count it."""
    pseudonymised: tuple[str, ...] = ()
    """Columns of the tidy table that a pseudonymised export keeps; none: the table is left out."""

    @property
    def table(self) -> str:
        """Name of its table in the casebook."""
        return self.record.TABLE

    @property
    def day(self) -> str | None:
        """Field with the date that a finding of `checks` names it by."""
        return self.dated[0][0] if self.dated else self.undated


KINDS: tuple[RecordKind, ...] = (
    RecordKind(
        record=Patient,
        label=_("Patient"),
        tidy="patients",
        parent=None,
        counted=False,
        pseudonymised=(
            *("patient_id", "sex", "age_at_index", "primary_site", "vital_status"),
            *("disease_status", "last_contact_or_death", "height_cm", "diagnosed_on"),
            "ctcae_version",
        ),
    ),
    RecordKind(
        record=Biopsy,
        label=_("Biopsy"),
        tidy="pathology",
        order="biopsy.taken_on is null, biopsy.taken_on",
        name="site",
        dated=(("taken_on", _("A biopsy")),),
        pseudonymised=(
            *("patient_id", "date", "event", "who_grade", "differentiation", "ki67_pct"),
            *("ki67_written", "mitoses_per_2mm2"),
        ),
    ),
    RecordKind(
        record=Therapy,
        label=_("Therapy"),
        tidy="prior_therapies",
        order="therapy.number",
        name="number",
        dated=(
            ("started_on", _("The start of a therapy")),
            ("ended_on", _("The end of a therapy")),
        ),
        pseudonymised=(
            *("patient_id", "seq", "category", "started_on", "ended_on", "ongoing"),
            *("concomitant", "best_response"),
        ),
    ),
    RecordKind(
        record=Metastasis,
        label=_("Metastasis"),
        tidy="metastases",
        name="site",
        dated=(("found_on", _("A metastasis")),),
        pseudonymised=("patient_id", "site", "found_on"),
    ),
    RecordKind(
        record=Cycle,
        label=_("Cycle"),
        tidy="cycles",
        order="cycle.number",
        name="number",
        dated=(("given_on", _("A cycle")),),
        pseudonymised=("patient_id", "cycle_no", "date", "modality", "ecog", "weight_kg"),
    ),
    RecordKind(
        record=Administration,
        label=_("Administration"),
        tidy="administrations",
        parent=Cycle,
        order="cycle.number, administration.number",
        undated="given_on",
        name="number",
        counted=False,
        pseudonymised=(
            *("patient_id", "cycle_no", "component_no", "nuclide", "ligand", "date"),
            *("activity_unit", "activity", "prescribed", "route"),
        ),
    ),
    RecordKind(
        record=EndOfTreatment,
        label=_("End of treatment"),
        tidy="end_of_treatment",
        order="end_of_treatment.ended_on",
        name="reason",
        dated=(("ended_on", _("The end of treatment")),),
        pseudonymised=("patient_id", "date", "reason"),
    ),
    RecordKind(
        record=LabResult,
        label=_("Lab result"),
        tidy="labs",
        order="lab_result.taken_on, lab_result.taken_at",
        name="analyte",
        dated=(("taken_on", _("A laboratory result")),),
        pseudonymised=(
            *("patient_id", "date", "analyte", "value", "unit", "lln", "uln", "fasting"),
            *("limits_from", "confirmed"),
        ),
    ),
    RecordKind(
        record=Toxicity,
        label=_("Toxicity"),
        tidy="toxicities",
        order="toxicity.onset_on is null, toxicity.onset_on",
        name="term",
        dated=(
            ("onset_on", _("The onset of a toxicity")),
            ("resolved_on", _("The end of a toxicity")),
        ),
        pseudonymised=(
            *("patient_id", "cycle_no", "ctcae_term", "soc", "ctcae_version", "phase", "grade"),
            *("onset", "resolved", "outcome", "attribution", "treatment_emergent"),
        ),
    ),
    RecordKind(
        record=Assessment,
        label=_("Assessment"),
        tidy="responses",
        order="assessment.assessed_on",
        dated=(("assessed_on", _("An assessment")),),
        pseudonymised=(
            *("patient_id", "date", "timepoint", "modality", "response", "after_cycle"),
            *("criteria", "sum_of_diameters_mm", "suvmax", "krenning"),
        ),
    ),
    RecordKind(
        record=KeyImage,
        label=_("Key image"),
        tidy="key_images",
        order="key_image.taken_on is null, key_image.taken_on",
        dated=(("taken_on", _("A key image")),),
        counted=False,
    ),
    RecordKind(
        record=FollowUp,
        label=_("Follow-up"),
        tidy="followup",
        order="follow_up.seen_on",
        undated="seen_on",
        pseudonymised=("patient_id", "date", "status", "cause", "ecog", "weight_kg"),
    ),
    RecordKind(
        record=QualityOfLife,
        label=_("Quality of life"),
        tidy="qol",
        order="quality_of_life.stated_on",
        dated=(("stated_on", _("A quality-of-life entry")),),
        pseudonymised=("patient_id", "date", "instrument", "score"),
    ),
    RecordKind(
        record=Note,
        label=_("Note"),
        tidy="notes",
        order="note.written_on",
        undated="written_on",
    ),
    RecordKind(
        record=Dismissal,
        label=_("Dismissal"),
        tidy="dismissals",
        name="term",
        counted=False,
    ),
    RecordKind(
        record=Identity,
        label=_("Identity"),
        tidy="identity",
        counted=False,
    ),
)
"""Parents before children, in the order of a tidy folder's tables."""


BY_RECORD: dict[type[Record], RecordKind] = {kind.record: kind for kind in KINDS}


def of_patient(reader: Reader, record: type[R], patient_id: int) -> list[R]:
    """Return a patient's records of a class in their order: by date or number, oldest first."""
    return records.of_patient(reader, record, patient_id, BY_RECORD[record].order or "id")


def joins(kind: RecordKind) -> str:
    """Return SQL joins from a kind's table up to `patient`, past no row that is in the bin."""
    sql = ""
    while kind.parent is not None:
        parent = kind.parent.TABLE
        sql += (
            f" join {parent} on {parent}.id = {kind.table}.{parent}_id"
            f" and {parent}.deleted_at is null"
        )
        kind = BY_RECORD[kind.parent]
    return sql


def pseudonymised_kinds() -> list[RecordKind]:
    """Return the kinds of a pseudonymised export, but for laboratory results.

    There may be a million of these: they are written from columns.
    """
    return [kind for kind in KINDS if kind.pseudonymised and kind.record is not LabResult]
