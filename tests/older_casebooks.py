"""Casebooks that older versions of the program wrote."""

import sqlite3
from contextlib import closing
from pathlib import Path

from model.store import schema

_FILES = Path(__file__).parent / "files"


def older_casebook(path: Path, version: str) -> None:
    """Create a casebook as an older version of the program wrote it, with a graded result."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((_FILES / f"casebook_of_{version}.sql").read_text("utf-8"))
        connection.execute(f"pragma application_id = {schema.APPLICATION_ID}")
