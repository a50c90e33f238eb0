"""The audit trail: row images of every step, in entries that are chained by their hashes.

The digest of an entry is SHA-256 over a random salt and its content. Its hash is HMAC-SHA256, with
the casebook's journal key, over the previous entry's hash and the digest. Content that was erased
or withheld therefore does not break the chain, and cannot be guessed from its digest.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from model.store.reader import Reader

if TYPE_CHECKING:
    from sqlite_utils import Database

Kind = Literal["step", "undo", "redo", "event"]
Values = Mapping[str, Any]

FIRST_HASH = "0" * 64
_KEY_SIZE = 32  # bytes
_SALT_SIZE = 16  # bytes

_CONTENT = (
    *("seq", "at", "user", "step", "kind", "action", "of_step"),
    *("table_name", "row_id", "before", "after", "reason"),
)
_STORED = (*_CONTENT, "salt", "digest", "hash")

INSERT = f"""
    insert into journal ({", ".join(_STORED)})
    values ({", ".join(f":{name}" for name in _STORED)})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the journal: a row before and after, or an event without a row.

    An entry with a table but no row is about the rows of an import: its image names their content
    (`model.store.batch_rows`). A `withheld` entry has lost its images, its reason and its salt.
    """

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
    salt: str | None = None
    digest: str | None = None
    hash: str = ""
    withheld: int = 0

    def content_digest(self) -> str:
        """Return the digest that this entry must have: over its salt and its content."""
        content = json.dumps([getattr(self, name) for name in _CONTENT], ensure_ascii=False)
        return hashlib.sha256(((self.salt or "") + content).encode()).hexdigest()

    def content(self) -> dict[str, Any]:
        """Return what the digest is taken over, by column."""
        return {name: getattr(self, name) for name in _CONTENT}

    def follows(self, previous_hash: str, key: bytes) -> bool:
        """Return whether content, digest and hash of this entry agree with the previous hash.

        An entry of which content is missing does not, unless its content was withheld.
        """
        digest = self.digest or ""
        content_kept = bool(self.withheld) or digest == self.content_digest()
        return content_kept and self.hash == chained(previous_hash, digest, key)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The newest entry of a journal at some moment, kept outside the casebook.

    A journal that has lost this entry, or has another hash there, was cut off or made anew.
    """

    seq: int
    hash: str
    day: str
    """The UTC day of the entry; empty where there is no entry."""


def sealed(values: Values, previous_hash: str, key: bytes) -> dict[str, Any]:
    """Return the values of a new entry with its salt, its digest and its hash."""
    entry = Entry(**values, salt=secrets.token_hex(_SALT_SIZE))
    digest = entry.content_digest()
    own = {"salt": entry.salt, "digest": digest, "hash": chained(previous_hash, digest, key)}
    return {name: getattr(entry, name) for name in _CONTENT} | own


def chained(previous_hash: str, digest: str, key: bytes) -> str:
    """Return the hash of an entry, which follows from the previous entry and its own digest."""
    return hmac.new(key, (previous_hash + digest).encode(), hashlib.sha256).hexdigest()


def image(row: Values | None) -> str | None:
    """Return a row as the journal stores it: JSON with sorted columns; None for no row."""
    return None if row is None else json.dumps(dict(row), ensure_ascii=False, sort_keys=True)


def read_key(reader: Reader) -> bytes:
    """Return the secret of the chain; empty if the casebook has lost it."""
    rows = reader.rows("select key from journal_key where id = 1")
    return rows[0]["key"] if rows else b""


def anchor(reader: Reader) -> Anchor:
    """Return the newest entry as an anchor; sequence number 0 and zeros where there is none."""
    rows = reader.rows("select seq, hash, at from journal order by seq desc limit 1")
    if not rows:
        return Anchor(0, FIRST_HASH, "")
    return Anchor(rows[0]["seq"], rows[0]["hash"], rows[0]["at"][:10])


def contradicts(reader: Reader, known: Anchor) -> bool:
    """Return whether the journal is not a continuation of the one that the anchor was taken of."""
    if known.seq == 0:
        return False
    rows = reader.rows("select hash from journal where seq = :seq", seq=known.seq)
    return not rows or rows[0]["hash"] != known.hash


def entries_of_step(reader: Reader, step: int) -> list[Entry]:
    """Return the entries of a step, oldest first."""
    rows = reader.rows("select * from journal where step = :step order by seq", step=step)
    return [Entry(**row) for row in rows]


def last_change(reader: Reader, table: str, row_id: int) -> Entry | None:
    """Return the newest entry about a row; None if it has none of its own, as after an import."""
    rows = reader.rows(
        """
        select * from journal
         where table_name = :table and row_id = :row_id
         order by seq desc
         limit 1
        """,
        table=table,
        row_id=row_id,
    )
    return Entry(**rows[0]) if rows else None


def first_broken_link(reader: Reader) -> int | None:
    """Return the number of the first entry that does not follow from the previous one, if any."""
    key, previous, expected = read_key(reader), FIRST_HASH, 1
    for entry in each_entry(reader):
        if entry.seq != expected or not entry.follows(previous, key):
            return expected
        previous, expected = entry.hash, expected + 1
    return None


def each_entry(reader: Reader, after: int = 0) -> Iterator[Entry]:
    """Yield the entries whose number is above `after`, in order, a thousand read at a time."""
    while rows := reader.rows(
        "select * from journal where seq > :after order by seq limit 1000", after=after
    ):
        yield from (Entry(**row) for row in rows)
        after = rows[-1]["seq"]


def chain_anew(db: "Database") -> None:
    """Give the casebook a journal key, and all its entries a salt, a digest and a hash.

    For the migration from the chain of version 0.1, which was taken over contents.
    """
    key, previous = secrets.token_bytes(_KEY_SIZE), FIRST_HASH
    db.execute("insert into journal_key (id, key) values (1, :key)", {"key": key})
    for entry in list(each_entry(Reader(db))):
        new = sealed(entry.content(), previous, key)
        db.execute(
            "update journal set salt = :salt, digest = :digest, hash = :hash where seq = :seq",
            {name: new[name] for name in ("salt", "digest", "hash", "seq")},
        )
        previous = new["hash"]
