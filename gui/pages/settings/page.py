"""The Settings page: appearance of the window, and settings of the casebook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QScrollArea,
    QWidget,
)

from gui.fields.base import Field
from gui.fields.choice import ChoiceField
from gui.fields.dates import DateField
from gui.pages.settings.backups_card import BackupsCard
from gui.pages.settings.due_schedule_card import DueScheduleCard
from gui.pages.settings.laboratory_limits_card import LaboratoryLimitsCard
from gui.pages.settings.rule_sets_card import RuleSetsCard
from gui.pages.settings.wording_card import WordingCard
from gui.session.background import Background
from gui.session.session import Session
from gui.style import theme
from gui.style.schemes import scheme, use_scheme
from gui.style.theme import Scheme
from gui.widgets.card import Card, PageHead
from gui.widgets.layout import column, label
from gui.widgets.undo_notice import take_step
from model.ctcae.terms import VERSIONS
from model.errors import KnownError
from model.language import N_, _
from model.records import unit_system
from model.records.unit_system import UnitSystem
from model.store.settings import (
    CTCAE_VERSION,
    DATA_CUTOFF,
    casebook_version,
    data_cut_off,
    save_setting,
)
from model.store.step import Step

WIDTH = 672
LABEL_WIDTH = 84


class SettingsPage(QWidget):
    """The settings; each choice applies at once, and those of the casebook can be undone."""

    def __init__(
        self, session: Session, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.colours: ChoiceField[Scheme] = ChoiceField(
            [
                (Scheme.SYSTEM, _("Follow system")),
                (Scheme.LIGHT, _("Light")),
                (Scheme.DARK, _("Dark")),
            ],
            required=True,
        )
        self.colours.set_value(scheme())
        self.colours.changed.connect(self._recolour)
        self.version: ChoiceField[str] = ChoiceField(
            [(version, f"CTCAE {version}") for version in VERSIONS], required=True
        )
        self.version.changed.connect(self._save_version)
        self.units: ChoiceField[UnitSystem] = ChoiceField(
            [
                (UnitSystem.AS_RECORDED, _("As recorded")),
                (UnitSystem.SI, _("SI units (g/L, µmol/L)")),
                (UnitSystem.CONVENTIONAL, _("Conventional units (g/dL, mg/dL)")),
            ],
            required=True,
        )
        self.units.changed.connect(self._save_units)
        self.cut_off = DateField(today=session.today())
        self.cut_off.edit.editingFinished.connect(self._save_cut_off)
        self._show_saved()
        path = label(str(session.casebook.path), wrap=True)
        path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        encrypted = QLabel(
            _("Encrypted with a passphrase")
            if session.casebook.encrypted
            else _("Not encrypted: anyone with the file can read it")
        )
        window, casebook = Card(_("Window")), Card(_("Casebook"))
        _rows(window).addRow(*_labelled(_("&Colours"), self.colours))
        rows = _rows(casebook)
        rows.addRow(*_labelled(_("&Grading"), self.version))
        hint = _("Used for new toxicities; each keeps the version it was graded in.")
        rows.addRow("", label(hint, "hint", wrap=True))
        rows.addRow(*_labelled(_("U&nits"), self.units))
        units_hint = _("How results are shown. They are stored and graded in the units as entered.")
        rows.addRow("", label(units_hint, "hint", wrap=True))
        rows.addRow(*_labelled(_("Data cut-&off"), self.cut_off))
        cut_off_hint = _(
            "Records after this day count in no cohort, unless a selection has another cut-off."
        )
        rows.addRow("", label(cut_off_hint, "hint", wrap=True))
        rows.addRow(_("File"), path)
        rows.addRow(_("Passphrase"), encrypted)
        inside_area = QWidget()
        theme.set_kind(inside_area, "plain")
        inside_area.setMaximumWidth(WIDTH)
        self.wording = WordingCard(background)
        self.due_schedule = DueScheduleCard(session)
        self.rule_sets = RuleSetsCard(session)
        self.limits = LaboratoryLimitsCard(session)
        self.backups = BackupsCard(session)
        records = (self.limits, self.rule_sets, self.due_schedule, self.wording)
        cards = (window, casebook, self.backups, *records)
        column(*cards, 1, spacing=12, margins=(16, 14, 16, 14), of=inside_area)
        area = QScrollArea()
        area.setWidget(inside_area)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column(PageHead(_("Settings")), (area, 1), spacing=0, of=self)
        self.setFocusProxy(self.colours)
        session.changed.connect(self._show_saved)

    def _recolour(self) -> None:
        use_scheme(self.colours.value() or Scheme.SYSTEM)

    def _show_saved(self) -> None:
        """Show the settings of the casebook."""
        reader = self._session.casebook
        self._seen = {
            name: reader.setting(name) for name in (CTCAE_VERSION, unit_system.SETTING, DATA_CUTOFF)
        }
        _show_in(self.version, casebook_version(reader))
        _show_in(self.units, unit_system.of_casebook(reader))
        _show_in(self.cut_off, data_cut_off(reader))

    def _save_version(self) -> None:
        chosen = self.version.value()
        if chosen is None:
            self._show_saved()
            return
        label = N_("Change CTCAE version")
        self._save(label, CTCAE_VERSION, lambda step: save_setting(step, CTCAE_VERSION, chosen))

    def _save_units(self) -> None:
        chosen = self.units.value()
        if chosen is None:
            self._show_saved()
            return
        label = N_("Change units")
        self._save(label, unit_system.SETTING, lambda step: unit_system.save(step, chosen))

    def _save_cut_off(self) -> None:
        try:
            chosen = self.cut_off.value()
        except KnownError:
            return  # the field says what is wrong
        if chosen != data_cut_off(self._session.casebook):
            text = chosen.isoformat() if chosen else ""
            label = N_("Change data cut-off")
            self._save(label, DATA_CUTOFF, lambda step: save_setting(step, DATA_CUTOFF, text))

    def _save(self, label: str, setting: str, work: Callable[[Step], None]) -> None:
        take_step(self, self._session, label, work, seen={setting: self._seen[setting]})
        self._show_saved()


def _show_in(field: Field[Any], value: object) -> None:
    """Show a value in a field without emitting its signals."""
    if field.readable() != value:
        blocked = field.blockSignals(True)
        field.set_value(value)
        field.blockSignals(blocked)


def _rows(card: Card) -> QFormLayout:
    rows = QFormLayout()
    rows.setHorizontalSpacing(20)
    rows.setVerticalSpacing(10)
    rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
    card.body.addLayout(rows)
    return rows


def _labelled(text: str, field: Field[Any]) -> tuple[QLabel, QWidget]:
    """Return a label whose mnemonic focuses the field, and the field."""
    name = QLabel(text)
    name.setBuddy(field.input())
    name.setMinimumWidth(LABEL_WIDTH)
    field.set_label(text.replace("&", ""))
    return name, field
