"""The Patients place: the list of patients, and the page of the chosen one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from gui.actions import Actions
from gui.pages.patients.list import PatientList
from gui.pages.patients.page import PatientPage, PatientTab
from gui.session.background import Background, Job
from gui.session.day import DayWatch
from gui.session.preferences import Layout, layout_of, remember_layout
from gui.session.session import Session
from gui.style import theme
from gui.widgets import messages
from gui.widgets.card import button
from gui.widgets.undo_notice import take_step
from model.derived.profile import on_treatment
from model.due import items as due
from model.due.facts import DUE_TABLES
from model.due.items import DueItem
from model.errors import KnownError
from model.language import N_, _
from model.records import patients, whole_patient
from model.store.step import Change

LIST_WIDTHS = (288, 348)
_LISTED = frozenset(
    ("patient", "identity", "biopsy", "cycle", "toxicity", "follow_up", "assessment")
)


class PatientsPage(QSplitter):
    """List and page side by side.

    Moving quickly through the list opens only the last patient: the page follows once the pending
    keys have been handled. The first page follows when the plots have been imported.
    """

    def __init__(
        self,
        session: Session,
        actions: Actions,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._session = session
        self._background = background
        self._days = DayWatch(session.today, self)
        self._due: dict[int, DueItem] = {}
        self._stale: frozenset[int] | None = frozenset()
        self._split = False
        self.list = PatientList()
        self.page = PatientPage(session, actions, background)
        self.list.setMinimumWidth(240)
        self.page.setMinimumWidth(480)
        self._no_patient = _NoPatient(actions["patient.new"].trigger)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._no_patient)
        self._stack.addWidget(self.page)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._open_soon)
        self._has_plots = False
        self.addWidget(self.list)
        self.addWidget(self._stack)
        self.setStretchFactor(1, 1)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.splitterMoved.connect(self._remember_split)
        self.list.chosen.connect(lambda _id: self._soon.start())
        self.list.entered.connect(self._enter)
        self.list.delete_requested.connect(self.ask_delete)
        session.changed.connect(self._follow)
        self._days.changed.connect(self._turn_page)
        self._refresh()
        self._find_due(None)

    def showEvent(self, event: QShowEvent) -> None:
        """Divide the width as it was left the last time, or by the width of the window."""
        if not self._split:
            self._split = True
            state = layout_of(Layout.PATIENTS)
            if state is None or not self.restoreState(state):
                narrow, wide = LIST_WIDTHS
                width = min(max(self.width() // 4, narrow), wide)
                self.setSizes([width, self.width() - width])
        super().showEvent(event)

    def _remember_split(self) -> None:
        remember_layout(Layout.PATIENTS, self.saveState())

    def open_patient(self, patient_id: int) -> None:
        """Choose a patient and open the page at once."""
        self.list.choose(patient_id)
        self._open_chosen()

    def begin(self) -> None:
        """Import the plots off the GUI thread, while the list can be used, and open the page."""

        def work(_job: Job) -> object:
            from gui.pages.patient.course.page import CoursePage
            from gui.plots.course.course_plot import CoursePlot

            return CoursePage, CoursePlot

        self._background.run(self, work, self._begin_page)

    def resume(self, patient_id: int, tab: int) -> None:
        """Choose a patient and a tab, to be opened once the list has been painted."""
        self.page.tabs.setCurrentIndex(tab)
        self.list.choose(patient_id)

    def leave(self) -> None:
        """Stop opening pages: the casebook is about to be closed."""
        self._soon.stop()
        self._session.changed.disconnect(self._follow)
        self.page.patient.leave()

    def patient_id(self) -> int | None:
        """Return the patient whose page is open; a pending page is opened first."""
        if self.list.chosen_id() != self.page.patient_id:
            self._open_chosen()
        return self.page.patient_id if self._stack.currentWidget() is self.page else None

    def start(self) -> None:
        """Bring the keyboard into the list, or to the button that adds the first patient."""
        if self.list.matching(""):
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._no_patient.add_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_delete(self, patient_id: int) -> None:
        """Ask whether to delete a patient with all records, and do so."""
        patient = patients.find(self._session.casebook, patient_id)
        if patient is None or not messages.ask(
            self,
            _("Delete patient {code} and all their records?").format(code=patient.code),
            _("Delete patient"),
            _("Keep"),
            detail=_("Undo brings everything back."),
            danger=True,
        ):
            return
        take_step(
            self,
            self._session,
            N_("Delete patient"),
            lambda step: whole_patient.remove_patient(step, patient),
            _("Patient {code} was deleted.").format(code=patient.code),
            undone=lambda: self.open_patient(patient_id),
        )

    def _follow(self, change: Change) -> None:
        if change.tables & _LISTED:
            self._refresh()
        if change.tables & DUE_TABLES:
            self._find_due(None if change.concerns_all else change.patients)

    def _turn_page(self) -> None:
        """Update for a new day."""
        self._refresh()
        self._find_due(None)

    def _find_due(self, patient_ids: frozenset[int] | None) -> None:
        """Find what is due for these patients, or for all, and show it in the list.

        For the open patient alone it is computed at once, from the records that their page has
        loaded: it hears of changes before the list. Otherwise it is found off the GUI thread, for
        those whose result is still awaited once more, since the later run replaces the earlier.
        """
        is_idle, opened = self._stale == frozenset(), self.page.patient.records
        if patient_ids is None or self._stale is None:
            self._stale = None
        else:
            self._stale |= patient_ids
        if is_idle and opened is not None and patient_ids == frozenset((opened.id,)):
            try:
                self._show_due(due.most_pressing(due.of_patient(opened, self._days.day)))
            except KnownError:
                self._show_due({})
            return
        casebook, today, concerned = self._session.casebook, self._days.day, self._stale

        def work(_job: Job) -> dict[int, DueItem]:
            with casebook.new_connection() as own, own.snapshot():
                return due.most_pressing(due.of_casebook(own, today, concerned))

        self._background.run(self, work, self._show_due, self._without_due, replaces="due")

    def _show_due(self, found: dict[int, DueItem]) -> None:
        """Show what comes next: the results for the stale patients, unchanged for the others."""
        asked = self._stale
        others = () if asked is None else self._due.items()
        self._due = {known: item for known, item in others if known not in (asked or ())} | found
        self._stale = frozenset()
        self.list.show_due(self._due, self._days.day)

    def _without_due(self, error: BaseException) -> None:
        """Show nothing where the schedule cannot be read: the Due place shows why."""
        if not isinstance(error, KnownError):
            raise error
        self._show_due({})

    def _refresh(self) -> None:
        reader = self._session.casebook
        today = self._days.day
        listed, treated = patients.overviews(reader, today), on_treatment(reader, today)
        self.list.show_overviews(listed, treated)
        self._no_patient.show_empty(not self.list.matching(""))
        if self.list.chosen_id() is None:
            self._stack.setCurrentWidget(self._no_patient)

    def _begin_page(self, _imported: object) -> None:
        self._has_plots = True
        self._open_soon()

    def _open_soon(self) -> None:
        if self._has_plots or self.page.tabs.currentIndex() != PatientTab.COURSE:
            self._open_chosen()

    def _open_chosen(self) -> None:
        self._soon.stop()
        chosen = self.list.chosen_id()
        if chosen is None:
            self._stack.setCurrentWidget(self._no_patient)
            return
        if chosen != self.page.patient_id:
            self.page.show_patient(chosen)
        self._stack.setCurrentWidget(self.page)

    def _enter(self) -> None:
        if self.patient_id() is not None:
            self.page.enter()


class _NoPatient(QWidget):
    """The page next to the list while no patient is chosen."""

    def __init__(self, add: Callable[[], object]) -> None:
        super().__init__()
        self._words = QLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_kind(self._words, "empty")
        self.add_button = button(_("New patient…"), "primary")
        self.add_button.clicked.connect(add)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(self._words)
        layout.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def show_empty(self, empty: bool) -> None:
        """Offer to add the first patient of an empty casebook."""
        self.add_button.setVisible(empty)
        self._words.setText(_("This casebook has no patients yet.") if empty else "")
