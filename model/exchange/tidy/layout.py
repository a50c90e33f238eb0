"""The tables of a tidy folder, in the order in which they are read and written.

The columns of the first layout come first in each table; those that were added after them hold
what else a record can say, and may be absent on import.
"""

from model.exchange.tidy.course_tables import (
    ADMINISTRATIONS,
    CYCLES,
    DISMISSALS,
    KEY_IMAGES,
    LABS,
    RESPONSES,
    TOXICITIES,
)
from model.exchange.tidy.patient_tables import (
    FOLLOWUP,
    IDENTITY,
    METASTASES,
    NOTES,
    PATHOLOGY,
    PATIENTS,
    PRIOR_THERAPIES,
    QOL,
    SETTINGS,
)

__all__ = [
    "ADMINISTRATIONS",
    "CYCLES",
    "DISMISSALS",
    "FOLLOWUP",
    "IDENTITY",
    "KEY_IMAGES",
    "LABS",
    "METASTASES",
    "NOTES",
    "PATHOLOGY",
    "PATIENTS",
    "PRIOR_THERAPIES",
    "QOL",
    "RESPONSES",
    "SETTINGS",
    "TABLES",
    "TOXICITIES",
]

TABLES = (
    *(PATIENTS, PATHOLOGY, PRIOR_THERAPIES, METASTASES, CYCLES, ADMINISTRATIONS, LABS),
    *(TOXICITIES, RESPONSES, KEY_IMAGES, FOLLOWUP, QOL, NOTES, DISMISSALS, IDENTITY, SETTINGS),
)
