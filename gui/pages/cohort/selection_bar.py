"""The bar that selects patients and counting rules: filters, saved selections, cut-off, T0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget

from gui.forms.filter import FilterForm
from gui.forms.selection import CountingForm, NameForm
from gui.pages.cohort.chips import FilterChip
from gui.session.session import Session
from gui.style import theme
from gui.widgets import messages
from gui.widgets.card import button
from gui.widgets.flow import Flow
from gui.widgets.layout import column, label, row
from gui.widgets.undo_notice import take_step
from model.cohort import saved_selections
from model.cohort.messages import translate
from model.cohort.options import (
    DEFAULT_OPTIONS,
    Attribution,
    Denominator,
    EventScope,
    Options,
    Phase,
    PhaseSource,
    UndecidedEvents,
)
from model.cohort.selection import EVERYONE, T0, Filter, FilterKind, Selection, at_cut_off
from model.dates import date_text
from model.errors import KnownError
from model.language import N_, _
from model.store.settings import data_cut_off
from model.store.step import Step

SAVE, RENAME, REMOVE = N_("Save selection"), N_("Rename selection"), N_("Remove selection")

_MAX_COUNTING_WIDTH = 640
"""Pixels that the text of the counting rules may be wide."""

OWN_STEPS = frozenset((SAVE, RENAME, REMOVE))
"""The labels of steps that only change saved selections, so that no number changes."""


class SelectionBar(QWidget):
    """The selection and the counting options in use; `changed` follows each change of them."""

    changed = Signal()
    freeze_requested = Signal()
    """The user wants to freeze the numbers of the selection."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.selection: Selection = EVERYONE
        self.options: Options = DEFAULT_OPTIONS
        self.can_freeze = False
        self._choices: Mapping[FilterKind, Sequence[str]] = {}
        self._cut_off: date | None = None
        self.chips = Flow(gap=6, line_gap=6)
        self.add_button = button("")
        self.saved_button = button(_("&Selection"), "quiet")
        self.saved_button.setToolTip(_("Saved selections: choose, save, rename, remove"))
        self._menu = QMenu(self.saved_button)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.saved_button.setMenu(self._menu)
        self.counting_button = button("", "quiet", on=self.ask_counting)
        self.sentence = label("", "hint", wrap=True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        top_row = row((self.chips, 1))
        for menu_button in (self.counting_button, self.saved_button):
            top_row.addWidget(menu_button, 0, Qt.AlignmentFlag.AlignTop)
        column(top_row, self.sentence, spacing=4, of=self)
        self._show()

    def offer(self, choices: Mapping[FilterKind, Sequence[str]]) -> None:
        """Set the values that filters can have, by kind, and show the present data cut-off."""
        self._choices = choices
        if self._cut_off != data_cut_off(self._session.casebook):
            self._show()

    def use(self, selection: Selection, options: Options | None = None) -> None:
        """Use another selection, and other options if given."""
        wanted = selection, options or self.options
        if wanted != (self.selection, self.options):
            self.selection, self.options = wanted
            self._show()
            self.changed.emit()

    def clear(self) -> None:
        """Remove all filters; cut-off and T0 stay as they are."""
        self._put_filters(())

    def ask_filter(self) -> None:
        """Open the form for a new filter."""
        new = FilterForm.ask(self, self._choices, self._session.today())
        if new is not None:
            self._put_filters((*self.selection.filters, new))
        self.add_button.setFocus()

    def ask_counting(self) -> None:
        """Open the form for cut-off, T0 and options."""
        nuclides = self._choices.get(FilterKind.NUCLIDE, ())
        new = CountingForm.ask(
            self,
            self.selection,
            self.options,
            nuclides,
            self._session.today(),
            data_cut_off(self._session.casebook),
        )
        if new is not None:
            self.use(*new)

    def ask_save(self) -> None:
        """Ask for a name and save the selection under it in the casebook."""

        def save(name: str) -> None:
            named = replace(self.selection, name=name)
            self._ask_to_replace(named)
            self._session.do(SAVE, lambda step: saved_selections.save_selection(step, named))

        about = translate(self.shown_selection.sentence())
        name = NameForm.ask(self, _("Save selection"), save, self.selection.name, about)
        if name is not None:
            self.selection = replace(self.selection, name=name)
            self._show()
            messages.notice(self, _("The selection “{name}” was saved.").format(name=name))

    def ask_rename(self) -> None:
        """Ask for another name for the saved selection in use."""
        before = self.selection

        def save(name: str) -> None:
            def rename(step: Step) -> None:
                # The saved selection may have been changed since it was chosen.
                saved = {
                    selection.name: selection
                    for selection in saved_selections.load_selections(step)
                }
                saved_selections.remove_selection(step, before.name)
                renamed = replace(saved.get(before.name, before), name=name)
                saved_selections.save_selection(step, renamed)

            if name != before.name:
                self._ask_to_replace(replace(before, name=name))
            self._session.do(RENAME, rename)

        name = NameForm.ask(self, _("Rename selection"), save, before.name)
        if name is not None:
            self.selection = replace(before, name=name)
            self._show()

    def _ask_to_replace(self, named: Selection) -> None:
        """Ask before another saved selection of the same name is lost; raises KnownError."""
        saved = self._find_saved(named.name.strip())
        if (
            saved is not None
            and saved != replace(named, name=saved.name)
            and not messages.ask(
                QApplication.activeModalWidget() or self,
                _("Replace the saved selection “{name}”?").format(name=saved.name),
                _("Replace"),
                _("Keep it"),
                detail=translate(saved.sentence()),
                danger=True,
            )
        ):
            raise KnownError(_("Nothing was saved: choose another name."))

    def _find_saved(self, name: str) -> Selection | None:
        saved = saved_selections.load_selections(self._session.casebook)
        return next((selection for selection in saved if selection.name == name), None)

    def remove_saved(self) -> None:
        """Remove the saved selection in use; its filters stay in use. The step can be undone."""
        name = self.selection.name

        def remove(step: Step) -> None:
            saved_selections.remove_selection(step, name)

        notice = _("The selection “{name}” was removed.").format(name=name)
        saved = self._find_saved(name)
        if (
            saved is not None
            and saved != self.selection
            and not messages.ask(
                self,
                _("The selection “{name}” was changed since you chose it").format(name=name),
                _("Remove it all the same"),
                _("Keep it"),
                detail=translate(saved.sentence()),
                danger=True,
            )
        ):
            return
        if take_step(self, self._session, REMOVE, remove, notice):
            self.selection = replace(self.selection, name="")
            self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Fit the texts again when the font changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._show()

    def _edit(self, index: int) -> None:
        old = self.selection.filters[index]
        new = FilterForm.ask(self, self._choices, self._session.today(), old)
        if new is not None and new != old:
            filters = list(self.selection.filters)
            filters[index] = new
            self._put_filters(filters)

    def _remove(self, index: int) -> None:
        filters = self.selection.filters
        self._put_filters((*filters[:index], *filters[index + 1 :]))
        self.add_button.setFocus()

    def _put_filters(self, filters: Sequence[Filter]) -> None:
        self.use(replace(self.selection, name="", filters=tuple(filters)))

    @property
    def shown_selection(self) -> Selection:
        """The selection with the data cut-off that applies, its own or the casebook's."""
        return at_cut_off(self.selection, self._cut_off)

    def _show(self) -> None:
        self._cut_off = data_cut_off(self._session.casebook)
        chips: list[QWidget] = []
        for index, filter_ in enumerate(self.selection.filters):
            chip = FilterChip(translate(filter_.label), self)
            chip.edit_requested.connect(lambda index=index: self._edit(index))
            chip.remove_requested.connect(lambda index=index: self._remove(index))
            chips.append(chip)
        self.add_button = _chip_button(_("+ &Filter"), _("Add a filter"))
        self.add_button.clicked.connect(self.ask_filter)
        chips.append(self.add_button)
        if self.selection.filters:
            clear = _chip_button(_("Clear"), _("Clear all filters"))
            clear.clicked.connect(self.clear)
            chips.append(clear)
        self.chips.fill(chips)
        name = self.selection.name
        sentence = f"{translate(self.shown_selection.sentence())}."
        self.sentence.setText(f"{name}: {sentence}" if name else sentence)
        rules = self._counting_text()
        metrics = self.counting_button.fontMetrics()
        text = metrics.elidedText(rules, Qt.TextElideMode.ElideRight, _MAX_COUNTING_WIDTH)
        self.counting_button.setText(text.replace("&", "&&"))
        about = _("Data cut-off, T0, what is counted, and out of whom")
        self.counting_button.setToolTip(about if text == rules else f"{rules}\n{about}")

    def _counting_text(self) -> str:
        """Return the cut-off and the options that are not the defaults, as the text of a button."""
        cut_off = self.shown_selection.cut_off
        rules = [_("Data cut-off {date}").format(date=date_text(cut_off)) if cut_off else ""]
        if self.selection.without_cut_off and self._cut_off:
            rules = [_("No data cut-off")]
        if self.selection.t0 is not T0.FIRST_CYCLE:
            rules.append(translate(self.selection.t0_words))
        rules.append(str(self.options.count))
        if self.options.events is not EventScope.EMERGENT:
            rules.append(str(self.options.events))
        if self.options.undecided is UndecidedEvents.LEFT_OUT:
            rules.append(_("undecided ones left out"))
        if self.options.attribution is Attribution.RELATED:
            rules.append(_("treatment-related"))
        if self.options.phases is PhaseSource.BY_DAY:
            text = _("acute to day {acute}")
            if self.options.has(Phase.SUBACUTE):
                text = _("acute to day {acute}, subacute to day {subacute}")
            days = {"acute": self.options.acute_days, "subacute": self.options.subacute_days}
            rules.append(text.format(**days))
        if self.options.by is not DEFAULT_OPTIONS.by:
            rules.append(_("by {rows}").format(rows=self.options.by))
        if self.options.denominator is not Denominator.TREATED:
            rules.append(_("of {patients}").format(patients=self.options.denominator))
        if list(filter(None, rules)) == [str(DEFAULT_OPTIONS.count)]:
            return _("Counting rules…")
        text = " · ".join(filter(None, rules))
        return f"{text[:1].upper()}{text[1:]}…"

    # Saved selections

    def _fill_menu(self) -> None:
        self._menu.clear()
        try:
            saved = saved_selections.load_selections(self._session.casebook)
        except KnownError as error:
            self._menu.addAction(str(error)).setEnabled(False)
            return
        everyone = self._menu.addAction(_("&All patients"))
        everyone.triggered.connect(lambda: self.use(EVERYONE))
        for selection in saved:
            action = self._menu.addAction(selection.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(selection.name == self.selection.name)
            action.setToolTip(translate(at_cut_off(selection, self._cut_off).sentence()))
            action.triggered.connect(lambda _on=False, chosen=selection: self.use(chosen))
        self._menu.addSeparator()
        self._menu.addAction(_("&Save selection…"), self.ask_save)
        is_saved = self.selection.name in {selection.name for selection in saved}
        rename = self._menu.addAction(_("&Rename…"), self.ask_rename)
        remove = self._menu.addAction(_("R&emove"), self.remove_saved)
        for action in (rename, remove):
            action.setEnabled(bool(is_saved and self.selection.name))
        self._menu.addSeparator()
        freeze = self._menu.addAction(_("&Freeze this cohort…"))
        freeze.triggered.connect(self.freeze_requested)
        freeze.setEnabled(self.can_freeze)


def _chip_button(text: str, name: str) -> QPushButton:
    chip = QPushButton(text)
    chip.setAutoDefault(False)
    chip.setToolTip(name)
    chip.setAccessibleName(name)
    theme.set_kind(chip, "chip")
    return chip
