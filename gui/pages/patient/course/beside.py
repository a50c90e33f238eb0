"""What stands beside the course: to review, readiness, and what is due, one under the other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from gui.pages.patient.course.review import WIDE, ReviewPane
from gui.style import theme

_GAP = 12
_SHARE = 0.45  # of the height, for what is to be reviewed, when there is more
_LEAST = 230


class Beside(QScrollArea):
    """The column of cards, which scrolls when they are too high for it.

    What is to be reviewed stands on top and scrolls in itself, so that it does not push the others
    out of sight.
    """

    def __init__(self, review: ReviewPane, *others: QWidget) -> None:
        """A column with the pane of proposals over the other cards."""
        super().__init__()
        self._review = review
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        theme.set_kind(content, "plain")
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        layout.addWidget(review)
        for card in others:
            card.setFixedWidth(WIDE)
            layout.addWidget(card)
        layout.addStretch(1)
        self.setWidget(content)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._fit)
        review.resized.connect(self._fit)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the proposals their share of the height, and the scroll bar a place of its own."""
        wanted = self._review.wanted_height()
        self._review.setFixedHeight(min(wanted, max(int(self.height() * _SHARE), _LEAST)))
        bar = self.verticalScrollBar()
        self.setFixedWidth(WIDE + (bar.sizeHint().width() + 4 if bar.maximum() > 0 else 0))
