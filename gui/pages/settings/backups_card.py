"""The card for backups: where they are, and the second folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from gui.session.preferences import remember_second_backup_folder, second_backup_folder
from gui.session.session import Session
from gui.widgets.card import Card, button
from gui.widgets.layout import label, row
from model.language import _
from model.store.backups.files import folder_of


class BackupsCard(Card):
    """Shows the folders of the automatic backups; the second one is kept for this computer."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(_("Backups"), parent)
        hint = _(
            "A changed casebook is backed up every 30 minutes and when it is closed. 10 recent"
            " backups, 7 of different days and 4 of different weeks are kept. A second folder, for"
            " instance on a network drive, protects against the loss of this computer. It is"
            " remembered for you on this computer."
        )
        self.add(label(hint, "hint", wrap=True))
        self._path = session.casebook.path
        self.add(_line(_("Folder"), _path_label(folder_of(self._path))))
        self.second = _path_label()
        self.choose_button = button(_("Choose &second folder…"))
        self.choose_button.clicked.connect(self._ask)
        self.remove_button = button(_("Remove"), "link")
        self.remove_button.setAccessibleName(_("Remove the second folder"))
        self.remove_button.clicked.connect(self._remove)
        self.add(_line(_("Second folder"), self.second, self.remove_button))
        self.problem = label(kind="problem", wrap=True)
        self.problem.hide()
        self.add(self.problem)
        self.body.addLayout(row(self.choose_button, 1))
        self._show()

    def choose(self, folder: Path) -> None:
        """Take a folder as the second one, unless it is that of the casebook or its backups."""
        own = (self._path.parent.resolve(), folder_of(self._path).resolve())
        is_own = folder.resolve() in own
        self.problem.setText(_("Choose another folder than that of the casebook."))
        self.problem.setVisible(is_own)
        if not is_own:
            self._choose(folder)

    def _ask(self) -> None:
        start = str(second_backup_folder() or Path.home())
        chosen = QFileDialog.getExistingDirectory(self, _("Second folder of backups"), start)
        if chosen:
            self.choose(Path(chosen))

    def _remove(self) -> None:
        self.choose_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._choose(None)

    def _choose(self, folder: Path | None) -> None:
        remember_second_backup_folder(folder)
        self._show()

    def _show(self) -> None:
        folder = second_backup_folder()
        self.second.setText(str(folder) if folder else _("None"))
        self.remove_button.setVisible(folder is not None)


def _path_label(path: Path | None = None) -> QLabel:
    text = label(str(path or ""), wrap=True, plain=True)
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return text


def _line(name: str, *widgets: QWidget) -> QWidget:
    line = QWidget()
    name_label = QLabel(name)
    name_label.setMinimumWidth(100)
    first, *others = widgets
    row(name_label, (first, 1), *others, spacing=20, of=line)
    return line
