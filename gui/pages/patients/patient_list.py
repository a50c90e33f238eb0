"""The list of patients, with a search line and filter chips."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QButtonGroup,
    QFrame,
    QLabel,
    QListView,
    QPushButton,
    QWidget,
)

from gui.pages.patients.patient_rows import PatientRowDelegate, PatientRowModel
from gui.style import theme
from gui.widgets.card import filter_chip
from gui.widgets.flow import Flow
from gui.widgets.layout import column, label
from gui.widgets.search_line import SearchLine
from model.due.items import WEEK_DAYS, DueItem
from model.language import _
from model.records.patients import Overview

ALL, TREATED, DUE = "all", "treated", "due"
SEVERE, DECEASED = "severe", "deceased"
SEVERE_GRADE = 3


class PatientList(QFrame):
    """A search line, filter chips, and the patients that match both.

    `chosen` emits the id of the chosen patient, or None, when it has changed; `entered` asks to
    move the keyboard into the patient's page; `delete_requested` emits the id of a patient.
    """

    chosen = Signal(object)
    entered = Signal()
    delete_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_kind(self, "side")
        self._overviews: list[Overview] = []
        self.treated: frozenset[int] = frozenset()
        self.due: frozenset[int] = frozenset()
        self._preferred_id: int | None = None
        self._is_filtering = False
        self.search = SearchLine(_("Search patients"), _("Search patients by code, name or site"))
        self._shortcut_hint = QLabel(_("Ctrl F"), self.search)
        theme.set_kind(self._shortcut_hint, "hint")
        self._shortcut_hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.chips: dict[str, QPushButton] = {}
        self._chip_group = QButtonGroup(self)
        chips = Flow(gap=5, line_gap=6)
        for each in FILTERS:
            chip = filter_chip("", self)
            chip.setToolTip(each.tip)
            self._chip_group.addButton(chip)
            self.chips[each.key] = chip
        chips.fill(list(self.chips.values()))
        self.chips[ALL].setChecked(True)
        self.rows = PatientRowModel(self)
        self.view = QListView()
        self.view.setModel(self.rows)
        self.view.setItemDelegate(PatientRowDelegate(self.view))
        self.view.setAccessibleName(_("Patients"))
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._empty = label(kind="empty", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        top = column(self.search, chips, spacing=10, margins=(12, 12, 12, 10))
        line = QFrame()
        line.setFixedHeight(1)
        theme.set_kind(line, "line")
        parts = (top, line, (self._empty, 1), (self.view, 1))
        column(*parts, spacing=0, margins=(0, 0, 1, 0), of=self)
        self.setFocusProxy(self.view)
        self.search.textChanged.connect(self._apply_filters)
        self.search.textChanged.connect(self._place_shortcut_hint)
        self._chip_group.buttonToggled.connect(self._chip_toggled)
        self.view.selectionModel().currentChanged.connect(self._current_changed)
        self.view.activated.connect(self._enter)
        self.search.installEventFilter(self)
        self.view.installEventFilter(self)
        self._label_chips()

    def show_overviews(self, overviews: Sequence[Overview], treated: Collection[int]) -> None:
        """Show patients; the chosen one stays chosen if it is among them.

        `treated` contains the ids of patients on treatment.
        """
        self._overviews = list(overviews)
        self.treated = frozenset(treated)
        self._label_chips()
        self._apply_filters()

    def show_due(self, items: Mapping[int, DueItem], today: date) -> None:
        """Show the next due item of each patient, by id, as of today."""
        self.rows.show_next(items, today)
        previous = self.due
        self.due = frozenset(key for key, item in items.items() if item.days <= WEEK_DAYS)
        if self.due != previous:
            self._label_chips()
            if self.chips[DUE].isChecked():
                self._apply_filters()

    def choose(self, patient_id: int) -> None:
        """Choose a patient; clear the search and the filter if they hide the patient."""
        self._preferred_id = patient_id
        if self.rows.row_of(patient_id) < 0:
            self.search.clear()
            self.chips[ALL].setChecked(True)
        self._apply_filters()

    def chosen_id(self) -> int | None:
        """Return the id of the chosen patient."""
        row = self.view.currentIndex().row()
        return self.rows.overviews[row].id if 0 <= row < len(self.rows.overviews) else None

    def start_search(self) -> None:
        """Move the keyboard to the search line and select its text."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def find_matches(self, text: str) -> list[Overview]:
        """Return the patients that match a text, regardless of the chips."""
        return [overview for overview in self._overviews if overview.matches(text)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move through the list from the search line, and act on the list's own keys."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        key = Qt.Key(event.key())
        if watched is self.search:
            return self._search_key(key, event)
        if key == Qt.Key.Key_Delete and (patient_id := self.chosen_id()) is not None:
            self.delete_requested.emit(patient_id)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
            return True
        if event.text().isprintable() and event.text().strip() and not event.modifiers():
            # A letter typed in the list goes to the search line.
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
            QApplication.sendEvent(self.search, event)
            return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the hint of the shortcut at the right end of the search line."""
        super().resizeEvent(event)
        self._place_shortcut_hint()

    def _search_key(self, key: Qt.Key, event: QKeyEvent) -> bool:
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            QApplication.sendEvent(self.view, event)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
            return True
        if key == Qt.Key.Key_Escape:
            self.search.clear()
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def _label_chips(self) -> None:
        for each in FILTERS:
            count = sum(each.matches(self, overview) for overview in self._overviews)
            self.chips[each.key].setText(f"{each.name} {count}")

    def _chip_toggled(self, _chip: QPushButton, checked: bool) -> None:
        if checked:
            self._apply_filters()

    def _apply_filters(self) -> None:
        """Show the patients that match text and chip; keep the chosen one if it is among them."""
        active = next(each for each in FILTERS if self.chips[each.key].isChecked())
        text, previous_id = self.search.text(), self.chosen_id()
        matches = [
            each for each in self._overviews if active.matches(self, each) and each.matches(text)
        ]
        self._is_filtering = True
        self.rows.show(matches)
        if matches:
            row = max(self.rows.row_of(self._preferred_id), 0)
            self.view.setCurrentIndex(self.rows.index(row))
            self._preferred_id = matches[row].id
        self._is_filtering = False
        self.view.setVisible(bool(matches))
        self._empty.setVisible(not matches)
        self._empty.setText(self._empty_text(text))
        if self.chosen_id() != previous_id:
            self.chosen.emit(self.chosen_id())

    def _empty_text(self, text: str) -> str:
        if not self._overviews:
            return _("No patients yet. Add the first with Ctrl+N.")
        if text:
            return _("No patient matches “{text}”.").format(text=text)
        return _("No patients in this group.")

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._is_filtering:
            self._preferred_id = (
                self.rows.overviews[current.row()].id if current.isValid() else None
            )
            self.chosen.emit(self._preferred_id)

    def _enter(self) -> None:
        if self.chosen_id() is not None:
            self.entered.emit()

    def _place_shortcut_hint(self) -> None:
        hint = self._shortcut_hint.sizeHint()
        self._shortcut_hint.setVisible(not self.search.text())
        left = self.search.width() - hint.width() - 10
        self._shortcut_hint.setGeometry(left, 0, hint.width(), self.search.height())


@dataclass(frozen=True, slots=True)
class ListFilter:
    """A chip above the list: its name, its tool tip, and the patients that it keeps."""

    key: str
    name: str
    tip: str
    matches: Callable[[PatientList, Overview], bool]


FILTERS = (
    ListFilter(ALL, _("All"), _("Every patient of the casebook"), lambda _list, _each: True),
    ListFilter(
        TREATED,
        _("On treatment"),
        _("Alive, with a cycle in the last 6 months and no end-of-treatment assessment since"),
        lambda patients, each: each.id in patients.treated,
    ),
    ListFilter(
        DUE,
        _("Due"),
        _("With something overdue or due within 7 days"),
        lambda patients, each: each.id in patients.due and not each.died,
    ),
    ListFilter(
        SEVERE,
        _("≥ G3"),
        _("With a toxicity of grade 3 or higher"),
        lambda _list, each: (each.worst_grade or 0) >= SEVERE_GRADE,
    ),
    ListFilter(DECEASED, _("Deceased"), _("With a recorded death"), lambda _list, each: each.died),
)
