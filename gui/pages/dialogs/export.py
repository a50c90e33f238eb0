"""Export dialog: the casebook as CSV files or a workbook, written off the GUI thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from gui.forms.pdf import suggested_folder
from gui.pages.dialogs.export_choices import Draw, ExportChoices
from gui.session.background import Background, Job
from gui.session.session import Session
from gui.style import theme
from gui.widgets import exits, messages
from gui.widgets.card import button
from gui.widgets.layout import column, label, row
from gui.widgets.row_model import RIGHT, Column
from gui.widgets.row_table import RowTable
from model.cohort.options import DEFAULT_OPTIONS, Options
from model.cohort.selection import Selection
from model.errors import KnownError
from model.exchange.export_options import ExportOptions, Figures
from model.exchange.pseudonymised.small_cells import SmallCell
from model.language import N_, _, ngettext

WIDTH = 600
_CELLS_HEIGHT = 170
_PAUSE = 5  # milliseconds between two parts of the drawing, in which the window responds


class ExportDialog(QDialog):
    """Asks what to write and where, writes it with progress, and closes when it is done.

    Before a pseudonymised export is written, the cells that count few patients are listed and must
    be confirmed. Cancel and Escape stop the export at any time and leave nothing behind. An error
    is shown in the dialog, which stays open.
    """

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        background: Background,
        selection: Selection | None = None,
        draw: Draw | None = None,
        counting: Options = DEFAULT_OPTIONS,
    ) -> None:
        """Start with all patients or those of a selection, counted by `counting`.

        `draw` draws the cohort's figures.
        """
        super().__init__(parent)
        self._session = session
        self._background = background
        self._draw = draw
        self._counting = counting
        self._files: dict[str, bytes] = {}
        self._drawing: Iterator[str | tuple[str, bytes]] = iter(())
        self._timer = QTimer(self)
        self._job: Job | None = None
        self._confirmed: ExportOptions | None = None
        self.done_into: Path | None = None
        self.files = 0
        self.setWindowTitle(_("Export"))
        self.setModal(True)
        self.choices = ExportChoices(session.casebook, selection, with_figures=draw is not None)
        self.choices.changed.connect(self._changed)
        self.folder = QLineEdit(str(_suggested(session.casebook.path)))
        name = label(_("&Folder"))
        name.setBuddy(self.folder)
        self.folder.setAccessibleName(_("Folder"))
        self.browse_button = button(_("&Browse…"))
        self.browse_button.clicked.connect(self._browse)
        line = row(name, (self.folder, 1), self.browse_button)
        self._problem = label(wrap=True)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._fault = QFrame()
        theme.set_kind(self._fault, "fault")
        QVBoxLayout(self._fault).addWidget(self._problem)
        self._fault.hide()
        self.cells: RowTable[SmallCell] = RowTable(
            [
                Column(_("Patients"), lambda cell: f"{cell.n}", align=RIGHT),
                Column(_("Count"), lambda cell: cell.words, stretch=True),
                Column(_("Table"), lambda cell: cell.table),
            ],
            name=_("Counts of fewer than five patients"),
            key=lambda cell: cell,
        )
        self.cells.setFixedHeight(_CELLS_HEIGHT)
        self._few = label(kind="remark", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("Progress of the export"))
        self._doing = label(kind="hint")
        self.export_button = button(_("&Export"), "primary")
        self.export_button.setDefault(True)
        self.export_button.clicked.connect(self.begin)
        self.cancel_button = button(_("Cancel"))
        self.cancel_button.clicked.connect(self.reject)
        buttons = row((self._doing, 1), self.cancel_button, self.export_button, spacing=10)
        parts = (self.choices, line, self._few, self.cells, self._fault, self.progress, buttons)
        title = label(_("Export"), "title")
        self._layout = column(title, *parts, spacing=14, margins=(24, 20, 24, 18), of=self)
        self._changed()
        self._show_busy(False)
        self.folder.setFocus()
        self.folder.selectAll()

    @classmethod
    def ask(
        cls,
        parent: QWidget,
        session: Session,
        background: Background,
        selection: Selection | None = None,
        draw: Draw | None = None,
        counting: Options = DEFAULT_OPTIONS,
    ) -> Path | None:
        """Open the dialog; return the folder that was written, or None."""
        dialog = cls(parent, session, background, selection, draw, counting)
        try:
            dialog.exec()
        finally:
            dialog.deleteLater()
        folder = dialog.done_into
        if folder is not None:
            text = ngettext(
                "{n} file was exported into “{folder}”.",
                "{n} files were exported into “{folder}”.",
                dialog.files,
            ).format(n=dialog.files, folder=folder.name)
            messages.notice(parent, text, _("Open folder"), lambda: _open(folder))
        return folder

    def begin(self) -> None:
        """Start the export into the given folder, or list the small counts first."""
        text = self.folder.text().strip()
        if not text:
            self._show_problem(_("Choose a folder to export into."))
            return
        if fault := self.choices.fault():
            self._show_problem(fault)
            return
        folder = Path(text).expanduser()
        options = replace(self.choices.options(), counting=self._counting)
        self._show_problem("")
        self._show_busy(True)
        if options.pseudonymised and options != self._confirmed:
            self._count(options, folder)
        elif self._draw and self.choices.wants_figures:
            self._begin_drawing(self._draw, options, folder)
        else:
            self._write(options, folder)

    def _count(self, options: ExportOptions, folder: Path) -> None:
        """List the small counts; write if there are none."""
        casebook = self._session.casebook

        def work(job: Job) -> list[SmallCell]:
            from model.exchange.export_content import small_cells_of

            job.check()
            with casebook.new_connection() as own:
                return small_cells_of(own, options)

        def then(cells: list[SmallCell]) -> None:
            self._confirmed = options
            if not cells:
                self._write(options, folder)
                return
            self._job = None
            exits.log(self, N_("Small counts listed"), {"counts": len(cells)})
            self._show_cells(cells)
            self._show_busy(False)
            self.export_button.setFocus()

        self._job = self._background.run(self, work, then, self._failed)

    def _begin_drawing(self, draw: Draw, options: ExportOptions, folder: Path) -> None:
        """Draw one part per turn of the event loop, then write."""

        def draw_next() -> None:
            part = next(self._drawing, None)
            if part is None:
                self._stop_drawing()
                self._write(replace(options, figures=_writer(self._files)), folder)
            elif isinstance(part, str):
                self._show_progress(0, 0, part)
            else:
                name, content = part
                self._files[name] = content

        self._files, self._drawing = {}, draw()
        self._timer = QTimer(self)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(draw_next)
        self._timer.start()

    def _stop_drawing(self) -> None:
        self._timer.stop()
        self._drawing = iter(())

    def _write(self, options: ExportOptions, folder: Path) -> None:
        casebook = self._session.casebook

        def work(job: Job) -> tuple[Path, int]:
            # Imports pandas and the statistics, which would block the GUI thread.
            from model.exchange.export import export
            from model.store.casebook import Access

            with casebook.new_connection(Access.BESIDE) as own:
                return folder, len(export(own, folder, job.progress, options))

        self._job = self._background.run(
            self, work, self._done, self._failed, progress=self._show_progress
        )

    def reject(self) -> None:
        """Stop what is running, and close."""
        self._stop_drawing()
        if self._job is not None:
            self._job.cancel()
            self._job = None
            with suppress(KnownError):
                exits.log(self, N_("Export cancelled"), {})
        super().reject()

    def _done(self, written: tuple[Path, int]) -> None:
        self.done_into, self.files = written
        self._job = None
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self._job = None
        self._show_busy(False)
        if not isinstance(error, KnownError):
            raise error
        self._show_problem(str(error))

    def _show_progress(self, done: int, total: int, doing: str) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self._doing.setText(f"{doing}…")

    def _show_busy(self, busy: bool) -> None:
        self.progress.setRange(0, 0)
        self.progress.setVisible(busy)
        self._doing.setText("")
        for widget in (self.choices, self.folder, self.browse_button, self.export_button):
            widget.setEnabled(not busy)
        self._fit()

    def _changed(self) -> None:
        """Require the small counts to be confirmed again for changed options."""
        self._confirmed = None
        self._show_cells([])
        self._fit()

    def _show_cells(self, cells: list[SmallCell]) -> None:
        self.cells.show_records(cells)
        self._few.setText(
            ngettext(
                "{n} count is of fewer than five patients, who could be recognised by it."
                " Nothing has been written yet.",
                "{n} counts are of fewer than five patients, who could be recognised by them."
                " Nothing has been written yet.",
                len(cells),
            ).format(n=len(cells))
        )
        for widget in (self.cells, self._few):
            widget.setVisible(bool(cells))
        self.export_button.setText(_("&Export anyway") if cells else _("&Export"))

    def _show_problem(self, problem: str) -> None:
        self._problem.setText(problem)
        self._fault.setVisible(bool(problem))
        self._fit()

    def _fit(self) -> None:
        """Adjust the height to what the texts need at this width."""
        self._layout.activate()
        self.setFixedSize(WIDTH, self._layout.totalHeightForWidth(WIDTH))

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, _("Export into"), str(Path(self.folder.text()).parent)
        )
        if chosen:
            self.folder.setText(chosen)


def _suggested(casebook: Path) -> Path:
    """Return a folder named after the casebook, next to it; for the demo in the home folder."""
    return suggested_folder(casebook) / f"{casebook.stem} export"


def _writer(files: dict[str, bytes]) -> Figures:
    """Return a function that writes files drawn before; it needs no widget."""

    def write(into: Path) -> list[str]:
        for name, content in files.items():
            (into / name).write_bytes(content)
        return list(files)

    return write


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
