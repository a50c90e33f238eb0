"""How questions are asked: of a casebook, or of a step that is still under way."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sqlite_utils import Database


class Asks(Protocol):
    """Something that answers questions: a casebook or a step."""

    def rows(self, sql: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """The rows that a question gives, each as a dict by column, in the question's order."""
        ...

    def columns(self, sql: str, /, **parameters: Any) -> dict[str, Sequence[Any]]:
        """The columns that a question gives, by name: for very many rows, in half the time."""
        ...


def ask(db: "Database", sql: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows that a question gives, each as a dict by column."""
    names, rows = _answer(db, sql, parameters)
    return [dict(zip(names, row, strict=True)) for row in rows]


def ask_columns(
    db: "Database", sql: str, parameters: Mapping[str, Any]
) -> dict[str, Sequence[Any]]:
    """The columns that a question gives, each with its values in the order of the rows."""
    names, rows = _answer(db, sql, parameters)
    return dict(zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True))


def _answer(
    db: "Database", sql: str, parameters: Mapping[str, Any]
) -> tuple[list[str], list[tuple[Any, ...]]]:
    cursor = db.execute(sql, dict(parameters))
    return [column[0] for column in cursor.description], cursor.fetchall()
