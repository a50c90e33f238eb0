"""The dialogs of the cohort page: the patients behind a number, and what a frozen cohort became."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QWidget

from gui.style import theme
from gui.widgets import messages
from gui.widgets.card import Card, button
from gui.widgets.layout import column, label, row
from gui.widgets.row_model import Column
from gui.widgets.row_table import RowTable
from gui.words import words
from model import whole_file
from model.cells import tab_separated
from model.cohort.comparison import ChangeKind, Comparison, Difference, difference_rows
from model.cohort.figures.table import FigureTable, csv_of
from model.cohort.labels import title_of
from model.errors import KnownError
from model.language import _, ngettext
from model.rounding import group_thousands


class TableDialog(QDialog):
    """A title, some sentences, a table in a card, and buttons below it. Escape closes it.

    `ask()` shows it until it is closed; then it is deleted.
    """

    def __init__(self, parent: QWidget | None, title: str, size: QSize) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self._layout = column(spacing=10, margins=(24, 20, 24, 18), of=self)
        self._buttons = row(spacing=10)
        self.close_button = button(_("Close"), on=self.reject)
        self.add_words(title, "title")
        self.resize(size.boundedTo(parent.window().size() - QSize(40, 40)) if parent else size)

    def _wait(self) -> None:
        try:
            self.exec()
        finally:
            self.deleteLater()

    def add_words(self, text: str, kind: str) -> QLabel:
        """Add a sentence of a kind of the style sheet; an empty one is hidden."""
        words = label(text, kind, wrap=True, plain=True)
        words.setVisible(bool(text))
        self._layout.addWidget(words)
        return words

    def add_table(self, heading: str, table: RowTable[Any]) -> None:
        """Add the table in a card, and the row of buttons below it."""
        card = Card(heading)
        card.body.setContentsMargins(1, 0, 1, 6)
        card.add(table, 1)
        self._layout.addWidget(card, 1)
        self._layout.addLayout(self._buttons)
        table.setFocus()


@dataclass(frozen=True, slots=True)
class ListedPatient:
    """One patient behind a number."""

    id: int
    code: str


class PatientsDialog(TableDialog):
    """`PatientsDialog(parent, title, …).ask()` returns the id of the patient to open, or None.

    Each patient is listed with what made them count. “Copy list” copies codes and reasons.
    """

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        patients: Sequence[int],
        codes: Mapping[int, str],
        why: Callable[[int], str],
        definition: str,
    ) -> None:
        super().__init__(parent, title, QSize(680, 520))
        self.chosen_id: int | None = None
        self.add_words(definition, "soft")
        # A patient with several events is listed once, with all of them.
        listed = [ListedPatient(each, codes.get(each, "")) for each in dict.fromkeys(patients)]
        # Reasons are looked up as they become visible: there may be thousands of patients.
        self._why = cache(why)
        self.table: RowTable[ListedPatient] = RowTable(
            (
                Column(_("Patient"), lambda one: one.code),
                Column(_("What counts"), self._reason, tip=self._reason, stretch=True),
            ),
            name=title,
            empty=_("No patients."),
        )
        n = len(listed)
        self.add_table(
            ngettext("{n} patient", "{n} patients", n).format(n=group_thousands(n)), self.table
        )
        self.copy_button = button(_("&Copy list"), on=self.copy)
        self.open_button = button(_("&Open patient"), "primary", on=self._open_chosen)
        self.state = label("", "soft")
        self._buttons.addWidget(self.copy_button)
        self._buttons.addWidget(self.state, 1)
        self._buttons.addWidget(self.close_button)
        self._buttons.addWidget(self.open_button)
        self.table.show_records(listed)
        self.open_button.setEnabled(bool(listed))
        self.copy_button.setEnabled(bool(listed))
        if listed:
            self.table.choose(listed[0].id)
        self.table.activated.connect(self._open)

    def ask(self) -> int | None:
        """Show the list until it is closed; return the id of the patient to open."""
        self._wait()
        return self.chosen_id

    def copy(self) -> None:
        """Copy title, codes and reasons, tab-separated."""
        rows = [[one.code, self._reason(one)] for one in self.table.records()]
        QGuiApplication.clipboard().setText(tab_separated([[self.windowTitle()], *rows]))
        self.state.setText(_("Copied."))

    def _reason(self, one: ListedPatient) -> str:
        return self._why(one.id)

    def _open_chosen(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self._open(chosen)

    def _open(self, one: ListedPatient) -> None:
        self.chosen_id = one.id
        self.accept()


class ComparisonDialog(TableDialog):
    """`ComparisonDialog(parent, …).ask()` returns whether to use its selection."""

    def __init__(
        self, parent: QWidget | None, comparison: Comparison, codes: Mapping[int, str]
    ) -> None:
        frozen = comparison.frozen
        super().__init__(parent, frozen.name, QSize(1060, 600))
        self._comparison, self._codes = comparison, codes
        self.use_selection = False
        self.add_words(comparison.sentence(), "strong" if comparison.is_unchanged else "remark")
        about = _("Frozen {time} (UTC) · {cohort}.\nSHA-256 {hash}").format(
            time=frozen.frozen_at[:16].replace("T", " "),
            cohort=frozen.sentence,
            hash=frozen.sha256,
        )
        selectable = Qt.TextInteractionFlag.TextSelectableByMouse
        self.add_words(about, "hint").setTextInteractionFlags(selectable)
        self.table: RowTable[Difference] = RowTable(
            self._columns(),
            name=_("Changes"),
            empty=_("No number has changed, nor the patients behind it."),
            key=lambda one: one.number.key,
        )
        self.add_table(_("Changes since it was frozen"), self.table)
        self.use_button = button(_("&Use this selection"), on=self._use)
        self.csv_button = button(_("&Save as CSV…"), on=self._ask_csv)
        theme.set_kind(self.close_button, "primary")
        self._buttons.addWidget(self.use_button)
        self._buttons.addStretch(1)
        self._buttons.addWidget(self.csv_button)
        self._buttons.addWidget(self.close_button)
        self.table.show_records(list(comparison.differences))
        self.csv_button.setEnabled(bool(comparison.differences))

    def ask(self) -> bool:
        """Show the dialog until it is closed; return whether to use the selection."""
        self._wait()
        return self.use_selection

    def save_csv(self, path: Path) -> None:
        """Write the changes as a CSV file; show an error if that fails."""
        header, rows = difference_rows(self._comparison, self._codes)
        try:
            whole_file.write(
                path, csv_of(FigureTable(header, [tuple(row) for row in rows])).encode()
            )
        except KnownError as error:
            messages.error(self, error)

    def _ask_csv(self) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(
            self,
            _("Save changes"),
            f"{self._comparison.frozen.name} changes.csv",
            _("CSV files (*.csv)"),
        )
        if chosen:
            self.save_csv(Path(chosen))

    def _use(self) -> None:
        self.use_selection = True
        self.accept()

    def _columns(self) -> tuple[Column[Difference], ...]:
        return (
            Column(_("Section"), lambda one: words(one.number.section)),
            Column(_("Number"), lambda one: title_of(one.number), stretch=True),
            Column(_("Change"), lambda one: _(one.kind.value), tone=_tone),
            Column(_("Was"), lambda one: one.was.text if one.was else "", tip=_was_tip),
            Column(_("Now"), lambda one: one.now.text if one.now else "", tip=_now_tip),
            Column(_("Added"), lambda one: self._names(one.added), optional=True),
            Column(_("Removed"), lambda one: self._names(one.removed), optional=True),
        )

    def _names(self, ids: tuple[int, ...]) -> str:
        return ", ".join(self._codes.get(one, _("deleted patient")) for one in ids)


def _tone(one: Difference) -> str:
    return "soft" if one.kind is ChangeKind.MEANING else "warn"


def _was_tip(one: Difference) -> str:
    return one.was.definition if one.was else ""


def _now_tip(one: Difference) -> str:
    return one.now.definition if one.now else ""
