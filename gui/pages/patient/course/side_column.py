"""The column next to the course: what to review, readiness, and what is due."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gui.pages.patient.course.review import WIDE, ReviewPane
from gui.style import theme
from gui.widgets.layout import column

_GAP = 12
_SHARE = 0.6  # of the height, at most, for what to review
_LEAST = 230


class SideColumn(QScrollArea):
    """The column of cards, which scrolls when they are too high for it.

    What to review is on top and scrolls in itself, so that it does not push the others out of view.
    """

    def __init__(self, review: ReviewPane, *others: QWidget) -> None:
        """Put the pane of proposals above the other cards."""
        super().__init__()
        self._review = review
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        theme.set_kind(content, "plain")
        for card in others:
            card.setFixedWidth(WIDE)
        column(review, *others, 1, spacing=_GAP, of=content)
        self.setWidget(content)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._fit)
        review.resized.connect(self._fit)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height again."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the proposals their share of the height, and the scroll bar its own place."""
        self._review.fit(max(int(self.height() * _SHARE), _LEAST))
        bar = self.verticalScrollBar()
        self.setFixedWidth(WIDE + (bar.sizeHint().width() + 4 if bar.maximum() > 0 else 0))
