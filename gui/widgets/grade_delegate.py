"""How a table draws its cells: grades as chips, and a tool tip for what does not fit."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from gui.style import theme

GRADE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
Index = QModelIndex | QPersistentModelIndex
MARGIN = 10


class GradeDelegate(QStyledItemDelegate):
    """Draws the text of a cell that has a grade as a chip in that grade's colours."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell, with a chip over it where there is a grade."""
        grade = index.data(GRADE_ROLE)
        if grade is None:
            super().paint(painter, option, index)
            return
        background = QStyleOptionViewItem(option)
        self.initStyleOption(background, index)
        background.text = ""
        style = background.widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, background, painter, option.widget)
        draw_chip(painter, option.rect.adjusted(MARGIN, 0, -MARGIN, 0), index.data(), grade)

    def helpEvent(  # noqa: N802
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Show the cell's own tool tip, or all of its text when that does not fit."""
        if event.type() != QEvent.Type.ToolTip or index.data(Qt.ItemDataRole.ToolTipRole):
            return super().helpEvent(event, view, option, index)
        text = str(index.data() or "")
        room = view.visualRect(_plain(index)).width() - 2 * MARGIN
        if QFontMetrics(view.font()).horizontalAdvance(text) <= room:
            text = ""
        QToolTip.showText(event.globalPos(), text, view)
        return True


def draw_chip(painter: QPainter, room: QRect, text: str, grade: int | None) -> None:
    """Draw a small chip with a text in a grade's colours, left in `room`, centred in its height."""
    fill, ink = theme.current().grade(grade)
    font = theme.sized(painter.font(), 11, QFont.Weight.DemiBold)
    metrics = QFontMetrics(font)
    width = min(metrics.horizontalAdvance(text) + 12, room.width())
    chip = QRect(room.left(), room.center().y() - 8, width, 18)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(chip, 4, 4)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - 8)
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, fitting)
    painter.restore()


def _plain(index: Index) -> QModelIndex:
    model: QAbstractItemModel = index.model()
    return model.index(index.row(), index.column())
