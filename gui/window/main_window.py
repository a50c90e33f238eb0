"""The main window: the rail of places, the open page, and the status line of the casebook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QWidget,
)

from gui.actions import Actions, Needs
from gui.session.background import Background
from gui.session.preferences import (
    Layout,
    layout_of,
    recent_casebooks,
    remember_casebook,
    remember_layout,
)
from gui.widgets import messages
from gui.widgets.layout import column, row
from gui.window.banner import Banner
from gui.window.failure_page import Failure, FailurePage
from gui.window.opening import Opening, OpeningPage
from gui.window.rail import Rail
from gui.window.report_box import show_report
from gui.window.restoring import Restoring
from gui.window.status_line import StatusLine
from gui.window.waiting import wait_for
from gui.window.welcome import WelcomePage
from gui.words import SYNTHETIC_TEXT
from model.errors import HeldElsewhere, KnownError
from model.language import _

if TYPE_CHECKING:
    from gui.session.backups import Backups
    from gui.session.session import Session
    from gui.window.places import Places
    from model.store.keys import Key

PLACES = ["place.patients", "place.cohort", "place.due", "place.settings"]
MIN_SIZE = QSize(1000, 620)
DEFAULT_SIZE = QSize(1440, 900)
_SUFFIX = ".theralog"
_IDLE_MS = 5_000
"""Milliseconds after the last step at which the log is written into the file."""


class MainWindow(QMainWindow):
    """The window, in which one casebook or none is open."""

    def __init__(self) -> None:
        super().__init__()
        self.session: Session | None = None
        self.backups: Backups | None = None
        self.places: Places | None = None
        self._is_backing_up = False
        self._previous_page: QWidget | None = None
        self._report_of_bad_end: str | None = None
        self.background = Background(self)
        self.actions_table = Actions(self)
        self._opening = Opening(self.background, self)
        self._opening.opened.connect(self._use_casebook)
        self._opening.passphrase_needed.connect(self._ask_passphrase)
        self._opening.failed.connect(self._show_failure)
        self._bind_actions()
        self.rail = Rail(self.actions_table, PLACES)
        self.rail.set_menu(self._create_menu())
        self.stack = QStackedWidget()
        self.welcome = WelcomePage(self.actions_table)
        self.welcome.open_requested.connect(self.open_casebook)
        self.opening_page = OpeningPage()
        self.stack.addWidget(self.welcome)
        self.failure_page = FailurePage()
        self.failure_page.left.connect(self._go_back)
        self._restoring = Restoring(self.background, self, self.failure_page)
        self._opening.unreadable.connect(self._restoring.look)
        self._restoring.looked.connect(self._show_failure_page)
        self._restoring.failed.connect(self._show_failure)
        self._restoring.begun.connect(self._close_for_restoring)
        self._restoring.restored.connect(self._open_restored)
        self._restoring.salvaged.connect(self.open_casebook)
        self.stack.addWidget(self.opening_page)
        self.stack.addWidget(self.failure_page)
        self.status = StatusLine()
        self.banner = Banner()
        self._key: Key | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._merge_log)
        middle = QWidget()
        page = column(self.banner, (self.stack, 1), self.status, spacing=0)
        row(self.rail, (page, 1), spacing=0, of=middle)
        self.setCentralWidget(middle)
        # A screen scaled to 200 % may be smaller than the minimum.
        self.setMinimumSize(MIN_SIZE.boundedTo(self.screen().availableSize()))
        self._restore_geometry()
        self._show_welcome()

    # Opening and closing

    def begin(self, path: Path | None = None, *, demo: bool = False) -> None:
        """Open the casebook that the program was started with, once the window has been painted."""
        if demo:
            self._show_opening(_("Opening the demo casebook…"))
            QTimer.singleShot(0, self, self._opening.open_demo)
        elif path is not None:
            self._show_opening(_("Opening {name}…").format(name=path.name))
            QTimer.singleShot(0, self, lambda: self._opening.open(path))
        else:
            QTimer.singleShot(0, self, self._show_bad_end)

    def note_bad_end(self, report: str) -> None:
        """Keep the report of a run that ended badly; it is shown once a casebook was checked.

        Without a casebook to open, `begin` shows it.
        """
        self._report_of_bad_end = report

    def open_casebook(self, path: Path) -> None:
        """Open a casebook in place of the open one."""
        self._show_opening(_("Opening {name}…").format(name=path.name))
        self._opening.open(path)

    def open_demo(self) -> None:
        """Open the demo casebook in place of the open one."""
        self._show_opening(_("Opening the demo casebook…"))
        self._opening.open_demo()

    def close_casebook(self) -> None:
        """Close the casebook, if one is open, and show the welcome page."""
        messages.hide_notice(self)
        if self.places is not None:
            self.places.remember()
            # Removing the visible page would show the next one, which would query the casebook.
            self.stack.setCurrentWidget(self.opening_page)
            self.places.leave()
            self.places = None
        self.banner.hide()
        self._idle.stop()
        self.actions_table.set_read_only(False)
        session, self.session = self.session, None
        errors = self._close_session(session) if session is not None else []
        self._show_welcome()
        for error in errors:
            messages.error(self, error)

    def _close_session(self, session: Session) -> list[KnownError]:
        """Back up what was changed and close the session; returns what went wrong."""
        errors = []
        work = self.backups.work_on_closing() if self.backups is not None else None
        self._stop_backups()
        if work is not None:
            name = session.casebook.path.name
            self.opening_page.show_text(_("Backing up {name}…").format(name=name))
            self._is_backing_up = True
            try:
                wait_for(work)
            except KnownError as error:
                errors.append(error)
            finally:
                self._is_backing_up = False
        try:
            session.close()
        except KnownError as error:
            errors.append(error)
        session.deleteLater()
        return errors

    def _stop_backups(self) -> None:
        if self.backups is not None:
            self.backups.leave()
            self.backups = None

    def leave(self) -> None:
        """Wait for running work and close the casebook."""
        self.background.close()
        self.close_casebook()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window's geometry, and leave."""
        if self._is_backing_up:
            event.ignore()
            return
        remember_layout(Layout.WINDOW, self.saveGeometry())
        self.leave()
        super().closeEvent(event)

    def _use_casebook(self, path: Path, key: Key | None) -> None:
        from gui.session.backups import Backups
        from gui.session.session import Session
        from gui.window.places import Places

        self.close_casebook()
        try:
            self.session = Session.open(path, key, self)
        except KnownError as error:
            self._show_failure(error)
            return
        self._key = key
        self._show_state()
        self.status.show_casebook(self.session.casebook)
        synthetic = f" – {SYNTHETIC_TEXT}" if self.status.synthetic else ""
        self.setWindowTitle(f"{path.stem}{synthetic} – Theralog")
        self.session.changed.connect(self._show_status)
        self.session.changed.connect(lambda _change: self._idle.start())
        self.session.file_replaced.connect(self._offer_save_as)
        self.backups = Backups(self.session, self.background)
        self.backups.looked.connect(self._show_backup)
        try:
            self.places = Places(
                self, self.session, self.background, self.actions_table, self.stack, self.rail
            )
        except KnownError as error:
            self.close_casebook()
            messages.error(self, error)
            return
        self.actions_table.set_open(Needs.CASEBOOK, True)
        self.rail.show_places(True)
        self.places.begin()
        QTimer.singleShot(0, self, self._show_bad_end)
        if not self.status.synthetic:
            remember_casebook(path)

    def _show_state(self) -> None:
        """Show above the page why the casebook can only be read, or what it has lost."""
        if self.session is None:
            return
        self.actions_table.set_read_only(self.session.read_only is not None)
        if isinstance(self.session.read_only, HeldElsewhere):
            self.banner.show_text(str(self.session.read_only), _("Edit here"), self._edit_here)
        elif text := self.session.read_only or self.session.casebook.missing:
            self.banner.show_text(str(text))

    def _edit_here(self) -> None:
        """Open the casebook for editing if nobody else edits it any more."""
        if self.session is None:
            return
        self._use_casebook(self.session.casebook.path, self._key)
        if self.session is not None and self.session.read_only is not None:
            messages.notice(self, _("It is still open there."))

    def _merge_log(self) -> None:
        if self.session is not None:
            self.session.merge_log(self.background)

    def _offer_save_as(self, error: KnownError) -> None:
        self.actions_table.set_read_only(True)
        self._stop_backups()
        self.banner.show_text(str(error), _("Save as…"), self._save_as)

    def _save_as(self) -> None:
        """Save the open casebook as it is under another name, and go on there."""
        if self.session is None:
            return
        path = self.session.casebook.path
        chosen, _kind = QFileDialog.getSaveFileName(
            self,
            _("Save casebook as"),
            str(path.with_name(f"{path.stem} 2{path.suffix}")),
            _("Casebooks (*{suffix});;All files (*)").format(suffix=_SUFFIX),
        )
        if not chosen:
            return
        try:
            self.session.casebook.copy_to(Path(chosen))
        except KnownError as error:
            messages.error(self, error)
            return
        self._use_casebook(Path(chosen), self._key)

    def _show_bad_end(self) -> None:
        """Show once that the last run ended badly, and that the open casebook was checked."""
        report, self._report_of_bad_end = self._report_of_bad_end, None
        if report is None:
            return
        if self.session is None:
            text = _("Every casebook is checked before it opens.")
        else:
            # As `examine.unlock` does. What the casebook has lost, if anything, the banner shows.
            text = (
                _("“{name}” was checked before it opened. No damaged page was found.")
                if self.session.casebook.missing
                else _(
                    "“{name}” was checked before it opened. No damaged page was found, and what was"
                    " saved is in it."
                )
            ).format(name=self.session.casebook.path.stem)
        show_report(self, _("Theralog did not end properly last time."), text, report)

    def _show_status(self) -> None:
        if self.session is not None:
            self.status.show_casebook(self.session.casebook)

    def _show_backup(self) -> None:
        if self.backups is not None:
            self.status.show_backup(self.backups.status_text(datetime.now()), self.backups.problem)

    def _back_up_now(self) -> None:
        if self.backups is None:
            return

        def done(path: Path) -> None:
            messages.notice(self, _("The backup “{name}” was written.").format(name=path.name))

        self.backups.back_up_now(done, lambda error: messages.error(self, error))

    def _show_failure(self, error: KnownError) -> None:
        self._go_back()
        messages.error(self, error)

    def _show_failure_page(self, failure: Failure) -> None:
        self.failure_page.show_failure(failure)
        self.stack.setCurrentWidget(self.failure_page)
        self.failure_page.focus_first()

    def _restore(self) -> None:
        """Restore a backup of the open casebook, or of one that the user chooses."""
        from model.store import journal
        from model.store.backups.files import casebook_of

        if self.session is not None:
            casebook = self.session.casebook
            identity = journal.read_key(casebook) or None
            self._restoring.ask(casebook.path, self._key, identity=identity)
            return

        chosen = self._ask_file(_("Restore which casebook?"))
        if chosen is not None:
            self._restoring.ask(casebook_of(chosen), None)

    def _close_for_restoring(self, path: Path) -> None:
        if self.session is not None and self.session.casebook.path == path:
            self._stop_backups()  # a backup now might remove the one that is restored
        self.close_casebook()
        self._show_opening(_("Restoring {name}…").format(name=path.name))

    def _open_restored(self, path: Path, key: Key | None, replaced: Path | None) -> None:
        self._use_casebook(path, key)
        if replaced is not None:
            text = _("The backup was restored. The replaced file is “{name}”.")
            messages.notice(self, text.format(name=replaced.name))

    def _go_back(self) -> None:
        """Return to the page that was open before, because the other casebook was not opened."""
        self.failure_page.forget()
        if self.places is None:
            self._show_welcome()
        elif self._previous_page is not None and self._is_opening():
            self.stack.setCurrentWidget(self._previous_page)
            self.actions_table.set_open(Needs.CASEBOOK, True)

    def _ask_passphrase(self, path: Path) -> None:
        from gui.forms.passphrase import PassphraseForm, UnlockFailure

        unlocked = PassphraseForm.ask(self, path, self.background)
        if unlocked is None:
            self._go_back()
        elif isinstance(unlocked, UnlockFailure):
            self._restoring.look(path, unlocked.error, unlocked.passphrase)
        else:
            self._use_casebook(*unlocked)

    def _show_opening(self, text: str) -> None:
        self.opening_page.show_text(text)
        if not self._is_opening():
            self._previous_page = self.stack.currentWidget()
            # A form that is opened now would save its record in the other casebook.
            self.actions_table.set_open(Needs.CASEBOOK, False)
        self.stack.setCurrentWidget(self.opening_page)

    def _is_opening(self) -> bool:
        """Return whether the page of a casebook that is opened, or cannot be, is visible."""
        return self.stack.currentWidget() in (self.opening_page, self.failure_page)

    def _show_welcome(self) -> None:
        self.setWindowTitle("Theralog")
        self.rail.show_places(False)
        self.status.show_casebook(None)
        self.actions_table.set_open(Needs.CASEBOOK, False)
        self.stack.setCurrentWidget(self.welcome)

    # Menu

    def _bind_actions(self) -> None:
        bindings: dict[str, Callable[[], Any]] = {
            "casebook.new": self.ask_new,
            "casebook.open": self.ask_open,
            "casebook.demo": self.open_demo,
            "casebook.backup": self._back_up_now,
            "casebook.restore": self._restore,
            "casebook.passphrase": self.ask_passphrase,
            "casebook.close": self.close_casebook,
            "program.quit": self.close,
            "program.about": self._about,
        }
        for action_id, run in bindings.items():
            self.actions_table.bind(action_id, run)

    def _create_menu(self) -> QMenu:
        menu = QMenu(self)
        for action_id in (
            *("casebook.new", "casebook.open", "casebook.demo", ""),
            *(
                "casebook.export",
                "casebook.backup",
                "casebook.restore",
                "casebook.passphrase",
                "casebook.close",
                "",
            ),
            *("search.palette", "edit.undo", "edit.redo", ""),
            *("patient.new", "patient.edit", "patient.summary", "patient.delete", "patient.erase"),
            *("casebook.bin", ""),
            *("cohort.regrade", ""),
            *("program.about", "program.quit"),
        ):
            if action_id:
                menu.addAction(self.actions_table[action_id])
            else:
                menu.addSeparator()
        return menu

    def ask_new(self) -> None:
        """Ask for path and passphrase of a new casebook, create it and open it."""
        from gui.forms.new_casebook import NewCasebookForm

        chosen = NewCasebookForm.ask(self, _documents())
        if chosen is None:
            return
        path, passphrase = chosen
        self._show_opening(_("Creating {name}…").format(name=path.name))
        self._opening.create(path, passphrase)

    def ask_passphrase(self) -> None:
        """Ask for another passphrase, change it in the closed casebook, and open that again."""
        from gui.forms.passphrase import ChangePassphraseForm

        if self.session is None or self.session.read_only is not None:
            return
        path, key = self.session.casebook.path, self._key
        passphrase = ChangePassphraseForm.ask(self, path.name)
        if passphrase is None:
            return
        self.close_casebook()
        self._show_opening(_("Changing the passphrase of {name}…").format(name=path.name))
        self._opening.change_passphrase(path, key, passphrase)

    def ask_open(self) -> None:
        """Ask which casebook to open, and open it."""
        chosen = self._ask_file(_("Open casebook"))
        if chosen is not None:
            self.open_casebook(chosen)

    def _ask_file(self, title: str) -> Path | None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self,
            title,
            str(_documents()),
            _("Casebooks (*{suffix});;All files (*)").format(suffix=_SUFFIX),
        )
        return Path(chosen) if chosen else None

    def _about(self) -> None:
        from gui.window.about import About

        About.ask(self)

    def _restore_geometry(self) -> None:
        geometry = layout_of(Layout.WINDOW)
        if geometry is None or not self.restoreGeometry(geometry):
            room = self.screen().availableSize()
            self.resize(DEFAULT_SIZE.boundedTo(room))


def _documents() -> Path:
    """Return the folder of the casebook that was opened last, or else the home folder."""
    recent = recent_casebooks()
    return recent[0].parent if recent else Path.home()
