"""The kinds of record, one row each: every list that names the kinds follows from this table.

A new kind takes its own file in `model/records`, its form, a migration in `model/store/schema.py`
and a row here. Loading, checking, counting and deleting, the tidy folder and the pseudonymised
export then include it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from model.language import _
from model.records import without_identity
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.biopsies import Biopsy, Metastasis
from model.records.cycles import Cycle
from model.records.dismissals import Dismissal
from model.records.followups import FollowUp
from model.records.images import KeyImage
from model.records.labs import LabResult
from model.records.notes import Note, QualityOfLife
from model.records.patients import Identity, Patient
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity
from model.store.rows import Record


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
    day: str | None = None
    """Field with the date that a finding of `checks` names it by."""
    name: str | None = None
    """Field with the number or word that a finding of `checks` names it by."""
    dated: tuple[tuple[str, str], ...] = ()
    """Columns with a date that must lie within the life, each with what a sentence calls it."""
    counted: bool = True
    """Whether the tabs of the patient's page count it."""
    pseudonymised: tuple[str, ...] = ()
    """Columns of the tidy table that a pseudonymised export keeps; none: the table is left out."""
    nameless: Callable[[Any], Any] | None = None
    """Returns a record without what identifies the patient, or None where nothing is left of it.

    Laboratory results have none: there may be a million, and they are written from columns.
    """

    @property
    def table(self) -> str:
        """Name of its table in the casebook."""
        return self.record.TABLE


KINDS = (
    RecordKind(
        record=Patient,
        label=_("Patient"),
        tidy="patients",
        parent=None,
        counted=False,
        nameless=without_identity.patient,
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
        day="taken_on",
        name="site",
        dated=(("taken_on", _("A biopsy")),),
        nameless=without_identity.biopsy,
        pseudonymised=(
            *("patient_id", "date", "event", "who_grade", "differentiation", "ki67_pct"),
            "mitoses_per_2mm2",
        ),
    ),
    RecordKind(
        record=Therapy,
        label=_("Therapy"),
        tidy="prior_therapies",
        order="therapy.number",
        day="started_on",
        name="number",
        dated=(
            ("started_on", _("The start of a therapy")),
            ("ended_on", _("The end of a therapy")),
        ),
        nameless=without_identity.therapy,
        pseudonymised=(
            *("patient_id", "seq", "category", "started_on", "ended_on", "ongoing"),
            *("concomitant", "best_response"),
        ),
    ),
    RecordKind(
        record=Metastasis,
        label=_("Metastasis"),
        tidy="metastases",
        day="found_on",
        name="site",
        dated=(("found_on", _("A metastasis")),),
        nameless=without_identity.metastasis,
        pseudonymised=("patient_id", "site", "found_on"),
    ),
    RecordKind(
        record=Cycle,
        label=_("Cycle"),
        tidy="cycles",
        order="cycle.number",
        day="given_on",
        name="number",
        dated=(("given_on", _("A cycle")),),
        nameless=without_identity.cycle,
        pseudonymised=("patient_id", "cycle_no", "date", "modality", "ecog", "weight_kg"),
    ),
    RecordKind(
        record=Administration,
        label=_("Administration"),
        tidy="administrations",
        parent=Cycle,
        order="cycle.number, administration.number",
        day="given_on",
        name="number",
        counted=False,
        nameless=without_identity.administration,
        pseudonymised=(
            *("patient_id", "cycle_no", "component_no", "nuclide", "ligand", "date"),
            *("activity_unit", "activity", "prescribed", "route"),
        ),
    ),
    RecordKind(
        record=LabResult,
        label=_("Lab result"),
        tidy="labs",
        order="lab_result.taken_on, lab_result.taken_at",
        day="taken_on",
        name="analyte",
        dated=(("taken_on", _("A laboratory result")),),
        pseudonymised=(
            *("patient_id", "date", "analyte", "value", "unit", "lln", "uln", "fasting"),
        ),
    ),
    RecordKind(
        record=Toxicity,
        label=_("Toxicity"),
        tidy="toxicities",
        order="toxicity.onset_on is null, toxicity.onset_on",
        day="onset_on",
        name="term",
        dated=(
            ("onset_on", _("The onset of a toxicity")),
            ("resolved_on", _("The end of a toxicity")),
        ),
        nameless=without_identity.toxicity,
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
        day="assessed_on",
        dated=(("assessed_on", _("An assessment")),),
        nameless=without_identity.assessment,
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
        day="taken_on",
        dated=(("taken_on", _("A key image")),),
        counted=False,
    ),
    RecordKind(
        record=FollowUp,
        label=_("Follow-up"),
        tidy="followup",
        order="follow_up.seen_on",
        day="seen_on",
        nameless=without_identity.follow_up,
        pseudonymised=("patient_id", "date", "status", "cause", "ecog", "weight_kg"),
    ),
    RecordKind(
        record=QualityOfLife,
        label=_("Quality of life"),
        tidy="qol",
        order="quality_of_life.stated_on",
        day="stated_on",
        dated=(("stated_on", _("A quality-of-life entry")),),
        nameless=without_identity.quality_of_life,
        pseudonymised=("patient_id", "date", "instrument", "score"),
    ),
    RecordKind(
        record=Note,
        label=_("Note"),
        tidy="notes",
        order="note.written_on",
        day="written_on",
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
