"""The dialog that reads what is readable of a damaged casebook into a new one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from gui.forms.form import busy_bar
from gui.session.background import Background, Job
from gui.style import theme
from gui.widgets.card import button
from gui.widgets.layout import column, label, row
from model.errors import KnownError
from model.language import _, ngettext
from model.store.damage import salvage, salvage_report
from model.store.damage.salvage import Salvage

WIDTH, HEIGHT = 640, 420


class SalvageDialog(QDialog):
    """Salvages off the GUI thread, then shows what was lost, to be copied.

    `SalvageDialog.ask(parent, background, path, passphrase, to)` returns whether the new casebook
    is to be opened.
    """

    def __init__(
        self,
        parent: QWidget | None,
        background: Background,
        path: Path,
        passphrase: str | None,
        to: Path,
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._path, self._to = path, to
        self.setWindowTitle(_("Read what is readable"))
        self.setModal(True)
        self.title = label(_("Reading “{name}”…").format(name=path.name), "title", plain=True)
        self.title.setWordWrap(True)
        self._busy = busy_bar(_("Reading"), self)
        self.report = QPlainTextEdit()
        self.report.setReadOnly(True)
        self.report.setTabChangesFocus(True)
        self.report.setAccessibleName(_("Report"))
        theme.set_kind(self.report, "report")
        self.copy_button = button(_("&Copy report"))
        self.open_button = button(_("&Open the new casebook"), "primary")
        self.close_button = button(_("Close"))
        self.copy_button.clicked.connect(self._copy)
        self.open_button.clicked.connect(self.accept)
        self.close_button.clicked.connect(self.reject)
        buttons = row(self.copy_button, 1, self.close_button, self.open_button, spacing=10)
        parts = (self.title, self._busy, (self.report, 1), buttons)
        column(*parts, spacing=12, margins=(24, 20, 24, 18), of=self)
        self.resize(WIDTH, HEIGHT)
        self._show_busy(True)

        def work(_job: Job) -> Salvage:
            return salvage.salvage(path, passphrase, to)

        background.run(self, work, self._show, self._failed)

    @classmethod
    def ask(
        cls,
        parent: QWidget,
        background: Background,
        path: Path,
        passphrase: str | None,
        to: Path,
    ) -> bool:
        """Show the dialog until it is closed."""
        dialog = cls(parent, background, path, passphrase, to)
        try:
            return bool(dialog.exec())
        finally:
            dialog.deleteLater()

    def reject(self) -> None:
        """Close, unless a casebook is still being written."""
        if self.close_button.isEnabled():
            super().reject()

    def _show(self, salvaged: Salvage) -> None:
        self.title.setText(_("What was read of “{name}”").format(name=self._path.name))
        self.report.setPlainText(report_text(salvaged, self._path, self._to))
        self._show_busy(False)
        self.open_button.setFocus()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, KnownError):
            raise error
        self.title.setText(_("Nothing was read of “{name}”").format(name=self._path.name))
        self.report.setPlainText(str(error))
        self._show_busy(False)
        self.open_button.setEnabled(False)
        self.close_button.setFocus()

    def _show_busy(self, busy: bool) -> None:
        self._busy.setVisible(busy)
        for each in (self.copy_button, self.open_button, self.close_button):
            each.setEnabled(not busy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())


def report_text(salvaged: Salvage, path: Path, to: Path) -> str:
    """Return what was read, what could not be read, and where the new casebook is."""
    read = sum(salvaged.read.values())
    count = ngettext("{n} row was read.", "{n} rows were read.", read).format(n=read)
    lost = salvage_report.sentences(salvaged) or [_("Nothing seems to be missing.")]
    files = _("“{damaged}” was left as it is. The new casebook is “{new}”.")
    return "\n\n".join((count, *lost, files.format(damaged=path, new=to)))
