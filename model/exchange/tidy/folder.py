"""The files in a tidy folder: which of them are its tables, and what else is there."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from model.exchange.tidy import pictures
from model.exchange.tidy.columns import Table
from model.exchange.tidy.layout import TABLES
from model.language import _
from model.reference.vocabulary import fold

_OF_THE_SYSTEM = ("thumbs.db", "desktop.ini")
_READ_ME = ("readme", "readme.txt", "readme.md")


@dataclass(frozen=True, slots=True)
class TidyFolder:
    """The tables of a folder, whatever the case of their names, and a note on every other file."""

    path: Path
    tables: dict[str, Path]
    """The file of each table that is there, by the name of the table."""
    notes: list[str]

    @classmethod
    def of(cls, path: Path, known: Collection[str]) -> "TidyFolder":
        """Look through a folder; `known` are the names of other files of an export."""
        entries = sorted(path.iterdir())
        tables = {
            table.name: found for table in TABLES if (found := _file_of(table, entries)) is not None
        }
        expected = {name.casefold() for name in (*known, *_READ_ME, *_OF_THE_SYSTEM)}
        expected -= {table.file for table in TABLES}
        taken = {*tables.values(), path / pictures.FOLDER}
        others = [
            entry
            for entry in entries
            if entry not in taken
            and entry.name.casefold() not in expected
            and not entry.name.startswith(".")
        ]
        return cls(path, tables, [*_notes(others)])


def _file_of(table: Table, entries: list[Path]) -> Path | None:
    """Return the file of a table: that of its exact name, or else of one that differs by case."""
    alike = [
        entry
        for entry in entries
        if entry.name.casefold() == table.file.casefold() and not entry.is_dir()
    ]
    exact = [entry for entry in alike if entry.name == table.file]
    return next(iter((*exact, *alike)), None)


def _notes(others: list[Path]) -> Iterator[str]:
    for entry in others:
        if entry.is_dir():
            yield _("“{name}” is a folder, and was not looked into.").format(name=entry.name)
        elif entry.name.casefold() in {table.file for table in TABLES}:
            text = _("“{name}” was ignored: there is also {table}.")
            yield text.format(name=entry.name, table=entry.name.casefold())
        elif table := _meant(entry.name):
            text = _("“{name}” is not the name of a table, and was ignored. Is it {table}?")
            yield text.format(name=entry.name, table=table)
        else:
            text = _("“{name}” is not the name of a table, and was ignored.")
            yield text.format(name=entry.name)


def _meant(name: str) -> str | None:
    """Return the table that a file seems to be: `toxicities (1).csv`, `patients.csv.txt`."""
    folded = fold(name)
    names = sorted(TABLES, key=lambda table: -len(table.name))
    return next((table.file for table in names if fold(table.name) in folded), None)
