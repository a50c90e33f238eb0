"""The audit trail: every step's row images, each entry chained to the one before by its hash.

The same images are the undo stack: `Stacks` reads from the entries which steps are done and
which were undone, so that undo survives closing and reopening a casebook.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from model.store.reader import Reader

Kind = Literal["step", "undo", "redo", "event"]
Values = Mapping[str, Any]

_FIRST_HASH = "0" * 64
_HASHED = (
    *("seq", "at", "user", "step", "kind", "action", "of_step"),
    *("table_name", "row_id", "before", "after", "reason"),
)

INSERT = f"""
    insert into journal ({", ".join((*_HASHED, "hash"))})
    values ({", ".join(f":{name}" for name in (*_HASHED, "hash"))})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the journal: a row as it was before and after, or an event without a row."""

    seq: int
    at: str
    user: str
    step: int
    kind: Kind
    action: str
    of_step: int | None = None
    table_name: str | None = None
    row_id: int | None = None
    before: str | None = None
    after: str | None = None
    reason: str | None = None
    hash: str = ""

    def chained(self, previous_hash: str) -> str:
        """The hash this entry must carry: over the hash before it and its own content."""
        content = json.dumps([getattr(self, name) for name in _HASHED], ensure_ascii=False)
        return hashlib.sha256((previous_hash + content).encode()).hexdigest()


def image(row: Values | None) -> str | None:
    """A row as the journal keeps it: JSON with its columns in order; None for no row."""
    return None if row is None else json.dumps(dict(row), ensure_ascii=False, sort_keys=True)


def last_link(casebook: Reader) -> tuple[int, str]:
    """Sequence number and hash of the newest entry; of nothing, where there is none."""
    rows = casebook.rows("select seq, hash from journal order by seq desc limit 1")
    return (rows[0]["seq"], rows[0]["hash"]) if rows else (0, _FIRST_HASH)


def entries_of_step(casebook: Reader, step: int) -> list[Entry]:
    """A step's entries in the order in which they were made."""
    rows = casebook.rows("select * from journal where step = :step order by seq", step=step)
    return [Entry(**row) for row in rows]


def history_of_row(casebook: Reader, table: str, row_id: int) -> list[Entry]:
    """All that happened to one row, oldest first."""
    rows = casebook.rows(
        """
        select * from journal
         where table_name = :table and row_id = :row_id
         order by seq
        """,
        table=table,
        row_id=row_id,
    )
    return [Entry(**row) for row in rows]


def first_broken_link(casebook: Reader) -> int | None:
    """The sequence number of the first entry that does not follow from the one before, if any."""
    previous, expected = _FIRST_HASH, 1
    for row in casebook.rows("select * from journal order by seq"):
        entry = Entry(**row)
        if entry.seq != expected or entry.hash != entry.chained(previous):
            return expected
        previous, expected = entry.hash, expected + 1
    return None


@dataclass(slots=True)
class Stacks:
    """The steps that can be undone and those that can be done again, newest last.

    Each is a step's number with its label. A new step forgets what was undone before it.
    """

    done: list[tuple[int, str]] = field(default_factory=list)
    undone: list[tuple[int, str]] = field(default_factory=list)

    def follow(self, kind: Kind, step: int, action: str, of_step: int | None) -> None:
        """Take note of a step, an undo or a redo; an event leaves both stacks alone."""
        match kind:
            case "step":
                self.done.append((step, action))
                self.undone.clear()
            case "undo":
                self.undone.append(self._take(self.done, of_step))
            case "redo":
                self.done.append(self._take(self.undone, of_step))
            case "event":
                pass

    @staticmethod
    def _take(stack: list[tuple[int, str]], step: int | None) -> tuple[int, str]:
        """Remove a step from a stack, wherever it stands."""
        found = next(item for item in reversed(stack) if item[0] == step)
        stack.remove(found)
        return found


def stacks(casebook: Reader) -> Stacks:
    """The undo and redo stacks as the journal tells them."""
    found = Stacks()
    for row in casebook.rows(
        """
        select step, kind, min(action) as action, min(of_step) as of_step
          from journal
         group by step, kind
         order by min(seq)
        """
    ):
        found.follow(row["kind"], row["step"], row["action"], row["of_step"])
    return found


def chain(entries: Sequence[Entry], previous_hash: str) -> list[Entry]:
    """The entries with their hashes set, following on from the hash before them."""
    linked = []
    for entry in entries:
        previous_hash = entry.chained(previous_hash)
        linked.append(replace(entry, hash=previous_hash))
    return linked
