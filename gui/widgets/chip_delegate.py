"""Draws table cells as chips: grades in their colours, flagged deviations in the alert colour."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from gui.style import theme

GRADE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
HEIGHT = 18
MARGIN = 10
Index = QModelIndex | QPersistentModelIndex


class GradeDelegate(QStyledItemDelegate):
    """Draws the text of a cell that has a grade as a chip in the colours of that grade."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell, with a chip if it has a grade."""
        grade = index.data(GRADE_ROLE)
        if grade is None:
            super().paint(painter, option, index)
        else:
            self.paint_background(painter, option, index)
            draw_chip(painter, option.rect.adjusted(MARGIN, 0, -MARGIN, 0), index.data(), grade)

    def paint_background(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Draw the cell without its text."""
        background = QStyleOptionViewItem(option)
        self.initStyleOption(background, index)
        background.text = ""
        style = background.widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, background, painter, option.widget)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Show the cell's own tool tip, or its whole text if that does not fit."""
        if event.type() != QEvent.Type.ToolTip or index.data(Qt.ItemDataRole.ToolTipRole):
            return super().helpEvent(event, view, option, index)
        text = str(index.data() or "")
        cell = index.model().index(index.row(), index.column())
        room = view.visualRect(cell).width() - 2 * MARGIN
        if QFontMetrics(view.font()).horizontalAdvance(text) <= room:
            text = ""
        QToolTip.showText(event.globalPos(), text, view)
        return True


class DeviationDelegate(GradeDelegate):
    """Draws a cell whose text is in the alert colour as a chip at its right edge."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell, with a chip if the deviation is flagged."""
        colours = theme.current()
        if index.data(Qt.ItemDataRole.ForegroundRole) != QColor(colours.alert):
            super().paint(painter, option, index)
            return
        self.paint_background(painter, option, index)
        text = str(index.data())
        font = _chip_font(option.font)
        width = QFontMetrics(font).horizontalAdvance(text) + 12
        room = option.rect.adjusted(MARGIN // 2, 0, -MARGIN, 0)
        left = max(room.right() - width, room.left())
        chip = QRect(left, room.center().y() - HEIGHT // 2, room.right() - left, HEIGHT)
        _draw(painter, chip, text, font, colours.alert_fill, colours.alert, colours.alert)


def draw_chip(painter: QPainter, room: QRect, text: str, grade: int | None) -> None:
    """Draw a text in a chip in a grade's colours, at the left of `room`, vertically centred."""
    fill, ink = theme.current().grade(grade)
    font = _chip_font(painter.font())
    metrics = QFontMetrics(font)
    width = min(metrics.horizontalAdvance(text) + 12, room.width())
    chip = QRect(room.left(), room.center().y() - HEIGHT // 2, width, HEIGHT)
    fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - 8)
    _draw(painter, chip, fitting, font, fill, ink)


def _chip_font(font: QFont) -> QFont:
    return theme.sized(font, 11, QFont.Weight.DemiBold)


def _draw(
    painter: QPainter,
    chip: QRect,
    text: str,
    font: QFont,
    fill: str,
    ink: str,
    border: str | None = None,
) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(border) if border else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(chip, 4, 4)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
