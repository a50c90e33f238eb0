"""Options of an export: format, patients, pseudonyms, figures, and what they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from gui.fields.base import Field
from gui.fields.choice import CheckField, ChoiceField
from gui.widgets.layout import column, label
from model.cohort import saved_selections
from model.cohort.messages import translate
from model.cohort.selection import EVERYONE, Selection, at_cut_off
from model.dates import date_text
from model.errors import KnownError
from model.exchange.export_options import ExportOptions
from model.exchange.pseudonymised import pseudonyms
from model.language import _, ngettext
from model.records import images
from model.store.casebook import Casebook
from model.store.settings import data_cut_off

Draw = Callable[[], Iterator[str | tuple[str, bytes]]]
"""Draws figures on the GUI thread in parts: each a progress text, or a file's name and content."""


class ExportChoices(QWidget):
    """The fields of an export; `changed` is emitted when its content would differ."""

    changed = Signal()

    def __init__(
        self, casebook: Casebook, selection: Selection | None, *, with_figures: bool
    ) -> None:
        """Create the fields for a casebook, preset to a selection if there is one."""
        super().__init__()
        self._pictures = images.count(casebook)
        self._cut_off = data_cut_off(casebook)
        self._has_figures = with_figures
        self._figures_of = selection or EVERYONE
        self._selections = _known_selections(casebook, selection)
        lists = pseudonyms.code_lists(casebook)
        self.form = ChoiceField[str](
            [("xlsx", _("One workbook (XLSX), one sheet per table"))],
            blank=_("CSV files, one per table"),
        )
        self.patients = ChoiceField[Selection](
            [(each, each.name or self._sentence(each)) for each in self._selections],
            blank=_("All patients"),
        )
        self.bom = CheckField(_("Mark files as &UTF-8 for spreadsheets (BOM)"))
        self.pseudonymised = CheckField(_("&Pseudonymised"))
        self.codes = ChoiceField[int](
            [
                (
                    each.id,
                    ngettext(
                        "Codes of {date} ({n} patient)",
                        "Codes of {date} ({n} patients)",
                        each.codes,
                    ).format(date=_day(each.made_at), n=each.codes),
                )
                for each in lists
            ],
            blank=_("New codes"),
        )
        self.figures = CheckField(_("Fi&gures of the Cohort page, as pictures with their numbers"))
        self._explanation = label(kind="soft", wrap=True)
        self._warning = label(images.EXPORT_WARNING, "remark", wrap=True)
        self._rows = QFormLayout()
        self._rows.setHorizontalSpacing(14)
        self._rows.setVerticalSpacing(8)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._add(_("F&ormat"), self.form)
        self._add("", self.bom)
        self._add(_("P&atients"), self.patients)
        self._add("", self.pseudonymised)
        self._add(_("&Codes"), self.codes)
        self._add("", self.figures)
        column(self._explanation, self._rows, self._warning, spacing=12, of=self)
        if selection is not None and selection in self._selections:
            self.patients.set_value(selection)
        fields = (self.form, self.bom, self.patients, self.pseudonymised, self.codes, self.figures)
        for field in fields:
            field.changed.connect(self._show)
        self._show()

    def fault(self) -> str:
        """Return why what was typed is none of the choices; empty where all are."""
        fields = (self.form, self.patients, self.codes)
        for field in fields:
            field.before_saving()
        return next((fault for field in fields if (fault := field.fault())), "")

    def options(self) -> ExportOptions:
        """Return the chosen options; figures are drawn by the caller."""
        pseudonymised = self.pseudonymised.value()
        is_csv = self.form.value() is None
        return ExportOptions(
            file_format="csv" if is_csv else "xlsx",
            with_bom=is_csv and self.bom.value(),
            pseudonymised=pseudonymised,
            codes_of=self.codes.value() if pseudonymised else None,
            selection=self.patients.value() or EVERYONE,
        )

    @property
    def wants_figures(self) -> bool:
        """Whether figures are to be drawn."""
        return self._can_draw and self.figures.value()

    @property
    def _can_draw(self) -> bool:
        """Whether there are figures, of the same patients as the export."""
        is_same = (self.patients.value() or EVERYONE) == self._figures_of
        return self._has_figures and is_same and not self.pseudonymised.value()

    def _sentence(self, selection: Selection) -> str:
        return translate(at_cut_off(selection, self._cut_off).sentence())

    def _show(self) -> None:
        pseudonymised = self.pseudonymised.value()
        self._explanation.setText(_explanation(pseudonymised, self.patients.value() is not None))
        self._warning.setVisible(not pseudonymised and self._pictures > 0)
        self._rows.setRowVisible(self.bom, self.form.value() is None)
        self._rows.setRowVisible(self.patients, bool(self._selections))
        self._rows.setRowVisible(self.codes, pseudonymised and bool(self.codes.labels()))
        self._rows.setRowVisible(self.figures, self._has_figures)
        self.figures.setEnabled(self._can_draw)
        self.changed.emit()

    def _add(
        self, text: str, field: Field[str] | Field[bool] | Field[int] | Field[Selection]
    ) -> None:
        inner = field.input()
        if text:
            name = QLabel(text)
            name.setBuddy(inner)
            field.set_label(text.replace("&", ""))
            self._rows.addRow(name, field)
        else:
            self._rows.addRow("", field)


def _explanation(pseudonymised: bool, of_selection: bool) -> str:
    """Return what the export contains, of all patients or of a selection."""
    if pseudonymised:
        return _(
            "Study codes are replaced by random ones, dates by days since T0, ages over 89 by"
            " 90+. Names, free text, batch numbers, key images and figures are left out. The list"
            " of codes stays in the casebook. Made for analysis: it cannot be imported."
        )
    records = (
        _("Contains all records of the selected patients, and the tables, abstract and codebook.")
        if of_selection
        else _("Contains all records, the tables of the cohort, the abstract and a codebook.")
    )
    warning = _(
        "Names, record numbers, dates of birth and free text are written as recorded: keep it as"
        " safe as the casebook."
    )
    return f"{records} {warning}"


def _known_selections(casebook: Casebook, chosen: Selection | None) -> list[Selection]:
    """Return the saved selections; one that is chosen and not saved comes first."""
    try:
        known = list(saved_selections.load_selections(casebook))
    except KnownError:
        known = []
    if chosen is not None and chosen != EVERYONE and chosen not in known:
        known.insert(0, chosen)
    return known


def _day(moment: str) -> str:
    return date_text(datetime.fromisoformat(moment).astimezone().date())
