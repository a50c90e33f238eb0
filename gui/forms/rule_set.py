"""The limits of a rule set, to be edited; of a named one, in a copy under another name."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QLabel, QWidget

from gui.fields.number import NumberField
from gui.fields.text import TextField
from gui.forms.form import Form
from gui.session.session import Session
from gui.style import theme
from model.language import _
from model.readiness import own_rule_sets
from model.readiness.own_rule_sets import field_of
from model.readiness.rule_sets import RuleSet, shipped_sets


class RuleSetForm(Form[RuleSet]):
    """One number a limit, with the unit of its source; an emptied limit is not used."""

    def __init__(
        self, parent: QWidget | None, session: Session, rules: RuleSet, *, copies: bool
    ) -> None:
        """The form of an editable set, or of a copy that is made of any."""
        title = _("Copy rule set") if copies else _("Edit rule set")
        super().__init__(parent, title)
        self._session = session
        self._rules = rules
        self._copies = copies
        self.add_section(_("Rule set"))
        self.name = self.add_row("name", _("&Name"), TextField(required=True))
        is_named = rules.key in {one.key for one in shipped_sets()}
        self.name.setEnabled(copies or not is_named)
        self.name.set_value(_("%s, copy") % rules.name if copies else rules.name)
        self.add_section(_("What blocks"))
        hint = QLabel(_("A limit that is left empty is not used."))
        theme.set_kind(hint, "hint")
        self.add_wide(hint)
        self.limits: dict[str, NumberField] = {}
        for rule in rules.rules:
            for place, limit in enumerate(rule.limits):
                field = NumberField(unit=limit.unit_text, placeholder=_("not used"))
                field.set_value(limit.value)
                words = f"{rule.joined} {limit.label}" if place else limit.label
                name = field_of(rule, place)
                self.limits[name] = self.add_row(name, words, field)
                if place == 0:
                    field.setToolTip(f"{rule.stated}\n{rule.source}")

    def save(self) -> RuleSet:
        """Keep the set, or its copy, in one step; what was not touched is left without one."""
        if not self._copies and not self.is_touched():
            return self._rules
        edited = self._edited()
        if self._copies:
            name = self.name.value() or ""
            return self._session.do(
                "Copy rule set", lambda step: own_rule_sets.copy(step, edited, name)
            )
        return self._session.do("Edit rule set", lambda step: own_rule_sets.save(step, edited))

    def _edited(self) -> RuleSet:
        rules = tuple(
            replace(
                rule,
                limits=tuple(
                    replace(limit, value=self.limits[field_of(rule, place)].value())
                    for place, limit in enumerate(rule.limits)
                ),
            )
            for rule in self._rules.rules
        )
        return replace(self._rules, name=self.name.value() or "", rules=rules)
