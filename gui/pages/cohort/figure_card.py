"""A card with a figure or, in its place, a table of the numbers that the figure shows."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QToolButton, QWidget

from gui.pages.cohort.chips import ChoiceButton
from gui.pages.cohort.cohort_counts import CohortCounts
from gui.pages.cohort.figures import FigureContent, FigureKind, PreparedFigure
from gui.plots.picture_menu import picture_menu
from gui.session.background import Background, Job
from gui.session.turns import Turns
from gui.style import icons
from gui.widgets import exits, messages
from gui.widgets.card import Card
from gui.widgets.layout import label
from gui.widgets.one_line import OneLine
from gui.widgets.row_model import LEFT, RIGHT, Column
from gui.widgets.row_table import RowTable
from model import whole_file
from model.cohort.figures.table import Cell, tab_separated, texts
from model.errors import KnownError
from model.language import N_, _

if TYPE_CHECKING:
    from gui.plots.cohort.figure import Figure

NumberRow = tuple[int, tuple[Cell, ...]]
"""The index of a row, which tells equal rows apart, and the numbers in it."""


class FigureCard(Card):
    """A figure with the buttons of its choices, and a menu that saves pictures and numbers.

    The figure is counted off the GUI thread. `patient_requested` carries the id of the patient
    whose page is to be opened. `patients_requested` carries the ids of several patients, what they
    have in common, and a function that gives each patient's reason (see `Mark.why`).
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
        """Make a card without a figure; `make` adds it, in a turn of its own."""
        super().__init__(kind.title, parent)
        self.kind = kind
        self._background = background
        self._turns = turns
        # Each request to draw is a new object; the figure is up to date when both are the same.
        self._latest_request: object = None
        self._drawn_request: object = None
        self._counts: CohortCounts | None = None
        self._is_filled = False
        self.figure: Figure | None = None
        self.headline = OneLine()
        self.head.insertWidget(1, self.headline, 100)
        self.buttons = {choice.name: ChoiceButton(choice.label) for choice in kind.choices}
        for button in self.buttons.values():
            button.chosen.connect(self._count)
            self.add_action(button)
        self._add_menu()
        self._stack = QStackedWidget()
        self.waiting = label(_("Counting…"), "empty")
        self._stack.addWidget(self.waiting)
        self.table: RowTable[NumberRow] | None = None
        self.notes = label("", "hint", wrap=True)
        self.notes.hide()
        self.notes.setContentsMargins(4, 0, 4, 0)
        self.body.setContentsMargins(10, 2, 10, 10)
        self.add(self._stack)
        self.add(self.notes)
        self._stack.setFixedHeight(160)

    def show_counts(self, counts: CohortCounts, prepared: PreparedFigure) -> None:
        """Show the figure of another cohort; until then the previous one stays visible."""
        self._counts = counts
        for choice in self.kind.choices:
            self.buttons[choice.name].offer(choice.items(counts))
        if prepared.chosen_keys != self.chosen_keys:
            # The user has chosen another key meanwhile.
            self._count()
            return
        self._drawn_request = self._latest_request = object()
        if prepared.error is not None:
            raise prepared.error
        if prepared.content is not None:
            self._show(prepared.content)

    @property
    def chosen_keys(self) -> dict[str, str]:
        """The key that is chosen with each button, by the name of the button."""
        return {name: button.key for name, button in self.buttons.items()}

    @property
    def is_drawn(self) -> bool:
        """Whether the figure shows the latest choice, or that choice could not be counted."""
        return self._drawn_request is self._latest_request

    def _count(self, _key: str = "") -> None:
        """Count the chosen figure off the GUI thread, then draw it in a turn of its own."""
        counts, chosen_keys = self._counts, self.chosen_keys
        if counts is None:
            return
        request = self._latest_request = object()

        def work(_job: Job) -> FigureContent:
            return self.kind.count(counts, chosen_keys)

        def draw(content: FigureContent) -> None:
            if request is self._latest_request:
                self._drawn_request = request
                self._show(content)

        def queue_drawing(content: FigureContent) -> None:
            self._turns.add(partial(draw, content))

        def fail(error: BaseException) -> None:
            if request is self._latest_request:
                # An export waits until `is_drawn`, and must not wait for this figure.
                self._drawn_request = request
            raise error

        self._background.run(self, work, queue_drawing, fail, replaces="figure")

    def _show(self, content: FigureContent) -> None:
        figure = self.make()
        content.show(figure)
        self._is_filled = True
        self._stack.setFixedHeight(110 if figure.is_empty else content.height)
        has_headline = self.kind.has_headline and not figure.is_empty
        self.headline.show_text(figure.headline() if has_headline else "")
        self.notes.setText(" ".join(content.notes))
        self.notes.setVisible(bool(content.notes))
        self.show_as_table(self.table_action.isChecked())

    def make(self) -> Figure:
        """Return the figure; the first call makes it, which takes a turn of its own."""
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
        first_action = menu.actions()[0]
        for action in (self.table_action, self.copy_action, self.csv_action):
            menu.insertAction(first_action, action)
        menu.insertSeparator(first_action)
        self.menu_button = QToolButton()
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu_button.setToolTip(_("Table, numbers and picture of this figure"))
        name = _("{figure}: table and picture").format(figure=self.kind.title)
        self.menu_button.setAccessibleName(name)
        icons.keep(self.menu_button, "more")
        self.menu_button.setMenu(menu)
        self.add_action(self.menu_button)

    def show_as_table(self, is_table: bool) -> None:
        """Show the numbers in place of the figure, or the figure again.

        Nothing changes until the figure has been filled.
        """
        if self.figure is None or not self._is_filled:
            return
        self._remove_table()
        if is_table:
            self._add_table(self.figure)
        else:
            self._stack.setCurrentWidget(self.figure)

    def copy_numbers(self) -> None:
        """Copy the numbers so that they can be pasted into a spreadsheet."""
        if self.figure is not None:
            try:
                exits.copy(self, N_("Copy numbers"), tab_separated(self.figure.numbers()))
            except KnownError as error:
                messages.error(self, error)
                return
            messages.notice(self, _("The numbers were copied."))

    def save_csv(self) -> None:
        """Ask for a file and save the numbers."""
        if self.figure is None:
            return
        file_name, _filter = QFileDialog.getSaveFileName(
            self,
            _("Save numbers"),
            f"{self._file_name().replace(' ', '-')}.csv",
            _("CSV files (*.csv)"),
        )
        if not file_name:
            return
        path = Path(file_name)
        try:
            with exits.saving(self, N_("Save numbers"), path):
                whole_file.write(path, self.figure.csv().encode())
        except KnownError as error:
            messages.error(self, error)
            return
        saved = _("The numbers were saved as “{file}”.").format(file=path.name)
        messages.notice(self, saved)

    def caption(self) -> str:
        """Return a sentence on what the figure shows and of which patients."""
        return self.kind.caption(self._counts) if self._counts else self.kind.title

    def _add_table(self, figure: Figure) -> None:
        """Show the numbers in a new table, since another choice may have other columns."""
        numbers = figure.numbers()
        self.table = RowTable(
            [
                _column(index, name, any(isinstance(row[index], str) for row in numbers.rows))
                for index, name in enumerate(numbers.header)
            ],
            name=_("{figure}, numbers").format(figure=self.kind.title),
            empty=_("No numbers."),
            key=lambda row: row[0],
        )
        self._stack.addWidget(self.table)
        self._stack.setCurrentWidget(self.table)
        self.table.show_records(list(enumerate(numbers.rows)))

    def _remove_table(self) -> None:
        if self.table is not None:
            self._stack.removeWidget(self.table)
            self.table.deleteLater()
            self.table = None

    def _file_name(self) -> str:
        return f"cohort {self.kind.key}"


def _column(index: int, name: str, is_text: bool) -> Column[NumberRow]:
    def sort_key(row: NumberRow) -> tuple[bool, Cell] | None:
        value = row[1][index]
        return None if value is None else (isinstance(value, str), value)

    def text(row: NumberRow) -> str:
        value = row[1][index]
        return value if isinstance(value, str) else texts((value,))[0]

    return Column(name.replace("_", " "), text, sort_key, align=LEFT if is_text else RIGHT)
