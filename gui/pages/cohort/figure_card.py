"""A card with a figure: what it shows is asked for off the GUI thread; its numbers as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from gui.pages.cohort.choice_button import ChoiceButton
from gui.pages.cohort.counted import Counted
from gui.plots.picture_menu import picture_menu, write
from gui.session.background import Background, Job
from gui.session.turns import Turns
from gui.style import icons, theme
from gui.widgets import messages
from gui.widgets.card import Card
from gui.widgets.one_line import OneLine
from gui.widgets.row_table import LEFT, RIGHT, Column, RowTable
from model.cohort.figure_table import Cell, tab_separated, texts
from model.errors import KnownError
from model.language import _

if TYPE_CHECKING:
    from gui.plots.cohort.figure import Figure

Chosen = Mapping[str, str]
"""What is chosen of a figure: the key of the choice, by the name of its button."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen of a figure: a name, its words, and what it offers."""

    name: str
    label: str
    offers: Callable[[Counted], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What a figure is to show for what was chosen of it, or why that could not be found out."""

    chosen: Chosen
    value: Any = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureKind:
    """What a card draws: `value` reasons off the GUI thread, `show` puts it into the figure."""

    key: str
    title: str
    make: Callable[[], Figure]
    value: Callable[[Counted, Chosen], Any]
    show: Callable[[Any, Any], None]
    height: Callable[[Any], int] = lambda _value: 300
    notes: Callable[[Counted, Chosen, Any], Sequence[str]] = lambda _counted, _chosen, _value: ()
    choices: tuple[Choice, ...] = ()
    has_headline: bool = True

    def caption(self, counted: Counted) -> str:
        """Of what and of whom the figure is."""
        return f"{self.title}. {counted.selection.sentence()}"

    def ready(self, counted: Counted, wanted: Chosen) -> Ready:
        """What the figure shows, by what is wanted where that is offered; off the GUI thread."""
        chosen = {}
        for choice in self.choices:
            keys = [key for key, _ in choice.offers(counted)]
            known = wanted.get(choice.name, "")
            chosen[choice.name] = known if known in keys else keys[0] if keys else ""
        try:
            return Ready(chosen=chosen, value=self.value(counted, chosen))
        except Exception as error:  # told where the figure would stand, and the others are shown
            return Ready(chosen=chosen, error=error)


class FigureCard(Card):
    """A figure with its choices and a menu of pictures and numbers.

    `patient_requested` tells whose page is asked for; `patients_requested` the ids of several,
    what they are, and why (see `Mark`).
    """

    patient_requested = Signal(object)
    patients_requested = Signal(object, str, object)

    def __init__(
        self,
        kind: FigureKind,
        background: Background,
        turns: Turns,
        parent: QWidget | None = None,
    ) -> None:
        """A figure that is drawn in a turn of its own."""
        super().__init__(kind.title, parent)
        self.kind = kind
        self._background = background
        self._turns = turns
        self._asked: object = None
        self._drawn: object = None
        self._counted: Counted | None = None
        self.figure: Figure | None = None
        self.state = OneLine()
        self.head.insertWidget(1, self.state, 100)
        self.buttons = {each.name: ChoiceButton(each.label, ()) for each in kind.choices}
        for button in self.buttons.values():
            button.chosen.connect(self._ask)
            self.add_action(button)
        self._add_menu()
        self._stack = QStackedWidget()
        self.waiting = QLabel(_("Counting…"))
        theme.set_kind(self.waiting, "empty")
        self._stack.addWidget(self.waiting)
        self.table: RowTable[tuple[int, tuple[Cell, ...]]] | None = None
        self.notes = QLabel()
        self.notes.setWordWrap(True)
        self.notes.hide()
        theme.set_kind(self.notes, "hint")
        self.notes.setContentsMargins(4, 0, 4, 0)
        self.body.setContentsMargins(10, 2, 10, 10)
        self.add(self._stack)
        self.add(self.notes)
        self._stack.setFixedHeight(160)

    def show_counted(self, counted: Counted, ready: Ready) -> None:
        """Draw the figure of another cohort; the one before stays in sight until it is there."""
        self._counted = counted
        for choice in self.kind.choices:
            self.buttons[choice.name].offer(choice.offers(counted))
        if ready.chosen != self.chosen:
            # Another choice was made while this was found out.
            self._ask()
            return
        self._drawn = self._asked = object()
        if ready.error is not None:
            raise ready.error
        self._show(counted, ready.chosen, ready.value)

    @property
    def chosen(self) -> dict[str, str]:
        """What is chosen of the figure."""
        return {name: button.key for name, button in self.buttons.items()}

    def _ask(self, _key: str = "") -> None:
        counted, chosen = self._counted, self.chosen
        if counted is None:
            return

        asked = self._asked = object()

        def work(_job: Job) -> Any:
            return self.kind.value(counted, chosen)

        def draw(value: Any) -> None:
            if asked is self._asked:
                self._drawn = asked
                self._show(counted, chosen, value)

        def then(value: Any) -> None:
            self._turns.add(partial(draw, value))

        def otherwise(error: BaseException) -> None:
            # Nobody is to wait for it.
            self._drawn = self._asked
            raise error

        self._background.run(self, work, then, otherwise, replaces="figure")

    @property
    def is_drawn(self) -> bool:
        """Whether it shows what was asked for last."""
        return self._drawn is self._asked

    def _show(self, counted: Counted, chosen: Chosen, value: Any) -> None:
        figure = self.make()
        self.kind.show(figure, value)
        height = self.kind.height(value)
        self._stack.setFixedHeight(110 if figure.is_empty else height)
        has_words = self.kind.has_headline and not figure.is_empty
        self.state.show_text(figure.headline() if has_words else "")
        said = self.kind.notes(counted, chosen, value)
        self.notes.setText(" ".join(said))
        self.notes.setVisible(bool(said))
        if self.table is not None:
            self._fill_table()
        elif self._stack.currentWidget() is self.waiting:
            self._stack.setCurrentWidget(figure)

    def make(self) -> Figure:
        """The figure, made when it is first asked for: enough for a turn of its own."""
        if self.figure is not None:
            return self.figure
        figure = self.figure = self.kind.make()
        figure.patient_clicked.connect(self.patient_requested)
        figure.patients_clicked.connect(self.patients_requested)
        self._stack.addWidget(figure)
        QWidget.setTabOrder(self.menu_button, figure.view)
        return figure

    # The menu

    def _add_menu(self) -> None:
        menu = picture_menu(self, lambda: self.figure, self._file_name, self.caption)
        self.table_action = menu.addAction(_("Show as &table"))
        self.table_action.setCheckable(True)
        self.table_action.toggled.connect(self.show_as_table)
        self.copy_action = menu.addAction(_("Copy &numbers"), self.copy_numbers)
        self.csv_action = menu.addAction(_("Save numbers as CS&V…"), self.save_csv)
        first = menu.actions()[0]
        for action in (self.table_action, self.copy_action, self.csv_action):
            menu.insertAction(first, action)
        menu.insertSeparator(first)
        self.menu_button = QToolButton()
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu_button.setToolTip(_("Table, numbers and picture of this figure"))
        self.menu_button.setAccessibleName(_("%s: table and picture") % self.kind.title)
        icons.keep(self.menu_button, "more")
        self.menu_button.setMenu(menu)
        self.add_action(self.menu_button)

    def show_as_table(self, wanted: bool) -> None:
        """Show the numbers in place of the figure, or the figure again."""
        if self.figure is None:
            return
        if wanted:
            self._fill_table()
        elif self.table is not None:
            self._stack.removeWidget(self.table)
            self.table.deleteLater()
            self.table = None
            self._stack.setCurrentWidget(self.figure)

    def copy_numbers(self) -> None:
        """Put the numbers on the clipboard, as a spreadsheet takes them."""
        if self.figure is not None:
            QApplication.clipboard().setText(tab_separated(self.figure.numbers()))
            messages.notice(self, _("The numbers are on the clipboard."))

    def save_csv(self) -> None:
        """Ask for a file and save the numbers."""
        if self.figure is None:
            return
        chosen, _filter = QFileDialog.getSaveFileName(
            self,
            _("Save numbers"),
            f"{self._file_name().replace(' ', '-')}.csv",
            _("CSV files (*.csv)"),
        )
        if not chosen:
            return
        try:
            write(Path(chosen), self.figure.csv().encode())
        except KnownError as error:
            messages.error(self, error)
            return
        messages.notice(self, _("The numbers were saved as “%s”.") % Path(chosen).name)

    def _fill_table(self) -> None:
        """Show the numbers in a table that is made for their columns."""
        assert self.figure is not None
        numbers = self.figure.numbers()
        before = self.table
        self.table = RowTable(
            [
                _column(place, name, any(isinstance(row[place], str) for row in numbers.rows))
                for place, name in enumerate(numbers.header)
            ],
            name=_("%s, numbers") % self.kind.title,
            empty=_("No numbers."),
            key=lambda row: row[0],
        )
        self._stack.addWidget(self.table)
        self._stack.setCurrentWidget(self.table)
        self.table.show_records(list(enumerate(numbers.rows)))
        if before is not None:
            self._stack.removeWidget(before)
            before.deleteLater()

    def _file_name(self) -> str:
        return f"cohort {self.kind.key}"

    def caption(self) -> str:
        """Of what and of whom the figure is."""
        return self.kind.caption(self._counted) if self._counted else self.kind.title


def _column(place: int, name: str, is_text: bool) -> Column[tuple[int, tuple[Cell, ...]]]:
    def cell(row: tuple[int, tuple[Cell, ...]]) -> Cell:
        return row[1][place]

    def sorted_by(row: tuple[int, tuple[Cell, ...]]) -> tuple[bool, Any] | None:
        value = cell(row)
        return None if value is None else (isinstance(value, str), value)

    def text(row: tuple[int, tuple[Cell, ...]]) -> str:
        value = cell(row)
        return value if isinstance(value, str) else texts((value,))[0]

    return Column(name.replace("_", " "), text, sorted_by, align=LEFT if is_text else RIGHT)
