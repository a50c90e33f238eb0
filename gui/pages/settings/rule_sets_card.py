"""The card for rule sets: shows the limits of each; chooses, copies, edits and deletes sets."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.forms.rule_set import RuleSetForm
from gui.session.session import Session
from gui.widgets.card import Card, button
from gui.widgets.layout import label, row
from gui.widgets.limit_delegate import details
from gui.widgets.row_model import Column
from gui.widgets.row_table import RowTable
from gui.widgets.undo_notice import notice_with_undo, take_step
from model.errors import KnownError
from model.language import N_, _
from model.readiness import own_rule_sets
from model.readiness.own_rule_sets import CHOSEN, OWN_SETS
from model.readiness.rule_sets import Rule, RuleSet, shipped_sets
from model.store.step import Change, Step

ROW, HEAD = 34, 34
_SOURCE = 17
_NAMED = {one.key for one in shipped_sets()}
APPLIES = {
    "any_cycle": _("before each cycle"),
    "first_cycle": _("before the first cycle"),
    "later_cycles": _("after the first cycle"),
    "after_administration": _("after a cycle"),
    "after_alpha": _("after an alpha emitter"),
    "after_177Lu": _("after 177Lu"),
}


class RuleSetsCard(Card):
    """All sets in one table, the limits of the selected one in another; changes can be undone.

    Enter edits a set, or copies one that cannot be edited; Delete deletes a copy.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(_("Readiness limits"), parent)
        self._session = session
        self._in_use = ""
        words = label(
            _(
                "Limits shown next to recorded values before a cycle. To change a set from a named"
                " source, make a copy. The casebook uses one set, and “In every set” is added to"
                " it."
            ),
            "hint",
            wrap=True,
        )
        self.add(words)
        self.sets: RowTable[RuleSet] = RowTable(
            [
                Column(_("Rule set"), attrgetter("name"), stretch=True),
                Column(_("In use"), self._use_text, tone=lambda _set: "good"),
                Column(_("State"), state_text, tone=lambda _set: "soft"),
            ],
            name=_("Rule sets"),
            key=attrgetter("key"),
        )
        self.rules: RowTable[Rule] = RowTable(
            [
                Column(_("Limit"), limit_text, tip=attrgetter("stated"), tone=_tone, stretch=True),
                Column(_("Applies"), applies_text, tone=lambda _rule: "soft"),
                Column(_("Source"), _source_text, tip=attrgetter("source")),
            ],
            name=_("Limits of the chosen rule set"),
            key=attrgetter("key"),
        )
        self.use_button = button(_("&Use this set"))
        self.copy_button = button(_("Cop&y…"))
        self.edit_button = button(_("E&dit…"))
        self.remove_button = button(_("Dele&te"), "danger")
        self.discard_button = button(_("Discard unreadable rule sets"), "danger")
        self.problem = label(kind="problem", wrap=True)
        self.add(self.problem)
        self.add(self.sets)
        edits = (self.use_button, self.copy_button, self.edit_button, self.remove_button)
        self.body.addLayout(row(*edits, self.discard_button, 1))
        self.left_out = label(kind="hint", wrap=True)
        self.left_out.setTextFormat(Qt.TextFormat.PlainText)
        self.add(self.left_out)
        self.add(self.rules)
        self.source = label(kind="hint", wrap=True)
        self.source.setTextFormat(Qt.TextFormat.PlainText)
        self.source.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.add(self.source)
        self.setFocusProxy(self.sets)
        self.use_button.clicked.connect(self.use)
        self.copy_button.clicked.connect(self.copy)
        self.edit_button.clicked.connect(self.edit)
        self.remove_button.clicked.connect(self.remove)
        self.discard_button.clicked.connect(self._discard)
        self.sets.selection_changed.connect(self._show_chosen)
        self.rules.selection_changed.connect(self._show_source)
        self.sets.activated.connect(self._open)
        self.sets.edit_requested.connect(self._open)
        self.sets.delete_requested.connect(self.remove)
        session.changed.connect(self._changed)
        self.show_sets()

    def show_sets(self) -> None:
        """Show all sets, with the one in use selected at first."""
        reader = self._session.casebook
        sets, problem = list(shipped_sets()), ""
        self._in_use = own_rule_sets.chosen_key(reader)
        self._seen = {name: reader.setting(name) for name in (CHOSEN, OWN_SETS)}
        try:
            sets = own_rule_sets.all_sets(reader)
        except KnownError as error:
            problem = str(error)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.discard_button.setVisible(bool(problem))
        self.sets.show_records(sets)
        self.sets.setFixedHeight(HEAD + ROW * len(sets) + 2)
        if self.sets.chosen() is None and not self.sets.choose(self._in_use) and sets:
            self.sets.choose(sets[0].key)
        self._show_chosen()

    def use(self) -> None:
        """Use the selected set for the casebook, or none if it is the one in use."""
        chosen = self.sets.chosen()
        if chosen is None or not chosen.choosable:
            return
        key = "" if chosen.key == self._in_use else chosen.key
        label = N_("Choose rule set") if key else N_("Choose no rule set")
        self._do(label, lambda step: own_rule_sets.choose(step, key))

    def copy(self) -> None:
        """Open the form of a copy of the selected set, and select what was saved."""
        chosen = self.sets.chosen()
        if chosen is not None:
            copy = RuleSetForm.ask(self, self._session, chosen, copies=True)
            if copy is not None:
                self.sets.choose(copy.key)
            self.sets.setFocus(Qt.FocusReason.OtherFocusReason)

    def edit(self) -> None:
        """Open the form of the selected set, if it can be edited."""
        chosen = self.sets.chosen()
        if chosen is not None and chosen.editable:
            RuleSetForm.ask(self, self._session, chosen, copies=False)
            self.sets.setFocus(Qt.FocusReason.OtherFocusReason)

    def remove(self) -> None:
        """Delete the selected copy, or restore an edited set to how it ships."""
        chosen = self.sets.chosen()
        if chosen is None or chosen.shipped:
            return
        is_named = chosen.key in _NAMED
        label = N_("Restore rule set") if is_named else N_("Delete rule set")
        if self._do(label, lambda step: own_rule_sets.remove(step, chosen)):
            message = _("{name} was restored.") if is_named else _("{name} was deleted.")
            notice_with_undo(self, self._session, message.format(name=chosen.name))

    def _open(self, chosen: RuleSet) -> None:
        (self.edit if chosen.editable else self.copy)()

    def _changed(self, change: Change) -> None:
        if "setting" in change.tables:
            self.show_sets()

    def _show_chosen(self, _chosen: object = None) -> None:
        """Show the limits of the selected set, and enable what can be done with it."""
        chosen = self.sets.chosen()
        self.rules.show_records(chosen.rules if chosen else ())
        left_out = chosen.left_out if chosen else ""
        text = _("Not among the limits of this set, though in its source: {criteria}.")
        self.left_out.setText(text.format(criteria=left_out) if left_out else "")
        self.left_out.setVisible(bool(left_out))
        self._show_source(self.rules.chosen())
        self.rules.setFixedHeight(HEAD + ROW * len(chosen.rules if chosen else ()) + 14)
        readable = self.problem.isHidden()
        is_named = chosen is not None and chosen.key in _NAMED
        self.use_button.setEnabled(readable and chosen is not None and chosen.choosable)
        in_use = chosen is not None and chosen.key == self._in_use
        self.use_button.setText(_("Stop &using it") if in_use else _("&Use this set"))
        self.copy_button.setEnabled(readable and chosen is not None and chosen.choosable)
        self.edit_button.setEnabled(readable and chosen is not None and chosen.editable)
        self.remove_button.setText(_("Res&tore") if is_named else _("Dele&te"))
        self.remove_button.setVisible(readable and chosen is not None and not chosen.shipped)

    def _show_source(self, rule: Rule | None) -> None:
        """Show the source of the selected limit."""
        self.source.setText("" if rule is None else details(rule))
        self.source.setVisible(rule is not None)

    def _use_text(self, one: RuleSet) -> str:
        if not one.choosable:
            return _("always") if self._in_use else ""
        return _("✓ in use") if one.key == self._in_use else ""

    def _do(self, label: str, work: Callable[[Step], object]) -> bool:
        return take_step(self, self._session, label, work, seen=self._seen)

    def _discard(self) -> None:
        self._do(N_("Discard rule sets"), own_rule_sets.discard)


def state_text(one: RuleSet) -> str:
    """Return whether a set is as published, in full or in part, or was edited or copied."""
    if one.key not in _NAMED:
        return _("own copy")
    if not one.shipped:
        return _("edited")
    if one.editable:
        return _("as shipped, editable")
    return _("part of its source") if one.left_out else _("as published")


def limit_text(rule: Rule) -> str:
    """Return what a rule lets pass, or that it is not used."""
    return rule.passing if rule.used else _("{limit}: not used").format(limit=rule.limits[0].name)


def applies_text(rule: Rule) -> str:
    """Return when a rule applies."""
    return APPLIES.get(rule.applies_to) or rule.applies_to.replace("_", " ")


def _tone(rule: Rule) -> str:
    return "" if rule.used else "soft"


def _source_text(rule: Rule) -> str:
    """Return the start of the source; all of it is shown below the table."""
    return rule.source if len(rule.source) <= _SOURCE else f"{rule.source[:_SOURCE].rstrip()}…"
