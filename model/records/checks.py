"""Whether a casebook is sound: the file, its journal, and every rule of every record again."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from model.records import contents, images
from model.records.contents import Contents
from model.records.patients import Patient
from model.store import examine, journal
from model.store.reader import Reader
from model.store.rows import Record

_WHAT = {
    "patient": "Patient",
    "identity": "Identity",
    "biopsy": "Biopsy",
    "metastasis": "Metastasis",
    "therapy": "Therapy",
    "cycle": "Cycle",
    "administration": "Administration",
    "lab_result": "Lab result",
    "toxicity": "Toxicity",
    "assessment": "Assessment",
    "key_image": "Key image",
    "follow_up": "Follow-up",
    "quality_of_life": "Quality of life",
    "note": "Note",
    "dismissal": "Dismissal",
}
_DAYS = (
    *("taken_on", "onset_on", "assessed_on", "seen_on", "stated_on", "written_on", "given_on"),
    *("found_on", "started_on"),
)
_NAMES = ("analyte", "term", "site", "category", "nuclide")


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
    cycles = {cycle.id: cycle for cycle in recorded.cycles}
    results = {result.id: result for result in recorded.lab_results}
    for toxicity in recorded.toxicities:
        for tied_id, tied_to, what in (
            (toxicity.cycle_id, cycles.get(toxicity.cycle_id), "cycle"),
            (toxicity.lab_result_id, results.get(toxicity.lab_result_id), "lab result"),
        ):
            if tied_id is not None and tied_to is None:
                yield f"{_named(toxicity, recorded)}: Its {what} is in the bin."
            elif tied_to is not None and tied_to.patient_id != toxicity.patient_id:
                yield f"{_named(toxicity, recorded)}: Its {what} is another patient's."


def _strange_pictures(reader: Reader, recorded: Contents) -> Iterator[str]:
    spoiled = set(images.spoiled(reader)) if recorded.key_images else set()
    assessments = {assessment.id: assessment for assessment in recorded.assessments}
    for image in recorded.key_images:
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
    """A record in words that lead to it: the patient's code, what it is, its day or number."""
    if isinstance(record, Patient):
        return f"Patient {record.code}"
    belonging: Any = record
    patient_id = getattr(belonging, "patient_id", None)
    words = [_WHAT[record.TABLE]]
    if record.TABLE == "administration":
        cycle = next(cycle for cycle in recorded.cycles if cycle.id == belonging.cycle_id)
        patient_id = cycle.patient_id
        words.append(f"{belonging.number} of cycle {cycle.number}")
    elif hasattr(belonging, "number"):
        words.append(f"{belonging.number}")
    else:
        words += [f"{getattr(belonging, name)}" for name in _NAMES if hasattr(belonging, name)]
    days = [getattr(belonging, name, None) for name in _DAYS]
    words += [f"of {day}" for day in days if day is not None][:1]
    code = next(patient.code for patient in recorded.patients if patient.id == patient_id)
    return f"Patient {code}, {' '.join(words)}"
