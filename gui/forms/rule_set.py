"""The form of the limits of a rule set; a shipped one is edited as a copy."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from gui.fields.number import NumberField
from gui.fields.text import TextField
from gui.forms.form import Form
from gui.session.session import Session
from model.language import N_, _
from model.readiness import own_rule_sets
from model.readiness.own_rule_sets import field_of
from model.readiness.rule_sets import RuleSet, shipped_sets


class RuleSetForm(Form[RuleSet]):
    """One number per limit, in the unit of its source; an empty limit is not used."""

    def __init__(
        self, parent: QWidget | None, session: Session, rules: RuleSet, *, copies: bool
    ) -> None:
        """A form for an editable set, or with `copies` for a copy of any set."""
        title = _("Copy rule set") if copies else _("Edit rule set")
        super().__init__(parent, title)
        self._session = session
        self._rules = rules
        self._copies = copies
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
            return self._session.do(
                N_("Copy rule set"), lambda step: own_rule_sets.copy(step, edited, name)
            )
        return self._session.do(N_("Edit rule set"), lambda step: own_rule_sets.save(step, edited))

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
