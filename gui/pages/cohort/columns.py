"""Cards side by side in one, two or three columns, as the width allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

GAP = 14
"""Pixels between cards."""

TWO_COLUMNS_WIDTH = 760
THREE_COLUMNS_WIDTH = 1240
"""Pixels of width from which there are two or three columns."""

SHARES: Mapping[int, tuple[int, ...]] = {1: (1,), 2: (5, 7), 3: (30, 38, 34)}
"""The parts in which the width is divided among columns, by the number of columns."""


class Columns(QWidget):
    """Cards in columns, with the cards that take the whole width below the columns.

    Within a column, cards keep the order in which they were added. Only the width decides in which
    column a card is, so that no card moves when another one becomes higher.

    A layout of Qt is not used: it would query the height of every card whenever one of them
    changes, which takes longer than filling that card.
    """

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[tuple[QWidget, int, int]] = []
        self._wide: list[QWidget] = []
        # Adding a card below must not repaint the cards above.
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)

    def add(self, card: QWidget, *, of_two: int, of_three: int) -> None:
        """Add a card at the end of its column, whose index differs for two and three columns."""
        self._cards.append((card, of_two, of_three))
        self._show(card)

    def add_wide(self, card: QWidget) -> None:
        """Add a card below, as wide as all columns."""
        self._wide.append(card)
        self._show(card)

    @property
    def cards(self) -> Sequence[QWidget]:
        """All cards, in the order in which they were added."""
        return [*(card for card, *_columns in self._cards), *self._wide]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the cards in another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.arrange()

    def event(self, event: QEvent) -> bool:
        """Arrange the cards again when one of them needs another height, is shown or hidden."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.arrange()
        return super().event(event)

    def arrange(self) -> None:
        """Lay out the cards in as many columns as there is room for."""
        bottom = 0
        for column, (left, width) in enumerate(self._columns()):
            bottom = max(bottom, _stack(self._shown_in(column), left, 0, width))
        bottom = _stack(
            (card for card in self._wide if not card.isHidden()), 0, bottom, self.width()
        )
        self.setFixedHeight(max(bottom - GAP, 0))

    def _show(self, card: QWidget) -> None:
        if card.parentWidget() is not self:
            card.setParent(self)
        # Arranging before the first paint saves a second one.
        card.setVisible(True)
        self.arrange()

    @property
    def _count(self) -> int:
        return (
            3
            if self.width() >= THREE_COLUMNS_WIDTH
            else 2
            if self.width() >= TWO_COLUMNS_WIDTH
            else 1
        )

    def _columns(self) -> Iterator[tuple[int, int]]:
        """Yield the left edge and the width of each column."""
        shares = SHARES[self._count]
        room = self.width() - GAP * (len(shares) - 1)
        before = 0
        for index, share in enumerate(shares):
            left, right = (room * part // sum(shares) for part in (before, before + share))
            yield left + index * GAP, right - left
            before += share

    def _shown_in(self, column: int) -> Iterator[QWidget]:
        for card, of_two, of_three in self._cards:
            if {1: 0, 2: of_two, 3: of_three}[self._count] == column and not card.isHidden():
                yield card


def _stack(cards: Iterator[QWidget], left: int, top: int, width: int) -> int:
    """Place cards below one another; return the top of the card that would follow."""
    for card in cards:
        wraps = card.hasHeightForWidth()
        height = card.heightForWidth(width) if wraps else card.sizeHint().height()
        card.setGeometry(QRect(left, top, width, height))
        top += height + GAP
    return top
