"""The table of all pages: a record per row, read-only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import Generic, TypeVar

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gui.style import theme
from gui.widgets.chip_delegate import GradeDelegate
from gui.widgets.key_filter import KeyFilter, is_plain
from gui.widgets.layout import column
from gui.widgets.row_model import LEFT, Column, RowModel
from model.cells import tab_separated

R = TypeVar("R")
ROW_HEIGHT = 34
WIDEST = 340
TITLE_MARGINS = 24


class RowTable(QWidget, Generic[R]):
    """A table of records with one chosen row.

    `activated`: Enter or a double click; `edit_requested`: F2; `delete_requested`: Delete; each
    with the record. `selection_changed`: the chosen record or None. Ctrl+C copies the chosen row,
    tab-separated.
    """

    activated = Signal(object)
    edit_requested = Signal(object)
    delete_requested = Signal(object)
    selection_changed = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        name: str,
        empty: str = "",
        key: Callable[[R], object] = attrgetter("id"),
    ) -> None:
        """A table called `name` for screen readers, which shows `empty` while it has no rows.

        `key` identifies records, so that the choice survives a refresh.
        """
        super().__init__()
        self._key = key
        self._refreshing = False
        self.model = RowModel(columns, self)
        self.view = QTableView(self)
        self.view.setModel(self.model)
        self.view.setAccessibleName(name)
        self.view.setItemDelegate(GradeDelegate(self.view))
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setShowGrid(False)
        self.view.setWordWrap(False)
        self.view.setTabKeyNavigation(False)
        self.view.setFont(theme.figures(self.view.font()))
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self._set_up_header(self.view.horizontalHeader())
        self._empty = QLabel(empty, self.view.viewport())
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.set_kind(self._empty, "empty")
        QVBoxLayout(self.view.viewport()).addWidget(self._empty)
        column(self.view, of=self)
        self.setFocusProxy(self.view)
        KeyFilter(self.view, self._action_of)
        self.view.viewport().installEventFilter(self)
        self.view.doubleClicked.connect(self._double_clicked)
        self.view.selectionModel().currentRowChanged.connect(self._chosen_changed)

    def show_records(self, records: Sequence[R]) -> None:
        """Show these records; the chosen one stays chosen if it is still among them."""
        chosen = self.chosen()
        row = self.view.currentIndex().row()
        self._refreshing = True
        self.model.show(records)
        self._empty.setVisible(not records)
        self._fit_columns()
        if chosen is not None and not self.choose(self._key(chosen)) and records:
            # The chosen record is gone: choose its neighbour, to continue by keyboard from there.
            self.view.selectRow(min(row, len(records) - 1))
        self._refreshing = False
        now = self.chosen()
        if now is not chosen:
            self.selection_changed.emit(now)

    def records(self) -> list[R]:
        """Return the records in the order shown."""
        return list(self.model.records)

    def chosen(self) -> R | None:
        """Return the record of the chosen row."""
        row = self.view.currentIndex().row()
        return self.model.records[row] if 0 <= row < len(self.model.records) else None

    def choose(self, key: object) -> bool:
        """Choose the record with this key; return whether it exists."""
        for row, record in enumerate(self.model.records):
            if self._key(record) == key:
                self.view.selectRow(row)
                return True
        return False

    def set_empty_text(self, text: str) -> None:
        """Change the text of an empty table."""
        self._empty.setText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Share out the width of the table again when it changes."""
        if event.type() == QEvent.Type.Resize:
            self._share_room()
        return super().eventFilter(watched, event)

    def _action_of(self, event: QKeyEvent) -> Callable[[], None] | None:
        if (record := self.chosen()) is None:
            return None
        if event.matches(QKeySequence.StandardKey.Copy):
            texts = [column.text(record) for column in self.model.columns]
            return partial(QApplication.clipboard().setText, tab_separated([texts]))
        match event.key() if is_plain(event) else None:
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                return partial(self.activated.emit, record)
            case Qt.Key.Key_F2:
                return partial(self.edit_requested.emit, record)
            case Qt.Key.Key_Delete:
                return partial(self.delete_requested.emit, record)
        return None

    def _double_clicked(self, index: QModelIndex) -> None:
        self.activated.emit(self.model.records[index.row()])

    def _chosen_changed(self, *_rows: QModelIndex) -> None:
        if not self._refreshing:
            self.selection_changed.emit(self.chosen())

    def _set_up_header(self, header: QHeaderView) -> None:
        header.setHighlightSections(False)
        header.setDefaultAlignment(LEFT | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(56)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.view.setSortingEnabled(True)
        header.setSortIndicatorShown(False)
        flags = [column.stretch for column in self.model.columns]
        self._stretched = flags.index(True) if True in flags else len(flags) - 1
        for number in range(len(flags)):
            mode = QHeaderView.ResizeMode
            header.setSectionResizeMode(
                number, mode.Stretch if number == self._stretched else mode.Interactive
            )

    def _fit_columns(self) -> None:
        header = self.view.horizontalHeader()
        for number, each in enumerate(self.model.columns):
            empty = each.optional and not any(map(each.text, self.model.records))
            self.view.setColumnHidden(number, empty)
            if number != self._stretched:
                header.resizeSection(number, min(self._wanted_width(number), WIDEST))
        self._share_room()

    def _share_room(self) -> None:
        """Give the stretched column the remaining width, or what it needs if that is more."""
        header = self.view.horizontalHeader()
        others = (n for n in range(len(self.model.columns)) if n != self._stretched)
        left = self.view.viewport().width() - sum(map(header.sectionSize, others))
        needed = min(self._wanted_width(self._stretched), WIDEST)
        mode = QHeaderView.ResizeMode
        fits = left >= needed
        header.setSectionResizeMode(self._stretched, mode.Stretch if fits else mode.Interactive)
        if not fits:
            header.resizeSection(self._stretched, needed)

    def _wanted_width(self, number: int) -> int:
        header = self.view.horizontalHeader()
        # Room for the sort arrow, so that sorting changes no width.
        title = header.fontMetrics().horizontalAdvance(self.model.columns[number].title + " ↓")
        return max(self.view.sizeHintForColumn(number) + 2, title + TITLE_MARGINS)
