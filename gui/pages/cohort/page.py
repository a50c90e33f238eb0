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
from gui.pages.cohort import counted as counting
from gui.pages.cohort import figure_files
from gui.pages.cohort.cards import Cards
from gui.pages.cohort.counted import Counted, Loaded
from gui.pages.cohort.dialogs import PatientsDialog
from gui.pages.cohort.figures import Ready
from gui.pages.cohort.frozen import Freezing
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
from model.language import _, ngettext
from model.rounding import group_thousands
from model.store.step import Change

if TYPE_CHECKING:
    from model.cohort.lines import Reason, TableLine

_UNCOUNTED = frozenset({FROZEN_TABLE})
"""Tables that no number is counted from."""
_OF_THE_COUNTED = ("cohort.freeze", "cohort.report", "cohort.paragraph")
_OF_THE_PLACE = ("cohort.filter", *_OF_THE_COUNTED)


class CohortPage(QWidget):
    """Counts off the GUI thread when it is shown and records have changed; the last result wins.

    `patient_requested` carries the id of the patient to open.
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
        self._loaded: Loaded | None = None
        self._actions = actions
        self._is_due = True
        self._is_counting = False
        self._is_offered = False
        self.counted: Counted | None = None
        self._turns = Turns(self)
        self.bar = SelectionBar(session)
        self.cards = Cards(background, self._turns)
        self.freezing = Freezing(session, background, self.cards.frozen, self.bar)
        self._lay_out(actions)
        self._offer(False)
        self.bar.changed.connect(self._count)
        self.bar.freeze_requested.connect(self.freezing.ask_freeze)
        self.cards.opened.connect(self.open_number)
        self.cards.paragraph.edit_requested.connect(self.edit_paragraph)
        self.cards.patient_requested.connect(self.patient_requested)
        self.cards.patients_requested.connect(self.open_patients)
        session.changed.connect(self._follow)
        actions.bind("cohort.filter", self.bar.ask_filter)
        actions.bind("cohort.freeze", self.freezing.ask_freeze)
        actions.bind("cohort.report", self.ask_report)
        actions.bind("cohort.paragraph", self.cards.paragraph.copy)
        actions.enable(False, *_OF_THE_PLACE)

    @property
    def is_filled(self) -> bool:
        """Whether every card shows what was counted."""
        return self.counted is not None and self._turns.is_done and not self._is_due

    def showEvent(self, event: QShowEvent) -> None:
        """Count again if records changed while the page was hidden."""
        super().showEvent(event)
        self._enable()
        if self._is_due:
            self._count()

    def hideEvent(self, event: QHideEvent) -> None:
        """Disable its actions while it is hidden."""
        super().hideEvent(event)
        self._enable()

    def open_number(self, line: TableLine) -> None:
        """Show the patients behind a number, and open the one chosen there."""
        self._open(count_title(line), line.patients, line.why, translate(line.definition))

    def open_patients(self, patients: Sequence[int], words: str, why: Reason | None) -> None:
        """Show the patients behind a mark of a figure, and open the one chosen there."""
        self._open(words, patients, why or (lambda _patient: ""), "")

    def _open(
        self, title: str, patients: Sequence[int], why: Callable[[int], str], definition: str
    ) -> None:
        codes: Mapping[int, str] = self.counted.codes if self.counted else {}
        chosen = PatientsDialog(self, title, patients, codes, why, definition).ask()
        if chosen is not None:
            self.patient_requested.emit(chosen)

    def ask_report(self) -> None:
        """Ask for the report's options and make it from what the page shows."""
        counted = self.counted
        if counted is not None:
            save_report(
                self.window(),
                self._session,
                self._background,
                counted.selection,
                counted.options,
            )

    def edit_paragraph(self) -> None:
        """Let the user edit the template of the paragraph, with a preview."""
        counted = self.counted
        if counted is not None:
            edit_paragraph(
                self.window(),
                self._session,
                lambda template: counting.preview(counted, template),
            )

    def draw_figures(self) -> Iterator[str | tuple[str, bytes]]:
        """Yield the figures as files, for an export: see `figure_files.draw`."""
        waiting = _("Counting")
        if self._is_due:
            self._count()
        while self._is_counting or not self._turns.is_done:
            yield waiting
        if self.counted is not None and self.counted.patients:
            yield from figure_files.draw(tuple(self.cards.figures.values()))

    # Counting

    def _follow(self, change: Change) -> None:
        if change.tables <= _UNCOUNTED:
            self.freezing.follow()
            return
        if change.tables == {"setting"} and change.label in OWN_STEPS:
            return
        # What is being counted is from the records before the change.
        self._background.cancel(self)
        self._loaded, self._is_due, self._is_counting = None, True, False
        if self.isVisible():
            self._count()

    def _count(self) -> None:
        self._is_due = False
        self._is_counting = True
        # What is still visible is from another selection: it must not be copied or frozen.
        self._turns.replace(())
        self._offer(False)
        self.progress.setText(_("Counting…"))
        casebook, loaded = self._session.casebook, self._loaded
        selection, options = self.bar.selection, self.bar.options
        kinds, chosen = self.cards.kinds, self.cards.chosen

        def work(job: Job) -> tuple[Counted, dict[str, Ready]]:
            def progress(doing: str) -> None:
                job.progress(0, 0, doing)

            records = loaded
            if records is None:
                with casebook.new_connection() as own, own.snapshot():
                    records = counting.loaded(own, progress)
            counted = counting.counted(records, selection, options, progress)
            if not counted.patients:
                return counted, {}
            progress(_("Counting for the figures…"))
            # Here, not while cards are filled, when the GUI thread needs Python for itself.
            return counted, {key: kinds[key].ready(counted, chosen.get(key, {})) for key in kinds}

        self._background.run(
            self,
            work,
            self._show_counted,
            self._failed,
            progress=lambda _done, _total, doing: self.progress.setText(doing),
            replaces="count",
        )

    def _show_counted(self, result: tuple[Counted, dict[str, Ready]]) -> None:
        counted, ready = result
        self._is_counting = False
        self.counted, self._loaded = counted, counted.loaded
        self.progress.setText("")
        self.state.setText(self._summary(counted))
        self.bar.offer(counted.choices)
        self._stack.setCurrentWidget(self._scroll if counted.patients else self._nothing)
        if self.head.isAncestorOf(QApplication.focusWidget() or self.bar):
            # The focus has not been moved yet: let the keys scroll the cards.
            self._scroll.setFocus()
        self._show_why_empty(counted)
        # One card each turn of the event loop: the window responds in between.
        self._turns.replace(self.cards.fillers(counted, ready) if counted.patients else ())
        self._turns.add(
            lambda: self.freezing.show_counted(counted),
            lambda: self._offer(bool(counted.patients)),
        )

    def _offer(self, offered: bool) -> None:
        self._is_offered = offered
        self.copy_button.setEnabled(offered and self.cards.paragraph.paragraph is not None)
        self.report_button.setEnabled(offered)
        self.cards.frozen.freeze_button.setEnabled(offered)
        self.bar.can_freeze = offered
        self._enable()

    def _enable(self) -> None:
        is_here = self.isVisible()
        self._actions.enable(is_here, "cohort.filter")
        self._actions.enable(is_here and self._is_offered, *_OF_THE_COUNTED)
        self._actions.enable(is_here and self.copy_button.isEnabled(), "cohort.paragraph")

    def _failed(self, error: BaseException) -> None:
        self._is_counting, self._is_due = False, True
        self.progress.setText("")
        if not isinstance(error, KnownError):
            raise error
        messages.error(self, error)

    def _summary(self, counted: Counted) -> str:
        """Return how many patients and cycles there are, and of which modality."""
        chosen, everyone = counted.patients, counted.all_patients
        if chosen != everyone:
            patients = ngettext("{chosen} of {n} patient", "{chosen} of {n} patients", everyone)
        else:
            patients = ngettext("{n} patient", "{n} patients", everyone)
        patients = patients.format(chosen=chosen, n=group_thousands(everyone))
        cycles = counted.number("exposure", "cycles")
        if not cycles:
            return f"· {patients}"
        treatments = ngettext(
            "{n} cycle ({monotherapy} monotherapy, {tandem} tandem)",
            "{n} cycles ({monotherapy} monotherapy, {tandem} tandem)",
            cycles,
        ).format(
            n=group_thousands(cycles),
            monotherapy=counted.number("exposure", "modality", "monotherapy"),
            tandem=counted.number("exposure", "modality", "tandem"),
        )
        return f"· {patients} · {treatments}"

    def _show_why_empty(self, counted: Counted) -> None:
        has_filters = bool(counted.selection.filters)
        is_empty = not counted.all_patients
        words = (
            _("No patients yet. Add the first with Ctrl+N.")
            if is_empty
            else _("No patient matches these filters.\nRemove one, or clear them all.")
            if has_filters
            else _("Nothing was recorded up to the data cut-off.")
        )
        self._nothing_words.setText(words)
        self.clear_button.setVisible(has_filters and not is_empty)

    # Looks

    def _lay_out(self, actions: Actions) -> None:
        self.progress = label("", "soft")
        self.copy_button = button(_("Copy &paragraph"), on=self.cards.paragraph.copy)
        self.report_button = button(_("&Report PDF…"), on=self.ask_report)
        self.export_button = button(_("Export…"), "primary", on=actions["casebook.export"].trigger)
        self.head = PageHead(_("Cohort"))
        self.state = self.head.state
        self.head.add(self.progress, self.copy_button, self.report_button, self.export_button)
        inside = QWidget()
        inside.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        theme.set_kind(inside, "plain")
        column(self.cards, 1, margins=(16, 0, 16, 14), of=inside)
        self._scroll = QScrollArea()
        self._scroll.setWidget(inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = QWidget()
        self._nothing_words = label(_("Counting…"), "empty")
        self._nothing_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.clear_button = button(_("&Clear filters"), on=self.bar.clear)
        self.clear_button.hide()
        nothing = QVBoxLayout(self._nothing)
        nothing.addStretch(2)
        nothing.addWidget(self._nothing_words)
        nothing.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignHCenter)
        nothing.addStretch(3)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._scroll)
        bar = column(self.bar, margins=(16, 10, 16, 8))
        column(self.head, bar, (self._stack, 1), spacing=0, of=self)
        self.setFocusProxy(self._scroll)
