"""The due schedule in the settings: its rules, to be added, edited and deleted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QLabel, QWidget

from gui.forms.due_rule import DueRuleForm
from gui.session.session import Session
from gui.style import theme
from gui.widgets import messages
from gui.widgets.card import Card, button
from gui.widgets.row_table import ROW_HEIGHT, Column, RowTable
from gui.widgets.undo_notice import notice_with_undo
from model.due import schedule as due_schedule
from model.due.schedule import DUE_SCHEDULE, After, Applies, DueRule, Schedule, usual
from model.errors import KnownError
from model.language import _
from model.store.step import Change


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule with its place in the schedule."""

    id: int
    rule: DueRule


class DueScheduleCard(Card):
    """Enter and F2 edit a rule, Delete removes it; each change is a step that can be undone."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(_("Due schedule"), parent)
        self._session = session
        self._schedule: Schedule = ()
        words = QLabel(
            _(
                "When results, imaging, follow-up and the next cycle are due. It is kept in the"
                " casebook. What it begins with is customary, no guideline: set it for your"
                " centre."
            )
        )
        words.setWordWrap(True)
        theme.set_kind(words, "hint")
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        theme.set_kind(self.problem, "problem")
        self.table: RowTable[Placed] = RowTable(
            _columns(),
            name=_("Due schedule"),
            empty=_("No rules: nothing will be due."),
        )
        self.add_button = button(_("&Add rule…"), "link")
        self.usual_button = button(_("Custo&mary schedule"), "quiet")
        self.usual_button.setToolTip(_("Go by the schedule that came with the program"))
        self.add_action(self.usual_button)
        self.add_action(self.add_button)
        self.body.setContentsMargins(1, 4, 1, 8)
        words.setContentsMargins(13, 0, 13, 0)
        self.problem.setContentsMargins(13, 0, 13, 0)
        self.add(words)
        self.add(self.problem)
        self.add(self.table)
        self.add_button.clicked.connect(self.add_rule)
        self.usual_button.clicked.connect(self.use_customary)
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

    def edit(self, placed: Placed) -> None:
        """Open the form of a rule."""
        DueRuleForm.ask(self, self._session, self._schedule, placed.id)
        self.table.setFocus()

    def delete(self, placed: Placed) -> None:
        """Take a rule out of the schedule, and offer to take that back."""
        rules = tuple(rule for place, rule in enumerate(self._schedule) if place != placed.id)
        said = _("The rule “%s” was deleted.") % placed.rule.what
        self._keep(rules, said)
        self.table.setFocus()

    def use_customary(self) -> None:
        """Go back to the schedule that came with the program."""
        self._keep(usual(), _("The customary schedule is gone by again."))

    def _keep(self, rules: Schedule, said: str) -> None:
        try:
            self._session.do("Change due schedule", lambda step: due_schedule.keep(step, rules))
        except KnownError as error:
            messages.error(self, error)
            return
        notice_with_undo(self, self._session, said)

    def _follow(self, change: Change) -> None:
        if "setting" in change.tables:
            self._show_schedule()

    def _show_schedule(self) -> None:
        problem = ""
        try:
            self._schedule = due_schedule.of_casebook(self._session.casebook)
        except KnownError as error:
            # Shown to be kept anew: what stands there is of no use to anyone.
            self._schedule, problem = usual(), str(error)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        is_own = bool(self._session.casebook.setting(DUE_SCHEDULE)) and self._schedule != usual()
        self.usual_button.setVisible(is_own or bool(problem))
        self.table.show_records([Placed(*pair) for pair in enumerate(self._schedule)])
        rows = max(len(self._schedule), 2)
        header = self.table.view.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(header + ROW_HEIGHT * rows)


def when_text(rule: DueRule) -> str:
    """When something is due, in words: `14 d after a cycle, then every 14 d until day 56`."""
    counted = {
        After.CYCLE: _("a cycle"),
        After.ALPHA_CYCLE: _("an alpha cycle"),
        After.BETA_CYCLE: _("a beta cycle"),
        After.CONTACT: _("the last contact"),
        After.NEXT_CYCLE: _("the next cycle"),
    }[rule.after]
    side = _("%d d after %s") if rule.day > 0 else _("%d d before %s")
    said = side % (abs(rule.day), counted)
    if rule.every:
        said += _(", then every %d d") % rule.every
    if rule.until:
        said += _(" until day %d") % rule.until
    return said


def _columns() -> tuple[Column[Placed], ...]:
    applies = {
        Applies.ON_TREATMENT: _("on treatment"),
        Applies.AFTER_TREATMENT: _("after treatment"),
        Applies.ALIVE: _("all who live"),
    }
    return (
        Column(_("What"), lambda placed: placed.rule.what, tip=_tip),
        Column(_("When"), lambda placed: when_text(placed.rule), tip=_tip, stretch=True),
        Column(
            _("For"),
            lambda placed: applies[placed.rule.applies],
            tone=lambda _placed: "soft",
            tip=_tip,
        ),
    )


def _tip(placed: Placed) -> str:
    rule = placed.rule
    window = _("Counts from %d d before; overdue after %d d.") % (rule.early, rule.late)
    return "\n".join(filter(None, (window, rule.remark)))
