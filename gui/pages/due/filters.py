"""Filters of the Due page: a search line, how soon items are due, and their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from gui.widgets.card import filter_chip
from gui.widgets.layout import row
from gui.widgets.search_line import SearchLine
from model.due.items import MONTH_DAYS, WEEK_DAYS, DueItem, DueState
from model.language import _

OVERDUE, WEEK, MONTH, ALL = "overdue", "week", "month", "all"
BY_DATE, BY_PATIENT = "date", "patient"
_MOVES = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class DueFilters(QWidget):
    """A search line and chips in one row.

    `changed`: other items are to be shown; `entered`: Enter was pressed in the search line;
    `moved`: a key that moves through the list was pressed there.
    """

    changed = Signal()
    entered = Signal()
    moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchLine(_("Search codes"), _("Search what is due by study code"))
        self.search.setFixedWidth(220)
        self._names = {
            OVERDUE: _("Overdue"),
            WEEK: _("This week"),
            MONTH: _("Next 4 weeks"),
            ALL: _("All"),
        }
        self.soon = self._chips(
            (OVERDUE, "", _("Past the day by more than the schedule allows")),
            (WEEK, "", _("Overdue, or due within 7 days")),
            (MONTH, "", _("Overdue, or due within 28 days")),
            (ALL, "", _("Everything that is due next")),
        )
        self.orders = self._chips(
            (BY_DATE, _("By date"), _("Sorted by due date")),
            (BY_PATIENT, _("By patient"), _("Grouped by patient")),
        )
        self.soon[WEEK].setChecked(True)
        self.orders[BY_DATE].setChecked(True)
        line = row(self.search, *self.soon.values(), 1, *self.orders.values(), spacing=6, of=self)
        line.insertSpacing(1, 8)
        for chip in (*self.soon.values(), *self.orders.values()):
            chip.toggled.connect(self._toggled)
        self.search.textChanged.connect(self.changed)
        self.search.installEventFilter(self)

    @property
    def is_by_patient(self) -> bool:
        """Whether the items are grouped by patient."""
        return self.orders[BY_PATIENT].isChecked()

    @property
    def kind(self) -> str:
        """How soon the shown items are due: OVERDUE, WEEK, MONTH or ALL."""
        return next(kind for kind, chip in self.soon.items() if chip.isChecked())

    @property
    def text(self) -> str:
        """The search text."""
        return self.search.text().strip()

    def narrowed(self, items: Iterable[DueItem]) -> list[DueItem]:
        """Return the items that match text and chip, in the chosen order, and update the counts."""
        words = self.text.casefold().split()
        matches = [
            item
            for item in items
            if all(word in f"{item.code} {item.title}".casefold() for word in words)
        ]
        for kind, chip in self.soon.items():
            chip.setText(f"{self._names[kind]} {sum(map(_TESTS[kind], matches))}")
        shown = list(filter(_TESTS[self.kind], matches))
        if self.is_by_patient:
            shown.sort(key=lambda item: (item.code, item.due_on))
        return shown

    def title(self) -> str:
        """Return a heading for what is shown."""
        kind = {
            OVERDUE: _("Overdue"),
            WEEK: _("Due this week"),
            MONTH: _("Due in the next 4 weeks"),
            ALL: _("Due"),
        }[self.kind]
        return f"{kind}: “{self.text}”" if self.text else kind

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let keys in the search line move through the list and open an item."""
        is_press = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self.search and isinstance(event, QKeyEvent) and is_press:
            if event.key() in _MOVES:
                self.moved.emit(event)
                return True
            if event.key() in _ENTERS:
                self.entered.emit()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def _toggled(self, checked: bool) -> None:
        if checked:
            self.changed.emit()

    def _chips(self, *kinds: tuple[str, str, str]) -> dict[str, QPushButton]:
        """Return chips of which exactly one is checked."""
        group = QButtonGroup(self)
        chips = {}
        for kind, name, tip in kinds:
            chip = filter_chip(name, self)
            chip.setToolTip(tip)
            group.addButton(chip)
            chips[kind] = chip
        return chips


_TESTS: dict[str, Callable[[DueItem], bool]] = {
    OVERDUE: lambda item: item.state is DueState.OVERDUE,
    WEEK: lambda item: item.days <= WEEK_DAYS,
    MONTH: lambda item: item.days <= MONTH_DAYS,
    ALL: lambda _item: True,
}
