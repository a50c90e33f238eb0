"""Cards side by side in one, two or three columns, as the width allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

GAP = 14
TWO = 760
THREE = 1240
"""Pixels from which there are so many columns."""

SHARES: Mapping[int, tuple[int, ...]] = {1: (1,), 2: (5, 7), 3: (30, 38, 34)}
"""How the width is shared out among columns."""


class Columns(QWidget):
    """Cards, each with its column where there are two and where there are three.

    Within a column they stand in the order that they were added in. A card never changes its column
    because another becomes higher: only the width decides. Below the columns stand the cards that
    take the whole width.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[tuple[QWidget, int, int]] = []
        self._wide: list[QWidget] = []
        self._count = 0
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GAP)
        self._side_by_side = QHBoxLayout()
        self._side_by_side.setSpacing(GAP)
        self._stacks: list[QVBoxLayout] = []
        for _ in range(max(SHARES)):
            stack = QVBoxLayout()
            stack.setSpacing(GAP)
            stack.setAlignment(Qt.AlignmentFlag.AlignTop)
            self._stacks.append(stack)
            self._side_by_side.addLayout(stack)
        self._layout.addLayout(self._side_by_side)

    def add(self, card: QWidget, *, of_two: int, of_three: int) -> None:
        """Add a card under those of its column, by the column's place of two and of three."""
        card.setParent(self)
        self._cards.append((card, of_two, of_three))
        if self._count:
            stack = self._stacks[self._place(of_two, of_three)]
            stack.insertWidget(stack.count() - 1, card)
            card.show()

    def add_wide(self, card: QWidget) -> None:
        """Add a card below, as wide as all columns."""
        self._wide.append(card)
        self._layout.addWidget(card)
        card.show()

    @property
    def cards(self) -> Sequence[QWidget]:
        """All cards, in the order that they were added in."""
        return [*(card for card, *_places in self._cards), *self._wide]

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Share out the cards among as many columns as there is room for."""
        count = 3 if self.width() >= THREE else 2 if self.width() >= TWO else 1
        if count == self._count:
            return
        self._count = count
        for stack in self._stacks:
            while stack.takeAt(0) is not None:
                pass
        for card, of_two, of_three in self._cards:
            self._stacks[self._place(of_two, of_three)].addWidget(card)
        for place, stack in enumerate(self._stacks):
            share = SHARES[count][place] if place < count else 0
            self._side_by_side.setStretchFactor(stack, share)
            if place < count:
                stack.addStretch(1)

    def _place(self, of_two: int, of_three: int) -> int:
        return {1: 0, 2: of_two, 3: of_three}[self._count]
