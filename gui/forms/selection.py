"""Forms of the cohort: the name it is saved under, and how it is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.fields.choice import ChoiceField, OpenChoiceField
from gui.fields.dates import DateField
from gui.fields.number import NumberField
from gui.fields.text import TextField
from gui.forms.form import Form
from gui.widgets.layout import label
from gui.words import words
from model.cohort.messages import translate
from model.cohort.options import (
    DEFAULT_OPTIONS,
    Attribution,
    Denominator,
    EventScope,
    Options,
    PhaseSource,
    ToxicityCount,
    ToxicityRows,
    UndecidedEvents,
)
from model.cohort.selection import T0, Selection, at_cut_off
from model.dates import date_text
from model.errors import InvalidRecord
from model.language import _


class NameForm(Form[str]):
    """`NameForm.ask(parent, title, keep, name="")` asks for a name and calls `keep` with it.

    A KnownError of `keep` is shown in the form, which stays open. `about` describes what is saved.
    """

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        keep: Callable[[str], Any],
        name: str = "",
        about: str = "",
        save_text: str = "",
    ) -> None:
        super().__init__(parent, title, save_text=save_text)
        self._keep = keep
        self.add_section()
        if about:
            self.add_text(about)
        self.name = self.add_row("name", _("&Name"), TextField(required=True))
        self.name.set_value(name)
        self.name.edit.selectAll()

    def save(self) -> str:
        """Call `keep` with the name and return it."""
        name = self.name.value() or ""
        self._keep(name)
        return name


E = TypeVar("E", bound=StrEnum)


class CountingForm(Form[tuple[Selection, Options]]):
    """`CountingForm.ask(parent, selection, options, nuclides, today)` returns the chosen two.

    `of_casebook` is the casebook's data cut-off, which applies until another is chosen.
    """

    def __init__(
        self,
        parent: QWidget | None,
        selection: Selection,
        options: Options,
        nuclides: Sequence[str],
        today: date,
        of_casebook: date | None = None,
    ) -> None:
        super().__init__(parent, _("How the cohort is counted"), save_text=_("&Count"))
        self._of_casebook = of_casebook
        self._selection = selection = at_cut_off(selection, of_casebook)
        self._options = options
        self.add_section(_("Time"))
        self.cut_off = self.add_row("cut_off", _("Data cut-&off"), DateField(today=today))
        hint = _("Records after this date are left out. If empty, none are.")
        if of_casebook:
            hint = _(
                "Records after this date are left out; if empty, none are. The casebook's is"
                " {date}."
            ).format(date=date_text(of_casebook))
        self.cut_off_hint = label(hint, "hint", wrap=True)
        self.t0 = self.add_row("t0", _("&T0"), _choice(T0))
        self.t0_nuclide = self.add_row("t0_nuclide", _("&Nuclide of T0"), OpenChoiceField(nuclides))
        self.add_section(_("Toxicity and response"))
        self.count = self.add_row("count", _("&Counted"), _choice(ToxicityCount))
        self.events = self.add_row("events", _("&Events"), _choice(EventScope))
        self.undecided = self.add_row("undecided", _("&If not decided"), _choice(UndecidedEvents))
        hint = _("Toxicities whose dates do not decide whether they count.")
        self.undecided.add_below(label(hint, "hint", wrap=True))
        self.attribution = self.add_row("attribution", _("&Attribution"), _choice(Attribution))
        self.phases = self.add_row("phases", _("Acute, &long-term"), _choice(PhaseSource))
        self.acute_days = self.add_row("acute_days", _("Acute to &day"), _days())
        self.subacute_days = self.add_row("subacute_days", _("S&ubacute to day"), _days())
        hint = _("Days since the last cycle before the onset. If empty, none is subacute.")
        self.subacute_days.add_below(label(hint, "hint", wrap=True))
        self.by = self.add_row("by", _("&Rows"), _choice(ToxicityRows))
        self.denominator = self.add_row("denominator", _("Out o&f"), _choice(Denominator))
        self.reads = self.add_text()
        self.cut_off.add_below(self.cut_off_hint)
        for name, field in self.fields.items():
            source = selection if hasattr(selection, name) else options
            field.set_value(getattr(source, name))
        self.t0.changed.connect(self._follow_t0)
        self.phases.changed.connect(self._follow_phases)
        for name in ("count", "events", "by", "denominator"):
            self.fields[name].changed.connect(self._show_sentence)
        for name in ("undecided", "attribution", "phases", "acute_days", "subacute_days"):
            self.fields[name].changed.connect(self._show_sentence)
        self._follow_t0()
        self._follow_phases()
        self._show_sentence()

    def save(self) -> tuple[Selection, Options]:
        """Return selection and options; raises InvalidRecord if T0 is incomplete."""
        t0 = self.t0.value() or T0.FIRST_CYCLE
        of_nuclide = t0 is T0.FIRST_OF_NUCLIDE
        cut_off = self.cut_off.value()
        selection = replace(
            self._selection,
            cut_off=None if cut_off == self._of_casebook else cut_off,
            without_cut_off=cut_off is None and self._of_casebook is not None,
            t0=t0,
            t0_nuclide=(self.t0_nuclide.value() or "") if of_nuclide else "",
        )
        options = self._chosen()
        if problems := selection.problems() | options.problems():
            raise InvalidRecord(problems)
        return selection, options

    def _chosen(self) -> Options:
        by_day = self.phases.value() is PhaseSource.BY_DAY
        acute, subacute = self.acute_days.readable(), self.subacute_days.readable()
        return replace(
            self._options,
            undecided=self.undecided.value() or UndecidedEvents.COUNTED,
            attribution=self.attribution.value() or Attribution.ALL,
            phases=self.phases.value() or PhaseSource.RECORDED,
            acute_days=int(acute) if by_day and acute is not None else DEFAULT_OPTIONS.acute_days,
            subacute_days=int(subacute) if by_day and subacute is not None else None,
            count=self.count.value() or ToxicityCount.WORST,
            events=self.events.value() or EventScope.EMERGENT,
            by=self.by.value() or ToxicityRows.TERM,
            denominator=self.denominator.value() or Denominator.TREATED,
        )

    @Slot()
    def _follow_t0(self) -> None:
        self.show_row(self.t0_nuclide, self.t0.value() is T0.FIRST_OF_NUCLIDE)

    @Slot()
    def _follow_phases(self) -> None:
        for field in (self.acute_days, self.subacute_days):
            self.show_row(field, self.phases.value() is PhaseSource.BY_DAY)

    @Slot()
    def _show_sentence(self) -> None:
        self.reads.setText(translate(self._chosen().sentence()))


def _days() -> NumberField:
    return NumberField(minimum=0, maximum=3660, whole=True)


def _choice(kind: type[E]) -> ChoiceField[E]:
    return ChoiceField([(each, words(each)) for each in kind], required=True)
