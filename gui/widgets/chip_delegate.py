"""Draw table cells as chips: grades in their colours, flagged deviations in the alert colour."""

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
PADDING = 12
"""The pixels of a chip's width that are not text."""
Index = QModelIndex | QPersistentModelIndex


class GradeDelegate(QStyledItemDelegate):
    """Draws the text of a cell that has a grade as a chip in the colours of that grade."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell, with a chip if it has a grade."""
        if not self.is_chip(index):
            super().paint(painter, option, index)
            return
        self.paint_background(painter, option, index)
        room = option.rect.adjusted(MARGIN, 0, -MARGIN, 0)
        draw_chip(painter, room, index.data(), index.data(GRADE_ROLE))

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
        room = view.visualRect(cell).width() - self.margins(index)
        font = _chip_font(view.font()) if self.is_chip(index) else view.font()
        fits = QFontMetrics(font).horizontalAdvance(text) <= room
        QToolTip.showText(event.globalPos(), "" if fits else text, view)
        return True

    def is_chip(self, index: Index) -> bool:
        """Return whether the cell is drawn as a chip."""
        return index.data(GRADE_ROLE) is not None

    def margins(self, index: Index) -> int:
        """Return the pixels of a cell's width that its text cannot use."""
        return 2 * MARGIN + (PADDING if self.is_chip(index) else 0)


class DeviationDelegate(GradeDelegate):
    """Draws a cell whose text is in the alert colour as a chip at its right edge."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell, with a chip if the deviation is flagged."""
        if not self.is_chip(index):
            super().paint(painter, option, index)
            return
        self.paint_background(painter, option, index)
        colours = theme.current()
        room = option.rect.adjusted(MARGIN // 2, 0, -MARGIN, 0)
        chip = _chip(room, str(index.data()), _chip_font(option.font))
        chip.moveRight(room.right())
        colour = (colours.alert_fill, colours.alert, colours.alert)
        _draw(painter, chip, str(index.data()), _chip_font(option.font), *colour)

    def is_chip(self, index: Index) -> bool:
        """Return whether the deviation is flagged."""
        alert = QColor(theme.current().alert)
        return bool(index.data(Qt.ItemDataRole.ForegroundRole) == alert)


def draw_chip(painter: QPainter, room: QRect, text: str, grade: int | None) -> None:
    """Draw a text in a chip in a grade's colours, at the left of `room`, vertically centred."""
    fill, ink = theme.current().grade(grade)
    font = _chip_font(painter.font())
    _draw(painter, _chip(room, text, font), text, font, fill, ink)


def _chip(room: QRect, text: str, font: QFont) -> QRect:
    """Return the rectangle of a chip at the left of `room`, no wider than that."""
    width = min(QFontMetrics(font).horizontalAdvance(text) + PADDING, room.width())
    return QRect(room.left(), room.center().y() - HEIGHT // 2, width, HEIGHT)


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
    room = chip.width() - PADDING // 2
    fitting = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, fitting)
    painter.restore()
