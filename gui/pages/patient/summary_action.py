"""The action “Summary as PDF…”: ask for options, compute, draw, and show where the file is."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.forms.pdf import SummaryForm
from gui.reports import after_saving, summary_file
from gui.session.background import Background, Job
from gui.session.session import Session
from gui.widgets import messages
from model.documents.summary import Summary
from model.errors import KnownError
from model.language import _
from model.records import patients


def save_summary(
    window: QWidget, session: Session, background: Background, patient_id: int
) -> None:
    """Ask for options, make the patient's summary, and show a notice when it is saved.

    The summary is computed off the GUI thread. Drawing takes some tens of milliseconds and stays on
    the GUI thread, because the colours of paper are set for the whole program.
    """
    patient = patients.find(session.casebook, patient_id)
    if patient is None:
        return
    options = SummaryForm.ask(window, patient, session.casebook.path)
    if options is None:
        return
    casebook, today = session.casebook, session.today()

    def work(_job: Job) -> Summary:
        with casebook.new_connection() as reader:
            return summary_file.load_summary(reader, options, today)

    def draw(summary: Summary) -> None:
        try:
            summary_file.write_summary(casebook, options, summary)
        except KnownError as error:
            messages.error(window, error)
            return
        after_saving.show_saved_notice(
            window, _("The summary was saved as “{file}”."), options.path
        )

    def failed(error: BaseException) -> None:
        if not isinstance(error, KnownError):
            raise error
        messages.error(window, error)

    # The session owns the job: it is dropped if another casebook is opened meanwhile.
    background.run(session, work, draw, failed)
