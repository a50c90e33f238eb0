"""Code lists: which code stands for which patient in a pseudonymised export.

A list is made by the export that uses it and stays in the casebook, journalled and out of reach of
undo. It is never exported.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from model.store.ids import new_id
from model.store.reader import Reader
from model.store.step import Step

_CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another
_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """A list of codes: when its first code was made, and the number of its codes."""

    id: int
    made_at: str
    """UTC, as in the journal."""
    codes: int


def code_lists(reader: Reader) -> list[CodeList]:
    """Return the code lists of a casebook, newest first; none if an older version made it."""
    if not reader.rows("select name from sqlite_schema where name = 'pseudonym'"):
        return []
    return [
        CodeList(id=row["list_id"], made_at=row["made_at"], codes=row["codes"])
        for row in reader.rows(
            """
            select list_id, min(changed_at) as made_at, count(*) as codes
              from pseudonym
             where deleted_at is null
             group by list_id
             order by list_id desc
            """
        )
    ]


def codes_of(reader: Reader, list_id: int) -> dict[int, str]:
    """Return the codes of a list by the patient's id."""
    return {
        row["patient_id"]: row["code"]
        for row in reader.rows(
            """
            select patient_id, code from pseudonym
             where list_id = :list_id and deleted_at is null
             order by code
            """,
            list_id=list_id,
        )
    }


def completed(existing: dict[int, str], patient_ids: Iterable[int]) -> dict[int, str]:
    """Return existing codes, with new random ones for the patients that have none."""
    codes = dict(existing)
    taken = set(existing.values())
    for patient_id in patient_ids:
        if patient_id not in codes:
            codes[patient_id] = _fresh(taken)
            taken.add(codes[patient_id])
    return codes


def store(step: Step, codes: dict[int, str], list_id: int | None = None) -> int:
    """Store the codes that a list lacks, without a list in a new one; return the list's id."""
    stored = {} if list_id is None else codes_of(step, list_id)
    list_id = list_id or new_id()
    for patient_id, code in codes.items():
        if patient_id not in stored:
            step.put("pseudonym", {"list_id": list_id, "patient_id": patient_id, "code": code})
    return list_id


def _fresh(taken: set[str]) -> str:
    """Return a random code that is not taken: `P-7QK2MB`."""
    while (code := "P-" + "".join(secrets.choice(_CHARACTERS) for _ in range(_DIGITS))) in taken:
        pass
    return code
