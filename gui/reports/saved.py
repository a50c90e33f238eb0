"""When a report is a file: what the journal notes of it, and what the window says."""

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


def note(casebook: Casebook, action: str, path: Path, noted: dict[str, Any]) -> None:
    """Note a file that was written in the journal; raises KnownError when it cannot."""
    try:
        casebook.log(action, {"file": path.name} | noted)
    except Conflict as error:
        raise KnownError(
            f"“{path}” was written whole, but the journal could not note it, as another"
            " program is writing to the casebook. Make it again when that has finished."
        ) from error


def tell(window: QWidget, said: str, path: Path) -> None:
    """Say that a file is there, and offer to open it; `said` has a place for its name."""
    opened = _("Open")
    messages.notice(window, said % path.name, opened, lambda: _open(path))


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
