"""Base classes of the tabs of a patient's page."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.pages.patient.record_card import RecordCard, RecordKind
from gui.session.session import Session
from gui.widgets.layout import column
from model.records.patient_records import PatientRecords

MARGINS = (14, 14, 14, 14)
GAP = 12


class Tab(QWidget):
    """One tab of a patient's page. The page passes it the patient's records."""

    listens_to: ClassVar[frozenset[str]] = frozenset()
    """The database tables whose changes affect what the tab shows."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.records: PatientRecords | None = None

    def show_patient(self, records: PatientRecords | None) -> None:
        """Show a patient's current records, or none."""
        self.records = records

    def show_saved(self, saved: object) -> None:
        """Scroll a record that was just saved into view, choose it, and give it the keyboard."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)


class RecordsTab(Tab):
    """A tab of cards with tables of records: create each card with `card`, then call `fill`."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.cards: list[RecordCard[Any]] = []

    def card(self, kind: RecordKind[Any]) -> RecordCard[Any]:
        """Create and return a card for a kind of record; the first card takes the keyboard."""
        card = RecordCard(self.session, kind, self)
        if not self.cards:
            self.setFocusProxy(card)
        self.cards.append(card)
        return card

    def fill(self, *cards: tuple[QWidget, int]) -> None:
        """Fill the tab with widgets from top to bottom, each with its share of the height."""
        column(*cards, spacing=GAP, margins=MARGINS, of=self)

    def show_patient(self, records: PatientRecords | None) -> None:
        """Show a patient's records, or none."""
        super().show_patient(records)
        for card in self.cards:
            card.show_patient(records)

    def show_saved(self, saved: object) -> None:
        """Choose the record in the table that contains it."""
        card = next((card for card in self.cards if card.choose(saved)), None)
        if card is None:
            super().show_saved(saved)
            return
        self.reveal(card)
        card.setFocus(Qt.FocusReason.OtherFocusReason)

    def reveal(self, card: QWidget) -> None:
        """Scroll a card into view; do nothing where all cards are always visible."""
