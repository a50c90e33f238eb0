"""What the tabs of record tables share: their cards, shown for one patient together."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.pages.patient.record_card import Kind, RecordCard
from gui.session.session import Session

MARGINS = (14, 14, 14, 14)
GAP = 12


class Tab(QWidget):
    """One tab of the patient's page. A tab makes its cards with `card` and lays them out."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.cards: list[RecordCard[Any]] = []

    def card(self, kind: Kind[Any]) -> RecordCard[Any]:
        """A card for a kind of record; the first one takes the keyboard."""
        made = RecordCard(self.session, kind, self)
        if not self.cards:
            self.setFocusProxy(made)
        self.cards.append(made)
        return made

    def column(self, *cards: tuple[QWidget, int]) -> QVBoxLayout:
        """Widgets one under the other, each with its share of the height."""
        layout = QVBoxLayout()
        layout.setSpacing(GAP)
        for card, share in cards:
            layout.addWidget(card, share)
        return layout

    def fill(self, *cards: tuple[QWidget, int]) -> None:
        """Fill the tab with widgets one under the other."""
        layout = self.column(*cards)
        layout.setContentsMargins(*MARGINS)
        self.setLayout(layout)

    def show_patient(self, patient_id: int | None) -> None:
        """Show a patient's records, or none."""
        for card in self.cards:
            card.show_patient(patient_id)
