"""Running queries: what an open casebook and a step under way have in common."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from model.errors import UnreadableValue

if TYPE_CHECKING:
    from sqlite_utils import Database

_PART = 5_000  # rows
_NOT_UTF8 = re.compile(r"Could not decode to UTF-8 column '(.*)' with text '(.*)'", re.DOTALL)


class Reader:
    """Anything that can run a query: a Casebook, an open Step, or any other connection."""

    def __init__(self, db: "Database") -> None:
        self._db = db

    def rows(self, sql: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of a query in its order, each as a dict by column.

        Raises UnreadableValue for a text that is not UTF-8.
        """
        with _name_undecodable_text():
            cursor = self._db.execute(sql, parameters)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def columns(self, sql: str, /, **parameters: Any) -> dict[str, list[Any]]:
        """Return the columns of a query by name; half the time of `rows` where there are many.

        Raises UnreadableValue for a text that is not UTF-8.
        """
        with _name_undecodable_text():
            cursor = self._db.execute(sql, parameters)
            columns: dict[str, list[Any]] = {column[0]: [] for column in cursor.description}
            # In parts: turning rows into columns keeps every other thread waiting.
            while part := cursor.fetchmany(_PART):
                for values, more in zip(columns.values(), zip(*part, strict=True), strict=True):
                    values.extend(more)
            return columns


@contextmanager
def _name_undecodable_text() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # an OperationalError; importing its module takes too long here
        if match := _NOT_UTF8.fullmatch(str(error)):
            raise UnreadableValue(match[1], match[2]) from error
        raise
