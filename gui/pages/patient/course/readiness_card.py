"""The card Readiness: the limits of the casebook's rule set next to a patient's recorded values."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from gui.pages.patient.course.limit_list import LimitList
from gui.session.day import DayWatch
from gui.session.session import Session
from gui.style.theme import Theme
from gui.widgets.card import Card, Chip, button
from gui.widgets.flow import Flow
from gui.widgets.layout import column, label
from gui.widgets.undo_notice import take_step
from model.dates import date_text
from model.errors import KnownError
from model.language import N_, _, ngettext
from model.readiness import own_rule_sets
from model.readiness.limits import Verdict
from model.readiness.outcomes import ALL_MET, NO_SET, Readiness
from model.readiness.readiness import of_patient
from model.records.patient_records import PatientRecords

NOT_ADVICE = _("Limits next to recorded values; no advice.")


class ReadinessCard(Card):
    """One row per limit: Up and Down move through them, Enter shows reason and source.

    Nothing is computed while the card is hidden.
    """

    def __init__(
        self,
        session: Session,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Readiness"), parent)
        self._session = session
        self._days = DayWatch(session.today, self)
        self._records: PatientRecords | None = None
        self._is_stale = False
        self.readiness: Readiness | None = None
        self.chips: list[Chip] = []
        # The chips go below the question if both do not fit in one line.
        self.head.removeWidget(self.heading)
        self.heading.deleteLater()
        self._title_row = Flow()
        self.head.insertWidget(0, self._title_row, 1)
        self.head.setStretch(1, 0)
        self.message = label(kind="soft", wrap=True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.choose_button = button(_("Choose a rule set"))
        self.choose_button.setMenu(QMenu(self.choose_button))
        self.earliest = label(wrap=True)
        self.footer = label(kind="hint", wrap=True)
        self.limits = LimitList()
        self.limits.resized.connect(self.updateGeometry)
        self.body.setContentsMargins(8, 2, 8, 10)
        self.body.setSpacing(4)
        parts = (self.message, self.choose_button, self.earliest, self.footer)
        padded = column(*parts, spacing=6, margins=(6, 0, 6, 0))
        padded.setAlignment(self.choose_button, Qt.AlignmentFlag.AlignLeft)
        self.add(self.limits)
        self.body.addLayout(padded)
        self.body.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._days.changed.connect(self._refresh)
        self._show_readiness()

    def show_patient(self, records: PatientRecords | None) -> None:
        """Show the readiness of a patient, or nothing, now or when the card becomes visible."""
        self._records = records
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Compute the readiness if the records have changed while the card was hidden."""
        super().showEvent(event)
        if self._is_stale:
            self._compute()

    def event(self, event: QEvent) -> bool:
        """Adapt the height when content or width have changed."""
        is_handled = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return is_handled

    def choose(self, key: str) -> None:
        """Choose the casebook's rule set, in one step that can be undone."""
        label = N_("Choose rule set")
        chosen = own_rule_sets.CHOSEN
        seen = {chosen: self._records.settings.get(chosen)} if self._records else {}
        take_step(
            self, self._session, label, lambda step: own_rule_sets.choose(step, key), seen=seen
        )

    def _refresh(self) -> None:
        self._is_stale = True
        if self.isVisible():
            self._compute()

    def _compute(self) -> None:
        self._is_stale = False
        self.readiness, problem = None, ""
        if self._records is not None:
            try:
                self.readiness = of_patient(self._records, self._days.day)
            except KnownError as error:
                problem = str(error)
        self._show_readiness(problem)

    def _show_readiness(self, problem: str = "") -> None:
        outcomes = self.readiness.outcomes if self.readiness else ()
        self._show_summary()
        self.limits.show_limits(outcomes)
        self.limits.setVisible(bool(outcomes))
        is_none_chosen = self.readiness is not None and self.readiness.why_no_outcomes == NO_SET
        self.message.setText(problem or self._why_none())
        self.message.setVisible(bool(self.message.text()))
        self.choose_button.setVisible((is_none_chosen or bool(problem)) and self._offer_sets())
        self._show_earliest()
        self.footer.setText(self._footer_text() if outcomes else "")
        self.footer.setVisible(bool(outcomes))
        self._fit()

    def _footer_text(self) -> str:
        if self.readiness is None:
            return ""
        text = f"{self.readiness.set_name}. {NOT_ADVICE}"
        if self.readiness.left_out:
            left_out = _("Of its source not checked: {criteria}.")
            text = f"{text} {left_out.format(criteria=self.readiness.left_out)}"
        return text

    def _fit(self) -> None:
        """Set the height that the content needs at the current width."""
        layout = self.layout()
        height = layout.totalHeightForWidth(self.width()) if layout is not None else 0
        if height > 0 and height != self.minimumHeight():
            self.setFixedHeight(height)

    def _why_none(self) -> str:
        if self.readiness is None:
            return _("Choose a patient to see the limits.")
        if self.readiness.why_no_outcomes == NO_SET:
            return f"{NO_SET} {_('Choose one to see its limits.')}"
        if not self.readiness.why_no_outcomes and not self.readiness.outcomes:
            return _("The rule set has no limits.")
        return self.readiness.why_no_outcomes

    def _show_summary(self) -> None:
        """Show the question, and chips with what fails and what cannot be assessed."""
        self.heading = label(
            self.readiness.question if self.readiness else _("Readiness"), "heading"
        )
        summary = self.readiness.summary if self.readiness else ()
        colours = _summary_colours(self.readiness) if self.readiness else ()
        self.chips = [Chip(*each) for each in zip(summary, colours, strict=True)]
        self._title_row.fill([self.heading, *self.chips])
        self.setAccessibleName(" ".join((self.heading.text(), ", ".join(summary))).strip())

    def _show_earliest(self) -> None:
        """Show the first day on which the interval is long enough."""
        day = self.readiness.earliest if self.readiness else None
        self.earliest.setVisible(day is not None)
        if day is None:
            return
        days = (day - self._days.day).days
        if days <= 0:
            text = _("Minimum interval reached on {date}").format(date=date_text(day))
        else:
            text = ngettext(
                "Earliest date by interval: {date}, tomorrow",
                "Earliest date by interval: {date}, in {n} days",
                days,
            ).format(date=date_text(day), n=days)
        self.earliest.setText(text)

    def _offer_sets(self) -> bool:
        """Fill the menu with the rule sets; return whether they can be read."""
        menu = self.choose_button.menu()
        menu.clear()
        try:
            rule_sets = own_rule_sets.all_sets(self._session.casebook)
        except KnownError:
            return False
        for each in rule_sets:
            if each.choosable:
                menu.addAction(each.name, partial(self.choose, each.key))
        return True


def _summary_colours(readiness: Readiness) -> list[Callable[[Theme], tuple[str, str]]]:
    """Return the fill and text colours of each part of the summary."""
    colours: list[Callable[[Theme], tuple[str, str]]] = []
    if readiness.count(Verdict.FAIL):
        colours.append(lambda theme: (theme.alert_fill, theme.alert))
    if readiness.count(Verdict.NOT_ASSESSABLE):
        colours.append(lambda theme: (theme.warn_fill, theme.warn))
    if not colours and readiness.summary == (ALL_MET,):
        colours.append(lambda theme: (theme.chosen, theme.good))
    elif not colours and readiness.summary:
        colours.append(lambda theme: theme.grade(None))
    return colours
