"""The form of the limits of a rule set; a shipped one is edited as a copy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from gui.fields.number import NumberField
from gui.fields.text import TextField
from gui.forms.conflicts.editing_form import EditingForm
from gui.forms.conflicts.versions import Fields, Versions, versions_of_fields
from gui.session.session import Session
from model.errors import EditConflict
from model.language import N_, _
from model.readiness import own_rule_sets
from model.readiness.own_rule_sets import field_of
from model.readiness.rule_sets import RuleSet, shipped_sets
from model.store.rows import Record
from model.store.settings import part_conflict
from model.store.step import Step


class RuleSetForm(EditingForm[RuleSet]):
    """One number per limit, in the unit of its source; an empty limit is not used."""

    def __init__(
        self, parent: QWidget | None, session: Session, rules: RuleSet, *, copies: bool
    ) -> None:
        """A form for an editable set, or with `copies` for a copy of any set."""
        title = _("Copy rule set") if copies else _("Edit rule set")
        super().__init__(parent, title)
        self.session = session
        self._rules = rules
        self._saved_rules: RuleSet | None = None
        self._copies = copies
        self._adds_again = False
        self.add_section(_("Rule set"))
        self.name = self.add_row("name", _("&Name"), TextField(required=True))
        is_named = rules.key in {one.key for one in shipped_sets()}
        self.name.setEnabled(copies or not is_named)
        self.name.set_value(_("{name}, copy").format(name=rules.name) if copies else rules.name)
        self.add_section(_("What blocks"))
        self.add_text(_("An empty limit is not used."))
        self.limits: dict[str, NumberField] = {}
        for rule in rules.rules:
            for index, limit in enumerate(rule.limits):
                field = NumberField(unit=limit.unit_text, placeholder=_("not used"))
                field.set_value(limit.value)
                words = f"{rule.joined} {limit.label}" if index else limit.label
                name = field_of(rule, index)
                self.limits[name] = self.add_row(name, words, field)
                if index == 0:
                    field.setToolTip(f"{rule.stated}\n{rule.source}")

    def save(self) -> RuleSet:
        """Save the set, or its copy, in one step; an untouched set needs none."""
        if not self._copies and not self.is_touched():
            return self._rules
        edited = self._edited()
        if self._copies:
            name = self.name.value() or ""
            return self.take_step(
                N_("Copy rule set"), lambda step: own_rule_sets.copy(step, edited, name)
            )

        def work(step: Step) -> RuleSet:
            self._refuse_changed(step)
            return own_rule_sets.save(step, edited)

        return self.take_step(N_("Edit rule set"), work)

    def _refuse_changed(self, step: Step) -> None:
        """Raise EditConflict when the set was changed or deleted since this form was opened."""
        sets = {each.key: each for each in own_rule_sets.all_sets(step)}
        self._saved_rules = sets.get(self._rules.key)
        if self._saved_rules != self._rules and not self._adds_again:
            was_deleted = self._saved_rules is None
            raise part_conflict(step, own_rule_sets.OWN_SETS, was_deleted=was_deleted)

    def opened_records(self) -> list[Record]:
        """Return nothing: a set is no record, but a part of a setting."""
        return []

    def versions(self, _conflict: EditConflict) -> list[Versions]:
        """Return the limits in which the saved set and the typed one differ."""
        if self._saved_rules is None:
            return []
        opened, present = self._fields_of(self._rules), self._fields_of(self._saved_rules)
        return versions_of_fields(opened, present, self.fields)

    def restore(self, _conflict: EditConflict) -> None:
        """Add the set again when this form is saved."""
        self._adds_again = True

    def take_over(self, _conflict: EditConflict, names: Collection[str]) -> None:
        """Go on from the saved set."""
        if self._saved_rules is None:
            return
        self._rules = self._saved_rules
        present = self._fields_of(self._rules)
        for name in names:
            self.fields[name].set_value(present[name].value())

    def _fields_of(self, rules: RuleSet) -> Fields:
        form = RuleSetForm(self, self.session, rules, copies=False)
        form.deleteLater()
        return form.fields

    def _edited(self) -> RuleSet:
        rules = tuple(
            replace(
                rule,
                limits=tuple(
                    replace(limit, value=self.limits[field_of(rule, index)].value())
                    for index, limit in enumerate(rule.limits)
                ),
            )
            for rule in self._rules.rules
        )
        return replace(self._rules, name=self.name.value() or "", rules=rules)
