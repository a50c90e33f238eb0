"""The patient summary as a file: read on any thread, drawn on the GUI's, noted in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gui.reports import saved, summary_page
from gui.reports.printing import Page
from gui.session.preferences import chosen_analytes
from model import whole_file
from model.documents import summary
from model.errors import KnownError
from model.language import N_, _
from model.records.patient_records import load

if TYPE_CHECKING:
    from model.store.casebook import Casebook

_ALWAYS = ("egfr",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryOptions:
    """Which patient's summary to write, and where. With a `code` it is pseudonymised under it."""

    patient_id: int
    path: Path
    page: Page = "A4"
    code: str | None = None


def read(casebook: Casebook, options: SummaryOptions, today: date) -> summary.Summary:
    """Return what the page will show, with the analytes chosen for the casebook's courses.

    Takes tens of milliseconds, on any thread that has its own casebook. Raises KnownError for a
    patient who does not exist.
    """
    analytes = tuple(dict.fromkeys((*chosen_analytes(casebook.path), *_ALWAYS)))
    records = load(casebook, options.patient_id)
    if records is None:
        raise KnownError(_("This patient is no longer in the casebook. No file was written."))
    return summary.summarise(
        records, today, analytes, casebook=casebook.path.stem, code=options.code
    )


def write(casebook: Casebook, options: SummaryOptions, report: summary.Summary) -> None:
    """Draw the page, write the file, and note it in the journal; on the GUI thread.

    The journal records whom a pseudonymised page is about. Raises KnownError when the file cannot
    be written or the journal cannot note it.
    """
    whole_file.write(options.path, summary_page.as_pdf(report, options.page))
    details = {
        "patient_id": options.patient_id,
        "code": report.code,
        "identified": report.identified,
    }
    saved.note(casebook, N_("Patient summary"), options.path, details)
