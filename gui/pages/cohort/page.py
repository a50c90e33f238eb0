"""The Cohort place: the selection, the cards with its numbers, and the patients behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.actions import Actions
from gui.pages.cohort import cohort_counts, figure_files
from gui.pages.cohort.cards import Cards
from gui.pages.cohort.cohort_counts import CohortCounts, CohortRecords
from gui.pages.cohort.dialogs import PatientsDialog
from gui.pages.cohort.figures import PreparedFigure
from gui.pages.cohort.frozen import FrozenCohorts
from gui.pages.cohort.paragraph_card import edit_paragraph
from gui.pages.cohort.report import save_report
from gui.pages.cohort.selection_bar import OWN_STEPS, SelectionBar
from gui.session.background import Background, Job
from gui.session.session import Session
from gui.session.turns import Turns
from gui.style import theme
from gui.widgets import messages
from gui.widgets.card import PageHead, button
from gui.widgets.layout import column, label
from model.cohort.freeze import FROZEN_TABLE
from model.cohort.labels import count_title
from model.cohort.messages import translate
from model.errors import KnownError
from model.language import _
from model.store.step import Change

if TYPE_CHECKING:
    from model.cohort.lines import Reason, TableLine

_UNCOUNTED_TABLES = frozenset({FROZEN_TABLE})
"""Tables whose rows change none of the numbers."""

_ACTIONS_ON_COUNTS = ("cohort.freeze", "cohort.report", "cohort.paragraph")
_ACTIONS = ("cohort.filter", *_ACTIONS_ON_COUNTS)


class CohortPage(QWidget):
    """The page of the cohort.

    It counts off the GUI thread, when it is shown and records have changed. If several runs
    overlap, the result of the last one is shown. `patient_requested` carries the id of the patient
    to open.
    """

    patient_requested = Signal(object)

    def __init__(
        self,
        session: Session,
        background: Background,
        actions: Actions,
    ) -> None:
        super().__init__()
        self._session = session
        self._background = background
        self._records: CohortRecords | None = None
        self._actions = actions
        self._is_due = True
        self._is_counting = False
        self._are_counts_shown = False
        self.counts: CohortCounts | None = None
        self._turns = Turns(self)
        self.bar = SelectionBar(session)
        self.cards = Cards(background, self._turns)
        self.frozen_cohorts = FrozenCohorts(session, background, self.cards.frozen, self.bar)
        self._lay_out(actions)
        self._set_counts_shown(False)
        self.bar.changed.connect(self._count)
        self.bar.freeze_requested.connect(self.frozen_cohorts.ask_freeze)
        self.cards.opened.connect(self.open_number)
        self.cards.paragraph.edit_requested.connect(self.edit_paragraph)
        self.cards.patient_requested.connect(self.patient_requested)
        self.cards.patients_requested.connect(self.open_patients)
        session.changed.connect(self._follow)
        actions.bind("cohort.filter", self.bar.ask_filter)
        actions.bind("cohort.freeze", self.frozen_cohorts.ask_freeze)
        actions.bind("cohort.report", self.ask_report)
        actions.bind("cohort.paragraph", self.cards.paragraph.copy)
        actions.enable(False, *_ACTIONS)

    @property
    def is_filled(self) -> bool:
        """Whether every card shows the latest numbers."""
        return self.counts is not None and self._turns.is_done and not self._is_due

    def showEvent(self, event: QShowEvent) -> None:
        """Count again if records changed while the page was hidden."""
        super().showEvent(event)
        self._enable_actions()
        if self._is_due:
            self._count()

    def hideEvent(self, event: QHideEvent) -> None:
        """Disable the actions of the page while it is hidden."""
        super().hideEvent(event)
        self._enable_actions()

    def open_number(self, line: TableLine) -> None:
        """List the patients behind a number, and open the page of the one chosen there."""
        self._open(count_title(line), line.patients, line.why, translate(line.definition))

    def open_patients(self, patients: Sequence[int], title: str, why: Reason | None) -> None:
        """List the patients behind a mark of a figure, and open the page of the one chosen."""
        self._open(title, patients, why or (lambda _patient: ""), "")

    def _open(
        self, title: str, patients: Sequence[int], why: Callable[[int], str], definition: str
    ) -> None:
        codes: Mapping[int, str] = self.counts.codes if self.counts else {}
        patient_id = PatientsDialog(self, title, patients, codes, why, definition).ask()
        if patient_id is not None:
            self.patient_requested.emit(patient_id)

    def ask_report(self) -> None:
        """Ask for the options of the report and make it for the selection on the page."""
        if self.counts is not None:
            save_report(
                self.window(),
                self._session,
                self._background,
                self.counts.selection,
                self.counts.options,
            )

    def edit_paragraph(self) -> None:
        """Let the user edit the template of the paragraph, with a preview."""
        counts = self.counts
        if counts is not None:
            edit_paragraph(
                self.window(),
                self._session,
                lambda template: cohort_counts.preview_paragraph(counts, template),
            )

    def draw_figures(self) -> Iterator[str | tuple[str, bytes]]:
        """Yield the figures as files for an export, as `figure_files.draw` does."""
        waiting = _("Counting")
        if self._is_due:
            self._count()
        while self._is_counting or not self._turns.is_done:
            yield waiting
        if self.counts is not None and self.counts.patients:
            yield from figure_files.draw(tuple(self.cards.figures.values()))

    # Counting

    def _follow(self, change: Change) -> None:
        if change.tables <= _UNCOUNTED_TABLES:
            self.frozen_cohorts.reload()
            return
        if change.tables == {"setting"} and change.label in OWN_STEPS:
            return
        # A run that is under way has read the records as they were before the change.
        self._background.cancel(self)
        self._records, self._is_due, self._is_counting = None, True, False
        if self.isVisible():
            self._count()

    def _count(self) -> None:
        self._is_due = False
        self._is_counting = True
        # The cards still show another selection, which must not be copied or frozen as this one.
        self._turns.replace(())
        self._set_counts_shown(False)
        self.progress.setText(_("Counting…"))
        casebook, known_records = self._session.casebook, self._records
        selection, options = self.bar.selection, self.bar.options
        figure_kinds, chosen_keys = self.cards.figure_kinds, self.cards.chosen_keys

        def work(job: Job) -> tuple[CohortCounts, dict[str, PreparedFigure]]:
            def progress(activity: str) -> None:
                job.progress(0, 0, activity)

            records = known_records
            if records is None:
                with casebook.new_connection() as reader, reader.snapshot():
                    records = cohort_counts.load_cohort(reader, progress)
            counts = cohort_counts.count_cohort(records, selection, options, progress)
            if not counts.patients:
                return counts, {}
            progress(_("Counting for the figures…"))
            # While cards are filled, a worker that counts would slow down the GUI thread.
            return counts, {
                key: kind.prepare(counts, chosen_keys.get(key, {}))
                for key, kind in figure_kinds.items()
            }

        self._background.run(
            self,
            work,
            self._show_counts,
            self._failed,
            progress=lambda _done, _total, activity: self.progress.setText(activity),
            replaces="count",
        )

    def _show_counts(self, result: tuple[CohortCounts, dict[str, PreparedFigure]]) -> None:
        counts, prepared = result
        self._is_counting = False
        self.counts, self._records = counts, counts.records
        self.progress.setText("")
        self.state.setText(counts.summary())
        self.bar.offer(counts.choices)
        self._stack.setCurrentWidget(self._scroll if counts.patients else self._empty_page)
        if self.head.isAncestorOf(QApplication.focusWidget() or self.bar):
            # The user has not moved the focus yet, so keys should scroll the cards.
            self._scroll.setFocus()
        self._explain_empty_page(counts)
        # One card is filled per turn of the event loop, so that the window responds in between.
        self._turns.replace(self.cards.fillers(counts, prepared) if counts.patients else ())
        self._turns.add(
            lambda: self.frozen_cohorts.show_counts(counts),
            lambda: self._set_counts_shown(bool(counts.patients)),
        )

    def _set_counts_shown(self, are_shown: bool) -> None:
        """Allow copying, reporting and freezing only while all cards show the selection."""
        self._are_counts_shown = are_shown
        self.copy_button.setEnabled(are_shown and self.cards.paragraph.paragraph is not None)
        self.report_button.setEnabled(are_shown)
        self.cards.frozen.freeze_button.setEnabled(are_shown)
        self.bar.can_freeze = are_shown
        self._enable_actions()

    def _enable_actions(self) -> None:
        is_visible = self.isVisible()
        self._actions.enable(is_visible, "cohort.filter")
        self._actions.enable(is_visible and self._are_counts_shown, *_ACTIONS_ON_COUNTS)
        self._actions.enable(is_visible and self.copy_button.isEnabled(), "cohort.paragraph")

    def _failed(self, error: BaseException) -> None:
        self._is_counting, self._is_due = False, True
        self.progress.setText("")
        if not isinstance(error, KnownError):
            raise error
        messages.error(self, error)

    def _explain_empty_page(self, counts: CohortCounts) -> None:
        has_filters = bool(counts.selection.filters)
        is_empty = not counts.all_patients
        reason = (
            _("No patients yet. Add the first with Ctrl+N.")
            if is_empty
            else _("No patient matches these filters.\nRemove one, or clear them all.")
            if has_filters
            else _("Nothing was recorded up to the data cut-off.")
        )
        self._empty_label.setText(reason)
        self.clear_button.setVisible(has_filters and not is_empty)

    # Layout

    def _lay_out(self, actions: Actions) -> None:
        self.progress = label("", "soft")
        self.copy_button = button(_("Copy &paragraph"), on=self.cards.paragraph.copy)
        self.report_button = button(_("&Report PDF…"), on=self.ask_report)
        self.export_button = button(_("Export…"), "primary", on=actions["casebook.export"].trigger)
        self.head = PageHead(_("Cohort"))
        self.state = self.head.state
        self.head.add(self.progress, self.copy_button, self.report_button, self.export_button)
        content = QWidget()
        content.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        theme.set_kind(content, "plain")
        column(self.cards, 1, margins=(16, 0, 16, 14), of=content)
        self._scroll = QScrollArea()
        self._scroll.setWidget(content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._empty_page = QWidget()
        self._empty_label = label(_("Counting…"), "empty")
        self._empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.clear_button = button(_("&Clear filters"), on=self.bar.clear)
        self.clear_button.hide()
        empty_layout = QVBoxLayout(self._empty_page)
        empty_layout.addStretch(2)
        empty_layout.addWidget(self._empty_label)
        empty_layout.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignHCenter)
        empty_layout.addStretch(3)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty_page)
        self._stack.addWidget(self._scroll)
        bar = column(self.bar, margins=(16, 10, 16, 8))
        column(self.head, bar, (self._stack, 1), spacing=0, of=self)
        self.setFocusProxy(self._scroll)
