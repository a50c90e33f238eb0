"""Take pictures of every page and form with the demo casebook, into the folder `screenshots`.

`make screenshots` runs it on a virtual display, in two sizes, in the light and in the dark theme.
The pictures are for review and are not part of the source.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from gui.pages.patients.patients_page import PatientsPage
    from gui.session.session import Session
    from gui.window.places import Places

FOLDER = Path(__file__).parents[1] / "screenshots"
SIZES = ((1440, 900), (1100, 700))
TABS = ("course", "cycles", "labs", "toxicities", "imaging", "history", "notes")
TIMEOUT = 60.0
"""Seconds to wait until the window has done something."""


def main() -> int:
    """Take all pictures again, without touching the user's own settings and demo casebook."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with tempfile.TemporaryDirectory() as home:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = home
        _take_all()
    print(f"{len(list(FOLDER.iterdir()))} pictures are in {FOLDER}.")
    return 0


def _take_all() -> None:
    from PySide6.QtWidgets import QApplication

    from gui.style import icons, theme
    from gui.window.app import name_program

    app = QApplication(sys.argv[:1])
    name_program()
    app.setWindowIcon(icons.app_icon())
    for scheme in (theme.Scheme.LIGHT, theme.Scheme.DARK):
        for size in SIZES:
            theme.apply(app, scheme)
            Photographer(size, f"{scheme.value}-{size[0]}x{size[1]}").take()


class Photographer:
    """Takes the pictures of one window in one size and one colour scheme."""

    def __init__(self, size: tuple[int, int], suffix: str) -> None:
        from gui.window.main_window import MainWindow

        self.suffix = suffix
        self.window = MainWindow()
        self.window.resize(*size)
        self.window.show()

    def take(self) -> None:
        """Take every picture, and close the window."""
        self._take_picture("welcome")
        self.window.begin(demo=True)
        self._take_picture("opening", wait=0)
        self._wait_until(lambda: self.window.places is not None)
        self._wait_until(lambda: self._patients().page.patient_id is not None)
        self._take_tabs()
        self._take_new_patient()
        self._take_places()
        self._take_dialogs()
        self.window.close()
        self._take_empty_casebook()

    def _take_tabs(self) -> None:
        page = self._patients().page
        for number, name in enumerate(TABS):
            page.open_tab(number)
            self._take_picture(name)
        imaging: Any = page.tab(TABS.index("imaging"))
        page.open_tab(TABS.index("imaging"))
        imaging.images.open_chosen()
        self._take_picture("side-by-side", wait=600)
        imaging.side_by_side.close_images()
        page.open_tab(0)

    def _take_new_patient(self) -> None:
        """Take a patient without records and with a long name, and a search without matches."""
        from model.records import patients, whole_patient
        from model.records.patients import Identity, Patient
        from model.store.step import Step

        def add_patient(step: Step) -> Patient:
            patient = patients.save(step, Patient(code="SYN-NEW"))
            name = "Wolfeschlegelsteinhausenbergerdorff-Papadopoulos"
            whole_patient.save_identity(
                step,
                Identity(patient_id=patient.id or 0, family_name=name, given_name="Maximiliane"),
            )
            return patient

        patient = self._open_session().do("Add patient", add_patient)
        self._patients().open_patient(patient.id or 0)
        for number in (0, 2, 3):
            self._patients().page.open_tab(number)
            self._take_picture(f"empty-{TABS[number]}")
        self._patients().list.search.setText("nobody")
        self._take_picture("nobody-found")
        self._patients().list.search.clear()
        self._open_places().undo()
        self._take_picture("undone")

    def _take_places(self) -> None:
        for place in ("cohort", "due", "settings"):
            self._open_places().show(f"place.{place}")
            page: Any = self.window.stack.currentWidget()
            if place == "cohort":
                self._wait_until(partial(getattr, page, "is_filled"))
                self._wait_until(lambda: not self.window.background.busy())
            elif place == "due":
                self._wait_until(page.table.records)
            self._take_picture(place)
        self._open_places().show("place.patients")

    def _take_dialogs(self) -> None:
        for name, make_dialog in self._dialog_makers():
            dialog = make_dialog()
            dialog.show()
            self._wait(150)
            dialog.grab().save(str(FOLDER / f"form-{name}-{self.suffix}.png"))
            if hasattr(dialog, "remember"):
                dialog.remember()
            dialog.close()
            dialog.deleteLater()

    def _dialog_makers(self) -> Iterator[tuple[str, Callable[[], QDialog]]]:
        from gui.forms.assessment import AssessmentForm
        from gui.forms.biopsy import BiopsyForm, MetastasisForm
        from gui.forms.cycle import CycleForm
        from gui.forms.follow_up import EndOfTreatmentForm, FollowUpForm
        from gui.forms.labs.day import LabsForm
        from gui.forms.new_casebook import NewCasebookForm
        from gui.forms.note import NoteForm, QualityOfLifeForm
        from gui.forms.passphrase import PassphraseForm
        from gui.forms.patient import PatientForm
        from gui.forms.therapy import TherapyForm
        from gui.forms.toxicity import ToxicityForm
        from gui.pages.dialogs.export import ExportDialog
        from gui.window.about import About
        from gui.window.palette import Palette
        from model.records import cycles, kinds, patients
        from model.records.toxicities import Toxicity

        window, session = self.window, self._open_session()
        reader = session.casebook
        patient = patients.all_patients(reader)[0]
        patient_id = patient.id or 0
        treatment = cycles.of_patient(reader, patient_id)[0]
        toxicity = kinds.of_patient(reader, Toxicity, patient_id)[0]
        yield "patient-new", lambda: PatientForm(window, session)
        yield "patient", lambda: PatientForm(window, session, patient)
        yield "cycle-new", lambda: CycleForm(window, session, patient_id)
        yield "cycle", lambda: CycleForm(window, session, patient_id, treatment)
        yield "labs", lambda: LabsForm(window, session, patient_id, date(2023, 11, 6))
        yield "labs-new", lambda: LabsForm(window, session, patient_id)
        yield "toxicity-new", lambda: ToxicityForm(window, session, patient_id)
        yield "toxicity", lambda: ToxicityForm(window, session, patient_id, toxicity)
        for form in (
            *(AssessmentForm, BiopsyForm, FollowUpForm, MetastasisForm, NoteForm),
            *(QualityOfLifeForm, TherapyForm, EndOfTreatmentForm),
        ):
            name = form.__name__.removesuffix("Form").lower()
            yield name, partial(form, window, session, patient_id)
        yield "new-casebook", lambda: NewCasebookForm(window, Path.home())
        yield "passphrase", lambda: PassphraseForm(window, reader.path, window.background)
        yield "export", lambda: ExportDialog(window, session, window.background)
        yield "about", lambda: About(window)
        yield "palette", lambda: Palette(window, window.actions_table.usable())

    def _take_empty_casebook(self) -> None:
        """Take the window with a casebook that has no patients."""
        from gui.window.main_window import MainWindow
        from model.store import examine
        from model.store.casebook import Casebook
        from model.user_folder import user_folder

        path = user_folder() / f"empty {self.suffix}.theralog"
        Casebook.create(path, "a passphrase").close()
        size = self.window.size()
        self.window.deleteLater()
        self.window = MainWindow()
        self.window.resize(size)
        self.window.show()
        self.window._use_casebook(path, examine.unlock(path, "a passphrase"))
        self._take_picture("no-patients")
        self.window.close()
        self.window.deleteLater()

    def _open_places(self) -> Places:
        if self.window.places is None:
            raise SystemExit("No casebook is open.")
        return self.window.places

    def _open_session(self) -> Session:
        if self.window.session is None:
            raise SystemExit("No casebook is open.")
        return self.window.session

    def _patients(self) -> PatientsPage:
        return self._open_places().patients

    def _take_picture(self, name: str, wait: int = 250) -> None:
        self._wait(wait)
        self.window.grab().save(str(FOLDER / f"{name}-{self.suffix}.png"))

    def _wait_until(self, condition: Callable[[], object]) -> None:
        end = time.monotonic() + TIMEOUT
        while not condition():
            if time.monotonic() > end:
                raise SystemExit(f"The window was not ready within {TIMEOUT:g} seconds.")
            self._wait(20)

    def _wait(self, milliseconds: int) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        # Unlike QTest.qWait, an event loop lets the worker threads run meanwhile.
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


if __name__ == "__main__":
    sys.exit(main())
