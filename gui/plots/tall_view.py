"""The view of a plot, its scroll area, and the sentence that replaces an empty plot."""

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


def plot_view(name: str = "", parent: QWidget | None = None) -> pg.GraphicsView:
    """Return a view of pyqtgraph without a layout of its own: items are placed in its pixels."""
    view = pg.GraphicsView(parent, background=theme.current().card)
    view.setCentralItem(None)
    view.setAntialiasing(True)
    view.setAccessibleName(name)
    return view


class PlotStack(QStackedWidget):
    """A plot, or in its place a sentence that explains why it is empty."""

    def __init__(self, plot: QWidget, parent: QWidget, nothing: str = "") -> None:
        super().__init__(parent)
        self.nothing = label(nothing, "empty", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.addWidget(plot)
        self.addWidget(self.nothing)
        column(self, of=parent)

    @property
    def is_empty(self) -> bool:
        """Whether the sentence is shown."""
        return self.currentIndex() == 1

    def show_plot(self, shown: bool) -> None:
        """Show the plot, or else the sentence."""
        self.setCurrentIndex(0 if shown else 1)


class TallView(QScrollArea):
    """Holds a view of pyqtgraph at the height that its panels need."""

    def __init__(self, view: pg.GraphicsView, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        # pyqtgraph keeps the background as a picture, as high as all that can be scrolled.
        view.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setWidget(view)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def need(self, height: int) -> None:
        """Give the view so many pixels of height, and take no more than that."""
        if self._view.minimumHeight() != height:
            self._view.setMinimumHeight(height)
            self.setMaximumHeight(height)
            # During a resize of the view Qt may leave its viewport as it was.
            QTimer.singleShot(0, self, self._fill)

    def _fill(self) -> None:
        """Make the viewport as large as the view."""
        size = self._view.size()
        if self._view.viewport().size() != size:
            QApplication.sendEvent(self._view, QResizeEvent(size, size))

    def scroll_by(self, pages: float) -> None:
        """Scroll by parts of what is in sight: down, or up if negative."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + int(pages * bar.pageStep()))
