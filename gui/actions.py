"""Every action of the program in one table: its text, its keys, and what must be open for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from gui.style import icons
from model.language import _


class Needs(Enum):
    """What must be open for an action; a patient and a page need an open casebook as well."""

    NOTHING = auto()
    CASEBOOK = auto()
    PATIENT = auto()
    PAGE = auto()
    """The page that binds the action, which enables it while it is visible."""


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One line of the table: id, text, keys (of several the first are shown), needs, icon."""

    id: str
    text: str
    keys: tuple[str, ...] = ()
    needs: Needs = Needs.CASEBOOK
    icon: str = ""

    @property
    def writes(self) -> bool:
        """Whether it adds to the casebook: a record, or the journal entry of a file."""
        return self.id.endswith((".new", ".edit", ".delete", ".summary")) or self.id in _WRITING


def _line(
    action_id: str, text: str, *keys: str, needs: Needs = Needs.CASEBOOK, icon: str = ""
) -> ActionLine:
    return ActionLine(action_id, text, keys, needs, icon)


_NOTHING, _PATIENT, _PAGE = Needs.NOTHING, Needs.PATIENT, Needs.PAGE

_WRITING = frozenset(
    {
        *("casebook.export", "casebook.backup", "casebook.restore", "edit.undo", "edit.redo"),
        *("casebook.passphrase", "patient.erase"),
        *("cycle.again", "cycle.worksheet", "review.start", "cohort.freeze", "cohort.report"),
    }
)

ACTIONS = (
    _line("casebook.new", _("New casebook…"), "Ctrl+Shift+N", needs=_NOTHING),
    _line("casebook.open", _("Open casebook…"), "Ctrl+O", needs=_NOTHING, icon="open"),
    _line("casebook.demo", _("Open the demo casebook"), needs=_NOTHING),
    _line("casebook.export", _("Export…"), "Ctrl+E", icon="export"),
    _line("casebook.bin", _("Bin…"), icon="delete"),
    _line("casebook.backup", _("Back up now")),
    _line("casebook.restore", _("Restore a backup…"), needs=_NOTHING),
    _line("casebook.passphrase", _("Change passphrase…")),
    _line("casebook.close", _("Close casebook"), "Ctrl+W"),
    _line("program.quit", _("Quit"), "Ctrl+Q", needs=_NOTHING),
    _line("edit.undo", _("Undo"), "Ctrl+Z", icon="undo"),
    _line("edit.redo", _("Redo"), "Ctrl+Shift+Z", "Ctrl+Y"),
    _line("record.edit", _("Edit…"), "F2", needs=_PATIENT, icon="edit"),
    _line("record.delete", _("Delete"), "Del", needs=_PATIENT, icon="delete"),
    _line("patient.new", _("New patient…"), "Ctrl+N", icon="plus"),
    _line("patient.edit", _("Edit patient…"), "Ctrl+Shift+P", needs=_PATIENT),
    _line("patient.delete", _("Delete patient…"), needs=_PATIENT),
    _line("patient.erase", _("Erase patient for good…"), needs=_PATIENT),
    _line("patient.summary", _("Summary as PDF…"), "Ctrl+P", needs=_PATIENT),
    _line("cycle.new", _("New cycle…"), "Ctrl+Shift+C", needs=_PATIENT),
    _line("cycle.again", _("New cycle, same as last…"), "Ctrl+Shift+L", needs=_PATIENT),
    _line("cycle.worksheet", _("Print worksheet…"), "Ctrl+Shift+W", needs=_PATIENT),
    _line("labs.new", _("Enter lab results…"), "Ctrl+L", needs=_PATIENT),
    _line("toxicity.new", _("New toxicity…"), "Ctrl+T", needs=_PATIENT),
    _line("assessment.new", _("New assessment…"), "Ctrl+Shift+A", needs=_PATIENT),
    _line("biopsy.new", _("New biopsy…"), "Ctrl+Shift+B", needs=_PATIENT),
    _line("therapy.new", _("New therapy…"), "Ctrl+Shift+T", needs=_PATIENT),
    _line("metastasis.new", _("New metastasis…"), "Ctrl+Shift+M", needs=_PATIENT),
    _line("end.new", _("New end of treatment…"), "Ctrl+Shift+E", needs=_PATIENT),
    _line("followup.new", _("New follow-up…"), "Ctrl+Shift+F", needs=_PATIENT),
    _line("note.new", _("New note…"), "Ctrl+Shift+O", needs=_PATIENT),
    _line("quality.new", _("New quality-of-life entry…"), needs=_PATIENT),
    _line("review.start", _("Review proposed grades"), "Ctrl+R", needs=_PATIENT),
    _line("patient.regrade", _("Grade again in the other CTCAE version…"), needs=_PATIENT),
    _line("cohort.regrade", _("Grade all patients again in the other CTCAE version…")),
    _line("cohort.filter", _("Add a filter…"), "Ctrl+Shift+I", needs=_PAGE),
    _line("cohort.freeze", _("Freeze the cohort…"), "Ctrl+Shift+K", needs=_PAGE),
    _line("cohort.report", _("Cohort report as PDF…"), "Ctrl+Shift+R", needs=_PAGE),
    _line("cohort.paragraph", _("Copy paragraph"), "Ctrl+Shift+Y", needs=_PAGE),
    _line("search.patients", _("Search patients"), "Ctrl+F", icon="search"),
    _line("search.palette", _("Search actions and patients…"), "Ctrl+K"),
    _line("tab.1", _("Go to Course"), "Alt+1", needs=_PATIENT),
    _line("tab.2", _("Go to Cycles"), "Alt+2", needs=_PATIENT),
    _line("tab.3", _("Go to Labs"), "Alt+3", needs=_PATIENT),
    _line("tab.4", _("Go to Toxicities"), "Alt+4", needs=_PATIENT),
    _line("tab.5", _("Go to Imaging"), "Alt+5", needs=_PATIENT),
    _line("tab.6", _("Go to History"), "Alt+6", needs=_PATIENT),
    _line("tab.7", _("Go to Notes"), "Alt+7", needs=_PATIENT),
    _line("tab.8", _("Go to Audit"), "Alt+8", needs=_PATIENT),
    _line("place.patients", _("Patients"), "Ctrl+1", icon="patients"),
    _line("place.cohort", _("Cohort"), "Ctrl+2", icon="cohort"),
    _line("place.due", _("Due"), "Ctrl+3", icon="due"),
    _line("place.imports", _("Import"), "Ctrl+4", icon="import"),
    _line("place.settings", _("Settings"), "Ctrl+,", icon="settings"),
    _line("program.about", _("About Theralog"), "F1", needs=_NOTHING),
)


class Actions:
    """The actions of one window. One is enabled once it is bound and what it needs is open."""

    def __init__(self, window: QWidget) -> None:
        """Make every action of the table and add it to `window`."""
        self._actions: dict[str, QAction] = {}
        self._bound: set[str] = set()
        self._closed: set[Needs] = set()
        self._disabled: set[str] = set()
        self._read_only = False
        for line in ACTIONS:
            action = QAction(line.text, window)
            action.setObjectName(line.id)
            action.setShortcuts([QKeySequence(keys) for keys in line.keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setEnabled(False)
            if line.icon:
                icons.keep(action, line.icon)
            window.addAction(action)
            self._actions[line.id] = action

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def bind(self, action_id: str, run: Callable[[], object]) -> QAction:
        """Let an action run something, instead of what it ran before."""
        action = self._actions[action_id]
        if action_id in self._bound:
            action.triggered.disconnect()
        action.triggered.connect(lambda _checked=False: run())
        self._bound.add(action_id)
        self._update()
        return action

    def enable(self, enabled: bool, *action_ids: str) -> None:
        """Enable or disable single actions, for reasons beyond what they need to be open."""
        self._disabled.difference_update(action_ids)
        if not enabled:
            self._disabled.update(action_ids)
        self._update()

    def set_open(self, needs: Needs, is_open: bool) -> None:
        """Enable or disable all actions that need this to be open; at first everything is."""
        self._closed.discard(needs)
        if not is_open:
            self._closed.add(needs)
        self._update()

    def set_read_only(self, read_only: bool) -> None:
        """Disable all actions that write, or enable them again."""
        self._read_only = read_only
        self._update()

    def usable(self) -> Iterator[QAction]:
        """Return the actions that can be run now, in the order of the table."""
        return (action for action in self._actions.values() if action.isEnabled())

    def _update(self) -> None:
        for line in ACTIONS:
            needs = {line.needs} if line.needs is Needs.NOTHING else {line.needs, Needs.CASEBOOK}
            enabled = needs.isdisjoint(self._closed) and line.id not in self._disabled
            if self._read_only and line.writes and line.id != "casebook.new":
                enabled = False
            self._actions[line.id].setEnabled(enabled and line.id in self._bound)


def follow(button: QPushButton, action: QAction) -> None:
    """Let a button run an action, and be enabled while the action is."""
    button.clicked.connect(action.trigger)
    button.setEnabled(action.isEnabled())
    action.enabledChanged.connect(button.setEnabled)


def keys_text(action: QAction) -> str:
    """Return the keys of an action as the system writes them."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
