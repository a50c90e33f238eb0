"""Reading what is readable of a table in a damaged file, around the pages that are not."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

_BATCH = 500  # rows
_LAST_ID = 2**63 - 1

Row = dict[str, Any]
Connect = Callable[[], Any]
"""Opens the file. A connection that met a bad page of an encrypted file reads nothing after it."""


def readable_rows(connect: Connect, table: str, key: str = "id") -> Iterator[Row | tuple[int, int]]:
    """Yield the rows of a table by its integer key, and the stretches that cannot be read.

    A stretch is its first and last id. These are bounds: where nothing after it can be read it ends
    at 2⁶³ - 1. A table that cannot be read at all is one stretch.
    """
    read = _TableReader(connect, table)
    following = -_LAST_ID - 1
    try:
        while True:
            rows = read.from_id(following, _BATCH)
            if rows is None:
                rows = read.from_id(following, 1)
            if rows is None:
                first_readable = _first_readable(read, following)
                yield (following, _LAST_ID if first_readable is None else first_readable - 1)
                if first_readable is None:
                    return
                following = first_readable
                continue
            yield from rows
            if not rows or rows[-1][key] == _LAST_ID:
                return
            following = rows[-1][key] + 1
    finally:
        read.close()


def _first_readable(read: "_TableReader", unreadable: int) -> int | None:
    """Return the lowest id from which the next row can be read, or None."""
    low, step = unreadable, 1
    while read.from_id(min(low + step, _LAST_ID), 1) is None:
        low += step
        if low >= _LAST_ID:
            return None
        step *= 2
    high = min(low + step, _LAST_ID)
    while high - low > 1:
        middle = (low + high) // 2
        if read.from_id(middle, 1) is None:
            low = middle
        else:
            high = middle
    return high


class _TableReader:
    """Reads rows of a table; a new connection after each error."""

    def __init__(self, connect: Connect, table: str) -> None:
        self._connect = connect
        self._table = table
        self._connection: Any = None

    def from_id(self, first: int, count: int) -> list[Row] | None:
        """Return the next rows from an id on, None where they cannot be read."""
        try:
            if self._connection is None:
                self._connection = self._connect()
            cursor = self._connection.execute(
                f"select * from {self._table} where rowid >= :first order by rowid limit :count",
                {"first": first, "count": count},
            )
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except (sqlcipher.DatabaseError, UnicodeDecodeError):
            self.close()
            return None

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
