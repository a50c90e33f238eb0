"""A scroll area around a view that is higher than its room."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsView, QScrollArea, QWidget


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
