"""Makes the PDF report of the cohort while the window keeps responding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QProgressBar, QProgressDialog, QWidget
from shiboken6 import isValid

from gui.forms.pdf import CohortReportForm, ReportOptions
from gui.reports import after_saving
from gui.session.background import Background, Job
from gui.session.session import Session
from gui.widgets import messages
from model import whole_file
from model.errors import KnownError
from model.language import N_, _

if TYPE_CHECKING:
    from gui.reports.cohort_pdf import Slices
    from gui.reports.printing import Page
    from model.cohort.options import Options
    from model.cohort.report import CohortReport
    from model.cohort.selection import Selection

    DrawReport = Callable[[CohortReport, Page], Slices]


def save_report(
    window: QWidget,
    session: Session,
    background: Background,
    selection: Selection,
    options: Options,
) -> ReportJob | None:
    """Ask for the report's options and start making it; return None if the form was cancelled.

    The window responds meanwhile, and announces the file when it is written.
    """
    # Importing it here does not delay the window: the Cohort page has loaded most of it.
    from gui.reports.cohort_pdf import draw_in_slices

    report_options = CohortReportForm.ask(window, selection, session.casebook.path)
    if report_options is None:
        return None
    job = ReportJob(window, session, report_options, draw_in_slices)
    job.begin(background, selection, options, session.today())
    return job


class ReportJob(QObject):
    """A report that is being made: counted on a thread, then drawn in slices on the GUI thread.

    One slice is drawn per turn of the event loop. The job is a child of the session, so that no
    file is written if another casebook is opened meanwhile.
    """

    def __init__(
        self, window: QWidget, session: Session, options: ReportOptions, draw: DrawReport
    ) -> None:
        """Prepare the job; `draw` draws the counted report in slices."""
        super().__init__(session)
        self._window = window
        self._casebook = session.casebook
        self._options = options
        self._draw_slices = draw
        self._job: Job | None = None
        self._slices: Slices | None = None
        self._next_slice = QTimer(self)
        self._next_slice.setInterval(0)
        self._next_slice.timeout.connect(self._draw)
        self.progress = _progress_dialog(window)
        self.progress.canceled.connect(self.cancel)
        self.destroyed.connect(self.progress.deleteLater)

    def begin(
        self, background: Background, selection: Selection, options: Options, today: date
    ) -> None:
        """Count off the GUI thread, then draw."""
        casebook, with_codes = self._casebook, self._options.with_codes

        def work(job: Job) -> CohortReport:
            from model.cohort.report import compute_report

            with casebook.new_connection() as reader:
                return compute_report(
                    reader,
                    selection,
                    options,
                    today,
                    casebook=casebook.path.stem if with_codes else "",
                    with_codes=with_codes,
                    progress=job.progress,
                )

        self.progress.show()
        self._job = background.run(
            self, work, self._begin_drawing, self._failed, progress=self.show_progress
        )

    def show_progress(self, done: int, total: int, activity: str) -> None:
        """Show how many parts of the report are done, and what is being done."""
        self.progress.setLabelText(_("{activity}…").format(activity=activity))
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    @Slot()
    def cancel(self) -> None:
        """Stop, and leave no file behind."""
        if self._job is not None:
            self._job.cancel()
        self._end()

    def _begin_drawing(self, report: CohortReport) -> None:
        self._slices = self._draw_slices(report, self._options.page)
        self._next_slice.start()

    @Slot()
    def _draw(self) -> None:
        if self._slices is None:
            return
        try:
            done, total = next(self._slices)
        except StopIteration as end:
            self._write(end.value)
            return
        self.show_progress(done, total, _("Drawing"))

    def _write(self, pdf: bytes) -> None:
        path = self._options.path
        try:
            whole_file.write(path, pdf)
            details = {"codes": self._options.with_codes}
            after_saving.log_report(self._casebook, N_("Cohort report"), path, details)
        except KnownError as error:
            messages.error(self._window, error)
            return
        finally:
            self._end()
        after_saving.show_saved_notice(self._window, _("The report was saved as “{file}”."), path)

    def _failed(self, error: BaseException) -> None:
        self._end()
        if not isinstance(error, KnownError):
            raise error
        messages.error(self._window, error)

    def _end(self) -> None:
        self._next_slice.stop()
        if self._slices is not None:
            self._slices.close()
            self._slices = None
        if isValid(self.progress):
            self.progress.hide()
            self.progress.deleteLater()
        self.deleteLater()


def _progress_dialog(window: QWidget) -> QProgressDialog:
    """Return a dialog that leaves the window usable and stays until it is cancelled or deleted."""
    dialog = QProgressDialog(window)
    dialog.setWindowTitle(_("Cohort report"))
    bar = QProgressBar()
    bar.setTextVisible(False)
    bar.setAccessibleName(_("Progress of the report"))
    dialog.setBar(bar)
    dialog.setLabelText(_("Reading…"))
    dialog.setCancelButtonText(_("&Cancel"))
    dialog.setRange(0, 0)
    dialog.setMinimumWidth(360)
    dialog.setAutoReset(False)
    return dialog
