"""Every action of the program in one table, with its words and its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.style import icons
from model.language import _


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One line of the table: id, words, keys (of several the first are shown), icon."""

    id: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""


def _line(action_id: str, text: str, *keys: str, icon: str = "") -> ActionLine:
    return ActionLine(action_id, text, keys, icon)


ACTIONS = (
    _line("casebook.new", _("New casebook…"), "Ctrl+Shift+N"),
    _line("casebook.open", _("Open casebook…"), "Ctrl+O", icon="open"),
    _line("casebook.demo", _("Open the demo casebook")),
    _line("casebook.export", _("Export…"), "Ctrl+E", icon="export"),
    _line("casebook.close", _("Close casebook"), "Ctrl+W"),
    _line("program.quit", _("Quit"), "Ctrl+Q"),
    _line("edit.undo", _("Undo"), "Ctrl+Z", icon="undo"),
    _line("edit.redo", _("Redo"), "Ctrl+Shift+Z", "Ctrl+Y"),
    _line("record.edit", _("Edit…"), "F2", icon="edit"),
    _line("record.delete", _("Delete"), "Del", icon="delete"),
    _line("patient.new", _("New patient…"), "Ctrl+N", icon="plus"),
    _line("patient.edit", _("Edit patient…"), "Ctrl+Shift+P"),
    _line("patient.delete", _("Delete patient…")),
    _line("patient.summary", _("Summary as PDF…"), "Ctrl+P"),
    _line("cycle.new", _("New cycle…"), "Ctrl+Shift+C"),
    _line("cycle.again", _("New cycle, same as last…"), "Ctrl+Shift+L"),
    _line("cycle.worksheet", _("Print worksheet…"), "Ctrl+Shift+W"),
    _line("labs.new", _("Enter lab results…"), "Ctrl+L"),
    _line("toxicity.new", _("New toxicity…"), "Ctrl+T"),
    _line("assessment.new", _("New assessment…"), "Ctrl+Shift+A"),
    _line("biopsy.new", _("New biopsy…"), "Ctrl+Shift+B"),
    _line("therapy.new", _("New therapy…"), "Ctrl+Shift+T"),
    _line("metastasis.new", _("New metastasis…"), "Ctrl+Shift+M"),
    _line("followup.new", _("New follow-up…"), "Ctrl+Shift+F"),
    _line("note.new", _("New note…"), "Ctrl+Shift+O"),
    _line("quality.new", _("New quality of life…")),
    _line("review.start", _("Review proposed grades"), "Ctrl+R"),
    _line(
        "patient.regrade",
        _("Grade again in the other CTCAE version…"),
    ),
    _line(
        "cohort.regrade",
        _("Grade all patients again in the other CTCAE version…"),
    ),
    _line("cohort.filter", _("Add a filter…"), "Ctrl+Shift+I"),
    _line("cohort.freeze", _("Freeze the cohort…"), "Ctrl+Shift+K"),
    _line("cohort.report", _("Cohort report as PDF…"), "Ctrl+Shift+R"),
    _line("cohort.paragraph", _("Copy paragraph"), "Ctrl+Shift+Y"),
    _line("search.patients", _("Search patients"), "Ctrl+F", icon="search"),
    _line("search.palette", _("Do or find…"), "Ctrl+K"),
    _line("tab.1", _("Go to Course"), "Alt+1"),
    _line("tab.2", _("Go to Cycles"), "Alt+2"),
    _line("tab.3", _("Go to Labs"), "Alt+3"),
    _line("tab.4", _("Go to Toxicities"), "Alt+4"),
    _line("tab.5", _("Go to Imaging"), "Alt+5"),
    _line("tab.6", _("Go to History"), "Alt+6"),
    _line("tab.7", _("Go to Notes"), "Alt+7"),
    _line("tab.8", _("Go to Audit"), "Alt+8"),
    _line("place.patients", _("Patients"), "Ctrl+1", icon="patients"),
    _line("place.cohort", _("Cohort"), "Ctrl+2", icon="cohort"),
    _line("place.due", _("Due"), "Ctrl+3", icon="due"),
    _line("place.imports", _("Import"), "Ctrl+4", icon="import"),
    _line("place.settings", _("Settings"), "Ctrl+,", icon="settings"),
    _line("program.about", _("About Theralog"), "F1"),
)


class Actions:
    """The actions of one window; each rests, its keys too, until something is bound to it."""

    def __init__(self, window: QWidget) -> None:
        """Make every action of the table and give it to `window`."""
        self._actions: dict[str, QAction] = {}
        self._bound: set[str] = set()
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
        """Let an action run something, in place of what it ran before, and wake it."""
        action = self._actions[action_id]
        if action_id in self._bound:
            action.triggered.disconnect()
        action.triggered.connect(lambda _checked=False: run())
        action.setEnabled(True)
        self._bound.add(action_id)
        return action

    def enable(self, enabled: bool, *action_ids: str) -> None:
        """Let actions be used or not; those that nothing is bound to rest."""
        for action_id in action_ids:
            self._actions[action_id].setEnabled(enabled and action_id in self._bound)

    def usable(self) -> Iterator[QAction]:
        """The actions that can be run now, in the order of the table."""
        return (action for action in self._actions.values() if action.isEnabled())


def keys_text(action: QAction) -> str:
    """The keys of an action as the system writes them."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
