"""All that a casebook records, as one value: what a tidy folder holds, and a check goes through."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from model.dates import PartialDate
from model.records import images
from model.records.assessments import Assessment
from model.records.biopsies import Biopsy, Metastasis
from model.records.cycles import Administration, Cycle
from model.records.dismissals import Dismissal
from model.records.followups import FollowUp
from model.records.images import KeyImage
from model.records.labs import LabResult
from model.records.life import Life
from model.records.notes import Note, QualityOfLife
from model.records.patients import Identity, Patient
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity
from model.store import rows as records
from model.store.reader import Reader
from model.store.rows import Record


@dataclass(slots=True, kw_only=True)
class Contents:
    """Every record of a casebook that is not in the bin, and its settings by name.

    Records carry their ids and refer to each other by them. As `load` gives them they stand by
    study code, then by date or number.
    """

    patients: list[Patient] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)
    biopsies: list[Biopsy] = field(default_factory=list)
    metastases: list[Metastasis] = field(default_factory=list)
    therapies: list[Therapy] = field(default_factory=list)
    cycles: list[Cycle] = field(default_factory=list)
    administrations: list[Administration] = field(default_factory=list)
    lab_results: list[LabResult] = field(default_factory=list)
    toxicities: list[Toxicity] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    key_images: list[KeyImage] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    quality_of_life: list[QualityOfLife] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    dismissals: list[Dismissal] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    image_hashes: dict[int, str] = field(default_factory=dict)
    """The SHA-256 of each picture and thumbnail, by the id that key images name it by."""

    def records(self) -> Iterator[Record]:
        """Every record, parents before children."""
        yield from self.patients
        yield from self.identities
        yield from self.biopsies
        yield from self.metastases
        yield from self.therapies
        yield from self.cycles
        yield from self.administrations
        yield from self.lab_results
        yield from self.toxicities
        yield from self.assessments
        yield from self.key_images
        yield from self.follow_ups
        yield from self.quality_of_life
        yield from self.notes
        yield from self.dismissals

    def forget(self) -> None:
        """Let go of everything, kind by kind: very many at once keep every other thread waiting."""
        for each in fields(self):
            getattr(self, each.name).clear()


def load(reader: Reader, *, all_results: bool = True) -> Contents:
    """All that a casebook records.

    Of the laboratory results, if not `all_results`, those that other records rest on: there may be
    a million.
    """
    key_images = _all(reader, KeyImage)
    toxicities = _all(reader, Toxicity)
    dismissals = _all(reader, Dismissal)
    return Contents(
        patients=_all(reader, Patient),
        identities=_all(reader, Identity),
        biopsies=_all(reader, Biopsy),
        metastases=_all(reader, Metastasis),
        therapies=_all(reader, Therapy),
        cycles=_all(reader, Cycle),
        administrations=_all(reader, Administration),
        lab_results=_all(reader, LabResult)
        if all_results
        else _rested_on(reader, (*toxicities, *dismissals)),
        toxicities=toxicities,
        assessments=_all(reader, Assessment),
        key_images=key_images,
        follow_ups=_all(reader, FollowUp),
        quality_of_life=_all(reader, QualityOfLife),
        notes=_all(reader, Note),
        dismissals=dismissals,
        settings={
            row["name"]: row["value"]
            for row in reader.rows("select name, value from setting order by name")
        },
        image_hashes=images.hashes(
            reader,
            [each.image_data_id for each in key_images]
            + [each.thumbnail_data_id for each in key_images if each.thumbnail_data_id],
        ),
    )


def of_patients(contents: Contents, patient_ids: Collection[int]) -> Contents:
    """What is recorded of some patients; the settings are those of the casebook."""
    chosen = set(patient_ids)
    cycles = [each for each in contents.cycles if each.patient_id in chosen]
    of_cycles = {each.id for each in cycles}
    kept: dict[str, Any] = {
        name: [each for each in getattr(contents, name) if each.patient_id in chosen]
        for name in _BY_PATIENT
    }
    return replace(
        contents,
        patients=[each for each in contents.patients if each.id in chosen],
        cycles=cycles,
        administrations=[each for each in contents.administrations if each.cycle_id in of_cycles],
        **kept,
    )


def _rested_on(reader: Reader, found: Iterable[Toxicity | Dismissal]) -> list[LabResult]:
    """The results that graded records name."""
    ids = {each.lab_result_id for each in found if each.lab_result_id is not None}
    results = (records.find(reader, LabResult, each) for each in sorted(ids))
    return [result for result in results if result is not None]


_BY_PATIENT = (
    *("identities", "biopsies", "metastases", "therapies", "lab_results", "toxicities"),
    *("assessments", "key_images", "follow_ups", "quality_of_life", "notes", "dismissals"),
)


def lives(contents: Contents) -> dict[int | None, Life]:
    """The dates of each patient's life and treatment, by the patient's id."""
    born: dict[int, PartialDate | None] = {
        identity.patient_id: identity.born_on for identity in contents.identities
    }
    died: dict[int, date] = {}
    for follow_up in contents.follow_ups:
        if follow_up.status == "dead":
            first = died.get(follow_up.patient_id, follow_up.seen_on)
            died[follow_up.patient_id] = min(first, follow_up.seen_on)
    given: dict[int, list[tuple[int, date]]] = defaultdict(list)
    for cycle in contents.cycles:
        given[cycle.patient_id].append((cycle.number, cycle.given_on))
    return {
        patient.id: Life(
            born_on=born.get(patient.id or 0),
            died_on=died.get(patient.id or 0),
            cycles=tuple(sorted(given[patient.id or 0])),
        )
        for patient in contents.patients
    }


def problems(contents: Contents) -> Iterator[tuple[Record, dict[str, str]]]:
    """Each record that breaks a rule with its problems, by field."""
    of_patient = lives(contents)
    follow_ups: dict[int, list[FollowUp]] = defaultdict(list)
    for follow_up in contents.follow_ups:
        follow_ups[follow_up.patient_id].append(follow_up)
    for record in contents.records():
        match record:
            case Patient():
                found = record.problems(of_patient.get(record.id, Life()))
            case Administration():
                found = record.problems()
            case Cycle():
                life = of_patient.get(record.patient_id, Life())
                others = list(life.cycles)
                own = (record.number, record.given_on)
                if own in others:
                    others.remove(own)
                found = record.problems(replace(life, cycles=tuple(others)))
            case FollowUp():
                others_seen = [
                    other for other in follow_ups[record.patient_id] if other is not record
                ]
                found = record.problems(of_patient.get(record.patient_id, Life()), others_seen)
            case _:
                belonging: Any = record
                found = belonging.problems(of_patient.get(belonging.patient_id, Life()))
        if found:
            yield record, found


_ORDER = {
    Patient: "patient.code",
    Identity: "patient.code",
    Biopsy: "patient.code, biopsy.taken_on is null, biopsy.taken_on",
    Metastasis: "patient.code",
    Therapy: "patient.code, therapy.number",
    Cycle: "patient.code, cycle.number",
    LabResult: "patient.code, lab_result.taken_on, lab_result.taken_at",
    Toxicity: "patient.code, toxicity.onset_on is null, toxicity.onset_on",
    Assessment: "patient.code, assessment.assessed_on",
    KeyImage: "patient.code, key_image.taken_on is null, key_image.taken_on",
    FollowUp: "patient.code, follow_up.seen_on",
    QualityOfLife: "patient.code, quality_of_life.stated_on",
    Note: "patient.code, note.written_on",
    Dismissal: "patient.code",
}


def _all(reader: Reader, kind: type[records.R]) -> list[records.R]:
    """All records of a kind whose patient is not in the bin."""
    if not reader.rows("select name from sqlite_schema where name = :table", table=kind.TABLE):
        return []  # a casebook of an older version that is only read has none
    if kind is Patient:
        sql = "from patient where deleted_at is null order by code, id"
    elif kind is Administration:
        sql = """
              from administration
              join cycle on cycle.id = administration.cycle_id and cycle.deleted_at is null
              join patient on patient.id = cycle.patient_id and patient.deleted_at is null
             where administration.deleted_at is null
             order by patient.code, cycle.number, administration.number, administration.id
            """
    else:
        table = kind.TABLE
        sql = f"""
              from {table}
              join patient on patient.id = {table}.patient_id and patient.deleted_at is null
             where {table}.deleted_at is null
             order by {_ORDER[kind]}, {table}.id
            """
    return records.select(reader, kind, sql)
