"""Every action of the program in one table, with its words and its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.style import icons


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One line of the table: id, words, keys (of several the first are shown), icon."""

    id: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""


def _line(action_id: str, text: object, *keys: str, icon: str = "") -> ActionLine:
    # QT_TRANSLATE_NOOP marks the words for translation and gives them back as an object.
    return ActionLine(action_id, str(text), keys, icon)


ACTIONS = (
    _line("casebook.new", QT_TRANSLATE_NOOP("Actions", "New casebook…"), "Ctrl+Shift+N"),
    _line("casebook.open", QT_TRANSLATE_NOOP("Actions", "Open casebook…"), "Ctrl+O", icon="open"),
    _line("casebook.demo", QT_TRANSLATE_NOOP("Actions", "Open the demo casebook")),
    _line("casebook.export", QT_TRANSLATE_NOOP("Actions", "Export…"), "Ctrl+E", icon="export"),
    _line("casebook.close", QT_TRANSLATE_NOOP("Actions", "Close casebook"), "Ctrl+W"),
    _line("program.quit", QT_TRANSLATE_NOOP("Actions", "Quit"), "Ctrl+Q"),
    _line("edit.undo", QT_TRANSLATE_NOOP("Actions", "Undo"), "Ctrl+Z", icon="undo"),
    _line("edit.redo", QT_TRANSLATE_NOOP("Actions", "Redo"), "Ctrl+Shift+Z", "Ctrl+Y"),
    _line("record.edit", QT_TRANSLATE_NOOP("Actions", "Edit…"), "F2", icon="edit"),
    _line("record.delete", QT_TRANSLATE_NOOP("Actions", "Delete"), "Del", icon="delete"),
    _line("patient.new", QT_TRANSLATE_NOOP("Actions", "New patient…"), "Ctrl+N", icon="plus"),
    _line("patient.edit", QT_TRANSLATE_NOOP("Actions", "Edit patient…"), "Ctrl+Shift+P"),
    _line("patient.delete", QT_TRANSLATE_NOOP("Actions", "Delete patient…")),
    _line("patient.summary", QT_TRANSLATE_NOOP("Actions", "Summary as PDF…"), "Ctrl+P"),
    _line("cycle.new", QT_TRANSLATE_NOOP("Actions", "New cycle…"), "Ctrl+Shift+C"),
    _line("cycle.again", QT_TRANSLATE_NOOP("Actions", "New cycle, same as last…"), "Ctrl+Shift+L"),
    _line("cycle.worksheet", QT_TRANSLATE_NOOP("Actions", "Print worksheet…"), "Ctrl+Shift+W"),
    _line("labs.new", QT_TRANSLATE_NOOP("Actions", "Enter lab results…"), "Ctrl+L"),
    _line("toxicity.new", QT_TRANSLATE_NOOP("Actions", "New toxicity…"), "Ctrl+T"),
    _line("assessment.new", QT_TRANSLATE_NOOP("Actions", "New assessment…"), "Ctrl+Shift+A"),
    _line("biopsy.new", QT_TRANSLATE_NOOP("Actions", "New biopsy…"), "Ctrl+Shift+B"),
    _line("therapy.new", QT_TRANSLATE_NOOP("Actions", "New therapy…"), "Ctrl+Shift+T"),
    _line("metastasis.new", QT_TRANSLATE_NOOP("Actions", "New metastasis…"), "Ctrl+Shift+M"),
    _line("followup.new", QT_TRANSLATE_NOOP("Actions", "New follow-up…"), "Ctrl+Shift+F"),
    _line("note.new", QT_TRANSLATE_NOOP("Actions", "New note…"), "Ctrl+Shift+O"),
    _line("quality.new", QT_TRANSLATE_NOOP("Actions", "New quality of life…")),
    _line("review.start", QT_TRANSLATE_NOOP("Actions", "Review proposed grades"), "Ctrl+R"),
    _line(
        "patient.regrade",
        QT_TRANSLATE_NOOP("Actions", "Grade again in the other CTCAE version…"),
    ),
    _line(
        "cohort.regrade",
        QT_TRANSLATE_NOOP("Actions", "Grade all patients again in the other CTCAE version…"),
    ),
    _line("cohort.filter", QT_TRANSLATE_NOOP("Actions", "Add a filter…"), "Ctrl+Shift+I"),
    _line("cohort.freeze", QT_TRANSLATE_NOOP("Actions", "Freeze the cohort…"), "Ctrl+Shift+K"),
    _line("cohort.report", QT_TRANSLATE_NOOP("Actions", "Cohort report as PDF…"), "Ctrl+Shift+R"),
    _line("cohort.paragraph", QT_TRANSLATE_NOOP("Actions", "Copy paragraph"), "Ctrl+Shift+Y"),
    _line(
        "search.patients", QT_TRANSLATE_NOOP("Actions", "Search patients"), "Ctrl+F", icon="search"
    ),
    _line("search.palette", QT_TRANSLATE_NOOP("Actions", "Do or find…"), "Ctrl+K"),
    _line("tab.1", QT_TRANSLATE_NOOP("Actions", "Go to Course"), "Alt+1"),
    _line("tab.2", QT_TRANSLATE_NOOP("Actions", "Go to Cycles"), "Alt+2"),
    _line("tab.3", QT_TRANSLATE_NOOP("Actions", "Go to Labs"), "Alt+3"),
    _line("tab.4", QT_TRANSLATE_NOOP("Actions", "Go to Toxicities"), "Alt+4"),
    _line("tab.5", QT_TRANSLATE_NOOP("Actions", "Go to Imaging"), "Alt+5"),
    _line("tab.6", QT_TRANSLATE_NOOP("Actions", "Go to History"), "Alt+6"),
    _line("tab.7", QT_TRANSLATE_NOOP("Actions", "Go to Notes"), "Alt+7"),
    _line("tab.8", QT_TRANSLATE_NOOP("Actions", "Go to Audit"), "Alt+8"),
    _line("place.patients", QT_TRANSLATE_NOOP("Actions", "Patients"), "Ctrl+1", icon="patients"),
    _line("place.cohort", QT_TRANSLATE_NOOP("Actions", "Cohort"), "Ctrl+2", icon="cohort"),
    _line("place.due", QT_TRANSLATE_NOOP("Actions", "Due"), "Ctrl+3", icon="due"),
    _line("place.imports", QT_TRANSLATE_NOOP("Actions", "Import"), "Ctrl+4", icon="import"),
    _line("place.settings", QT_TRANSLATE_NOOP("Actions", "Settings"), "Ctrl+,", icon="settings"),
    _line("program.about", QT_TRANSLATE_NOOP("Actions", "About Theralog"), "F1"),
)


class Actions:
    """The actions of one window; each rests, its keys too, until something is bound to it."""

    def __init__(self, window: QWidget) -> None:
        """Make every action of the table and give it to `window`."""
        self._actions: dict[str, QAction] = {}
        self._bound: set[str] = set()
        for line in ACTIONS:
            action = QAction(QCoreApplication.translate("Actions", line.text), window)
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
