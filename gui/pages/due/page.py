"""The Due page: what is due for all patients by the casebook's schedule."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QStackedWidget, QWidget

from gui.pages.due.due_columns import due_columns, due_html
from gui.pages.due.filters import ALL, MONTH, OVERDUE, WEEK, DueFilters
from gui.reports import printing
from gui.session.background import Background, Job
from gui.session.day import DayWatch
from gui.session.session import Session
from gui.widgets import exits, messages
from gui.widgets.card import Card, PageHead, button
from gui.widgets.layout import column
from gui.widgets.row_table import RowTable
from model.due import items as due
from model.due.facts import DUE_TABLES
from model.due.items import WEEK_DAYS, DueItem, DueState
from model.errors import KnownError
from model.exchange import due_list
from model.language import N_, _
from model.records import patients
from model.store.step import Change


class DuePage(QWidget):
    """The list of due items, which is computed off the GUI thread when the page is shown.

    `patient_requested` emits the id of the patient to open; `schedule_requested` asks to show the
    schedule in the settings.
    """

    patient_requested = Signal(object)
    schedule_requested = Signal()

    def __init__(
        self,
        session: Session,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self._days = DayWatch(session.today, self)
        self._items: tuple[DueItem, ...] | None = None
        self._has_patients = True
        self._is_stale = True
        self._problem = ""
        self.csv_button = button(_("&Save as CSV…"))
        self.print_button = button(_("&Print…"), "primary")
        head = PageHead(_("Due"))
        head.add(self.csv_button, self.print_button)
        self.state = head.state
        self.filters = DueFilters()
        self._tables = {by_patient: self._create_table(by_patient) for by_patient in (False, True)}
        self._stack = QStackedWidget()
        for table in self._tables.values():
            self._stack.addWidget(table)
        self.schedule_button = button(_("Sc&hedule…"), "quiet")
        card = Card(_("By the casebook's schedule"))
        card.add_action(self.schedule_button)
        card.body.setContentsMargins(1, 0, 1, 6)
        card.add(self._stack, 1)
        middle = column(self.filters, (card, 1), spacing=12, margins=(16, 12, 16, 14))
        column(head, (middle, 1), spacing=0, of=self)
        self.filters.changed.connect(self._show_items)
        self.filters.moved.connect(self._move_in_list)
        self.filters.entered.connect(self._open_first)
        self.csv_button.clicked.connect(self.ask_csv)
        self.print_button.clicked.connect(self.print_list)
        self.schedule_button.clicked.connect(self.schedule_requested)
        self._days.changed.connect(self._refresh)
        session.changed.connect(self._on_change)
        self._show_items()

    @property
    def table(self) -> RowTable[DueItem]:
        """The visible table: by date, or by patient."""
        return self._tables[self.filters.is_by_patient]

    def showEvent(self, event: QShowEvent) -> None:
        """Update the list if the casebook or the date has changed while the page was hidden."""
        super().showEvent(event)
        self._days.look()
        if self._is_stale:
            self._load()

    def ask_csv(self) -> None:
        """Ask for a file name, and save the visible list."""
        name = f"due {self._days.day.isoformat()}.csv"
        chosen, _kind = QFileDialog.getSaveFileName(
            self,
            _("Save what is due"),
            str(self._session.casebook.path.parent / name),
            _("CSV files (*.csv)"),
        )
        if chosen:
            self.save_csv(Path(chosen))

    def save_csv(self, path: Path) -> None:
        """Save the visible list as CSV, and add an entry to the journal."""
        items = self.table.records()
        try:
            with exits.saving(self, N_("Export due list"), path, {"rows": len(items)}):
                due_list.write(path, items)
        except KnownError as error:
            messages.error(self, error)
            return
        messages.notice(self, _("“{name}” was saved.").format(name=path.name))

    def print_list(self) -> None:
        """Print the visible list."""
        title = self.filters.title()
        html = due_html(self.table.records(), by_patient=self.filters.is_by_patient)
        head_and_foot = printing.casebook_head_and_foot(
            self._session.casebook, title, self._days.day
        )
        try:
            if printing.print_document(self, printing.document_of(html), head_and_foot):
                exits.log(self, N_("Print due list"), {"rows": len(self.table.records())})
        except KnownError as error:
            messages.error(self, error)

    def _on_change(self, change: Change) -> None:
        if change.tables & DUE_TABLES:
            self._refresh()

    def _refresh(self) -> None:
        self._is_stale = True
        if self.isVisible():
            self._load()

    def _load(self) -> None:
        self._is_stale = False
        casebook, today = self._session.casebook, self._days.day

        def work(_job: Job) -> tuple[tuple[DueItem, ...], bool]:
            with casebook.new_connection() as reader, reader.snapshot():
                items = due.of_casebook(reader, today)
                return items, bool(items) or bool(patients.all_patients(reader))

        self._background.run(self, work, self._show_result, self._show_problem, replaces="due")

    def _show_result(self, result: tuple[tuple[DueItem, ...], bool]) -> None:
        self._items, self._has_patients = result
        self._problem = ""
        self._show_items()

    def _show_problem(self, error: BaseException) -> None:
        if not isinstance(error, KnownError):
            raise error
        self._items, self._problem = (), str(error)
        self._show_items()

    def _show_items(self) -> None:
        """Show the items that pass the filters."""
        items = self.filters.filter_items(self._items or ())
        self._stack.setCurrentWidget(self.table)
        self.setFocusProxy(self.table)
        self.table.set_empty_text(self._empty_text())
        self.table.show_records(items)
        self.state.setText(self._state_text())
        for each in (self.csv_button, self.print_button):
            each.setEnabled(bool(items))

    def _state_text(self) -> str:
        this_week = [item for item in self._items or () if item.days <= WEEK_DAYS]
        overdue = sum(item.state is DueState.OVERDUE for item in this_week)
        if not self._items:
            return ""
        return _("· {overdue} overdue, {due} due this week").format(
            overdue=overdue, due=len(this_week) - overdue
        )

    def _empty_text(self) -> str:
        if self._items is None:
            return _("Looking up what is due…")
        if self._problem:
            return self._problem
        if not self._has_patients:
            return _("No patients yet. Add the first with Ctrl+N.")
        if not self._items:
            return _(
                "Nothing is due by the schedule.\n"
                "Due dates are counted from cycles and from the last contact of patients who are"
                " alive."
            )
        if self.filters.text:
            return _("Nothing due matches “{text}”.").format(text=self.filters.text)
        return {
            OVERDUE: _("Nothing is overdue."),
            WEEK: _("Nothing is due this week."),
            MONTH: _("Nothing is due in the next 4 weeks."),
            ALL: "",
        }[self.filters.period]

    def _move_in_list(self, event: QKeyEvent) -> None:
        QApplication.sendEvent(self.table.view, event)

    def _open_first(self) -> None:
        """Open the patient of the chosen row, or of the first."""
        item = self.table.chosen() or next(iter(self.table.records()), None)
        if item is not None:
            self._open(item)

    def _open(self, item: DueItem) -> None:
        self.patient_requested.emit(item.patient_id)

    def _create_table(self, by_patient: bool) -> RowTable[DueItem]:
        table: RowTable[DueItem] = RowTable(
            due_columns(by_patient=by_patient),
            name=_("What is due, by patient") if by_patient else _("What is due"),
            key=lambda item: item.key,
        )
        table.activated.connect(self._open)
        return table
