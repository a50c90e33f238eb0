"""A figure of the cohort in a window: marks under pointer and keyboard, numbers, empty states."""

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

_NOWHERE = float("inf")


class Figure(QWidget):
    """Shows one drawing of the cohort; can be a picture, as `pictures.Plot` describes."""

    patient_clicked = Signal(object)
    """The id of the only patient behind a mark that was clicked, or opened with Enter."""
    patients_clicked = Signal(object, str, object)
    """The ids of several patients behind a mark, what it counts, and its `why`."""

    def __init__(self, drawing: Drawing, name: str, parent: QWidget | None = None) -> None:
        """A figure without data; its pictures have the same name."""
        super().__init__(parent)
        self.drawing = drawing
        self.setAccessibleName(name)
        self.view = make_plot_view(name)
        self.axis = _Foot(drawing, self)
        self.panels = [drawing]
        self.mark: Mark | None = None
        self._placed: QSizeF | None = None
        self._over = _Chosen(drawing)
        for item in (drawing, self._over):
            self.view.addItem(item)
        self._scroll = TallView(self.view, self)
        drawn = QWidget(self)
        column((self._scroll, 1), self.axis, 0, spacing=0, of=drawn)
        self._stack = PlotStack(drawn, self)
        self.empty_label = self._stack.sentence
        self.setFocusProxy(self.view)
        self.gestures = Gestures(self.view)
        # The wheel scrolls, unless a figure has something to zoom.
        self.gestures.plot_left = _NOWHERE
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

    # What is shown

    def numbers(self) -> FigureTable:
        """Return the drawn values as a table."""
        return FigureTable((), [])

    def csv(self) -> str:
        """Return the numbers as CSV that is safe to open in a spreadsheet."""
        return csv_of(self.numbers())

    def headline(self) -> str:
        """Return a summary in one line; may be empty."""
        return ""

    def refresh(self, *, empty: str = "") -> None:
        """Draw what has changed, or show the reason why the figure is empty."""
        self.clear_cursor()
        self.empty_label.setText(empty)
        self._stack.show_plot(not empty)
        self.view.setAccessibleDescription(empty or self.headline())
        self._placed = None
        self._arrange()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self._stack.is_empty

    # The marks

    def choose(self, mark: Mark | None) -> None:
        """Choose a mark, or none."""
        self.mark = mark
        self.gestures.is_chosen = mark is not None
        self._over.show_mark(mark)
        self.view.setAccessibleDescription(mark.tip if mark else self.headline())

    def clear_cursor(self) -> None:
        """Choose no mark."""
        QToolTip.hideText()
        if self.mark is not None:
            self.choose(None)

    def _hover(self, where: QPointF) -> None:
        mark = self.drawing.mark_at(where)
        self.view.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor
            if mark and mark.patients
            else Qt.CursorShape.ArrowCursor
        )
        if mark != self.mark:
            self.choose(mark)
        self._show_tip(mark, where.toPoint())

    def _show_tip(self, mark: Mark | None, at: QPoint) -> None:
        if mark is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(self.view.mapToGlobal(at), mark.tip, self.view)

    def _click(self, where: QPointF) -> None:
        self.choose(self.drawing.mark_at(where))
        self._open()

    def _step(self, right: int, down: int) -> None:
        mark = self.drawing.next_mark(self.mark, right, down)
        self.choose(mark)
        if mark:
            middle = mark.rect.center().toPoint()
            self._scroll.ensureVisible(middle.x(), middle.y(), 20, 30)
            self._show_tip(mark, mark.rect.bottomRight().toPoint())

    def _open(self) -> None:
        if self.mark is None or not self.mark.patients:
            return
        QToolTip.hideText()
        if len(self.mark.patients) == 1:
            self.patient_clicked.emit(self.mark.patients[0])
        else:
            words = self.mark.tip.partition("\n")[0]
            self.patients_clicked.emit(self.mark.patients, words, self.mark.why)

    def _show_focus(self) -> None:
        if not self.view.hasFocus():
            self.clear_cursor()
        self._over.update()

    # Places

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the figure out again."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Draw again on a screen of another scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._recolour()
        return super().event(event)

    def sizeHint(self) -> QSize:
        """Return room for a figure next to others."""
        return QSize(460, 280)

    def minimumSizeHint(self) -> QSize:
        """Return room for the axis and some of the marks."""
        return QSize(240, 170)

    def _arrange(self) -> None:
        width = float(self.view.width())
        # As if there were a bar to scroll with, so that nothing moves when it appears.
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        foot = self.axis.fit_width(self.width() - bar) if not self.is_empty else 0
        room = QSizeF(width, max(self.height() - foot, 1.0))
        height = self.drawing.needed(room)
        self._scroll.set_content_height(int(height))
        if self._placed == QSizeF(width, height):
            return
        self._placed = QSizeF(width, height)
        self.drawing.place(self._placed)
        self._over.prepareGeometryChange()
        if self.mark is not None:
            self.choose(None)
        self.axis.update()

    def _recolour(self) -> None:
        self.view.setBackground(theme.current().card)
        self.drawing.recolour()
        self._over.update()
        self.axis.update()


class _Foot(QWidget):
    """The strip below a figure, such as its time axis, in sight while the figure scrolls."""

    def __init__(self, drawing: Drawing, parent: QWidget) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._width = 0.0
        self.setFixedHeight(0)

    def fit_width(self, width: float) -> int:
        """Lay the strip out in this width and return its height."""
        self._width = width
        height = math.ceil(self._drawing.foot_height(width))
        self.setFixedHeight(height)
        self.setToolTip("\n".join(self._drawing.notes()))
        return height

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._drawing.font)
        self._drawing.draw_foot(painter, self._width)
        painter.end()


class _Chosen(QGraphicsItem):
    """The highlight over the mark under pointer or keyboard; not in pictures."""

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
        focused = view is not None and view.hasFocus()
        if self._mark is not None:
            self._drawing.draw_chosen(painter, self._mark)
            colour = theme.current().accent if focused else theme.current().ink_soft
            painter.setPen(QPen(QColor(colour), 1.6 if focused else 1))
            painter.drawRoundedRect(self._mark.rect.adjusted(-1, -1, 1, 1), 3, 3)
        elif focused:
            painter.setPen(QPen(QColor(theme.current().accent), 1.5))
            painter.drawRoundedRect(self._drawing.rect.adjusted(1, 1, -1, -1), 4, 4)
