"""Blocks down the pages of a report: what goes on to the next page stands under its head again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF

BETWEEN = 16.0
"""Points of white between two blocks."""

_KEPT_TOGETHER = 3
_SMALL = 0.45
"""A block that takes no more of a page than this is not broken."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What is never broken: a row, a line of words, a figure; drawn into the place it is given."""

    height: float
    draw: Callable[[QRectF], None]
    holds_next: bool = False
    """Whether it may not be the last of a page: the heading of what follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A table, a figure or some words: a title, a head over the rows, the rows, what ends it.

    On each further page that the rows go on to, `again` stands in place of the title, over the
    head.
    """

    rows: tuple[Slip, ...]
    title: tuple[Slip, ...] = ()
    again: tuple[Slip, ...] = ()
    head: tuple[Slip, ...] = ()
    end: tuple[Slip, ...] = ()

    @property
    def height(self) -> float:
        """The points that it takes where it is not broken."""
        return _sum((*self.title, *self.head, *self.rows, *self.end))


@dataclass(slots=True)
class Page:
    """What stands on a page: each slip with the point, from the top, at which it begins."""

    slips: list[tuple[float, Slip]] = field(default_factory=list)


def pages(blocks: Iterable[Block], height: float) -> list[Page]:
    """The pages, of a height in points, that blocks take one under the other; one at least.

    A title stands over its first rows, and what ends a block under its last. A slip that is higher
    than a page has a page for itself.
    """
    flow = _Flow(height)
    for block in blocks:
        flow.place(block)
    return flow.pages


class _Flow:
    def __init__(self, height: float) -> None:
        self._height = height
        self._y = 0.0
        self.pages = [Page()]

    @property
    def _room(self) -> float:
        return self._height - self._y

    def place(self, block: Block) -> None:
        """Put a block under what is there, or on the next page."""
        if self._y:
            self._y += BETWEEN
        first = _sum((*block.title, *block.head, *block.rows[:_KEPT_TOGETHER]))
        is_small = block.height <= _SMALL * self._height or len(block.rows) <= _KEPT_TOGETHER
        if (block.height if is_small else first) > self._room:
            self._turn()
        self._put((*block.title, *block.head))
        over = _sum((*block.again, *block.head))
        for group in _groups(block):
            # A page that begins with them must have more room for them than this one.
            if _sum(group) > self._room and self._y > over:
                self._turn()
                self._put((*block.again, *block.head))
            self._put(group)

    def _put(self, slips: Iterable[Slip]) -> None:
        for slip in slips:
            self.pages[-1].slips.append((self._y, slip))
            self._y += slip.height

    def _turn(self) -> None:
        if self.pages[-1].slips:
            self.pages.append(Page())
        self._y = 0.0


def _groups(block: Block) -> list[tuple[Slip, ...]]:
    """The rows with what must stay on their page: a heading with its first, the last with the end.

    Of more rows than are kept together at the start, as many are at the end: one row alone on a
    page is easily overlooked.
    """
    rows = list(block.rows)
    kept = min(len(rows), _KEPT_TOGETHER)
    last = (*rows[len(rows) - kept :], *block.end)
    groups: list[tuple[Slip, ...]] = []
    held: tuple[Slip, ...] = ()
    for row in rows[: len(rows) - kept]:
        held = (*held, row)
        if not row.holds_next:
            groups.append(held)
            held = ()
    return [*groups, (*held, *last)]


def _sum(slips: Iterable[Slip]) -> float:
    return sum(slip.height for slip in slips)
