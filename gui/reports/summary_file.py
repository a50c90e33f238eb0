"""The patient summary as a file: load it on any thread, draw and save it on the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gui.reports import after_saving, summary_page
from gui.reports.printing import Page
from gui.session.preferences import chosen_analytes
from model import whole_file
from model.documents.summary import Summary, summarise
from model.errors import KnownError
from model.language import N_, _
from model.records.patient_records import load

if TYPE_CHECKING:
    from model.store.casebook import Casebook

_REQUIRED_ANALYTES = ("egfr",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryOptions:
    """The patient and the file of a summary; with a `code` it is pseudonymised under that code."""

    patient_id: int
    path: Path
    page: Page = "A4"
    code: str | None = None


def load_summary(casebook: Casebook, options: SummaryOptions, today: date) -> Summary:
    """Return the summary of a patient, with the analytes chosen for the courses of the casebook.

    Takes tens of milliseconds on any thread with a connection of its own. Raises KnownError if the
    patient does not exist.
    """
    analytes = tuple(dict.fromkeys((*chosen_analytes(casebook.path), *_REQUIRED_ANALYTES)))
    records = load(casebook, options.patient_id)
    if records is None:
        raise KnownError(_("This patient is no longer in the casebook. No file was written."))
    return summarise(records, today, analytes, casebook=casebook.path.stem, code=options.code)


def write_summary(casebook: Casebook, options: SummaryOptions, summary: Summary) -> None:
    """Draw the page, write the file and record it in the journal; call it on the GUI thread.

    The journal records the patient even of a pseudonymised page. Raises KnownError if the file or
    the journal cannot be written.
    """
    whole_file.write(options.path, summary_page.as_pdf(summary, options.page))
    details = {
        "patient_id": options.patient_id,
        "code": summary.code,
        "identified": summary.identified,
    }
    after_saving.log_report(casebook, N_("Patient summary"), options.path, details)
