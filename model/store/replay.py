"""The journal played again: what each row must be, compared with what it is.

The images of single rows and the pieces of imports say how every journalled table must look now. A
row that was edited, deleted or inserted past the program differs from that.
"""

import json
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal

from model.errors import DamagedCasebook
from model.store import batch_rows
from model.store.reader import Reader
from model.store.step import is_image_of

NOT_JOURNALLED = frozenset(
    {"journal", "journal_key", "journal_content", "last_look", "image_data", "sqlite_sequence"}
)
"""Tables whose rows have no entries of their own. Pictures are checked by their SHA-256."""


ExpectedRows = Mapping[int, Mapping[str, Any] | None]
"""What the rows of a table must be, by id; None is a row that was deleted for good."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not as the journal says; `row_id` is None where a whole piece is lost."""

    table: str
    row_id: int | None
    kind: Literal["edited", "deleted", "inserted", "unreadable"]


def journalled_tables(reader: Reader) -> list[str]:
    """Return the tables of a casebook whose rows the journal accounts for."""
    rows = reader.rows("select name from sqlite_schema where type = 'table' order by name")
    return [
        row["name"]
        for row in rows
        if row["name"] not in NOT_JOURNALLED and not row["name"].startswith(("sqlite_", "_sqlite"))
    ]


def differences(reader: Reader) -> Iterator[Difference]:
    """Yield every row that is not as the journal says, table by table."""
    edits = _last_images(reader)
    pieces = _last_pieces(reader)
    for table in journalled_tables(reader):
        yield from _of_table(reader, table, edits.get(table, {}), pieces.get(table, []))


def expected_rows(reader: Reader) -> dict[str, ExpectedRows]:
    """Return what the journal says of every row, by table, as far as its images can be read."""
    expected: dict[str, dict[int, Mapping[str, Any] | None]] = defaultdict(dict)
    images: list[tuple[int, str, int | None, _Image]] = []
    for table, pieces in _last_pieces(reader).items():
        images += [(image.seq, table, None, image) for image in pieces]
    for table, by_id in _last_images(reader).items():
        images += [(image.seq, table, row_id, image) for row_id, image in by_id.items()]
    for _seq, table, row_id, image in sorted(images, key=itemgetter(0)):
        if row_id is not None:
            expected[table][row_id] = json.loads(image.after) if image.after else None
            continue
        with suppress(DamagedCasebook):
            for row in batch_rows.load(reader, json.loads(image.after or image.before or "{}")):
                expected[table][row["id"]] = row if image.after else None
    return dict(expected)


@dataclass(frozen=True, slots=True)
class _Image:
    """What the last entry about a row, or about a piece of rows, says."""

    seq: int
    after: str | None
    before: str | None


def _last_images(reader: Reader) -> Mapping[str, dict[int, _Image]]:
    """Return the last image of each row that was journalled on its own, by table and id."""
    last: dict[str, dict[int, _Image]] = defaultdict(dict)
    for row in _entries(reader, "row_id is not null"):
        last[row["table_name"]][row["row_id"]] = _Image(row["seq"], row["after"], None)
    return last


def _last_pieces(reader: Reader) -> Mapping[str, list[_Image]]:
    """Return the last entry about each piece of imported rows, by table, oldest first."""
    last: dict[str, dict[int, _Image]] = defaultdict(dict)
    for row in _entries(reader, "row_id is null and table_name is not null"):
        content = json.loads(row["after"] or row["before"])["content"]
        pieces = last[row["table_name"]]
        pieces.pop(content, None)
        pieces[content] = _Image(row["seq"], row["after"], row["before"])
    return {table: list(pieces.values()) for table, pieces in last.items()}


def _entries(reader: Reader, condition: str) -> Iterator[dict[str, Any]]:
    """Yield the entries about rows, oldest first, a thousand read at a time."""
    seq = 0
    while rows := reader.rows(
        f"""
        select seq, table_name, row_id, before, after
          from journal
         where {condition} and withheld = 0 and seq > :seq
         order by seq limit 1000
        """,
        seq=seq,
    ):
        yield from rows
        seq = rows[-1]["seq"]


def _of_table(
    reader: Reader, table: str, edits: dict[int, _Image], pieces: list[_Image]
) -> Iterator[Difference]:
    accounted = array("q")
    latest = {image.seq: image for image in pieces}
    newest_of_row: dict[int, int] = {}
    for image in latest.values():
        state = image.after or image.before
        try:
            rows = batch_rows.load(reader, json.loads(state or "{}"))
        except DamagedCasebook:
            yield Difference(table, None, "unreadable")
            continue
        for part in batch_rows.pieces(rows, 1_000):
            expected: dict[int, Mapping[str, Any] | None] = {}
            for row in part:
                edit = edits.get(row["id"])
                if edit is None or edit.seq < image.seq:
                    expected[row["id"]] = row if image.after else None
                    if edit:
                        newest_of_row[row["id"]] = image.seq
            yield from _compare(reader, table, expected, accounted)
    own = {
        row_id: json.loads(image.after) if image.after else None
        for row_id, image in edits.items()
        if newest_of_row.get(row_id, 0) < image.seq
    }
    for part in batch_rows.pieces(({"id": row_id} for row_id in own), 1_000):
        ids = [row["id"] for row in part]
        yield from _compare(reader, table, {row_id: own[row_id] for row_id in ids}, accounted)
    yield from _unaccounted(reader, table, accounted)


def _compare(
    reader: Reader,
    table: str,
    expected: Mapping[int, Mapping[str, Any] | None],
    accounted: "array[int]",
) -> Iterator[Difference]:
    """Yield the rows that are not as expected, and account for all that were looked at."""
    found = reader.rows(
        f"select * from {table} where id in (select value from json_each(:ids))",
        ids=json.dumps(list(expected)),
    )
    present = {row["id"]: row for row in found}
    for row_id, image in expected.items():
        accounted.append(row_id)
        row = present.get(row_id)
        if not is_image_of(image, row):
            kind: Literal["edited", "deleted", "inserted"] = (
                "deleted" if row is None else "inserted" if image is None else "edited"
            )
            yield Difference(table, row_id, kind)


def _unaccounted(reader: Reader, table: str, accounted: "array[int]") -> Iterator[Difference]:
    """Yield the rows of a table of which the journal knows nothing."""
    known = iter(sorted(accounted))
    next_known = next(known, None)
    for row_id in reader.columns(f"select id from {table} order by id")["id"]:
        while next_known is not None and next_known < row_id:
            next_known = next(known, None)
        if next_known != row_id:
            yield Difference(table, row_id, "inserted")
