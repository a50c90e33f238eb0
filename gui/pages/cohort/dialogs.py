"""The dialogs of the cohort page: patients behind a number, and changes of a frozen cohort."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QWidget

from gui.style import theme
from gui.widgets import exits, messages
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
from model.language import N_, _, ngettext
from model.rounding import group_thousands


class TableDialog(QDialog):
    """A dialog with a title, sentences, a table in a card, and buttons below. Escape closes it.

    Each subclass has a method `ask()`, which shows the dialog until it is closed.
    """

    def __init__(self, parent: QWidget | None, title: str, size: QSize) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self._layout = column(spacing=10, margins=(24, 20, 24, 18), of=self)
        self._buttons = row(spacing=10)
        self.close_button = button(_("Close"), on=self.reject)
        self.add_text(title, "title")
        self.resize(size.boundedTo(parent.window().size() - QSize(40, 40)) if parent else size)

    def _run(self) -> None:
        """Show the dialog until it is closed, then delete it."""
        try:
            self.exec()
        finally:
            self.deleteLater()

    def add_text(self, text: str, kind: str) -> QLabel:
        """Add a text, whose kind names its style in the style sheet; an empty one is hidden."""
        text_label = label(text, kind, wrap=True, plain=True)
        text_label.setVisible(bool(text))
        self._layout.addWidget(text_label)
        return text_label

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
    """Lists the patients behind a number, each with the reason why the patient counts.

    `PatientsDialog(parent, title, …).ask()` returns the id of the patient to open, or None. “Copy
    list” copies codes and reasons.
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
        self.patient_id: int | None = None
        self.add_text(definition, "soft")
        # A patient with several events is listed once, with all of them.
        listed = [ListedPatient(id_, codes.get(id_, "")) for id_ in dict.fromkeys(patients)]
        # There may be thousands of patients: a reason is looked up when its row becomes visible.
        self._reason_of = cache(why)
        self.table: RowTable[ListedPatient] = RowTable(
            (
                Column(_("Patient"), lambda patient: patient.code),
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
        """Show the list until it is closed; return the id of the patient to open, or None."""
        self._run()
        return self.patient_id

    def copy(self) -> None:
        """Copy title, codes and reasons, tab-separated."""
        rows = [[patient.code, self._reason(patient)] for patient in self.table.records()]
        text = tab_separated([[self.windowTitle()], *rows])
        exits.copy(self, N_("Copy patients"), text, {"patients": len(rows)})
        self.state.setText(_("Copied."))

    def _reason(self, patient: ListedPatient) -> str:
        return self._reason_of(patient.id)

    def _open_chosen(self) -> None:
        patient = self.table.chosen()
        if patient is not None:
            self._open(patient)

    def _open(self, patient: ListedPatient) -> None:
        self.patient_id = patient.id
        self.accept()


class ComparisonDialog(TableDialog):
    """Shows what has changed since a cohort was frozen.

    `ComparisonDialog(parent, …).ask()` returns whether the page shall use the frozen selection.
    """

    def __init__(
        self, parent: QWidget | None, comparison: Comparison, codes: Mapping[int, str]
    ) -> None:
        frozen = comparison.frozen
        super().__init__(parent, frozen.name, QSize(1060, 600))
        self._comparison, self._codes = comparison, codes
        self.is_selection_wanted = False
        self.add_text(comparison.sentence(), "strong" if comparison.is_unchanged else "remark")
        about = _("Frozen {time} (UTC) · {cohort}.\nSHA-256 {hash}").format(
            time=frozen.frozen_at[:16].replace("T", " "),
            cohort=frozen.sentence,
            hash=frozen.sha256,
        )
        selectable = Qt.TextInteractionFlag.TextSelectableByMouse
        self.add_text(about, "hint").setTextInteractionFlags(selectable)
        self.table: RowTable[Difference] = RowTable(
            self._columns(),
            name=_("Changes"),
            empty=_("No number has changed, nor the patients behind it."),
            key=lambda difference: difference.number.key,
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
        """Show the dialog until it is closed; return whether to use the frozen selection."""
        self._run()
        return self.is_selection_wanted

    def save_csv(self, path: Path) -> None:
        """Write the changes as a CSV file; show an error if that fails."""
        header, rows = difference_rows(self._comparison, self._codes)
        try:
            content = csv_of(FigureTable(header, [tuple(row) for row in rows])).encode()
            with exits.saving(self, N_("Save changes of a frozen cohort"), path):
                whole_file.write(path, content)
        except KnownError as error:
            messages.error(self, error)

    def _ask_csv(self) -> None:
        file_name, _filter = QFileDialog.getSaveFileName(
            self,
            _("Save changes"),
            f"{self._comparison.frozen.name} changes.csv",
            _("CSV files (*.csv)"),
        )
        if file_name:
            self.save_csv(Path(file_name))

    def _use(self) -> None:
        self.is_selection_wanted = True
        self.accept()

    def _columns(self) -> tuple[Column[Difference], ...]:
        return (
            Column(_("Section"), lambda change: words(change.number.section)),
            Column(_("Number"), lambda change: title_of(change.number), stretch=True),
            Column(_("Change"), lambda change: _(change.kind.value), tone=_tone),
            Column(_("Was"), lambda change: change.was.text if change.was else "", tip=_was_tip),
            Column(_("Now"), lambda change: change.now.text if change.now else "", tip=_now_tip),
            Column(_("Added"), lambda change: self._codes_of(change.added), optional=True),
            Column(_("Removed"), lambda change: self._codes_of(change.removed), optional=True),
        )

    def _codes_of(self, ids: tuple[int, ...]) -> str:
        return ", ".join(self._codes.get(id_, _("deleted patient")) for id_ in ids)


def _tone(change: Difference) -> str:
    return "soft" if change.kind is ChangeKind.MEANING else "warn"


def _was_tip(change: Difference) -> str:
    return change.was.definition if change.was else ""


def _now_tip(change: Difference) -> str:
    return change.now.definition if change.now else ""
