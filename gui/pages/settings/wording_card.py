"""The card for NCI's wording: shows which versions are loaded; loads and removes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

from gui.session import wording_store
from gui.session.background import Background
from gui.widgets import messages
from gui.widgets.card import Card, button
from gui.widgets.layout import column, label, row
from model.ctcae.terms import VERSIONS
from model.ctcae.wording import Wording
from model.errors import KnownError
from model.language import _, ngettext


class WordingCard(Card):
    """One line per version; a workbook is read off the GUI thread."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(_("NCI wording"), parent)
        self._background = background
        words = label(
            _(
                "Theralog does not contain NCI's texts. Download the CTCAE workbook (.xlsx) from"
                " NCI and load it: the grade texts then appear in the toxicity form. They are kept"
                " for you on this computer, not in the casebook."
            ),
            "hint",
            wrap=True,
        )
        self.add(words)
        self._states: dict[str, QLabel] = {}
        self.remove_buttons: dict[str, QPushButton] = {}
        for version in VERSIONS:
            self.add(self._line(version))
        self.load_button = button(_("&Load NCI wording…"))
        self.load_button.clicked.connect(self._ask)
        self.problem = label(kind="problem", wrap=True)
        self.body.addLayout(column(row(self.load_button, 1), self.problem, spacing=6))
        self.show_state()

    def state(self, version: str) -> str:
        """Return what the card says about a version."""
        return self._states[version].text()

    def show_state(self) -> None:
        """Show for each version whether its wording is loaded."""
        for version, state in self._states.items():
            try:
                wording = wording_store.stored_wording(version)
                state.setText(_state_text(wording))
                removable = wording is not None
            except KnownError as error:
                state.setText(str(error))
                removable = True
            self.remove_buttons[version].setVisible(removable)

    def load(self, workbook: Path) -> None:
        """Read a workbook and store its wording; show its version, or what is wrong with it."""
        self.problem.setText("")
        self.problem.hide()
        self.load_button.setEnabled(False)
        self.load_button.setText(_("Reading {name}…").format(name=workbook.name))
        self._background.run(
            self, lambda _job: wording_store.import_workbook(workbook), self._finish, self._fail
        )

    def _finish(self, wording: Wording) -> None:
        self._show_ready()
        count = len(wording.texts)
        text = ngettext(
            "NCI's wording of CTCAE {version} was loaded: {n} term.",
            "NCI's wording of CTCAE {version} was loaded: {n} terms.",
            count,
        )
        messages.notice(self, text.format(version=wording.version, n=count))

    def _fail(self, error: BaseException) -> None:
        self._show_ready()
        if not isinstance(error, KnownError):
            raise error
        self.problem.setText(str(error))
        self.problem.show()

    def _show_ready(self) -> None:
        self.load_button.setEnabled(True)
        self.load_button.setText(_("&Load NCI wording…"))
        self.show_state()

    def _ask(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self,
            _("Load NCI wording"),
            str(Path.home()),
            _("Excel workbooks (*.xlsx);;All files (*)"),
        )
        if chosen:
            self.load(Path(chosen))

    def _line(self, version: str) -> QWidget:
        line = QWidget()
        name = QLabel(f"CTCAE {version}")
        name.setMinimumWidth(84)
        self._states[version] = label(wrap=True)
        remove = button(_("Remove"), "link")
        remove.setAccessibleName(
            _("Remove NCI's wording of CTCAE {version}").format(version=version)
        )
        remove.clicked.connect(self._remover(version))
        self.remove_buttons[version] = remove
        row(name, (self._states[version], 1), remove, spacing=20, of=line)
        return line

    def _remover(self, version: str) -> Callable[[], None]:
        def remove() -> None:
            try:
                wording_store.remove(version)
            except KnownError as error:
                messages.error(self, error)
            self.show_state()

        return remove


def _state_text(wording: Wording | None) -> str:
    if wording is None:
        return _("not loaded")
    count = len(wording.texts)
    return ngettext("loaded, {n} term", "loaded, {n} terms", count).format(n=count)
