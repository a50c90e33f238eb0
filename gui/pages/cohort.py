"""The Cohort: the numbers of the summary as they stand, and their export."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui import messages, theme
from gui.actions import Actions
from gui.background import Background, Job
from gui.card import Card, button, filter_chip
from gui.flow import Flow
from gui.row_table import RIGHT, Column, RowTable
from gui.session import Session
from gui.words import count_text, number_text, words
from model.errors import KnownError
from model.step import Change

if TYPE_CHECKING:
    from model.cohort.lines import Line


class CohortPage(QWidget):
    """The summary of all patients by section; counted off the GUI thread when it is shown."""

    def __init__(
        self,
        session: Session,
        background: Background,
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self._lines: list[Line] = []
        self._is_due = True
        title = QLabel(self.tr("Cohort"))
        theme.set_kind(title, "title")
        self._state = QLabel()
        theme.set_kind(self._state, "soft")
        self.export_button = button(self.tr("Export…"), "primary")
        self.export_button.clicked.connect(actions["casebook.export"].trigger)
        head = QFrame()
        theme.set_kind(head, "header")
        row = QHBoxLayout(head)
        row.setContentsMargins(22, 14, 18, 14)
        row.setSpacing(12)
        row.addWidget(title)
        row.addWidget(self._state, 1)
        row.addWidget(self.export_button)
        self._chips = Flow(gap=6, line_gap=6)
        self._section = ""
        self.table: RowTable[Line] = RowTable(
            self._columns(),
            name=self.tr("Numbers of the cohort"),
            empty=self.tr("Counting…"),
            key=lambda line: (line.section, line.measure, line.level),
        )
        card = Card(self.tr("Summary"))
        card.body.setContentsMargins(1, 0, 1, 6)
        card.add(self.table, 1)
        middle = QVBoxLayout()
        middle.setContentsMargins(16, 12, 16, 14)
        middle.setSpacing(12)
        middle.addWidget(self._chips)
        middle.addWidget(card, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addLayout(middle, 1)
        self.setFocusProxy(self.table)
        session.changed.connect(self._follow)

    def showEvent(self, event: QShowEvent) -> None:
        """Count anew what has changed while the page was out of sight."""
        super().showEvent(event)
        if self._is_due:
            self._count()

    def _follow(self, _change: Change) -> None:
        self._is_due = True
        if self.isVisible():
            self._count()

    def _count(self) -> None:
        self._is_due = False
        self.table.set_empty_text(self.tr("Counting…"))
        casebook = self._session.casebook

        def work(_job: Job) -> list[Line]:
            from model.exchange.summary import summary

            with casebook.another() as own:
                return summary(own)

        self._background.run(self, work, self._show_lines, self._failed, replaces="count")

    def _show_lines(self, lines: list[Line]) -> None:
        self._lines = lines
        sections = list(dict.fromkeys(line.section for line in lines))
        self.table.set_empty_text(self.tr("No patients yet, so nothing can be counted."))
        self._state.setText(self._words(lines))
        if self._section not in sections:
            self._section = sections[0] if sections else ""
        chips: list[QWidget] = []
        for section in sections:
            chip = filter_chip(section[:1].upper() + section[1:], self)
            chip.setAutoExclusive(True)
            chip.setChecked(section == self._section)
            chip.clicked.connect(self._opener(section))
            chips.append(chip)
        self._chips.fill(chips)
        self._show_section()

    def _words(self, lines: list[Line]) -> str:
        """How many patients there are, and how many were treated."""
        counts = {line.measure: line.n or 0 for line in lines if line.unit == "patients"}
        patients = count_text(counts.get("patients", 0), "patient", "patients")
        treated = counts.get("patients treated", 0)
        return self.tr("· %s, %d treated") % (patients, treated)

    def _opener(self, section: str) -> Callable[[], None]:
        def open_section() -> None:
            self._section = section
            self._show_section()

        return open_section

    def _show_section(self) -> None:
        self.table.show_records([line for line in self._lines if line.section == self._section])

    def _failed(self, error: BaseException) -> None:
        self._state.setText("")
        if not isinstance(error, KnownError):
            raise error
        messages.error(self, error)

    def _columns(self) -> tuple[Column[Line], ...]:
        return (
            Column(self.tr("Measure"), lambda line: words(line.measure)),
            Column(self.tr("Level"), lambda line: words(line.level)),
            Column("n", lambda line: number_text(line.n), lambda line: line.n, align=RIGHT),
            Column(self.tr("of"), lambda line: number_text(line.of), align=RIGHT),
            Column("%", _percent, lambda line: line.percent, align=RIGHT),
            Column(
                self.tr("Estimate"),
                lambda line: number_text(line.estimate),
                lambda line: line.estimate,
                align=RIGHT,
            ),
            Column(self.tr("Unit"), lambda line: line.unit, tone=lambda _line: "soft"),
            Column(
                self.tr("Meaning"),
                lambda line: line.definition,
                tone=lambda _line: "soft",
                stretch=True,
            ),
        )


def _percent(line: Line) -> str:
    return "" if line.percent is None else f"{line.percent:.1f}"
