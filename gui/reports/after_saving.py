"""After a report was written: record it in the journal, and show a notice in the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from gui.widgets import messages
from model.errors import Conflict, KnownError
from model.language import _

if TYPE_CHECKING:
    from model.store.casebook import Casebook


def log_report(casebook: Casebook, action: str, path: Path, details: dict[str, Any]) -> None:
    """Record a written file in the journal; raise KnownError if that is impossible."""
    try:
        casebook.log(action, {"file": path.name} | details)
    except Conflict as error:
        raise KnownError(
            _(
                "“{path}” was written in full, but could not be noted in the journal, as another"
                " program is writing to the casebook. Make it again when that has finished."
            ).format(path=path)
        ) from error


def show_saved_notice(window: QWidget, sentence: str, path: Path) -> None:
    """Show a notice that a file was written, with a button to open it.

    `sentence` contains `{file}` for the name of the file.
    """

    def open_file() -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    messages.notice(window, sentence.format(file=path.name), _("Open"), open_file)
