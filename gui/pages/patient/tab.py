"""What the tabs of a patient's page share, and what those with tables of records share."""

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
    """One tab of a patient's page, which hands it the patient's records."""

    listens_to: ClassVar[frozenset[str]] = frozenset()
    """The tables whose changes the tab must show."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.records: PatientRecords | None = None

    def show_patient(self, records: PatientRecords | None) -> None:
        """Show a patient, as they are now, or none."""
        self.records = records

    def show_saved(self, saved: object) -> None:
        """Bring a record that was just saved into view, chosen and with the keyboard."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)


class RecordsTab(Tab):
    """A tab of cards with tables of records: make each with `card`, then lay them out."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.cards: list[RecordCard[Any]] = []

    def card(self, kind: RecordKind[Any]) -> RecordCard[Any]:
        """Make a card for a kind of record; the first one takes the keyboard."""
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
        """Choose the record in the table of its kind."""
        card = next((card for card in self.cards if card.choose(saved)), None)
        if card is None:
            super().show_saved(saved)
            return
        self.reveal(card)
        card.setFocus(Qt.FocusReason.OtherFocusReason)

    def reveal(self, card: QWidget) -> None:
        """Scroll a card into view; nothing where all cards are always visible."""
