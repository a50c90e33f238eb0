"""The chain of the journal before entries had digests, for casebooks that are not upgraded yet."""

import hashlib
import json

from model.store.journal import FIRST_HASH, each_entry
from model.store.reader import Reader

_HASHED = (
    *("seq", "at", "user", "step", "kind", "action", "of_step"),
    *("table_name", "row_id", "before", "after", "reason"),
)


def is_older(reader: Reader) -> bool:
    """Return whether the journal of a casebook has no digests yet."""
    columns = reader.rows("select name from pragma_table_info('journal')")
    return "digest" not in {row["name"] for row in columns}


def first_broken_link(reader: Reader) -> int | None:
    """Return the number of the first entry that does not follow from the previous one, if any.

    The hash of an entry was SHA-256 over the previous hash and its own content.
    """
    previous, expected = FIRST_HASH, 1
    for entry in each_entry(reader):
        content = json.dumps([getattr(entry, name) for name in _HASHED], ensure_ascii=False)
        own = hashlib.sha256((previous + content).encode()).hexdigest()
        if entry.seq != expected or entry.hash != own:
            return expected
        previous, expected = entry.hash, expected + 1
    return None
