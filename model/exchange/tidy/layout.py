"""The tables of a tidy folder, in the order in which they are read and written.

The columns of the first layout come first in each table. A kind of record for which
no table is defined gets one with a column for each field.
"""

from dataclasses import MISSING, fields
from datetime import date, datetime, time
from decimal import Decimal

from model.dates import PartialDate
from model.exchange.tidy.columns import PATIENT, Column, Kind, Table
from model.exchange.tidy.course_tables import COURSE_TABLES, LABORATORY_LIMITS
from model.exchange.tidy.patient_tables import PATIENT_TABLES, SETTINGS
from model.records.kinds import KINDS, RecordKind
from model.store.rows import field_types

_TYPES = {
    str: Kind.TEXT,
    int: Kind.INTEGER,
    float: Kind.NUMBER,
    Decimal: Kind.AS_WRITTEN,
    bool: Kind.YES_NO,
    date: Kind.DATE,
    PartialDate: Kind.PARTIAL_DATE,
    time: Kind.TIME,
    datetime: Kind.DATE_TIME,
}


def plain_table(kind: RecordKind) -> Table:
    """Return a table for a kind that has none defined: a column for each field of its record."""
    types = field_types(kind.record)
    return Table(
        name=kind.tidy,
        meaning=f"One row per record of the casebook's table {kind.table}",
        record=kind.record,
        always=False,
        columns=(
            PATIENT,
            *(
                Column(
                    field.name,
                    _TYPES[types[field.name]],
                    field.name.replace("_", " ").capitalize(),
                    filled=field.default is MISSING,
                )
                for field in fields(kind.record)
                if field.name not in ("id", "patient_id")
            ),
        ),
    )


_DEFINED = {table.record: table for table in (*PATIENT_TABLES, *COURSE_TABLES)}

TABLES = (
    *(_DEFINED.get(kind.record) or plain_table(kind) for kind in KINDS),
    LABORATORY_LIMITS,
    SETTINGS,
)
