"""The card for the due schedule: its rules can be added, edited and deleted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from gui.forms.due_rule import DueRuleForm
from gui.session.session import Session
from gui.widgets.card import Card, button
from gui.widgets.layout import label
from gui.widgets.row_model import Column
from gui.widgets.row_table import ROW_HEIGHT, RowTable
from gui.widgets.undo_notice import take_step
from model.due import schedule as due_schedule
from model.due.schedule import (
    DUE_SCHEDULE,
    AppliesTo,
    CountedFrom,
    DueRule,
    Schedule,
    default_schedule,
)
from model.errors import KnownError
from model.language import N_, _
from model.store.step import Change


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A rule with its index in the schedule."""

    id: int
    rule: DueRule


class DueScheduleCard(Card):
    """The schedule as a table: Enter and F2 edit a rule, Delete deletes it, as undoable steps."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(_("Due schedule"), parent)
        self._session = session
        self._schedule: Schedule = ()
        words = label(
            _(
                "When results, imaging, follow-up and the next cycle are due. The schedule belongs"
                " to the casebook. The defaults reflect common practice, not a guideline: adjust"
                " them to your centre."
            ),
            "hint",
            wrap=True,
        )
        self.problem = label(kind="problem", wrap=True)
        self.table: RowTable[ScheduleRow] = RowTable(
            _columns(),
            name=_("Due schedule"),
            empty=_("No rules: nothing will be due."),
        )
        self.add_button = button(_("&Add rule…"), "link")
        self.default_button = button(_("Restore de&faults"), "quiet")
        self.default_button.setToolTip(_("Use the schedule that came with the program"))
        self.add_action(self.default_button)
        self.add_action(self.add_button)
        self.body.setContentsMargins(1, 4, 1, 8)
        words.setContentsMargins(13, 0, 13, 0)
        self.problem.setContentsMargins(13, 0, 13, 0)
        self.add(words)
        self.add(self.problem)
        self.add(self.table)
        self.add_button.clicked.connect(self.add_rule)
        self.default_button.clicked.connect(self.use_default)
        self.table.activated.connect(self.edit)
        self.table.edit_requested.connect(self.edit)
        self.table.delete_requested.connect(self.delete)
        session.changed.connect(self._follow)
        self._show_schedule()

    def add_rule(self) -> None:
        """Open the form of a new rule."""
        if DueRuleForm.ask(self, self._session, self._schedule) is not None:
            self.table.choose(len(self._schedule) - 1)
        self.table.setFocus()

    def edit(self, row: ScheduleRow) -> None:
        """Open the form of a rule."""
        DueRuleForm.ask(self, self._session, self._schedule, row.id)
        self.table.setFocus()

    def delete(self, row: ScheduleRow) -> None:
        """Delete a rule from the schedule, and offer to undo that."""
        rules = tuple(rule for index, rule in enumerate(self._schedule) if index != row.id)
        self._save(rules, _("The rule “{name}” was deleted.").format(name=row.rule.what))
        self.table.setFocus()

    def use_default(self) -> None:
        """Return to the schedule that came with the program."""
        self._save(default_schedule(), _("The default schedule is in use again."))

    def _save(self, rules: Schedule, message: str) -> None:
        label = N_("Change due schedule")
        take_step(
            self,
            self._session,
            label,
            lambda step: due_schedule.save(step, rules),
            message,
            seen={DUE_SCHEDULE: self._seen},
        )

    def _follow(self, change: Change) -> None:
        if "setting" in change.tables:
            self._show_schedule()

    def _show_schedule(self) -> None:
        problem = ""
        self._seen = self._session.casebook.setting(DUE_SCHEDULE)
        try:
            self._schedule = due_schedule.of_casebook(self._session.casebook)
        except KnownError as error:
            # The defaults are shown instead, ready to replace what cannot be read.
            self._schedule, problem = default_schedule(), str(error)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        is_own = (
            bool(self._session.casebook.setting(DUE_SCHEDULE))
            and self._schedule != default_schedule()
        )
        self.default_button.setVisible(is_own or bool(problem))
        self.table.show_records([ScheduleRow(*pair) for pair in enumerate(self._schedule)])
        rows = max(len(self._schedule), 2)
        header = self.table.view.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(header + ROW_HEIGHT * rows)


def when_text(rule: DueRule) -> str:
    """Return when something is due: `14 d after a cycle, then every 14 d until day 56`."""
    event = {
        CountedFrom.CYCLE: _("a cycle"),
        CountedFrom.ALPHA_CYCLE: _("an alpha cycle"),
        CountedFrom.BETA_CYCLE: _("a beta cycle"),
        CountedFrom.CONTACT: _("the last contact"),
        CountedFrom.NEXT_CYCLE: _("the next cycle"),
    }[rule.after]
    when = _("{n} d after {event}") if rule.day > 0 else _("{n} d before {event}")
    if rule.every and rule.until:
        pattern = _("{when}, then every {every} d until day {until}")
    elif rule.every:
        pattern = _("{when}, then every {every} d")
    elif rule.until:
        pattern = _("{when} until day {until}")
    else:
        pattern = "{when}"
    return pattern.format(
        when=when.format(n=abs(rule.day), event=event), every=rule.every, until=rule.until
    )


def _columns() -> tuple[Column[ScheduleRow], ...]:
    applies = {
        AppliesTo.ON_TREATMENT: _("on treatment"),
        AppliesTo.AFTER_TREATMENT: _("after treatment"),
        AppliesTo.ALIVE: _("alive"),
    }
    return (
        Column(_("What"), lambda row: row.rule.what, tip=_tip),
        Column(_("When"), lambda row: when_text(row.rule), tip=_tip, stretch=True),
        Column(
            _("For"),
            lambda row: applies[row.rule.applies],
            tone=lambda _row: "soft",
            tip=_tip,
        ),
    )


def _tip(row: ScheduleRow) -> str:
    rule = row.rule
    window = _("Counts from {early} d before; overdue after {late} d.").format(
        early=rule.early, late=rule.late
    )
    return "\n".join(filter(None, (window, rule.remark)))
