"""A row of thumbnails by date; those of one assessment have a common heading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.style import theme
from gui.words import words
from model.dates import date_text
from model.language import _
from model.records.assessments import Assessment
from model.records.images import KeyImage

Index = QModelIndex | QPersistentModelIndex
ITEM_ROLE = Qt.ItemDataRole.UserRole + 1
CELL = QSize(156, 176)
HEADING_HEIGHT, GAP, LINE_HEIGHT = 20, 5, 17


@dataclass(frozen=True, slots=True)
class StripItem:
    """An image with the heading of its group, its index in the group, and the size of the group."""

    image: KeyImage
    heading: str
    index: int
    count: int


def items_of(images: Sequence[KeyImage], assessments: Sequence[Assessment]) -> list[StripItem]:
    """Return the images by date; those of an assessment are grouped at its date."""
    by_id = {assessment.id: assessment for assessment in assessments}
    latest = max((image.taken_on for image in images if image.taken_on), default=None)

    def sort_key(image: KeyImage) -> tuple[bool, object, int, object, int]:
        assessment = by_id.get(image.assessment_id) if image.assessment_id else None
        day = assessment.assessed_on if assessment else image.taken_on
        taken = image.taken_on or latest or day
        group = (assessment.id or 0) if assessment else 0
        return (day is None, day or latest, group, taken, image.id or 0)

    def group_of(image: KeyImage) -> tuple[object, ...]:
        # Images without an assessment are grouped by date.
        return sort_key(image)[:3]

    items = []
    for _key, grouped in groupby(sorted(images, key=sort_key), group_of):
        group = list(grouped)
        heading = heading_of(by_id.get(group[0].assessment_id or 0), group[0])
        items += [StripItem(image, heading, index, len(group)) for index, image in enumerate(group)]
    return items


def heading_of(assessment: Assessment | None, image: KeyImage) -> str:
    """Return the heading of a group: its assessment, or the date and “no assessment”."""
    if assessment is None:
        return _("{date} · no assessment").format(date=day_of(image))
    facts = (date_text(assessment.assessed_on), assessment.response, words(assessment.timepoint))
    return " · ".join(filter(None, facts))


def title_of(image: KeyImage) -> str:
    """Return the date and the caption of an image."""
    return " · ".join(filter(None, (day_of(image), image.caption)))


def day_of(image: KeyImage) -> str:
    """Return the date of an image, or “no date”."""
    return date_text(image.taken_on) if image.taken_on else _("no date")


class StripModel(QAbstractListModel):
    """Images with their thumbnails, which are added later."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items: list[StripItem] = []
        self._thumbnails: dict[int | None, QImage] = {}

    def show(self, items: Sequence[StripItem]) -> None:
        """Replace the images; thumbnails of images that remain are kept."""
        self.beginResetModel()
        self.items = list(items)
        ids = {item.image.id for item in items}
        self._thumbnails = {key: each for key, each in self._thumbnails.items() if key in ids}
        self.endResetModel()

    def show_thumbnails(self, thumbnails: Mapping[int | None, QImage]) -> None:
        """Add thumbnails by the ids of their images; that of an unreadable image is empty."""
        self._thumbnails |= thumbnails
        if self.items:
            self.dataChanged.emit(self.index(0), self.index(len(self.items) - 1))

    def missing(self) -> list[KeyImage]:
        """Return the images without a thumbnail so far."""
        return [item.image for item in self.items if item.image.id not in self._thumbnails]

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the data of an image for a role."""
        if not index.isValid():
            return None
        item = self.items[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return title_of(item.image)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{title_of(item.image)}, {item.heading}"
            case Qt.ItemDataRole.DecorationRole:
                return self._thumbnails.get(item.image.id)
        return item if role == ITEM_ROLE else None


class StripDelegate(QStyledItemDelegate):
    """Draws a thumbnail with date and caption under the heading that its group shares."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the same size for all, so that a heading can extend over several cells."""
        return CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        item: StripItem = index.data(ITEM_ROLE)
        colours = theme.current()
        cell: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        self._draw_heading(painter, cell, item)
        body = cell.adjusted(GAP // 2, HEADING_HEIGHT, -GAP // 2, 0)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.chosen))
            painter.drawRoundedRect(body, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(colours.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(body.adjusted(0, 0, -1, -1), 6, 6)
        room = body.adjusted(GAP, GAP, -GAP, -2 * LINE_HEIGHT - GAP)
        thumbnail = index.data(Qt.ItemDataRole.DecorationRole)
        painter.setPen(QColor(colours.ink_soft))
        if isinstance(thumbnail, QImage) and not thumbnail.isNull():
            size = thumbnail.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            rect = QRect(0, 0, size.width(), size.height())
            rect.moveCenter(room.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(rect, thumbnail)
        else:
            text = _("no thumbnail") if isinstance(thumbnail, QImage) else "…"
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
        lines = body.adjusted(GAP, 0, -GAP, -GAP // 2)
        self._draw_line(painter, lines, 1, item.image.caption or "")
        painter.setPen(QColor(colours.ink))
        self._draw_line(painter, lines, 2, day_of(item.image))
        painter.restore()

    def _draw_heading(self, painter: QPainter, cell: QRect, item: StripItem) -> None:
        """Draw the part of the group's heading that is above this cell."""
        colours = theme.current()
        left = cell.left() - item.index * CELL.width()
        whole = QRect(
            left + GAP, cell.top(), item.count * CELL.width() - 2 * GAP, HEADING_HEIGHT - 4
        )
        painter.setClipRect(cell)
        painter.setPen(QColor(colours.ink_soft))
        painter.setFont(theme.sized(painter.font(), 12, QFont.Weight.Medium))
        elide = Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(item.heading, elide, whole.width())
        painter.drawText(whole, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.fillRect(
            whole.left(), cell.top() + HEADING_HEIGHT - 3, whole.width(), 1, QColor(colours.line)
        )
        painter.setFont(theme.sized(painter.font(), 12))

    def _draw_line(self, painter: QPainter, room: QRect, number: int, text: str) -> None:
        """Draw a line of text; `number` counts from the bottom, from 1."""
        rect = QRect(room.left(), room.bottom() - number * LINE_HEIGHT, room.width(), LINE_HEIGHT)
        elide = Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(text, elide, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, text)


class Strip(QListView):
    """The row of thumbnails; several can be selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.thumbnails = StripModel(self)
        self.setModel(self.thumbnails)
        self.setItemDelegate(StripDelegate(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Key images"))
        self.setFixedHeight(CELL.height() + self.horizontalScrollBar().sizeHint().height() + 4)
        theme.changes().changed.connect(self.viewport().update)

    def chosen(self) -> list[KeyImage]:
        """Return the selected images in their order."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self.thumbnails.items[row].image for row in rows]

    def current(self) -> KeyImage | None:
        """Return the current image."""
        row = self.currentIndex().row()
        return self.thumbnails.items[row].image if 0 <= row < len(self.thumbnails.items) else None

    def show_items(self, items: Sequence[StripItem]) -> None:
        """Replace the images; those that remain stay selected."""
        chosen = {image.id for image in self.chosen()}
        current = self.current()
        self.thumbnails.show(items)
        model = self.selectionModel()
        for row, item in enumerate(self.thumbnails.items):
            if item.image.id in chosen:
                model.select(self.thumbnails.index(row), model.SelectionFlag.Select)
            if current and item.image.id == current.id:
                model.setCurrentIndex(self.thumbnails.index(row), model.SelectionFlag.NoUpdate)
