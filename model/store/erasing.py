"""Erasing a patient on request: rows, images of the journal and pictures, for good.

What remains is that a patient was erased, when, by whom, why, and how many rows that were. The
chain of the journal holds, because it is taken over digests.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.language import N_
from model.store import batch_rows
from model.store.backups.files import all_backups
from model.store.casebook import Casebook
from model.store.step import Step

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, and where copies are that the program cannot erase."""

    rows: int
    journal_entries: int
    pictures: int
    backups: list[Path]
    """Backups that may still have the patient, newest first."""
    frozen_cohorts: list[str]
    """Frozen cohorts that list the patient: their numbers are sealed and were left as they are."""


def erase(casebook: Casebook, patient_id: int, reason: str) -> Erased:
    """Erase a patient with everything that belongs to it, in one step that cannot be undone.

    Afterwards the file is written anew, so that nothing of it is left in free pages. Raises
    KnownError when the disk refuses; then nothing was erased.
    """
    backups = [each.path for each in all_backups(casebook.path)]
    with casebook.erasing(N_("Erase patient"), reason) as (step, db):
        erasing = _Erasing(step, db, patient_id)
        counts = erasing.run()
        step.note_event(counts)
    casebook.write_anew()
    return Erased(
        counts["rows"],
        counts["journal_entries"],
        counts["pictures"],
        backups,
        erasing.frozen_cohorts,
    )


class _Erasing:
    """Erases one patient within an open step."""

    def __init__(self, step: Step, db: Any, patient_id: int) -> None:
        self._step = step
        self._db = db
        self._patient_id = patient_id
        (patient,) = step.rows("select code from patient where id = :id", id=patient_id)
        self._code = str(patient["code"])
        self.frozen_cohorts = [
            str(row["name"])
            for row in step.rows(
                "select name from frozen_cohort where instr(numbers, :code) > 0 order by name",
                code=json.dumps(self._code, ensure_ascii=False),
            )
        ]

    def run(self) -> dict[str, int]:
        """Erase everything; returns how many rows, journal entries and pictures that were."""
        self._db.execute("pragma defer_foreign_keys = on")
        rows = self._rows()
        entries = self._withhold_entries(rows) + self._withhold_events()
        self._shorten_pieces({row_id for ids in rows.values() for row_id in ids})
        for table, ids in rows.items():
            self._delete(table, ids)
        pictures = self._erase_pictures()
        return {
            "rows": sum(map(len, rows.values())),
            "journal_entries": entries,
            "pictures": pictures,
        }

    def _rows(self) -> dict[str, list[int]]:
        """Return the ids of all rows of the patient by table, deleted ones included."""
        tables = self._step.columns(
            """
            select m.name from sqlite_schema m, pragma_table_info(m.name) c
             where m.type = 'table' and c.name = 'patient_id' order by m.name
            """
        )["name"]
        rows = {
            table: self._step.columns(
                f"select id from {table} where patient_id = :id", id=self._patient_id
            )["id"]
            for table in tables
        }
        rows["administration"] = self._step.columns(
            """
            select a.id from administration a join cycle c on c.id = a.cycle_id
             where c.patient_id = :id
            """,
            id=self._patient_id,
        )["id"]
        rows["patient"] = [self._patient_id]
        return rows

    def _withhold_entries(self, rows: dict[str, list[int]]) -> int:
        """Empty the entries about rows of the patient, also about rows that were undone since."""
        count = 0
        for table, ids in rows.items():
            for part in _parts(ids):
                count += self._withhold(
                    "table_name = :table and row_id in (select value from json_each(:ids))",
                    table=table,
                    ids=json.dumps(part),
                )
        # A row that an undo removed is in no table any more, but its images name the patient.
        return count + self._withhold(
            "row_id is not null and (json_extract(before, '$.patient_id') = :id"
            " or json_extract(after, '$.patient_id') = :id)",
            id=self._patient_id,
        )

    def _withhold_events(self) -> int:
        """Empty the entries of files and copies that have the patient's code in their name."""
        return self._withhold(
            "table_name is null and instr(coalesce(after, ''), :code) > 0", code=self._code
        )

    def _withhold(self, condition: str, **parameters: Any) -> int:
        cursor = self._db.execute(
            f"""
            update journal set withheld = 1, before = null, after = null, reason = null, salt = null
             where withheld = 0 and {condition}
            """,
            parameters,
        )
        return int(cursor.rowcount)

    def _shorten_pieces(self, erased: set[int]) -> None:
        """Take the rows of the patient out of the pieces of imports."""
        for content in self._step.columns("select id from journal_content")["id"]:
            batch_rows.leave_out(self._db, self._step, content, erased)

    def _delete(self, table: str, ids: Iterable[int]) -> None:
        for part in _parts(list(ids)):
            self._db.execute(
                f"delete from {table} where id in (select value from json_each(:ids))",
                {"ids": json.dumps(part)},
            )

    def _erase_pictures(self) -> int:
        cursor = self._db.execute(
            """
            delete from image_data where id not in (
                select image_data_id from key_image where image_data_id is not null
                union select thumbnail_data_id from key_image where thumbnail_data_id is not null)
            """
        )
        return int(cursor.rowcount)


def _parts(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]
