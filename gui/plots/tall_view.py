"""The view of a plot, the area in which it scrolls, and the sentence shown for an empty plot."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsView,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from gui.style import theme
from gui.widgets.layout import column, label


def make_plot_view(name: str = "", parent: QWidget | None = None) -> pg.GraphicsView:
    """Return a view of pyqtgraph whose items are placed in pixels, without a layout of its own."""
    view = pg.GraphicsView(parent, background=theme.current().card)
    view.setCentralItem(None)
    view.setAntialiasing(True)
    view.setAccessibleName(name)
    return view


class PlotStack(QStackedWidget):
    """A plot, or instead of it a sentence that explains why it is empty."""

    def __init__(self, plot: QWidget, parent: QWidget, sentence: str = "") -> None:
        super().__init__(parent)
        self.sentence = label(sentence, "empty", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.addWidget(plot)
        self.addWidget(self.sentence)
        column(self, of=parent)

    @property
    def is_empty(self) -> bool:
        """Whether the sentence is shown."""
        return self.currentIndex() == 1

    def show_plot(self, is_plot: bool) -> None:
        """Show the plot, or the sentence."""
        self.setCurrentIndex(0 if is_plot else 1)


class TallView(QScrollArea):
    """Scrolls a view of pyqtgraph that is as high as its panels need."""

    def __init__(self, view: pg.GraphicsView, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        # The cache would be a picture of the background as high as all that can be scrolled.
        view.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setWidget(view)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_content_height(self, height: int) -> None:
        """Make the view so many pixels high; the area itself becomes no higher than that."""
        if self._view.minimumHeight() != height:
            self._view.setMinimumHeight(height)
            self.setMaximumHeight(height)
            # While the view is being resized, Qt may not resize its viewport.
            QTimer.singleShot(0, self, self._fit_viewport)

    def _fit_viewport(self) -> None:
        """Make the viewport as large as the view."""
        size = self._view.size()
        if self._view.viewport().size() != size:
            QApplication.sendEvent(self._view, QResizeEvent(size, size))

    def scroll_by(self, pages: float) -> None:
        """Scroll down by a part of the height in sight; negative scrolls up."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + int(pages * bar.pageStep()))
