"""The column next to the course: what to review, readiness, and what is due."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gui.pages.patient.course.review import CARD_WIDTH, ReviewPane
from gui.style import theme
from gui.widgets.layout import column

_GAP = 12
_REVIEW_SHARE = 0.6  # of the height, at most
_REVIEW_MIN_HEIGHT = 230


class SideColumn(QScrollArea):
    """A column of cards that scrolls if they do not fit.

    The review pane is on top and scrolls on its own, so that the other cards stay visible.
    """

    def __init__(self, review: ReviewPane, *others: QWidget) -> None:
        """Put the review pane above the other cards."""
        super().__init__()
        self._review = review
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        theme.set_kind(content, "plain")
        for card in others:
            card.setFixedWidth(CARD_WIDTH)
        column(review, *others, 1, spacing=_GAP, of=content)
        self.setWidget(content)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._fit)
        review.resized.connect(self._fit)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Adapt the height of the review pane to the new size."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the review pane its share of the height, and make room for the scroll bar."""
        self._review.fit(max(int(self.height() * _REVIEW_SHARE), _REVIEW_MIN_HEIGHT))
        bar = self.verticalScrollBar()
        self.setFixedWidth(CARD_WIDTH + (bar.sizeHint().width() + 4 if bar.maximum() > 0 else 0))
