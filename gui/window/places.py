"""The pages of the window while a casebook is open, and what the actions do there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from gui.actions import Actions, Needs
from gui.pages.patients.patients_page import PatientsPage
from gui.session.background import Background
from gui.session.preferences import last_page, remember_page
from gui.session.session import Session
from gui.widgets import messages
from gui.widgets.undo_notice import if_latest
from gui.window.palette import Palette
from gui.window.patient_actions import PatientActions
from gui.window.preloader import Preloader
from gui.window.rail import Rail
from model.errors import ChangedLater, KnownError
from model.language import _
from model.records import patients
from model.store.step import Change

PATIENTS, COHORT, SETTINGS = "place.patients", "place.cohort", "place.settings"
DUE = "place.due"


class Places(QObject):
    """The pages of one open casebook in the main window; `leave` removes them."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        background: Background,
        actions: Actions,
        stack: QStackedWidget,
        rail: Rail,
    ) -> None:
        """Fill `stack` with pages, one at a time, and mark the visible one in `rail`.

        `window` is what dialogs belong to.
        """
        super().__init__(window)
        self._window = window
        self._session = session
        self._background = background
        self._actions = actions
        self._stack = stack
        self._rail = rail
        self._pages: dict[str, QWidget] = {}
        self._current_place = PATIENTS
        self.patients = PatientsPage(session, actions, background)
        self._add_page(PATIENTS, self.patients)
        self._bind_actions()
        self.patients.list.chosen.connect(self._enable_actions)
        session.changed.connect(self._enable_actions)
        self._enable_actions()

    def begin(self) -> None:
        """Show the patients, with the patient and tab that were open last in this casebook."""
        last = last_page(self._session.casebook.path)
        self.show(PATIENTS)
        if last is not None and self._exists(last[0]):
            self.patients.reopen(*last)
        self.patients.focus_list()
        self.patients.load_plots()
        self._preloader = Preloader(self, lambda: self._page(COHORT))

    def remember(self) -> None:
        """Remember which patient and tab are open, for the next time."""
        page = self.patients.page
        remember_page(self._session.casebook.path, page.patient_id, page.tabs.currentIndex())

    def leave(self) -> None:
        """Remove the pages from the window, which must already show another page."""
        self._session.changed.disconnect(self._enable_actions)
        self.patients.leave()
        for page in self._pages.values():
            self._background.cancel(page)
            self._stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self.deleteLater()

    def show(self, place: str) -> None:
        """Go to a place."""
        self._current_place = place
        page = self._page(place)
        self._stack.setCurrentWidget(page)
        self._rail.show_place(place)
        if place != PATIENTS:
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        self._enable_actions()

    def open_patient(self, patient_id: int) -> None:
        """Go to the page of a patient, and move the keyboard into it."""
        self.show(PATIENTS)
        self.patients.open_patient(patient_id)
        self.patients.page.enter()

    def _page(self, place: str) -> QWidget:
        """Return the page of a place, created on its first visit."""
        return self._pages.get(place) or self._add_page(place, self._create_page(place))

    def _create_page(self, place: str) -> QWidget:
        # Imported on the first visit, because the cohort needs pandas, which imports slowly.
        if place == COHORT:
            from gui.pages.cohort.page import CohortPage

            cohort = CohortPage(self._session, self._background, self._actions)
            cohort.patient_requested.connect(self.open_patient)
            return cohort
        if place == DUE:
            from gui.pages.due.page import DuePage

            page = DuePage(self._session, self._background)
            page.patient_requested.connect(self.open_patient)
            page.schedule_requested.connect(lambda: self.show(SETTINGS))
            return page
        from gui.pages.settings.page import SettingsPage

        return SettingsPage(self._session, self._background)

    def _add_page(self, place: str, page: QWidget) -> QWidget:
        self._pages[place] = page
        self._stack.addWidget(page)
        return page

    def _exists(self, patient_id: int) -> bool:
        return patients.find(self._session.casebook, patient_id) is not None

    # Actions

    def _bind_actions(self) -> None:
        bindings: dict[str, Callable[[], Any]] = {
            PATIENTS: self._go_to_patients,
            COHORT: lambda: self.show(COHORT),
            DUE: lambda: self.show(DUE),
            SETTINGS: lambda: self.show(SETTINGS),
            "casebook.export": self._export,
            "casebook.bin": self._bin,
            "search.patients": self._search,
            "search.palette": self._palette,
            "edit.undo": self.undo,
            "edit.redo": self.redo,
            "cohort.regrade": self._regrade_cohort,
        }
        bindings |= PatientActions(
            self._window,
            self._session,
            self._background,
            self.patients,
            lambda: self.show(PATIENTS),
        ).bindings()
        for action_id, run in bindings.items():
            self._actions.bind(action_id, run)

    def _enable_actions(self, _changed: object = None) -> None:
        """Enable the actions that can be used now."""
        self._actions.set_open(Needs.PATIENT, self.patients.list.chosen_id() is not None)
        casebook = self._session.casebook
        self._actions.enable(casebook.undo_label is not None, "edit.undo")
        self._actions.enable(casebook.redo_label is not None, "edit.redo")

    def undo(self) -> None:
        """Undo the last step and name it in a notice."""
        try:
            change = self._session.undo()
        except ChangedLater as error:
            self._offer_next(
                error, _("Undo “{step}”"), self._session.casebook.undo_label, self.undo
            )
        except KnownError as error:
            messages.error(self._window, error)
        else:
            self._show_reverted(change, _("Undone: {step}."), _("Redo"), self.redo)

    def redo(self) -> None:
        """Redo the step that was undone last and name it in a notice."""
        try:
            change = self._session.redo()
        except ChangedLater as error:
            self._offer_next(
                error, _("Redo “{step}”"), self._session.casebook.redo_label, self.redo
            )
        except KnownError as error:
            messages.error(self._window, error)
        else:
            self._show_reverted(change, _("Redone: {step}."), _("Undo"), self.undo)

    def _offer_next(
        self, error: ChangedLater, text: str, step: str | None, go_on: Callable[[], None]
    ) -> None:
        """Show that a step was passed over, and offer to undo or redo the one that is next."""
        self._enable_actions()
        if step is None:
            messages.error(self._window, error)
            return
        first, rest = messages.split_sentence(str(error))
        if messages.ask(self._window, first, text.format(step=_(step)), _("Close"), detail=rest):
            go_on()

    def _show_reverted(
        self,
        change: Change | None,
        text: str,
        opposite_text: str,
        opposite: Callable[[], None],
    ) -> None:
        """Open the patient whose step was undone or redone, and offer the opposite in a notice."""
        if change is None:
            return
        if len(change.patients) == 1 and self._exists(next(iter(change.patients))):
            self.patients.open_patient(next(iter(change.patients)))
        label = change.label[:1].lower() + change.label[1:]
        opposite = if_latest(self._window, self._session, opposite)
        messages.notice(self._window, text.format(step=label), opposite_text, opposite)

    def _go_to_patients(self) -> None:
        self.show(PATIENTS)
        self.patients.focus_list()

    def _search(self) -> None:
        self.show(PATIENTS)
        self.patients.list.start_search()

    def _palette(self) -> None:
        Palette.ask(self._window, self._actions.usable(), self._find_patients)

    def _find_patients(self, text: str) -> list[tuple[str, str, Callable[[], None]]]:
        """Return the patients that match a text, for the palette."""
        from gui.pages.patients.patient_rows import facts_text

        return [
            (
                " · ".join(filter(None, (each.code, each.name))),
                facts_text(each),
                partial(self.open_patient, each.id),
            )
            for each in self.patients.list.find_matches(text)
        ]

    def _regrade_cohort(self) -> None:
        from gui.pages.dialogs.regrade import RegradeDialog

        RegradeDialog.ask(self._window, self._session, self._background, None)

    def _bin(self) -> None:
        from gui.pages.dialogs.bin import BinDialog

        patient_id = self.patients.list.chosen_id()
        patient = patients.find(self._session.casebook, patient_id) if patient_id else None
        BinDialog.ask(self._window, self._session, self._background, patient)

    def _export(self) -> None:
        from gui.pages.dialogs.export import ExportDialog

        window, background = self._window, self._background
        page: Any = self._pages.get(COHORT) if self._current_place == COHORT else None
        if page is None:
            ExportDialog.ask(window, self._session, background)
            return
        # Export the cohort as its page shows it: the same patients, options and figures.
        bar, draw = page.bar, page.draw_figures
        ExportDialog.ask(window, self._session, background, bar.selection, draw, bar.options)
