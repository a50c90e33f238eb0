"""Who is counted, and how: filters in words, saved selections, cut-off, T0 and options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from gui.forms.filter import FilterForm
from gui.forms.selection import CountingForm, NameForm
from gui.pages.cohort.chips import FilterChip
from gui.session.session import Session
from gui.style import theme
from gui.widgets import messages
from gui.widgets.card import button
from gui.widgets.flow import Flow
from gui.widgets.undo_notice import notice_with_undo
from model.cohort import selections
from model.cohort.options import USUAL, Denominator, Events, Options
from model.cohort.selection import EVERYONE, T0, Filter, Kind, Selection
from model.dates import shown
from model.errors import KnownError
from model.language import _
from model.store.step import Step

SAVE, RENAME, REMOVE = "Save selection", "Rename selection", "Remove selection"
OWN_STEPS = frozenset((SAVE, RENAME, REMOVE))
"""Steps that change no record, after which nothing need be counted again."""


class SelectionBar(QWidget):
    """`changed` says that other patients are to be counted, or in another way."""

    changed = Signal()
    freeze_requested = Signal()
    """Selection and numbers are to be kept as they are now."""

    def __init__(
        self,
        session: Session,
        today: Callable[[], date] = date.today,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._today = today
        self.selection: Selection = EVERYONE
        self.options: Options = USUAL
        self.can_freeze = False
        self._choices: Mapping[Kind, Sequence[str]] = {}
        self.chips = Flow(gap=6, line_gap=6)
        self.add_button = button("")
        self.saved_button = button(_("&Selection"), "quiet")
        self.saved_button.setToolTip(_("Saved selections: choose, save, rename, remove"))
        self._menu = QMenu(self.saved_button)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.saved_button.setMenu(self._menu)
        self.counting_button = button("", "quiet")
        self.counting_button.setToolTip(_("Data cut-off, T0, what is counted, out of whom"))
        self.counting_button.clicked.connect(self.ask_counting)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.set_kind(self.sentence, "hint")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.chips, 1)
        for one in (self.counting_button, self.saved_button):
            line.addWidget(one, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.sentence)
        self._show()

    def offer(self, choices: Mapping[Kind, Sequence[str]]) -> None:
        """Let filters be given these values, by kind."""
        self._choices = choices

    def use(self, selection: Selection, options: Options | None = None) -> None:
        """Take another selection, and the options if they are given."""
        self._take(selection, options or self.options)

    def clear(self) -> None:
        """Take all filters away; cut-off and T0 stay."""
        self._take(replace(self.selection, name="", filters=()), self.options)

    def ask_filter(self) -> None:
        """Open the form of a new filter."""
        made = FilterForm.ask(self, self._choices, self._today())
        if made is not None:
            self._put_filters((*self.selection.filters, made))
        self.add_button.setFocus()

    def ask_counting(self) -> None:
        """Open the form of cut-off, T0 and options."""
        nuclides = self._choices.get(Kind.NUCLIDE, ())
        made = CountingForm.ask(self, self.selection, self.options, nuclides, self._today())
        if made is not None:
            self._take(*made)

    def ask_save(self) -> None:
        """Ask for a name and keep the selection under it in the casebook."""

        def keep(name: str) -> None:
            named = replace(self.selection, name=name)
            self._session.do(SAVE, lambda step: selections.save(step, named))

        about = self.selection.sentence()
        name = NameForm.ask(self, _("Save selection"), keep, self.selection.name, about)
        if name is not None:
            self.selection = replace(self.selection, name=name)
            self._show()
            messages.notice(self, _("The selection “%s” was saved.") % name)

    def ask_rename(self) -> None:
        """Ask for another name of the saved selection in use."""
        before = self.selection

        def keep(name: str) -> None:
            def rename(step: Step) -> None:
                selections.remove(step, before.name)
                selections.save(step, replace(before, name=name))

            self._session.do(RENAME, rename)

        name = NameForm.ask(self, _("Rename selection"), keep, before.name)
        if name is not None:
            self.selection = replace(before, name=name)
            self._show()

    def remove_saved(self) -> None:
        """Remove the saved selection in use; its filters stay in use, and it can be undone."""
        name = self.selection.name
        try:
            self._session.do(REMOVE, lambda step: selections.remove(step, name))
        except KnownError as error:
            messages.error(self, error)
            return
        self.selection = replace(self.selection, name="")
        self._show()
        said = _("The selection “%s” was removed.") % name
        notice_with_undo(self, self._session, said)

    def changeEvent(self, event: QEvent) -> None:
        """Measure the words anew in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._show()

    def _edit(self, place: int) -> None:
        known = self.selection.filters[place]
        made = FilterForm.ask(self, self._choices, self._today(), known)
        if made is not None and made != known:
            filters = list(self.selection.filters)
            filters[place] = made
            self._put_filters(filters)

    def _remove(self, place: int) -> None:
        filters = self.selection.filters
        self._put_filters((*filters[:place], *filters[place + 1 :]))
        self.add_button.setFocus()

    def _put_filters(self, filters: Sequence[Filter]) -> None:
        self._take(replace(self.selection, name="", filters=tuple(filters)), self.options)

    def _take(self, selection: Selection, options: Options) -> None:
        if (selection, options) == (self.selection, self.options):
            return
        self.selection, self.options = selection, options
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        chips: list[QWidget] = []
        for place, each in enumerate(self.selection.filters):
            chip = FilterChip(each.words, self)
            chip.edit_requested.connect(lambda place=place: self._edit(place))
            chip.remove_requested.connect(lambda place=place: self._remove(place))
            chips.append(chip)
        self.add_button = _chip_button(_("+ &Filter"), _("Add a filter"))
        self.add_button.clicked.connect(self.ask_filter)
        chips.append(self.add_button)
        if self.selection.filters:
            clear = _chip_button(_("Clear"), _("Take all filters away"))
            clear.clicked.connect(self.clear)
            chips.append(clear)
        self.chips.fill(chips)
        name = self.selection.name
        said = f"{self.selection.sentence()}."
        self.sentence.setText(f"{name}: {said}" if name else said)
        self.counting_button.setText(self._counting_words().replace("&", "&&"))

    def _counting_words(self) -> str:
        """What is not usual about how it is counted, and the cut-off."""
        cut_off = self.selection.cut_off
        words = [_("Data cut-off %s") % shown(cut_off) if cut_off else ""]
        if self.selection.t0 is not T0.FIRST_CYCLE:
            words.append(self.selection.t0_words)
        words.append(str(self.options.count))
        if self.options.events is not Events.EMERGENT:
            words.append(str(self.options.events))
        if self.options.by is not USUAL.by:
            words.append(_("by %s") % self.options.by)
        if self.options.denominator is not Denominator.TREATED:
            words.append(_("of %s") % self.options.denominator)
        said = " · ".join(filter(None, words))
        return said[:1].upper() + said[1:] + "…"

    # Saved selections

    def _fill_menu(self) -> None:
        """Offer what is saved, and what can be done with it."""
        self._menu.clear()
        try:
            saved = selections.saved(self._session.casebook)
        except KnownError as error:
            self._menu.addAction(str(error)).setEnabled(False)
            return
        everyone = self._menu.addAction(_("&All patients"))
        everyone.triggered.connect(lambda: self.use(EVERYONE))
        for one in saved:
            action = self._menu.addAction(one.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(one.name == self.selection.name)
            action.setToolTip(one.sentence())
            action.triggered.connect(lambda _on=False, one=one: self.use(one))
        self._menu.addSeparator()
        self._menu.addAction(_("&Save selection…"), self.ask_save)
        is_saved = self.selection.name in {one.name for one in saved}
        rename = self._menu.addAction(_("&Rename…"), self.ask_rename)
        remove = self._menu.addAction(_("R&emove"), self.remove_saved)
        for action in (rename, remove):
            action.setEnabled(bool(is_saved and self.selection.name))
        self._menu.addSeparator()
        freeze = self._menu.addAction(_("&Freeze with its numbers…"))
        freeze.triggered.connect(self.freeze_requested)
        freeze.setEnabled(self.can_freeze)


def _chip_button(text: str, name: str) -> QPushButton:
    made = QPushButton(text)
    made.setAutoDefault(False)
    made.setToolTip(name)
    made.setAccessibleName(name)
    theme.set_kind(made, "chip")
    return made
