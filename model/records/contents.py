"""All records of a casebook in one value: what a tidy folder holds, and `checks` looks through."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from model.dates import PartialDate
from model.errors import UnreadableValue
from model.records import images
from model.records.administrations import Administration
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.images import KeyImage
from model.records.kinds import KINDS, RecordKind, joins
from model.records.laboratory_limits import LaboratoryLimit, all_limits
from model.records.labs import LabResult
from model.records.life import Life, died_on, seen_alive_on
from model.records.patients import Identity, Patient
from model.records.rules import OfPatient
from model.records.toxicities import Dismissal, Toxicity
from model.store import rows as records
from model.store.reader import Reader
from model.store.rows import R, Record
from model.store.settings import all_settings


@dataclass(slots=True)
class Contents:
    """Every record of a casebook that is not in the bin, and its settings by name.

    Records carry their ids and refer to each other by them. As loaded they are sorted by study
    code, then by date or number.
    """

    lists: dict[type[Record], list[Any]] = field(
        default_factory=lambda: {**{kind.record: [] for kind in KINDS}, LaboratoryLimit: []}
    )
    settings: dict[str, str] = field(default_factory=dict)
    image_hashes: dict[int, str] = field(default_factory=dict)
    """The SHA-256 of each picture and thumbnail, by the id that key images refer to."""

    @classmethod
    def holding(cls, records: Iterable[Record]) -> "Contents":
        """Return contents with these records; those of one kind keep their order."""
        contents = cls()
        for record in records:
            contents.lists[type(record)].append(record)
        return contents

    def of(self, record: type[R]) -> list[R]:
        """Return the list of the records of one class."""
        return cast("list[R]", self.lists[record])

    def records(self) -> Iterator[Record]:
        """Iterate over every record of a patient, parents before children."""
        for kind in KINDS:
            yield from self.lists[kind.record]

    def everything(self) -> Iterator[Record]:
        """Iterate over every record, then the laboratories' limits, which are of no patient."""
        yield from self.records()
        yield from self.of(LaboratoryLimit)

    def clear(self) -> None:
        """Release the records kind by kind, so that other threads can run in between."""
        for each in self.lists.values():
            each.clear()
        self.settings.clear()
        self.image_hashes.clear()


def load(
    reader: Reader,
    *,
    all_results: bool = True,
    unreadable: list[UnreadableValue] | None = None,
) -> Contents:
    """Return all records of a casebook.

    Without `all_results`, only laboratory results that other records refer to are loaded: there may
    be a million in all. Raises UnreadableValue for a value that cannot be read, unless there is a
    list `unreadable` for these errors: then such records are left out.
    """
    contents = Contents()
    for kind in KINDS:
        if all_results or kind.record is not LabResult:
            contents.lists[kind.record] = _all(reader, kind, unreadable=unreadable)
    if not all_results:
        graded: list[Toxicity | Dismissal] = [*contents.of(Toxicity), *contents.of(Dismissal)]
        contents.lists[LabResult] = _referred_to(reader, graded)
    if _has_table(reader, LaboratoryLimit.TABLE):
        contents.lists[LaboratoryLimit] = all_limits(reader)
    contents.settings = all_settings(reader)
    pictures = contents.of(KeyImage)
    contents.image_hashes = images.hashes(
        reader,
        [each.image_data_id for each in pictures]
        + [each.thumbnail_data_id for each in pictures if each.thumbnail_data_id],
    )
    return contents


def load_patient(reader: Reader, patient_id: int) -> Contents:
    """Return the records of one patient; no settings, limits and pictures."""
    contents = Contents()
    for kind in KINDS:
        contents.lists[kind.record] = _all(reader, kind, patient_id)
    return contents


def of_patients(contents: Contents, patient_ids: Collection[int]) -> Contents:
    """Return the records of some patients; settings and limits are those of the casebook."""
    chosen: dict[type[Record], set[int]] = {Patient: set(patient_ids)}
    lists: dict[type[Record], list[Any]] = {}
    for kind in KINDS:
        # A child stays with its parent, which comes before it in KINDS.
        parents = chosen[kind.parent or Patient]
        column = f"{kind.parent.TABLE}_id" if kind.parent else "id"
        lists[kind.record] = [
            each for each in contents.lists[kind.record] if getattr(each, column) in parents
        ]
        if kind.record in _PARENTS:
            chosen[kind.record] = {each.id for each in lists[kind.record]}
    lists[LaboratoryLimit] = contents.lists[LaboratoryLimit]
    return replace(contents, lists=lists)


_PARENTS = {kind.parent for kind in KINDS}


def _referred_to(reader: Reader, graded: Iterable[Toxicity | Dismissal]) -> list[LabResult]:
    """Return the results that graded records refer to."""
    ids = {each.lab_result_id for each in graded if each.lab_result_id is not None}
    results = (records.find(reader, LabResult, each) for each in sorted(ids))
    return [result for result in results if result is not None]


def lives(contents: Contents) -> dict[int | None, Life]:
    """Return the `Life` of each patient, by id."""
    born: dict[int, PartialDate | None] = {
        identity.patient_id: identity.born_on for identity in contents.of(Identity)
    }
    follow_ups: dict[int, list[FollowUp]] = defaultdict(list)
    for follow_up in contents.of(FollowUp):
        follow_ups[follow_up.patient_id].append(follow_up)
    cycles: dict[int, list[tuple[int, date]]] = defaultdict(list)
    for cycle in contents.of(Cycle):
        cycles[cycle.patient_id].append((cycle.number, cycle.given_on))
    return {
        patient.id: Life(
            born_on=born.get(patient.id or 0),
            died_on=died_on(follow_ups[patient.id or 0]),
            seen_alive_on=seen_alive_on(follow_ups[patient.id or 0]),
            cycles=tuple(sorted(cycles[patient.id or 0])),
        )
        for patient in contents.of(Patient)
    }


def problems(contents: Contents) -> Iterator[tuple[Record, dict[str, str]]]:
    """Yield each record that breaks a rule, with its problems by field."""
    of_patient = lives(contents)
    patient_of = {cycle.id: cycle.patient_id for cycle in contents.of(Cycle)}
    follow_ups: dict[int, list[FollowUp]] = defaultdict(list)
    for follow_up in contents.of(FollowUp):
        follow_ups[follow_up.patient_id].append(follow_up)
    for record in contents.everything():
        match record:
            case Patient():
                broken = record.problems(of_patient.get(record.id, Life()))
            case Administration():
                broken = record.problems(of_patient.get(patient_of.get(record.cycle_id), Life()))
            case LaboratoryLimit():
                broken = record.problems()
            case Cycle():
                life = of_patient.get(record.patient_id, Life())
                others = list(life.cycles)
                own = (record.number, record.given_on)
                if own in others:
                    others.remove(own)
                broken = record.problems(replace(life, cycles=tuple(others)))
            case FollowUp():
                others_seen = [
                    other for other in follow_ups[record.patient_id] if other is not record
                ]
                broken = record.problems(of_patient.get(record.patient_id, Life()), others_seen)
            case OfPatient():
                broken = record.problems(of_patient.get(record.patient_id, Life()))
            case _:
                raise TypeError(f"{type(record)} has no rules.")
        if broken:
            yield record, broken


def _all(
    reader: Reader,
    kind: RecordKind,
    patient_id: int | None = None,
    unreadable: list[UnreadableValue] | None = None,
) -> list[Any]:
    """Return all records of a kind, but those in the bin or of a patient in the bin.

    With `patient_id`, only those of one patient; `unreadable` is as in `load`.
    """
    table = kind.table
    if not _has_table(reader, table):
        return []
    order = ", ".join(filter(None, ("patient.code", kind.order, f"{table}.id")))
    where = f"{table}.deleted_at is null"
    if patient_id is not None:
        where += f" and patient.id = {int(patient_id)}"
    sql = f"from {table}{joins(kind)} where {where} order by {order}"
    try:
        return records.select(reader, kind.record, sql)
    except UnreadableValue:
        if unreadable is None:
            raise
    return records.select_readable(reader, kind.record, sql, unreadable)


def _has_table(reader: Reader, table: str) -> bool:
    """Return whether there is a table: an older casebook that is only read lacks some."""
    return bool(reader.rows("select name from sqlite_schema where name = :table", table=table))
