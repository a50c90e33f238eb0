"""The rows of the patient list: two lines each, with worst grade and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.style import theme
from gui.widgets.chip_delegate import draw_chip
from gui.words import who_grade_text, words
from model.due.items import DueItem, DueState
from model.language import _
from model.records.patients import Overview

Index = QModelIndex | QPersistentModelIndex
OVERVIEW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
STATUS_ROLE = OVERVIEW_ROLE + 1
ROW_HEIGHT = 55
MARGIN = 14


def facts_text(overview: Overview) -> str:
    """Return the facts in the second line of a row: `F 58 · Pancreas · NET G2→G3`."""
    person = " ".join(filter(None, (overview.sex, overview.age.short_text)))
    parts = (
        person,
        words(overview.primary_site),
        who_grade_text(overview.first_grade, overview.grade),
    )
    return " · ".join(filter(None, parts))


def status_text(overview: Overview) -> str:
    """Return the state of treatment: `deceased`, `no cycle yet` or `C2 done`."""
    if overview.died:
        return _("deceased")
    if not overview.cycles:
        return _("no cycle yet")
    return _("C{number} done").format(number=overview.cycles)


class PatientRowModel(QAbstractListModel):
    """The patients that the list shows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.overviews: list[Overview] = []
        self._next: Mapping[int, DueItem] = {}
        self._today = date.min

    def show_next(self, items: Mapping[int, DueItem], today: date) -> None:
        """Show the next due item of each patient, by id, as of today."""
        self._next, self._today = items, today
        if self.overviews:
            last = self.index(len(self.overviews) - 1)
            self.dataChanged.emit(self.index(0), last)

    def status_of(self, overview: Overview) -> str:
        """Return the next due item in short, or the state of treatment if there is none."""
        item = self._next.get(overview.id)
        return (
            status_text(overview) if item is None or overview.died else item.short_text(self._today)
        )

    def show(self, overviews: Sequence[Overview]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.overviews = list(overviews)
        self.endResetModel()

    def row_of(self, patient_id: int | None) -> int:
        """Return the row of a patient, or -1."""
        ids = [overview.id for overview in self.overviews]
        return ids.index(patient_id) if patient_id in ids else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.overviews)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the data of a row for a role."""
        if not index.isValid():
            return None
        overview = self.overviews[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return overview.code
            case Qt.ItemDataRole.AccessibleTextRole:
                grade = overview.worst_grade
                worst = _("worst grade {grade}").format(grade=grade) if grade else ""
                status = self.status_of(overview)
                parts = (overview.code, overview.name, facts_text(overview), status, worst)
                return ", ".join(filter(None, parts))
        if role == STATUS_ROLE:
            item = self._next.get(overview.id)
            is_overdue = item is not None and item.state is DueState.OVERDUE and not overview.died
            return self.status_of(overview), is_overdue
        return overview if role == OVERVIEW_ROLE else None


class PatientRowDelegate(QStyledItemDelegate):
    """Draws a patient's row."""

    def sizeHint(
        self,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> QSize:
        """Return the size of a row."""
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a row."""
        overview: Overview = index.data(OVERVIEW_ROLE)
        colours = theme.current()
        row = option.rect
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        if is_chosen or is_hovered:
            painter.fillRect(row, QColor(colours.chosen if is_chosen else colours.hover))
        painter.fillRect(row.left(), row.bottom(), row.width(), 1, QColor(colours.line))
        if is_chosen:
            painter.fillRect(row.left(), row.top(), 3, row.height(), QColor(colours.accent))
        room = row.adjusted(MARGIN, 7, -MARGIN, -8)
        upper = QRect(room.left(), room.top(), room.width(), 20)
        lower = QRect(room.left(), room.top() + 21, room.width(), 18)
        self._draw_upper(painter, upper, overview, option.font)
        self._draw_lower(painter, lower, overview, option.font, *index.data(STATUS_ROLE))
        painter.restore()

    def _draw_upper(self, painter: QPainter, room: QRect, overview: Overview, font: QFont) -> None:
        colours = theme.current()
        grade = overview.worst_grade
        text = f"G{grade}" if grade else "–"
        chip_font = theme.sized(font, 11, QFont.Weight.DemiBold)
        chip_width = QFontMetrics(chip_font).horizontalAdvance(text) + 12
        painter.setFont(font)
        right = QRect(room.right() - chip_width + 1, room.top(), chip_width, room.height())
        draw_chip(painter, right, text, grade)
        bold = theme.sized(font, 13, QFont.Weight.DemiBold)
        left = room.adjusted(0, 0, -chip_width - 8, 0)
        middle = Qt.TextElideMode.ElideMiddle
        code_width = _draw(painter, left, overview.code, bold, colours.ink, elide=middle)
        if overview.name:
            name = left.adjusted(code_width + 8, 0, 0, 0)
            _draw(painter, name, overview.name, theme.sized(font, 13), colours.ink)

    def _draw_lower(
        self,
        painter: QPainter,
        room: QRect,
        overview: Overview,
        font: QFont,
        status: str,
        is_overdue: bool,
    ) -> None:
        colours = theme.current()
        small = theme.figures(theme.sized(font, 12))
        width = QFontMetrics(small).horizontalAdvance(status) + 2
        right = QRect(room.right() - width + 1, room.top(), width, room.height())
        ink = colours.alert if is_overdue else colours.ink_soft
        _draw(painter, right, status, small, ink, Qt.AlignmentFlag.AlignRight)
        left = room.adjusted(0, 0, -width - 10, 0)
        _draw(painter, left, facts_text(overview), small, colours.ink_soft)


def _draw(
    painter: QPainter,
    room: QRect,
    text: str,
    font: QFont,
    colour: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> int:
    """Draw a text in `room`, shortened with an ellipsis if needed; return its width."""
    metrics = QFontMetrics(font)
    elided = metrics.elidedText(text, elide, max(room.width(), 0))
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(room, align | Qt.AlignmentFlag.AlignVCenter, elided)
    return metrics.horizontalAdvance(elided)
