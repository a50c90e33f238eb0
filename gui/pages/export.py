"""Export…: the casebook as a folder of CSV files, written off the GUI thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from gui import messages, theme
from gui.background import Background, Job
from gui.card import button
from gui.opening import demo_folder
from gui.session import Session
from model import images
from model.errors import KnownError

WIDTH = 560


class ExportDialog(QDialog):
    """Asks for a folder, writes into it with progress, and closes when it is done.

    Cancel and Escape stop the export at any time; nothing is left of it then. A fault is said in
    the dialog, which stays open.
    """

    def __init__(self, parent: QWidget | None, session: Session, background: Background) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self._job: Job | None = None
        self.done_into: Path | None = None
        self.files = 0
        self.setWindowTitle(self.tr("Export"))
        self.setModal(True)
        title = QLabel(self.tr("Export"))
        theme.set_kind(title, "title")
        words = QLabel(
            self.tr(
                "Writes every table as a CSV file into one folder, with a codebook and the summary"
                " of the cohort. Names, record numbers, dates of birth and free text are written"
                " as they are recorded: keep the folder as safe as the casebook."
            )
        )
        words.setWordWrap(True)
        theme.set_kind(words, "soft")
        pictures = QLabel(self.tr(images.EXPORT_WARNING))
        pictures.setWordWrap(True)
        pictures.setVisible(images.count(session.casebook) > 0)
        theme.set_kind(pictures, "remark")
        self.folder = QLineEdit(str(_suggested(session.casebook.path)))
        label = QLabel(self.tr("&Folder"))
        label.setBuddy(self.folder)
        self.folder.setAccessibleName(self.tr("Folder"))
        self.browse_button = button(self.tr("&Browse…"))
        self.browse_button.clicked.connect(self._browse)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label)
        line.addWidget(self.folder, 1)
        line.addWidget(self.browse_button)
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._fault = QFrame()
        theme.set_kind(self._fault, "fault")
        QVBoxLayout(self._fault).addWidget(self._problem)
        self._fault.hide()
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the export"))
        self._doing = QLabel()
        theme.set_kind(self._doing, "hint")
        self.export_button = button(self.tr("&Export"), "primary")
        self.export_button.setDefault(True)
        self.export_button.clicked.connect(self.begin)
        self.cancel_button = button(self.tr("Cancel"))
        self.cancel_button.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addWidget(self._doing, 1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(14)
        layout.addWidget(title)
        layout.addWidget(words)
        layout.addWidget(pictures)
        layout.addLayout(line)
        layout.addWidget(self._fault)
        layout.addWidget(self.progress)
        layout.addLayout(buttons)
        self._layout = layout
        self._show_busy(False)
        self.folder.setFocus()
        self.folder.selectAll()

    @classmethod
    def ask(cls, parent: QWidget, session: Session, background: Background) -> Path | None:
        """Open the dialog; gives the folder that was written, or None."""
        dialog = cls(parent, session, background)
        try:
            dialog.exec()
        finally:
            dialog.deleteLater()
        folder = dialog.done_into
        if folder is not None:
            said = parent.tr("%d files were exported into “%s”.") % (dialog.files, folder.name)
            messages.notice(parent, said, parent.tr("Open folder"), lambda: _open(folder))
        return folder

    def begin(self) -> None:
        """Start the export into the folder that is named."""
        text = self.folder.text().strip()
        if not text:
            self._say(self.tr("Name the folder to export into."))
            return
        folder = Path(text).expanduser()
        casebook = self._session.casebook
        self._say("")
        self._show_busy(True)

        def work(job: Job) -> tuple[Path, int]:
            # pandas and the statistics are imported here, away from the GUI thread.
            from model.exchange.export import export

            with casebook.another() as own:
                return folder, len(export(own, folder, job.progress))

        self._job = self._background.run(
            self, work, self._done, self._failed, progress=self._show_progress
        )

    def reject(self) -> None:
        """Stop what is under way, and close."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
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
        self._say(str(error))

    def _show_progress(self, done: int, total: int, doing: str) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self._doing.setText(f"{doing}…")

    def _show_busy(self, busy: bool) -> None:
        self.progress.setRange(0, 0)
        self.progress.setVisible(busy)
        self._doing.setText("")
        for widget in (self.folder, self.browse_button, self.export_button):
            widget.setEnabled(not busy)
        self._fit()

    def _say(self, problem: str) -> None:
        self._problem.setText(problem)
        self._fault.setVisible(bool(problem))
        self._fit()

    def _fit(self) -> None:
        """Take as much height as the sentences need in this width."""
        self._layout.activate()
        self.setFixedSize(WIDTH, self._layout.totalHeightForWidth(WIDTH))

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, self.tr("Export into"), str(Path(self.folder.text()).parent)
        )
        if chosen:
            self.folder.setText(chosen)


def _suggested(casebook: Path) -> Path:
    """A folder that bears the casebook's name, beside it; the demo's among the user's own files."""
    path = casebook.absolute()
    folder = Path.home() if path.parent == demo_folder() else path.parent
    return folder / f"{path.stem} export"


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
