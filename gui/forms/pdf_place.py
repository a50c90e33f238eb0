"""Where a PDF file goes: a field with Browse beside it, and why it cannot go there."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.fields.text import TextField
from gui.reports.printing import Page
from gui.style import icons
from gui.widgets.card import button
from model.errors import InvalidRecord
from model.language import _
from model.user_folder import user_folder

SUFFIX = ".pdf"
PAPERS: tuple[tuple[Page, str], ...] = (("A4", "A4"), ("Letter", "Letter"))


def folder_beside(casebook: Path) -> Path:
    """The folder that is suggested: that of the casebook, the user's own for the demo."""
    place = casebook.absolute().parent
    return Path.home() if place == user_folder() else place


def plain_name(text: str) -> str:
    """A text without what file systems do not take in a name."""
    return "".join(sign if sign.isalnum() or sign in "-_ " else "-" for sign in text)


class PdfPlace(QObject):
    """A text field that holds a path; `path()` gives it once it can be written to."""

    def __init__(
        self, field: TextField, suggested: Path, name: str, title: str, parent: QWidget
    ) -> None:
        """`name` is what Browse is called to those who cannot see it, `title` what it opens."""
        super().__init__(parent)
        self.field = field
        self._folder = suggested.parent
        self._title = title
        self._window = parent
        self._confirmed: Path | None = None  # may be replaced: asked when browsing
        field.set_value(str(suggested))
        browse = button(_("&Browse…"))
        icons.keep(browse, "open")
        browse.setAccessibleName(name)
        browse.clicked.connect(self._browse)
        field.put_beside(browse)

    def path(self) -> Path:
        """The place; raises InvalidRecord under “path” for one that cannot be written to."""
        text = self.field.value() or ""
        try:
            return self._checked(text, self._folder / Path(text).expanduser())
        except (OSError, RuntimeError) as error:
            why = getattr(error, "strerror", None) or error
            said = _("“%s” cannot be the name of a file: %s.") % (text, why)
            raise InvalidRecord({"path": said}) from error

    def _checked(self, text: str, path: Path) -> Path:
        if text.endswith(("/", os.sep)) or path.is_dir():
            raise InvalidRecord({"path": _("This is a folder. Add the name of the file.")})
        if path.suffix.lower() != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
        if not path.parent.is_dir():
            raise InvalidRecord({"path": _("There is no folder “%s”.") % path.parent})
        if path.exists() and path != self._confirmed:
            said = _("There is a file of this name already. Choose another, or browse to it.")
            raise InvalidRecord({"path": said})
        if not os.access(path.parent, os.W_OK):
            raise InvalidRecord({"path": _("You may not write in this folder. Choose another.")})
        return path

    @Slot()
    def _browse(self) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(
            self._window,
            self._title,
            self.field.value() or str(self._folder),
            _("PDF files (*%s)") % SUFFIX,
        )
        if chosen:
            self._confirmed = Path(chosen)
            self.field.set_value(chosen)
