"""The form of one rule of the due schedule."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from decimal import Decimal
from functools import reduce

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.fields.choice import ChoiceField
from gui.fields.number import NumberField
from gui.fields.text import MultilineField, TextField
from gui.forms.conflicts.editing_form import EditingForm
from gui.forms.conflicts.versions import Fields, Versions, versions_of_fields
from gui.session.session import Session
from model.due import schedule as due_schedule
from model.due.schedule import FARTHEST, AppliesTo, CountedFrom, DueKind, DueRule, Schedule
from model.errors import EditConflict, KnownError
from model.language import N_, _
from model.records import labs
from model.reference import analytes
from model.store.rows import Record
from model.store.settings import part_conflict
from model.store.step import Step

_KINDS = (
    (DueKind.LABS, _("Laboratory results")),
    (DueKind.IMAGING, _("Imaging assessment")),
    (DueKind.FOLLOW_UP, _("Follow-up")),
    (DueKind.CYCLE, _("Cycle")),
)
_AFTERS = (
    (CountedFrom.CYCLE, _("The last cycle")),
    (CountedFrom.ALPHA_CYCLE, _("The last cycle, with an alpha emitter")),
    (CountedFrom.BETA_CYCLE, _("The last cycle, without an alpha emitter")),
    (CountedFrom.CONTACT, _("The last contact")),
    (CountedFrom.NEXT_CYCLE, _("The day the next cycle is due")),
)
_APPLIES = (
    (AppliesTo.ON_TREATMENT, _("On treatment")),
    (AppliesTo.AFTER_TREATMENT, _("After treatment")),
    (AppliesTo.ALIVE, _("All alive")),
)
_OR = re.compile(r"\s+or\s+|\|", re.IGNORECASE)


class DueRuleForm(EditingForm[DueRule]):
    """The rule at `place` of a schedule, or a new last one without a place.

    Saving stores the whole schedule in one step; other rules that were changed since stay so.
    """

    TOGETHER = (("kind", "needs", "modality"), ("after", "day", "every", "until"))

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        schedule: Schedule,
        place: int | None = None,
    ) -> None:
        title = _("New rule") if place is None else _("Edit rule")
        super().__init__(parent, title)
        self.session = session
        self._schedule = schedule
        self._place = place
        self._old = None if place is None else schedule[place]
        self._saved_rule: DueRule | None = None
        self.add_section()
        self.what = self.add_row("what", _("&What is due"), TextField(required=True))
        self.kind: ChoiceField[DueKind] = self.add_row(
            "kind", _("&Fulfilled by"), ChoiceField(_KINDS, required=True)
        )
        self.needs = self.add_row("needs", _("A&nalytes"), TextField())
        self.modality = self.add_row("modality", _("&Modality"), TextField(placeholder=_("any")))
        self.add_section(_("When"))
        self.after: ChoiceField[CountedFrom] = self.add_row(
            "after", _("Counted f&rom"), ChoiceField(_AFTERS, required=True)
        )
        self.day = self.add_row("day", _("First due on &day"), _days("", -FARTHEST, required=True))
        self.every = self.add_row("every", _("Then &every"), _days(_("days"), 1))
        self.until = self.add_row("until", _("&Until day"), _days("", 1))
        self.early = self.add_row("early", _("&Counts from"), _days(_("days before the day"), 0))
        self.late = self.add_row("late", _("&Overdue"), _days(_("days after the day"), 0))
        self.applies: ChoiceField[AppliesTo] = self.add_row(
            "applies", _("For &patients"), ChoiceField(_APPLIES, required=True)
        )
        self.add_section(_("Source"))
        self.remark = self.add_row("remark", _("Rema&rk"), MultilineField(lines=2))
        self._fill(self._old)
        self.kind.changed.connect(self._follow_kind)
        self.needs.changed.connect(self._show_analytes)
        self.after.changed.connect(self._show_sign)
        self._follow_kind()
        self._show_analytes()
        self._show_sign()

    def save(self) -> DueRule:
        """Save the schedule with this rule; an untouched rule is returned as it is."""
        if self._old is not None and not self.is_touched():
            return self._old
        rule = self._rule()

        def work(step: Step) -> None:
            due_schedule.save(step, self._schedule_with(rule, step))

        self.take_step(N_("Change due schedule"), work)
        return rule

    def _schedule_with(self, rule: DueRule, step: Step) -> Schedule:
        """Return the schedule that is saved now, with the rule; raises EditConflict."""
        try:
            rules = list(due_schedule.of_casebook(step))
        except KnownError:  # it is replaced by the one that is shown
            rules = list(self._schedule)
        if self._old is None:
            rules.append(rule)
        elif self._old in rules:
            rules[rules.index(self._old)] = rule
        else:
            # A rule has no name that stays: it is known by its position among as many.
            at = self._schedule.index(self._old)
            is_there = len(rules) == len(self._schedule) and rules[at] not in self._schedule
            self._saved_rule = rules[at] if is_there else None
            self._schedule = tuple(rules)
            raise part_conflict(
                step, due_schedule.DUE_SCHEDULE, was_deleted=self._saved_rule is None
            )
        return tuple(rules)

    def opened_records(self) -> list[Record]:
        """Return nothing: a rule is no record, but a part of a setting."""
        return []

    def versions(self, _conflict: EditConflict) -> list[Versions]:
        """Return the fields in which the saved rule and the typed one differ."""
        if self._saved_rule is None:
            return []
        opened, present = self._fields_of(self._old), self._fields_of(self._saved_rule)
        return versions_of_fields(opened, present, self.fields, self.TOGETHER)

    def restore(self, _conflict: EditConflict) -> None:
        """Add the rule again when this form is saved."""
        self._old = None

    def take_over(self, _conflict: EditConflict, names: Collection[str]) -> None:
        """Go on from the saved rule."""
        self._old = self._saved_rule
        present = self._fields_of(self._old)
        for name, field in self.fields.items():
            if name in names:
                field.set_value(present[name].value())

    def _fields_of(self, rule: DueRule | None) -> Fields:
        form = DueRuleForm(self, self.session, (rule,) if rule else (), 0 if rule else None)
        form.deleteLater()
        return form.fields

    def _rule(self) -> DueRule:
        kind = self.kind.value() or DueKind.LABS
        match kind:
            case DueKind.LABS:
                needs = analytes_read(self.needs.value() or "")
            case DueKind.IMAGING:
                needs = self.modality.value() or ""
            case _:
                needs = ""
        return DueRule(
            what=self.what.value() or "",
            kind=kind,
            needs=needs,
            after=self.after.value() or CountedFrom.CYCLE,
            day=int(self.day.value() or 0),
            every=_whole(self.every.value()),
            until=_whole(self.until.value()),
            early=_whole(self.early.value()) or 0,
            late=_whole(self.late.value()) or 0,
            applies=self.applies.value() or AppliesTo.ALIVE,
            remark=self.remark.value() or "",
        )

    def _fill(self, rule: DueRule | None) -> None:
        if rule is None:
            self.kind.set_value(DueKind.LABS)
            self.after.set_value(CountedFrom.CYCLE)
            self.applies.set_value(AppliesTo.ON_TREATMENT)
            return
        modality = rule.needs if rule.kind is DueKind.IMAGING else ""
        for name, field in self.fields.items():
            field.set_value(modality if name == "modality" else getattr(rule, name))
        self.needs.set_value(analytes_written(rule) if rule.kind is DueKind.LABS else "")

    @Slot()
    def _follow_kind(self) -> None:
        kind = self.kind.value()
        self.show_row(self.needs, kind is DueKind.LABS)
        self.show_row(self.modality, kind is DueKind.IMAGING)

    @Slot()
    def _show_analytes(self) -> None:
        groups = replace(_LABS, needs=analytes_read(self.needs.value() or "")).alternatives
        unknown = [key for group in groups for key in group if analytes.find(key) is None]
        if unknown:
            self.needs.show_hint(
                _("Unknown, taken as written: {names}").format(names=", ".join(unknown))
            )
        elif groups:
            self.needs.show_hint("; ".join(_either(map(labs.label, group)) for group in groups))
        else:
            self.needs.show_hint(_("All of them are needed: HB, PLT, ANC or WBC"))

    @Slot()
    def _show_sign(self) -> None:
        is_before = self.after.value() is CountedFrom.NEXT_CYCLE
        self.day.show_hint(_("Days before it with a minus sign: -7") if is_before else "")


_LABS = DueRule(what="", kind=DueKind.LABS, after=CountedFrom.CYCLE, day=1, applies=AppliesTo.ALIVE)


def analytes_read(text: str) -> str:
    """Return analytes as the schedule stores them, from names as typed: `HB, ANC or WBC`."""
    groups = ("|".join(filter(None, map(_key, _OR.split(group)))) for group in text.split(","))
    return ", ".join(filter(None, groups))


def analytes_written(rule: DueRule) -> str:
    """Return the analytes of a rule as they are typed."""
    return ", ".join(
        " or ".join(key.upper() if analytes.find(key) else key for key in group)
        for group in rule.alternatives
    )


def _either(names: Iterable[str]) -> str:
    """Return alternatives in words: `Haemoglobin or Platelets`."""
    return reduce(lambda one, other: _("{one} or {other}").format(one=one, other=other), names)


def _key(text: str) -> str:
    known = analytes.find(text.strip())
    return known.key if known else text.strip()


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)


def _days(unit: str, minimum: int, *, required: bool = False) -> NumberField:
    return NumberField(unit=unit, minimum=minimum, maximum=FARTHEST, whole=True, required=required)
