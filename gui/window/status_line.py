"""The status line at the bottom of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from gui.style.theme import Theme
from gui.widgets.card import Chip
from gui.widgets.layout import label
from gui.words import SYNTHETIC_TEXT
from model.dates import date_text
from model.language import _

if TYPE_CHECKING:
    from model.records.unit_system import UnitSystem
    from model.store.casebook import Casebook


class StatusLine(QStatusBar):
    """Shows the casebook's file name, encryption, newest backup, CTCAE version and units."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setContentsMargins(12, 0, 12, 0)
        self.synthetic = False
        self._facts = QLabel()
        self._version_and_units = QLabel()
        self.synthetic_chip = Chip(SYNTHETIC_TEXT, _warning_colours)
        self.plain_chip = Chip(_("Not encrypted"), _warning_colours)
        self.plain_chip.setToolTip(
            _("This casebook has no passphrase: anyone with the file can read it.")
        )
        self._backup = label(kind="soft")
        self.addWidget(self._facts)
        self.addWidget(self._backup)
        self.addWidget(self.plain_chip)
        self.addWidget(self.synthetic_chip)
        self._day = label(kind="soft")
        self.addWidget(self._day)
        self.addPermanentWidget(self._version_and_units)

    def show_casebook(self, casebook: Casebook | None) -> None:
        """Show the state of a casebook, or hide the line if there is none."""
        self.setVisible(casebook is not None)
        self.synthetic = False
        if casebook is None:
            return
        from model.records import unit_system
        from model.store.settings import SYNTHETIC, casebook_version, fixed_day

        self.synthetic = casebook.setting(SYNTHETIC) == "yes"
        facts = [_("Saved"), casebook.path.name]
        if casebook.encrypted:
            facts.append(_("encrypted"))
        self._facts.setText(" · ".join(facts))
        self.plain_chip.setVisible(not casebook.encrypted)
        self.synthetic_chip.setVisible(self.synthetic)
        day = fixed_day(casebook)
        self._day.setVisible(day is not None)
        if day is not None:
            self._day.setText(_("The demo's day: {date}").format(date=date_text(day)))
        system = unit_system.of_casebook(casebook)
        self._version_and_units.setText(
            f"CTCAE {casebook_version(casebook)} · {self._units_text(system)}"
        )

    def show_backup(self, text: str, tip: str = "") -> None:
        """Show the age of the newest backup, with a tool tip."""
        self._backup.setText(text)
        self._backup.setToolTip(tip)

    def _units_text(self, system: UnitSystem) -> str:
        from model.records.unit_system import UnitSystem

        return {
            UnitSystem.AS_RECORDED: _("units as recorded"),
            UnitSystem.SI: _("SI units"),
            UnitSystem.CONVENTIONAL: _("conventional units"),
        }[system]


def _warning_colours(colours: Theme) -> tuple[str, str]:
    return colours.warn_fill, colours.warn
