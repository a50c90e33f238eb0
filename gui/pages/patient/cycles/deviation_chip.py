"""How the table of cycles draws a deviation that is flagged: as a chip, chosen row or not."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from gui.style import theme

HEIGHT = 18
_MARGIN = 10
_PADDING = 6


class DeviationDelegate(QStyledItemDelegate):
    """Draws a cell whose words are in the colour of an alert as a chip at the cell's right."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the cell, with a chip over it where the deviation is flagged."""
        colours = theme.current()
        if index.data(Qt.ItemDataRole.ForegroundRole) != QColor(colours.alert):
            super().paint(painter, option, index)
            return
        background = QStyleOptionViewItem(option)
        self.initStyleOption(background, index)
        background.text = ""
        style = background.widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, background, painter, option.widget)
        text = str(index.data())
        font = theme.sized(option.font, 11, QFont.Weight.DemiBold)
        width = QFontMetrics(font).horizontalAdvance(text) + 2 * _PADDING
        room = option.rect.adjusted(_MARGIN // 2, 0, -_MARGIN, 0)
        left = max(room.right() - width, room.left())
        chip = QRect(left, room.center().y() - HEIGHT // 2, room.right() - left, HEIGHT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours.alert))
        painter.setBrush(QColor(colours.alert_fill))
        painter.drawRoundedRect(chip, 4, 4)
        painter.setFont(font)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()
