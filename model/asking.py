"""How questions are asked: of a casebook, or of a step that is still under way."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sqlite_utils import Database


class Asks(Protocol):
    """Something that answers questions: a casebook or a step."""

    def rows(self, sql: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """The rows that a question gives, each as a dict by column, in the question's order."""
        ...


def ask(db: "Database", sql: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows that a question gives, each as a dict by column."""
    cursor = db.execute(sql, dict(parameters))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
