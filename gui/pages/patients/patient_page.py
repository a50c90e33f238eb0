"""The page of one patient: the header, which is always visible, and the tabs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QTabBar, QWidget

from gui.actions import Actions
from gui.pages.patient.tab import Tab
from gui.pages.patient.to_review import ToReview, review_text
from gui.pages.patients.header import PatientHeader
from gui.session.background import Background
from gui.session.open_patient import OpenPatient
from gui.session.session import Session
from gui.style import theme
from gui.widgets import messages
from gui.widgets.card import Chip
from gui.widgets.layout import column, label, row
from model.derived.profile import count_records, profile_of
from model.language import _
from model.store.step import Change


class PatientTab(IntEnum):
    """The tabs of a patient's page, in their order."""

    COURSE = 0
    CYCLES = 1
    LABS = 2
    TOXICITIES = 3
    IMAGING = 4
    HISTORY = 5
    NOTES = 6


class PatientPage(QWidget):
    """The page of one patient, whose records are loaded once per change for header and tabs.

    A tab is created when it is first opened. After a change of one of its database tables it is
    refreshed at once if it is visible, otherwise when it is next shown.
    """

    def __init__(
        self,
        session: Session,
        actions: Actions,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.patient = OpenPatient(session, background, self)
        self._background = background
        self._pages: dict[int, Tab] = {}
        self._fresh: set[int] = set()
        self._to_review: ToReview | None = None
        self.header = PatientHeader(actions)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(_("Parts of the patient's page"))
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        for name, _tables in TABS.values():
            self.tabs.addTab(name)
        self._proposal_chip = Chip("", lambda colours: (colours.warn_fill, colours.warn))
        self._proposal_chip.setParent(self.tabs)
        self._proposal_chip.hide()
        frame = QFrame()
        theme.set_kind(frame, "header")
        row((self.tabs, 1), margins=(12, 0, 12, 0), of=frame)
        self._stack = QStackedWidget()
        self._nothing = label(_("This patient cannot be shown."), "empty")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(self._nothing)
        column(self.header, frame, (self._stack, 1), spacing=0, of=self)
        self.tabs.currentChanged.connect(self._show_tab)
        self.patient.loaded.connect(self._refresh)
        self.patient.appeared.connect(self._notify_of_proposals)
        self.patient.reviewed.connect(self._show_proposal_count)

    @property
    def patient_id(self) -> int | None:
        """The id of the patient shown, if any."""
        return self.patient.id

    def show_patient(self, patient_id: int) -> None:
        """Show a patient in the open tab."""
        self.patient.show_patient(patient_id)

    def open_tab(self, tab: int) -> None:
        """Open a tab and move the keyboard into it."""
        self.tabs.setCurrentIndex(tab)
        self.enter()

    def enter(self) -> None:
        """Move the keyboard into the open tab."""
        page = self._pages.get(self.tabs.currentIndex())
        if page is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_saved(self, tab: int, saved: object) -> None:
        """Open the tab of a record that was just saved and show it, unless the course is open."""
        if self.tabs.currentIndex() == PatientTab.COURSE:
            self.enter()
            return
        self.tabs.setCurrentIndex(tab)
        self.tab(tab).show_saved(saved)

    def tab(self, tab: int) -> Tab:
        """Return the page of a tab, created on its first use."""
        if tab not in self._pages:
            self._pages[tab] = self._create_page(tab)
            self._stack.addWidget(self._pages[tab])
        return self._pages[tab]

    def review_grades(self) -> None:
        """Go to the proposed grades, and move the keyboard to the first."""
        from gui.pages.patient.course.page import CoursePage

        self.open_tab(PatientTab.COURSE)
        page = self.tab(PatientTab.COURSE)
        if isinstance(page, CoursePage) and self.patient.records is not None:
            page.start_review()

    def showEvent(self, event: QShowEvent) -> None:
        """Refresh the open tab if something has changed while the page was hidden."""
        super().showEvent(event)
        self._show_tab(self.tabs.currentIndex())

    def _refresh(self, change: Change | None) -> None:
        """Show the patient in the header and the open tab; note which tabs a change makes stale."""
        records = self.patient.records
        if change is None or records is None:
            self._fresh.clear()
        else:
            pages = self._pages.items()
            stale = {tab for tab, page in pages if change.concerns(records.id, page.listens_to)}
            self._fresh -= stale
        if records is not None:
            with self._nothing_of_another_patient():
                self.header.show_profile(profile_of(records, self._session.today()))
                self._label_tabs(count_records(self._session.casebook, records.id))
                self.header.show()
            self._show_tab(self.tabs.currentIndex())

    @contextmanager
    def _nothing_of_another_patient(self) -> Iterator[None]:
        """Hide header and tab if they cannot be filled: they may show the previous patient."""
        try:
            yield
        except BaseException:
            self.header.hide()
            self._stack.setCurrentWidget(self._nothing)
            raise

    def _notify_of_proposals(self, _count: int) -> None:
        """Show a notice of new proposals if the Course tab, which lists them, is not open."""
        if self.tabs.currentIndex() != PatientTab.COURSE and self.isVisible():
            text = f"{review_text(self.patient.proposals)}."
            messages.notice(self, text, _("Review"), self.review_grades)

    def _show_proposal_count(self) -> None:
        """Show the number of proposals on the Toxicities tab, and on its page."""
        proposals = self.patient.proposals
        text, tab = review_text(proposals), PatientTab.TOXICITIES
        self._proposal_chip.setText(f"{len(proposals)}")
        # The bar reserves room even for a hidden widget, so it is removed.
        right = QTabBar.ButtonPosition.RightSide
        self.tabs.setTabButton(tab, right, self._proposal_chip if proposals else None)
        self._proposal_chip.setVisible(bool(proposals))
        # Setting a text makes the bar compute its layout again.
        self.tabs.setTabText(tab, self.tabs.tabText(tab))
        self.tabs.setTabToolTip(tab, text)
        self.tabs.setAccessibleTabName(tab, ", ".join(filter(None, (self.tabs.tabText(tab), text))))
        if self._to_review is not None:
            self._to_review.show_proposals(proposals)

    def _label_tabs(self, counts: Mapping[str, int]) -> None:
        for tab, (name, tables) in TABS.items():
            total = sum(counts[table] for table in tables)
            self.tabs.setTabText(tab, f"{name} {total}" if total else name)

    def _show_tab(self, tab: int) -> None:
        if self.patient.records is None or not self.isVisible():
            return
        page = self.tab(tab)
        if tab not in self._fresh:
            with self._nothing_of_another_patient():
                page.show_patient(self.patient.records)
            self._fresh.add(tab)
        self._stack.setCurrentWidget(page)

    def _create_page(self, tab: int) -> Tab:
        """Create the page of a tab. Its module is imported now, because the plots import slowly."""
        session, parent = self._session, self._stack
        match tab:
            case PatientTab.COURSE:
                from gui.pages.patient.course.page import CoursePage

                return CoursePage(session, self.patient, self._background, parent=parent)
            case PatientTab.CYCLES:
                from gui.pages.patient.cycles.page import CyclesPage

                return CyclesPage(session, parent)
            case PatientTab.LABS:
                from gui.pages.patient.labs.page import LabsPage

                return LabsPage(session, parent)
            case PatientTab.TOXICITIES:
                from gui.pages.patient.toxicities import ToxicitiesPage

                page = ToxicitiesPage(session, parent)
                self._to_review = page.to_review
                self._to_review.review_requested.connect(self.review_grades)
                self._to_review.show_proposals(self.patient.proposals)
                return page
            case PatientTab.IMAGING:
                from gui.pages.patient.imaging.page import ImagingPage

                return ImagingPage(session, self._background, parent)
            case PatientTab.HISTORY:
                from gui.pages.patient.history.page import HistoryPage

                return HistoryPage(session, parent)
        from gui.pages.patient.notes import NotesPage

        return NotesPage(session, parent)


TABS: dict[PatientTab, tuple[str, tuple[str, ...]]] = {
    PatientTab.COURSE: (_("Course"), ()),
    PatientTab.CYCLES: (_("Cycles"), ("cycle",)),
    PatientTab.LABS: (_("Labs"), ("lab_result",)),
    PatientTab.TOXICITIES: (_("Toxicities"), ("toxicity",)),
    PatientTab.IMAGING: (_("Imaging"), ("assessment",)),
    PatientTab.HISTORY: (_("History"), ("biopsy", "metastasis", "therapy", "follow_up")),
    PatientTab.NOTES: (_("Notes"), ("note", "quality_of_life")),
}
"""The name of each tab, and the database tables whose rows are counted after it."""
