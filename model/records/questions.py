"""What is unlikely in a record, though it may be right: one rule for forms, import and `check`.

What is impossible is refused by a record's `problems`. What is unlikely is a question: a form asks
it once before it saves, an import and `check` list it. Nothing that depends on today's date is
refused, because the clock of a computer may be wrong.
"""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache

from model.dates import PartialDate, date_text
from model.language import _
from model.records import contents as all_contents
from model.records.administrations import Administration
from model.records.contents import Contents
from model.records.cycles import Cycle
from model.records.life import Life
from model.records.patients import Patient
from model.records.rules import OfPatient
from model.store.rows import Record, field_types


def questions(
    record: Record, life: Life, today: date, *, cycle_on: date | None = None
) -> dict[str, str]:
    """Return what is unlikely in a record, a sentence for each field; empty for nothing.

    `life` is the patient's. `cycle_on` is the day of an administration's cycle.
    """
    asked = in_the_future(record, today)
    if isinstance(record, Administration):
        asked |= record.questions(cycle_on)
    elif isinstance(record, OfPatient | Patient):
        asked |= record.questions(life)
    return asked


def in_the_future(record: Record, today: date) -> dict[str, str]:
    """Return the dates of a record that are surely after today, by field."""
    asked = {}
    for name in _dated_fields(type(record)):
        value = getattr(record, name)
        day = value.earliest if isinstance(value, PartialDate) else value
        day = day.date() if isinstance(day, datetime) else day
        if day is not None and day > today:
            asked[name] = _("{date} is in the future.").format(
                date=date_text(value if isinstance(value, PartialDate) else day)
            )
    return asked


def all_questions(contents: Contents, today: date) -> Iterator[tuple[Record, dict[str, str]]]:
    """Yield each record of a casebook in which something is unlikely, with its questions."""
    lives = all_contents.lives(contents)
    cycles = {cycle.id: cycle for cycle in contents.of(Cycle)}
    for record in contents.records():
        cycle = cycles.get(record.cycle_id) if isinstance(record, Administration) else None
        of = "id" if isinstance(record, Patient) else "patient_id"
        life = lives.get(getattr(record, of, None), Life())
        if asked := questions(record, life, today, cycle_on=cycle.given_on if cycle else None):
            yield record, asked


@cache
def _dated_fields(kind: type[Record]) -> tuple[str, ...]:
    return tuple(
        name for name, held in field_types(kind).items() if held in (date, datetime, PartialDate)
    )
