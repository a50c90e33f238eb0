"""What of all that is due is shown: a search line, how soon it is due, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from gui.widgets.card import filter_chip
from gui.widgets.search_line import SearchLine
from model.due.items import MONTH_DAYS, WEEK_DAYS, DueItem, State
from model.language import _

OVERDUE, WEEK, MONTH, ALL = "overdue", "week", "month", "all"
BY_DATE, BY_PATIENT = "date", "patient"
_MOVES = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class DueFilters(QWidget):
    """Search line and chips in one line.

    `changed` says that other items are to be shown; `entered` that Enter was pressed in the search
    line, `moved` that a key was pressed there which moves in the list.
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
            (OVERDUE, "", _("Whose day has passed by more than the schedule allows")),
            (WEEK, "", _("Overdue, or due within 7 days")),
            (MONTH, "", _("Overdue, or due within 28 days")),
            (ALL, "", _("Whatever the schedule asks for next")),
        )
        self.orders = self._chips(
            (BY_DATE, _("By date"), _("What is due first stands first")),
            (BY_PATIENT, _("By patient"), _("What is due for a patient together")),
        )
        self.soon[WEEK].setChecked(True)
        self.orders[BY_DATE].setChecked(True)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.search)
        line.addSpacing(8)
        for chip in self.soon.values():
            line.addWidget(chip)
        line.addStretch(1)
        for chip in self.orders.values():
            line.addWidget(chip)
        for chip in (*self.soon.values(), *self.orders.values()):
            chip.toggled.connect(self._toggled)
        self.search.textChanged.connect(self.changed)
        self.search.installEventFilter(self)

    @property
    def is_by_patient(self) -> bool:
        """Whether what is due for a patient stands together."""
        return self.orders[BY_PATIENT].isChecked()

    @property
    def kind(self) -> str:
        """How soon it is due, what is shown: OVERDUE, WEEK, MONTH or ALL."""
        return next(kind for kind, chip in self.soon.items() if chip.isChecked())

    @property
    def text(self) -> str:
        """What is searched for."""
        return self.search.text().strip()

    def narrowed(self, items: Iterable[DueItem]) -> list[DueItem]:
        """The items that text and chip leave, in the order chosen; the chips count the others."""
        words = self.text.casefold().split()
        found = [
            item
            for item in items
            if all(word in f"{item.code} {item.title}".casefold() for word in words)
        ]
        for kind, chip in self.soon.items():
            chip.setText(f"{self._names[kind]} {sum(map(_TESTS[kind], found))}")
        left = list(filter(_TESTS[self.kind], found))
        if self.is_by_patient:
            left.sort(key=lambda item: (item.code, item.due_on))
        return left

    def title(self) -> str:
        """What is shown, as a heading."""
        kind = {
            OVERDUE: _("Overdue"),
            WEEK: _("Due this week"),
            MONTH: _("Due in the next 4 weeks"),
            ALL: _("Due"),
        }[self.kind]
        return f"{kind}: “{self.text}”" if self.text else kind

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let keys of the search line move in the list and open what it shows."""
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
        """Chips of which one is pressed."""
        group = QButtonGroup(self)
        chips = {}
        for kind, name, tip in kinds:
            chip = filter_chip(name, self)
            chip.setToolTip(tip)
            group.addButton(chip)
            chips[kind] = chip
        return chips


_TESTS: dict[str, Callable[[DueItem], bool]] = {
    OVERDUE: lambda item: item.state is State.OVERDUE,
    WEEK: lambda item: item.days <= WEEK_DAYS,
    MONTH: lambda item: item.days <= MONTH_DAYS,
    ALL: lambda _item: True,
}
