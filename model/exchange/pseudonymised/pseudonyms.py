"""Code lists: which patient of the casebook a pseudonymised export means by which code.

A list is made with the export that uses it and stays in the casebook, journalled and out of reach
of undo; nothing that is exported ever holds it.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from model.store.ids import new_id
from model.store.reader import Reader
from model.store.step import Step

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """One list of codes: when its first code was made, and how many it has."""

    id: int
    made_at: str
    """UTC, as the journal writes it."""
    codes: int


def code_lists(reader: Reader) -> list[CodeList]:
    """The code lists of a casebook, newest first; none in one that an older version made."""
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
    """The codes of a list, by the patient's id."""
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


def meant_by(reader: Reader, code: str) -> list[int]:
    """The ids of the patients whom a code means in any list, newest list first."""
    return [
        row["patient_id"]
        for row in reader.rows(
            """
            select patient_id from pseudonym
             where code = :code and deleted_at is null
             order by list_id desc
            """,
            code=code.strip().upper(),
        )
    ]


def completed(known: dict[int, str], patient_ids: Iterable[int]) -> dict[int, str]:
    """The codes that are known, and new random ones for the patients that have none."""
    codes = dict(known)
    taken = set(known.values())
    for patient_id in patient_ids:
        if patient_id not in codes:
            codes[patient_id] = _fresh(taken)
            taken.add(codes[patient_id])
    return codes


def keep(step: Step, codes: dict[int, str], list_id: int | None = None) -> int:
    """Keep the codes that are not in a list yet; of no list: in a new one. Gives back its id."""
    known = {} if list_id is None else codes_of(step, list_id)
    kept_in = new_id() if list_id is None else list_id
    for patient_id, code in codes.items():
        if patient_id not in known:
            step.put("pseudonym", {"list_id": kept_in, "patient_id": patient_id, "code": code})
    return kept_in


def _fresh(taken: set[str]) -> str:
    """A code that tells nothing and is not taken: `P-7QK2MB`."""
    while (code := "P-" + "".join(secrets.choice(_SIGNS) for _ in range(_DIGITS))) in taken:
        pass
    return code
