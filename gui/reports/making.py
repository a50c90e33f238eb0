"""From a patient to a file: reasoned on any thread, drawn on the GUI's, noted in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gui.reports import page, printing, saved
from gui.reports.printing import Page
from gui.session.preferences import chosen_analytes
from model.documents import summary as patient_report
from model.documents.summary import Report
from model.errors import KnownError

if TYPE_CHECKING:
    from model.store.casebook import Casebook

_ALWAYS = ("egfr",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which page is wanted, and where. With a `code` it is pseudonymised and calls them that."""

    patient_id: int
    path: Path
    page: Page = "A4"
    code: str | None = None


def reasoned(casebook: Casebook, wish: Wish, today: date) -> Report:
    """What the page will show, with the analytes that the casebook's courses are drawn with.

    Takes tens of milliseconds, on any thread that has its own casebook. Raises KnownError for a
    patient who is not there.
    """
    analytes = tuple(dict.fromkeys((*chosen_analytes(casebook.path), *_ALWAYS)))
    records = patient_report.gather(casebook, wish.patient_id, today)
    if records is None:
        raise KnownError("This patient is no longer in the casebook. No file was written.")
    return patient_report.report(records, today, analytes, code=wish.code)


def written(casebook: Casebook, wish: Wish, report: Report) -> None:
    """Draw the page, write the file whole, and note it in the journal; on the GUI thread.

    The journal says which patient a pseudonymised page is of. Raises KnownError when the file
    cannot be written, or the journal cannot note it.
    """
    printing.write(wish.path, page.as_pdf(report, wish.page))
    noted = {
        "patient_id": wish.patient_id,
        "code": report.code,
        "identified": report.identified,
    }
    saved.note(casebook, "Patient summary", wish.path, noted)
