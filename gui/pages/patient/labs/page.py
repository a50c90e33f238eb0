"""The Labs tab: a grid of results that is used by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QLabel, QTableView, QWidget

from gui.pages.patient.labs.grid import LabGridModel
from gui.pages.patient.record_forms import ask_labs, ask_record
from gui.pages.patient.tab import MARGINS, Tab
from gui.session.session import Session
from gui.style import theme
from gui.widgets.card import Card, button
from gui.widgets.key_filter import KeyFilter, is_plain
from gui.widgets.layout import column
from gui.widgets.row_table import ROW_HEIGHT
from gui.widgets.undo_notice import take_step
from model.dates import date_text
from model.language import N_, _
from model.records import labs, unit_system
from model.records.labs import LabResult
from model.records.patient_records import PatientRecords


class LabsPage(Tab):
    """A patient's results, newest day first: Enter or F2 edits a day, Delete removes a result."""

    listens_to = frozenset(
        (*("lab_result", "patient", "cycle", "administration"), "setting", "laboratory_limit")
    )

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.model = LabGridModel(self)
        self.view = QTableView()
        self._set_up_view()
        self.add_button = button(_("Enter lab results…"), "link")
        self.add_button.setToolTip(_("Ctrl+L or Insert"))
        self.add_button.clicked.connect(self.add_results)
        self._empty = QLabel(_("No lab results yet. Enter the first with Ctrl+L."))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_kind(self._empty, "empty")
        card = Card(_("Lab results"))
        card.body.setContentsMargins(1, 0, 1, 6)
        self.edit_button = button(_("Edit result…"), "link")
        self.edit_button.setToolTip(_("Fasting, visit and comment of the chosen result (Shift+F2)"))
        self.edit_button.clicked.connect(self.edit_result)
        self._edit_action = QAction(_("Edit result…"), self.view)
        self._edit_action.setShortcut(QKeySequence("Shift+F2"))
        self._edit_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._edit_action.triggered.connect(self.edit_result)
        self.view.addAction(self._edit_action)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.view.selectionModel().currentChanged.connect(self._offer_edit)
        card.add_action(self.edit_button)
        card.add_action(self.add_button)
        card.add(self.view, 1)
        card.add(self._empty, 1)
        column(card, margins=MARGINS, of=self)
        self.setFocusProxy(self.view)
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence(Qt.Key.Key_Insert), self, self.add_results, context=scope)
        self.view.doubleClicked.connect(self.edit_day)
        KeyFilter(self.view, self._action_of)

    def show_patient(self, records: PatientRecords | None) -> None:
        """Show a patient's results, or none; keep the chosen cell if the patient is the same."""
        index, previous = self.view.currentIndex(), self.records
        is_same = records is not None and previous is not None and records.id == previous.id
        row, column = (index.row(), index.column()) if is_same else (0, 1)
        super().show_patient(records)
        if records is None:
            self.model.show(())
        else:
            self.model.show(
                records.results,
                records.cycle_starts,
                records.patient.sex,
                unit_system.of_casebook(records.settings),
            )
        self.add_button.setEnabled(records is not None)
        self._show_parts()
        self._fit()
        last_row, last_column = self.model.rowCount() - 1, self.model.columnCount() - 1
        self.view.setCurrentIndex(
            self.model.index(min(max(row, 0), last_row), min(max(column, 1), last_column))
        )
        self._offer_edit()

    def show_saved(self, saved: object) -> None:
        """Choose the first cell of the day on which the saved results were taken."""
        results = saved if isinstance(saved, list) else [saved]
        days = {each.taken_on for each in results if isinstance(each, LabResult)}
        rows = [row for row, each in enumerate(self.model.samplings) if each.taken_on in days]
        if rows:
            column = max(self.view.currentIndex().column(), 1)
            self.view.setCurrentIndex(self.model.index(rows[0], column))
        super().show_saved(saved)

    def add_results(self) -> None:
        """Enter the results of another day."""
        self._ask(None)

    def edit_day(self) -> None:
        """Edit the results of the chosen cell's day."""
        index = self.view.currentIndex()
        if index.isValid():
            self._ask(self.model.samplings[index.row()].taken_on)

    def edit_result(self) -> None:
        """Edit only the chosen cell's result, with fasting, visit and comment."""
        result = self.model.result(self.view.currentIndex())
        if result is not None:
            ask_record(LabResult, self, self.session, result.patient_id, result)
            self.setFocus()

    def delete_result(self) -> None:
        """Move the chosen cell's result to the bin, and offer to undo it."""
        result = self.model.result(self.view.currentIndex())
        if result is None:
            return
        notice = _("{analyte} of {date} was deleted.").format(
            analyte=labs.label(result.analyte), date=date_text(result.taken_on)
        )
        label = N_("Delete lab result")
        take_step(
            self,
            self.session,
            label,
            lambda step: labs.remove(step, result),
            notice,
            opened=(result,),
        )

    def _action_of(self, event: QKeyEvent) -> Callable[[], None] | None:
        match event.key() if is_plain(event) else None:
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_F2:
                return self.edit_day
            case Qt.Key.Key_Delete:
                return self.delete_result
        return None

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setAccessibleName(_("Lab results, dates down, analytes across"))
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setShowGrid(False)
        view.setTabKeyNavigation(False)
        view.setFont(theme.figures(view.font()))
        view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        view.verticalHeader().setFont(theme.figures(view.font()))
        for header in (view.horizontalHeader(), view.verticalHeader()):
            header.setHighlightSections(False)
            header.setSectionsClickable(False)

    def _offer_edit(self) -> None:
        has_result = self.model.result(self.view.currentIndex()) is not None
        self.edit_button.setEnabled(has_result)
        self._edit_action.setEnabled(has_result)

    def _show_parts(self) -> None:
        """Show the table, or what to do first; keep the keyboard on the visible part."""
        has_rows = bool(self.model.samplings)
        shown_part: QWidget = self.view
        hidden_part: QWidget = self.add_button
        if not has_rows:
            shown_part, hidden_part = hidden_part, shown_part
        has_keyboard = self.view.isHidden() == has_rows and hidden_part.hasFocus()
        if has_rows:
            self._empty.hide()
            self.view.show()
        self.setFocusProxy(shown_part)
        if has_keyboard:
            # When a widget with the keyboard is hidden, Qt moves the keyboard out of the page.
            shown_part.setFocus()
        if not has_rows:
            self.view.hide()
            self._empty.show()

    def _fit(self) -> None:
        header = self.view.horizontalHeader()
        for section in range(self.model.columnCount()):
            width = max(self.view.sizeHintForColumn(section), header.sectionSizeHint(section))
            header.resizeSection(section, width + 4)

    def _ask(self, taken_on: date | None) -> None:
        if self.records is not None:
            ask_labs(self, self.session, self.records.id, taken_on)
            self.setFocus()
