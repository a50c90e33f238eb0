"""The filters of the Due page: a search line, chips for how soon items are due, and their order."""

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
_MOVE_KEYS = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class DueFilters(QWidget):
    """A search line and chips in one row.

    `changed` is emitted when a filter or the order has changed, `entered` when Enter was pressed in
    the search line, and `moved` with the event of a key that moves through the list.
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
        self.period_chips = self._chips(
            (OVERDUE, "", _("Past the day by more than the schedule allows")),
            (WEEK, "", _("Overdue, or due within 7 days")),
            (MONTH, "", _("Overdue, or due within 28 days")),
            (ALL, "", _("Everything that is due next")),
        )
        self.order_chips = self._chips(
            (BY_DATE, _("By date"), _("Sorted by due date")),
            (BY_PATIENT, _("By patient"), _("Grouped by patient")),
        )
        self.period_chips[WEEK].setChecked(True)
        self.order_chips[BY_DATE].setChecked(True)
        line = row(
            self.search,
            *self.period_chips.values(),
            1,
            *self.order_chips.values(),
            spacing=6,
            of=self,
        )
        line.insertSpacing(1, 8)
        for chip in (*self.period_chips.values(), *self.order_chips.values()):
            chip.toggled.connect(self._on_toggle)
        self.search.textChanged.connect(self.changed)
        self.search.installEventFilter(self)

    @property
    def is_by_patient(self) -> bool:
        """Whether the items are grouped by patient."""
        return self.order_chips[BY_PATIENT].isChecked()

    @property
    def period(self) -> str:
        """The chosen period: OVERDUE, WEEK, MONTH or ALL."""
        return next(period for period, chip in self.period_chips.items() if chip.isChecked())

    @property
    def text(self) -> str:
        """The search text."""
        return self.search.text().strip()

    def filter_items(self, items: Iterable[DueItem]) -> list[DueItem]:
        """Return the items that match text and period in the chosen order; update the counts."""
        words = self.text.casefold().split()
        matches = [
            item
            for item in items
            if all(word in f"{item.code} {item.title}".casefold() for word in words)
        ]
        for period, chip in self.period_chips.items():
            chip.setText(f"{self._names[period]} {sum(map(_IS_IN_PERIOD[period], matches))}")
        in_period = list(filter(_IS_IN_PERIOD[self.period], matches))
        if self.is_by_patient:
            in_period.sort(key=lambda item: (item.code, item.due_on))
        return in_period

    def title(self) -> str:
        """Return a heading for the shown items."""
        title = {
            OVERDUE: _("Overdue"),
            WEEK: _("Due this week"),
            MONTH: _("Due in the next 4 weeks"),
            ALL: _("Due"),
        }[self.period]
        return f"{title}: “{self.text}”" if self.text else title

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let keys in the search line move through the list and open an item."""
        is_press = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self.search and isinstance(event, QKeyEvent) and is_press:
            if event.key() in _MOVE_KEYS:
                self.moved.emit(event)
                return True
            if event.key() in _ENTER_KEYS:
                self.entered.emit()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def _on_toggle(self, checked: bool) -> None:
        if checked:
            self.changed.emit()

    def _chips(self, *specs: tuple[str, str, str]) -> dict[str, QPushButton]:
        """Return chips by key, of which exactly one is checked, from keys, names and tool tips."""
        group = QButtonGroup(self)
        chips = {}
        for key, name, tip in specs:
            chip = filter_chip(name, self)
            chip.setToolTip(tip)
            group.addButton(chip)
            chips[key] = chip
        return chips


_IS_IN_PERIOD: dict[str, Callable[[DueItem], bool]] = {
    OVERDUE: lambda item: item.state is DueState.OVERDUE,
    WEEK: lambda item: item.days <= WEEK_DAYS,
    MONTH: lambda item: item.days <= MONTH_DAYS,
    ALL: lambda _item: True,
}
