"""The Patients place: the list of patients, and the page of the chosen one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from gui.actions import Actions
from gui.pages.patients.patient_list import PatientList
from gui.pages.patients.patient_page import PatientPage, PatientTab
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
from model.errors import KnownError, UnreadableValue
from model.language import N_, _
from model.records import patients, whole_patient
from model.store.step import Change

LIST_WIDTHS = (288, 348)
_LIST_TABLES = frozenset(
    ("patient", "identity", "biopsy", "cycle", "toxicity", "follow_up", "assessment")
)


class PatientsPage(QSplitter):
    """The list of patients and the page of the chosen one, side by side.

    A page is opened once pending key presses have been handled, so that moving quickly through the
    list opens only the last patient. The first page waits until the plots are imported.
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
        self._is_divided = False
        self.list = PatientList()
        self.page = PatientPage(session, actions, background)
        self.list.setMinimumWidth(240)
        self.page.setMinimumWidth(480)
        self._no_patient = _NoPatient(actions["patient.new"].trigger)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._no_patient)
        self._stack.addWidget(self.page)
        self._open_timer = QTimer(self)
        self._open_timer.setSingleShot(True)
        self._open_timer.setInterval(0)
        self._open_timer.timeout.connect(self._open_if_ready)
        self._has_plots = False
        self.addWidget(self.list)
        self.addWidget(self._stack)
        self.setStretchFactor(1, 1)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.splitterMoved.connect(self._remember_widths)
        self.list.chosen.connect(lambda _id: self._open_timer.start())
        self.list.entered.connect(self._enter)
        self.list.delete_requested.connect(self.ask_delete)
        session.changed.connect(self._on_change)
        self._days.changed.connect(self._on_new_day)
        self._refresh()
        self._load_due(None)

    def showEvent(self, event: QShowEvent) -> None:
        """Divide the width as remembered from the last time, or else by the width of the window."""
        if not self._is_divided:
            self._is_divided = True
            state = layout_of(Layout.PATIENTS)
            if state is None or not self.restoreState(state):
                narrow, wide = LIST_WIDTHS
                width = min(max(self.width() // 4, narrow), wide)
                self.setSizes([width, self.width() - width])
        super().showEvent(event)

    def open_patient(self, patient_id: int) -> None:
        """Choose a patient and open the page at once."""
        self.list.choose(patient_id)
        self._open_chosen()

    def load_plots(self) -> None:
        """Import the plots off the GUI thread, so that the list can be used, then open the page."""

        def work(_job: Job) -> object:
            from gui.pages.patient.course.page import CoursePage
            from gui.plots.course.course_plot import CoursePlot

            return CoursePage, CoursePlot

        self._background.run(self, work, self._open_first_page)

    def reopen(self, patient_id: int, tab: int) -> None:
        """Choose a patient and a tab; they are opened once the list has been painted."""
        self.page.tabs.setCurrentIndex(tab)
        self.list.choose(patient_id)

    def leave(self) -> None:
        """Stop opening pages, because the casebook is about to be closed."""
        self._open_timer.stop()
        self._session.changed.disconnect(self._on_change)
        self.page.patient.leave()

    def patient_id(self) -> int | None:
        """Return the id of the patient whose page is open, after opening a pending page."""
        if self.list.chosen_id() != self.page.patient_id:
            self._open_chosen()
        return self.page.patient_id if self._stack.currentWidget() is self.page else None

    def focus_list(self) -> None:
        """Move the keyboard into the list, or to the button that adds the first patient."""
        if self.list.find_matches(""):
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._no_patient.add_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_delete(self, patient_id: int) -> None:
        """Ask whether to delete a patient with all records; delete them after a yes."""
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
            opened=(patient,),
        )

    def _remember_widths(self) -> None:
        remember_layout(Layout.PATIENTS, self.saveState())

    def _on_change(self, change: Change) -> None:
        if change.tables & _LIST_TABLES:
            self._refresh()
        if change.tables & DUE_TABLES:
            self._load_due(None if change.concerns_all else change.patients)

    def _on_new_day(self) -> None:
        """Update for a new day."""
        self._refresh()
        self._load_due(None)

    def _load_due(self, patient_ids: frozenset[int] | None) -> None:
        """Compute the next due items of these patients, or of all for None, and show them.

        If only the open patient has changed, they are computed at once from the records that the
        page has just loaded. Otherwise they are computed off the GUI thread. A new run replaces a
        running one, so it includes the patients of that one.
        """
        is_idle, records = self._stale == frozenset(), self.page.patient.records
        if patient_ids is None or self._stale is None:
            self._stale = None
        else:
            self._stale |= patient_ids
        if is_idle and records is not None and patient_ids == frozenset((records.id,)):
            try:
                self._show_due(due.most_pressing(due.of_patient(records, self._days.day)))
            except KnownError:
                self._show_due({})
            return
        casebook, today, stale = self._session.casebook, self._days.day, self._stale

        def work(_job: Job) -> dict[int, DueItem]:
            with casebook.new_connection() as reader, reader.snapshot():
                return due.most_pressing(due.of_casebook(reader, today, stale))

        self._background.run(self, work, self._show_due, self._show_no_due, replaces="due")

    def _show_due(self, items: dict[int, DueItem]) -> None:
        """Show the new items of the stale patients, and the previous ones of the others."""
        stale = self._stale
        previous = () if stale is None else self._due.items()
        self._due = {key: item for key, item in previous if key not in (stale or ())} | items
        self._stale = frozenset()
        self.list.show_due(self._due, self._days.day)

    def _show_no_due(self, error: BaseException) -> None:
        """Show no due items if the schedule cannot be read; the Due page shows why."""
        if not isinstance(error, KnownError):
            raise error
        self._show_due({})

    def _refresh(self) -> None:
        reader = self._session.casebook
        today = self._days.day
        overviews, treated = patients.overviews(reader, today), on_treatment(reader, today)
        self.list.show_overviews(overviews, treated)
        self._no_patient.show_empty(not self.list.find_matches(""))
        if self.list.chosen_id() is None:
            self._stack.setCurrentWidget(self._no_patient)

    def _open_first_page(self, _imported: object) -> None:
        self._has_plots = True
        self._open_if_ready()

    def _open_if_ready(self) -> None:
        if self._has_plots or self.page.tabs.currentIndex() != PatientTab.COURSE:
            self._open_chosen()

    def _open_chosen(self) -> None:
        self._open_timer.stop()
        chosen = self.list.chosen_id()
        if chosen is None:
            self._stack.setCurrentWidget(self._no_patient)
            return
        if chosen != self.page.patient_id:
            # The page still shows the previous patient if this one cannot be loaded.
            try:
                self.page.show_patient(chosen)
            except UnreadableValue as error:
                self._no_patient.show_problem(str(error))
                self._stack.setCurrentWidget(self._no_patient)
                return
        self._stack.setCurrentWidget(self.page)

    def _enter(self) -> None:
        if self.patient_id() is not None:
            self.page.enter()


class _NoPatient(QWidget):
    """The page next to the list if no patient is chosen."""

    def __init__(self, add: Callable[[], object]) -> None:
        super().__init__()
        self._text = QLabel()
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_kind(self._text, "empty")
        self.add_button = button(_("New patient…"), "primary")
        self.add_button.clicked.connect(add)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(self._text)
        layout.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def show_problem(self, problem: str) -> None:
        """Show why the chosen patient cannot be shown."""
        self.add_button.hide()
        self._text.setText(problem)

    def show_empty(self, is_empty: bool) -> None:
        """Show the button that adds the first patient if the casebook is empty."""
        self.add_button.setVisible(is_empty)
        self._text.setText(_("This casebook has no patients yet.") if is_empty else "")
