"""A figure of the cohort in a window: pointer and keys, numbers, and why it may be empty."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QGraphicsItem,
    QStyleOptionGraphicsItem,
    QToolTip,
    QWidget,
)

from gui.plots.cohort.drawing import Drawing, Mark
from gui.plots.gestures import Gestures
from gui.plots.pictures import SCREEN_ONLY
from gui.plots.tall_view import PlotStack, TallView, make_plot_view
from gui.style import theme
from gui.widgets.layout import column
from model.cohort.figures.table import FigureTable, csv_of

_NO_WHEEL = float("inf")


class Figure(QWidget):
    """Shows one drawing of the cohort. It is a `pictures.Plot`."""

    patient_clicked = Signal(object)
    """The id of the patient, if a mark with one patient was clicked or opened with Enter."""
    patients_clicked = Signal(object, str, object)
    """The ids of several patients behind a mark, the first line of its tip, and its `why`."""

    def __init__(self, drawing: Drawing, name: str, parent: QWidget | None = None) -> None:
        """Make a figure without data; its pictures have the same name."""
        super().__init__(parent)
        self.drawing = drawing
        self.setAccessibleName(name)
        self.view = make_plot_view(name)
        self.axis = _Strip(drawing, self)
        self.panels = [drawing]
        self.chosen_mark: Mark | None = None
        self._laid_out_size: QSizeF | None = None
        self._highlight = _Highlight(drawing)
        for item in (drawing, self._highlight):
            self.view.addItem(item)
        self._scroll = TallView(self.view, self)
        plot = QWidget(self)
        column((self._scroll, 1), self.axis, 0, spacing=0, of=plot)
        self._stack = PlotStack(plot, self)
        self.empty_label = self._stack.sentence
        self.setFocusProxy(self.view)
        self.gestures = Gestures(self.view)
        # The wheel scrolls, unless the figure can be zoomed.
        self.gestures.plot_left = _NO_WHEEL
        self.gestures.hovered.connect(self._hover)
        self.gestures.pointer_left.connect(self.clear_cursor)
        self.gestures.clicked.connect(self._click)
        self.gestures.scrolled.connect(self._scroll.scroll_by)
        self.gestures.focus_changed.connect(self._show_focus)
        self.gestures.has_marks = True
        self.gestures.mark_stepped.connect(self._step)
        self.gestures.opened.connect(self._open)
        self.gestures.cancelled.connect(self.clear_cursor)
        self.view.sigDeviceRangeChanged.connect(self._arrange)
        theme.changes().changed.connect(self._recolour)
        self._recolour()

    # Content

    def numbers(self) -> FigureTable:
        """Return the drawn values as a table."""
        return FigureTable((), [])

    def csv(self) -> str:
        """Return the numbers as CSV that is safe to open in a spreadsheet."""
        return csv_of(self.numbers())

    def headline(self) -> str:
        """Return a summary of one line, which may be empty."""
        return ""

    def refresh(self, *, empty: str = "") -> None:
        """Draw the data again, or show `empty`, the reason why there is nothing to draw."""
        self.clear_cursor()
        self.empty_label.setText(empty)
        self._stack.show_plot(not empty)
        self.view.setAccessibleDescription(empty or self.headline())
        self._laid_out_size = None
        self._arrange()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self._stack.is_empty

    # Marks

    def choose(self, mark: Mark | None) -> None:
        """Highlight a mark and describe it to screen readers; None chooses no mark."""
        self.chosen_mark = mark
        self.gestures.is_chosen = mark is not None
        self._highlight.show_mark(mark)
        self.view.setAccessibleDescription(mark.tip if mark else self.headline())

    def clear_cursor(self) -> None:
        """Choose no mark."""
        QToolTip.hideText()
        if self.chosen_mark is not None:
            self.choose(None)

    def _hover(self, position: QPointF) -> None:
        mark = self.drawing.mark_at(position)
        self.view.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor
            if mark and mark.patients
            else Qt.CursorShape.ArrowCursor
        )
        if mark != self.chosen_mark:
            self.choose(mark)
        self._show_tip(mark, position.toPoint())

    def _show_tip(self, mark: Mark | None, position: QPoint) -> None:
        if mark is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(self.view.mapToGlobal(position), mark.tip, self.view)

    def _click(self, position: QPointF) -> None:
        self.choose(self.drawing.mark_at(position))
        self._open()

    def _step(self, right: int, down: int) -> None:
        mark = self.drawing.next_mark(self.chosen_mark, right, down)
        self.choose(mark)
        if mark:
            middle = mark.rect.center().toPoint()
            self._scroll.ensureVisible(middle.x(), middle.y(), 20, 30)
            self._show_tip(mark, mark.rect.bottomRight().toPoint())

    def _open(self) -> None:
        if self.chosen_mark is None or not self.chosen_mark.patients:
            return
        QToolTip.hideText()
        if len(self.chosen_mark.patients) == 1:
            self.patient_clicked.emit(self.chosen_mark.patients[0])
        else:
            title = self.chosen_mark.tip.partition("\n")[0]
            self.patients_clicked.emit(self.chosen_mark.patients, title, self.chosen_mark.why)

    def _show_focus(self) -> None:
        if not self.view.hasFocus():
            self.clear_cursor()
        self._highlight.update()

    # Layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the figure out again."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Draw again on a screen with another scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._recolour()
        return super().event(event)

    def sizeHint(self) -> QSize:
        """Return a size for a figure next to others."""
        return QSize(460, 280)

    def minimumSizeHint(self) -> QSize:
        """Return a size with room for the axis and some of the marks."""
        return QSize(240, 170)

    def _arrange(self) -> None:
        width = float(self.view.width())
        # The scroll bar always has room, so that nothing moves when it appears.
        bar_width = self._scroll.verticalScrollBar().sizeHint().width()
        strip_height = self.axis.fit_width(self.width() - bar_width) if not self.is_empty else 0
        room = QSizeF(width, max(self.height() - strip_height, 1.0))
        height = self.drawing.needed_height(room)
        self._scroll.set_content_height(int(height))
        if self._laid_out_size == QSizeF(width, height):
            return
        self._laid_out_size = QSizeF(width, height)
        self.drawing.lay_out(self._laid_out_size)
        self._highlight.prepareGeometryChange()
        if self.chosen_mark is not None:
            self.choose(None)
        self.axis.update()

    def _recolour(self) -> None:
        self.view.setBackground(theme.current().card)
        self.drawing.recolour()
        self._highlight.update()
        self.axis.update()


class _Strip(QWidget):
    """The strip below a figure, such as its time axis, which does not scroll with the figure."""

    def __init__(self, drawing: Drawing, parent: QWidget) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._width = 0.0
        self.setFixedHeight(0)

    def fit_width(self, width: float) -> int:
        """Lay the strip out in this width, and return its height."""
        self._width = width
        height = math.ceil(self._drawing.strip_height(width))
        self.setFixedHeight(height)
        self.setToolTip("\n".join(self._drawing.notes()))
        return height

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._drawing.font)
        self._drawing.draw_strip(painter, self._width)
        painter.end()


class _Highlight(QGraphicsItem):
    """The highlight over the chosen mark, which pictures leave out."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing
        self._mark: Mark | None = None
        self.setZValue(10)
        self.setData(SCREEN_ONLY, True)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def show_mark(self, mark: Mark | None) -> None:
        self._mark = mark
        self.update()

    def boundingRect(self) -> QRectF:
        return self._drawing.rect

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        view = widget.parentWidget() if widget else None
        has_focus = view is not None and view.hasFocus()
        if self._mark is not None:
            self._drawing.draw_highlight(painter, self._mark)
            colour = theme.current().accent if has_focus else theme.current().ink_soft
            painter.setPen(QPen(QColor(colour), 1.6 if has_focus else 1))
            painter.drawRoundedRect(self._mark.rect.adjusted(-1, -1, 1, 1), 3, 3)
        elif has_focus:
            painter.setPen(QPen(QColor(theme.current().accent), 1.5))
            painter.drawRoundedRect(self._drawing.rect.adjusted(1, 1, -1, -1), 4, 4)
