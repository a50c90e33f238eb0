"""The page of one patient: the head that prevents taking one for another, and the tabs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from gui.actions import Actions
from gui.pages.patients.header import PatientHeader
from gui.session.background import Background
from gui.session.review import Review
from gui.session.session import Session
from gui.style import theme
from gui.widgets import messages
from model.language import _, ngettext
from model.records.patient_records import load
from model.records.profile import count_records, profile_of
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


@dataclass(frozen=True, slots=True)
class TabLine:
    """One tab: its name, the tables whose rows it counts, and how its page is made."""

    name: str
    counted: tuple[str, ...]
    make: Callable[[Session, QWidget], Any]
    listens: bool = False
    """The page hears of changes by itself and draws anew in its own time."""


class PatientPage(QWidget):
    """One patient. Tabs are made when they are first opened, and asked again when concerned."""

    def __init__(
        self,
        session: Session,
        actions: Actions,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.review = Review(session, background, self)
        self._background = background
        self.patient_id: int | None = None
        self._lines = self._tab_lines()
        self._pages: dict[int, Any] = {}
        self._fresh: set[int] = set()
        self.header = PatientHeader(actions)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(_("Parts of the patient's page"))
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        for line in self._lines:
            self.tabs.addTab(line.name)
        frame = QFrame()
        theme.set_kind(frame, "header")
        row = QHBoxLayout(frame)
        row.setContentsMargins(12, 0, 12, 0)
        row.addWidget(self.tabs, 1)
        self._stack = QStackedWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(frame)
        layout.addWidget(self._stack, 1)
        self.tabs.currentChanged.connect(self._show_tab)
        session.changed.connect(self._follow)
        self.review.appeared.connect(self._tell_of_proposals)

    def show_patient(self, patient_id: int) -> None:
        """Show a patient on the tab that is open."""
        self.patient_id = patient_id
        self.review.show_patient(patient_id)
        self._fresh.clear()
        self._show_head()
        self._show_tab(self.tabs.currentIndex())

    def open_tab(self, number: int) -> None:
        """Open a tab by its place, from 0, and bring the keyboard into it."""
        if 0 <= number < self.tabs.count():
            self.tabs.setCurrentIndex(number)
            self.enter()

    def enter(self) -> None:
        """Bring the keyboard into the open tab."""
        page = self._pages.get(self.tabs.currentIndex())
        if page is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def tab(self, number: int) -> Any:
        """The page of a tab, made if it was not open yet."""
        if number not in self._pages:
            page = self._lines[number].make(self._session, self._stack)
            self._pages[number] = page
            self._stack.addWidget(page)
        return self._pages[number]

    def _follow(self, change: Change) -> None:
        """Ask again when the patient shown may be concerned."""
        if not change.concerns(self.patient_id):
            return
        self._fresh &= {number for number, line in enumerate(self._lines) if line.listens}
        if self._show_head():
            self._show_tab(self.tabs.currentIndex())

    def review_grades(self) -> None:
        """Go to the proposed grades, with the keyboard at the first."""
        self.open_tab(PatientTab.COURSE)
        if self.patient_id is not None:
            self.tab(PatientTab.COURSE).start_review()

    def _tell_of_proposals(self, count: int) -> None:
        """Say that results have made proposals, where they are not in sight."""
        if self.tabs.currentIndex() != PatientTab.COURSE and self.isVisible():
            said = ngettext("{n} grade to review.", "{n} grades to review.", count)
            messages.notice(self, said.format(n=count), _("Review"), self.review_grades)

    def _show_head(self) -> bool:
        """Show head and counts; whether the patient is still there."""
        reader = self._session.casebook
        records = None if self.patient_id is None else load(reader, self.patient_id)
        profile = profile_of(records) if records else None
        if profile is None or self.patient_id is None:
            self.patient_id = None
            self.review.show_patient(None)
            return False
        self.header.show_profile(profile)
        self._label_tabs(count_records(reader, self.patient_id))
        return True

    def _label_tabs(self, counts: Mapping[str, int]) -> None:
        for number, line in enumerate(self._lines):
            total = sum(counts[table] for table in line.counted)
            self.tabs.setTabText(number, f"{line.name} {total}" if total else line.name)

    def _show_tab(self, number: int) -> None:
        if self.patient_id is None:
            return
        page = self.tab(number)
        if number not in self._fresh:
            page.show_patient(self.patient_id)
            self._fresh.add(number)
        self._stack.setCurrentWidget(page)

    def _tab_lines(self) -> tuple[TabLine, ...]:
        history = ("biopsy", "metastasis", "therapy", "follow_up")
        return (
            TabLine(_("Course"), (), self._course, listens=True),
            TabLine(_("Cycles"), ("cycle",), _cycles),
            TabLine(_("Labs"), ("lab_result",), _labs),
            TabLine(_("Toxicities"), ("toxicity",), _toxicities),
            TabLine(_("Imaging"), ("assessment",), self._imaging),
            TabLine(_("History"), history, _history),
            TabLine(_("Notes"), ("note", "quality_of_life"), _notes),
        )

    def _course(self, session: Session, parent: QWidget) -> Any:
        from gui.pages.patient.course.page import CoursePage

        return CoursePage(session, self.review, self._background, parent=parent)

    def _imaging(self, session: Session, parent: QWidget) -> Any:
        from gui.pages.patient.imaging.page import ImagingPage

        return ImagingPage(session, self._background, parent)


# Each tab is imported when it is first opened: the plots alone take as long as the whole window.


def _cycles(session: Session, parent: QWidget) -> Any:
    from gui.pages.patient.cycles.page import CyclesPage

    return CyclesPage(session, parent)


def _labs(session: Session, parent: QWidget) -> Any:
    from gui.pages.patient.labs.page import LabsPage

    return LabsPage(session, parent)


def _toxicities(session: Session, parent: QWidget) -> Any:
    from gui.pages.patient.toxicities import ToxicitiesPage

    return ToxicitiesPage(session, parent)


def _history(session: Session, parent: QWidget) -> Any:
    from gui.pages.patient.history.page import HistoryPage

    return HistoryPage(session, parent)


def _notes(session: Session, parent: QWidget) -> Any:
    from gui.pages.patient.notes import NotesPage

    return NotesPage(session, parent)
