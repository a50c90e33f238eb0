"""A card with a figure, counted off the GUI thread; it also shows its numbers as a table."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QStackedWidget, QToolButton, QWidget

from gui.pages.cohort.chips import ChoiceButton
from gui.pages.cohort.counted import Counted
from gui.pages.cohort.figures import Content, FigureKind, Ready
from gui.plots.picture_menu import picture_menu
from gui.session.background import Background, Job
from gui.session.turns import Turns
from gui.style import icons
from gui.widgets import messages
from gui.widgets.card import Card
from gui.widgets.layout import label
from gui.widgets.one_line import OneLine
from gui.widgets.row_model import LEFT, RIGHT, Column
from gui.widgets.row_table import RowTable
from model import whole_file
from model.cohort.figures.table import Cell, tab_separated, texts
from model.errors import KnownError
from model.language import _

if TYPE_CHECKING:
    from gui.plots.cohort.figure import Figure

NumberRow = tuple[int, tuple[Cell, ...]]
"""A row of a figure's numbers after its index, which tells equal rows apart."""


class FigureCard(Card):
    """A figure with its choices and a menu of pictures and numbers.

    `patient_requested` carries the id of the patient whose page is to be opened;
    `patients_requested` the ids of several, what they have in common, and why (see `Mark`).
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
        """A card that waits for its figure; each is drawn in a turn of its own."""
        super().__init__(kind.title, parent)
        self.kind = kind
        self._background = background
        self._turns = turns
        # Each request to draw is a new object; the figure is up to date when both are the same.
        self._requested: object = None
        self._drawn: object = None
        self._counted: Counted | None = None
        self._is_filled = False
        self.figure: Figure | None = None
        self.state = OneLine()
        self.head.insertWidget(1, self.state, 100)
        self.buttons = {each.name: ChoiceButton(each.label) for each in kind.choices}
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

    def show_counted(self, counted: Counted, ready: Ready) -> None:
        """Show the figure of another cohort; the previous one stays visible until then."""
        self._counted = counted
        for choice in self.kind.choices:
            self.buttons[choice.name].offer(choice.offers(counted))
        if ready.chosen != self.chosen:
            # Another choice was made meanwhile.
            self._count()
            return
        self._drawn = self._requested = object()
        if ready.error is not None:
            raise ready.error
        if ready.content is not None:
            self._show(ready.content)

    @property
    def chosen(self) -> dict[str, str]:
        """The key chosen with each of the figure's buttons, by name."""
        return {name: button.key for name, button in self.buttons.items()}

    @property
    def is_drawn(self) -> bool:
        """Whether the figure shows the latest choice, as far as it can be drawn."""
        return self._drawn is self._requested

    def _count(self, _key: str = "") -> None:
        """Count what is chosen off the GUI thread, then draw it in a turn of its own."""
        counted, chosen = self._counted, self.chosen
        if counted is None:
            return
        request = self._requested = object()

        def work(_job: Job) -> Content:
            return self.kind.count(counted, chosen)

        def draw(content: Content) -> None:
            if request is self._requested:
                self._drawn = request
                self._show(content)

        def then(content: Content) -> None:
            self._turns.add(partial(draw, content))

        def otherwise(error: BaseException) -> None:
            if request is self._requested:
                # An export must not wait for it.
                self._drawn = request
            raise error

        self._background.run(self, work, then, otherwise, replaces="figure")

    def _show(self, content: Content) -> None:
        figure = self.make()
        content.show(figure)
        self._is_filled = True
        self._stack.setFixedHeight(110 if figure.is_empty else content.height)
        has_headline = self.kind.has_headline and not figure.is_empty
        self.state.show_text(figure.headline() if has_headline else "")
        self.notes.setText(" ".join(content.notes))
        self.notes.setVisible(bool(content.notes))
        self.show_as_table(self.table_action.isChecked())

    def make(self) -> Figure:
        """Return the figure, made on the first call: enough for a turn of its own."""
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
        name = _("{figure}: table and picture").format(figure=self.kind.title)
        self.menu_button.setAccessibleName(name)
        icons.keep(self.menu_button, "more")
        self.menu_button.setMenu(menu)
        self.add_action(self.menu_button)

    def show_as_table(self, shown: bool) -> None:
        """Show the numbers in place of the figure, or the figure again, once there is one."""
        if self.figure is None or not self._is_filled:
            return
        self._remove_table()
        if shown:
            self._add_table(self.figure)
        else:
            self._stack.setCurrentWidget(self.figure)

    def copy_numbers(self) -> None:
        """Copy the numbers so that they can be pasted into a spreadsheet."""
        if self.figure is not None:
            QApplication.clipboard().setText(tab_separated(self.figure.numbers()))
            messages.notice(self, _("The numbers were copied."))

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
        path = Path(chosen)
        try:
            whole_file.write(path, self.figure.csv().encode())
        except KnownError as error:
            messages.error(self, error)
            return
        saved = _("The numbers were saved as “{file}”.").format(file=path.name)
        messages.notice(self, saved)

    def caption(self) -> str:
        """Return what the figure shows, and for which patients."""
        return self.kind.caption(self._counted) if self._counted else self.kind.title

    def _add_table(self, figure: Figure) -> None:
        """Show the numbers in a new table, as the columns may be others."""
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
    def key(row: NumberRow) -> tuple[bool, Cell] | None:
        value = row[1][index]
        return None if value is None else (isinstance(value, str), value)

    def text(row: NumberRow) -> str:
        value = row[1][index]
        return value if isinstance(value, str) else texts((value,))[0]

    return Column(name.replace("_", " "), text, key, align=LEFT if is_text else RIGHT)
