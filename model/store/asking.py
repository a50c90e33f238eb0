"""How questions are asked: of a casebook, or of a step that is still under way."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sqlite_utils import Database


_AT_ONCE = 5_000  # rows


class Asks(Protocol):
    """Something that answers questions: a casebook or a step."""

    def rows(self, sql: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """The rows that a question gives, each as a dict by column, in the question's order."""
        ...

    def columns(self, sql: str, /, **parameters: Any) -> dict[str, list[Any]]:
        """The columns that a question gives, by name: for very many rows, in half the time."""
        ...


def ask(db: "Database", sql: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows that a question gives, each as a dict by column."""
    cursor = db.execute(sql, dict(parameters))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def ask_columns(db: "Database", sql: str, parameters: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The columns that a question gives, each with its values in the order of the rows."""
    cursor = db.execute(sql, dict(parameters))
    found: dict[str, list[Any]] = {column[0]: [] for column in cursor.description}
    # Not all at once: turning rows into columns keeps every other thread waiting.
    while part := cursor.fetchmany(_AT_ONCE):
        for values, more in zip(found.values(), zip(*part, strict=True), strict=True):
            values.extend(more)
    return found
