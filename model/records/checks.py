"""Checks of a whole casebook: the file, its journal, and every rule of every record."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from model.errors import UnreadableValue
from model.language import _
from model.records import contents, images
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.contents import Contents
from model.records.cycles import Cycle
from model.records.images import KeyImage
from model.records.kinds import BY_RECORD
from model.records.laboratory_limits import LaboratoryLimit
from model.records.labs import LabResult, label
from model.records.patients import Patient
from model.records.questions import all_questions
from model.records.toxicities import Dismissal, Toxicity
from model.store import anchors, examine, holder, journal, log_file, older_journal, replay, schema
from model.store.anchors import Contradiction
from model.store.reader import Reader
from model.store.rows import Record, field_types


@dataclass(frozen=True, slots=True)
class Findings:
    """What a check found, a sentence each."""

    faults: list[str]
    """What is wrong."""
    questions: list[str]
    """What is unlikely, but may be right."""


def check_file(
    path: Path, passphrase: str | None, today: date, against: Iterable[Path] = ()
) -> Findings:
    """Return what is wrong or unlikely in a casebook file; the file is only read.

    Its journal is compared with those of its backups, and of the backups and export folders in
    `against`. Raises what `examine.unlock` raises when the file cannot be opened.
    """
    key = examine.unlock(path, passphrase)
    left = None if holder.is_held(path) else holder.read(path)
    log = log_file.state_of(path, key, left)
    with closing(examine.connect(path, key, mode="closed")) as connection:
        connection.execute("begin")  # one snapshot for all queries
        reader = Reader(connection)
        unreadable: list[UnreadableValue] = []
        recorded = contents.load(reader, unreadable=unreadable)
        broken = list(contents.problems(recorded))
        faults = [*map(str, unreadable), *_faults(reader, recorded, broken)]
        if missing := log_file.missing_text(log, reader):
            faults.insert(0, missing)
        if log.is_of_another_file:
            faults.insert(0, _("The log next to the casebook belongs to another file."))
        questions = _questions(recorded, broken, today)
        for contradiction in anchors.contradictions(reader, path, key, against):
            known = questions if contradiction.after_restore else faults
            known.append(_contradiction(contradiction))
        return Findings(faults, questions)


def check(reader: Reader) -> list[str]:
    """Return what is wrong with a casebook's rows: references, journal, rules, duplicates."""
    unreadable: list[UnreadableValue] = []
    recorded = contents.load(reader, unreadable=unreadable)
    faults = _faults(reader, recorded, list(contents.problems(recorded)))
    return [*map(str, unreadable), *faults]


def faults_of_patient(recorded: Contents) -> list[str]:
    """Return which rules the records of a patient break."""
    return [
        *(
            _finding(record, text, recorded)
            for record, problems in contents.problems(recorded)
            for text in problems.values()
        ),
        *_wrong_links(recorded),
        *_duplicates(recorded),
    ]


Broken = list[tuple[Record, dict[str, str]]]
"""The records that break a rule, with their problems by field."""


def _faults(reader: Reader, recorded: Contents, broken: Broken) -> list[str]:
    return [
        *_broken_references(reader),
        *_broken_journal(reader),
        *(
            _finding(record, text, recorded)
            for record, problems in broken
            for text in problems.values()
        ),
        *_wrong_links(recorded),
        *_damaged_pictures(reader, recorded),
        *_duplicates(recorded),
    ]


def _questions(recorded: Contents, broken: Broken, today: date) -> list[str]:
    """Return what is unlikely in the records that break no rule."""
    refused = {id(record) for record, _problems in broken}
    return [
        _finding(record, text, recorded)
        for record, asked in all_questions(recorded, today)
        if id(record) not in refused
        for text in asked.values()
    ]


def _finding(record: Record, text: str, recorded: Contents) -> str:
    return f"{_named(record, recorded)}: {text}"


def _broken_references(reader: Reader) -> Iterator[str]:
    sentence = _(
        "The table “{table}” refers to a row of “{parent}” that does not exist (row {rowid})."
    )
    for row in reader.rows("pragma foreign_key_check"):
        yield sentence.format_map(row)


def _broken_journal(reader: Reader) -> Iterator[str]:
    """Yield what was changed past the program: entries, rows, tables and triggers."""
    if older_journal.is_older(reader):
        entry = older_journal.first_broken_link(reader)
    else:
        entry = journal.first_broken_link(reader)
        try:
            yield from map(_difference, replay.differences(reader))
        except UnreadableValue as error:
            yield str(error)
        if schema.is_current(reader):
            yield from _changed_schema(reader)
    upgrades = reader.rows("select after from journal where action = 'Upgrade' order by seq")
    details = (json.loads(row["after"] or "{}") for row in upgrades)
    entries = [each["journal_broken_at"] for each in details if "journal_broken_at" in each]
    if entry is not None:
        entries.append(entry)
    for entry in entries:
        yield _(
            "The journal was changed from outside: its entry {entry} does not follow from the one"
            " before."
        ).format(entry=entry)


def _difference(difference: replay.Difference) -> str:
    values = {"table": difference.table, "row": difference.row_id}
    match difference.kind:
        case "edited":
            text = _("Row {row} of the table “{table}” was edited past the journal.")
        case "deleted":
            text = _("Row {row} of the table “{table}” was deleted past the journal.")
        case "inserted":
            text = _("Row {row} of the table “{table}” was inserted past the journal.")
        case "unreadable":
            text = _("The journal has lost rows that were imported into the table “{table}”.")
    return text.format_map(values)


def _changed_schema(reader: Reader) -> Iterator[str]:
    """Yield the tables, indexes and triggers that are missing, added or different."""
    expected, present = schema.objects_of_new_casebook(), schema.objects(reader)
    for name in sorted(expected.keys() | present.keys()):
        if expected.get(name) != present.get(name):
            yield _("The structure of the file was changed from outside: “{name}”.").format(
                name=name
            )


def _contradiction(contradiction: Contradiction) -> str:
    values = {"source": contradiction.source, "entry": contradiction.anchor.seq}
    if contradiction.after_restore:
        sentence = _(
            "“{source}” is from before this casebook was restored: its entry {entry} of the journal"
            " is not in this one."
        )
    else:
        sentence = _(
            "The journal was cut off or made anew: entry {entry}, which “{source}” has, is not in"
            " it."
        )
    return sentence.format_map(values)


def _wrong_links(recorded: Contents) -> Iterator[str]:
    """Yield links to a record in the bin or of another patient."""
    cycles = {cycle.id: cycle for cycle in recorded.of(Cycle)}
    results = {result.id: result for result in recorded.of(LabResult)}
    assessments = {assessment.id: assessment for assessment in recorded.of(Assessment)}
    events = {event.id: event for event in recorded.of(Toxicity)}
    links: list[
        tuple[
            Toxicity | Dismissal | KeyImage,
            int | None,
            Cycle | LabResult | Assessment | Toxicity | None,
            str,
        ]
    ] = []
    for event in recorded.of(Toxicity):
        links.append((event, event.cycle_id, cycles.get(event.cycle_id), _("cycle")))
        linked = results.get(event.lab_result_id)
        links.append((event, event.lab_result_id, linked, _("lab result")))
    for dismissal in recorded.of(Dismissal):
        closed = events.get(dismissal.toxicity_id)
        links.append((dismissal, dismissal.toxicity_id, closed, _("toxicity")))
    for image in recorded.of(KeyImage):
        seen = assessments.get(image.assessment_id)
        links.append((image, image.assessment_id, seen, _("assessment")))
    for record, linked_id, parent, what in links:
        if linked_id is not None and parent is None:
            yield _finding(record, _("Its {what} is in the bin.").format(what=what), recorded)
        elif parent is not None and parent.patient_id != record.patient_id:
            text = _("Its {what} belongs to another patient.").format(what=what)
            yield _finding(record, text, recorded)


def _damaged_pictures(reader: Reader, recorded: Contents) -> Iterator[str]:
    damaged = set(images.damaged(reader)) if recorded.of(KeyImage) else set()
    for image in recorded.of(KeyImage):
        if {image.image_data_id, image.thumbnail_data_id} & damaged:
            yield _finding(image, _("Its file is damaged."), recorded)


def _duplicates(recorded: Contents) -> Iterator[str]:
    """Yield records that are identical; a tidy folder with such rows is refused."""
    counts: dict[tuple[Any, ...], int] = defaultdict(int)
    for record in recorded.everything():
        values = [getattr(record, name) for name in field_types(type(record)) if name != "id"]
        key = (record.TABLE, *values)
        counts[key] += 1
        if counts[key] == 2:
            yield _finding(record, _("It is recorded twice in the same words."), recorded)


def _named(record: Record, recorded: Contents) -> str:
    """Return words that lead to a record: the patient's code, what it is, its name and day."""
    if isinstance(record, Patient):
        return _("Patient {code}").format(code=record.code)
    if isinstance(record, LaboratoryLimit):
        return _("Laboratory limits of {analyte}").format(analyte=label(record.analyte))
    kind = BY_RECORD[type(record)]
    patient_id = getattr(record, "patient_id", None)
    name = getattr(record, kind.name) if kind.name else None
    if isinstance(record, Administration):
        cycles = [each for each in recorded.of(Cycle) if each.id == record.cycle_id]
        patient_id = cycles[0].patient_id if cycles else None
        cycle_number = cycles[0].number if cycles else "?"
        name = _("{number} of cycle {cycle}").format(number=record.number, cycle=cycle_number)
    # The row of a patient or a cycle may be one that cannot be read.
    codes = (each.code for each in recorded.of(Patient) if each.id == patient_id)
    code = next(codes, "?")
    what = kind.label if name is None else f"{kind.label} {name}"
    day = getattr(record, kind.day) if kind.day else None
    if day is None:
        return _("Patient {code}, {record}").format(code=code, record=what)
    return _("Patient {code}, {record} of {day}").format(code=code, record=what, day=day)
