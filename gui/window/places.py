"""The places of the window while a casebook is open, and what its actions do there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSettings, Qt
from PySide6.QtWidgets import QWidget

from gui.pages.patients.place import PatientsPage
from gui.session.session import Session
from gui.widgets import messages
from gui.widgets.undo_notice import if_latest
from gui.window.ahead import Ahead
from gui.window.palette import Palette
from model.errors import KnownError
from model.language import _
from model.records import patients
from model.store.step import Change

if TYPE_CHECKING:
    from gui.window.main_window import MainWindow

_LAST = "last"
PATIENTS, COHORT, SETTINGS = "place.patients", "place.cohort", "place.settings"
DUE = "place.due"
OF_A_PATIENT = (
    *("patient.edit", "patient.delete", "cycle.new", "cycle.again", "cycle.worksheet"),
    *("labs.new", "toxicity.new"),
    *("assessment.new", "biopsy.new", "therapy.new", "metastasis.new", "followup.new"),
    *("note.new", "quality.new", "review.start", "patient.regrade", "patient.summary"),
)
TABS = 7


class Places(QObject):
    """The pages of one open casebook in the main window; `leave` takes them away again."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._pages: dict[str, QWidget] = {}
        self._here = PATIENTS
        self.patients = PatientsPage(session, window.actions_table, window.background)
        self._keep(PATIENTS, self.patients)
        self._bind()
        self.patients.list.chosen.connect(self._enable)
        session.changed.connect(self._follow)
        self._enable()

    def begin(self) -> None:
        """Show the patients, on the page that was open last in this casebook."""
        kept = QSettings()
        patient, tab = kept.value(f"{_LAST}/patient"), kept.value(f"{_LAST}/tab")
        self.show(PATIENTS)
        is_known = kept.value(f"{_LAST}/path") == str(self._session.casebook.path.absolute())
        if is_known and str(patient).isdigit() and self._is_there(int(str(patient))):
            self.patients.resume(int(str(patient)), int(str(tab or 0)))
        self.patients.start()
        self.patients.begin()
        self._ahead = Ahead(self, lambda: self._page(COHORT))

    def remember(self) -> None:
        """Keep which page is open, for the next time."""
        kept = QSettings()
        kept.setValue(f"{_LAST}/path", str(self._session.casebook.path.absolute()))
        kept.setValue(f"{_LAST}/patient", str(self.patients.page.patient_id or ""))
        kept.setValue(f"{_LAST}/tab", self.patients.page.tabs.currentIndex())

    def leave(self) -> None:
        """Take the pages out of the window; the casebook may then be closed."""
        self._session.changed.disconnect(self._follow)
        self.patients.leave()
        # Taking one away would show the next, which would ask the casebook.
        self._window.stack.setCurrentWidget(self._window.welcome)
        for page in self._pages.values():
            self._window.background.cancel(page)
            self._window.stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self.deleteLater()

    def show(self, place: str) -> None:
        """Go to a place."""
        self._here = place
        page = self._page(place)
        self._window.stack.setCurrentWidget(page)
        self._window.rail.show_place(place)
        if place != PATIENTS:
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        self._enable()

    def _page(self, place: str) -> QWidget:
        """The page of a place, made when it is first asked for."""
        return self._pages.get(place) or self._keep(place, self._make(place))

    def _make(self, place: str) -> QWidget:
        # Imported when they are first opened: the cohort's numbers take pandas.
        if place == COHORT:
            from gui.pages.cohort.page import CohortPage

            cohort = CohortPage(self._session, self._window.background, self._window.actions_table)
            cohort.patient_requested.connect(lambda patient_id: self._opener(patient_id)())
            return cohort
        if place == DUE:
            from gui.pages.due.page import DuePage

            page = DuePage(self._session, self._window.background)
            page.patient_requested.connect(lambda patient_id: self._opener(patient_id)())
            page.schedule_requested.connect(lambda: self.show(SETTINGS))
            return page
        from gui.pages.settings.page import SettingsPage

        return SettingsPage(self._session, self._window.background)

    def _keep(self, place: str, page: QWidget) -> QWidget:
        self._pages[place] = page
        self._window.stack.addWidget(page)
        return page

    def _is_there(self, patient_id: int) -> bool:
        return patients.find(self._session.casebook, patient_id) is not None

    # What the actions do

    def _bind(self) -> None:
        actions = self._window.actions_table
        bindings: dict[str, Callable[[], Any]] = {
            PATIENTS: self._go_to_patients,
            COHORT: lambda: self.show(COHORT),
            DUE: lambda: self.show(DUE),
            SETTINGS: lambda: self.show(SETTINGS),
            "casebook.close": self._window.close_casebook,
            "casebook.export": self._export,
            "search.patients": self._search,
            "search.palette": self._palette,
            "edit.undo": self.undo,
            "edit.redo": self.redo,
            "patient.new": self._new_patient,
            "patient.edit": self._edit_patient,
            "patient.delete": self._delete_patient,
            "patient.summary": self._summary,
            "cycle.worksheet": self._worksheet,
            "review.start": self._review,
            "patient.regrade": self._regrade_patient,
            "cohort.regrade": self._regrade_cohort,
        }
        for action_id, tab, ask in RECORDS:
            bindings[action_id] = self._recording(tab, ask)
        for number in range(TABS):
            bindings[f"tab.{number + 1}"] = self._opening_tab(number)
        for action_id, run in bindings.items():
            actions.bind(action_id, run)

    def _enable(self, _chosen: object = None) -> None:
        """Offer what can be done here and now."""
        actions = self._window.actions_table
        has_patient = self.patients.list.chosen_id() is not None
        actions.enable(has_patient, *OF_A_PATIENT)
        actions.enable(has_patient, *(f"tab.{number + 1}" for number in range(TABS)))
        casebook = self._session.casebook
        actions.enable(casebook.undo_label is not None, "edit.undo")
        actions.enable(casebook.redo_label is not None, "edit.redo")

    def _follow(self, _change: Change) -> None:
        self._enable()
        self._window.status.show_casebook(self._session.casebook)

    def undo(self) -> None:
        """Take the last step back and say which it was."""
        self._turn(self._session.undo, _("Undone: %s."), _("Redo"), self.redo)

    def redo(self) -> None:
        """Do again what was undone last, and say what it was."""
        self._turn(self._session.redo, _("Done again: %s."), _("Undo"), self.undo)

    def _turn(
        self,
        turn: Callable[[], Change | None],
        words: str,
        back_text: str,
        back: Callable[[], None],
    ) -> None:
        try:
            change = turn()
        except KnownError as error:
            messages.error(self._window, error)
            return
        if change is None:
            return
        if len(change.patients) == 1 and self._is_there(next(iter(change.patients))):
            self.patients.open_patient(next(iter(change.patients)))
        label = change.label[:1].lower() + change.label[1:]
        back = if_latest(self._window, self._session, back)
        messages.notice(self._window, words % label, back_text, back)

    def _go_to_patients(self) -> None:
        self.show(PATIENTS)
        self.patients.start()

    def _search(self) -> None:
        self.show(PATIENTS)
        self.patients.list.start_search()

    def _palette(self) -> None:
        Palette.ask(self._window, self._window.actions_table.usable(), self._found)

    def _found(self, text: str) -> list[tuple[str, str, Callable[[], None]]]:
        """The patients that a text finds, for the palette."""
        from gui.pages.patients.rows import facts

        return [
            (" · ".join(filter(None, (each.code, each.name))), facts(each), self._opener(each.id))
            for each in self.patients.list.found(text)
        ]

    def _opener(self, patient_id: int) -> Callable[[], None]:
        def open_patient() -> None:
            self.show(PATIENTS)
            self.patients.open_patient(patient_id)
            self.patients.page.enter()

        return open_patient

    def _opening_tab(self, number: int) -> Callable[[], None]:
        def open_tab() -> None:
            self.show(PATIENTS)
            if self.patients.patient_id() is not None:
                self.patients.page.open_tab(number)

        return open_tab

    def _recording(self, tab: int, ask: Callable[..., object]) -> Callable[[], None]:
        """Ask for a new record of the patient, and show it where such records stand."""

        def record() -> None:
            self.show(PATIENTS)
            patient_id = self.patients.patient_id()
            if patient_id is None:
                return
            saved = ask(self._window, self._session, patient_id)
            if saved and self.patients.page.tabs.currentIndex() != 0:
                self.patients.page.tabs.setCurrentIndex(tab)
            self.patients.page.enter()

        return record

    def _new_patient(self) -> None:
        from gui.forms.patient import PatientForm

        self.show(PATIENTS)
        saved = PatientForm.ask(self._window, self._session)
        if saved is not None and saved.id is not None:
            self.patients.open_patient(saved.id)
        self.patients.start()

    def _edit_patient(self) -> None:
        from gui.forms.patient import PatientForm

        patient_id = self.patients.patient_id()
        patient = None
        if patient_id is not None:
            patient = patients.find(self._session.casebook, patient_id)
        if patient is not None:
            PatientForm.ask(self._window, self._session, patient)

    def _delete_patient(self) -> None:
        patient_id = self.patients.patient_id()
        if patient_id is not None:
            self.patients.ask_delete(patient_id)

    def _worksheet(self) -> None:
        self.show(PATIENTS)
        if self.patients.patient_id() is not None:
            self.patients.page.open_tab(1)
            self.patients.page.tab(1).print_worksheet()

    def _summary(self) -> None:
        from gui.pages.patient.summary_action import save_summary

        patient_id = self.patients.patient_id()
        if patient_id is not None:
            window = self._window
            save_summary(window, self._session, window.background, patient_id, date.today())

    def _review(self) -> None:
        self.show(PATIENTS)
        if self.patients.patient_id() is not None:
            self.patients.page.review_grades()

    def _regrade_patient(self) -> None:
        patient_id = self.patients.patient_id()
        if patient_id is not None:
            self._regrade(patient_id)

    def _regrade_cohort(self) -> None:
        self._regrade(None)

    def _regrade(self, patient_id: int | None) -> None:
        from gui.pages.dialogs.regrade import RegradeDialog

        RegradeDialog.ask(self._window, self._session, self._window.background, patient_id)

    def _export(self) -> None:
        from gui.pages.dialogs.export import ExportDialog

        window = self._window
        page: Any = self._pages.get(COHORT) if self._here == COHORT else None
        if page is None:
            ExportDialog.ask(window, self._session, window.background)
            return
        # Of the cohort as its page shows it: the same patients, counted and drawn in the same way.
        bar, draw = page.bar, page.draw_figures
        ExportDialog.ask(window, self._session, window.background, bar.selection, draw, bar.options)


def _form(module: str, name: str) -> Callable[..., object]:
    """The function of a tab's module that opens a form; imported when it is first used."""

    def ask(*about: object) -> object:
        asking: Callable[..., object] = getattr(import_module(f"gui.pages.patient.{module}"), name)
        return asking(*about, None)

    return ask


RECORDS: tuple[tuple[str, int, Callable[..., object]], ...] = (
    ("cycle.new", 1, _form("cycles.page", "ask_cycle")),
    ("cycle.again", 1, _form("cycles.page", "ask_like_last")),
    ("labs.new", 2, _form("labs.page", "ask_labs")),
    ("toxicity.new", 3, _form("toxicities", "ask_toxicity")),
    ("assessment.new", 4, _form("imaging.page", "ask_assessment")),
    ("biopsy.new", 5, _form("history.page", "ask_biopsy")),
    ("therapy.new", 5, _form("history.page", "ask_therapy")),
    ("metastasis.new", 5, _form("history.page", "ask_metastasis")),
    ("followup.new", 5, _form("history.page", "ask_follow_up")),
    ("note.new", 6, _form("notes", "ask_note")),
    ("quality.new", 6, _form("notes", "ask_quality_of_life")),
)
"""Each kind of record: its action, the tab where it stands, how its form is opened."""
