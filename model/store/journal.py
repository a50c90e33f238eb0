"""The audit trail: row images of every step, each entry chained to the previous one by its hash.

The same images serve undo: `Stacks` reads from the entries which steps can be undone and which
redone, so that undo survives closing and reopening a casebook.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """One entry of the journal: a row before and after, or an event without a row."""

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
        """Return the hash that this entry must have: over the previous hash and its own content."""
        content = json.dumps([getattr(self, name) for name in _HASHED], ensure_ascii=False)
        return hashlib.sha256((previous_hash + content).encode()).hexdigest()


def image(row: Values | None) -> str | None:
    """Return a row as the journal stores it: JSON with sorted columns; None for no row."""
    return None if row is None else json.dumps(dict(row), ensure_ascii=False, sort_keys=True)


def last_link(reader: Reader) -> tuple[int, str]:
    """Return sequence number and hash of the newest entry; 0 and zeros where there is none."""
    rows = reader.rows("select seq, hash from journal order by seq desc limit 1")
    return (rows[0]["seq"], rows[0]["hash"]) if rows else (0, _FIRST_HASH)


def entries_of_step(reader: Reader, step: int) -> list[Entry]:
    """Return the entries of a step, oldest first."""
    rows = reader.rows("select * from journal where step = :step order by seq", step=step)
    return [Entry(**row) for row in rows]


def first_broken_link(reader: Reader) -> int | None:
    """Return the number of the first entry that does not follow from the previous one, if any."""
    previous, expected = _FIRST_HASH, 1
    for row in reader.rows("select * from journal order by seq"):
        entry = Entry(**row)
        if entry.seq != expected or entry.hash != entry.chained(previous):
            return expected
        previous, expected = entry.hash, expected + 1
    return None


@dataclass(slots=True)
class Stacks:
    """The steps that can be undone and those that can be redone, newest last.

    Each is a step's number with its label. A new step clears the steps to redo.
    """

    done: list[tuple[int, str]] = field(default_factory=list)
    undone: list[tuple[int, str]] = field(default_factory=list)

    def follow(self, kind: Kind, step: int, action: str, of_step: int | None) -> None:
        """Update the stacks after a step, an undo or a redo; an event changes nothing."""
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
        """Remove a step from a stack, wherever it is."""
        entry = next(item for item in reversed(stack) if item[0] == step)
        stack.remove(entry)
        return entry


def read_stacks(reader: Reader) -> Stacks:
    """Return the undo and redo stacks according to the journal."""
    stacks = Stacks()
    for row in reader.rows(
        """
        select step, kind, min(action) as action, min(of_step) as of_step
          from journal
         group by step, kind
         order by min(seq)
        """
    ):
        stacks.follow(row["kind"], row["step"], row["action"], row["of_step"])
    return stacks
