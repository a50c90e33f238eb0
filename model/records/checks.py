"""Whether a casebook is sound: the file, its journal, and every rule of every record again."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from model.language import _
from model.records import contents, images
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.contents import Contents
from model.records.cycles import Cycle
from model.records.images import KeyImage
from model.records.kinds import BY_RECORD
from model.records.labs import LabResult
from model.records.patients import Patient
from model.records.toxicities import Toxicity
from model.store import examine, journal
from model.store.reader import Reader
from model.store.rows import Record


def check_file(path: Path, passphrase: str | None) -> list[str]:
    """What is wrong with a casebook file, one sentence each; the file is only read.

    Raises what `examine.unlock` raises when the file cannot be opened for what it is.
    """
    key = examine.unlock(path, passphrase)
    with closing(examine.connect(path, key, read_only=True)) as connection:
        connection.execute("begin")  # one snapshot for all queries
        return check(Reader(connection))


def check(reader: Reader) -> list[str]:
    """What is wrong with a casebook's rows, one sentence each: references, journal, rules."""
    recorded = contents.load(reader)
    return [
        *_broken_references(reader),
        *_broken_journal(reader),
        *_broken_rules(recorded),
        *_strange_ties(recorded),
        *_strange_pictures(reader, recorded),
        *_duplicates(recorded),
    ]


def _broken_references(reader: Reader) -> Iterator[str]:
    for row in reader.rows("pragma foreign_key_check"):
        yield (
            f"The table “{row['table']}” refers to a row of “{row['parent']}” that is not there"
            f" (row {row['rowid']})."
        )


def _broken_journal(reader: Reader) -> Iterator[str]:
    broken = journal.first_broken_link(reader)
    if broken is not None:
        yield (
            f"The journal was changed from outside: its entry {broken} does not follow from the"
            " one before."
        )


def _broken_rules(recorded: Contents) -> Iterator[str]:
    for record, problems in contents.problems(recorded):
        for text in problems.values():
            yield f"{_named(record, recorded)}: {text}"


def _strange_ties(recorded: Contents) -> Iterator[str]:
    cycles = {cycle.id: cycle for cycle in recorded.of(Cycle)}
    results = {result.id: result for result in recorded.of(LabResult)}
    for toxicity in recorded.of(Toxicity):
        for tied_id, tied_to, what in (
            (toxicity.cycle_id, cycles.get(toxicity.cycle_id), "cycle"),
            (toxicity.lab_result_id, results.get(toxicity.lab_result_id), "lab result"),
        ):
            if tied_id is not None and tied_to is None:
                yield f"{_named(toxicity, recorded)}: Its {what} is in the bin."
            elif tied_to is not None and tied_to.patient_id != toxicity.patient_id:
                yield f"{_named(toxicity, recorded)}: Its {what} is another patient's."


def _strange_pictures(reader: Reader, recorded: Contents) -> Iterator[str]:
    spoiled = set(images.spoiled(reader)) if recorded.of(KeyImage) else set()
    assessments = {assessment.id: assessment for assessment in recorded.of(Assessment)}
    for image in recorded.of(KeyImage):
        if {image.image_data_id, image.thumbnail_data_id} & spoiled:
            yield f"{_named(image, recorded)}: Its file is no longer as it was added."
        assessment = assessments.get(image.assessment_id)
        if image.assessment_id is not None and assessment is None:
            yield f"{_named(image, recorded)}: Its assessment is in the bin."
        elif assessment is not None and assessment.patient_id != image.patient_id:
            yield f"{_named(image, recorded)}: Its assessment is another patient's."


def _duplicates(recorded: Contents) -> Iterator[str]:
    """Records that say the same twice; a tidy folder with such rows is refused."""
    alike: dict[tuple[Any, ...], int] = defaultdict(int)
    for record in recorded.records():
        values = [getattr(record, name) for name in record.__dataclass_fields__ if name != "id"]
        key = (record.TABLE, *values)
        alike[key] += 1
        if alike[key] == 2:
            yield f"{_named(record, recorded)}: It is recorded twice in the same words."


def _named(record: Record, recorded: Contents) -> str:
    """Return words that lead to a record: the patient's code, what it is, its name and day."""
    if isinstance(record, Patient):
        return _("Patient {code}").format(code=record.code)
    kind = BY_RECORD[type(record)]
    patient_id = getattr(record, "patient_id", None)
    name = getattr(record, kind.name) if kind.name else None
    if isinstance(record, Administration):
        cycle = next(each for each in recorded.of(Cycle) if each.id == record.cycle_id)
        patient_id = cycle.patient_id
        name = _("{number} of cycle {cycle}").format(number=record.number, cycle=cycle.number)
    code = next(each.code for each in recorded.of(Patient) if each.id == patient_id)
    what = kind.label if name is None else f"{kind.label} {name}"
    day = getattr(record, kind.day) if kind.day else None
    if day is None:
        return _("Patient {code}, {record}").format(code=code, record=what)
    return _("Patient {code}, {record} of {day}").format(code=code, record=what, day=day)
