"""Table columns that show one field of a record.

The field is named: `ecog`, or `cycle.ecog` for the field of a nested record. An optional column is
visible only while a record has a value in it.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from gui.widgets.row_model import RIGHT, Column
from gui.words import number_text, words
from model.dates import date_text


def date_column(title: str, field: str, *, optional: bool = False) -> Column[Any]:
    """Return a column of dates. A missing date is a dash, or empty in an optional column."""
    date_of = attrgetter(field)

    def text(record: object) -> str:
        date = date_of(record)
        return "" if optional and date is None else date_text(date)

    return Column(title, text, date_of, optional=optional)


def number_column(title: str, field: str, *, optional: bool = True) -> Column[Any]:
    """Return a column of numbers, aligned right."""
    value_of = attrgetter(field)
    return Column(
        title,
        lambda record: number_text(value_of(record)),
        value_of,
        align=RIGHT,
        optional=optional,
    )


def text_column(
    title: str, field: str, *, tone: str = "", stretch: bool = False, optional: bool = True
) -> Column[Any]:
    """Return a column of free text; `tone` names a text colour of the theme."""
    text_of = attrgetter(field)
    return Column(
        title,
        lambda record: text_of(record) or "",
        tone=lambda _record: tone,
        stretch=stretch,
        optional=optional and not stretch,
    )


def code_column(
    title: str, field: str, *, stretch: bool = False, optional: bool = True
) -> Column[Any]:
    """Return a column of codes such as `small_bowel`, shown as words."""
    code_of = attrgetter(field)
    return Column(
        title,
        lambda record: words(code_of(record)),
        stretch=stretch,
        optional=optional and not stretch,
    )
