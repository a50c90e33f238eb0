"""The Settings: how the window looks, and what belongs to the casebook."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from gui import messages, theme
from gui.background import Background
from gui.card import Card
from gui.field import ChoiceField, Field
from gui.pages.wording_card import WordingCard
from gui.schemes import scheme, use_scheme
from gui.session import Session
from gui.theme import Scheme
from model.errors import KnownError
from model.settings import CTCAE_VERSION, casebook_version, keep_setting
from model.toxicities import VERSIONS

WIDTH = 640
LABEL_WIDTH = 84


class SettingsPage(QWidget):
    """Each choice works at once; those of the casebook can be undone."""

    def __init__(
        self, session: Session, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        title = QLabel(self.tr("Settings"))
        theme.set_kind(title, "title")
        head = QFrame()
        theme.set_kind(head, "header")
        inside = QVBoxLayout(head)
        inside.setContentsMargins(22, 14, 18, 14)
        inside.addWidget(title)
        self.colours: ChoiceField[Scheme] = ChoiceField(
            [
                (Scheme.SYSTEM, self.tr("As the system")),
                (Scheme.LIGHT, self.tr("Light")),
                (Scheme.DARK, self.tr("Dark")),
            ],
            required=True,
        )
        self.colours.set_value(scheme())
        self.colours.changed.connect(self._recolour)
        self.version: ChoiceField[str] = ChoiceField(
            [(version, f"CTCAE {version}") for version in VERSIONS], required=True
        )
        self._show_version()
        self.version.changed.connect(self._keep_version)
        path = QLabel(str(session.casebook.path))
        path.setWordWrap(True)
        path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        encrypted = QLabel(
            self.tr("Encrypted with a passphrase")
            if session.casebook.encrypted
            else self.tr("Not encrypted: everyone who has the file can read it")
        )
        window, casebook = Card(self.tr("Window")), Card(self.tr("Casebook"))
        _rows(window).addRow(*_labelled(self.tr("&Colours"), self.colours))
        rows = _rows(casebook)
        rows.addRow(*_labelled(self.tr("&Grading"), self.version))
        hint = QLabel(
            self.tr("Used for new toxicities; each keeps the version that it was graded in.")
        )
        hint.setWordWrap(True)
        theme.set_kind(hint, "hint")
        rows.addRow("", hint)
        rows.addRow(self.tr("File"), path)
        rows.addRow(self.tr("Passphrase"), encrypted)
        middle = QVBoxLayout()
        middle.setContentsMargins(16, 14, 16, 14)
        middle.setSpacing(12)
        self.wording = WordingCard(background)
        for card in (window, casebook, self.wording):
            card.setMaximumWidth(WIDTH)
            middle.addWidget(card)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addLayout(middle, 1)
        self.setFocusProxy(self.colours)
        session.changed.connect(self._show_version)

    def _recolour(self) -> None:
        use_scheme(self.colours.value() or Scheme.SYSTEM)

    def _show_version(self) -> None:
        kept = casebook_version(self._session.casebook)
        if self.version.value() != kept:
            blocked = self.version.blockSignals(True)
            self.version.set_value(kept)
            self.version.blockSignals(blocked)

    def _keep_version(self) -> None:
        chosen = self.version.value()
        if chosen is None:
            self._show_version()
            return
        try:
            self._session.do(
                self.tr("Change CTCAE version"),
                lambda step: keep_setting(step, CTCAE_VERSION, chosen),
            )
        except KnownError as error:
            messages.error(self, error)
            self._show_version()


def _rows(card: Card) -> QFormLayout:
    rows = QFormLayout()
    rows.setHorizontalSpacing(20)
    rows.setVerticalSpacing(10)
    rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
    card.body.addLayout(rows)
    return rows


def _labelled(text: str, field: Field[Any]) -> tuple[QLabel, QWidget]:
    """A field with the label that its mnemonic leads to."""
    words = QLabel(text)
    words.setBuddy(field.input())
    words.setMinimumWidth(LABEL_WIDTH)
    field.set_label(text.replace("&", ""))
    return words, field
