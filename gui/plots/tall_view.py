"""A view that scrolls when what it draws is higher than its room."""

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
        """Keep so many pixels for the view, and take no more than that."""
        if self._view.minimumHeight() != height:
            self._view.setMinimumHeight(height)
            self.setMaximumHeight(height)
            # Asked for while the view is being resized, Qt may leave its viewport as it was.
            QTimer.singleShot(0, self, self._fill)

    def _fill(self) -> None:
        """See to it that the view shows all of its height."""
        size = self._view.size()
        if self._view.viewport().size() != size:
            QApplication.sendEvent(self._view, QResizeEvent(size, size))

    def scroll_by(self, pages: float) -> None:
        """Scroll by parts of what is in sight, down or, negative, up."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + int(pages * bar.pageStep()))
