"""What follows when a report is written: a note in the journal, and a notice in the window."""

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


def note(casebook: Casebook, action: str, path: Path, details: dict[str, Any]) -> None:
    """Note a written file in the journal; raises KnownError when it cannot."""
    try:
        casebook.log(action, {"file": path.name} | details)
    except Conflict as error:
        raise KnownError(
            _(
                "“{path}” was written in full, but could not be noted in the journal, as another"
                " program is writing to the casebook. Make it again when that has finished."
            ).format(path=path)
        ) from error


def announce(window: QWidget, sentence: str, path: Path) -> None:
    """Show that a file was written, and offer to open it; `sentence` names it by `{file}`."""

    def open_file() -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    messages.notice(window, sentence.format(file=path.name), _("Open"), open_file)
