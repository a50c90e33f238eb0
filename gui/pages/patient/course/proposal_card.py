"""A card that shows one proposal, to be decided with three keys or three buttons."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from gui.style import theme
from gui.widgets.card import button, grade_chip
from gui.widgets.key_filter import is_plain
from gui.widgets.layout import column, label, row
from model.dates import date_text
from model.grading.proposals import Proposal
from model.grading.recovery import RecoveryProposal
from model.grading.review import AnyProposal
from model.language import _
from model.records import labs
from model.records.labs import LabResult


class ProposalCard(QFrame):
    """A proposal with its reason. A accepts, E edits, D dismisses; Up and Down change the card."""

    accepted = Signal(object)
    edit_requested = Signal(object)
    dismissed = Signal(object)
    stepped = Signal(int)
    """Asks to go to the next card (1) or the previous one (-1)."""

    def __init__(self, proposal: AnyProposal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.proposal = proposal
        theme.set_kind(self, "proposal")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lines = column(spacing=3, margins=(10, 8, 10, 6), of=self)
        self._add_result()
        if isinstance(proposal, RecoveryProposal):
            self._add_recovery(proposal)
        else:
            self._add_grade(proposal)
        self._lines.addStretch(1)
        self.accept_button = self._button(_("Accept"), "link", "A", self.accepted)
        self.edit_button = self._button(_("Edit…"), "link", "E", self.edit_requested)
        self.dismiss_button = self._button(_("Dismiss"), "quiet", "D", self.dismissed)
        buttons = (self.accept_button, self.edit_button, self.dismiss_button)
        self._lines.addLayout(row(*buttons, 1, spacing=4))
        self.setAccessibleName(self._accessible_name())
        self.setAccessibleDescription(_("A accepts, E edits, D dismisses."))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Decide, or go to another card. A key that is held down decides only once."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}
        decision = {
            Qt.Key.Key_A: self.accepted,
            Qt.Key.Key_E: self.edit_requested,
            Qt.Key.Key_D: self.dismissed,
        }.get(Qt.Key(event.key()))
        if not is_plain(event):
            super().keyPressEvent(event)
        elif decision is not None:
            if not event.isAutoRepeat():
                decision.emit(self.proposal)
        elif event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the keyboard."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def height_in(self, width: int) -> int:
        """Return the height in pixels that the card needs at a width."""
        return self._lines.totalHeightForWidth(width)

    def _add(self, text: str, kind: str = "") -> QLabel:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        theme.set_kind(label, kind)
        self._lines.addWidget(label)
        return label

    def _add_result(self) -> None:
        """Add the result in bold with its date."""
        result = self.proposal.result
        label = self._add("")
        label.setTextFormat(Qt.TextFormat.RichText)
        day = date_text(result.taken_on).replace(" ", "\u00a0")
        text = escape(result_text(result))
        label.setText(f"<span style='font-weight: 600'>{text}</span> ·\u00a0{day}")

    def _add_grade(self, proposal: Proposal) -> None:
        """Add the grade with its version, term and reason, and remarks."""
        text = f"CTCAE {proposal.ctcae_version}"
        if proposal.from_grade:
            text = _("CTCAE {version}, from grade {grade}").format(
                version=proposal.ctcae_version, grade=proposal.from_grade
            )
        self._add_chip(proposal.grade, text)
        self._add(proposal.term)
        self._add(proposal.reason, "soft")
        if proposal.could_raise:
            could_be = _("Could be {grade}.").format(grade=proposal.could_raise)
            self._add(could_be, "hint")
        for line in proposal.other:
            self._add(_in_other_version(proposal, line.grade), "remark")
        if proposal.replaces is not None:
            closes = _("Closes grade {grade}.").format(grade=proposal.replaces.grade)
            self._add(closes, "hint")

    def _add_recovery(self, proposal: RecoveryProposal) -> None:
        """Add the open toxicity, and how it has recovered."""
        event = proposal.toxicity
        self._add_chip(event.grade, f"CTCAE {event.ctcae_version}")
        self._add(event.term)
        if event.onset_on:
            self._add(_("Since {date}.").format(date=date_text(event.onset_on)), "soft")
        self._add(recovery_text(proposal))
        self._add(proposal.reason, "soft")

    def _add_chip(self, grade: int, text: str) -> None:
        chip = grade_chip(grade, _("Grade {grade}").format(grade=grade))
        self._lines.addLayout(row(chip, (label(text, "soft"), 1), spacing=6, margins=(0, 1, 0, 1)))

    def _button(self, text: str, kind: str, key: str, decision: SignalInstance) -> QPushButton:
        new_button = button(text, kind)
        new_button.clicked.connect(lambda: decision.emit(self.proposal))
        # The card keeps the keyboard, so that its keys work after a button was clicked.
        new_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        new_button.setToolTip(key)
        new_button.setAccessibleName(f"{text} {result_text(self.proposal.result)}")
        return new_button

    def _accessible_name(self) -> str:
        proposal = self.proposal
        grade, recovery = proposal.grade, ""
        if isinstance(proposal, RecoveryProposal):
            grade, recovery = proposal.toxicity.grade, recovery_text(proposal)
        parts = (
            result_text(proposal.result),
            date_text(proposal.result.taken_on),
            term_text(proposal.term, grade, proposal.ctcae_version),
            recovery,
            proposal.reason,
        )
        return ", ".join(filter(None, parts))


def result_text(result: LabResult) -> str:
    """Return a result in one line: `Platelets 44 ×10⁹/L`."""
    parts = (labs.label(result.analyte), result.value_text, result.unit_symbol)
    return " ".join(filter(None, parts))


def recovery_text(proposal: RecoveryProposal) -> str:
    """Return a question: `Back at grade 1 on 23 Mar 2024: close it?`."""
    text = _("Back at grade {grade} on {date}: close it?")
    if proposal.is_at_most:
        text = _("At most grade {grade} on {date}: close it?")
    return text.format(grade=proposal.grade, date=date_text(proposal.result.taken_on))


def proposal_text(proposal: AnyProposal) -> str:
    """Return a proposal in one line: `Platelets 44 ×10⁹/L, grade 3 of Platelet count decreased`."""
    if isinstance(proposal, RecoveryProposal):
        return _("{result}, back at grade {grade}: close {term}, grade {worst}").format(
            result=result_text(proposal.result),
            grade=proposal.grade,
            term=proposal.term,
            worst=proposal.toxicity.grade,
        )
    return _("{result}, grade {grade} of {term}").format(
        result=result_text(proposal.result), grade=proposal.grade, term=proposal.term
    )


def term_text(term: str, grade: int, version: str) -> str:
    """Return a graded term in one line: `Anemia, grade 2, CTCAE 5.0`."""
    text = _("{term}, grade {grade}, CTCAE {version}")
    return text.format(term=term, grade=grade, version=version)


def _in_other_version(proposal: Proposal, grade: int | None) -> str:
    version = "6.0" if proposal.ctcae_version == "5.0" else "5.0"
    if grade is None:
        return _("{version}: cannot be graded").format(version=version)
    text = _("{version}: grade {grade}") if grade else _("{version}: not toxic")
    return text.format(version=version, grade=grade)
