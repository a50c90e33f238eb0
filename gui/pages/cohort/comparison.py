"""A frozen cohort compared with today's numbers: what has changed line by line, and who."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from gui.style import theme
from gui.widgets import messages
from gui.widgets.card import Card, button
from gui.widgets.row_table import Column, RowTable
from gui.words import words
from model import whole_file
from model.cohort import freeze
from model.cohort.figures.table import FigureTable, csv_of
from model.cohort.freeze import Comparison, Difference, Kind
from model.cohort.labels import title_of
from model.errors import KnownError
from model.language import _

SIZE = QSize(1060, 600)


class ComparisonDialog(QDialog):
    """`ComparisonDialog.ask(parent, comparison, codes)` returns whether to use its selection."""

    def __init__(
        self, parent: QWidget | None, comparison: Comparison, codes: Mapping[int, str]
    ) -> None:
        super().__init__(parent)
        self._comparison, self._codes = comparison, codes
        frozen = comparison.frozen
        self.use_selection = False
        self.setWindowTitle(frozen.name)
        self.setModal(True)
        title = QLabel(frozen.name)
        title.setWordWrap(True)
        title.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_kind(title, "title")
        self.sentence = QLabel(comparison.sentence())
        self.sentence.setWordWrap(True)
        theme.set_kind(self.sentence, "strong" if comparison.holds else "remark")
        about = QLabel(
            _("Frozen {time} (UTC) · {cohort}.\nSHA-256 {hash}").format(
                time=frozen.frozen_at[:16].replace("T", " "),
                cohort=frozen.sentence,
                hash=frozen.sha256,
            )
        )
        about.setWordWrap(True)
        about.setTextFormat(Qt.TextFormat.PlainText)
        about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.set_kind(about, "hint")
        self.table: RowTable[Difference] = RowTable(
            self._columns(),
            name=_("Changes"),
            empty=_("No number has changed, nor the patients behind it."),
            key=lambda one: one.number.key,
        )
        card = Card(_("Changes since it was frozen"))
        card.body.setContentsMargins(1, 0, 1, 6)
        card.add(self.table, 1)
        self.use_button = button(_("&Use this selection"))
        self.csv_button = button(_("&Save as CSV…"))
        self.close_button = button(_("Close"), "primary")
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addWidget(self.use_button)
        buttons.addStretch(1)
        buttons.addWidget(self.csv_button)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(10)
        for widget in (title, self.sentence, about):
            layout.addWidget(widget)
        layout.addWidget(card, 1)
        layout.addLayout(buttons)
        self.table.show_records(list(comparison.differences))
        self.csv_button.setEnabled(bool(comparison.differences))
        self.use_button.clicked.connect(self._use)
        self.csv_button.clicked.connect(self._ask_csv)
        self.close_button.clicked.connect(self.reject)
        self.table.setFocus()
        room = parent.window().size() - QSize(40, 40) if parent else SIZE
        self.resize(SIZE.boundedTo(room))

    @classmethod
    def ask(cls, parent: QWidget, comparison: Comparison, codes: Mapping[int, str]) -> bool:
        """Show the dialog until it is closed; return whether to use the selection."""
        dialog = cls(parent, comparison, codes)
        try:
            dialog.exec()
            return dialog.use_selection
        finally:
            dialog.deleteLater()

    def save_csv(self, path: Path) -> None:
        """Write the changes as a CSV file; show an error if that fails."""
        header, rows = freeze.rows(self._comparison, self._codes)
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
            Column(_("Number"), _number_text, stretch=True),
            Column(_("Change"), lambda one: one.kind.value, tone=_tone),
            Column(_("Was"), lambda one: one.was.text if one.was else "", tip=_was_tip),
            Column(_("Now"), lambda one: one.now.text if one.now else "", tip=_now_tip),
            Column(_("Added"), lambda one: self._names(one.came), optional=True),
            Column(_("Removed"), lambda one: self._names(one.left), optional=True),
        )

    def _names(self, ids: tuple[int, ...]) -> str:
        return ", ".join(self._codes.get(one, _("deleted patient")) for one in ids)


def _number_text(one: Difference) -> str:
    return title_of(one.number)


def _tone(one: Difference) -> str:
    return "soft" if one.kind is Kind.MEANING else "warn"


def _was_tip(one: Difference) -> str:
    return one.was.definition if one.was else ""


def _now_tip(one: Difference) -> str:
    return one.now.definition if one.now else ""
