"""The rows of an import as the journal keeps them: compressed, thousands in one piece.

A piece is the UTF-8 of a JSON object `{"columns": […], "values": [[…], …]}` with one list of values
for each column, compressed with zlib. An entry of the journal names it by id and SHA-256, so that
undo, audit and check can rest on it as on the image of a single row.
"""

import hashlib
import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from model.errors import DamagedCasebook
from model.language import _
from model.store.ids import new_id
from model.store.reader import Reader

if TYPE_CHECKING:
    from sqlite_utils import Database

PIECE = 5_000
"""The most rows of one piece."""


def store(db: "Database", rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Store rows of a table as a piece; returns the image that the journal keeps of it.

    The image has the id of the piece in `journal_content`, its number of rows and its SHA-256. All
    rows must have the same columns.
    """
    columns = list(rows[0])
    values = [[row[name] for row in rows] for name in columns]
    text = json.dumps({"columns": columns, "values": values}, ensure_ascii=False)
    compressed = zlib.compress(text.encode())
    digest = hashlib.sha256(compressed)
    content = new_id()
    db.execute(
        """
        insert into journal_content (id, row_count, sha256, bytes)
        values (:id, :row_count, :sha256, :bytes)
        """,
        {
            **{"id": content, "row_count": len(rows)},
            **{"sha256": digest.digest(), "bytes": compressed},
        },
    )
    return {"content": content, "rows": len(rows), "sha256": digest.hexdigest()}


def load(reader: Reader, image: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a piece, in the order in which they were inserted.

    Rows of an erased patient are missing. Raises DamagedCasebook when the piece is gone or is not
    the one that was journalled.
    """
    pieces = reader.rows(
        "select sha256, bytes, withheld from journal_content where id = :id",
        id=image["content"],
    )
    if not pieces or not _is_sound(pieces[0], image["sha256"]):
        raise DamagedCasebook(_("The journal has lost rows of an import."))
    piece = json.loads(zlib.decompress(pieces[0]["bytes"]))
    return [
        dict(zip(piece["columns"], row, strict=True)) for row in zip(*piece["values"], strict=True)
    ]


def leave_out(db: "Database", reader: Reader, content: int, erased: Collection[int]) -> None:
    """Take rows out of a piece for good, by their ids; the piece is marked as withheld then."""
    (piece,) = reader.rows("select bytes from journal_content where id = :id", id=content)
    stored = json.loads(zlib.decompress(piece["bytes"]))
    ids = stored["values"][stored["columns"].index("id")]
    kept = [index for index, row_id in enumerate(ids) if row_id not in erased]
    if len(kept) == len(ids):
        return
    values = [[column[index] for index in kept] for column in stored["values"]]
    text = json.dumps({"columns": stored["columns"], "values": values}, ensure_ascii=False)
    compressed = zlib.compress(text.encode())
    db.execute(
        """
        update journal_content
           set bytes = :bytes, sha256 = :sha256, row_count = :row_count, withheld = 1
         where id = :id
        """,
        {
            **{"id": content, "bytes": compressed, "row_count": len(kept)},
            "sha256": hashlib.sha256(compressed).digest(),
        },
    )


def _is_sound(piece: dict[str, Any], journalled: str) -> bool:
    """Return whether a piece has its own SHA-256, which was journalled unless rows were erased."""
    own = hashlib.sha256(piece["bytes"])
    return bool(own.digest() == piece["sha256"]) and (
        bool(piece["withheld"]) or own.hexdigest() == journalled
    )


def pieces(rows: Iterable[dict[str, Any]], size: int = PIECE) -> Iterator[list[dict[str, Any]]]:
    """Yield rows in lists of at most `size`."""
    remaining = iter(rows)
    while piece := list(islice(remaining, size)):
        yield piece
