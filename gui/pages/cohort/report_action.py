"""Copy paragraph, Edit paragraph…, and Cohort report as PDF….

A report is reasoned off the GUI thread and drawn in slices, between which the window stays alive.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from gui.forms.abstract_template import AbstractTemplateForm, Preview
from gui.forms.cohort_report import CohortReportForm, Wish
from gui.pages.cohort.report_progress import ReportProgress
from gui.reports import printing, saved
from gui.session.background import Background, Job
from gui.session.session import Session
from gui.widgets import messages
from model.errors import KnownError
from model.language import _

if TYPE_CHECKING:
    from gui.reports.cohort_pdf import Slices
    from model.cohort.cohort_report import CohortReport
    from model.cohort.options import Options
    from model.cohort.paragraph.abstract import Paragraph
    from model.cohort.selection import Selection


def copy_paragraph(window: QWidget, paragraph: Paragraph) -> None:
    """Put a paragraph with its footnote on the clipboard, as plain text and for word processors."""
    data = QMimeData()
    data.setText(paragraph.whole)
    data.setHtml(paragraph.html)
    QGuiApplication.clipboard().setMimeData(data)
    messages.notice(window, _("The paragraph and its definitions were copied."))


def edit_paragraph(window: QWidget, session: Session, preview: Preview) -> None:
    """Let the template of the paragraph be edited, and keep it in the casebook.

    `preview` says what a template comes to; it raises KnownError for one that cannot be filled in.
    """
    from model.cohort.paragraph import template as abstract_template

    old = abstract_template.kept(session.casebook)
    new = AbstractTemplateForm.ask(window, old, preview)
    if new is None:
        return
    try:
        session.do(_("Edit paragraph"), lambda step: abstract_template.keep(step, new))
    except KnownError as error:
        messages.error(window, error)


def save_report(
    window: QWidget,
    session: Session,
    background: Background,
    selection: Selection,
    options: Options,
    today: date | None = None,
) -> Making | None:
    """Ask how the report is wanted and make it; None when it is not wanted after all.

    The window stays alive meanwhile, and says when the file is there.
    """
    # What draws is loaded before anything is under way; the Cohort page has loaded most of it.
    from gui.reports import cohort_pdf  # noqa: F401

    wish = CohortReportForm.ask(window, selection, session.casebook.path)
    if wish is None:
        return None
    making = Making(window, session, wish)
    making.begin(background, selection, options, today or date.today())
    return making


class Making(QObject):
    """A report under way: reasoned on a thread, drawn a slice each turn of the event loop.

    It belongs to the session: when another casebook is opened meanwhile, nothing comes of it.
    """

    def __init__(self, window: QWidget, session: Session, wish: Wish) -> None:
        super().__init__(session)
        self._window = window
        self._casebook = session.casebook
        self._wish = wish
        self._job: Job | None = None
        self._slices: Slices | None = None
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._draw)
        self.progress = ReportProgress(window)
        self.progress.given_up.connect(self.give_up)
        self.destroyed.connect(self.progress.deleteLater)

    def begin(
        self, background: Background, selection: Selection, options: Options, today: date
    ) -> None:
        """Count off the GUI thread, then draw."""
        casebook, wish = self._casebook, self._wish

        def work(job: Job) -> CohortReport:
            from model.cohort.cohort_report import report

            with casebook.new_connection() as own:
                return report(
                    own,
                    selection,
                    options,
                    today,
                    casebook=casebook.path.stem if wish.with_codes else "",
                    with_codes=wish.with_codes,
                    progress=job.progress,
                )

        self.progress.show()
        self._job = background.run(
            self, work, self._counted, self._failed, progress=self.progress.tell
        )

    @Slot()
    def give_up(self) -> None:
        """Stop, and leave no file behind."""
        if self._job is not None:
            self._job.cancel()
        self._end()

    def _counted(self, report: CohortReport) -> None:
        from gui.reports import cohort_pdf

        self._slices = cohort_pdf.slices(report, self._wish.page)
        self._turn.start()

    @Slot()
    def _draw(self) -> None:
        if self._slices is None:
            return
        try:
            done, total = next(self._slices)
        except StopIteration as end:
            self._write(end.value)
            return
        self.progress.tell(done, total, _("Drawing"))

    def _write(self, whole: bytes) -> None:
        path = self._wish.path
        try:
            printing.write(path, whole)
            noted = {"codes": self._wish.with_codes}
            saved.note(self._casebook, "Cohort report", path, noted)
        except KnownError as error:
            messages.error(self._window, error)
            return
        finally:
            self._end()
        saved.tell(self._window, _("The report was saved as “%s”."), path)

    def _failed(self, error: BaseException) -> None:
        self._end()
        if not isinstance(error, KnownError):
            raise error
        messages.error(self._window, error)

    def _end(self) -> None:
        self._turn.stop()
        if self._slices is not None:
            self._slices.close()
            self._slices = None
        if isValid(self.progress):
            self.progress.hide()
            self.progress.deleteLater()
        self.deleteLater()
