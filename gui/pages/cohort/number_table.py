"""A table in which each number opens the patients behind it, and the card that holds it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QScrollArea,
    QTableView,
    QWidget,
)

from gui.pages.cohort.grid_model import INDENT, GridModel, Index
from gui.style import theme
from gui.widgets import exits
from gui.widgets.card import Card, button
from gui.widgets.layout import label
from model.cells import tab_separated
from model.cohort.sheet import Sheet
from model.language import N_, _, ngettext

ROW_HEIGHT = 27
MIN_COLUMN_WIDTH = 78
"""Pixels; the same for all tables with titles, so that their columns line up."""
CELL_MARGINS = 22
"""Pixels left and right of the text of a cell, added up."""
SHORT_ROWS = 14
"""The number of rows of a long table that are shown at first."""
HEAD_HEIGHT = 30
"""Pixels; as high as the head of a figure's card, which has buttons in it."""

_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class NumberTable(QTableView):
    """A table of numbers; `opened` carries the table line whose patients are to be listed.

    The arrow keys go from cell to cell; Enter or a click on a number opens its patients; Ctrl+C
    copies the whole table. The table is as high as its rows: the page scrolls, not the table.
    """

    opened = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.grid_model = GridModel(self)
        self.setModel(self.grid_model)
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        theme.changes().changed.connect(self._recolour)

    def show_sheet(self, sheet: Sheet, *, is_whole: bool = False) -> None:
        """Show a sheet; of a long one only the first rows, unless it is to be shown whole."""
        current = self.currentIndex()
        limit = SHORT_ROWS if is_long(sheet) and not is_whole else len(sheet.rows)
        self.grid_model.show(sheet, limit)
        header = self.horizontalHeader()
        header.setVisible(bool(sheet.titles))
        modes = QHeaderView.ResizeMode
        for section in range(self.grid_model.columnCount()):
            header.setSectionResizeMode(section, modes.Fixed if section else modes.Stretch)
            if section:
                header.resizeSection(section, self._column_width(section))
        if current.isValid() and current.row() < limit:
            column = min(current.column(), sheet.width)
            self.setCurrentIndex(self.grid_model.index(current.row(), column))
        self._fit()

    def line_at(self, index: Index) -> object | None:
        """Return the table line of a number with patients behind it, or None."""
        cell = self.grid_model.cell(index)
        return cell.line if cell is not None and cell.has_patients else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the patients of the current number, or copy the table on Ctrl+C."""
        if event.key() in _ENTER_KEYS:
            index = self.currentIndex()
            # From the label of a row with one number, Enter opens that number.
            if index.column() == 0 and not self.grid_model.sheet.titles:
                index = index.siblingAtColumn(1)
            self._open(index)
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            texts = self.grid_model.sheet.texts()
            exits.copy(self, N_("Copy numbers"), tab_separated(texts))
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Accept Ctrl+C and Enter before a shortcut of the window takes them."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and (event.key() in _ENTER_KEYS or event.matches(QKeySequence.StandardKey.Copy))
        ):
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Move to the first number when the table is reached by keyboard."""
        if not self.currentIndex().isValid() and event.reason() != Qt.FocusReason.MouseFocusReason:
            rows = range(self.grid_model.rowCount())
            first_numbers = (self.grid_model.index(row, 1) for row in rows)
            index = next((index for index in first_numbers if self.grid_model.cell(index)), None)
            if index is not None:
                self.setCurrentIndex(index)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show no cell as selected while the focus is elsewhere."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.clearSelection()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll a wide table sideways, and let the page scroll up and down."""
        delta = event.angleDelta()
        if abs(delta.x()) > abs(delta.y()):
            super().wheelEvent(event)
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show a pointing hand over the numbers that can be clicked."""
        is_link = self.line_at(self.indexAt(event.position().toPoint())) is not None
        shape = Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the patients of the number that was clicked."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index == self.currentIndex():
            self._open(index)

    def _open(self, index: Index) -> None:
        line = self.line_at(index)
        if line is not None:
            self.opened.emit(line)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Scroll the page so that the current number stays visible."""
        super().currentChanged(current, previous)
        page = self.parentWidget()
        while page is not None and not isinstance(page, QScrollArea):
            page = page.parentWidget()
        content = page.widget() if page is not None else None
        if page is not None and content is not None and current.isValid() and self.hasFocus():
            centre = self.viewport().mapTo(content, self.visualRect(current).center())
            page.ensureVisible(centre.x(), centre.y(), 0, 2 * ROW_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap long labels again when the width changes."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _column_width(self, section: int) -> int:
        """Return the width that the texts of a column need.

        Qt would measure each cell several times, which takes ten times as long.
        """
        sheet = self.grid_model.sheet
        bold = QFontMetrics(self.grid_model.number_font())
        texts = (row.cells[section - 1].text for row in sheet.rows if len(row.cells) >= section)
        widest = max(map(bold.horizontalAdvance, texts), default=0)
        if sheet.titles:
            title = QFontMetrics(theme.sized(self.font(), 12, QFont.Weight.Medium))
            widest = max(widest, title.horizontalAdvance(sheet.titles[section - 1]))
        return max(widest + CELL_MARGINS, MIN_COLUMN_WIDTH if sheet.titles else 0)

    def _fit(self) -> None:
        """Make the table as high as its rows; a long label is wrapped into several lines."""
        metrics = QFontMetrics(self.font())
        rows = self.grid_model.sheet.rows[: self.grid_model.rowCount()]
        total = 0
        for row_index, row in enumerate(rows):
            height = ROW_HEIGHT
            room = self.columnWidth(0) - CELL_MARGINS - (INDENT if row.is_indented else 0)
            if 0 < room < metrics.horizontalAdvance(row.label):
                wrapped = metrics.boundingRect(0, 0, room, 999, Qt.TextFlag.TextWordWrap, row.label)
                height = max(ROW_HEIGHT, wrapped.height() + ROW_HEIGHT - metrics.height())
            if self.rowHeight(row_index) != height:
                self.setRowHeight(row_index, height)
            total += height
        header = self.horizontalHeader()
        total += header.sizeHint().height() if self.grid_model.sheet.titles else 0
        bar = self.horizontalScrollBar()
        total += bar.sizeHint().height() if bar.maximum() > 0 else 0
        self.setFixedHeight(total)

    def _recolour(self) -> None:
        self.viewport().update()


def is_long(sheet: Sheet) -> bool:
    """Return whether a sheet has so many rows that only the first are shown at first."""
    return len(sheet.rows) > SHORT_ROWS + 2


class TableCard(Card):
    """A table of the cohort with its notes; `opened` carries the line of the chosen number."""

    opened = Signal(object)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.head.addStrut(HEAD_HEIGHT)
        self.table = NumberTable(title)
        self.table.opened.connect(self.opened)
        self.more_button = button("", "link", on=self._toggle_whole)
        self.more_button.hide()
        self.notes = label("", "hint", wrap=True)
        self.notes.setContentsMargins(10, 0, 10, 0)
        self._sheet = Sheet(rows=())
        self._is_whole = False
        self.body.setContentsMargins(4, 2, 4, 10)
        self.body.setSpacing(6)
        self.add(self.table)
        self.add(self.more_button)
        self.add(self.notes)
        self.body.addStretch(1)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show another sheet with its notes."""
        self._sheet = sheet
        self.heading.setText(sheet.title)
        self.notes.setText(" ".join(sheet.notes))
        self.notes.setVisible(bool(sheet.notes))
        self._show()

    def _toggle_whole(self) -> None:
        self._is_whole = not self._is_whole
        self._show()
        self.table.setFocus()

    def _show(self) -> None:
        self.table.show_sheet(self._sheet, is_whole=self._is_whole)
        rows = len(self._sheet.rows)
        self.more_button.setVisible(is_long(self._sheet))
        show_all = ngettext("Show all {n} rows", "Show all {n} rows", rows).format(n=rows)
        self.more_button.setText(_("Show fewer rows") if self._is_whole else show_all)
