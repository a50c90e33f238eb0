"""The course as tables, for users who cannot see the plots, and for exact values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from gui.pages.patient.course import course_rows, cycle_rows
from gui.pages.patient.course.course_rows import EventRow, ResultRow
from gui.pages.patient.course.cycle_rows import DayRow, NadirRow
from gui.widgets import exits, messages
from gui.widgets.card import button, filter_chip
from gui.widgets.flow import Flow
from gui.widgets.layout import column, row
from gui.widgets.row_model import Column
from gui.widgets.row_table import RowTable
from model.cells import tab_separated
from model.course.course import Course
from model.derived.values import LatestValue
from model.language import N_, _


class CourseTables(QWidget):
    """Results, nadirs, cycles side by side, lanes and derived values, one table at a time.

    The open table stays open for the next patient. A table can be copied for a spreadsheet.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.results: RowTable[ResultRow] = RowTable(
            course_rows.RESULTS,
            name=_("Course: results of the chosen analytes"),
            empty=_("No results of the chosen analytes."),
            key=lambda result: result.key,
        )
        self.nadirs: RowTable[NadirRow] = RowTable(
            cycle_rows.NADIRS,
            name=_("Course: nadir of each cycle and recovery from it"),
            empty=_("No results after a cycle, so no nadir."),
            key=lambda row: row.key,
        )
        self.events: RowTable[EventRow] = RowTable(
            course_rows.EVENTS,
            name=_("Course: therapies, cycles, imaging and toxicities"),
            empty=_("Nothing is recorded yet."),
            key=lambda event: event.number,
        )
        self.derived: RowTable[LatestValue] = RowTable(
            cycle_rows.DERIVED,
            name=_("Course: derived values with formula and inputs"),
            empty=_("Nothing can be derived yet."),
            key=lambda value: value.key,
        )
        self.cycles = self._make_cycles_table(())
        self._cycle_numbers: tuple[int, ...] = ()
        self._stack = QStackedWidget()
        self.chips: list[QPushButton] = []
        for text, table in (
            (_("Results"), self.results),
            (_("Nadirs"), self.nadirs),
            (_("Cycles side by side"), self.cycles),
            (_("Lanes"), self.events),
            (_("Derived values"), self.derived),
        ):
            self._stack.addWidget(table)
            self.chips.append(self._chip(text, len(self.chips)))
        self.copy_button = button(_("Cop&y table"), "quiet")
        self.copy_button.setToolTip(_("All rows and titles, for a spreadsheet"))
        self.copy_button.clicked.connect(self.copy)
        chips = Flow()
        chips.fill(self.chips)
        top = row((chips, 1), self.copy_button, margins=(8, 6, 8, 6))
        for widget in (chips, self.copy_button):
            top.setAlignment(widget, Qt.AlignmentFlag.AlignVCenter)
        column(top, (self._stack, 1), spacing=0, of=self)
        self.open(0)

    def show_course(self, course: Course, analytes: Sequence[str]) -> None:
        """Show a course with the results of these analytes, by key."""
        self._show_cycles(course, analytes)
        self.events.show_records(course_rows.event_rows(course))
        self.results.show_records(course_rows.result_rows(course, analytes))
        self.nadirs.show_records(cycle_rows.nadir_rows(course, analytes))
        self.derived.show_records(list(course.derived))

    def open_table(self) -> RowTable[Any]:
        """Return the open table."""
        return self._tables()[self._stack.currentIndex()]

    def open(self, index: int) -> None:
        """Open a table by its index."""
        self.chips[index].setChecked(True)
        self._stack.setCurrentIndex(index)
        self.setFocusProxy(self.open_table())

    def copy(self) -> None:
        """Copy the open table to the clipboard, its cells separated by tabs."""
        table = self.open_table()
        exits.copy(self, N_("Copy table"), as_tsv(table.model.columns, table.records()))
        messages.notice(self, _("The table was copied to the clipboard."))

    def _tables(self) -> tuple[RowTable[Any], ...]:
        return self.results, self.nadirs, self.cycles, self.events, self.derived

    def _chip(self, text: str, index: int) -> QPushButton:
        chip = filter_chip(text, self)
        chip.setAutoExclusive(True)
        chip.setChecked(index == 0)
        chip.clicked.connect(lambda: self.open(index))
        return chip

    def _show_cycles(self, course: Course, analytes: Sequence[str]) -> None:
        """Fill the table of cycles, whose columns depend on the number of cycles."""
        numbers = tuple(cycle.number for cycle in course.cycles)
        if numbers != self._cycle_numbers:
            old_table, self._cycle_numbers = self.cycles, numbers
            index = self._stack.indexOf(old_table)
            is_open = self._stack.currentIndex() == index
            self.cycles = self._make_cycles_table(cycle_rows.day_columns(course))
            self._stack.insertWidget(index, self.cycles)
            self._stack.removeWidget(old_table)
            if is_open:
                self.open(index)
            old_table.deleteLater()
        self.cycles.show_records(cycle_rows.day_rows(course, analytes))

    def _make_cycles_table(self, columns: Sequence[Column[DayRow]]) -> RowTable[DayRow]:
        return RowTable(
            columns or [Column(_("Analyte"), lambda row: row.trend.name)],
            name=_("Course: results by day since infusion, cycles side by side"),
            empty=_("No cycle yet: nothing to align."),
            key=lambda row: (row.trend.analyte, row.day),
        )


def as_tsv(columns: Sequence[Column[Any]], records: Iterable[Any]) -> str:
    """Return records as tab-separated text: a line of titles, then one line per record.

    Empty columns without a title are omitted; no cell can run as a formula in a spreadsheet.
    """
    records = list(records)
    used = [column for column in columns if column.title or any(map(column.text, records))]
    lines = [[column.title for column in used]]
    lines += [[column.text(record) for column in used] for record in records]
    return tab_separated(lines) + "\n"
