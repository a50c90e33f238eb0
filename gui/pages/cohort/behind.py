"""The patients behind a number, each with what made them count; Enter opens the patient."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.style import theme
from gui.widgets.card import Card, button
from gui.widgets.row_table import Column, RowTable
from gui.words import grouped
from model.language import _, ngettext

SIZE = QSize(680, 520)


@dataclass(frozen=True, slots=True)
class Behind:
    """One patient behind a number."""

    id: int
    code: str


class BehindDialog(QDialog):
    """`BehindDialog.ask(parent, title, …)` returns the id of the patient to open, or None.

    Escape returns to the page. “Copy list” copies codes and reasons.
    """

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        patients: Sequence[int],
        codes: Mapping[int, str],
        why: Callable[[int], str] = lambda _patient: "",
        definition: str = "",
    ) -> None:
        """List patients by id, with their `codes`."""
        super().__init__(parent)
        self.chosen_id: int | None = None
        self._title = title
        self.setWindowTitle(title)
        self.setModal(True)
        heading = QLabel(title)
        heading.setWordWrap(True)
        theme.set_kind(heading, "title")
        words = QLabel(definition)
        words.setWordWrap(True)
        words.setVisible(bool(definition))
        theme.set_kind(words, "soft")
        # A patient with several events is listed once, with all of them.
        behind = [Behind(each, codes.get(each, "")) for each in dict.fromkeys(patients)]
        # Reasons are looked up as they become visible: there may be thousands of patients.
        self._why = cache(why)
        self.table: RowTable[Behind] = RowTable(
            (
                Column(_("Patient"), lambda one: one.code),
                Column(_("What counts"), self._reason, tip=self._reason, stretch=True),
            ),
            name=title,
            empty=_("No patients."),
        )
        n = len(behind)
        card = Card(ngettext("{n} patient", "{n} patients", n).format(n=grouped(n)))
        card.body.setContentsMargins(1, 0, 1, 6)
        card.add(self.table, 1)
        self.copy_button = button(_("&Copy list"))
        self.open_button = button(_("&Open patient"), "primary")
        self.close_button = button(_("Close"))
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addWidget(self.copy_button)
        self.state = QLabel()
        theme.set_kind(self.state, "soft")
        buttons.addWidget(self.state, 1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.open_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(10)
        layout.addWidget(heading)
        layout.addWidget(words)
        layout.addWidget(card, 1)
        layout.addLayout(buttons)
        self.table.show_records(behind)
        self.open_button.setEnabled(bool(behind))
        self.copy_button.setEnabled(bool(behind))
        if behind:
            self.table.choose(behind[0].id)
        self.copy_button.clicked.connect(self.copy)
        self.open_button.clicked.connect(self._open_chosen)
        self.close_button.clicked.connect(self.reject)
        self.table.activated.connect(self._open)
        self.table.setFocus()
        room = parent.window().size() - QSize(40, 40) if parent else SIZE
        self.resize(SIZE.boundedTo(room))

    @classmethod
    def ask(
        cls,
        parent: QWidget,
        title: str,
        patients: Sequence[int],
        codes: Mapping[int, str],
        why: Callable[[int], str] = lambda _patient: "",
        definition: str = "",
    ) -> int | None:
        """Show the list until it is closed; return the id of the patient to open."""
        dialog = cls(parent, title, patients, codes, why, definition)
        try:
            dialog.exec()
            return dialog.chosen_id
        finally:
            dialog.deleteLater()

    def copy(self) -> None:
        """Copy title, codes and reasons, tab-separated."""
        lines = [f"{one.code}\t{self._reason(one)}".rstrip() for one in self.table.records()]
        QGuiApplication.clipboard().setText("\n".join([self._title, *lines]))
        self.state.setText(_("Copied."))

    def _reason(self, one: Behind) -> str:
        return self._why(one.id)

    def _open_chosen(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self._open(chosen)

    def _open(self, one: Behind) -> None:
        self.chosen_id = one.id
        self.accept()
